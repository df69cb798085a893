/* test-log.c - a line of the log is whole, one line, UTF-8, and shows of addresses what was chosen */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "util/log.h"
#include "util/str.h"

static char last[5000];

static void
told(enum log_event event, const char *line)
{
    (void)event;
    snprintf(last, sizeof last, "%s", line);
}

static const char *
value_of(enum log_addresses addresses, const char *text)
{
    log_show(LOG_LEVEL_DEBUG, addresses);
    log_event(EVENT_NOTICE, "v", "%s", text);
    return strstr(last, " v=") + 3;
}

static void
test_values(void **state)
{
    static const struct { const char *in, *out; } rows[] = {
        {"plain", "plain"}, {"", "\"\""}, {"two words", "\"two words\""}, {"a=b", "\"a=b\""},
        {"quote\" \\", "\"quote\\\" \\\\\""}, {"line\r\nevent=forged", "\"line\\x0d\\x0aevent=forged\""},
        {"\x1b[31m", "\"\\x1b[31m\""}, {"\x7f", "\"\\x7f\""}, {"日本語", "\"日本語\""}, {"bad \xff\xc3", "\"bad \\xff\\xc3\""},
        {"\xc2\x9b" "31m", "\"\\xc2\\x9b31m\""},                            /* CSI as one letter */
        {"\xe2\x80\xae" "cba", "\"\\xe2\\x80\\xae" "cba\""}, {"\xe2\x80\xa8x", "\"\\xe2\\x80\\xa8x\""},
        {"\xd8\x9cx", "\"\\xd8\\x9cx\""}, {"\xed\xa0\x80", "\"\\xed\\xa0\\x80\""}, {"\xf0\x9f\x90\x9f", "\"\xf0\x9f\x90\x9f\""}, {"\xf5\x80\x80\x80", "\"\\xf5\\x80\\x80\\x80\""},
        {"\xe2\x80", "\"\\xe2\\x80\""}, {NULL, "-"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (!str_eq(value_of(LOG_ADDRESSES_FULL, rows[i].in), rows[i].out))
            fail_msg("row %zu: %s", i, last);
}

static void
test_addresses(void **state)
{
    static const struct { const char *in, *none, *domain, *full; } rows[] = {
        {"hana@example.org", "*", "*@example.org", "hana@example.org"},
        {"550 5.1.1 <m1@members.example.org>: User unknown", "\"550 5.1.1 <*>: User unknown\"", "\"550 5.1.1 <*@members.example.org>: User unknown\"",
         "\"550 5.1.1 <m1@members.example.org>: User unknown\""},
        {"a@b.example, c@d.example", "\"*, *\"", "\"*@b.example, *@d.example\"", "\"a@b.example, c@d.example\""},
        {"\"two words\"@example.org", "*", "*@example.org", "\"\\\"two words\\\"@example.org\""},
        {"b.AAAAtoken@lists.example.org", "*", "*@lists.example.org", "b.AAAAtoken@lists.example.org"},
        {"山田@例え.jp", "*", "\"*@例え.jp\"", "\"山田@例え.jp\""}, {"x@[192.0.2.1] y", "\"* y\"", "\"*@[192.0.2.1] y\"", "\"x@[192.0.2.1] y\""},
        {"at @ noon", "\"at @ noon\"", "\"at @ noon\"", "\"at @ noon\""}, {"@example.org", "@example.org", "@example.org", "@example.org"},
        {"a@", "a@", "a@", "a@"}, {"a@b@c.example", "*@c.example", "*@b@c.example", "a@b@c.example"},
        {"to=hana@example.org", "*", "*@example.org", "\"to=hana@example.org\""},
        {"550 \"a\\\"secret\"@example.org", "\"550 *\"", "\"550 *@example.org\"", "\"550 \\\"a\\\\\\\"secret\\\"@example.org\""},
        {"john.doe\"@example.org", "*", "*@example.org", "\"john.doe\\\"@example.org\""},
        {"550 john.doe(x)@example.org", "\"550 *\"", "\"550 *@example.org\"", "\"550 john.doe(x)@example.org\""},
        {"550 john(x)doe@example.org", "\"550 *\"", "\"550 *@example.org\"", "\"550 john(x)doe@example.org\""},
        {"550 <\"a\\\\\"@example.org>", "\"550 <*>\"", "\"550 <*@example.org>\"", "\"550 <\\\"a\\\\\\\\\\\"@example.org>\""},
        {"a\\@b@example.org", "*@example.org", "*@b@example.org", "\"a\\\\@b@example.org\""},
        {"550 a\\b@example.org", "\"550 *\"", "\"550 *@example.org\"", "\"550 a\\\\b@example.org\""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (!str_eq(value_of(LOG_ADDRESSES_NONE, rows[i].in), rows[i].none))
            fail_msg("row %zu, none: %s", i, last);
        if (!str_eq(value_of(LOG_ADDRESSES_DOMAIN, rows[i].in), rows[i].domain))
            fail_msg("row %zu, domain: %s", i, last);
        if (!str_eq(value_of(LOG_ADDRESSES_FULL, rows[i].in), rows[i].full))
            fail_msg("row %zu, full: %s", i, last);
    }
    log_show(LOG_LEVEL_DEBUG, LOG_ADDRESSES_NONE);
    log_event(EVENT_LIST_ERASED, "list", "%l", "club@lists.example.org");
    assert_non_null(strstr(last, " list=club@lists.example.org"));
}

/* However long what people sent is: each value is cut with a mark and closed, and the line ends. */
static void
test_long(void **state)
{
    char text[20000];
    size_t quotes = 0;

    (void)state;
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i + 30 < sizeof text; i += 30)
        memcpy(text + i, " someone@example.org \n\"", 23);
    text[sizeof text - 1] = '\0';
    log_show(LOG_LEVEL_DEBUG, LOG_ADDRESSES_DOMAIN);
    log_event(EVENT_NOTICE, "a", "%s", text, "b", "%s", text, "c", "%s", text, "d", "%s", text, "e", "%s", text, "f", "%s", text, "g", "%s",
              text, "h", "%s", text);
    assert_true(strlen(last) < 4010);
    assert_null(strstr(last, "someone"));
    assert_null(strchr(last, '\n'));
    for (const char *p = last; *p != '\0'; p++) {
        quotes += *p == '"';
        p += *p == '\\';
    }
    assert_int_equal(quotes % 2, 0);
    assert_non_null(strstr(value_of(LOG_ADDRESSES_FULL, text), "...\""));
    memset(text, 'a', sizeof text - 1);
    memcpy(text + 1190, "@example.org", 12);        /* an address across the place where values are cut */
    assert_null(strstr(value_of(LOG_ADDRESSES_NONE, text), "aaa"));
}

static void
test_levels(void **state)
{
    (void)state;
    log_show(LOG_LEVEL_WARNING, LOG_ADDRESSES_DOMAIN);
    *last = '\0';
    log_event(EVENT_NOTICE);
    assert_string_equal(last, "");
    log_open("kairan-worker");
    log_role("post");
    log_event(EVENT_SIGNER_GONE);
    assert_non_null(strstr(last, " program=kairan-worker role=post event=signer_gone"));
    for (int i = 0; i < EVENT_COUNT; i++)
        assert_true(*log_row((enum log_event)i)->meaning != '\0' && strlen(log_row((enum log_event)i)->name) < 32);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values), cmocka_unit_test(test_addresses), cmocka_unit_test(test_long), cmocka_unit_test(test_levels),
    };

    mem_init();
    log_tell(told);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

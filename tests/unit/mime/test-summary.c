/* test-summary.c - what rules and archive are told */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/summary.h"
#include "util/clock.h"
#include "util/str.h"

static const struct { const char *text; int64_t seconds; } dates[] = {
    {"Thu, 06 Sep 2012 08:08:21 -0700", 1346944101},
    {"9 Sep 2012 21:03:59 -0000", 1347224639},
    {"31 Dec 2008 23:59:60 +0000", 1230768000},
    {"Sun, 26 Jan 2014 17:14:22 JST", 1390724062},
    {"Sun, 26 Jan 2014 17:14:22 EST (Eastern)", 1390774462},
    {"Sun (a(b)c), 26 Jan 2014 17:14:22 +0000", 1390756462},
    {"26-Jan-14 17:14:22 +0000", 1390756462},
    {"Sun Jan 26 17:14:22 2014", 1390756462},
    {"Sun Jan 26 17:14:22 2014 +0900", 1390724062},
    {"26 Jan 99 17:14 GMT", 917370840},
    {"26 Jan 114 17:14:22 GMT", 1390756462},
    {"26 Jan 2014 17:14:22", 1390756462},
    {"26 Jan 2014 17:14:22 X", 1390756462},
    {"26 Jan 2014 17:14:22 +09:00", 1390724062},
    {"", 0}, {"x", 0}, {"26 Jan 2014", 0}, {"32 Jan 2014 17:14:22 GMT", 0}, {"26 Foo 2014 17:14:22 GMT", 0},
    {"26 Jan 1969 17:14:22 GMT", 0}, {"26 Jan 2100 17:14:22 GMT", 0}, {"26 Jan 99999 17:14:22 GMT", 0},
    {"26 Jan 2014 25:14:22 GMT", 0}, {"26 Jan 2014 17:61:22 GMT", 0}, {"((((", 0},
};

static void
test_dates(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(dates); i++)
        if (summary_date(dates[i].text) != dates[i].seconds * US_PER_S)
            fail_msg("row %zu (%s): %lld", i, dates[i].text, (long long)(summary_date(dates[i].text) / US_PER_S));
}

static const struct { const char *value, *id; } ids[] = {
    {"<a@b>", "a@b"},         {" <a@b> x", "a@b"}, {"x <a@b> <c@d>", "a@b"}, {"a@b", "a@b"},   {"<a b@c>", "ab@c"},
    {"<no-at>", "no-at"},     {"", NULL},          {"<>", NULL},             {"a b@c", NULL},  {"no-at", NULL},
    {"<<a@b>", "a@b"},        {"<a@b", NULL},      {"<a\x01@b>", NULL},      {"<\xff@b>", NULL}, {"<> <a@b>", "a@b"},
};

static void
test_ids(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        char *id = summary_message_id(NULL, ids[i].value);

        if (!str_eq(id, ids[i].id))
            fail_msg("row %zu: %s", i, id != NULL ? id : "(none)");
        talloc_free(id);
    }
}

static void
test_summary(void **state)
{
    const char *raw = "Message-ID: <1@x>\r\nFrom: =?utf-8?q?J=C3=B6?= <j@x.example>\r\nTo: a@b, c@d\r\nTo: e@f\r\nCc: G: g@h;\r\n"
                      "Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\n test\r\nDate: Sun, 26 Jan 2014 17:14:22 JST\r\n"
                      "In-Reply-To: Your message <0@x>\r\nReferences: <r@x>\r\n <0@x>\r\nList-Id: A list <L.x.Example>\r\n"
                      "List-Post: <mailto:l@x>\r\nPrecedence: Bulk\r\nAuto-Submitted: auto-replied; x=y\r\nReply-To: k@x\r\n\r\nbody\r\n";
    struct message *message = message_parse(NULL, blob_of(raw));
    struct summary *s = summary_read(message, message);

    (void)state;
    assert_string_equal(s->message_id, "1@x");
    assert_string_equal(s->subject, "日本 test");
    assert_int_equal(s->from_fields, 1);
    assert_non_null(s->author);
    assert_string_equal(s->author->display, "Jö");
    assert_string_equal(s->author->local, "j");
    assert_int_equal(s->to->count, 3);
    assert_int_equal(s->cc->groups, 1);
    assert_int_equal(s->sender->count, 0);
    assert_string_equal(s->reply_to->rows[0].local, "k");
    assert_true(s->date_us == INT64_C(1390724062) * US_PER_S);
    assert_string_equal(s->in_reply_to, "0@x");
    assert_int_equal(s->reference_count, 2);
    assert_string_equal(s->references[0], "r@x");
    assert_string_equal(s->list_id, "l.x.example");
    assert_string_equal(s->list_post, "<mailto:l@x>");
    assert_string_equal(s->precedence, "bulk");
    assert_string_equal(s->auto_submitted, "auto-replied");
    assert_string_equal(s->content_type, "text/plain");
    assert_int_equal(s->size, strlen(raw));
    assert_string_equal(s->text, "body\n");
    talloc_free(message);
}

/* Who wrote it is only told when no reader could think otherwise. */
static const struct { const char *from; bool author; size_t fields, count; } froms[] = {
    {"", false, 0, 0},
    {"From:\r\n", false, 1, 0},
    {"From: a@b\r\n", true, 1, 1},
    {"From: a@b\r\nFrom: a@b\r\n", false, 2, 2},
    {"From: a@b\r\nFrom:\r\n", false, 2, 1},
    {"From: a@b, c@d\r\n", false, 1, 2},
    {"From: undisclosed:;\r\n", false, 1, 0},
    {"From: g: a@b;\r\n", false, 1, 1},
    {"From: a@b <c@d>\r\n", true, 1, 1},
    {"From: root\r\n", false, 1, 1},
    {"From: x <a@b> <c@d>\r\n", false, 1, 1},
    {"From: a@b\r\nX\r\nFrom: c@d\r\n", false, 2, 2},
};

static void
test_froms(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(froms); i++) {
        char *raw = mem_printf(NULL, "Subject: x\r\n%s\r\nbody", froms[i].from);
        struct message *message = message_parse(raw, blob_of(raw));
        struct summary *s = summary_read(raw, message);

        if ((s->author != NULL) != froms[i].author || s->from_fields != froms[i].fields || s->from->count != froms[i].count)
            fail_msg("row %zu: author %d fields %zu count %zu", i, s->author != NULL, s->from_fields, s->from->count);
        talloc_free(raw);
    }
}

static void
test_bounds(void **state)
{
    struct str *raw = str_new(NULL);
    struct message *message;
    struct summary *s;

    (void)state;
    str_add(raw, "References:");
    for (int i = 0; i < 5000; i++)
        str_addf(raw, " <%d@x>\r\n", i);
    str_add(raw, "To: ");
    for (int i = 0; i < 20000; i++)
        str_add(raw, "a@b,\r\n ");
    str_add(raw, "\r\n\r\n");
    message = message_parse(raw, str_blob(raw));
    s = summary_read(raw, message);
    assert_int_equal(s->reference_count, SUMMARY_REFERENCES_MAX);
    assert_string_equal(s->references[SUMMARY_REFERENCES_MAX - 1], "4999@x");
    assert_string_equal(s->references[0], "4800@x");
    assert_true(s->to->count > 5000 && s->to->count <= ADDRESS_LIST_MAX);

    str_clear(raw);
    for (int i = 0; i < 10000; i++)
        str_add(raw, "To: a@b, c@d\r\n");
    s = summary_read(raw, message_parse(raw, str_blob(raw)));
    assert_int_equal(s->to->count, ADDRESS_LIST_MAX);
    assert_true(s->to->cut);
    talloc_free(raw);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_dates), cmocka_unit_test(test_ids), cmocka_unit_test(test_summary),
                                       cmocka_unit_test(test_froms), cmocka_unit_test(test_bounds)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

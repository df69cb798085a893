/* test-smtp-reply.c - reply lines as servers write them, and as nobody should */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "delivery/smtp-data.h"
#include "delivery/smtp-reply.h"

static const struct {
    const char *lines;      /* divided by LF */
    enum smtp_phase phase;
    const char *read;       /* "class code enhanced|text", "garbage" or "more" */
} rows[] = {
    {"250 2.1.5 Ok", SMTP_RCPT, "accepted 250 2.1.5|Ok"},
    {"250", SMTP_RCPT, "accepted 250 |"},
    {"250 ", SMTP_RCPT, "accepted 250 |"},
    {"250 Ok", SMTP_RCPT, "accepted 250 |Ok"},
    {"251 2.1.5 forwarded", SMTP_RCPT, "accepted 251 2.1.5|forwarded"},
    {"550 5.1.1 <a@x>: no", SMTP_RCPT, "permanent 550 5.1.1|<a@x>: no"},
    {"550-5.7.26 one\n550-5.7.26 two\n550 5.7.26 three", SMTP_DOT, "permanent 550 5.7.26|one\ntwo\nthree"},
    {"550-5.7.1 one\n550 two", SMTP_DOT, "permanent 550 5.7.1|one\ntwo"},
    {"452 4.5.3 much", SMTP_RCPT, "temporary 452 4.5.3|much"},
    /* an enhanced code must fit the reply's class and be whole */
    {"550 4.1.1 no", SMTP_RCPT, "permanent 550 |4.1.1 no"},
    {"550 5.1 no", SMTP_RCPT, "permanent 550 |5.1 no"},
    {"550 5.1.1.1 no", SMTP_RCPT, "permanent 550 |5.1.1.1 no"},
    {"550 5.1.1234 no", SMTP_RCPT, "permanent 550 |5.1.1234 no"},
    {"550 5.1.1no", SMTP_RCPT, "permanent 550 |5.1.1no"},
    {"550 5.7.1", SMTP_RCPT, "permanent 550 5.7.1|"},
    {"550 5..1 no", SMTP_RCPT, "permanent 550 |5..1 no"},
    /* to each phase its answers */
    {"354 go", SMTP_DATA, "accepted 354 |go"},
    {"354 go", SMTP_MAIL, "protocol 354 |go"},
    {"250 go", SMTP_DATA, "protocol 250 |go"},
    {"334 abc", SMTP_AUTH, "accepted 334 |abc"},
    {"300 x", SMTP_DATA, "protocol 300 |x"},
    /* what is no reply */
    {"", SMTP_MAIL, "garbage"},
    {"25", SMTP_MAIL, "garbage"},
    {"150 x", SMTP_MAIL, "garbage"},
    {"650 x", SMTP_MAIL, "garbage"},
    {"2x0 x", SMTP_MAIL, "garbage"},
    {"250x", SMTP_MAIL, "garbage"},
    {"2500 x", SMTP_MAIL, "garbage"},
    {" 250 x", SMTP_MAIL, "garbage"},
    {"HTTP/1.1 200 OK", SMTP_CONNECT, "garbage"},
    {"250-a\n251 b", SMTP_EHLO, "garbage"},
    {"250-a", SMTP_EHLO, "more"},
    {"250-a\n250-", SMTP_EHLO, "more"},
    /* bytes that are no text */
    {"550 a\rb\x1b[31m\xff", SMTP_MAIL, "permanent 550 |ab[31m\xef\xbf\xbd"},
    {"550 \xe3\x81\x82", SMTP_MAIL, "permanent 550 |\xe3\x81\x82"},
};

static const char *
read_lines(TALLOC_CTX *ctx, const char *lines, enum smtp_phase phase)
{
    struct smtp_reader *reader = smtp_reader_new(ctx);
    char **line = str_split(ctx, lines, '\n', SIZE_MAX);
    enum smtp_reading reading = SMTP_MORE;
    struct smtp_reply *reply;

    for (size_t i = 0; line[i] != NULL && reading == SMTP_MORE; i++)
        reading = smtp_reader_line(reader, blob_of(line[i]));
    if (reading != SMTP_WHOLE)
        return reading == SMTP_MORE ? "more" : "garbage";
    reply = smtp_reader_reply(ctx, reader, phase);
    return mem_printf(ctx, "%s %d %s|%s", smtp_class_name(reply->class), reply->code, reply->enhanced, reply->text);
}

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        const char *read = read_lines(ctx, rows[i].lines, rows[i].phase);

        if (!str_eq(read, rows[i].read))
            fail_msg("row %zu: %s, expected %s", i, read, rows[i].read);
        talloc_free(ctx);
    }
}

static void
test_bounds(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct smtp_reader *reader = smtp_reader_new(ctx);
    struct str *line = str_new(ctx);

    (void)state;
    for (size_t i = 0; i + 1 < SMTP_REPLY_LINES_MAX; i++)
        assert_int_equal(smtp_reader_line(reader, blob_of("250-x")), SMTP_MORE);
    assert_int_equal(smtp_reader_line(reader, blob_of("250 x")), SMTP_WHOLE);
    for (size_t i = 0; i < SMTP_REPLY_LINES_MAX; i++)
        assert_int_equal(smtp_reader_line(reader, blob_of("250-x")), SMTP_MORE);
    assert_int_equal(smtp_reader_line(reader, blob_of("250 x")), SMTP_GARBAGE);

    reader = smtp_reader_new(ctx);
    str_add(line, "250-");
    while (line->len < SMTP_REPLY_LINE_MAX)
        str_addc(line, 'x');
    for (size_t i = 0; i + 1 < SMTP_REPLY_LINES_MAX; i++)
        assert_int_equal(smtp_reader_line(reader, str_blob(line)), SMTP_MORE);
    assert_int_equal(smtp_reader_line(reader, blob_of("250 x")), SMTP_WHOLE);
    assert_true(strlen(smtp_reader_reply(ctx, reader, SMTP_MAIL)->text) < 8192);
    str_addc(line, 'x');
    assert_int_equal(smtp_reader_line(reader, str_blob(line)), SMTP_GARBAGE);
    talloc_free(ctx);
}

static void
test_queue_ids(void **state)
{
    static const struct { const char *text, *id; } texts[] = {
        {"Ok: queued as 4Xk2pQ1abcz", "4Xk2pQ1abcz"},
        {"OK id=1abCde-0003Ff-2G", "1abCde-0003Ff-2G"},
        {"4AL1x2Yz012345 Message accepted for delivery", "4AL1x2Yz012345"},
        {"ok 1700000000 qp 12345", "12345"},
        {"4f2a1c9b Message accepted for delivery", "4f2a1c9b"},
        {"<abc@x.example> [InternalId=47112345, Hostname=a.b] 1234 bytes Queued mail for delivery", "47112345"},
        {"from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 9C1D2E", "9C1D2E"},
        {"Ok", NULL},
        {"", NULL},
        {"queued as ", NULL},
        {"queued as \n4Xk2pQ", NULL},
        {"two words Message accepted for delivery", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        char *id = smtp_queue_id(NULL, texts[i].text);

        if (!str_eq(id, texts[i].id))
            fail_msg("text %zu: %s", i, id);
        talloc_free(id);
    }
}

/* The same bytes in every division into two parts are judged the same. */
static void
test_scan(void **state)
{
#define BYTES(text) {(const uint8_t *)(text), sizeof(text) - 1}
    static const struct { struct blob bytes; enum smtp_form form; bool is_8bit; } scans[] = {
        {BYTES(""), SMTP_FORM_OK, false},
        {BYTES("a\r\n"), SMTP_FORM_OK, false},
        {BYTES("\xc3\xa9\r\n"), SMTP_FORM_OK, true},
        {BYTES("a"), SMTP_FORM_NO_END, false},
        {BYTES("a\r\nb"), SMTP_FORM_NO_END, false},
        {BYTES("a\r"), SMTP_FORM_BARE_CR, false},
        {BYTES("a\r\r\n"), SMTP_FORM_BARE_CR, false},
        {BYTES("a\rb\r\n"), SMTP_FORM_BARE_CR, false},
        {BYTES("a\nb\r\n"), SMTP_FORM_BARE_LF, false},
        {BYTES("\n"), SMTP_FORM_BARE_LF, false},
        {BYTES("a\0\r\n"), SMTP_FORM_NUL, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(scans); i++)
        for (size_t cut = 0; cut <= scans[i].bytes.len; cut++) {
            struct blob parts[] = {{scans[i].bytes.data, cut}, {scans[i].bytes.data + cut, scans[i].bytes.len - cut}};
            struct smtp_data_scan scan = smtp_data_scan(parts, 2);

            if (scan.form != scans[i].form || scan.is_8bit != scans[i].is_8bit || scan.size != scans[i].bytes.len)
                fail_msg("row %zu cut at %zu: %s", i, cut, smtp_form_text(scan.form));
        }
}

/* Lines around the longest that is allowed, cut anywhere. */
static void
test_scan_long(void **state)
{
    char line[1002];

    (void)state;
    for (size_t len = 990; len < 1000; len++) {
        memset(line, 'a', len);
        line[len] = '\r';
        line[len + 1] = '\n';
        for (size_t cut = 0; cut <= len + 2; cut++) {
            struct blob parts[] = {{(uint8_t *)line, cut}, {(uint8_t *)line + cut, len + 2 - cut}};
            struct smtp_data_scan scan = smtp_data_scan(parts, 2);

            if (scan.form != (len > 998 ? SMTP_FORM_LONG_LINE : SMTP_FORM_OK) || scan.is_8bit)
                fail_msg("a line of %zu cut at %zu: %s", len, cut, smtp_form_text(scan.form));
            line[cut < len ? cut : 0] = (char)0xe9;
            assert_true(smtp_data_scan(parts, 2).is_8bit || len > 998);
            line[cut < len ? cut : 0] = 'a';
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_queue_ids),
        cmocka_unit_test(test_scan),
        cmocka_unit_test(test_scan_long),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

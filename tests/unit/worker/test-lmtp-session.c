/* test-lmtp-session.c - what is said to us by LMTP, what we answer, and what the handler is given */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "worker/lmtp-session.h"

#define BYTES(text) {(const uint8_t *)(text), sizeof(text) - 1}

/* ---- a handler that writes down what it sees ---- */

/* Recipients called no@, later@ are refused; the message for full@, gone@ ends as their names say. */
static enum status
on_recipient(void *user, struct lmtp_transaction *transaction, struct lmtp_recipient *recipient)
{
    (void)transaction;
    if (str_starts(recipient->path, "no@")) {
        recipient->text = "no such\r\n250 list";
        return STATUS_NOT_FOUND;
    }
    if (str_starts(recipient->path, "later@"))
        return STATUS_UNAVAILABLE;
    str_addf(user, "to %s", recipient->path);
    if (recipient->orcpt != NULL)
        str_addf(user, " orcpt %s", recipient->orcpt);
    str_add(user, "; ");
    return STATUS_OK;
}

static enum status
on_data_begin(void *user, struct lmtp_transaction *transaction)
{
    const struct lmtp_client *client = &transaction->client;

    if (str_eq(transaction->from, "nodata@x.example"))
        return STATUS_DISK_FULL;
    str_addf(user, "from %s%s%s", transaction->from, transaction->body_8bit ? " 8bit" : "",
             transaction->smtputf8 ? " utf8" : "");
    if (client->addr != NULL || client->name != NULL || client->helo != NULL)
        str_addf(user, " client %s/%s/%s", client->name != NULL ? client->name : "-",
                 client->addr != NULL ? client->addr : "-", client->helo != NULL ? client->helo : "-");
    str_add(user, "; <");
    return STATUS_OK;
}

static enum status
on_data_chunk(void *user, struct lmtp_transaction *transaction, struct blob chunk)
{
    str_addn(user, chunk.data, chunk.len);
    return str_eq(transaction->from, "nospace@x.example") ? STATUS_DISK_FULL : STATUS_OK;
}

static void
on_data_end(void *user, struct lmtp_transaction *transaction)
{
    str_add(user, transaction->too_large ? "> too large; " : ">; ");
    for (size_t i = 0; i < transaction->recipient_count; i++) {
        struct lmtp_recipient *recipient = &transaction->recipients[i];

        if (str_starts(recipient->path, "full@"))
            recipient->status = STATUS_DISK_FULL;
        else if (str_starts(recipient->path, "gone@"))
            recipient->status = STATUS_NOT_FOUND;
        else if (!transaction->too_large)
            recipient->status = STATUS_OK;
    }
}

static const struct lmtp_handler handler = {on_recipient, on_data_begin, on_data_chunk, on_data_end};
static const struct lmtp_limits limits = {"lists.example", 3, 300};

/* ---- running ---- */

struct run { struct str *events, *output; bool over; };

/* Everything in pieces of `step` bytes. */
static struct run
run_session(TALLOC_CTX *ctx, struct blob input, size_t step)
{
    struct run run = {.events = str_new(ctx)};
    struct lmtp_session *session = lmtp_session_new(ctx, &limits, &handler, run.events);

    for (size_t at = 0; at < input.len; at += step)
        lmtp_session_feed(session, input.data + at, at + step < input.len ? step : input.len - at);
    run.output = lmtp_session_output(session);
    run.over = lmtp_session_is_over(session);
    return run;
}

/* The codes of the replies, each once: "220 250 354". */
static const char *
codes(TALLOC_CTX *ctx, const struct str *output)
{
    struct str *found = str_new(ctx);
    char **lines = str_split(ctx, str_text(output), '\n', SIZE_MAX);

    for (size_t i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
        if (lines[i][3] != '-')
            str_addf(found, "%s%.3s", found->len > 0 ? " " : "", lines[i]);
    return str_text(found);
}

/* In every way of cutting the input, the same; returns the uncut run. */
static struct run
run_all_ways(TALLOC_CTX *ctx, size_t row, struct blob input)
{
    static const size_t steps[] = {1, 2, 3, 7, 64};
    struct run whole = run_session(ctx, input, input.len + 1);

    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct run cut = run_session(ctx, input, steps[i]);

        if (!str_eq(str_text(cut.output), str_text(whole.output)) || cut.events->len != whole.events->len
            || memcmp(cut.events->s, whole.events->s, cut.events->len) != 0)
            fail_msg("row %zu in pieces of %zu: %s| %s, not %s| %s", row, steps[i], str_text(cut.output),
                     str_text(cut.events), str_text(whole.output), str_text(whole.events));
    }
    return whole;
}

#define HI "LHLO mx.example\r\n"
#define ENVELOPE HI "MAIL FROM:<a@x.example>\r\nRCPT TO:<l@y.example>\r\n"
#define SEEN "to l@y.example; from a@x.example; <"

static const struct { struct blob input; const char *codes, *events; } rows[] = {
    {BYTES(""), "220", ""},
    {BYTES(ENVELOPE "DATA\r\nhello\r\n.\r\nQUIT\r\n"), "220 250 250 250 354 250 221", SEEN "hello\r\n>; "},
    /* order */
    {BYTES("MAIL FROM:<a@x.example>\r\n"), "220 503", ""},
    {BYTES(HI "RCPT TO:<l@y.example>\r\n"), "220 250 503", ""},
    {BYTES(HI "DATA\r\n"), "220 250 503", ""},
    {BYTES(HI "MAIL FROM:<>\r\nDATA\r\n"), "220 250 250 503", ""},
    {BYTES(ENVELOPE "MAIL FROM:<b@x.example>\r\n"), "220 250 250 250 503", "to l@y.example; "},
    {BYTES(ENVELOPE "RSET\r\nDATA\r\n"), "220 250 250 250 250 503", "to l@y.example; "},
    {BYTES(ENVELOPE HI "DATA\r\n"), "220 250 250 250 250 503", "to l@y.example; "},
    {BYTES("EHLO x\r\nHELO x\r\nSTARTTLS\r\nlhlo x\r\nLHLO\r\nLHLO a b\r\nNOOP x y\r\nVRFY a\r\nNOOPS\r\n\r\n"),
     "220 500 500 502 250 501 501 250 252 502 502", ""},
    {BYTES("QUIT\r\nNOOP\r\n"), "220 221", ""},
    /* two messages over one connection, pipelined; the client of the first is not the second's */
    {BYTES(HI "XFORWARD NAME=m.example ADDR=192.0.2.1 PORT=25 PROTO=ESMTP\r\nXFORWARD HELO=h+2Eexample IDENT=1A SOURCE=REMOTE\r\n"
           "MAIL FROM:<a@x.example>\r\nRCPT TO:<l@y.example>\r\nDATA\r\none\r\n.\r\n"
           "MAIL FROM:<>\r\nRCPT TO:<k@y.example>\r\nDATA\r\ntwo\r\n.\r\nQUIT\r\n"),
     "220 250 250 250 250 250 354 250 250 250 354 250 221",
     "to l@y.example; from a@x.example client m.example/192.0.2.1/h.example; <one\r\n>; to k@y.example; from ; <two\r\n>; "},
    /* XFORWARD */
    {BYTES(HI "XFORWARD NAME=[UNAVAILABLE] ADDR=IPv6:2001:db8::1 HELO=[UNAVAILABLE]\r\nMAIL FROM:<>\r\nRCPT TO:<l@y.example>\r\nDATA\r\n.\r\n"),
     "220 250 250 250 250 354 250", "to l@y.example; from  client -/2001:db8::1/-; <>; "},
    {BYTES("XFORWARD NAME=x\r\n" HI "XFORWARD\r\nXFORWARD NAME\r\nXFORWARD COLOUR=red\r\nXFORWARD ADDR=1.2.3\r\n"
           "XFORWARD HELO=a+0D+0Ab\r\nXFORWARD HELO=a+G0\r\nXFORWARD HELO=a+0\r\nXFORWARD HELO=a+00\r\nXFORWARD HELO=+FF\r\n"),
     "220 503 250 501 501 501 501 501 501 501 501 501", ""},
    {BYTES(ENVELOPE "XFORWARD NAME=x\r\n"), "220 250 250 250 503", "to l@y.example; "},
    /* several recipients, each with its own answer, in order */
    {BYTES(HI "MAIL FROM:<a@x.example>\r\nRCPT TO:<no@y.example>\r\nRCPT TO:<full@y.example>\r\nRCPT TO:<later@y.example>\r\n"
           "RCPT TO:<l@y.example>\r\nRCPT TO:<gone@y.example>\r\nRCPT TO:<m@y.example>\r\nDATA\r\nx\r\n.\r\n"),
     "220 250 250 550 250 451 250 250 452 354 452 250 451",
     "to full@y.example; to l@y.example; to gone@y.example; from a@x.example; <x\r\n>; "},
    {BYTES(HI "MAIL FROM:<a@x.example>\r\nRCPT TO:<no@y.example>\r\nDATA\r\nNOOP\r\n"), "220 250 250 550 503 250", ""},
    /* the handler's own trouble */
    {BYTES(HI "MAIL FROM:<nodata@x.example>\r\nRCPT TO:<l@y.example>\r\nDATA\r\nNOOP\r\n"), "220 250 250 250 452 250", "to l@y.example; "},
    {BYTES(HI "MAIL FROM:<b@x.example>\r\nRCPT TO:<l@y.example>\r\nRCPT TO:<k@y.example> NOTIFY=NEVER ORCPT=rfc822;k+2Bz@x\r\nRSET\r\nNOOP\r\n"),
     "220 250 250 250 250 250 250", "to l@y.example; to k@y.example orcpt rfc822;k+z@x; "},
    /* parameters */
    {BYTES(HI "MAIL FROM:<a@x.example> SIZE=300 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2B\r\nRCPT TO:<\xc3\xa9@y.example>\r\nDATA\r\n.\r\n"),
     "220 250 250 250 354 250", "to \xc3\xa9@y.example; from a@x.example 8bit utf8; <>; "},
    {BYTES(HI "MAIL FROM:<a@x.example> SIZE=301\r\n"), "220 250 552", ""},
    {BYTES(HI "MAIL FROM:<a@x.example> SIZE=-1\r\nMAIL FROM:<a@x.example> SIZE\r\nMAIL FROM:<> BODY=BINARYMIME\r\nMAIL FROM:<> X=1\r\n"
           "MAIL FROM:<> RET=ALL\r\nMAIL FROM:<> SMTPUTF8=1\r\nMAIL FROM:<> ENVID\r\n"),
     "220 250 501 501 501 555 501 501 501", ""},
    {BYTES(HI "MAIL FROM:<\xc3\xa9@x.example>\r\nMAIL FROM:<\xff@x.example> SMTPUTF8\r\n"), "220 250 553 501", ""},
    {BYTES(HI "MAIL FROM:<>\r\nRCPT TO:<\xc3\xa9@y.example>\r\nRCPT TO:<l@y.example> NOTIFY=\r\nRCPT TO:<l@y.example> ORCPT=x\r\n"
           "RCPT TO:<l@y.example> BODY=7BIT\r\n"),
     "220 250 250 501 501 501 555", ""},
    /* paths */
    {BYTES(HI "MAIL FROM: <a@x.example>\r\nRCPT TO:<\"a>b\"@y.example>\r\nRCPT TO:<@r.example,@s.example:l@y.example>\r\nRCPT TO:<Postmaster>\r\n"),
     "220 250 250 250 250 250", "to \"a>b\"@y.example; to l@y.example; to Postmaster; "},
    {BYTES(HI "MAIL FROM:a@x.example\r\nMAIL FROM:<a@x.example\r\nMAIL FROM:<a>\r\nMAIL FROM:<a@>\r\nMAIL FROM:<@x>\r\nMAIL\r\nMAIL FROM:<a b@x>\r\n"
           "MAIL FROM:<a@x>SIZE=1\r\nMAIL FROM:<\"@x>\r\nMAIL FROM:<a@x@y>\r\nMAIL FROM:<<a@x>>\r\n"),
     "220 250 501 501 501 501 501 501 501 501 501 501 501", ""},
    {BYTES(HI "MAIL FROM:<>\r\nRCPT TO:<>\r\nRCPT TO:<\"\"@x.example>\r\nRCPT TO:<a@[192.0.2.1]>\r\n"), "220 250 250 501 501 250",
     "to a@[192.0.2.1]; "},
    /* CR, LF, NUL in commands */
    {BYTES("NOOP\rx\r\nNOOP\nNOOP\r\nNOOP\0x\r\nNOOP \r\nNOOP\r\r\nLHLO a\nMAIL FROM:<>\r\n\x7f\r\n"), "220 500 500 500 250 500 500 500", ""},
    {BYTES(HI "MAIL FROM:<a@x.example>\nRCPT TO:<l@y.example>\r\n"), "220 250 500", ""},
    /* dots */
    {BYTES(ENVELOPE "DATA\r\n.\r\n"), "220 250 250 250 354 250", SEEN ">; "},
    {BYTES(ENVELOPE "DATA\r\n..\r\n...x\r\n.y\r\na.\r\n.\r\n"), "220 250 250 250 354 250", SEEN ".\r\n..x\r\ny\r\na.\r\n>; "},
};

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct run run = run_all_ways(ctx, i, rows[i].input);

        if (!str_eq(codes(ctx, run.output), rows[i].codes) || !str_eq(str_text(run.events), rows[i].events))
            fail_msg("row %zu: %s | %s, expected %s | %s", i, codes(ctx, run.output), str_text(run.events), rows[i].codes,
                     rows[i].events);
        talloc_free(ctx);
    }
}

/* What somebody might take for the end of data, each followed by a message of its own. Only CRLF . CRLF is one, so each row
 * is one message whose bytes include the trick, and one reply. */
static const struct blob endings[] = {
    BYTES("\n.\n"), BYTES("\n.\r\n"), BYTES("\n.\r"), BYTES("\r.\r"), BYTES("\r.\r\n"), BYTES("\r.\n"), BYTES("\r\n.\r"),
    BYTES("\r\n.\n"), BYTES("\r\n\0.\r\n"), BYTES("\r\n.\0\r\n"), BYTES("\r\n.\r\0\n"), BYTES("\r\0\n.\r\n"), BYTES("\n\r.\r\n"),
    BYTES("\r\r.\r\r"), BYTES("\r\r\n.\r\r\n"), BYTES("\n\n.\n\n"), BYTES("\r\n.\r\r\n"), BYTES("\r\n. \r\n"), BYTES("\r\n .\r\n"),
    BYTES("\r\n..\r\n"), BYTES("\x85.\x85"), BYTES("\xc2\x85.\r\n"), BYTES("\xe2\x80\xa8.\r\n"), BYTES("\v.\r\n"), BYTES("\f.\f"),
    BYTES("\r\n.\x1a\r\n"),
};

static void
test_endings(void **state)
{
    static const char smuggled[] = "MAIL FROM:<evil@x.example>\r\nRCPT TO:<m@y.example>\r\nDATA\r\nsmuggled\r\n.\r\n";

    (void)state;
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct str *input = str_new(ctx);
        struct run run;

        str_add(input, ENVELOPE "DATA\r\nbefore");
        str_addn(input, endings[i].data, endings[i].len);
        str_add(input, smuggled);
        str_add(input, "NOOP\r\n");
        run = run_all_ways(ctx, i, str_blob(input));
        if (!str_eq(codes(ctx, run.output), "220 250 250 250 354 250 250"))
            fail_msg("ending %zu: %s", i, str_text(run.output));
        if (!str_starts(str_text(run.events), SEEN "before") || strstr(str_text(run.events), "to m@") != NULL)
            fail_msg("ending %zu: %s", i, str_text(run.events));
        /* The events may hold NUL: the end is looked at by itself. */
        if (memcmp(run.events->s + run.events->len - 13, "smuggled\r\n>; ", 13) != 0)
            fail_msg("ending %zu does not end as it should", i);
        talloc_free(ctx);
    }
}

/* Every row's input, cut at each byte, neither crashes nor answers what was not asked. */
static void
test_truncated(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t len = 0; len < rows[i].input.len; len++) {
            TALLOC_CTX *ctx = talloc_new(NULL);
            struct run run = run_session(ctx, (struct blob){rows[i].input.data, len}, len + 1);

            if (!str_starts(rows[i].codes, codes(ctx, run.output)))
                fail_msg("row %zu cut at %zu: %s", i, len, codes(ctx, run.output));
            talloc_free(ctx);
        }
}

static void
test_too_large(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *events = str_new(ctx);
    struct lmtp_session *session = lmtp_session_new(ctx, &limits, &handler, events);
    static char block[64 * 1024];
    size_t before;

    (void)state;
    memset(block, 'x', sizeof block);
    lmtp_session_feed(session, ENVELOPE "DATA\r\n", strlen(ENVELOPE "DATA\r\n"));
    before = talloc_total_size(ctx);
    for (size_t i = 0; i < 1024; i++)
        lmtp_session_feed(session, block, sizeof block);
    assert_true(talloc_total_size(ctx) < before + 4096);
    assert_true(lmtp_session_in_data(session));
    str_clear(lmtp_session_output(session));
    lmtp_session_feed(session, "\r\n.\r\nNOOP\r\n", 11);
    assert_string_equal(codes(ctx, lmtp_session_output(session)), "452 250");
    assert_string_equal(str_text(events), SEEN "> too large; ");
    talloc_free(ctx);
}

static void
test_line_too_long(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *input = str_new(ctx);
    struct run run;

    (void)state;
    str_add(input, "NOOP ");
    while (input->len < LMTP_LINE_MAX - 2)
        str_addc(input, 'x');
    str_add(input, "\r\nNOOP ");
    for (size_t i = 0; i < 5000; i++)
        str_addc(input, 'y');
    str_add(input, "\r\nNOOP\r\n");
    run = run_all_ways(ctx, 0, str_blob(input));
    assert_string_equal(codes(ctx, run.output), "220 250 500 250");
    talloc_free(ctx);
}

static void
test_patience(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *input = str_new(ctx);
    struct run run;

    (void)state;
    for (size_t i = 0; i < LMTP_BAD_COMMANDS_MAX + 5; i++)
        str_add(input, "HELP\r\n");
    run = run_all_ways(ctx, 0, str_blob(input));
    assert_true(run.over);
    assert_true(str_ends(codes(ctx, run.output), "502 421"));

    str_clear(input);
    for (size_t i = 0; i < LMTP_IDLE_COMMANDS_MAX + 5; i++)
        str_add(input, "NOOP\r\n");
    run = run_all_ways(ctx, 1, str_blob(input));
    assert_true(run.over);
    assert_true(str_ends(codes(ctx, run.output), "250 421"));
    talloc_free(ctx);
}

/* A disk that fills up in the middle: no end is announced to the handler, every recipient hears the same. */
static void
test_chunk_refused(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    static const struct blob input = BYTES(HI "MAIL FROM:<nospace@x.example>\r\nRCPT TO:<l@y.example>\r\nRCPT TO:<k@y.example>\r\n"
                                           "DATA\r\na\r\nb\r\n.\r\nNOOP\r\n");
    struct run run = run_session(ctx, input, input.len + 1);

    (void)state;
    assert_string_equal(codes(ctx, run.output), "220 250 250 250 250 354 452 452 250");
    assert_null(strstr(str_text(run.events), ">; "));
    talloc_free(ctx);
}

static void
test_stopping(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *events = str_new(ctx);
    struct lmtp_session *session = lmtp_session_new(ctx, &limits, &handler, events);

    (void)state;
    assert_true(lmtp_session_is_idle(session));
    lmtp_session_feed(session, ENVELOPE "DATA\r\nabc\r\n", strlen(ENVELOPE "DATA\r\nabc\r\n"));
    assert_false(lmtp_session_is_idle(session));
    assert_true(lmtp_session_in_data(session));
    lmtp_session_time_out(session);
    lmtp_session_feed(session, ".\r\n", 3);
    assert_true(lmtp_session_is_over(session));
    assert_true(str_ends(str_text(lmtp_session_output(session)), "421 4.4.2 lists.example was waiting too long\r\n"));
    assert_null(strstr(str_text(events), ">; "));
    talloc_free(ctx);
}

/* A refusal's words come from the handler and cannot make a second reply. */
static void
test_reply_text(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    static const struct blob input = BYTES(HI "MAIL FROM:<>\r\nRCPT TO:<no@y.example>\r\n");
    struct run run = run_session(ctx, input, input.len + 1);

    (void)state;
    assert_true(str_ends(str_text(run.output), "\r\n550 5.1.1 no such 250 list\r\n"));
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),          cmocka_unit_test(test_endings),   cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_too_large),     cmocka_unit_test(test_patience),  cmocka_unit_test(test_line_too_long),
        cmocka_unit_test(test_chunk_refused), cmocka_unit_test(test_stopping),  cmocka_unit_test(test_reply_text),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

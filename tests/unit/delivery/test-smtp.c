/* test-smtp.c - the SMTP client against a peer that goes wrong in each way at each step */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "smtp-peer.h"

#include "delivery/smtp.h"

#define CRLF "\r\n"
#define ALL_EXTENSIONS "250-PIPELINING\r\n250-SIZE 1000000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250-ENHANCEDSTATUSCODES\r\n"
#define NO_PIPELINING "250-SIZE 1000000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250-ENHANCEDSTATUSCODES\r\n"

static struct smtp_options
options_for(const struct peer *peer)
{
    return (struct smtp_options){.host = "127.0.0.1", .port = peer->port, .helo = "lists.example", .tls_mode = TLS_NONE,
                                 .connect_timeout_ms = 5000, .reply_timeout_ms = 5000, .data_timeout_ms = 5000};
}

static const struct smtp_envelope plain_envelope = {.from = "b.token@lists.example"};

static void
add_reply(struct str *text, const struct smtp_reply *reply)
{
    if (reply == NULL)
        str_add(text, "undecided");
    else
        str_addf(text, "%s/%s/%d%s%s", smtp_phase_name(reply->phase), smtp_class_name(reply->class), reply->code,
                 reply->closing ? "/closing" : "", reply->too_many ? "/too-many" : "");
}

/* One whole transaction to three recipients, told in one line: each recipient's result, then whether the connection is good
 * for another. */
static const char *
deliver(TALLOC_CTX *ctx, const struct smtp_options *options, struct blob body)
{
    struct str *told = str_new(ctx);
    struct smtp_reply *reply;
    struct smtp *smtp = smtp_open(ctx, options, &reply);

    if (smtp == NULL) {
        add_reply(told, reply);
        return str_text(told);
    }
    smtp_mail(smtp, &plain_envelope);
    smtp_rcpt(smtp, "one@x.example", 0, NULL);
    smtp_rcpt(smtp, "two@x.example", 0, NULL);
    smtp_rcpt(smtp, "three@x.example", 0, NULL);
    if (smtp_envelope_finish(smtp) && smtp_data_body(smtp, &body, 1))
        assert_true(smtp_data_dot(smtp));
    assert_non_null(smtp_end(smtp));
    for (size_t i = 0; i < smtp_recipients(smtp); i++) {
        add_reply(told, smtp_result(smtp, i));
        str_addc(told, ' ');
    }
    str_add(told, smtp_reusable(smtp) ? "+" : "-");
    smtp_close(&smtp);
    assert_null(smtp);
    return str_text(told);
}

#define THRICE(text) text " " text " " text " "
#define GARBAGE "ho ho ho\r\n"
#define LONG_REPLY "250-a\r\n250-b\r\n250-c\r\n250 d\r\n"

static const struct { struct peer_fault fault; const char *told; } rows[] = {
    {{NULL, 0, 0, NULL}, THRICE("dot/accepted/250") "+"},
    /* greeting */
    {{"CONNECT", 0, PEER_SAYS, "450 4.3.2 no\r\n"}, "connect/temporary/450/closing"},
    {{"CONNECT", 0, PEER_SAYS, "554 5.3.2 no\r\n"}, "connect/permanent/554/closing"},
    {{"CONNECT", 0, PEER_SAYS_AND_DROPS, "421 4.3.2 no\r\n"}, "connect/temporary/421/closing"},
    {{"CONNECT", 0, PEER_DROPS, NULL}, "connect/lost/0/closing"},
    {{"CONNECT", 0, PEER_RESETS, NULL}, "connect/lost/0/closing"},
    {{"CONNECT", 0, PEER_SAYS, GARBAGE}, "connect/protocol/0/closing"},
    {{"CONNECT", 0, PEER_SAYS, "250-a\r\n220 b\r\n"}, "connect/protocol/0/closing"},
    {{"CONNECT", 0, PEER_SAYS, "220-a\r\n220-b\r\n220 c\r\n"}, THRICE("dot/accepted/250") "+"},
    {{"CONNECT", 0, PEER_SAYS, "220-a\n220 b\n"}, THRICE("dot/accepted/250") "+"},
    /* EHLO; who refuses it gets HELO */
    {{"EHLO", 0, PEER_SAYS, "451 4.3.0 no\r\n"}, "ehlo/temporary/451/closing"},
    {{"EHLO", 0, PEER_SAYS, "502 5.5.1 no\r\n"}, THRICE("dot/accepted/250") "+"},
    {{"EHLO", 0, PEER_SAYS_AND_DROPS, "421 4.3.2 no\r\n"}, "ehlo/temporary/421/closing"},
    {{"EHLO", 0, PEER_DROPS, NULL}, "ehlo/lost/0/closing"},
    {{"EHLO", 0, PEER_SAYS, GARBAGE}, "ehlo/protocol/0/closing"},
    /* MAIL */
    {{"MAIL", 0, PEER_SAYS, "451 4.3.0 no\r\n"}, THRICE("mail/temporary/451") "+"},
    {{"MAIL", 0, PEER_SAYS, "550-5.7.1 no\r\n550 5.7.1 never\r\n"}, THRICE("mail/permanent/550") "+"},
    {{"MAIL", 0, PEER_SAYS_AND_DROPS, "421 4.3.2 no\r\n"}, THRICE("mail/temporary/421/closing") "-"},
    {{"MAIL", 0, PEER_DROPS, NULL}, THRICE("mail/lost/0/closing") "-"},
    {{"MAIL", 0, PEER_RESETS, NULL}, THRICE("mail/lost/0/closing") "-"},
    {{"MAIL", 0, PEER_SAYS, GARBAGE}, THRICE("mail/protocol/0/closing") "-"},
    {{"MAIL", 0, PEER_SAYS, "354 what\r\n"}, THRICE("mail/protocol/354/closing") "-"},
    /* RCPT: of one, of all */
    {{"RCPT", 2, PEER_SAYS, "450 4.2.0 no\r\n"}, "dot/accepted/250 rcpt/temporary/450 dot/accepted/250 +"},
    {{"RCPT", 2, PEER_SAYS, "550 5.1.1 no\r\n"}, "dot/accepted/250 rcpt/permanent/550 dot/accepted/250 +"},
    {{"RCPT", 3, PEER_SAYS, "452 4.5.3 enough\r\n"}, "dot/accepted/250 dot/accepted/250 rcpt/temporary/452/too-many +"},
    {{"RCPT", 3, PEER_SAYS, "452 enough\r\n"}, "dot/accepted/250 dot/accepted/250 rcpt/temporary/452/too-many +"},
    {{"RCPT", 3, PEER_SAYS, "552 5.5.3 enough\r\n"}, "dot/accepted/250 dot/accepted/250 rcpt/temporary/552/too-many +"},
    {{"RCPT", 3, PEER_SAYS, "452 4.2.2 mailbox full\r\n"}, "dot/accepted/250 dot/accepted/250 rcpt/temporary/452 +"},
    {{"RCPT", 0, PEER_SAYS, "452 4.5.3 enough\r\n"}, THRICE("rcpt/temporary/452") "+"},
    {{"RCPT", 0, PEER_SAYS, "550 5.1.1 no\r\n"}, THRICE("rcpt/permanent/550") "+"},
    {{"RCPT", 2, PEER_SAYS, LONG_REPLY}, THRICE("dot/accepted/250") "+"},
    {{"RCPT", 2, PEER_SAYS_AND_DROPS, "421 4.3.2 no\r\n"}, THRICE("rcpt/temporary/421/closing") "-"},
    {{"RCPT", 2, PEER_DROPS, NULL}, THRICE("rcpt/lost/0/closing") "-"},
    {{"RCPT", 2, PEER_SAYS, GARBAGE}, THRICE("rcpt/protocol/0/closing") "-"},
    /* DATA */
    {{"DATA", 0, PEER_SAYS, "451 4.3.0 no\r\n"}, THRICE("data/temporary/451") "+"},
    {{"DATA", 0, PEER_SAYS, "554 5.5.1 no\r\n"}, THRICE("data/permanent/554") "+"},
    {{"DATA", 0, PEER_SAYS, "250 2.0.0 what\r\n"}, THRICE("data/protocol/250/closing") "-"},
    {{"DATA", 0, PEER_SAYS_AND_DROPS, "421 4.3.2 no\r\n"}, THRICE("data/temporary/421/closing") "-"},
    {{"DATA", 0, PEER_DROPS, NULL}, THRICE("data/lost/0/closing") "-"},
    {{"DATA", 0, PEER_SAYS, GARBAGE}, THRICE("data/protocol/0/closing") "-"},
    /* the dot */
    {{"DOT", 0, PEER_SAYS, "451 4.3.0 no\r\n"}, THRICE("dot/temporary/451") "+"},
    {{"DOT", 0, PEER_SAYS, "554 5.7.1 spam\r\n"}, THRICE("dot/permanent/554") "+"},
    {{"DOT", 0, PEER_SAYS, LONG_REPLY}, THRICE("dot/accepted/250") "+"},
    {{"DOT", 0, PEER_SAYS_AND_DROPS, "421 4.3.2 no\r\n"}, THRICE("dot/temporary/421/closing") "-"},
    {{"DOT", 0, PEER_DROPS, NULL}, THRICE("dot/lost/0/closing") "-"},
    {{"DOT", 0, PEER_RESETS, NULL}, THRICE("dot/lost/0/closing") "-"},
    {{"DOT", 0, PEER_SAYS, GARBAGE}, THRICE("dot/protocol/0/closing") "-"},
    /* a word too much is no reply to what we say next */
    {{"DOT", 0, PEER_SAYS, "250 ok\r\n250 and again\r\n"}, THRICE("dot/accepted/250") "-"},
};

static const struct blob small_body = {(const uint8_t *)"Subject: a\r\n\r\n.dot\r\nend\r\n", 25};

static void
test_rows(void **state)
{
    static const char *const extensions[] = {ALL_EXTENSIONS, NO_PIPELINING};

    (void)state;
    for (size_t k = 0; k < COUNT_OF(extensions); k++)
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            TALLOC_CTX *ctx = talloc_new(NULL);
            struct peer_script script = {extensions[k], rows[i].fault};
            struct peer peer = peer_start(&script);
            struct smtp_options options = options_for(&peer);
            const char *told = deliver(ctx, &options, small_body);

            if (!str_eq(told, rows[i].told))
                fail_msg("row %zu (%s), set %zu: %s, expected %s", i, rows[i].fault.verb, k, told, rows[i].told);
            peer_end(ctx, &peer);
            talloc_free(ctx);
        }
}

static void
test_silence(void **state)
{
    static const struct { const char *verb, *told; } silences[] = {
        {"CONNECT", "connect/timeout/0/closing"},
        {"EHLO", "ehlo/timeout/0/closing"},
        {"MAIL", THRICE("mail/timeout/0/closing") "-"},
        {"RCPT", THRICE("rcpt/timeout/0/closing") "-"},
        {"DATA", THRICE("data/timeout/0/closing") "-"},
        {"DOT", THRICE("dot/timeout/0/closing") "-"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(silences); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct peer_script script = {ALL_EXTENSIONS, {silences[i].verb, 0, PEER_IS_SILENT, NULL}};
        struct peer peer = peer_start(&script);
        struct smtp_options options = options_for(&peer);
        const char *told;

        options.reply_timeout_ms = options.data_timeout_ms = 60;
        told = deliver(ctx, &options, small_body);
        if (!str_eq(told, silences[i].told))
            fail_msg("silent at %s: %s, expected %s", silences[i].verb, told, silences[i].told);
        peer_end(ctx, &peer);
        talloc_free(ctx);
    }
}

/* More than all buffers between us hold: the peer's early answer is found although we were writing. */
static void
test_refused_in_mid_body(void **state)
{
    static const struct { enum peer_act act; const char *says, *told; } ends[] = {
        {PEER_SAYS_AND_DROPS, "552 5.3.4 too big\r\n", THRICE("data/permanent/552") "-"},
        {PEER_SAYS_AND_DROPS, "421 4.3.2 going\r\n", THRICE("data/temporary/421/closing") "-"},
        {PEER_DROPS, NULL, THRICE("data/lost/0/closing") "-"},
    };
    struct str *body = str_new(NULL);

    (void)state;
    while (body->len < 16 * 1024 * 1024)
        str_add(body, "0123456789012345678901234567890123456789012345678901234567890123456789\r\n");
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct peer_script script = {ALL_EXTENSIONS, {"BODY", 0, ends[i].act, ends[i].says}};
        struct peer peer = peer_start(&script);
        struct smtp_options options = options_for(&peer);
        const char *told = deliver(ctx, &options, str_blob(body));

        /* A reset may overtake their words: then it is a loss, never anything else. */
        if (!str_eq(told, ends[i].told) && !str_eq(told, THRICE("data/lost/0/closing") "-"))
            fail_msg("end %zu: %s, expected %s", i, told, ends[i].told);
        peer_end(ctx, &peer);
        talloc_free(ctx);
    }
    talloc_free(body);
}

/* ---- what is on the wire ---- */

static void
test_wire(void **state)
{
    static const struct smtp_envelope envelope = {.from = "b.token@lists.example", .size = 25, .body_8bit = true,
                                                  .smtputf8 = true, .ret = SMTP_RET_HDRS, .envid = "a+b=c d"};
    static const char expected[] =
        "EHLO lists.example\r\nMAIL FROM:<b.token@lists.example> SIZE=25 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb+3Dc+20d\r\n"
        "RCPT TO:<one@x.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;one+2B@x.example\r\nRCPT TO:<\xc3\xa9@x.example> NOTIFY=NEVER\r\n"
        "DATA\r\nSubject: a\r\n\r\n..dot\r\nend\r\n..\r\n...\r\n.\r\nQUIT\r\n";
    static const struct blob parts[] = {{(const uint8_t *)"Subject: a\r\n\r\n.d", 16}, {NULL, 0}, {(const uint8_t *)"ot\r\nend\r\n", 9},
                                        {(const uint8_t *)".\r", 2}, {(const uint8_t *)"\n..\r\n", 5}};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct peer_script script = {ALL_EXTENSIONS, {NULL, 0, 0, NULL}};
    struct peer peer = peer_start(&script);
    struct smtp_options options = options_for(&peer);
    struct smtp_reply *opened;
    struct smtp *smtp = smtp_open(ctx, &options, &opened);
    const struct smtp_reply *end;

    (void)state;
    assert_non_null(smtp);
    smtp_mail(smtp, &envelope);
    smtp_rcpt(smtp, "one@x.example", SMTP_NOTIFY_FAILURE | SMTP_NOTIFY_DELAY, "one+@x.example");
    smtp_rcpt(smtp, "\xc3\xa9@x.example", SMTP_NOTIFY_NEVER | SMTP_NOTIFY_DELAY, "\xc3\xa9@x.example");
    smtp_envelope_send(smtp);
    assert_null(smtp_result(smtp, 0));
    assert_true(smtp_envelope_finish(smtp));
    assert_null(smtp_result(smtp, 0));
    assert_true(smtp_data_body(smtp, parts, COUNT_OF(parts)));
    assert_true(smtp_data_dot(smtp));
    end = smtp_end(smtp);
    assert_int_equal(end->class, SMTP_ACCEPTED);
    assert_string_equal(end->queue_id, "4Xk2pQ");
    assert_string_equal(end->enhanced, "2.0.0");
    assert_string_equal(end->text, "Ok: queued as 4Xk2pQ");
    smtp_close(&smtp);
    peer_wait(&peer);
    assert_string_equal(peer_end(ctx, &peer), expected);
    talloc_free(ctx);
}

/* Three transactions over one connection: good, without a recipient, good again after RSET; then the limit. */
static void
test_reuse(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct peer_script script = {NO_PIPELINING, {"RCPT", 2, PEER_SAYS, "550 5.1.1 no\r\n"}};
    struct peer peer = peer_start(&script);
    struct smtp_options options = options_for(&peer);
    struct smtp_reply *opened;
    struct smtp *smtp = smtp_open(ctx, &options, &opened);
    const char *heard;

    (void)state;
    options.max_transactions = 2;
    assert_non_null(smtp);
    for (int i = 0; i < 3; i++) {
        assert_true(smtp_reusable(smtp));
        smtp_mail(smtp, &plain_envelope);
        smtp_rcpt(smtp, "one@x.example", 0, NULL);
        assert_int_equal(smtp_envelope_finish(smtp), i != 1);
        if (i != 1)
            assert_true(smtp_data_body(smtp, &small_body, 1) && smtp_data_dot(smtp));
        assert_int_equal(smtp_end(smtp)->code, i != 1 ? 250 : 550);
    }
    assert_false(smtp_reusable(smtp));
    smtp_close(&smtp);
    peer_wait(&peer);
    heard = peer_end(ctx, &peer);
    assert_string_equal(strstr(heard, "RSET"), "RSET\r\nMAIL FROM:<b.token@lists.example>\r\nRCPT TO:<one@x.example>\r\nDATA\r\n"
                                               "Subject: a\r\n\r\n..dot\r\nend\r\n.\r\nQUIT\r\n");
    talloc_free(ctx);
}

/* Accepted, and then the peer goes: the message is delivered, the connection is not used again. */
static void
test_gone_afterwards(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct peer_script script = {ALL_EXTENSIONS, {"DOT", 0, PEER_SAYS_AND_DROPS, "250 ok\r\n"}};
    struct peer peer = peer_start(&script);
    struct smtp_options options = options_for(&peer);
    struct smtp_reply *opened;
    struct smtp *smtp = smtp_open(ctx, &options, &opened);

    (void)state;
    smtp_mail(smtp, &plain_envelope);
    smtp_rcpt(smtp, "one@x.example", 0, NULL);
    assert_true(smtp_envelope_finish(smtp) && smtp_data_body(smtp, &small_body, 1) && smtp_data_dot(smtp));
    assert_int_equal(smtp_end(smtp)->class, SMTP_ACCEPTED);
    peer_wait(&peer);
    assert_false(smtp_reusable(smtp));
    /* Used all the same, it is a loss and no crash. */
    smtp_mail(smtp, &plain_envelope);
    smtp_rcpt(smtp, "one@x.example", 0, NULL);
    assert_false(smtp_envelope_finish(smtp));
    assert_int_equal(smtp_result(smtp, 0)->class, SMTP_LOST);
    smtp_mail(smtp, &plain_envelope);
    smtp_rcpt(smtp, "one@x.example", 0, NULL);
    assert_false(smtp_envelope_finish(smtp));
    assert_int_equal(smtp_end(smtp)->class, SMTP_LOST);
    smtp_close(&smtp);
    peer_end(ctx, &peer);
    talloc_free(ctx);
}

/* All recipients refused, and yet they say 354 to the DATA that was on its way: they get an empty message for nobody. */
static void
test_lone_dot(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct peer_script script = {ALL_EXTENSIONS, {"RCPT", 0, PEER_SAYS, "550 5.1.1 no\r\n"}};
    struct peer peer = peer_start(&script);
    struct smtp_options options = options_for(&peer);
    const char *heard;

    (void)state;
    assert_string_equal(deliver(ctx, &options, small_body), THRICE("rcpt/permanent/550") "+");
    peer_wait(&peer);
    heard = peer_end(ctx, &peer);
    assert_string_equal(strstr(heard, "DATA"), "DATA\r\n.\r\nQUIT\r\n");
    talloc_free(ctx);
}

/* ---- what is never said ---- */

static void
test_addresses_never_said(void **state)
{
    static const char *const never[] = {
        "a@x\r\nRCPT TO:<b@x>", "a@x\n", "a\r@x", "a@x>", "a@x> SIZE=1", "<a@x", "a b@x", "a@x y", "a", "@x", "a@", "", "a@b@c",
        "a\x01@x", "a\x7f@x", "a@x\t", "\"a@x", "a\"b\"@x", "\"a\r\n\"@x", "\"a\\\"@x", "\xc3\xa9@x", "a@\xc3\xa9", "\xff@x", "a,b@x",
        "a;b@x", "a:b@x", "(a)@x", "a@x(c)",
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct peer_script script = {ALL_EXTENSIONS, {NULL, 0, 0, NULL}};
    struct peer peer = peer_start(&script);
    struct smtp_options options = options_for(&peer);
    struct smtp_reply *opened;
    struct smtp *smtp = smtp_open(ctx, &options, &opened);

    (void)state;
    assert_non_null(smtp);
    for (size_t i = 0; i < COUNT_OF(never); i++) {
        struct smtp_envelope envelope = {.from = never[i]};

        smtp_mail(smtp, &plain_envelope);
        smtp_rcpt(smtp, never[i], 0, NULL);
        if (smtp_envelope_finish(smtp) || smtp_end(smtp)->class != SMTP_LOCAL || smtp_result(smtp, 0)->class != SMTP_LOCAL)
            fail_msg("recipient %zu was not refused", i);
        if (*never[i] == '\0')
            continue;   /* the null sender is one */
        smtp_mail(smtp, &envelope);
        smtp_rcpt(smtp, "one@x.example", 0, NULL);
        if (smtp_envelope_finish(smtp) || smtp_result(smtp, 0)->class != SMTP_LOCAL)
            fail_msg("sender %zu was not refused", i);
    }
    /* One that cannot be said does not hinder the others. */
    smtp_mail(smtp, &plain_envelope);
    smtp_rcpt(smtp, never[0], 0, NULL);
    smtp_rcpt(smtp, "\"a\\\" <>b\"@x.example", 0, NULL);
    assert_true(smtp_envelope_finish(smtp) && smtp_data_body(smtp, &small_body, 1) && smtp_data_dot(smtp));
    assert_int_equal(smtp_end(smtp)->class, SMTP_ACCEPTED);
    assert_int_equal(smtp_result(smtp, 0)->class, SMTP_LOCAL);
    assert_int_equal(smtp_result(smtp, 1)->class, SMTP_ACCEPTED);
    smtp_close(&smtp);
    peer_wait(&peer);
    assert_string_equal(peer_end(ctx, &peer),
                        "EHLO lists.example\r\nMAIL FROM:<b.token@lists.example>\r\nRCPT TO:<\"a\\\" <>b\"@x.example>\r\nDATA\r\n"
                        "Subject: a\r\n\r\n..dot\r\nend\r\n.\r\nQUIT\r\n");
    talloc_free(ctx);
}

#define BYTES(text) {(const uint8_t *)(text), sizeof(text) - 1}

/* Each would let a lenient peer see a second message, or spoil a signature on the way. None gets its dot. */
static void
test_bodies_never_ended(void **state)
{
    static const struct blob bodies[] = {
        BYTES("a\n.\nb\r\n"), BYTES("a\n.\r\nb\r\n"), BYTES("a\r.\rb\r\n"), BYTES("a\r.\r\nb\r\n"), BYTES("a\r\n.\n"), BYTES("a\r\n.\r"),
        BYTES("a\0b\r\n"), BYTES("a"), BYTES("a\r"), BYTES("\r\r\n"), BYTES("\n"), BYTES("a\r\nb"), BYTES("a\xff\r\n"), BYTES("a\r\n\0"),
        BYTES("\n.\n"), BYTES("\n\n.\n\n"),
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *line = str_new(ctx);

    (void)state;
    while (line->len < 999)
        str_addc(line, 'x');
    str_add(line, "\r\n");
    for (size_t i = 0; i <= COUNT_OF(bodies); i++) {
        struct peer_script script = {ALL_EXTENSIONS, {NULL, 0, 0, NULL}};
        struct peer peer = peer_start(&script);
        struct smtp_options options = options_for(&peer);
        const char *told = deliver(ctx, &options, i < COUNT_OF(bodies) ? bodies[i] : str_blob(line));
        const char *heard;

        peer_wait(&peer);
        heard = peer_end(ctx, &peer);
        if (!str_eq(told, THRICE("data/local/0/closing") "-") || !str_ends(heard, "DATA\r\n"))
            fail_msg("body %zu: %s, they heard %s", i, told, heard);
    }
    talloc_free(ctx);
}

/* The last look said no: nothing becomes mail. */
static void
test_give_up(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct peer_script script = {ALL_EXTENSIONS, {NULL, 0, 0, NULL}};
    struct peer peer = peer_start(&script);
    struct smtp_options options = options_for(&peer);
    struct smtp_reply *opened;
    struct smtp *smtp = smtp_open(ctx, &options, &opened);
    const char *heard;

    (void)state;
    smtp_mail(smtp, &plain_envelope);
    smtp_rcpt(smtp, "one@x.example", 0, NULL);
    assert_true(smtp_envelope_finish(smtp) && smtp_data_body(smtp, &small_body, 1));
    smtp_data_give_up(smtp, "the claim is no longer ours");
    assert_false(smtp_data_dot(smtp));
    assert_int_equal(smtp_end(smtp)->class, SMTP_LOCAL);
    assert_string_equal(smtp_result(smtp, 0)->text, "the claim is no longer ours");
    assert_false(smtp_reusable(smtp));
    smtp_close(&smtp);
    peer_wait(&peer);
    heard = peer_end(ctx, &peer);
    assert_true(str_ends(heard, "end\r\n"));
    talloc_free(ctx);
}

static void
test_missing_extensions(void **state)
{
    static const struct { const char *extensions; struct smtp_envelope envelope; const char *enhanced; } wants[] = {
        {"", {.from = "a@x", .body_8bit = true}, "5.6.3"},
        {"250-8BITMIME\r\n", {.from = "a@x", .smtputf8 = true}, "5.6.7"},
        {"250-SIZE 1000\r\n", {.from = "a@x", .size = 1001}, "5.3.4"},
        {"250-SIZE 1000\r\n", {.from = "a@x", .size = 1000}, NULL},
        {"250-SIZE\r\n250-size 0\r\n", {.from = "a@x", .size = 1000}, NULL},
        {"", {.from = "a@x", .size = 1000, .ret = SMTP_RET_FULL, .envid = "x"}, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wants); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct peer_script script = {wants[i].extensions, {NULL, 0, 0, NULL}};
        struct peer peer = peer_start(&script);
        struct smtp_options options = options_for(&peer);
        struct smtp_reply *opened;
        struct smtp *smtp = smtp_open(ctx, &options, &opened);
        bool goes_on;

        smtp_mail(smtp, &wants[i].envelope);
        smtp_rcpt(smtp, "one@x.example", SMTP_NOTIFY_NEVER, "one@x.example");
        goes_on = smtp_envelope_finish(smtp);
        if (goes_on != (wants[i].enhanced == NULL)
            || (!goes_on && !str_eq(smtp_result(smtp, 0)->enhanced, wants[i].enhanced)))
            fail_msg("row %zu: %d %s", i, goes_on, goes_on ? "" : smtp_result(smtp, 0)->enhanced);
        smtp_close(&smtp);
        if (i == 5)
            peer_wait(&peer);
        if (i == 5 && strstr(peer_end(ctx, &peer), "MAIL FROM:<a@x>\r\nRCPT TO:<one@x.example>\r\n") == NULL)
            fail_msg("row %zu: something was said that was not offered", i);
        if (i != 5)
            peer_end(ctx, &peer);
        talloc_free(ctx);
    }
}

/* ---- TLS and AUTH, as far as a peer without TLS can tell ---- */

static void
test_tls_modes(void **state)
{
    static const struct { enum tls_mode mode; const char *extensions; struct peer_fault fault; const char *told; } modes[] = {
        {TLS_MAY, "", {NULL, 0, 0, NULL}, THRICE("dot/accepted/250") "+"},
        {TLS_MUST, "", {NULL, 0, 0, NULL}, "starttls/temporary/0/closing"},
        {TLS_VERIFY, "", {NULL, 0, 0, NULL}, "starttls/temporary/0/closing"},
        {TLS_MAY, "250-STARTTLS\r\n", {"STARTTLS", 0, PEER_SAYS, "454 4.7.0 no\r\n"}, THRICE("dot/accepted/250") "+"},
        {TLS_MUST, "250-STARTTLS\r\n", {"STARTTLS", 0, PEER_SAYS, "454 4.7.0 no\r\n"}, "starttls/temporary/454/closing"},
        /* 220 and then no TLS: "may" goes on over a new connection, in the open; the others do not */
        {TLS_MAY, "250-STARTTLS\r\n", {"STARTTLS", 0, PEER_SAYS_AND_DROPS, "220 go\r\n220 nonsense\r\n"}, THRICE("dot/accepted/250") "+"},
        {TLS_MUST, "250-STARTTLS\r\n", {"STARTTLS", 0, PEER_SAYS_AND_DROPS, "220 go\r\n220 nonsense\r\n"}, "starttls/temporary/0/closing"},
        {TLS_MUST, "250-STARTTLS\r\n", {"STARTTLS", 0, PEER_DROPS, NULL}, "starttls/lost/0/closing"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct peer_script script = {modes[i].extensions, modes[i].fault};
        struct peer peer = peer_start(&script);
        struct smtp_options options = options_for(&peer);
        const char *told;

        options.tls_mode = modes[i].mode;
        assert_int_equal(tls_client_new(ctx, modes[i].mode, NULL, &options.tls, NULL), STATUS_OK);
        told = deliver(ctx, &options, small_body);
        if (!str_eq(told, modes[i].told))
            fail_msg("row %zu: %s, expected %s", i, told, modes[i].told);
        peer_end(ctx, &peer);
        talloc_free(ctx);
    }
}

static void
test_auth(void **state)
{
    static const struct { const char *extensions; struct peer_fault fault; const char *told, *heard; } auths[] = {
        {"250-AUTH LOGIN PLAIN\r\n", {NULL, 0, 0, NULL}, THRICE("dot/accepted/250") "+", "AUTH PLAIN AHVzZXIAcGFzcw==\r\n"},
        {"250-AUTH LOGIN\r\n", {"AUTH", 0, PEER_SAYS, "334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n235 2.7.0 ok\r\n"},
         THRICE("dot/accepted/250") "-", "AUTH LOGIN\r\ndXNlcg==\r\ncGFzcw==\r\n"},
        {"250-AUTH PLAIN\r\n", {"AUTH", 0, PEER_SAYS, "535 5.7.8 no\r\n"}, "auth/permanent/535/closing", NULL},
        {"250-AUTH PLAIN\r\n", {"AUTH", 0, PEER_SAYS, "334 more\r\n"}, "auth/protocol/334/closing", NULL},
        {"250-AUTH CRAM-MD5\r\n", {NULL, 0, 0, NULL}, "auth/temporary/0/closing", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(auths); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct peer_script script = {auths[i].extensions, auths[i].fault};
        struct peer peer = peer_start(&script);
        struct smtp_options options = options_for(&peer);
        const char *told, *heard;

        options.user = "user";
        options.password = "pass";
        told = deliver(ctx, &options, small_body);
        peer_wait(&peer);
        heard = peer_end(ctx, &peer);
        /* Their 500s to what AUTH LOGIN said (they do not really listen) are words too much. */
        if (i != 1 && !str_eq(told, auths[i].told))
            fail_msg("row %zu: %s, expected %s", i, told, auths[i].told);
        if (auths[i].heard != NULL && strstr(heard, auths[i].heard) == NULL)
            fail_msg("row %zu: they heard %s", i, heard);
        talloc_free(ctx);
    }
}

static void
test_nobody_there(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct peer_script script = {"", {NULL, 0, 0, NULL}};
    struct peer peer = peer_start(&script);
    struct smtp_options options = options_for(&peer);
    struct smtp_reply *reply;

    (void)state;
    peer_end(ctx, &peer);
    assert_null(smtp_open(ctx, &options, &reply));
    assert_int_equal(reply->phase, SMTP_CONNECT);
    assert_int_equal(reply->class, SMTP_LOST);
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_refused_in_mid_body),
        cmocka_unit_test(test_wire),
        cmocka_unit_test(test_reuse),
        cmocka_unit_test(test_gone_afterwards),
        cmocka_unit_test(test_lone_dot),
        cmocka_unit_test(test_addresses_never_said),
        cmocka_unit_test(test_bodies_never_ended),
        cmocka_unit_test(test_give_up),
        cmocka_unit_test(test_missing_extensions),
        cmocka_unit_test(test_tls_modes),
        cmocka_unit_test(test_auth),
        cmocka_unit_test(test_nobody_there),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

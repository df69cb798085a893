/* test-redact.c - rows: a message, phrases, and what people read afterwards */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/redact.h"
#include "mime/summary.h"
#include "mime/view.h"
#include "util/str.h"

#include "signed-sample.h"

#define HEAD "From: =?utf-8?B?5L2Q6JekIOiKseWtkA==?= <hana@example.jp>\r\nTo: club@lists.example.jp, hana@example.jp, Ken <ken@example.jp>\r\n"

static const struct { const char *raw, *phrases[4], *text; size_t hits; } rows[] = {
    {HEAD "\r\nHello from Hana Sato.\r\n", {"Hana Sato"}, "Hello from [...].\n", 1},
    {HEAD "\r\nHello from hana  sato,\r\nHANA\r\nSATO\r\n", {"Hana Sato"}, "Hello from [...],\n[...]\n", 2},
    {HEAD "\r\n> Hello from Hana\r\n> Sato.\r\n", {"Hana Sato"}, "> Hello from [...].\n", 1},
    {HEAD "\r\nAnn announced it to Anna and Ann.\r\n", {"Ann"}, "[...] announced it to Anna and [...].\n", 2},
    {HEAD "\r\nNothing here\r\n", {"Hana Sato", "x@example.jp"}, "Nothing here\n", 0},
    {HEAD "\r\nhana@example.jp wrote, not johana@example.jp\r\n", {"hana@example.jp"},
     "erased@erased.invalid wrote, not johana@example.jp\n", 3},
    {HEAD "Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B:4F#\x1b(B\x1b$B2V;R\x1b(B\r\n", {"佐藤花子"}, "[...]\n", 2},
    {HEAD "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5L2Q6JekCuiKseWtkOOBp+OBmeOAggo=\r\n",
     {"佐藤 花子"}, "[...]です。\n", 2},
    {HEAD "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nHana =\r\nSato=E3=81=A7=E3=81=99\r\n",
     {"Hana Sato"}, "[...]です\n", 1},
    {HEAD "Content-Type: text/plain; charset=shift_jis\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\x8d\xb2\x93\xa1\x82\xc5\x82\xb7\r\n", {"佐藤"},
     "[...]です\n", 2},
    {HEAD "Content-Type: text/html; charset=utf-8\r\n\r\n<p>Sato &amp; Sons, and more</p>\r\n", {"Sato & Sons"}, "[...], and more", 1},
    {HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee Hana.\r\n--b\r\nContent-Type: image/png; name=\"Hana.png\"\r\n"
     "Content-Disposition: attachment; filename=\"Hana.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\nSGFuYQ==\r\n--b--\r\n", {"Hana"}, "See [...].\n", 5},
};

static void
every_row_is_redacted_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        size_t count = 0, hits;
        struct blob bytes;
        char *text;

        while (count < COUNT_OF(rows[i].phrases) && rows[i].phrases[count] != NULL)
            count++;
        bytes = redact_message(ctx, message_parse(ctx, blob_of(rows[i].raw)), rows[i].phrases, count, &hits);
        text = message_text(ctx, message_parse(ctx, bytes), 10000);
        if (hits != rows[i].hits || !str_eq(str_trim(ctx, text), str_trim(ctx, rows[i].text)))
            fail_msg("row %zu: %zu hits, <%s>", i, hits, text);
        if (hits == 0 && (bytes.len != strlen(rows[i].raw) || memcmp(bytes.data, rows[i].raw, bytes.len) != 0))
            fail_msg("row %zu: bytes changed", i);
        talloc_free(ctx);
    }
}

static struct message *
redacted(TALLOC_CTX *ctx, const char *raw, const char *phrase, size_t hits)
{
    const char *phrases[] = {phrase};
    size_t found;
    struct blob bytes = redact_message(ctx, message_parse(ctx, blob_of(raw)), phrases, 1, &found);

    assert_int_equal(found, hits);
    return message_parse(ctx, bytes);
}

static void
mailboxes_of_others_stay(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct summary *summary = summary_read(ctx, redacted(ctx, HEAD "Subject: x\r\n\r\nHi\r\n", "hana@example.jp", 2));

    (void)state;
    assert_string_equal(address_text(ctx, summary->author), "erased@erased.invalid");
    assert_string_equal(summary->author->display, "erased");
    assert_int_equal(summary->to->count, 3);
    assert_string_equal(address_text(ctx, &summary->to->rows[0]), "club@lists.example.jp");
    assert_string_equal(address_text(ctx, &summary->to->rows[1]), "erased@erased.invalid");
    assert_string_equal(summary->to->rows[2].display, "Ken");
    summary = summary_read(ctx, redacted(ctx, HEAD "Subject: =?utf-8?B?5L2Q6Jek44GV44KT44G4?=\r\n\r\nHi\r\n", "佐藤", 2));
    assert_string_equal(summary->subject, "erasedさんへ");
    assert_string_equal(summary->author->display, "erased");
    talloc_free(ctx);
}

static void
forwarded_messages_and_names_of_files_are_looked_into(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct message *message = redacted(ctx, HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        "From: Hanako <x@y.example>\r\nSubject: About Hanako\r\n\r\nI am Hanako.\r\n--b\r\nContent-Type: text/plain; name*=utf-8''Hanako.txt\r\n"
        "Content-Disposition: attachment\r\n\r\nHanako\r\n--b--\r\n", "Hanako", 5);
    const char *raw = mem_strndup(ctx, (const char *)message->raw.data, message->raw.len);

    (void)state;
    assert_null(strstr(raw, "Hanako"));
    assert_non_null(strstr(raw, "About erased"));
    assert_non_null(strstr(raw, "I am [...]."));
    talloc_free(ctx);
}

/* What is signed cannot be changed: what was in the envelope stands there instead, and can be changed again. */
static void
envelopes_are_opened(void **state)
{
    static const char *const phrases[] = {"signed", "this"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct message *message = message_parse(ctx, blob_of("Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n" SIGNED));
    struct blob bytes = message->raw;
    size_t hits;

    (void)state;
    assert_int_equal(redact_message(ctx, message, (const char *const[]){"nowhere"}, 1, &hits).len, bytes.len);
    for (int i = 0; i < 2; i++) {
        bytes = redact_message(ctx, message_parse(ctx, bytes), phrases + i, 1, &hits);
        assert_int_equal(hits, 1);
    }
    assert_string_equal(view_of(ctx, message_parse(ctx, bytes), 1000)->text, "I [...] [...].");
    assert_null(memmem(bytes.data, bytes.len, "MIIBiw", 6));
    assert_non_null(memmem(bytes.data, bytes.len, "in it", 5));
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(envelopes_are_opened), cmocka_unit_test(every_row_is_redacted_so),
        cmocka_unit_test(mailboxes_of_others_stay),
        cmocka_unit_test(forwarded_messages_and_names_of_files_are_looked_into),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test-secret.c - rows: a message, the password in it, what people may see of the bytes, and what goes out */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/secret.h"
#include "util/str.h"

#define HEAD "From: a@example.jp\r\nSubject: x\r\n"

static const struct { const char *raw, *text, *without; bool is_gone; } rows[] = {
    {HEAD "\r\nHello\r\n", NULL, NULL, true},
    {HEAD "Approved: hunter22\r\n\r\nHello\r\n", "hunter22", HEAD "\r\nHello\r\n", true},
    {HEAD "X-Approve:  hunter22 \r\n\r\nHello\r\n", "hunter22", HEAD "\r\nHello\r\n", true},
    {HEAD "Approved: hunter22\r\nApprove: hunter22\r\n\r\nHello\r\n", "hunter22", HEAD "\r\nHello\r\n", true},
    {HEAD "Approved:\r\n\r\nHello\r\n", "", HEAD "\r\nHello\r\n", true},
    {HEAD "\r\nApproved: hunter22\r\nHello\r\n", "hunter22", HEAD "\r\nHello\r\n", true},
    {HEAD "\r\n\r\n  \r\nx-approve: hunter22\r\nHello\r\n", "hunter22", HEAD "\r\n\r\n  \r\nHello\r\n", true},
    {HEAD "\r\nHello\r\nApproved: hunter22\r\n", NULL, NULL, true},
    {HEAD "\r\nApproved by the board: the budget\r\n", NULL, NULL, true},
    {HEAD "\r\nApproved: hunter22\r\nAs I said: hunter22\r\n", "hunter22", NULL, false},
    {HEAD "Approved: hunter22\r\n\r\nApproved: other333\r\nHello\r\n", "hunter22", NULL, false},
    {HEAD "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
     "Approved: hunt=\r\ner22\r\n=E4=BD=90=E8=97=A4\r\n", "hunter22",
     HEAD "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E4=BD=90=E8=97=A4\r\n", true},
    /* "Approved: hunter22\nHello\n" */
    {HEAD "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
     "QXBwcm92ZWQ6IGh1bnRlcjIyCkhlbGxvCg==\r\n", "hunter22",
     HEAD "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8K\r\n", true},
    {HEAD "Content-Type: text/plain; charset=iso-2022-jp\r\n\r\nApproved: hunter22\r\n\x1b$B:4F#\x1b(B\r\n", "hunter22",
     HEAD "Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B:4F#\x1b(B\r\n", true},
    {HEAD "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nApproved: hun<ter>22\r\nHello\r\n--b\r\n"
     "Content-Type: text/html\r\n\r\n<p>Approved:&nbsp;hun&lt;ter&gt;22</p><p>Hello</p>\r\n--b--\r\n", "hun<ter>22",
     HEAD "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n"
     "Content-Type: text/html\r\n\r\n<p></p><p>Hello</p>\r\n--b--\r\n", true},
    {HEAD "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nApproved: hunter22\r\nHello\r\n--b\r\n"
     "Content-Type: text/html\r\n\r\n<p>Approved: <b>hunter22</b></p>\r\n--b--\r\n", "hunter22", NULL, false},
};

static void
every_row_is_read_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct message *message = message_parse(ctx, blob_of(rows[i].raw));
        struct secret *secret = secret_find(ctx, message, true);

        if ((secret == NULL) != (rows[i].text == NULL) || (secret != NULL && !str_eq(secret->text, rows[i].text)))
            fail_msg("row %zu: %s", i, secret == NULL ? "none" : secret->text);
        if (secret != NULL && secret->is_gone != rows[i].is_gone)
            fail_msg("row %zu: gone %d", i, secret->is_gone);
        if (secret != NULL && rows[i].without != NULL) {
            char *without = mem_strndup(ctx, (const char *)secret->without->raw.data, secret->without->raw.len);

            if (!str_eq(without, rows[i].without))
                fail_msg("row %zu: <%s>", i, without);
        }
        talloc_free(ctx);
    }
}

/* With the ranges covered, neither the bytes nor what they decode to tell the password. */
static void
what_is_covered_tells_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *bytes = mem_strdup(ctx, rows[i].raw);
        struct secret *secret = secret_find(ctx, message_parse(ctx, blob_of(rows[i].raw)), true);

        for (size_t k = 0; secret != NULL && k < secret->count; k++) {
            assert_true(secret->ranges[k].offset + secret->ranges[k].len <= strlen(bytes));
            for (size_t n = 0; n < secret->ranges[k].len; n++)
                bytes[secret->ranges[k].offset + n] = secret->ranges[k].in_base64 ? "ICAg"[n % 4] : '*';
        }
        if (secret != NULL && rows[i].is_gone && *rows[i].text != '\0') {
            struct message *seen = message_parse(ctx, blob_of(bytes));

            if (strstr(bytes, rows[i].text) != NULL || strstr(message_text(ctx, seen, 10000), rows[i].text) != NULL
                || strstr(message_text(ctx, seen, 10000), "22") != NULL)
                fail_msg("row %zu: %s", i, bytes);
        }
        talloc_free(ctx);
    }
}

/* Without leave to look into the text only fields are found. */
static void
the_text_is_left_alone(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_null(secret_find(ctx, message_parse(ctx, blob_of(HEAD "\r\nApproved: hunter22\r\n")), false));
    assert_non_null(secret_find(ctx, message_parse(ctx, blob_of(HEAD "Approved: hunter22\r\n\r\n")), false));
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_read_so),
        cmocka_unit_test(what_is_covered_tells_nothing),
        cmocka_unit_test(the_text_is_left_alone),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

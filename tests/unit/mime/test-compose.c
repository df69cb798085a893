/* test-compose.c - whatever the value, one field */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/compose-attach.h"
#include "mime/header.h"
#include "mime/normal.h"
#include "mime/part.h"
#include "mime/word.h"
#include "util/clock.h"

static const struct { const char *name, *value, *out; } fields[] = {
    {"Subject", "a", "Subject: a\r\n"},
    {"Subject", "", "Subject: \r\n"},
    {"Subject", " a  b ", "Subject: a  b\r\n"},
    {"Subject", "a\r\nBcc: x", "Subject: a  Bcc: x\r\n"},
    {"Subject", "a\n\n\nb", "Subject: a   b\r\n"},
    {"Subject", "日本", "Subject: =?UTF-8?B?5pel5pys?=\r\n"},
    {"Xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "a b",
     "Xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: a\r\n b\r\n"},
    {"Xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "a", ""},
    {"Subject", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bb cc",
     "Subject: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n bb cc\r\n"},
};

static const struct { const char *name, *value, *out; } structured[] = {
    {"X", "a; b=\"c  d\"", "X: a; b=\"c  d\"\r\n"},
    {"X", "a\r\n\r\nbody", "X: a body\r\n"},
    {"X", "日", "X: 日\r\n"},
    {"X", "\xff", "X: ?\r\n"},
    {"References", "<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b> <cccccccccccccccccccccccccccccccccc@d>",
     "References: <aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b>\r\n <cccccccccccccccccccccccccccccccccc@d>\r\n"},
};

static void
test_fields(void **state)
{
    struct str *out = str_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        str_clear(out);
        compose_field(out, fields[i].name, fields[i].value);
        if (strcmp(out->s, fields[i].out) != 0)
            fail_msg("text row %zu: \"%s\"", i, out->s);
    }
    for (size_t i = 0; i < COUNT_OF(structured); i++) {
        str_clear(out);
        compose_structured(out, structured[i].name, structured[i].value);
        if (strcmp(out->s, structured[i].out) != 0)
            fail_msg("structured row %zu: \"%s\"", i, out->s);
    }
    talloc_free(out);
}

static void
test_lists(void **state)
{
    static const char *const uris[] = {"https://x.example/u/a b>c", "mailto:u.x@x.example?subject=a\r\nb"};
    struct str *out = str_new(NULL);

    (void)state;
    compose_list_field(out, "List-Unsubscribe", uris, 2);
    assert_string_equal(out->s, "List-Unsubscribe: <https://x.example/u/a%20b%3Ec>,\r\n"
                                " <mailto:u.x@x.example?subject=a%0D%0Ab>\r\n");
    str_clear(out);
    compose_address_field(out, "From", "日本 \r\nvia L", "a@b");
    assert_string_equal(out->s, "From: =?UTF-8?B?5pel5pysICAgdmlhIEw=?= <a@b>\r\n");
    str_clear(out);
    compose_address_field(out, "From", NULL, "\"a b\"@b");
    assert_string_equal(out->s, "From: \"a b\"@b\r\n");
    talloc_free(out);
}

/* Any bytes as value: exactly one field comes out, in lines of at most 998, all of it ASCII. */
static void
test_any(void **state)
{
    struct str *out = str_new(NULL), *value = str_new(NULL);

    (void)state;
    for (unsigned seed = 0; seed < 300; seed++) {
        unsigned random = seed;
        struct header *header;
        size_t line = 0;

        str_clear(value);
        for (unsigned i = 0; i < seed * 11; i++) {
            random = random * 1103515245u + 12345u;
            str_addc(value, (char)(seed % 3 == 0 ? 'a' : 1 + (random >> 16) % 255));
        }
        for (int kind = 0; kind < 3; kind++) {
            str_clear(out);
            if (kind == 0)
                compose_field(out, "Subject", value->s);
            else if (kind == 1)
                compose_structured(out, "Subject", value->s);
            else
                compose_address_field(out, "Subject", value->s, "a@b.example");
            header = header_parse(out, str_blob(out));
            if (header->count != 1 || header->defects != HEADER_UNENDED || header->fields[0].len != out->len)
                fail_msg("seed %u kind %d: %zu fields, defects %u", seed, kind, header->count, header->defects);
            for (size_t i = 0; i < out->len; i++) {
                line = out->s[i] == '\n' ? 0 : line + 1;
                assert_true(line <= 999);
                assert_true(((uint8_t)out->s[i] >= 0x20 && (uint8_t)out->s[i] < 0x7f) || out->s[i] == '\r' || out->s[i] == '\n');
            }
            talloc_free(header);
        }
    }
    talloc_free(out);
    talloc_free(value);
}

static void
test_mail(void **state)
{
    static const struct mail_header extra[] = {{"List-Id", "<l.x.example>", true}, {"X-Note", "é", false}};
    struct mail_text mail = {.from = "l@x.example", .from_display = "The list", .to = "a@b", .subject = "Hello\nthere",
                             .body = "one\ntwo", .date_us = INT64_C(1763716320) * US_PER_S, .message_id = "<1@x.example>",
                             .auto_submitted = "auto-generated", .headers = extra, .header_count = 2};
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_string_equal((const char *)compose_text_mail(ctx, &mail).data,
        "From: The list <l@x.example>\r\nTo: a@b\r\nSubject: Hello there\r\nDate: Fri, 21 Nov 2025 09:12:00 +0000\r\n"
        "Message-ID: <1@x.example>\r\nAuto-Submitted: auto-generated\r\nList-Id: <l.x.example>\r\n"
        "X-Note: =?UTF-8?B?w6k=?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 7bit\r\n\r\none\r\ntwo\r\n");
    mail.header_count = 0;
    mail.body = "日本語\n";
    assert_non_null(strstr((const char *)compose_text_mail(ctx, &mail).data,
                           "Content-Transfer-Encoding: base64\r\n\r\n5pel5pys6KqeDQo=\r\n"));
    mail.body = "caf\u00e9 au lait, and a long line of plain text that goes on and on until it has to be broken\n";
    assert_non_null(strstr((const char *)compose_text_mail(ctx, &mail).data,
                           "quoted-printable\r\n\r\ncaf=C3=A9 au lait, and a long line of plain text that goes on and on until =\r\n"
                           "it has to be broken\r\n"));
    talloc_free(ctx);
}

static void
test_quoted_printable(void **state)
{
    static const struct { const char *in, *out; } rows[] = {
        {"a=b\r\n", "a=3Db\r\n"},       {"a \r\nb\t\r\n", "a=20\r\nb=09\r\n"}, {"From x\r\n", "=46rom x\r\n"},
        {"\r\n\r\n", "\r\n\r\n"},       {"a", "a"},                            {"a ", "a=20"},
        {"\n", "=0A"},                  {"\xe9", "=E9"},
    };
    struct str *out = str_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        str_clear(out);
        compose_quoted_printable(out, blob_of(rows[i].in));
        if (strcmp(out->s, rows[i].out) != 0)
            fail_msg("row %zu: \"%s\"", i, out->s);
    }
    talloc_free(out);
}

/* Written with files and read again: names, types and bytes are the same, whatever they were called. */
static void
test_files(void **state)
{
    static const struct { const char *name, *type, *data, *read_name, *read_type; } rows[] = {
        {"plan.pdf", "application/pdf", "%PDF-1.4\n\x01\xff", "plan.pdf", "application/pdf"},
        {"C:\\Users\\hana\\練習 日程.txt", "text/plain", "来週\n", "練習 日程.txt", "text/plain"},
        {"../../etc/passwd", NULL, "x", "passwd", "application/octet-stream"},
        {"a\r\nBcc: x@y.example", "image/png\r\nX: y", "y", "a  Bcc: x@y.example", "application/octet-stream"},
        {"\"q;u=o\"", "message/rfc822", "From: a@b\n\n", "\"q;u=o\"", "application/octet-stream"},
        {"", "multipart/mixed; boundary=x", "", "file", "application/octet-stream"},
    };
    struct mail_text mail = {.from = "l@x.example", .to = "a@b", .subject = "Files", .body = "Here.\n", .date_us = US_PER_S,
                             .message_id = "<1@x.example>"};
    struct mail_file files[COUNT_OF(rows)];
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct blob text = compose_text_mail(ctx, &mail), bytes;
    struct message *message;
    uint64_t changed;

    (void)state;
    assert_ptr_equal(compose_files(ctx, text, files, 0).data, text.data);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        files[i] = (struct mail_file){rows[i].name, rows[i].type, blob_of(rows[i].data)};
    bytes = compose_files(ctx, text, files, COUNT_OF(rows));
    normal_copy(ctx, bytes, &changed);
    assert_int_equal(changed, 0);
    message = message_parse(ctx, bytes);
    assert_string_equal(message_text(ctx, message, 1000), "Here.\n");
    assert_int_equal(message->count, COUNT_OF(rows) + 2);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct part *part = message->parts[i + 2];
        struct blob data = part_data(ctx, message, part);

        if (!str_eq(part->file_name, rows[i].read_name) || !str_eq(part->type, rows[i].read_type))
            fail_msg("row %zu: \"%s\" %s", i, part->file_name, part->type);
        if (data.len != strlen(rows[i].data) || memcmp(data.data, rows[i].data, data.len) != 0)
            fail_msg("row %zu: other bytes", i);
    }
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fields), cmocka_unit_test(test_lists),
                                       cmocka_unit_test(test_any), cmocka_unit_test(test_mail),
                                       cmocka_unit_test(test_quoted_printable), cmocka_unit_test(test_files)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

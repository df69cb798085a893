/* test-word.c - encoded words and parameters */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/params.h"
#include "mime/word.h"
#include "util/clock.h"
#include "util/str.h"

static const struct { const char *in, *out; } words[] = {
    {"", ""},
    {"  plain \r\n text ", "plain  text"},
    {"=?UTF-8?Q?A_B?= =?UTF-8?Q?C?=", "A BC"},
    {"=?UTF-8?Q?A?= x =?UTF-8?Q?C?=", "A x C"},
    {"=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=", "日本"},
    {"=?iso-2022-jp?B?GyRCRnw=?=\r\n =?iso-2022-jp?B?S1wbKEI=?=", "日本"},
    {"=?utf-8?B?5pc=?= =?utf-8?B?pQ==?=", "日"},
    {"=?utf-8?B?5pel?= =?iso-8859-1?Q?=E9?=", "日é"},
    {"Re: \x1b$BF|K\\\x1b(B (x)", "Re: 日本 (x)"},
    {"\x1b$B=?\x1b(B x", "戎 x"},
    {"Re: \x93\xfa\x96\x7b\x8c\xea", "Re: 日本語"},
    {"=?x-none?Q?a?=", "=?x-none?Q?a?="},
    {"=?utf-7?Q?a?=", "=?utf-7?Q?a?="},
    {"=?utf-8?X?a?=", "=?utf-8?X?a?="},
    {"=?utf-8?Q?a", "=?utf-8?Q?a"},
    {"=?", "=?"},
    {"=?=?=?", "=?=?=?"},
    {"=?utf-8?Q?" "?=", ""},
    {"=?utf-8?Q?a=0D=0AFrom:_x?=", "a From: x"},
    {"=?utf-8?Q?a=00b=1B?=", "ab"},
    {"(=?utf-8?Q?a?=)", "(a)"},
    {"=?utf-8?B?YQ==?==?utf-8?B?Yg==?=", "ab"},
    {"=?utf-8?B?YQ==YQ==?=", "aa"},
};

static void
test_decode(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        char *out = word_decode(NULL, blob_of(words[i].in));

        if (strcmp(out, words[i].out) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, out, words[i].out);
        talloc_free(out);
    }
    assert_null(word_decode_text(NULL, NULL));
}

static const struct { const char *in, *value, *name, *param; } params[] = {
    {"text/plain", "text/plain", "charset", NULL},
    {"text/plain; charset=utf-8", "text/plain", "charset", "utf-8"},
    {"text/plain; CHARSET=\"a;b\\\"c\"; x=y", "text/plain", "charset", "a;b\"c"},
    {"text/plain (a(b)c); (x) charset (y) = (z) utf-8 ", "text/plain", "charset", "utf-8"},
    {"text/plain; a=1;; ;b=2", "text/plain", "b", "2"},
    {"attachment; filename*=utf-8''%E6%97%A5.txt", "attachment", "filename", "日.txt"},
    {"attachment; filename*0*=utf-8''%E6%97; filename*1*=%A5; filename*2=.txt", "attachment", "filename", "日.txt"},
    {"attachment; filename*1=b; filename*0=a", "attachment", "filename", "ab"},
    {"attachment; filename=\"=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=.txt\"", "attachment", "filename", "日本.txt"},
    {"attachment; filename=\"\x1b$BF|K\\\x1b(B.txt\"", "attachment", "filename", "日本.txt"},
    {"attachment; filename=\x93\xfa\x96\x7b\x8c\xea.txt", "attachment", "filename", "日本語.txt"},
    {"attachment; filename=a b.txt; x=1", "attachment", "filename", "a b.txt"},
    {"attachment; filename*0*=utf-8''a\r\n\tb; x=1", "attachment", "filename", "a b"},
    {"attachment; filename=\"unended", "attachment", "filename", "unended"},
    {"attachment; =x; filename", "attachment", "filename", NULL},
    {"; a=b", "", "a", "b"},
    {"", "", "a", NULL},
    {"x; a*=%41", "x", "a", "A"},
    {"x; a*=''%41", "x", "a", "A"},
};

static void
test_params(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(params); i++) {
        struct params *out = params_parse(NULL, blob_of(params[i].in));
        const char *value = params_get(out, params[i].name);

        if (strcmp(out->value, params[i].value) != 0 || !str_eq(value, params[i].param))
            fail_msg("row %zu: \"%s\" %s=\"%s\"", i, out->value, params[i].name, value != NULL ? value : "(none)");
        talloc_free(out);
    }
}

static const struct { const char *in; size_t prefix; const char *out; } encoded[] = {
    {"", 9, ""},
    {"plain text", 9, "plain text"},
    {"a =? b", 9, "a =?UTF-8?B?PT8=?= b"},
    {"café", 9, "=?UTF-8?B?Y2Fmw6k=?="},
    {"[list 5] café au lait", 9, "[list 5] =?UTF-8?B?Y2Fmw6k=?= au lait"},
    {"é x é", 9, "=?UTF-8?B?w6kgeCDDqQ==?="},
    {"日本語", 9, "=?UTF-8?B?5pel5pys6Kqe?="},
    {"a\r\nBcc: x", 9, "a  Bcc: x"},
    {"a\x01", 9, "a "},
};

static void
test_encode(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(encoded); i++) {
        char *out = word_encode(NULL, encoded[i].in, encoded[i].prefix);

        if (strcmp(out, encoded[i].out) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, out, encoded[i].out);
        talloc_free(out);
    }
}

/* Whatever the length and the prefix: lines of at most 78, words of at most 75, and reading gives the text back. */
static void
test_round(void **state)
{
    static const char *const letters[] = {"a", "é", "日", "💩", " ", "=", "?"};

    (void)state;
    for (size_t seed = 0; seed < 400; seed++) {
        struct str *text = str_new(NULL);
        unsigned random = (unsigned)seed * 2654435761u + 1;
        size_t column = seed % 90, count = seed % 97;
        char *out, *again, *expected;

        for (size_t i = 0; i < count; i++) {
            random = random * 1103515245u + 12345u;
            str_add(text, letters[(random >> 16) % (seed % 3 == 0 ? 7 : 4)]);
        }
        out = word_encode(text, text->s, column);
        for (const char *p = out; *p != '\0'; p++) {
            column = *p == '\n' ? 0 : column + (*p != '\r');
            if (column > 78 && strchr(out, '\n') != NULL && p > strchr(out, '\n'))
                fail_msg("seed %zu: line too long in \"%s\"", seed, out);
        }
        again = word_decode(text, blob_of(out));
        expected = str_trim(text, text->s);
        if (strcmp(again, expected) != 0)
            fail_msg("seed %zu: \"%s\" became \"%s\" through \"%s\"", seed, expected, again, out);
        talloc_free(text);
    }
}

static const struct { const char *in, *out; } phrases[] = {
    {"Joe Q Public", "Joe Q Public"},
    {"Joe Q. Public", "\"Joe Q. Public\""},
    {"a \"b\" \\c", "\"a \\\"b\\\" \\\\c\""},
    {"x via List", "x via List"},
    {"日本 <a@b>", "=?UTF-8?B?5pel5pysIDxhQGI+?="},
    {"a\r\nTo: b", "\"a  To: b\""},
    {"", "\"\""},
};

static void
test_phrase(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(phrases); i++) {
        char *out = word_encode_phrase(NULL, phrases[i].in, 6);

        if (strcmp(out, phrases[i].out) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, out, phrases[i].out);
        talloc_free(out);
    }
}

/* Four times the input takes about four times as long, not sixteen times; 200 parameters are kept. */
static void
test_bounds(void **state)
{
    static const char *const pieces[] = {"=?utf-8?q?a", "=?utf-8?q?a?= ", "=?x-none?q?a ", "=?", "?=", "\x1b$B"};
    struct str *text = str_new(NULL);
    struct params *out;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        str_clear(text);
        for (int k = 0; k < 20000; k++)
            str_add(text, pieces[i]);
        talloc_free(word_decode(NULL, str_blob(text)));
    }
    str_clear(text);
    str_add(text, "x");
    for (int i = 0; i < 100000; i++)
        str_addf(text, "; name*%d*=a", i);
    out = params_parse(text, str_blob(text));
    assert_true(out->cut);
    assert_int_equal(out->count, 1);
    str_clear(text);
    str_add(text, "x");
    for (int i = 0; i < 100000; i++)
        str_addf(text, "; name%d=a", i);
    out = params_parse(text, str_blob(text));
    assert_true(out->cut);
    assert_int_equal(out->count, PARAMS_MAX);
    talloc_free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode), cmocka_unit_test(test_params), cmocka_unit_test(test_encode),
        cmocka_unit_test(test_round), cmocka_unit_test(test_phrase), cmocka_unit_test(test_bounds)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test-charset.c - what labels mean, and bytes without one */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/charset.h"
#include "util/str.h"

#define BYTES(text) {(const uint8_t *)(text), sizeof(text) - 1}

static const struct { const char *label; struct blob in; const char *out; } rows[] = {
    {"us-ascii", BYTES("abc"), "abc"},
    {"utf-8", BYTES("\xe6\x97\xa5"), "日"},
    {"UTF-8", BYTES("a\xff" "b"), "a\ufffdb"},
    {NULL, BYTES(""), ""},
    {"", BYTES("caf\xe9"), "café"},
    {"us-ascii", BYTES("\xe6\x97\xa5"), "日"},
    {"x-unknown", BYTES("\xe6\x97\xa5"), "日"},
    /* vendor characters under the plain labels */
    {"Shift_JIS", BYTES("\x87\x40\x87\x8a"), "①㈱"},
    {"shift_jis", BYTES("\x81\x60\x5c\x7e"), "～\\~"},
    {"\"x-sjis\"", BYTES("\x93\xfa\x96\x7b"), "日本"},
    {"windows-31j", BYTES("\xb1\xb2"), "ｱｲ"},
    {"ms_kanji", BYTES("\xfb\xfc"), "髙"},
    {"euc-jp", BYTES("\xad\xa1\xad\xea"), "①㈱"},
    {"EUC-JP", BYTES("\xc6\xfc\xcb\xdc"), "日本"},
    /* ISO-2022-JP: every set, and its accidents */
    {"iso-2022-jp", BYTES("\x1b$BF|K\\\x1b(Bx"), "日本x"},
    {"ISO-2022-JP", BYTES("\x1b$@F|K\\\x1b(Jx\\"), "日本x\\"},
    {"iso-2022-jp", BYTES("\x1b$B-!-j\x1b(B"), "①㈱"},
    {"iso-2022-jp", BYTES("\x1b(I12\x1b(B12"), "ｱｲ12"},
    {"iso-2022-jp", BYTES("\x0e" "12\x0f" "12"), "ｱｲ12"},
    {"iso-2022-jp", BYTES("\x1b$BF|\x0e" "1\x0fK\\\x1b(B"), "日ｱ本"},
    {"iso-2022-jp", BYTES("\x1b$(D0!\x1b(B"), "丂"},
    {"iso-2022-jp", BYTES("\x1b$BF|K\\"), "日本"},
    {"iso-2022-jp", BYTES("\x1b$BF|K"), "日\ufffd"},
    {"iso-2022-jp", BYTES("\x1b$BF|\r\nabc"), "日\nabc"},
    {"iso-2022-jp", BYTES("\x1b$BF|\x1b" "abc"), "日痰\ufffd"},
    {"iso-2022-jp", BYTES("\x1b"), ""},
    {"iso-2022-jp", BYTES("\x1b$"), "$"},
    {"iso-2022-jp", BYTES("\x1b&@\x1b$BF|\x1b(B"), "日"},
    {"iso-2022-jp", BYTES("\x93\xfa\x96\x7b"), "日本"},
    {"iso-2022-jp", BYTES("\xe6\x97\xa5"), "日"},
    {"iso-2022-jp", BYTES("\x1b$B" "A" "B" "C\x1b(B"), "疎\ufffd"},
    /* without a label, or with a wrong one */
    {NULL, BYTES("\x1b$BF|K\\\x1b(B"), "日本"},
    {NULL, BYTES("\x93\xfa\x96\x7b\x8c\xea\x82\xcc\x83\x81\x81\x5b\x83\x8b"), "日本語のメール"},
    {NULL, BYTES("\xc6\xfc\xcb\xdc\xb8\xec\xa4\xce\xa5\xe1\xa1\xbc\xa5\xeb"), "日本語のメール"},
    {"utf-8", BYTES("\x93\xfa\x96\x7b\x8c\xea\x82\xcc\x83\x81\x81\x5b\x83\x8b"), "日本語のメール"},
    {"shift_jis", BYTES("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"), "日本語"},
    {"x-none", BYTES("M\xfcller, \xc5ngstr\xf6m"), "Müller, Ångström"},
    {NULL, BYTES("r\xe9sum\xe9 na\xefve"), "résumé naïve"},
    {NULL, BYTES("Dij\x8a" "at.mp3"), "DijŠat.mp3"},
    {NULL, BYTES("\xd0\xc2\xcd\xfe\xc2\xc3\xd3\xce.doc"), "新威旅游.doc"},
    /* others */
    {"iso-8859-1", BYTES("\x80\xe9"), "€é"},
    {"gb2312", BYTES("\xc4\xe3\xba\xc3"), "你好"},
    {"ks_c_5601-1987", BYTES("\xc7\xd1\xb1\xdb"), "한글"},
    {"big5", BYTES("\xa7\x41\xa6\x6e"), "你好"},
    {"koi8-r", BYTES("\xc4\xc1"), "да"},
    {"utf-16be", BYTES("\x65\xe5\x67\x2c"), "日本"},
    /* refused labels */
    {"utf-7", BYTES("+AGE-b"), "+AGE-b"},
    {"x-unicode-2-0-utf-7", BYTES("+AGE-b"), "+AGE-b"},
    {"utf-8//IGNORE", BYTES("a\xff"), "aÿ"},
    {"char", BYTES("a"), "a"},
    /* controls */
    {"utf-8", BYTES("a\0b\r\nc\x1b[31m"), "ab\nc[31m"},
};

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *out = charset_to_utf8(NULL, rows[i].label, rows[i].in);

        if (strcmp(out, rows[i].out) != 0)
            fail_msg("row %zu (%s): \"%s\", not \"%s\"", i, rows[i].label != NULL ? rows[i].label : "no label", out, rows[i].out);
        talloc_free(out);
    }
}

static const struct { const char *label, *text; bool ok; struct blob out; } back[] = {
    {"iso-2022-jp", "日本x", true, BYTES("\x1b$BF|K\\\x1b(Bx")},
    {"iso-2022-jp", "～", true, BYTES("\x1b$B!A\x1b(B")},
    {"iso-2022-jp", "①", false, BYTES("")},
    {"shift_jis", "〜①", true, BYTES("\x81\x60\x87\x40")},
    {"euc-jp", "日本", true, BYTES("\xc6\xfc\xcb\xdc")},
    {"iso-8859-1", "é", true, BYTES("\xe9")},
    {"iso-8859-1", "日", false, BYTES("")},
    {"us-ascii", "é", false, BYTES("")},
    {"us-ascii", "e", true, BYTES("e")},
    {"utf-8", "日", true, BYTES("日")},
    {"utf-8", "\xff", false, BYTES("")},
    {"utf-7", "a", false, BYTES("")},
    {"x-unknown", "a", false, BYTES("")},
};

static void
test_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(back); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct blob out = {NULL, 0};
        bool ok = charset_from_utf8(ctx, back[i].label, back[i].text, &out);

        if (ok != back[i].ok || (ok && (out.len != back[i].out.len || memcmp(out.data, back[i].out.data, out.len) != 0)))
            fail_msg("row %zu: %d \"%.*s\"", i, ok, (int)out.len, out.data);
        talloc_free(ctx);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_back)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

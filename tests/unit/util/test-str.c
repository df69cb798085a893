/* test-str.c - small questions about text, and text made fit for people */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/str.h"

static const struct { const char *text; int64_t min, max; bool ok; int64_t value; } numbers[] = {
    {"0", 0, 9, true, 0},
    {"-7", -9, 9, true, -7},
    {"007", 0, 9, true, 7},
    {"10", 0, 9, false, 0},
    {"-1", 0, 9, false, 0},
    {"9223372036854775807", INT64_MIN, INT64_MAX, true, INT64_MAX},
    {"9223372036854775808", INT64_MIN, INT64_MAX, false, 0},
    {"", 0, 9, false, 0},
    {"-", -9, 9, false, 0},
    {"+1", 0, 9, false, 0},
    {" 1", 0, 9, false, 0},
    {"1 ", 0, 9, false, 0},
    {"1.5", 0, 9, false, 0},
    {"\uff11", 0, 9, false, 0},
    {NULL, 0, 9, false, 0},
};

static void
test_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        int64_t value = 42;
        bool ok = str_to_int(numbers[i].text, numbers[i].min, numbers[i].max, &value);

        if (ok != numbers[i].ok || value != (ok ? numbers[i].value : 42))
            fail_msg("row %zu: %d, %lld", i, ok, (long long)value);
    }
}

static const struct { const char *text; size_t len; bool control, high, valid; const char *clean; size_t characters; } texts[] = {
    {"", 0, false, false, true, "", 0},
    {"a b", 3, false, false, true, "a b", 3},
    {"a\tb\n", 4, true, false, true, "a\tb\n", 4},
    {"a\r\nb", 4, true, false, true, "a\nb", 4},
    {"a\x7f" "b", 3, true, false, true, "ab", 3},
    {"a\x1b[0m", 5, true, false, true, "a[0m", 5},
    {"\u00e9\u00e9\u00e9\u00e9", 8, false, true, true, "\u00e9\u00e9\u00e9\u00e9", 4},
    {"\u6f22\u5b57", 6, false, true, true, "\u6f22\u5b57", 2},
    {"\U0001f600!", 5, false, true, true, "\U0001f600!", 2},
    {"\xc2\x85", 2, false, true, true, "", 1},                      /* a control of C1 */
    {"a\xff" "b", 3, false, true, false, "a\ufffd" "b", 3},
    {"\xc0\xaf", 2, false, true, false, "\ufffd\ufffd", 1},         /* too long a form */
    {"\xed\xa0\x80", 3, false, true, false, "\ufffd\ufffd\ufffd", 1},       /* half a pair */
    {"\xe6\xbc", 2, false, true, false, "\ufffd\ufffd", 1},         /* cut */
    {"a\0b", 3, false, false, false, "ab", 1},
};

static void
test_texts(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const char *clean = utf8_clean(ctx, texts[i].text, texts[i].len);

        if (str_has_control(texts[i].text) != texts[i].control || str_has_8bit(texts[i].text) != texts[i].high)
            fail_msg("row %zu: control %d, 8bit %d", i, !texts[i].control, !texts[i].high);
        if (utf8_is_valid(texts[i].text, texts[i].len) != texts[i].valid)
            fail_msg("row %zu: valid %d", i, !texts[i].valid);
        if (strcmp(clean, texts[i].clean) != 0)
            fail_msg("row %zu: \"%s\"", i, clean);
        if (utf8_length(texts[i].text) != texts[i].characters)
            fail_msg("row %zu: %zu characters", i, utf8_length(texts[i].text));
    }
    talloc_free(ctx);
}

/* Bytes are looked at in eights: one that is high is seen at every place of every length. */
static void
test_8bit_at_every_place(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 20; len++)
        for (size_t start = 0; start < 8; start++) {
            uint8_t bytes[32];

            memset(bytes, 0xff, sizeof bytes);
            memset(bytes + start, 0x7f, len);
            assert_false(blob_has_8bit((struct blob){bytes + start, len}));
            for (size_t at = 0; at < len; at++) {
                bytes[start + at] = 0x80;
                if (!blob_has_8bit((struct blob){bytes + start, len}))
                    fail_msg("byte %zu of %zu from %zu", at, len, start);
                bytes[start + at] = 0;
            }
        }
}

static const struct { const char *text; size_t max; const char *cut; } cuts[] = {
    {"abc", 0, ""},
    {"abc", 2, "ab"},
    {"abc", 9, "abc"},
    {"\u6f22\u5b57", 1, "\u6f22"},
    {"\U0001f600!", 1, "\U0001f600"},
};

/* Texts are looked at in eights: what has to go, goes at every place. */
static void
test_clean_at_every_place(void **state)
{
    static const struct { const char *bytes, *clean; bool is_valid; } rows[] = {
        {"\t", "\t", true}, {"\n", "\n", true}, {"\x1f", "", true}, {"\x7f", "", true}, {"~", "~", true}, {" ", " ", true}, {"\r\n", "\n", true},
        {"\x80", "\ufffd", false}, {"\xff", "\ufffd", false}, {"\xc2\x85", "", true}, {"\u00a0", "\u00a0", true}, {"\u6f22", "\u6f22", true},
        {"\xe6\xbc", "\ufffd\ufffd", false}, {"\U0001f600", "\U0001f600", true}, {"\xed\xa0\x80", "\ufffd\ufffd\ufffd", false},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (int at = 0; at <= 17; at++) {
            const char *text = mem_printf(ctx, "%.*s%s%.*s", at, "abcdefghijklmnopq", rows[i].bytes, 17 - at, "ABCDEFGHIJKLMNOPQ");
            const char *want = mem_printf(ctx, "%.*s%s%.*s", at, "abcdefghijklmnopq", rows[i].clean, 17 - at, "ABCDEFGHIJKLMNOPQ");
            const char *clean = utf8_clean(ctx, text, strlen(text));

            if (strcmp(clean, want) != 0 || utf8_is_valid(text, strlen(text)) != rows[i].is_valid)
                fail_msg("row %zu at %d: %s", i, at, clean);
        }
    talloc_free(ctx);
}

static void
test_cuts(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cuts); i++)
        if (strcmp(utf8_cut(ctx, cuts[i].text, cuts[i].max), cuts[i].cut) != 0)
            fail_msg("row %zu", i);
    talloc_free(ctx);
}

static const struct { const char *text; size_t max; const char *joined; } splits[] = {
    {"", 9, "<>"},
    {"a", 9, "<a>"},
    {"a b", 9, "<a><b>"},
    {" a  b ", 9, "<><a><><b><>"},
    {"a b c", 2, "<a><b c>"},
};

static void
test_splits(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(splits); i++) {
        char **parts = str_split(ctx, splits[i].text, ' ', splits[i].max);
        struct str *out = str_new(ctx);

        for (size_t k = 0; parts[k] != NULL; k++)
            str_addf(out, "<%s>", parts[k]);
        if (strcmp(out->s, splits[i].joined) != 0)
            fail_msg("row %zu: %s", i, out->s);
    }
    assert_string_equal(utf8_fold_width(ctx, "\uff21\uff22\u3000\uff11\u6f22"), "AB 1\u6f22");
    talloc_free(ctx);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_8bit_at_every_place),
        cmocka_unit_test(test_clean_at_every_place),
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_splits),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

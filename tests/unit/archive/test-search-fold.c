/* test-search-fold.c - two texts that people take for the same become the same */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "archive/search-fold.h"
#include "util/str.h"

static const struct { const char *in, *out; } rows[] = {
    {"", ""},
    {"   ", ""},
    {"Plain  TEXT\t of\n\nlines ", "plain text of lines"},
    {"Ｔｈｕｎｄｅｒｂｉｒｄ", "thunderbird"},
    {"Slovácko MORAVSKÉ rodině", "slovacko moravske rodine"},
    {"e\xcc\x81tude É", "etude e"},
    {"Straße ﬁn Ⅳ ㈱ ① ½ ㎏", "strasse fin iv (株) 1 1⁄2 kg"},
    {"ひらがな と カタカナ", "ヒラガナ ト カタカナ"},
    {"ｶﾞｷﾞｸﾞ ﾊﾟｿｺﾝ", "ガギグ パソコン"},
    {"か\xe3\x82\x99", "ガ"},
    {"サーバー サ－バ－ ｻｰﾊﾞｰ サ―バ—", "サーバー サーバー サーバー サーバー"},
    {"ら〜めん ら～めん", "ラーメン ラーメン"},
    {"9月〜10月 9月～10月", "9月~10月 9月~10月"},
    {"2020‐01−02", "2020-01-02"},
    {"髙橋 渡邊 斎藤 齋藤 﨑", "高橋 渡辺 斎藤 斎藤 崎"},
    {"soft\xc2\xadhyphen 葛\xf3\xa0\x84\x80城", "softhyphen 葛城"},
    {"東京都\n庁の前", "東京都庁ノ前"},
    {"東京都\r\n庁", "東京都庁"},
    {"東京都\n\n庁", "東京都 庁"},
    {"東京\nTower", "東京 tower"},
    {"> 東京\n> 都庁", "東京都庁"},
    {"> 東京\n都庁", "東京 都庁"},
    {"東京\n> 都庁", "東京 都庁"},
    {">> one\n> > two\n> three", "one two three"},
    {"안녕\n하세요", "안녕 하세요"},
    {"คุณอยากไปดูหนัง", "คุณอยากไปดูหนัง"},
    {"ЁЛКА йод", "елка иод"},
    {"Ａ１：（テスト）", "a1:(テスト)"},
};

static void
test_rows(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (!str_eq(search_fold_text(ctx, rows[i].in), rows[i].out))
            fail_msg("row %zu: \"%s\" became \"%s\", not \"%s\"", i, rows[i].in, search_fold_text(ctx, rows[i].in), rows[i].out);
    talloc_free(ctx);
}

/* Each byte of a fold knows its letter of the original. */
static const struct { const char *in, *find, *original; } origins[] = {
    {"A  Ｂig  Café stands", "cafe", "Café"},
    {"A  Ｂig  Café stands", "big cafe", "Ｂig  Café"},
    {"ｶﾞｷﾞ と", "ガギ", "ｶﾞｷﾞ"},
    {"(㈱)", "株", "㈱"},
    {"東京\n都庁", "京都", "京\n都"},
    {"xx end", "end", "end"},
    {"A Cafe\xcc\x81 stands", "cafe", "Cafe\xcc\x81"},
};

static void
test_origins(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(origins); i++) {
        struct fold *fold = search_fold(ctx, origins[i].in, strlen(origins[i].in), true);
        const char *found = strstr(fold->text, origins[i].find);
        size_t start, end;
        char *original;

        assert_non_null(found);
        start = (size_t)(found - fold->text);
        end = start + strlen(origins[i].find);
        while (end < fold->len && fold->origins[end] == fold->origins[end - 1])
            end++;
        original = mem_strndup(ctx, origins[i].in + fold->origins[start], fold->origins[end] - fold->origins[start]);
        if (!str_eq(str_trim(ctx, original), origins[i].original))
            fail_msg("row %zu: \"%s\", not \"%s\"", i, original, origins[i].original);
        assert_int_equal(fold->origins[fold->len], strlen(origins[i].in));
    }
    talloc_free(ctx);
}

static char *
letter_text(TALLOC_CTX *ctx, uint32_t letter)
{
    struct str *text = str_new(ctx);

    if (letter < 0x80) {
        str_addc(text, (char)letter);
    } else {
        int more = letter < 0x800 ? 1 : letter < 0x10000 ? 2 : 3;

        str_addc(text, (char)((0xFF00 >> (more + 1) & 0xFF) | letter >> 6 * more));
        while (more-- > 0)
            str_addc(text, (char)(0x80 | (letter >> 6 * more & 0x3F)));
    }
    return text->s;
}

/* Beside a letter that combines with nothing, every letter folds as it does before a mark that is dropped: with and without ICU. */
static void
test_short_ways(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (uint32_t letter = 0x21; letter < 0x30000; letter++) {
        char *text, *quick, *whole;

        if ((letter >= 0xD800 && letter <= 0xDFFF) || (letter >= 0x0300 && letter <= 0x036F) || letter == '>')
            continue;
        text = letter_text(ctx, letter);
        quick = search_fold_text(text, text);
        whole = search_fold_text(text, mem_printf(text, "%s\xcd\x8f", text));      /* U+034F, which is an accent to us and nothing to Unicode */
        if (!str_eq(quick, whole))
            fail_msg("U+%04X: \"%s\" and \"%s\"", letter, quick, whole);
        talloc_free(text);
    }
    talloc_free(ctx);
}

static const struct { const char *letter; enum fold_kind kind; } kinds[] = {
    {"a", FOLD_WORD}, {"0", FOLD_WORD}, {"_", FOLD_SIGN}, {"-", FOLD_SIGN}, {"漢", FOLD_RUN}, {"ー", FOLD_RUN}, {"々", FOLD_RUN}, {"カ", FOLD_RUN},
    {"한", FOLD_RUN}, {"ห", FOLD_RUN}, {"я", FOLD_WORD}, {"ß", FOLD_WORD}, {"、", FOLD_SIGN}, {"…", FOLD_SIGN}, {"😀", FOLD_SIGN}, {"𠮷", FOLD_RUN},
};

static void
test_kinds(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        size_t at = 0, len = strlen(kinds[i].letter);
        uint32_t letter = search_fold_next(kinds[i].letter, len, &at);

        assert_int_equal(at, len);
        assert_int_equal(search_fold_before(kinds[i].letter, len), letter);
        if (search_fold_kind(letter) != kinds[i].kind)
            fail_msg("row %zu", i);
    }
}

/* Full width takes the long way: whatever stands around it, plain text folds to the same. */
static void
test_plain_text(void **state)
{
    static const char *const plain[] = {"a", "B", "7", "-", "~", "!", ">", " ", "\n", "\n>", "\t", "ア", "東", "\xcc\x81", "e\xcc\x81",
                                        "word", "Zz@[`{", "some ", "more Words ", "\x7f"};
    static const char *const wide[] = {"ａ", "Ｂ", "７", "－", "～", "！", ">", " ", "\n", "\n>", "\t", "ア", "東", "\xcc\x81", "ｅ\xcc\x81",
                                       "ｗｏｒｄ", "Ｚｚ＠［｀｛", "ｓｏｍｅ ", "ｍｏｒｅ Ｗｏｒｄｓ ", "\x7f"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    unsigned chance = 1;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct str *one = str_new(ctx), *other = str_new(ctx);
        struct fold *fold;

        for (int i = 0; i < 12; i++) {
            unsigned pick = (chance = chance * 1103515245u + 12345u) / 65536 % COUNT_OF(plain);

            str_add(one, plain[pick]);
            str_add(other, wide[pick]);
        }
        fold = search_fold(one, one->s, one->len, true);
        if (!str_eq(fold->text, search_fold_text(other, other->s)))
            fail_msg("\"%s\" became \"%s\", not \"%s\"", one->s, fold->text, search_fold_text(other, other->s));
        for (size_t i = 0; i < fold->len; i++)
            if (fold->origins[i] > fold->origins[i + 1] || fold->origins[i + 1] > one->len ||
                (isalnum((unsigned char)fold->text[i]) && tolower((unsigned char)one->s[fold->origins[i]]) != fold->text[i]))
                fail_msg("\"%s\" became \"%s\", and byte %zu there is none of byte %u", one->s, fold->text, i, fold->origins[i]);
        talloc_free(one);
        talloc_free(other);
    }
    talloc_free(ctx);
}

/* Kana and kanji in a row fold as each does by itself, whatever combines with the last. */
static void
test_rows_of_letters(void **state)
{
    static const struct { uint32_t from, to; } scripts[] = {{0x3041, 0x3096}, {0x30A1, 0x30FA}, {0x4E00, 0x9FFF}, {0x30FB, 0x30FF}, {0x3400, 0x3410}};
    TALLOC_CTX *ctx = talloc_new(NULL);
    unsigned chance = 1;

    (void)state;
    for (int round = 0; round < 4000; round++) {
        struct str *all = str_new(ctx), *alone = str_new(all);
        struct fold *fold;

        for (int i = 0, count = round % 100; i < count; i++) {
            uint32_t draw = (chance = chance * 1103515245u + 12345u) / 256, script = round % 7 == 0 ? draw % COUNT_OF(scripts) : draw % 3;
            uint32_t letter = scripts[script].from + draw / 8 % (scripts[script].to - scripts[script].from + 1);
            char *one = letter_text(all, letter);

            if (i + 1 == count && round % 3 == 0)
                one = mem_printf(all, "%s\xe3\x82\x99", one);      /* the mark that makes it a voiced one */
            str_add(all, one);
            str_add(alone, search_fold_text(all, one));
        }
        fold = search_fold(all, all->s, all->len, true);
        if (!str_eq(fold->text, alone->s))
            fail_msg("\"%s\" became \"%s\", not \"%s\"", all->s, fold->text, alone->s);
        for (size_t i = 0; i < fold->len; i++)
            if (fold->origins[i] > fold->origins[i + 1] || (all->s[fold->origins[i]] & 0xC0) == 0x80)
                fail_msg("\"%s\": byte %zu is of byte %u", all->s, i, fold->origins[i]);
        talloc_free(all);
    }
    talloc_free(ctx);
}

static void
test_bounds(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *many = str_new(ctx);

    (void)state;
    str_add(many, "z");
    for (int i = 0; i < 100000; i++)
        str_add(many, "\xcc\x81");
    str_add(many, "b");
    assert_string_equal(search_fold_text(ctx, many->s), "zb");
    str_clear(many);
    for (int i = 0; i < 10000; i++)
        str_add(many, "ﷺ");
    assert_int_equal(strlen(search_fold_text(ctx, many->s)), 10000 * strlen("صلى الله عليه وسلم"));
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_origins), cmocka_unit_test(test_short_ways),
                                       cmocka_unit_test(test_kinds), cmocka_unit_test(test_plain_text),
                                       cmocka_unit_test(test_rows_of_letters), cmocka_unit_test(test_bounds)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test-search-words.c - what a post is found by */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "archive/search-words.h"
#include "util/clock.h"
#include "util/str.h"

#define AT_US (INT64_C(1780000000) * US_PER_S)

static struct search_words
words_of(TALLOC_CTX *ctx, const char *subject, const char *text)
{
    struct search_doc doc = {.list_id = 42, .at_us = AT_US, .subject = subject, .text = text, .name = "", .address = ""};
    struct search_words words;

    search_words_of(ctx, &doc, &words);
    return words;
}

static bool
has(const char *words, const char *lexeme)
{
    size_t len = strlen(lexeme);

    for (; *words != '\0'; words = strchr(words, '\n') + 1)
        if (strncmp(words, lexeme, len) == 0 && words[len] == '\n')
            return true;
    return false;
}

static const struct { const char *text, *there[8], *not_there[8]; } rows[] = {
    {"東京都の", {"東京", "京都", "都ノ", "ノ"}, {"東", "京", "東京都"}},
    {"楽", {"楽"}, {NULL}},
    {"The quick foo-bar", {"the", "quick", "foo", "bar"}, {"foo-bar", "fo"}},
    {"PostgreSQLの設定", {"postgresql", "ノ設", "設定", "定"}, {"lノ"}},
    {"O'Neill \\x", {"o", "neill", "x"}, {NULL}},
    {"write to Sato@Example.ORG.", {"write", "sato", "Asato@example.org", "A@example.org"}, {"example", "org", "example.org"}},
    {"http://example.org/a?b=c", {"http", "example", "org", "a", "b", "c"}, {NULL}},
    {"連絡先sato@example.org", {"連絡", "先", "sato", "Asato@example.org"}, {"example"}},
    {"先@example.org", {"A@example.org"}, {"example"}},
    {"한국어 ห", {"한국", "국어", "어", "ห"}, {NULL}},
};

static void
test_rows(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct search_words words = words_of(ctx, "", rows[i].text);

        for (size_t k = 0; rows[i].there[k] != NULL; k++)
            if (!has(words.words, rows[i].there[k]))
                fail_msg("row %zu: %s is not in %s", i, rows[i].there[k], words.words);
        for (size_t k = 0; rows[i].not_there[k] != NULL; k++)
            if (has(words.words, rows[i].not_there[k]))
                fail_msg("row %zu: %s is in %s", i, rows[i].not_there[k], words.words);
        assert_false(words.is_cut);
    }
    talloc_free(ctx);
}

static void
test_fields(void **state)
{
    static const char *const there[] = {"Shall", "hall", "Sノ", "F佐藤", "佐藤", "Esato", "Esato@example.org", "Asato@example.org", "Ttanaka", "Ttanaka@example.com",
                                        "Nmap", "map", "Hattachment", "Gja", "Mabc@x", "L42", "B13.217285", "B28.6"};
    static const char *const absent[] = {"tanaka", "Atanaka@example.com", "sato", "Fsato", "example", "Fhall"};
    struct search_doc doc = {42, AT_US, "Abc@X", "hall の", "佐藤", "sato@example.org", "Tanaka <tanaka@example.com>", "map.pdf", "text",
                             "ja", true};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct search_words words;

    (void)state;
    search_words_of(ctx, &doc, &words);
    for (size_t i = 0; i < COUNT_OF(there); i++)
        if (!has(words.words, there[i]))
            fail_msg("%s is not in %s", there[i], words.words);
    for (size_t i = 0; i < COUNT_OF(absent); i++)
        if (has(words.words, absent[i]))
            fail_msg("%s is in %s", absent[i], words.words);
    assert_string_equal(words.folded, " Hattachment Gja Mabc@x Asato@example.org A@example.org \ntanaka <tanaka@example.com>\nsato@example.org\n"
                                      "佐藤\nhall ノ\nmap.pdf\ntext");
    talloc_free(ctx);
}

/* What is too much is left out, and said. */
static void
test_bounds(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *text = str_new(ctx);
    struct search_words words;

    (void)state;
    for (int i = 0; i < 200000; i++)
        str_addf(text, "%x ", (unsigned)(i * 2654435761u));
    words = words_of(ctx, "", text->s);
    assert_true(words.is_cut);
    assert_true(strlen(words.folded) <= SEARCH_TEXT_MOST + 100);
    str_clear(text);
    for (int i = 0; i < 290000; i++)
        str_addf(text, "%c", "abcdefghij"[i % 10]);
    words = words_of(ctx, "", text->s);
    assert_false(words.is_cut);
    assert_true(strlen(words.words) < 1000);
    str_clear(text);
    for (int i = 0; i < 90000; i++)
        str_addf(text, "\xe4%c%c", 0xb8 + i / 64 / 64 % 6, 0x80 + i % 64);
    assert_false(words_of(ctx, "", text->s).is_cut);
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_fields), cmocka_unit_test(test_bounds)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test-search-show.c - what was found, marked on the text as it was written */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/out.h"
#include "web/search-show.h"

/* Hits stand in [brackets]. */
static const struct { const char *query, *text, *shown; bool is_found; } rows[] = {
    {"会場", "来週の練習会場は市民会館です。", "来週の練習[会場]は市民会館です。", true},
    {"ｶﾞｲﾄﾞ café", "ガイド の CAFE", "[ガイド] の [CAFE]", true},
    {"がいど", "ｶﾞｲﾄﾞ", "[ｶﾞｲﾄﾞ]", true},
    {"株", "㈱山田", "[㈱]山田", true},
    {"東京都庁", "東京都\n庁の前", "[東京都 庁]の前", true},
    {"\"two words\"", "Two\nwords, two  Words", "[Two words], [two  Words]", true},
    {"-x2 y3", "x2 y3", "x2 [y3]", true},
    {"subject:abc", "abc", "[abc]", true},
    {"absent", "the beginning", "the beginning", false},
    {"from:sato", "sato", "[sato]", true},
    {"to:sato", "sato", "sato", false},
};

static char *
shown(TALLOC_CTX *ctx, const struct out *list)
{
    struct str *text = str_new(ctx);

    for (const struct out *row = list->first; row != NULL; row = row->next)
        str_addf(text, out_get(row, "is_hit")->number != 0 ? "[%s]" : "%s", out_get(row, "text")->text);
    return text->s;
}

static char *
pieces(TALLOC_CTX *ctx, const char *query_text, const char *text, size_t most, bool *is_found_r)
{
    struct out *list = out_rows(out_new(ctx), "rows");
    struct query_fault fault;
    struct query *query;

    assert_true(query_read(ctx, query_text, &query, &fault));
    *is_found_r = search_show_pieces(list, query, text, most);
    return shown(ctx, list);
}

static void
test_pieces(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool is_found;
        char *text = pieces(ctx, rows[i].query, rows[i].text, 100, &is_found);

        if (!str_eq(text, rows[i].shown) || is_found != rows[i].is_found)
            fail_msg("row %zu: %s", i, text);
    }
    talloc_free(ctx);
}

/* Of a long text the part around the first of what was found. */
static void
test_window(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *text = str_new(ctx);
    char *part;
    bool is_found;

    (void)state;
    for (int i = 0; i < 100; i++)
        str_addf(text, "word%d 長い文章 ", i);
    part = pieces(ctx, "word50", text->s, 60, &is_found);
    assert_true(is_found);
    assert_true(strncmp(part, "…", strlen("…")) == 0 && strstr(part, "[word50]") != NULL && str_ends(part, "…"));
    assert_in_range(utf8_length(part), 50, 70);
    part = pieces(ctx, "absent", text->s, 60, &is_found);
    assert_true(!is_found && strncmp(part, "word0 長い", 10) == 0);
    talloc_free(ctx);
}

/* A long text is looked at in parts: wherever two words stand in it, alone or beside others, both are found and neither in two. */
static void
test_parts(void **state)
{
    static const char *const fillers[] = {"words of it ", "長い文章の中に", "a"};

    (void)state;
    for (size_t filler = 0; filler < COUNT_OF(fillers); filler++)
        for (size_t before = 0; before < 9000; before += before < 1600 || (before > 2100 && before < 7700) ? 331 : 7) {
            TALLOC_CTX *ctx = talloc_new(NULL);
            struct str *text = str_new(ctx);
            char *part;
            bool is_found;

            while (text->len < before)
                str_add(text, fillers[filler]);
            str_add(text, " 会場 und ÜBUNG2 ");
            while (text->len < 12000)
                str_add(text, fillers[filler]);
            part = pieces(ctx, "会場 übung2", text->s, 220, &is_found);
            if (!is_found || strstr(part, "[会場] und [ÜBUNG2]") == NULL)
                fail_msg("behind %zu bytes: %s", before, part);
            pieces(ctx, "ubun OR words1", text->s, 220, &is_found);
            assert_false(is_found);
            talloc_free(ctx);
        }
}

static const struct { const char *fragment, *open, *hidden; } fragments[] = {
    {"<div class=\"text\">One &lt;two&gt;<br>&amp; three</div>", "\nOne <two>\n& three\n", "\nOne <two>\n& three\n"},
    {"a <a href=\"https://x.example/\">link</a> b", "a link b", "a link b"},
    {"to \x03sato\x04people.example.org\x05!", "to sato@people.example.org!", "to sato@…!"},
    {"<summary>\x01" "12\x02</summary>x\x06" "WORD\x02y", "\n\nxy", "\n\nxy"},
    {"x@\x0e" "host.example\x0f y", "x@host.example y", "x@… y"},
    {"&unknown; \x04", "&unknown; @", "&unknown; @"},
};

static void
test_plain_text(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(fragments); i++)
        if (!str_eq(search_plain_text(ctx, fragments[i].fragment, false), fragments[i].open) ||
            !str_eq(search_plain_text(ctx, fragments[i].fragment, true), fragments[i].hidden))
            fail_msg("row %zu: \"%s\"", i, search_plain_text(ctx, fragments[i].fragment, false));
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pieces), cmocka_unit_test(test_window), cmocka_unit_test(test_parts),
                                       cmocka_unit_test(test_plain_text)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

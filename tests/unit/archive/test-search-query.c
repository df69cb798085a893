/* test-search-query.c - what people write into a search field, and what it finds */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "archive/search-query.h"
#include "util/clock.h"
#include "util/str.h"
#include "util/when.h"

static struct query *
read_query(TALLOC_CTX *ctx, const char *text)
{
    struct query_fault fault;
    struct query *query;
    struct query_list list = {"orchestra", "lists.example.org", 42};

    if (!query_read(ctx, text, &query, &fault))
        fail_msg("\"%s\": %s (%s, %zu)", text, fault.sentence, fault.word, fault.place);
    query_name_lists(query, &list, 1);
    return query;
}

/* The question for members of everything; "=" before it: the index alone knows. */
static const struct { const char *text, *question; } questions[] = {
    {"hello", "='hello'"},
    {"Hello WORLD", "=('hello' & 'world')"},
    {"ＨＥＬＬＯ　ｗｏｒｌｄ", "=('hello' & 'world')"},
    {"東京", "='東京'"},
    {"楽", "='楽':*"},
    {"東京都", "('東京' & '京都')"},
    {"とうきょう", "('トウ' & 'ウキ' & 'キョ' & 'ョウ')"},
    {"\"東京\"", "='東京'"},
    {"「東京都」", "('東京' & '京都')"},
    {"\"two words\"", "('two' & 'words')"},
    {"foo-bar", "('foo' & 'bar')"},
    {"A東", "'a'"},
    {"docu*", "='docu':*"},
    {"-spam", "=!'spam'"},
    {"ham -\"cheap spam\"", "('ham')"},
    {"ham −spam", "=('ham' & !'spam')"},
    {"a1 OR b2", "=('a1' | 'b2')"},
    {"a1 ＯＲ b2 c3", "=('a1' | ('b2' & 'c3'))"},
    {"(a1 OR b2) c3", "=(('a1' | 'b2') & 'c3')"},
    {"a1 AND b2 NOT c3", "=('a1' & 'b2' & !'c3')"},
    {"subject:予算", "='S予算'"},
    {"件名：予算", "='S予算'"},
    {"subject:(a1 b2)", "=('Sa1' & 'Sb2')"},
    {"subject:\"a1 b2\"", "('Sa1' & 'Sb2')"},
    {"body:a1", "'a1'"},
    {"from:佐藤", "=('F佐藤' | 'E佐藤')"},
    {"from:sato@example.org", "('Fsato' & 'Asato@example.org' | 'Esato@example.org')"},
    {"to:tanaka", "='Ttanaka'"},
    {"sato@Example.org", "='Asato@example.org'"},
    {"@example.org", "='A@example.org'"},
    {"has:attachment", "='Hattachment'"},
    {"has:添付", "='Hattachment'"},
    {"lang:ja", "='Gja'"},
    {"id:<Abc@x>", "='Mabc@x'"},
    {"<abc@x.y>", "=('Mabc@x.y' | 'Aabc@x.y')"},
    {"list:orchestra", "='L42'"},
    {"list:orchestra@lists.example.org", "='L42'"},
    {"list:nowhere", "none"},
    {"-list:nowhere", "="},
    {"before:2026-11-21", "="},
    {"-before:2026-11-21", ""},
    {"x1 after:2026 OR y1", "(('x1') | 'y1')"},
    {"o'neill", "('o' & 'neill')"},
    {"http://a.b/c", "('http' & 'a' & 'b' & 'c')"},
    {"c++", "'c'"},
    {"設定、", "='設定'"},
    {"foo.", "='foo'"},
    {"f(x)", "('f' & 'x')"},
    {"(f(x) y1)", "(('f' & 'x') & 'y1')"},
    {"", "none"},
};

static void
test_questions(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(questions); i++) {
        struct query *query = read_query(ctx, questions[i].text);
        bool is_exact;
        char *question = query_question(ctx, query, BELONGS_EVERYWHERE, &is_exact);
        const char *said = question == NULL ? "none" : mem_printf(ctx, "%s%s", is_exact ? "=" : "", question);

        if (str_eq(questions[i].text, "from:sato@example.org"))
            continue;       /* told in test_closed */
        if (!str_eq(said, questions[i].question))
            fail_msg("row %zu: \"%s\" became \"%s\", not \"%s\"", i, questions[i].text, said, questions[i].question);
    }
    talloc_free(ctx);
}

/* What is said of that which is no query: the letter where it is. */
static const struct { const char *text, *word; size_t place; } faults[] = {
    {"one \"two", "\"", 5}, {"東京「大", "「", 3}, {"(one", "(", 1}, {"one OR", "OR", 5}, {"(one OR ) two", ")", 9}, {"AND", "AND", 1}, {"OR one", "OR", 1}, {"one -", "-", 5},
    {"subject: one", "subject:", 1}, {"→", "→", 1}, {"a*", "a", 1}, {"before:tomorrow", "tomorrow", 8}, {"date:2026-13", "2026-13", 6},
    {"date:2026-02-30", "2026-02-30", 6}, {"date:..", "..", 6}, {"has:cats", "cats", 5}, {"lang:japanese", "japanese", 6}, {"()", ")", 2},
    {"((((((((((( x", "", 11}, {"件名:", "件名:", 1},
};

static void
test_faults(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *many = str_new(ctx);
    struct query_fault fault;
    struct query *query;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        if (query_read(ctx, faults[i].text, &query, &fault))
            fail_msg("row %zu: \"%s\" is no query", i, faults[i].text);
        if (!str_eq(fault.word, faults[i].word) || fault.place != faults[i].place)
            fail_msg("row %zu: \"%s\" at %zu", i, fault.word, fault.place);
    }
    for (int i = 0; i < 41; i++)
        str_addf(many, "w%d ", i);
    assert_false(query_read(ctx, many->s, &query, &fault));
    for (int i = 0; i < 1000; i++)
        str_add(many, "x");
    assert_false(query_read(ctx, many->s, &query, &fault));
    talloc_free(ctx);
}

static const struct search_doc doc = {
    .list_id = 42, .message_id = "abc@people.example.org", .subject = "練習会場の変更について", .name = "佐藤 花子", .address = "sato@example.org",
    .recipients = "Orchestra <orchestra@lists.example.org>", .files = "地図.pdf",
    .text = "来週の練習は東京都\n庁前の市民会館ではなく…\nPlease see C++ and foo-bar.\nWrite to tanaka@example.com!\n", .language = "ja", .has_attachment = true,
};

static const struct { const char *text; bool belongs, is_met; } meetings[] = {
    {"練習", false, true}, {"れんしゅう", false, false}, {"東京都庁", false, true}, {"京都", false, true}, {"大阪", false, false},
    {"庁前", false, true}, {"カイ", false, false}, {"please", false, true}, {"pleas", false, false}, {"pleas*", false, true}, {"lease", false, false},
    {"c++", false, true}, {"c#", false, false}, {"\"foo-bar\"", false, true}, {"\"foo bar\"", false, false}, {"\"see c\"", false, true},
    {"\"ee c\"", false, false}, {"subject:練習会場", false, true}, {"subject:市民", false, false}, {"body:練習会場", false, false},
    {"body:市民会館", false, true}, {"filename:地図", false, true}, {"filename:pdf", false, true}, {"from:花子", false, true}, {"from:sato", false, false},
    {"from:sato", true, true}, {"from:sato@example.org", false, false}, {"from:sato@example.org", true, true}, {"from:@example.org", true, true},
    {"sato@example.org", true, true}, {"tanaka@example.com", true, true}, {"tanaka@example.com", false, false}, {"@example.com", true, true},
    {"example", true, false}, {"tanaka", false, true}, {"\"write to tanaka@example.com\"", true, true}, {"\"write to tanaka@example.com\"", false, false},
    {"\"write to tanaka@example.net\"", true, false}, {"to:orchestra", true, true}, {"to:orchestra", false, false}, {"-from:sato", false, true},
    {"-from:sato", true, false}, {"has:attachment", false, true}, {"lang:ja", false, true}, {"lang:en", false, false},
    {"id:abc@people.example.org", false, true}, {"list:orchestra", false, true}, {"-大阪 練習", false, true}, {"大阪 OR 練習", false, true},
    {"大阪 OR 神戸", false, false}, {"before:2026-01-02 練習", false, true}, {"before:2026-01-01", false, false}, {"after:2026-01-01", false, true},
    {"after:2026-01-02", false, false}, {"date:2026", false, true}, {"date:2026-01", false, true}, {"date:2026-01-01", false, true},
    {"date:2025-12-31..2026-01-01", false, true}, {"date:..2025", false, false}, {"date:2026-01-01..", false, true}, {"date:2026/1/1", false, true},
    {"楽", false, false}, {"都", false, true}, {"ゼ", false, false},
};

/* Decided on the text, and never missed by the index: every lexeme that the question wants is there. */
static void
test_meetings(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct search_words words;
    struct search_doc dated = doc;

    (void)state;
    assert_true(when_read_day("2026-01-01", &dated.at_us));
    dated.at_us += 3600 * US_PER_S;
    search_words_of(ctx, &dated, &words);
    for (size_t i = 0; i < COUNT_OF(meetings); i++) {
        struct query_candidate candidate = {words.folded, dated.at_us, 42, meetings[i].belongs};

        if (query_meets(read_query(ctx, meetings[i].text), &candidate) != meetings[i].is_met)
            fail_msg("row %zu: %s", i, meetings[i].text);
    }
    talloc_free(ctx);
}

/* Who belongs to no list asks for nothing that is closed. */
static const struct { const char *text; enum query_belonging belonging; const char *question; } closed[] = {
    {"sato@example.org", BELONGS_NOWHERE, "none"},
    {"sato@example.org", BELONGS_TO_SOME, "'Asato@example.org'"},
    {"from:sato", BELONGS_NOWHERE, "=('Fsato')"},
    {"from:sato", BELONGS_TO_SOME, "('Fsato' | 'Esato')"},
    {"-from:sato", BELONGS_NOWHERE, "=!('Fsato')"},
    {"-from:sato", BELONGS_TO_SOME, ""},
    {"to:sato", BELONGS_NOWHERE, "none"},
    {"from:sato@example.org", BELONGS_EVERYWHERE, "(('Asato@example.org' & 'Fsato') | 'Esato@example.org')"},
};

static void
test_closed(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(closed); i++) {
        bool is_exact;
        char *question = query_question(ctx, read_query(ctx, closed[i].text), closed[i].belonging, &is_exact);
        const char *said = question == NULL ? "none" : mem_printf(ctx, "%s%s", is_exact ? "=" : "", question);

        if (!str_eq(said, closed[i].question))
            fail_msg("row %zu: \"%s\" became \"%s\", not \"%s\"", i, closed[i].text, said, closed[i].question);
    }
    talloc_free(ctx);
}

static void
test_bounds_of_time(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int64_t from, until;
    struct query *query = read_query(ctx, "x1 after:2026-11 before:2027");

    (void)state;
    assert_true(when_read_day("2026-11-01", &from) && when_read_day("2027-01-01", &until));
    assert_int_equal(query->from_us, from);
    assert_int_equal(query->until_us, until);
    query = read_query(ctx, "date:2026-12-31");
    assert_int_equal(query->until_us, until);
    query = read_query(ctx, "date:2026-12-31 OR x1");
    assert_int_equal(query->until_us, INT64_MAX);
    talloc_free(ctx);
}

/* Marks stand in order, and none in another. */
static void
test_places(void **state)
{
    static const char text[] = "東京都庁ノ前 see foo and foobar, foo";
    struct query_place places[8];
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t count = query_places(read_query(ctx, "foo 京都 東京都 -see subject:nothing"), text, strlen(text), places, COUNT_OF(places));

    (void)state;
    assert_int_equal(count, 3);
    assert_int_equal(places[0].start, strlen("東"));
    assert_memory_equal(text + places[1].start, "foo and", 7);
    assert_int_equal(places[2].end, strlen(text));
    assert_int_equal(query_places(read_query(ctx, "foo"), text, strlen(text), places, 1), 1);
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_questions), cmocka_unit_test(test_faults), cmocka_unit_test(test_meetings), cmocka_unit_test(test_closed),
        cmocka_unit_test(test_bounds_of_time), cmocka_unit_test(test_places)};

    mem_init();
    when_zone("Asia/Tokyo");
    return cmocka_run_group_tests(tests, NULL, NULL);
}

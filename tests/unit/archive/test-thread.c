/* test-thread.c - which message answers which: rows of messages and the threads they make, in every order */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "forest.h"
#include "mime/normal.h"
#include "util/crypto.h"
#include "util/str.h"

enum { TIMES = 60 };

/* "ID: REFERENCES ; IN-REPLY-TO ; INDEX ; MARK", one a line, a day apart. INDEX is R and a letter for each level. */
static size_t
read_sent(TALLOC_CTX *ctx, const char *text, struct sent **sent_r)
{
    char **lines = str_split(ctx, text, '\n', 100);
    struct sent *sent = mem_array(ctx, struct sent, 100);
    size_t count = 0;

    for (size_t i = 0; lines[i] != NULL; i++) {
        char **halves = str_split(ctx, lines[i], ':', 2);
        char **parts = halves[1] != NULL ? str_split(ctx, halves[1], ';', 4) : NULL;
        struct summary summary = {.to = mem_new(ctx, struct address_list), .cc = mem_new(ctx, struct address_list),
                                  .from = mem_new(ctx, struct address_list), .references = mem_array(ctx, const char *, 210)};
        const char *own[4] = {"", "", "", ""};
        char **references;

        if (halves[0][0] == '\0')
            continue;
        for (size_t k = 0; parts != NULL && k < 4 && parts[k] != NULL; k++)
            own[k] = str_trim(ctx, parts[k]);
        references = str_split(ctx, own[0], ' ', 200);
        for (size_t k = 0; references[k] != NULL; k++)
            if (references[k][0] != '\0')
                summary.references[summary.reference_count++] = references[k];
        summary.in_reply_to = own[1][0] != '\0' ? own[1] : NULL;
        sent[count] = (struct sent){.id = halves[0], .answers = thread_answers(ctx, &summary, halves[0]),
                                    .mark = blob_of(own[3]), .written_us = (int64_t)(i + 1) * 86400000000};
        if (own[2][0] != '\0') {
            struct str *index = str_new(ctx);

            for (int k = 0; k < THREAD_INDEX_ROOT; k++)
                str_addc(index, own[2][0]);
            for (const char *p = own[2] + 1; *p != '\0'; p++)
                for (int k = 0; k < THREAD_INDEX_STEP; k++)
                    str_addc(index, *p);
            sent[count].index = str_blob(index);
        }
        if (own[3][0] != '\0')
            sent[count].name = mem_printf(ctx, "%s/%s", halves[0], own[3]);
        count++;
    }
    *sent_r = sent;
    return count;
}

static const struct row {
    const char *what, *sent, *orders, *tree;    /* orders: "ID UNDER", or "ID" to begin a thread, separated by commas */
} rows[] = {
    {"an answer, and an answer to it", "a\nb: a\nc: a b", "", "a\n  b\n    c\n"},
    {"In-Reply-To alone", "a\nb: ; a", "", "a\n  b\n"},
    {"nothing in common", "a\nb\nc: b", "", "a\nb\n  c\n"},
    {"two answers to what is not here", "b: x\nc: x", "", "-\n  b\n  c\n"},
    {"one answer to what is not here", "b: x", "", "-\n  b\n"},
    {"by a chain with absent links", "b: x y z\nc: x\nd: y", "", "-\n  b\n  c\n  d\n"},
    {"chains that overlap", "a: w x\nb: x y\nc: y z\nd: z", "", "-\n  a\n  b\n  c\n  d\n"},
    {"others know what stands behind it", "a\nb: a x\nc: x\nd: ; x", "", "a\n  -\n    b\n    c\n    d\n"},
    {"by two steps", "a\nb: a x\nc: x y\nd: y", "", "a\n  b\n  -\n    c\n    d\n"},
    {"an absent link in the middle", "a\nb: a x", "", "a\n  b\n"},
    {"the most named counts", "a\nb\nc: a x\nd: b x\ne: b x\nf: x", "", "a\n  c\nb\n  -\n    d\n    e\n    f\n"},
    {"one each: the lesser name", "a\nb\nc: b x\nd: a x\nf: x", "", "a\n  -\n    d\n    f\nb\n  c\n"},
    {"nobody else moves a message", "a\nb\nc: a b\nd: b a", "", "a\n  d\nb\n  c\n"},
    {"In-Reply-To before another reference, when it is here", "a\nb: a\nc: a ; b", "", "a\n  b\n    c\n"},
    {"not when it is not here", "a\nb: a\nc: a b ; x", "", "a\n  b\n    c\n"},
    {"references in the wrong order", "root\nchild: ; root\ngrand: child root ; child", "", "root\n  child\n    grand\n"},
    {"itself", "a: a ; a", "", "a\n"},
    {"itself among others", "a\nb: a b ; b", "", "a\n  b\n"},
    {"a circle of two", "a: b\nb: a", "", "b\n  a\n"},
    {"a circle of three, and what hangs on it", "a: b\nb: c\nc: a\nd: a", "", "c\n  b\n    a\n      d\n"},
    {"a circle through what is not here", "a: x\nb: a\nc: b x\nd: x", "", "-\n  a\n    b\n      c\n  d\n"},
    {"two that wait for each other", "a: x\nb: a y\nc: y\nd: c x", "", "-\n  c\n    -\n      a\n        b\n      d\n"},
    {"named twice", "a\nb: a a a ; a", "", "a\n  b\n"},
    {"copies stand side by side", "a: ; ; ; 2\na: ; ; ; 1\nb: a", "", "a/2\na/1\n  b\n"},
    {"the copy that speaks", "r\na: x ; ; ; 2\na: r ; ; ; 1\nb: a", "", "r\n  a/2\n  a/1\n    b\n"},

    {"Thread-Index: a parent", "a: ; ; R\nb: ; ; Rx\nc: ; ; Rxy", "", "a\n  b\n    c\n"},
    {"Thread-Index: the parent's parent", "a: ; ; R\nc: ; ; Rxy", "", "a\n  c\n"},
    {"Thread-Index: only where names do not help", "a: ; ; R\nb\nc: b ; ; Rx", "", "a\nb\n  c\n"},
    {"Thread-Index: what it names is not here", "a: ; ; R\nb: q ; ; Rx", "", "a\n  b\n"},
    {"Thread-Index: others know what it names", "a: ; ; R\nb: q ; ; Rx\nc\nd: c q", "", "a\nc\n  -\n    b\n    d\n"},
    {"Thread-Index: the first is not here", "b: ; ; Rx\nc: ; ; Ry\nd: ; ; Sx", "", "-\n  b\n  c\nd\n"},
    {"Thread-Index: one of the conversation has its place", "a\nb: a ; ; Rx\nc: ; ; Ry", "", "a\n  b\n    c\n"},
    {"Thread-Index: with others that name the same", "a: ; ; R\nb: q ; ; Rx\nc: q", "", "a\n  -\n    b\n    c\n"},
    {"Thread-Index: against a name", "a: b ; ; R\nb: ; ; Rx", "", "b\n  a\n"},

    {"an owner splits", "a\nb: a\nc: a b\nd: a", "b", "a\n  d\nb\n  c\n"},
    {"an owner reattaches", "a\nb: a\nc: a\nd: a c", "d b", "a\n  b\n    d\n  c\n"},
    {"an owner joins", "a\nb\nc: b", "b a", "a\n  b\n    c\n"},
    {"an owner joins what is not here yet", "a\nb: x\nc: x", "x a", "a\n  -\n    b\n    c\n"},
    {"it comes", "a\nx\nb: x\nc: x", "x a", "a\n  x\n    b\n    c\n"},
    {"an owner takes one from those that wait", "a: x\nb: x\nc: b", "b", "-\n  a\nb\n  c\n"},
    {"and what it names comes", "x\na: x\nb: x\nc: b", "b", "x\n  a\nb\n  c\n"},
    {"its words do not count for others", "r\na: r x\nb: x", "a", "r\na\n-\n  b\n"},
    {"an owner's parent is not here", "a\nb: a", "b gone", "a\n  b\n"},
    {"an owner's circle is cut elsewhere", "a\nb: a\nc: b", "a c", "c\n  a\n    b\n"},
    {"two orders against each other", "a\nb", "a b,b a", "b\n  a\n"},
};

static size_t
read_orders(TALLOC_CTX *ctx, const char *text, struct thread_order **orders_r)
{
    char **items = str_split(ctx, text, ',', 20);
    size_t count = 0;

    *orders_r = mem_array(ctx, struct thread_order, 20);
    for (size_t i = 0; items[i] != NULL; i++) {
        char **ids = str_split(ctx, items[i], ' ', 2);

        if (ids[0][0] != '\0')
            (*orders_r)[count++] = (struct thread_order){ids[0], ids[1]};
    }
    return count;
}

static void
threads(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct thread_order *orders;
        struct sent *sent;
        size_t count = read_sent(ctx, rows[i].sent, &sent), order_count = read_orders(ctx, rows[i].orders, &orders);
        char *text = forest_checked(ctx, rows[i].what, sent, count, orders, order_count, TIMES);

        if (strcmp(text, rows[i].tree) != 0)
            print_error("row %zu, %s:\n%s, not\n%s", i, rows[i].what, text, rows[i].tree);
        wrong += strcmp(text, rows[i].tree) != 0;
        talloc_free(ctx);
    }
    assert_int_equal(wrong, 0);
}

/* Random messages that name each other, and some that never come; each must be in exactly one line. */
static void
any_set(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 150; seed++) {
        enum { MESSAGES = 30, NAMES = 40 };
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct sent *sent = mem_array(ctx, struct sent, MESSAGES);
        size_t *dice = forest_order(ctx, 20000, seed), at = 0, lines = 0;
        char *text;

        for (size_t i = 0; i < MESSAGES; i++) {
            const char **answers = mem_array(ctx, const char *, 4);
            size_t count = dice[at++] % 4, kept = 0;

            for (size_t k = 0; k < count; k++) {
                size_t other = dice[at++] % NAMES;

                if (other != i)
                    answers[kept++] = mem_printf(ctx, "m%02zu", other);
            }
            sent[i] = (struct sent){.id = mem_printf(ctx, "m%02zu", i), .answers = {answers, kept}, .written_us = (int64_t)(dice[at++] % 20),
                                    .mark = blob_of("")};
            if (dice[at] % 3 == 0) {
                sent[i].index = blob_of(mem_printf(ctx, "%c%021d%05zu%05zu", dice[at + 1] % 2 ? 'R' : 'S', 0, dice[at + 2] % 2, dice[at + 3] % 3));
                sent[i].index.len -= dice[at + 4] % 2 * THREAD_INDEX_STEP;
            }
            at += 5;
        }
        text = forest_checked(ctx, "any set", sent, MESSAGES, NULL, 0, 20);
        for (const char *p = text; (p = strchr(p, 'm')) != NULL; p++)
            lines++;
        if (lines != MESSAGES)
            fail_msg("seed %u: %zu messages, not %d:\n%s", seed, lines, MESSAGES, text);
        talloc_free(ctx);
    }
}

static void
many_references(void **state)
{
    enum { ALL = 5000 };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *text = str_new(ctx);
    struct summary *summary;
    struct text_array answers;

    (void)state;
    str_add(text, "Message-ID: <own@x>\nReferences:");
    for (int i = 0; i < ALL; i++)
        str_addf(text, " <%04d@x>\n", i);
    str_add(text, "\nbody\n");
    summary = summary_read(ctx, message_parse(ctx, normal_copy(ctx, str_blob(text), NULL)));
    answers = thread_answers(ctx, summary, "own@x");
    assert_int_equal(answers.count, THREAD_ANSWERS_MOST);
    assert_string_equal(answers.items[0], "4999@x");
    assert_string_equal(answers.items[THREAD_ANSWERS_MOST - 1], "4800@x");
    talloc_free(ctx);
}

static void
headers(void **state)
{
    static const struct { const char *header, *answers; size_t index; } heads[] = {
        {"In-Reply-To: <a@x>\nReferences: <b@x> <c@x>\n", "a@x c@x b@x", 0},
        {"In-Reply-To: Message from Hana <HANA@example.jp>\nTo: hana@example.jp\nReferences: <b@x>\n", "b@x", 0},
        {"In-Reply-To: <own@x>\nReferences: <own@x> <a@x> <a@x>\n", "a@x", 0},
        {"Thread-Index: AQIDBAUGBwgJCgsMDQ4PEBESExQVFg==\n", "", 22},
        {"Thread-Index: AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGQ==\n", "", 0},
        {"Thread-Index: not base64!\n", "", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *text = mem_printf(ctx, "Message-ID: <own@x>\n%s\nbody\n", heads[i].header);
        struct summary *summary = summary_read(ctx, message_parse(ctx, normal_copy(ctx, blob_of(text), NULL)));
        struct text_array answers = thread_answers(ctx, summary, "own@x");
        struct str *joined = str_new(ctx);

        for (size_t k = 0; k < answers.count; k++)
            str_addf(joined, "%s%s", k > 0 ? " " : "", answers.items[k]);
        if (strcmp(joined->s, heads[i].answers) != 0 || thread_index(ctx, summary->thread_index).len != heads[i].index)
            fail_msg("row %zu: \"%s\", index %zu", i, joined->s, thread_index(ctx, summary->thread_index).len);
        talloc_free(ctx);
    }
}

/* A chain as long as a thread that is read whole, and as many answers to one: in bounded time, without recursion. */
static void
large_threads(void **state)
{
    enum { MESSAGES = 10000 };

    (void)state;
    for (int chain = 0; chain < 2; chain++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct sent *sent = mem_array(ctx, struct sent, MESSAGES);
        char *text;
        size_t lines = 0;

        for (size_t i = 0; i < MESSAGES; i++) {
            const char **answers = mem_array(ctx, const char *, 1);

            answers[0] = mem_printf(ctx, "%06zu", chain && i > 0 ? i - 1 : 999999);
            sent[i] = (struct sent){.id = mem_printf(ctx, "%06zu", i), .name = "m", .answers = {answers, 1}, .written_us = (int64_t)i + 1,
                                    .mark = blob_of("")};
        }
        text = forest_text(ctx, sent, chain ? 2000 : MESSAGES, NULL, 0, NULL);
        for (const char *p = text; (p = strchr(p, 'm')) != NULL; p++)
            lines++;
        assert_int_equal(lines, chain ? 2000 : MESSAGES);
        talloc_free(ctx);
    }
}

static void
hidden_posts(void **state)
{
    static const struct { bool hidden[4]; const char *tree; } cases[] = {
        {{false, false, false, false}, "1\n  2\n    3\n  4\n"},
        {{true, false, false, false}, "-\n  2\n    3\n  4\n"},
        {{false, true, false, false}, "1\n  -\n    3\n  4\n"},
        {{false, true, true, false}, "1\n  4\n"},
        {{true, true, true, true}, ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        static const int64_t parents[] = {0, 1, 2, 1};
        struct thread_leaf leaves[4];
        struct thread_line *lines;
        struct str *text = str_new(ctx);
        size_t count;

        for (size_t k = 0; k < 4; k++)
            leaves[k] = (struct thread_leaf){(int64_t)k + 1, parents[k], NULL, "h", (int64_t)k + 1, false, cases[i].hidden[k]};
        lines = thread_tree(ctx, leaves, 4, &count);
        for (size_t k = 0; k < count; k++)
            if (lines[k].leaf == THREAD_NONE)
                str_addf(text, "%*s-\n", (int)lines[k].depth * 2, "");
            else
                str_addf(text, "%*s%zu\n", (int)lines[k].depth * 2, "", lines[k].leaf + 1);
        if (strcmp(text->s, cases[i].tree) != 0)
            fail_msg("row %zu:\n%s, not\n%s", i, text->s, cases[i].tree);
        talloc_free(ctx);
    }
}

/* Parents as no thread_place() makes them: every post has its line. */
static void
odd_parents(void **state)
{
    static const struct { int64_t parents[4]; const char *tree; } cases[] = {
        {{0, 1, 1, 2}, "1 >2 >>4 >3"},
        {{9, 9, 0, 3}, "1 2 3 >4"},             /* a parent that is not among them */
        {{1, 1, 0, 0}, "1 >2 3 4"},             /* its own parent */
        {{2, 1, 2, 0}, "2 >1 >3 4"},            /* a ring */
        {{3, 1, 2, 0}, "2 >3 >>1 4"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct thread_leaf leaves[4];
        struct thread_line *lines;
        struct str *text = str_new(ctx);
        size_t count;

        for (size_t k = 0; k < 4; k++)
            leaves[k] = (struct thread_leaf){(int64_t)k + 1, cases[i].parents[k], NULL, "h", (int64_t)k + 1, false, false};
        lines = thread_tree(ctx, leaves, 4, &count);
        for (size_t k = 0; k < count; k++)
            str_addf(text, "%s%.*s%zu", k > 0 ? " " : "", (int)lines[k].depth, ">>>>", lines[k].leaf + 1);
        if (strcmp(text->s, cases[i].tree) != 0)
            fail_msg("row %zu: %s, not %s", i, text->s, cases[i].tree);
        talloc_free(ctx);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads), cmocka_unit_test(any_set), cmocka_unit_test(many_references), cmocka_unit_test(headers),
        cmocka_unit_test(large_threads), cmocka_unit_test(hidden_posts), cmocka_unit_test(odd_parents),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

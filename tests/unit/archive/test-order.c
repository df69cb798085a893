/* test-order.c - posts of a thread in the order in which they are read, and whether a subject has changed */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "archive/order.h"
#include "archive/subject.h"
#include "util/str.h"

/* Posts as "id<parent@minute"; the result as "id" with a ">" for each level. */
static void
trees_are_read_from_the_oldest(void **state)
{
    static const struct { const char *in, *tree; } rows[] = {
        {"", ""},
        {"1<0@1", "1"},
        {"1<0@1 2<1@2 3<1@3 4<2@4", "1 >2 >>4 >3"},
        {"4<2@4 3<1@3 2<1@2 1<0@1", "1 >2 >>4 >3"},
        {"1<0@5 2<1@2", "1 >2"},                    /* an answer with a clock of its own */
        {"5<9@1 6<9@2", "5 6"},                     /* the parent is not here */
        {"5<9@3 6<0@2", "6 5"},
        {"1<1@1", "1"},                             /* its own parent */
        {"1<2@1 2<1@2 3<2@3", "1 >2 >>3"},          /* a circle */
        {"1<3@1 2<1@2 3<2@3 4<0@4", "4 1 >2 >>3"},
        {"2<0@1 1<0@1", "1 2"},                     /* the same moment: by id */
    };

    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct order_post posts[8] = {{0}};
        struct str *tree = str_new(ctx);
        size_t count = 0;
        int used;

        for (const char *s = rows[row].in; *s != '\0'; s += used + (s[used] == ' ')) {
            long long id, parent, at;

            assert_int_equal(sscanf(s, "%lld<%lld@%lld%n", &id, &parent, &at, &used), 3);
            posts[count++] = (struct order_post){.id = id, .parent_id = parent, .at_us = at};
        }
        order_as_tree(posts, count);
        for (size_t i = 0; i < count; i++)
            str_addf(tree, "%s%.*s%lld", i > 0 ? " " : "", (int)posts[i].depth, ">>>>>>>>", (long long)posts[i].id);
        if (!str_eq(tree->s, rows[row].tree))
            fail_msg("row %zu: %s", row, tree->s);
        talloc_free(ctx);
    }
    (void)state;
}

/* A chain as long as a page takes is walked without recursion, and each post comes once. */
static void
a_long_chain_is_walked(void **state)
{
    enum { MANY = 5000 };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct order_post *posts = mem_array(ctx, struct order_post, MANY);

    for (size_t i = 0; i < MANY; i++)
        posts[i] = (struct order_post){.id = (int64_t)i + 1, .parent_id = (int64_t)i, .at_us = (int64_t)(MANY - i)};
    order_as_tree(posts, MANY);
    for (size_t i = 0; i < MANY; i++)
        if (posts[i].id != (int64_t)i + 1 || posts[i].depth != i)
            fail_msg("place %zu: %lld at depth %u", i, (long long)posts[i].id, posts[i].depth);
    order_by_date(posts, MANY);
    assert_int_equal(posts[0].id, MANY);
    assert_int_equal(posts[0].depth, 0);
    talloc_free(ctx);
    (void)state;
}

static void
subjects_are_told_apart_by_their_matter(void **state)
{
    static const struct { const char *one, *other; bool same; } rows[] = {
        {"Hall", "Re: Hall", true},
        {"Hall", "RE[2]: Aw:  [orchestra 12] re^3: hall ", true},
        {"[orchestra 11] Hall", "[orchestra 12] Re: Hall", true},
        {"練習会場の変更", "Re：　練習会場の変更", true},
        {"練習会場の変更", "返信: 練習会場の変更", true},
        {"a  b", "a b", true},
        {"a b", "ab", false},
        {"Hall", "Parking (was: Hall)", false},
        {"", "Re: ", true},
        {"", "Hall", false},
        {"[hall]", "[stage]", false},
        {"Return", "turn", false},
        {"Hall", "Halls", false},
    };

    for (size_t row = 0; row < COUNT_OF(rows); row++)
        if (subject_is_same(rows[row].one, rows[row].other) != rows[row].same ||
            subject_is_same(rows[row].other, rows[row].one) != rows[row].same)
            fail_msg("row %zu: %s, %s", row, rows[row].one, rows[row].other);
    (void)state;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_are_read_from_the_oldest),
        cmocka_unit_test(a_long_chain_is_walked),
        cmocka_unit_test(subjects_are_told_apart_by_their_matter),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test-order.c - posts of a thread in the order in which they are read, and whether a subject has changed */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "archive/order.h"
#include "archive/subject.h"
#include "util/str.h"

static void
posts_go_by_date(void **state)
{
    struct order_post posts[] = {{.id = 3, .at_us = 5}, {.id = 2, .at_us = 7, .depth = 4}, {.id = 1, .at_us = 5}};

    order_by_date(posts, COUNT_OF(posts));
    assert_int_equal(posts[0].id, 1);
    assert_int_equal(posts[1].id, 3);
    assert_int_equal(posts[2].id, 2);
    assert_int_equal(posts[2].depth, 0);
    order_by_date(posts, 0);
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
        {"Hall", "[orchestra 3] [Fwd: Re: Hall]", true},
        {"Hall (fwd)", "Fwd: Hall  (FWD) ", true},
        {"[hall] (fwd)", "[stage] (fwd)", false},
        {"[Fwd:]", "Re: (fwd)", false},
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
        cmocka_unit_test(posts_go_by_date),
        cmocka_unit_test(subjects_are_told_apart_by_their_matter),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

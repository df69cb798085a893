/* test-kept.c - an answer is found as it was put, by its own tag, until newer ones took its room */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "web/kept.h"

enum { SIZE = 64 * 1024, MANY = 5000 };

static char *
tag_of(TALLOC_CTX *ctx, int n)
{
    return mem_printf(ctx, "\"%024d\"", n);
}

/* Its own length and bytes for each number. */
static struct str *
answer_of(TALLOC_CTX *ctx, int n)
{
    struct str *answer = str_new(ctx);

    for (int i = 0; i <= n % 700; i++)
        str_addf(answer, "%d,", n);
    return answer;
}

static bool
is_there(struct kept *kept, int n)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *found = kept_find(ctx, kept, tag_of(ctx, n));
    bool there = found != NULL;

    if (there)
        assert_string_equal(found->s, answer_of(ctx, n)->s);
    talloc_free(ctx);
    return there;
}

static void
put(struct kept *kept, int n)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    kept_put(kept, tag_of(ctx, n), answer_of(ctx, n));
    talloc_free(ctx);
}

static void
what_is_found_is_what_was_put(void **state)
{
    struct kept *kept = kept_open(SIZE);
    int there = 0;

    (void)state;
    for (int n = 0; n < MANY; n++) {
        put(kept, n);
        assert_true(is_there(kept, n));
        is_there(kept, n / 2);
        is_there(kept, n - n % 20);
    }
    for (int n = 0; n < MANY; n++)
        there += is_there(kept, n);
    assert_in_range(there, 15, 200);
    assert_false(is_there(kept, 0));
    assert_false(is_there(kept, MANY));
}

static void
the_newest_counts(void **state)
{
    struct kept *kept = kept_open(SIZE);
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    kept_put(kept, tag_of(ctx, 1), answer_of(ctx, 2));
    put(kept, 1);
    assert_true(is_there(kept, 1));
    talloc_free(ctx);
}

static void
nothing_is_kept_where_there_is_no_room(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct kept *kept = kept_open(SIZE);
    struct str *large = str_new(ctx);

    (void)state;
    assert_null(kept_open(0));
    kept_put(NULL, "\"1\"", answer_of(ctx, 1));
    assert_null(kept_find(ctx, NULL, "\"1\""));
    for (int i = 0; i < SIZE / 8 + 1; i++)
        str_addc(large, 'x');
    kept_put(kept, tag_of(ctx, 1), large);
    kept_put(kept, NULL, answer_of(ctx, 1));
    assert_null(kept_find(ctx, kept, tag_of(ctx, 1)));
    assert_null(kept_find(ctx, kept, NULL));
    talloc_free(ctx);
}

/* Children share it, also one that is ended in the middle of anything. */
static void
processes_share_it(void **state)
{
    struct kept *kept = kept_open(SIZE);

    (void)state;
    for (int round = 0; round < 30; round++) {
        pid_t writer = fork();

        if (writer == 0)
            for (int n = 1;; n++)
                put(kept, n);
        usleep(2000);
        kill(writer, SIGKILL);
        waitpid(writer, NULL, 0);
        put(kept, MANY + round);
        assert_true(is_there(kept, MANY + round));
        for (int n = 1; n < MANY; n++)
            is_there(kept, n);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_found_is_what_was_put), cmocka_unit_test(the_newest_counts),
        cmocka_unit_test(nothing_is_kept_where_there_is_no_room), cmocka_unit_test(processes_share_it)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test-run.c - other programs: what they read, say and end with */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/run.h"
#include "util/str.h"

static const struct {
    const char *script, *input, *output, *errors;
    int code;
} rows[] = {
    {"exit 0", "", "", "", 0},
    {"exit 7", "", "", "", 7},
    {"kill -9 $$", "", "", "", -1},
    {"cat", "one\ntwo", "one\ntwo", "", 0},
    {"echo out; echo err >&2", "", "out\n", "err\n", 0},
    {"echo \"$KAIRAN_TEST_WORD\"", "", "said\n", "", 0},
    {"exec 2>&-; echo out; exec >&-; exit 3", "", "out\n", "", 3},
};

static const char *const said[] = {"KAIRAN_TEST_WORD=said", NULL};

static void
test_rows(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    setenv("KAIRAN_TEST_WORD", "ours", 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *argv[] = {"/bin/sh", "-c", rows[i].script, NULL};
        struct run run = {.argv = argv, .environment = said, .input = blob_of(rows[i].input)};
        struct run_answer answer;

        if (!run_program(ctx, &run, &answer) || answer.code != rows[i].code || !str_eq(answer.output, rows[i].output)
            || !str_eq(answer.errors, rows[i].errors))
            fail_msg("row %zu: %d \"%s\" \"%s\"", i, answer.code, answer.output, answer.errors);
    }
    talloc_free(ctx);
}

/* More than is kept, on both streams, is read to its end: the program does not wait for us. */
static void
test_much(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *argv[] = {"/bin/sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; head -c 3000000 /dev/zero | tr '\\0' y >&2; exit 5", NULL};
    struct run_answer answer;

    (void)state;
    assert_true(run_program(ctx, &(struct run){.argv = argv}, &answer));
    assert_int_equal(answer.code, 5);
    assert_int_equal(strlen(answer.output), RUN_KEPT_MAX);
    assert_int_equal(strlen(answer.errors), RUN_ERRORS_MAX);
    talloc_free(ctx);
}

static bool
go_on_twice(void *data)
{
    int *turns = data;

    return ++*turns < 3;
}

static void
test_told_to_end(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *argv[] = {"/bin/sleep", "600", NULL};
    int turns = 0;
    struct run_answer answer;

    (void)state;
    assert_true(run_program(ctx, &(struct run){.argv = argv, .go_on = go_on_twice, .data = &turns}, &answer));
    assert_int_equal(answer.code, -1);
    assert_int_equal(turns, 3);
    talloc_free(ctx);
}

static void
test_not_there(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *argv[] = {"/nowhere/program", NULL}, *const paths[] = {"/nowhere/program", "/bin/sh", NULL};
    struct run_answer answer;

    (void)state;
    assert_false(run_program(ctx, &(struct run){.argv = argv}, &answer));
    assert_string_equal(answer.errors, "/nowhere/program: No such file or directory");
    assert_string_equal(run_find(paths), "/bin/sh");
    assert_null(run_find(paths + 2));
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows), cmocka_unit_test(test_much), cmocka_unit_test(test_told_to_end), cmocka_unit_test(test_not_there)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

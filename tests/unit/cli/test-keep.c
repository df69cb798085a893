/* test-keep.c - which of PostgreSQL's programs a backup runs, and which line of theirs a person is shown */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/keep-program.h"
#include "util/str.h"

static const int versions[] = {9, 14, 15, 17};          /* 14 is there, but is nothing that we may run */

static const struct { int server; const char *program; } choices[] = {
    {15, "15/pg_restore"}, {17, "17/pg_restore"}, {16, "17/pg_restore"}, {14, "15/pg_restore"}, {9, "9/pg_restore"}, {18, NULL},
};

static void
test_choices(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *folder = mkdtemp(mem_strdup(ctx, "/tmp/kairan-test-keep-XXXXXX"));

    (void)state;
    for (size_t i = 0; i < COUNT_OF(versions); i++) {
        assert_int_equal(mkdir(mem_printf(ctx, "%s/%d", folder, versions[i]), 0700), 0);
        close(open(mem_printf(ctx, "%s/%d/pg_restore", folder, versions[i]), O_CREAT | O_WRONLY, versions[i] == 14 ? 0600 : 0700));
    }
    for (size_t i = 0; i < COUNT_OF(choices); i++) {
        const char *found = keep_program(ctx, mem_printf(ctx, "%s/*/pg_restore", folder), choices[i].server);

        if ((found == NULL) != (choices[i].program == NULL) || (found != NULL && !str_eq(found + strlen(folder) + 1, choices[i].program)))
            fail_msg("row %zu: %s", i, found != NULL ? found : "none");
    }
    assert_null(keep_program(ctx, mem_printf(ctx, "%s/*/pg_dump", folder), 15));
    for (size_t i = 0; i < COUNT_OF(versions); i++) {
        unlink(mem_printf(ctx, "%s/%d/pg_restore", folder, versions[i]));
        rmdir(mem_printf(ctx, "%s/%d", folder, versions[i]));
    }
    assert_int_equal(rmdir(folder), 0);
    talloc_free(ctx);
}

static const struct { const char *errors, *said; } lines[] = {
    {"", ""},
    {"one line", "one line"},
    {"pg_restore: while PROCESSING TOC:\npg_restore: from TOC entry 7\npg_restore: error: COPY failed: no\npg_restore: error: two\n",
     "pg_restore: error: COPY failed: no"},
    {"pg_dump: error: first\nHINT: more\n", "pg_dump: error: first"},
    {"first\nsecond\n", "first"},
};

static void
test_lines(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        if (!str_eq(keep_program_said(ctx, lines[i].errors), lines[i].said))
            fail_msg("row %zu: %s", i, keep_program_said(ctx, lines[i].errors));
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_choices), cmocka_unit_test(test_lines)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

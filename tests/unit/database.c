/* database.c - what tests on a real database begin with */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "database.h"
#include "util/status.h"

const struct actor operator = {.words = "test", .is_operator = true, .is_admin = true};

struct db *
database_open(TALLOC_CTX *ctx, const char *name)
{
    const char *dsn = getenv("KAIRAN_TEST_DSN");
    struct db *db = dsn != NULL ? db_open(ctx, dsn, name) : NULL;
    struct fault fault = {0};

    if (db != NULL)
        assert_int_equal(db_migrate(db, NULL, &fault), STATUS_OK);
    return db;
}

int
database_end(void **state)
{
    talloc_free(talloc_parent(*state));
    return 0;
}

/* database.h - what tests on a real database begin with; tests/with-postgres gives them one */
#ifndef KAIRAN_TESTS_DATABASE_H
#define KAIRAN_TESTS_DATABASE_H

#include "policy/change.h"

extern const struct actor operator;     /* may everything */

/* The database of KAIRAN_TEST_DSN with the schema in it; lives in ctx. NULL where no database was given. */
struct db *database_open(TALLOC_CTX *ctx, const char *name);
/* Teardown of a group whose *state was made in a context of its own: frees that. */
int database_end(void **state);

#endif

/* db-private.h - what the files behind db.h share: db.c, db-value.c, db-migrate.c. Nobody else includes this. */
#ifndef KAIRAN_STORE_DB_PRIVATE_H
#define KAIRAN_STORE_DB_PRIVATE_H

#include "store/db-generated.h"

struct db_result { void *pg; };     /* libpq's result: the rows */

/* Commands of ours as they stand, without values; `what` is their name in the log. Neither connects nor waits for anything. */
enum status db_plain(struct db *db, const char *sql, const char *what);

/* One command that cannot be a prepared statement, with its values as texts (ended by NULL), on a connection that is ready.
 * answer_r is the first column of the first row as text, cut to its room; "" when there is none and after a failure. */
enum { DB_ANSWER_MAX = 32 };
enum status db_ask(struct db *db, const char *what, const char *sql, const char *const *values, char answer_r[DB_ANSWER_MAX]);

#endif

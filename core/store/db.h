/* db.h - PostgreSQL: a connection, its transactions, and the statements that run on it
 *
 * Statements are named in sql/statements and become the functions of store/statements.h (generated): values are bound,
 * never pasted. A statement is prepared at its first use on a connection.
 *
 * Every call may answer with these besides STATUS_OK:
 *   UNAVAILABLE      no connection, or the server is going down: nothing was done; later calls connect again by themselves
 *   UNKNOWN_OUTCOME  the connection broke while a change was under way: look by key before doing it again
 *   RETRY            deadlock or serialization failure: do the whole transaction again
 *   DISK_FULL        53100: nothing was written
 *   CONFLICT         a unique constraint refused the row
 *   INVALID          a check constraint, a missing parent row or a value PostgreSQL cannot hold refused it
 *   BROKEN           anything else, logged here: a bug of ours or a missing right
 * After a failure inside a transaction the transaction is over: call db_rollback().
 *
 * Rows live in the context given; text is valid UTF-8. NULL becomes NULL, 0, false or {NULL, 0}; a 0 time is written as NULL,
 * and so is a 0 bigint (ids begin at 1). Use int for numbers that may be 0. */
#ifndef KAIRAN_STORE_DB_H
#define KAIRAN_STORE_DB_H

#include "util/status.h"

struct db;
struct int_array { const int64_t *items; size_t count; };
struct text_array { const char *const *items; size_t count; };
struct blob_array { const struct blob *items; size_t count; };

/* Connects; closed when ctx is freed. The connection string is libpq's; `name` is shown in pg_stat_activity. Returns a
 * usable object even when the server cannot be reached now: each later call tries again, at most every 200 ms. */
struct db *db_open(TALLOC_CTX *ctx, const char *conninfo, const char *name);
/* Such a database is reached by TCP, or may be (service=), not by a Unix socket alone. */
bool db_is_by_network(const char *conninfo);
bool db_is_connected(struct db *db);
/* Grows with every new connection: what was held by the session (advisory locks) is gone when it changes. */
unsigned db_generation(const struct db *db);
/* Forgets the connection without a goodbye to the server: for a child after fork. */
void db_abandon(struct db *db);
int db_socket(struct db *db);                           /* for poll(); -1 when not connected */

enum status db_begin(struct db *db);
/* One that sees the database as it is at its first statement, and changes nothing. */
enum status db_begin_still(struct db *db);
enum status db_commit(struct db *db);
void db_rollback(struct db *db);                        /* fine when no transaction is open */
bool db_in_transaction(const struct db *db);

/* NAME=VALUE for PostgreSQL's own programs (PGHOST=...), ended by NULL: they reach the same server and database in the same role as this
 * connection. It may hold a password: for run_program()'s environment, never for its words. */
const char *const *db_environment(TALLOC_CTX *ctx, struct db *db);

/* What the q_..._send() functions began: waits for it. Any other call on the connection waits for it first. */
enum status db_collect(struct db *db, int64_t *changed_r);
bool db_is_sending(const struct db *db);

/* LISTEN on a channel (a constant of ours), and whether a notice came since the last call. */
enum status db_listen(struct db *db, const char *channel);
bool db_notified(struct db *db);

/* What may be held by a session. Statements name the numbers, too, and have two more for themselves until their transaction ends: 4712
 * (a change of settings) and 4713 (of who owns, of the order of filters). */
enum db_lock_kind {
    LOCK_PROCESS = 4711,        /* id: worker_process.id, while the process lives */
    LOCK_IMPORT = 4714,         /* id: list.id, while its archive is taken in */
    LOCK_PATIENT = 4715,        /* id: 0, while a command indexes what nobody waits for */
    LOCK_MIGRATE = 4716,        /* id: 0, while the schema is brought up to date */
};
/* Session-level advisory lock (kind, id): true when held now. Gone with the connection. */
enum status db_lock(struct db *db, enum db_lock_kind kind, int64_t id, bool *held_r);

/* Migrations (schema's owner). db_schema_version: 0 for an empty database, DB_SCHEMA_UNFINISHED where the tables are there but not yet
 * their number, which a restore brings last. */
enum { DB_SCHEMA_UNFINISHED = -1 };
struct migration {
    int number;
    const char *name;
    const char *lock, *tables;  /* "none"; "moment": these tables, whatever their size; "rows": the longer, the more rows they have */
    bool beside;                /* programs of the version before go on working meanwhile and afterwards */
    const char *sql;
};
const struct migration *db_migrations(void);            /* in their order, ended by a NULL name */
enum status db_schema_version(struct db *db, int *version_r);
int db_schema_known(void);
/* INVALID with a sentence that says what to do, where the schema is not the one that this program knows. */
enum status db_schema_check(struct db *db, struct fault *fault);

/* Runs what is missing, each in one transaction, then the grants. Two at once wait for one another. A lock that is not had within two
 * seconds is asked for again a little later, so that nobody queues behind us for longer; RETRY when it was not had in LOCK_PATIENCE_MS.
 * UNAVAILABLE when the connection is lost in between: another process may be at it then. What was done by then stays. */
enum migrate_news { MIGRATE_WAITS, MIGRATE_BEGINS, MIGRATE_WAITS_FOR_LOCK, MIGRATE_DONE };
typedef void (*migrate_told)(enum migrate_news news, const struct migration *migration, int64_t took_ms);
enum { LOCK_PATIENCE_MS = 600000 };
enum status db_migrate(struct db *db, migrate_told told, struct fault *fault);
/* Prepares every statement: for the test that proves each is valid. Stops at the first that is not, naming it. */
enum status db_prepare_all(struct db *db, const char **failed_r);
/* The server's own words about the last failure, for the command line; never for a page. */
const char *db_last_error(const struct db *db);

#endif

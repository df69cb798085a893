/* db-migrate.c - the schema's number, and the migrations that are missing */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/db-private.h"
#include "util/clock.h"
#include "util/str.h"

enum { PAUSE_MS = 500 };

const struct migration *
db_migrations(void)
{
    return migrations;
}

int
db_schema_known(void)
{
    int last = 0;

    for (const struct migration *m = migrations; m->name != NULL; m++)
        last = m->number;
    return last;
}

enum status
db_schema_version(struct db *db, int *version_r)
{
    const char *nothing[] = {NULL};
    char answer[DB_ANSWER_MAX];
    enum status status = db_ask(db, "schema_version", "SELECT to_regclass('schema_migration') IS NOT NULL", nothing, answer);

    *version_r = 0;
    if (status != STATUS_OK || !str_eq(answer, "t"))
        return status;
    status = db_ask(db, "schema_version", "SELECT coalesce(max(number), -1) FROM schema_migration", nothing, answer);
    *version_r = atoi(answer);
    return status;
}

enum status
db_schema_check(struct db *db, struct fault *fault)
{
    int version;
    enum status status = db_schema_version(db, &version);

    if (status != STATUS_OK && db_is_connected(db))
        return fault_setf(fault, db, status, NULL, "this role may not read the schema (%s): run \"kairan db migrate\", which grants what the roles "
                          "need", db_last_error(db));
    if (status != STATUS_OK)
        return fault_setf(fault, db, status, NULL, "the database cannot be reached: %s", db_last_error(db));
    if (version == DB_SCHEMA_UNFINISHED)
        return fault_setf(fault, db, STATUS_INVALID, NULL, "a restore into this database did not come to its end: make it anew (dropdb, createdb), "
                          "and restore again");
    if (version < db_schema_known())
        return fault_setf(fault, db, STATUS_INVALID, NULL, "the database has schema %d, this program needs %d: run \"kairan db migrate\"", version,
                          db_schema_known());
    if (version > db_schema_known())
        return fault_setf(fault, db, STATUS_INVALID, NULL, "the database has schema %d, this program knows %d: install the newer Kairan", version,
                          db_schema_known());
    return STATUS_OK;
}

/* --- one migration --- */

static enum status
record_migration(struct db *db, const struct migration *m)
{
    char number[16], answer[DB_ANSWER_MAX], *now = clock_iso(NULL, clock_now_us());
    const char *values[] = {number, m->name, now, NULL};
    enum status status;

    snprintf(number, sizeof number, "%d", m->number);
    status = db_ask(db, m->name, "INSERT INTO schema_migration (number, name, applied_at) VALUES ($1::int, $2, $3::timestamptz)",
                    values, answer);
    talloc_free(now);
    return status;
}

/* A run of db_migrate(). The lock is the connection's: on another one nothing says that we are alone. */
struct run {
    struct db *db;
    migrate_told told;
    unsigned generation;        /* of the connection that has the lock */
};

static enum status
begin_locked(const struct run *run)
{
    enum status status = db_begin(run->db);

    if (status != STATUS_OK || db_generation(run->db) == run->generation)
        return status;
    db_rollback(run->db);
    return STATUS_UNAVAILABLE;
}

/* Whoever waits for a lock that we wait for waits as long as we do; what we have locked may take as long as it takes. */
static enum status
migrate_once(const struct run *run, const struct migration *m)
{
    struct db *db = run->db;
    enum status status = begin_locked(run);

    if (status != STATUS_OK)
        return status;
    status = db_plain(db, "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = 0", "migrate");
    if (status == STATUS_OK)
        status = db_plain(db, m->sql, m->name);
    if (status == STATUS_OK)
        status = record_migration(db, m);
    if (status == STATUS_OK)
        return db_commit(db);
    db_rollback(db);
    return status;
}

static enum status
migrate_one(const struct run *run, const struct migration *m)
{
    int64_t begun_ms = clock_monotonic_ms();
    migrate_told told = run->told;
    enum status status;

    if (told != NULL)
        told(MIGRATE_BEGINS, m, 0);
    while ((status = migrate_once(run, m)) == STATUS_RETRY && clock_monotonic_ms() - begun_ms < LOCK_PATIENCE_MS) {
        if (told != NULL)
            told(MIGRATE_WAITS_FOR_LOCK, m, clock_monotonic_ms() - begun_ms);
        poll(NULL, 0, PAUSE_MS);
    }
    if (status == STATUS_OK && told != NULL)
        told(MIGRATE_DONE, m, clock_monotonic_ms() - begun_ms);
    return status;
}

/* --- all --- */

/* Waits until no other process is at it. */
static enum status
begin_alone(struct run *run)
{
    bool held = false, is_said = false;
    enum status status;

    while ((status = db_lock(run->db, LOCK_MIGRATE, 0, &held)) == STATUS_OK && !held) {
        if (run->told != NULL && !is_said)
            run->told(MIGRATE_WAITS, NULL, 0);
        is_said = true;
        poll(NULL, 0, PAUSE_MS);
    }
    run->generation = db_generation(run->db);
    return status;
}

static void
end_alone(struct db *db)
{
    char kind[16], answer[DB_ANSWER_MAX];
    const char *values[] = {kind, NULL};

    snprintf(kind, sizeof kind, "%d", (int)LOCK_MIGRATE);
    db_ask(db, "advisory_unlock", "SELECT pg_advisory_unlock($1::int, 0)", values, answer);
}

static enum status
failed(const struct run *run, enum status status, const char *what, struct fault *fault)
{
    if (db_generation(run->db) != run->generation)
        return fault_setf(fault, run->db, status, NULL, "%s: the connection to the database was lost; run this again, it goes on from here", what);
    return fault_setf(fault, run->db, status, NULL, "%s failed: %s", what, db_last_error(run->db));
}

static enum status
run_grants(const struct run *run, struct fault *fault)
{
    struct db *db = run->db;
    enum status status = begin_locked(run);

    if (status == STATUS_OK)
        status = db_plain(db, grants_sql, "grants.sql");
    if (status == STATUS_OK)
        status = db_commit(db);
    if (status == STATUS_OK)
        return STATUS_OK;
    db_rollback(db);
    return failed(run, status, "the grants", fault);
}

static enum status
migrate_all(const struct run *run, struct fault *fault)
{
    struct db *db = run->db;
    int version;
    enum status status = db_schema_version(db, &version);

    if (status != STATUS_OK)
        return fault_setf(fault, db, status, NULL, "the database cannot be reached: %s", db_last_error(db));
    if (version > db_schema_known() || version == DB_SCHEMA_UNFINISHED)
        return db_schema_check(db, fault);
    for (const struct migration *m = migrations; m->name != NULL; m++) {
        if (m->number <= version)
            continue;
        status = migrate_one(run, m);
        if (status == STATUS_RETRY)
            return fault_setf(fault, db, status, NULL, "migration %04d-%s waited ten minutes for tables that others use (%s): end what is at work for "
                              "so long, and run this again", m->number, m->name, db_last_error(db));
        if (status != STATUS_OK)
            return failed(run, status, mem_printf(db, "migration %04d-%s", m->number, m->name), fault);
    }
    return run_grants(run, fault);
}

enum status
db_migrate(struct db *db, migrate_told told, struct fault *fault)
{
    struct run run = {.db = db, .told = told};
    enum status status = begin_alone(&run);

    if (status != STATUS_OK)
        return fault_setf(fault, db, status, NULL, "the database cannot be reached: %s", db_last_error(db));
    status = migrate_all(&run, fault);
    end_alone(db);
    return status;
}

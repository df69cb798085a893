/* db-migrate.c - the schema's number, and the migrations that are missing */
#include <stdio.h>
#include <stdlib.h>

#include "store/db-private.h"
#include "util/clock.h"
#include "util/str.h"

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
    status = db_ask(db, "schema_version", "SELECT coalesce(max(number), 0) FROM schema_migration", nothing, answer);
    *version_r = atoi(answer);
    return status;
}

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

static enum status
migrate_one(struct db *db, const struct migration *m)
{
    enum status status = db_begin(db);

    if (status != STATUS_OK)
        return status;
    status = db_plain(db, m->sql, m->name);
    if (status == STATUS_OK)
        status = record_migration(db, m);
    if (status == STATUS_OK)
        return db_commit(db);
    db_rollback(db);
    return status;
}

enum status
db_migrate(struct db *db, void (*told)(int number, const char *name), struct fault *fault)
{
    int version;
    enum status status = db_schema_version(db, &version);

    if (status != STATUS_OK)
        return fault_setf(fault, db, status, NULL, "the database cannot be reached: %s", db_last_error(db));
    if (version > db_schema_known())
        return fault_setf(fault, db, STATUS_INVALID, NULL,
                          "the database has schema %d, this program knows %d: install the newer Kairan", version,
                          db_schema_known());
    for (const struct migration *m = migrations; m->name != NULL; m++) {
        if (m->number <= version)
            continue;
        if (told != NULL)
            told(m->number, m->name);
        status = migrate_one(db, m);
        if (status != STATUS_OK)
            return fault_setf(fault, db, status, NULL, "migration %04d-%s failed: %s", m->number, m->name, db_last_error(db));
    }
    status = db_plain(db, grants_sql, "grants.sql");
    if (status != STATUS_OK)
        return fault_setf(fault, db, status, NULL, "the grants failed: %s", db_last_error(db));
    return STATUS_OK;
}

/* db.c - the door to libpq */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "store/db-generated.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/str.h"

/* PostgreSQL counts microseconds from 2000-01-01. */
static const int64_t epoch_2000_us = INT64_C(946684800) * 1000000;
enum { RECONNECT_MS = 200 };

struct db {
    PGconn *conn;
    const char *conninfo, *name;
    unsigned generation;
    int64_t tried_ms;
    bool in_transaction, transaction_lost, sending, notified;
    int sent_statement;
    bool *prepared;
    char error[512];
};

struct db_result { PGresult *pg; };

/* --- connection --- */

static int
db_free(struct db *db)
{
    if (db->conn != NULL)
        PQfinish(db->conn);
    db->conn = NULL;
    return 0;
}

static void
keep_quiet(void *unused, const char *message)
{
    (void)unused;
    (void)message;
}

static void
remember_error(struct db *db, const char *message)
{
    size_t len;

    snprintf(db->error, sizeof db->error, "%s", message == NULL ? "" : message);
    len = strlen(db->error);
    while (len > 0 && db->error[len - 1] == '\n')
        db->error[--len] = '\0';
}

static bool
connect_now(struct db *db)
{
    const char *keys[] = {"dbname", "fallback_application_name", "connect_timeout", "client_encoding", "options", NULL};
    const char *values[] = {db->conninfo, db->name, "5", "UTF8", "-c timezone=UTC -c statement_timeout=60s "
                            "-c idle_in_transaction_session_timeout=60s -c default_transaction_isolation=read\\ committed",
                            NULL};

    db->tried_ms = clock_monotonic_ms();
    if (db->conn != NULL)
        PQfinish(db->conn);
    db->conn = PQconnectdbParams(keys, values, 1);
    db->sending = db->in_transaction = false;
    memset(db->prepared, 0, statement_count + 1);
    db->generation++;
    if (PQstatus(db->conn) == CONNECTION_OK) {
        PQsetNoticeProcessor(db->conn, keep_quiet, NULL);
        return true;
    }
    remember_error(db, PQerrorMessage(db->conn));
    log_warning("database_unreachable", "name", "%s", db->name, "error", "%s", db->error);
    return false;
}

struct db *
db_open(TALLOC_CTX *ctx, const char *conninfo, const char *name)
{
    struct db *db = mem_new(ctx, struct db);

    db->conninfo = mem_strdup(db, conninfo);
    db->name = mem_strdup(db, name);
    db->prepared = mem_array(db, bool, statement_count + 1);
    talloc_set_destructor(db, db_free);
    connect_now(db);
    return db;
}

bool
db_is_connected(struct db *db)
{
    return db->conn != NULL && PQstatus(db->conn) == CONNECTION_OK;
}

unsigned
db_generation(const struct db *db)
{
    return db->generation;
}

void
db_abandon(struct db *db)
{
    /* PQfinish would say goodbye on a socket that the parent still uses: close our copy and leak the rest on purpose. */
    if (db->conn != NULL && PQsocket(db->conn) >= 0)
        close(PQsocket(db->conn));
    db->conn = NULL;
    db->sending = db->in_transaction = false;
}

int
db_socket(struct db *db)
{
    return db_is_connected(db) ? PQsocket(db->conn) : -1;
}

/* A connection to work on; begins a new one where the old is gone, but never inside a transaction. */
static enum status
ready(struct db *db)
{
    if (db->transaction_lost)
        return STATUS_UNAVAILABLE;
    if (db_is_connected(db))
        return db->sending ? db_collect(db, NULL) : STATUS_OK;
    if (db->in_transaction) {
        db->transaction_lost = true;
        return STATUS_UNAVAILABLE;
    }
    if (db->conn != NULL && clock_monotonic_ms() - db->tried_ms < RECONNECT_MS)
        return STATUS_UNAVAILABLE;
    return connect_now(db) ? STATUS_OK : STATUS_UNAVAILABLE;
}

/* --- what a result means --- */

static enum status
judge_sqlstate(const char *state)
{
    static const struct { const char *prefix; enum status status; } meanings[] = {
        {"23505", STATUS_CONFLICT}, {"23514", STATUS_INVALID}, {"23503", STATUS_INVALID}, {"22", STATUS_INVALID},
        {"40", STATUS_RETRY}, {"55P03", STATUS_RETRY}, {"57014", STATUS_TIMEOUT},
        {"53100", STATUS_DISK_FULL}, {"53", STATUS_UNAVAILABLE}, {"57P", STATUS_UNAVAILABLE}, {"08", STATUS_UNAVAILABLE},
        {"58", STATUS_UNAVAILABLE},
    };

    for (size_t i = 0; i < COUNT_OF(meanings); i++)
        if (str_starts(state, meanings[i].prefix))
            return meanings[i].status;
    return STATUS_BROKEN;
}

static enum status
judge(struct db *db, const PGresult *result, const char *what)
{
    ExecStatusType kind = PQresultStatus(result);
    const char *state;
    enum status status;

    if (kind == PGRES_TUPLES_OK || kind == PGRES_COMMAND_OK)
        return STATUS_OK;
    /* The primary message alone: DETAIL quotes rows, and rows may hold secrets. */
    remember_error(db, result != NULL && PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) != NULL
                           ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : PQerrorMessage(db->conn));
    state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    if (!db_is_connected(db) || state == NULL) {
        /* No SQLSTATE and no connection: the server may have done it or not. */
        log_warning("database_lost", "statement", "%s", what, "error", "%s", db->error);
        return db->in_transaction ? STATUS_UNAVAILABLE : STATUS_UNKNOWN_OUTCOME;
    }
    status = judge_sqlstate(state);
    if (status != STATUS_CONFLICT)
        log_event(status == STATUS_BROKEN ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING, "statement_failed", "statement", "%s",
                  what, "sqlstate", "%s", state, "error", "%s", db->error, NULL);
    return status;
}

static enum status
run_plain(struct db *db, const char *sql, const char *what)
{
    PGresult *result = PQexec(db->conn, sql);
    enum status status = judge(db, result, what);

    PQclear(result);
    return status;
}

const char *
db_last_error(const struct db *db)
{
    return db->error;
}

/* --- transactions --- */

enum status
db_begin(struct db *db)
{
    enum status status = ready(db);

    must(!db->in_transaction);
    if (status != STATUS_OK)
        return status;
    status = run_plain(db, "BEGIN", "BEGIN");
    db->in_transaction = status == STATUS_OK;
    return status == STATUS_UNKNOWN_OUTCOME ? STATUS_UNAVAILABLE : status;
}

enum status
db_commit(struct db *db)
{
    enum status status = ready(db);
    PGresult *result;

    must(db->in_transaction);
    if (status != STATUS_OK) {
        db_rollback(db);
        return status;
    }
    db->in_transaction = false;
    result = PQexec(db->conn, "COMMIT");
    status = judge(db, result, "COMMIT");
    /* A transaction that had failed answers COMMIT with ROLLBACK: a caller looked away from an error. */
    if (status == STATUS_OK && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        status = STATUS_BROKEN;
    PQclear(result);
    return status;
}

void
db_rollback(struct db *db)
{
    bool open = db->in_transaction;

    db->in_transaction = db->transaction_lost = false;
    if (!open || !db_is_connected(db))
        return;
    if (db->sending)
        db_collect(db, NULL);
    run_plain(db, "ROLLBACK", "ROLLBACK");
}

bool
db_in_transaction(const struct db *db)
{
    return db->in_transaction;
}

/* --- statements --- */

static enum status
prepare(struct db *db, int statement)
{
    const struct statement_row *row = &statement_rows[statement];
    Oid types[DB_MAX_PARAMS];
    PGresult *result;
    enum status status;

    if (db->prepared[statement])
        return STATUS_OK;
    for (int i = 0; i < row->params; i++)
        types[i] = row->types[i];
    result = PQprepare(db->conn, row->name, row->sql, row->params, types);
    status = judge(db, result, row->name);
    PQclear(result);
    db->prepared[statement] = status == STATUS_OK;
    return status == STATUS_UNKNOWN_OUTCOME ? STATUS_UNAVAILABLE : status;
}

/* A look that broke off changed nothing: there is no outcome to wonder about. */
static bool
only_looks(int statement)
{
    return str_starts(statement_rows[statement].sql, "SELECT");
}

static enum status
run(struct db *db, int statement, struct db_put *put, PGresult **result_r)
{
    enum status status = ready(db);

    *result_r = NULL;
    if (status == STATUS_OK)
        status = prepare(db, statement);
    if (status == STATUS_OK) {
        *result_r = PQexecPrepared(db->conn, statement_rows[statement].name, put->count, put->values, put->lengths,
                                   put->formats, 1);
        status = judge(db, *result_r, statement_rows[statement].name);
        if (status == STATUS_UNKNOWN_OUTCOME && only_looks(statement))
            status = STATUS_UNAVAILABLE;
    }
    talloc_free(put->ctx);
    if (status != STATUS_OK) {
        PQclear(*result_r);
        *result_r = NULL;
    }
    return status;
}

enum status
db_query(struct db *db, int statement, struct db_put *put, bool one, struct db_result **result_r, size_t *count_r)
{
    const struct statement_row *row = &statement_rows[statement];
    PGresult *pg;
    enum status status = run(db, statement, put, &pg);

    if (status != STATUS_OK)
        return status;
    must(PQnfields(pg) == row->columns);
    must(!one || PQntuples(pg) <= 1);
    for (int i = 0; i < row->columns; i++)
        if (PQftype(pg, i) != row->column_types[i]
            && !(row->column_types[i] == 20 && (PQftype(pg, i) == 23 || PQftype(pg, i) == 21))) {
            log_error("statement_column", "statement", "%s", row->name, "column", "%d", i + 1, "is", "%u", PQftype(pg, i));
            must(!"a column's type is not the declared one");
        }
    *result_r = mem_new(NULL, struct db_result);
    (*result_r)->pg = pg;
    *count_r = (size_t)PQntuples(pg);
    return STATUS_OK;
}

static int64_t
rows_changed(const PGresult *result)
{
    const char *count = PQcmdTuples((PGresult *)result);

    return *count == '\0' ? PQntuples(result) : strtoll(count, NULL, 10);
}

enum status
db_exec(struct db *db, int statement, struct db_put *put, int64_t *changed_r)
{
    PGresult *pg;
    enum status status = run(db, statement, put, &pg);

    if (status == STATUS_OK && changed_r != NULL)
        *changed_r = rows_changed(pg);
    PQclear(pg);
    return status;
}

enum status
db_send(struct db *db, int statement, struct db_put *put)
{
    enum status status = ready(db);

    if (status == STATUS_OK)
        status = prepare(db, statement);
    if (status == STATUS_OK) {
        db->sending = PQsendQueryPrepared(db->conn, statement_rows[statement].name, put->count, put->values,
                                          put->lengths, put->formats, 1) == 1;
        db->sent_statement = statement;
        if (db->sending)
            PQflush(db->conn);
        else
            status = db_is_connected(db) ? STATUS_BROKEN : STATUS_UNAVAILABLE;
    }
    talloc_free(put->ctx);
    return status;
}

enum status
db_collect(struct db *db, int64_t *changed_r)
{
    enum status status = STATUS_OK;
    PGresult *result;
    bool seen = false;

    if (!db->sending)
        return STATUS_OK;
    db->sending = false;
    while ((result = PQgetResult(db->conn)) != NULL) {
        /* "INSERT 0 1" comes before the commit: a server that dies in between says so in a second result. */
        if (!seen || status == STATUS_OK)
            status = judge(db, result, statement_rows[db->sent_statement].name);
        if (!seen && status == STATUS_OK && changed_r != NULL)
            *changed_r = rows_changed(result);
        seen = true;
        PQclear(result);
    }
    return seen ? status : STATUS_UNKNOWN_OUTCOME;
}

bool
db_is_sending(const struct db *db)
{
    return db->sending;
}

enum status
db_prepare_all(struct db *db, const char **failed_r)
{
    enum status status = ready(db);

    *failed_r = NULL;
    for (size_t i = 0; i < statement_count && status == STATUS_OK; i++) {
        const struct statement_row *row = &statement_rows[i];
        PGresult *description;

        *failed_r = row->name;
        status = prepare(db, (int)i);
        if (status != STATUS_OK)
            break;
        description = PQdescribePrepared(db->conn, row->name);
        if (row->columns > 0 && PQnfields(description) != row->columns)
            status = STATUS_BROKEN;
        for (int c = 0; c < row->columns && status == STATUS_OK; c++)
            if (PQftype(description, c) != row->column_types[c]
                && !(row->column_types[c] == 20 && PQftype(description, c) == 23)) {
                snprintf(db->error, sizeof db->error, "column %d has type %u, declared %u", c + 1,
                         PQftype(description, c), row->column_types[c]);
                status = STATUS_BROKEN;
            }
        PQclear(description);
    }
    if (status == STATUS_OK)
        *failed_r = NULL;
    return status;
}

/* --- parameters --- */

static void
put_raw(struct db_put *put, const void *value, size_t len, int format)
{
    must(put->count < DB_MAX_PARAMS && len < INT32_MAX);
    put->values[put->count] = value;
    put->lengths[put->count] = (int)len;
    put->formats[put->count] = format;
    put->count++;
}

static TALLOC_CTX *
put_ctx(struct db_put *put)
{
    if (put->ctx == NULL)
        put->ctx = talloc_new(NULL);
    return put->ctx;
}

static void
put_number(struct db_put *put, int64_t value)
{
    uint64_t big = htobe64((uint64_t)value);
    uint8_t *small = put->small[put->count];

    memcpy(small, &big, 8);
    put_raw(put, small, 8, 1);
}

void
db_put_int8(struct db_put *put, int64_t value)
{
    if (value == 0)
        put_raw(put, NULL, 0, 1);
    else
        put_number(put, value);
}

void
db_put_int4(struct db_put *put, int64_t value)
{
    uint32_t big = htobe32((uint32_t)(int32_t)value);
    uint8_t *small = put->small[put->count];

    must(value >= INT32_MIN && value <= INT32_MAX);
    memcpy(small, &big, 4);
    put_raw(put, small, 4, 1);
}

void
db_put_bool(struct db_put *put, bool value)
{
    uint8_t *small = put->small[put->count];

    small[0] = value;
    put_raw(put, small, 1, 1);
}

void
db_put_text(struct db_put *put, const char *value)
{
    /* PostgreSQL refuses invalid UTF-8; a value that is not text has been cleaned at its door, or is refused there. */
    put_raw(put, value, value == NULL ? 0 : strlen(value), 1);
}

void
db_put_date(struct db_put *put, const char *iso)
{
    put_raw(put, iso, iso == NULL ? 0 : strlen(iso), 0);
}

void
db_put_blob(struct db_put *put, struct blob value)
{
    put_raw(put, value.data, value.len, 1);
}

void
db_put_time(struct db_put *put, int64_t time_us)
{
    if (time_us == 0)
        put_raw(put, NULL, 0, 1);
    else
        put_number(put, time_us - epoch_2000_us);
}

/* One-dimensional array in binary form: dimensions, has-null, element type, count, lower bound, then (length, bytes)... */
static void
array_head(struct str *out, uint32_t type, size_t count)
{
    uint32_t head[5] = {htobe32(1), 0, htobe32(type), htobe32((uint32_t)count), htobe32(1)};

    if (count == 0)
        head[0] = 0;
    str_addn(out, head, count == 0 ? 12 : 20);
}

void
db_put_ints(struct db_put *put, struct int_array value)
{
    struct str *out = str_new(put_ctx(put));

    array_head(out, 20, value.count);
    for (size_t i = 0; i < value.count; i++) {
        uint32_t len = htobe32(8);
        uint64_t item = htobe64((uint64_t)value.items[i]);

        str_addn(out, &len, 4);
        str_addn(out, &item, 8);
    }
    put_raw(put, out->s, out->len, 1);
}

void
db_put_texts(struct db_put *put, struct text_array value)
{
    struct str *out = str_new(put_ctx(put));

    array_head(out, 25, value.count);
    for (size_t i = 0; i < value.count; i++) {
        uint32_t len = htobe32((uint32_t)strlen(value.items[i]));

        str_addn(out, &len, 4);
        str_add(out, value.items[i]);
    }
    put_raw(put, out->s, out->len, 1);
}

/* --- columns --- */

void
db_result_free(struct db_result *result)
{
    PQclear(result->pg);
    talloc_free(result);
}

static uint32_t
read_u32(const void *p)
{
    uint32_t value;

    memcpy(&value, p, 4);
    return be32toh(value);
}

static int64_t
read_i64(const void *p)
{
    uint64_t value;

    memcpy(&value, p, 8);
    return (int64_t)be64toh(value);
}

int64_t
db_get_int(struct db_result *result, size_t row, int column)
{
    const char *value = PQgetvalue(result->pg, (int)row, column);
    int len = PQgetlength(result->pg, (int)row, column);

    if (PQgetisnull(result->pg, (int)row, column))
        return 0;
    if (len == 2)
        return (int16_t)((uint8_t)value[0] << 8 | (uint8_t)value[1]);
    return len == 4 ? (int32_t)read_u32(value) : read_i64(value);
}

bool
db_get_bool(struct db_result *result, size_t row, int column)
{
    return !PQgetisnull(result->pg, (int)row, column) && *PQgetvalue(result->pg, (int)row, column) != 0;
}

const char *
db_get_text(TALLOC_CTX *ctx, struct db_result *result, size_t row, int column)
{
    if (PQgetisnull(result->pg, (int)row, column))
        return NULL;
    return mem_strndup(ctx, PQgetvalue(result->pg, (int)row, column), (size_t)PQgetlength(result->pg, (int)row, column));
}

struct blob
db_get_blob(TALLOC_CTX *ctx, struct db_result *result, size_t row, int column)
{
    if (PQgetisnull(result->pg, (int)row, column))
        return (struct blob){NULL, 0};
    return blob_copy(ctx, PQgetvalue(result->pg, (int)row, column), (size_t)PQgetlength(result->pg, (int)row, column));
}

int64_t
db_get_time(struct db_result *result, size_t row, int column)
{
    if (PQgetisnull(result->pg, (int)row, column))
        return 0;
    return read_i64(PQgetvalue(result->pg, (int)row, column)) + epoch_2000_us;
}

static size_t
array_count(const char *value)
{
    return read_u32(value) == 0 ? 0 : read_u32(value + 12);
}

struct int_array
db_get_ints(TALLOC_CTX *ctx, struct db_result *result, size_t row, int column)
{
    const char *value = PQgetvalue(result->pg, (int)row, column);
    size_t count = PQgetisnull(result->pg, (int)row, column) ? 0 : array_count(value);
    int64_t *items = mem_array(ctx, int64_t, count + 1);

    value += 20;
    for (size_t i = 0; i < count; i++, value += 12)
        items[i] = read_i64(value + 4);
    return (struct int_array){items, count};
}

struct text_array
db_get_texts(TALLOC_CTX *ctx, struct db_result *result, size_t row, int column)
{
    const char *value = PQgetvalue(result->pg, (int)row, column);
    size_t count = PQgetisnull(result->pg, (int)row, column) ? 0 : array_count(value);
    const char **items = mem_array(ctx, const char *, count + 1);

    value += 20;
    for (size_t i = 0; i < count; i++) {
        uint32_t len = read_u32(value);

        if (len == UINT32_MAX)      /* a NULL among the items */
            len = 0;
        items[i] = mem_strndup(items, value + 4, len);
        value += 4 + len;
    }
    return (struct text_array){items, count};
}

/* --- hints and locks --- */

enum status
db_listen(struct db *db, const char *channel)
{
    char sql[80];
    enum status status = ready(db);

    if (status != STATUS_OK)
        return status;
    must(strspn(channel, "abcdefghijklmnopqrstuvwxyz_") == strlen(channel));
    snprintf(sql, sizeof sql, "LISTEN %s", channel);
    return run_plain(db, sql, "LISTEN");
}

bool
db_notified(struct db *db)
{
    PGnotify *notice;
    bool any = false;

    if (!db_is_connected(db))
        return false;
    PQconsumeInput(db->conn);
    while ((notice = PQnotifies(db->conn)) != NULL) {
        any = true;
        PQfreemem(notice);
    }
    return any;
}

enum status
db_lock(struct db *db, int kind, int64_t id, bool *held_r)
{
    char kind_text[16], id_text[24];
    const char *values[2] = {kind_text, id_text};
    enum status status = ready(db);
    PGresult *result;

    *held_r = false;
    if (status != STATUS_OK)
        return status;
    snprintf(kind_text, sizeof kind_text, "%d", kind);
    snprintf(id_text, sizeof id_text, "%d", (int)(id & INT32_MAX));
    result = PQexecParams(db->conn, "SELECT pg_try_advisory_lock($1::int, $2::int)", 2, NULL, values, NULL, NULL, 0);
    status = judge(db, result, "advisory_lock");
    if (status == STATUS_OK)
        *held_r = *PQgetvalue(result, 0, 0) == 't';
    PQclear(result);
    return status;
}

/* --- migrations --- */

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
    enum status status = ready(db);
    PGresult *result;

    *version_r = 0;
    if (status != STATUS_OK)
        return status;
    result = PQexec(db->conn, "SELECT to_regclass('schema_migration') IS NOT NULL");
    status = judge(db, result, "schema_version");
    if (status == STATUS_OK && *PQgetvalue(result, 0, 0) == 't') {
        PQclear(result);
        result = PQexec(db->conn, "SELECT coalesce(max(number), 0) FROM schema_migration");
        status = judge(db, result, "schema_version");
        if (status == STATUS_OK)
            *version_r = atoi(PQgetvalue(result, 0, 0));
    }
    PQclear(result);
    return status;
}

static enum status
record_migration(struct db *db, const struct migration *m)
{
    char number[16], *now = clock_iso(NULL, clock_now_us());
    const char *values[3] = {number, m->name, now};
    PGresult *result;
    enum status status;

    snprintf(number, sizeof number, "%d", m->number);
    result = PQexecParams(db->conn, "INSERT INTO schema_migration (number, name, applied_at) "
                          "VALUES ($1::int, $2, $3::timestamptz)", 3, NULL, values, NULL, NULL, 0);
    status = judge(db, result, m->name);
    PQclear(result);
    talloc_free(now);
    return status;
}

static enum status
migrate_one(struct db *db, const struct migration *m)
{
    enum status status = db_begin(db);

    if (status != STATUS_OK)
        return status;
    status = run_plain(db, m->sql, m->name);
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
        return fault_setf(fault, db, status, NULL, "the database cannot be reached: %s", db->error);
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
            return fault_setf(fault, db, status, NULL, "migration %04d-%s failed: %s", m->number, m->name, db->error);
    }
    status = run_plain(db, grants_sql, "grants.sql");
    if (status != STATUS_OK)
        return fault_setf(fault, db, status, NULL, "the grants failed: %s", db->error);
    return STATUS_OK;
}

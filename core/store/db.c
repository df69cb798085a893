/* db.c - the door to libpq */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "store/db-private.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/str.h"

enum { RECONNECT_MS = 200, TELL_AGAIN_MS = 60000 };

struct db {
    PGconn *conn;
    const char *conninfo, *name;
    unsigned generation;
    int64_t failed_ms;          /* when the last try to connect failed; 0: it did not */
    int64_t away_ms, told_ms;   /* since when it cannot be reached, and when that was last logged; 0: it can */
    bool in_transaction, transaction_lost, sending;
    int sent_statement;
    bool *prepared;
    bool is_hidden;             /* libpq's words about the connection string could show a password */
    char error[512];
};

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
    /* One sentence, though libpq writes hints on lines of their own. */
    for (char *p = db->error; (p = strpbrk(p, "\n\t")) != NULL; )
        *p++ = ' ';
}

/* In an address a password with an @ in it is taken for the beginning of the host. */
static bool
host_is_strange(const PQconninfoOption *options)
{
    for (; options != NULL && options->keyword != NULL; options++)
        if (str_eq(options->keyword, "host") && !str_is_empty(options->val) && strchr(options->val + 1, '@') != NULL)
            return true;
    return false;
}

/* Of a string that it cannot read libpq quotes a part, which may be one of a password with a blank in it. */
static bool
may_quote_password(const char *conninfo)
{
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
    bool is_strange = options == NULL || host_is_strange(options);

    PQconninfoFree(options);
    return is_strange && ((strchr(conninfo, '=') != NULL && strcasestr(conninfo, "pass") != NULL) || strstr(conninfo, "://") != NULL);
}

/* Many processes try five times a second: each says it at once, and then once a minute. */
static void
tell_away(struct db *db)
{
    int64_t now_ms = clock_monotonic_ms();

    if (db->away_ms == 0)
        db->away_ms = now_ms;
    if (db->told_ms != 0 && now_ms - db->told_ms < TELL_AGAIN_MS)
        return;
    db->told_ms = now_ms;
    log_event(EVENT_DATABASE_UNREACHABLE, "name", "%s", db->name, "error", "%s", db->error);
}

static void
tell_back(struct db *db)
{
    if (db->away_ms != 0)
        log_event(EVENT_DATABASE_BACK, "name", "%s", db->name, "away_ms", "%lld", (long long)(clock_monotonic_ms() - db->away_ms));
    db->away_ms = db->told_ms = 0;
}

static bool
connect_now(struct db *db)
{
    const char *keys[] = {"dbname", "fallback_application_name", "connect_timeout", "client_encoding", "options", NULL};
    /* Compiling one of our statements takes a hundred times as long as running it. */
    const char *values[] = {db->conninfo, db->name, "5", "UTF8", "-c timezone=UTC -c statement_timeout=60s -c jit=off "
                            "-c idle_in_transaction_session_timeout=60s -c default_transaction_isolation=read\\ committed",
                            NULL};

    if (db->conn != NULL)
        PQfinish(db->conn);
    db->conn = PQconnectdbParams(keys, values, 1);
    db->sending = db->in_transaction = false;
    memset(db->prepared, 0, statement_count + 1);
    db->generation++;
    if (PQstatus(db->conn) == CONNECTION_OK) {
        PQsetNoticeProcessor(db->conn, keep_quiet, NULL);
        db->failed_ms = 0;
        tell_back(db);
        return true;
    }
    db->failed_ms = clock_monotonic_ms();
    remember_error(db, db->is_hidden ? "the connection string cannot be read; a value with a blank in it stands between single quotes, and in an "
                   "address (postgresql://...) letters with a meaning are written as %40" : PQerrorMessage(db->conn));
    tell_away(db);
    return false;
}

struct db *
db_open(TALLOC_CTX *ctx, const char *conninfo, const char *name)
{
    struct db *db = mem_new(ctx, struct db);

    db->conninfo = mem_strdup(db, conninfo);
    db->name = mem_strdup(db, name);
    db->prepared = mem_array(db, bool, statement_count + 1);
    db->is_hidden = may_quote_password(conninfo);
    talloc_set_destructor(db, db_free);
    connect_now(db);
    return db;
}

bool
db_is_by_network(const char *conninfo)
{
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
    const char *host = getenv("PGHOST"), *address = getenv("PGHOSTADDR"), *service = getenv("PGSERVICE");
    bool by_network;

    for (const PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++) {
        if (str_eq(option->keyword, "host") && !str_is_empty(option->val))
            host = option->val;
        if (str_eq(option->keyword, "hostaddr") && !str_is_empty(option->val))
            address = option->val;
        if (str_eq(option->keyword, "service") && !str_is_empty(option->val))
            service = option->val;
    }
    /* What a service stands for is libpq's to find out, and may change before the next connection. */
    by_network = !str_is_empty(service);
    /* Several are separated by commas; one by its name is enough. */
    for (const char *one = host; !by_network && !str_is_empty(one); one = strchr(one, ',') == NULL ? NULL : strchr(one, ',') + 1)
        by_network = *one != '/' && *one != '@' && *one != ',';
    by_network = by_network || !str_is_empty(address);
    PQconninfoFree(options);
    return by_network;
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

/* How to reach the server; not how we behave there. */
static bool
is_way(const PQconninfoOption *option)
{
    static const char *const ours[] = {"options", "application_name", "fallback_application_name", "client_encoding"};

    for (size_t i = 0; i < COUNT_OF(ours); i++)
        if (str_eq(option->keyword, ours[i]))
            return false;
    return option->envvar != NULL && option->val != NULL && *option->val != '\0';
}

const char *const *
db_environment(TALLOC_CTX *ctx, struct db *db)
{
    PQconninfoOption *options = db->conn != NULL ? PQconninfo(db->conn) : NULL;
    const char **all = mem_array(ctx, const char *, 1);
    size_t count = 0;

    for (PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++)
        if (is_way(option)) {
            all = mem_resize(ctx, all, const char *, count + 2);
            all[count++] = mem_printf(ctx, "%s=%s", option->envvar, option->val);
            all[count] = NULL;
        }
    PQconninfoFree(options);
    return all;
}

int
db_socket(struct db *db)
{
    return db_is_connected(db) ? PQsocket(db->conn) : -1;
}

/* While nothing is asked the server has only one thing to say: that it ends. Hearing it here, and not from the next statement, spares
 * somebody an error after each restart of the database. */
static void
hear_goodbye(struct db *db)
{
    struct pollfd poller = {.fd = PQsocket(db->conn), .events = POLLIN};

    for (int turn = 0; turn < 3 && db_is_connected(db) && poll(&poller, 1, 0) > 0; turn++)
        if (PQconsumeInput(db->conn))
            PQisBusy(db->conn);     /* takes in what was read; the end itself comes with the next reading */
}

/* A connection to work on; begins a new one where the old is gone, but never inside a transaction. */
static enum status
ready(struct db *db)
{
    if (db->transaction_lost)
        return STATUS_UNAVAILABLE;
    if (db_is_connected(db) && !db->in_transaction && !db->sending)
        hear_goodbye(db);
    if (db_is_connected(db))
        return db->sending ? db_collect(db, NULL) : STATUS_OK;
    if (db->in_transaction) {
        db->transaction_lost = true;
        return STATUS_UNAVAILABLE;
    }
    if (db->failed_ms != 0 && clock_monotonic_ms() - db->failed_ms < RECONNECT_MS)
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

static enum log_event
event_of(enum status status)
{
    return status == STATUS_BROKEN ? EVENT_STATEMENT_BROKEN : status == STATUS_DISK_FULL ? EVENT_DISK_FULL : EVENT_STATEMENT_FAILED;
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
        log_event(EVENT_DATABASE_LOST, "statement", "%s", what, "error", "%s", db->error);
        return db->in_transaction ? STATUS_UNAVAILABLE : STATUS_UNKNOWN_OUTCOME;
    }
    status = judge_sqlstate(state);
    if (status != STATUS_CONFLICT)
        log_event(event_of(status), "statement", "%s", what, "sqlstate", "%s", state, "error", "%s", db->error);
    return status;
}

enum status
db_plain(struct db *db, const char *sql, const char *what)
{
    PGresult *result = PQexec(db->conn, sql);
    enum status status = judge(db, result, what);

    PQclear(result);
    return status;
}

enum status
db_ask(struct db *db, const char *what, const char *sql, const char *const *values, char answer_r[DB_ANSWER_MAX])
{
    enum status status = ready(db);
    PGresult *result;
    int count = 0;

    *answer_r = '\0';
    if (status != STATUS_OK)
        return status;
    while (values[count] != NULL)
        count++;
    result = PQexecParams(db->conn, sql, count, NULL, values, NULL, NULL, 0);
    status = judge(db, result, what);
    if (status == STATUS_OK && PQntuples(result) > 0)
        snprintf(answer_r, DB_ANSWER_MAX, "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return status;
}

const char *
db_last_error(const struct db *db)
{
    return db->error;
}

/* --- transactions --- */

static enum status
begin(struct db *db, const char *sql)
{
    enum status status = ready(db);

    must(!db->in_transaction);
    if (status != STATUS_OK)
        return status;
    status = db_plain(db, sql, "BEGIN");
    db->in_transaction = status == STATUS_OK;
    return status == STATUS_UNKNOWN_OUTCOME ? STATUS_UNAVAILABLE : status;
}

enum status
db_begin(struct db *db)
{
    return begin(db, "BEGIN");
}

enum status
db_begin_still(struct db *db)
{
    return begin(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
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
    db_plain(db, "ROLLBACK", "ROLLBACK");
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

/* A column declared bigint may be any integer: db_get_int() reads each width. */
static bool
column_fits(const struct statement_row *row, int column, const PGresult *result)
{
    enum { INT8 = 20, INT2 = 21, INT4 = 23 };
    Oid is = PQftype(result, column), declared = row->column_types[column];

    return is == declared || (declared == INT8 && (is == INT4 || is == INT2));
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
        if (!column_fits(row, i, pg)) {
            log_event(EVENT_STATEMENT_COLUMN, "statement", "%s", row->name, "column", "%d", i + 1, "is", "%u", PQftype(pg, i));
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
            if (!column_fits(row, c, description)) {
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
    return db_plain(db, sql, "LISTEN");
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
db_lock(struct db *db, enum db_lock_kind kind, int64_t id, bool *held_r)
{
    char kind_text[16], id_text[24], answer[DB_ANSWER_MAX];
    const char *values[] = {kind_text, id_text, NULL};
    enum status status;

    snprintf(kind_text, sizeof kind_text, "%d", (int)kind);
    snprintf(id_text, sizeof id_text, "%d", (int)(id & INT32_MAX));
    status = db_ask(db, "advisory_lock", "SELECT pg_try_advisory_lock($1::int, $2::int)", values, answer);
    *held_r = str_eq(answer, "t");
    return status;
}

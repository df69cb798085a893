/* command-db.c - kairan db: the schema */
#include <stdio.h>

#include "cli/common.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"

enum { SLOW_MS = 1000 };

static void
tell_migration(enum migrate_news news, const struct migration *migration, int64_t took_ms)
{
    switch (news) {
    case MIGRATE_WAITS:
        fputs("another \"kairan db migrate\" is at work; waiting for it\n", stderr);
        break;
    case MIGRATE_BEGINS:
        fprintf(stderr, "migration %04d-%s\n", migration->number, migration->name);
        break;
    case MIGRATE_WAITS_FOR_LOCK:
        fprintf(stderr, "migration %04d-%s: others use its tables; tried for %lld s, trying again\n", migration->number, migration->name,
                (long long)(took_ms / 1000));
        break;
    case MIGRATE_DONE:
        if (took_ms >= SLOW_MS)
            fprintf(stderr, "migration %04d-%s took %lld s\n", migration->number, migration->name, (long long)(took_ms / 1000));
        break;
    }
}

/* "post: about 1200 rows, 3 MiB", joined by commas. */
static enum status
say_tables(struct call *call, const struct migration *migration, const char **words_r)
{
    struct str *words = str_new(call->ctx);
    char **names = str_split(call->ctx, migration->tables, ' ', SIZE_MAX);
    struct row_migration_table *table;
    enum status status = STATUS_OK;

    for (size_t i = 0; names[i] != NULL && *names[i] != '\0' && status == STATUS_OK; i++) {
        status = q_migration_table(call->db, call->ctx, names[i], &table);
        if (status != STATUS_OK || table == NULL)
            continue;           /* one that an earlier of these migrations makes */
        str_addf(words, "%s%s", words->len > 0 ? ", " : "", names[i]);
        if (str_eq(migration->lock, "rows"))
            str_addf(words, " (%lld MiB)", (long long)(table->bytes >> 20));
    }
    *words_r = words->len == 0 ? "nothing" : str_eq(migration->lock, "moment") ? mem_printf(call->ctx, "for a moment: %s", words->s)
        : mem_printf(call->ctx, "while it goes through them: %s", words->s);
    return status;
}

/* What db migrate would do. Whether the version before goes on beside is asked of all of them together: it meets all at once. */
static enum status
show_missing(struct call *call)
{
    struct out *rows = out_rows(call->out, "migrations");
    bool beside = true;
    int version;
    enum status status = db_schema_version(call->db, &version);

    if (status == STATUS_OK && (version > db_schema_known() || version == DB_SCHEMA_UNFINISHED))
        return db_schema_check(call->db, &call->fault);
    for (const struct migration *m = db_migrations(); m->name != NULL && status == STATUS_OK; m++) {
        struct out *row;
        const char *locks;

        if (m->number <= version)
            continue;
        status = say_tables(call, m, &locks);
        row = out_row(rows);
        out_text(row, "migration", mem_printf(call->ctx, "%04d-%s", m->number, m->name));
        out_text(row, "locks", locks);
        out_text(row, "beside", m->beside ? "yes" : "no");
        beside = beside && m->beside;
    }
    out_int(call->out, "version", version);
    out_int(call->out, "known", db_schema_known());
    out_text(call->out, "next", version >= db_schema_known() ? "Nothing is to be done." :
             beside ? "The worker and the web application of the version before may go on meanwhile; start the new ones afterwards."
                    : "Stop kairan-worker and kairan-web before, and start the new ones afterwards. Mail waits in Postfix meanwhile.");
    return status;
}

/* The first key of our tokens (store: token_key); further ones are made when keys change. */
static enum status
make_first_token_key(struct call *call)
{
    struct row_token_key_all *rows;
    uint8_t secret[32];
    size_t count;
    enum status status = q_token_key_all(call->db, call->ctx, &rows, &count);

    if (status != STATUS_OK || count > 0)
        return status;
    random_bytes(secret, sizeof secret);
    status = q_token_key_add(call->db, 1, (struct blob){secret, sizeof secret}, clock_now_us(), NULL);
    random_bytes(secret, sizeof secret);
    return status;
}

enum status
call_migrate(struct call *call)
{
    enum status status = db_migrate(call->db, call->json ? NULL : tell_migration, &call->fault);

    return status == STATUS_OK ? make_first_token_key(call) : status;
}

enum status
command_db_migrate(struct call *call)
{
    int version = 0;
    enum status status;

    if (has_option(call, "--dry-run"))
        return show_missing(call);
    status = call_migrate(call);
    if (status == STATUS_OK)
        status = db_schema_version(call->db, &version);
    out_int(call->out, "version", version);
    return status;
}

enum status
command_db_status(struct call *call)
{
    int version = 0;
    enum status status = db_schema_version(call->db, &version);

    if (status == STATUS_OK && version == DB_SCHEMA_UNFINISHED)
        return db_schema_check(call->db, &call->fault);
    if (status != STATUS_OK)
        return status;
    out_int(call->out, "version", version);
    out_int(call->out, "known", db_schema_known());
    out_bool(call->out, "current", version == db_schema_known());
    if (version < db_schema_known())
        return fault_set(&call->fault, STATUS_CONFLICT, NULL, N_("The schema is older than this program: run \"kairan db migrate\"."));
    if (version > db_schema_known())
        return fault_set(&call->fault, STATUS_CONFLICT, NULL, N_("The schema is newer than this program: install the newer program."));
    return STATUS_OK;
}

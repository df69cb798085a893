/* keep.c - what kairan backup and kairan restore share */
#include <string.h>

#include "cli/keep-program.h"
#include "cli/keep.h"
#include "cli/stopping.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/run.h"

enum { MIB = 1 << 20 };

int64_t
keep_never_us(void)
{
    return INT64_C(253370764800) * US_PER_S;        /* 9999-01-01 */
}

/* --- PostgreSQL's programs --- */

/* Debian keeps each version's in a folder of its own. */
static enum status
find_program(struct call *call, const char *name, const char **path_r)
{
    const char *paths[] = {mem_printf(call->ctx, "/usr/bin/%s", name), NULL};
    struct row_keep_server *server;
    enum status status = q_keep_server(call->db, call->ctx, &server);

    if (status != STATUS_OK)
        return status;
    *path_r = keep_program(call->ctx, mem_printf(call->ctx, "/usr/lib/postgresql/*/bin/%s", name), (int)server->version);
    if (*path_r == NULL)
        *path_r = run_find(paths);
    if (*path_r == NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_UNAVAILABLE, NULL, "%s of PostgreSQL %d or newer is not installed; on Debian: apt-get install "
                          "postgresql-client-%d", name, (int)server->version, (int)server->version);
    return STATUS_OK;
}

/* How to reach the server, and that errors are in the words that judge_run() knows. */
static const char *const *
environment(struct call *call)
{
    const char *const *way = db_environment(call->ctx, call->db);
    const char **all;
    size_t count = 0;

    while (way[count] != NULL)
        count++;
    all = mem_array(call->ctx, const char *, count + 2);
    memcpy(all, way, count * sizeof *all);
    all[count] = "LC_ALL=C";
    return all;
}

/* How far it is: tables that it has been seen to leave are done. */
struct watch {
    struct progress progress;
    struct db *db;
    const struct manifest *tables;
    const char *verb;
    size_t now;                 /* the table it is at */
    uint64_t done, all;         /* bytes; done without the one it is at */
};

static void
look(struct watch *watch, TALLOC_CTX *ctx)
{
    struct row_keep_copying *at;
    size_t i = 0;
    uint64_t part;

    if (q_keep_copying(watch->db, ctx, watch->verb, &at) != STATUS_OK || at == NULL)
        return;
    while (i < watch->tables->table_count && !str_eq(watch->tables->tables[i].name, at->name))
        i++;
    if (i == watch->tables->table_count)
        return;
    if (watch->now != i) {
        watch->done += watch->now < watch->tables->table_count ? (uint64_t)watch->tables->tables[watch->now].bytes : 0;
        watch->now = i;
    }
    part = watch->tables->tables[i].rows <= at->tuples ? (uint64_t)watch->tables->tables[i].bytes
        : (uint64_t)((double)watch->tables->tables[i].bytes * (double)at->tuples / (double)watch->tables->tables[i].rows);
    progress_show(&watch->progress, (int64_t)(watch->done + part) / MIB, watch->done + part, watch->all);
}

static bool
go_on(void *data)
{
    struct watch *watch = data;
    TALLOC_CTX *ctx;

    if (watch->progress.is_wanted) {
        ctx = talloc_new(watch->db);
        look(watch, ctx);
        talloc_free(ctx);
    }
    return !stopping_is_wanted();
}

static enum status
judge_run(struct call *call, const char *name, const struct run_answer *answer)
{
    if (answer->code == 0)
        return STATUS_OK;
    if (stopping_is_wanted())
        return fault_setf(&call->fault, call->ctx, STATUS_UNAVAILABLE, NULL, "Stopped.");
    return fault_setf(&call->fault, call->ctx, strstr(answer->errors, "No space left") != NULL ? STATUS_DISK_FULL : STATUS_UNAVAILABLE, NULL,
                      "%s failed: %s", name, *answer->errors != '\0' ? keep_program_said(call->ctx, answer->errors) : "a signal ended it");
}

enum status
keep_run(struct call *call, const struct keep_order *order, const struct manifest *tables, const char **output_r)
{
    struct watch watch = {.tables = tables, .verb = order->verb, .now = tables->table_count};
    const char *argv[20] = {NULL};
    struct run run = {.argv = argv, .environment = environment(call), .input = order->input, .go_on = go_on, .data = &watch};
    struct run_answer answer;
    enum status status = find_program(call, order->name, &argv[0]);

    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; order->words[i] != NULL; i++) {
        must(i + 2 < COUNT_OF(argv));
        argv[i + 1] = order->words[i];
    }
    for (size_t i = 0; i < tables->table_count; i++)
        watch.all += (uint64_t)tables->tables[i].bytes;
    progress_begin(&watch.progress, call, "MiB");
    if (watch.progress.is_wanted)
        watch.db = db_open(call->ctx, call->conf->database_owner, "kairan, looking on");
    run_program(call->ctx, &run, &answer);
    progress_clear(&watch.progress);
    talloc_free(watch.db);
    *output_r = answer.output;
    return judge_run(call, order->name, &answer);
}

/* --- sums --- */

static enum status
cannot_sum(struct call *call, enum status status, const char *table)
{
    return fault_setf(&call->fault, call->ctx, status == STATUS_OK ? STATUS_BROKEN : status, NULL, "The table %s cannot be read: %s", table,
                      db_last_error(call->db));
}

enum status
keep_sum_tables(struct call *call, struct manifest *manifest)
{
    struct row_keep_tables *tables;
    struct progress progress;
    size_t count;
    uint64_t done = 0, all = 0;
    enum status status = q_keep_tables(call->db, call->ctx, &tables, &count);

    progress_begin(&progress, call, "MiB looked through");
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        all += (uint64_t)tables[i].bytes;
    for (size_t i = 0; status == STATUS_OK && i < count && !stopping_is_wanted(); i++) {
        struct row_keep_sum *sum;

        status = q_keep_sum(call->db, call->ctx, tables[i].name, &sum);
        if (status != STATUS_OK || sum == NULL)
            return cannot_sum(call, status, tables[i].name);
        manifest_add_table(call->ctx, manifest, (struct manifest_table){tables[i].name, sum->sum, sum->counted, tables[i].bytes});
        done += (uint64_t)tables[i].bytes;
        progress_show(&progress, (int64_t)done / MIB, done, all);
    }
    progress_clear(&progress);
    if (stopping_is_wanted())
        return fault_setf(&call->fault, call->ctx, STATUS_UNAVAILABLE, NULL, "Stopped.");
    return status;
}

enum status
keep_compare_tables(struct call *call, const struct manifest *manifest)
{
    struct manifest found = {0};
    enum status status = keep_sum_tables(call, &found);

    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct manifest_table *wanted = &manifest->tables[i], *has = i < found.table_count ? &found.tables[i] : NULL;

        if (has == NULL || !str_eq(has->name, wanted->name))
            return fault_setf(&call->fault, call->ctx, STATUS_BROKEN, NULL, "The table %s did not come back.", wanted->name);
        if (str_eq(wanted->name, KEEP_NUMBER_TABLE))
            continue;
        if (has->rows != wanted->rows || !str_eq(has->sum, wanted->sum))
            return fault_setf(&call->fault, call->ctx, STATUS_BROKEN, NULL, "The table %s is not as it was: %lld rows came back of %lld, and their sum %s.",
                              wanted->name, (long long)has->rows, (long long)wanted->rows, str_eq(has->sum, wanted->sum) ? "fits" : "does not fit");
    }
    return STATUS_OK;
}

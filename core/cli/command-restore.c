/* command-restore.c - kairan restore: a backup becomes a machine again
 *
 * All is looked at before anything is done: the backup's files, that the database has nothing in it and nobody uses it, that the schema is
 * known. Then the database in one transaction, but for the number of its schema: without that no program of ours works with it. It is
 * held against the backup's sums, what it would send is put off, and the number comes last. Then keys and configuration, which never take
 * another file's place without keeping that beside. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/common.h"
#include "cli/keep.h"
#include "cli/restore-files.h"
#include "cli/stopping.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/run.h"

struct restore {
    struct call *call;
    const char *folder;
    struct manifest *manifest;
    const char *database, *dump;        /* its name; the backup's file */
    int schema;                 /* of the database as it is found; 0: none */
};

/* --- before anything is done --- */

static enum status
check_backup(struct restore *restore)
{
    struct call *call = restore->call;
    enum status status = manifest_read(call->ctx, restore->folder, &restore->manifest, &call->fault);

    for (size_t i = 0; status == STATUS_OK && i < restore->manifest->file_count; i++) {
        const char *trouble = manifest_file_trouble(call->ctx, restore->folder, &restore->manifest->files[i]);

        if (trouble != NULL) {
            fault_setf(&call->fault, call->ctx, STATUS_BROKEN, "DIR", "%s", trouble);
            call->fault.hint = "The backup is damaged; nothing was done. Take another one.";
            return STATUS_BROKEN;
        }
    }
    if (status == STATUS_OK)
        restore->dump = mem_printf(call->ctx, "%s/%s", restore->folder, manifest_find(restore->manifest, "database")->path);
    if (status == STATUS_OK && restore->manifest->schema > db_schema_known())
        return fault_setf(&call->fault, call->ctx, STATUS_CONFLICT, "DIR",
                          "The backup was made by %s and has schema %d; this program knows %d. Install that version or a newer one, then restore.",
                          restore->manifest->program, restore->manifest->schema, db_schema_known());
    return status;
}

/* The machine's own configuration, or where it has none the backup's. */
static enum status
find_configuration(struct restore *restore)
{
    struct call *call = restore->call;
    const struct manifest_file *kept = manifest_find(restore->manifest, "configuration");
    struct conf *conf;
    enum status status;

    if (call->conf->path != NULL || kept == NULL)
        return STATUS_OK;
    status = conf_read(call->ctx, mem_printf(call->ctx, "%s/%s", restore->folder, kept->path), &conf, &call->fault);
    log_show(LOG_LEVEL_ERROR, LOG_ADDRESSES_FULL);
    if (status == STATUS_OK) {
        conf->path = NULL;
        call->conf = conf;
    }
    return status;
}

static enum status
connect(struct restore *restore)
{
    struct call *call = restore->call;

    call->db = db_open(call->ctx, call->conf->database_owner, "kairan restore");
    if (db_is_connected(call->db))
        return STATUS_OK;
    fault_setf(&call->fault, call->ctx, STATUS_UNAVAILABLE, NULL, "The database cannot be reached: %s", db_last_error(call->db));
    call->fault.hint = mem_printf(call->ctx, "Make the roles and an empty database first, as postgres: \"psql -f %s/sql/roles.sql\" and "
                                  "\"createdb -O kairan_owner -E UTF8 -T template0 kairan\".", call->conf->site_data_dir);
    return STATUS_UNAVAILABLE;
}

static enum status
not_empty(struct restore *restore, const char *what)
{
    struct call *call = restore->call;

    fault_setf(&call->fault, call->ctx, STATUS_CONFLICT, NULL, "The database %s is not empty: %s.", restore->database, what);
    call->fault.hint = mem_printf(call->ctx, "Nothing was done. Restore into an empty database: name another one in [database]; or, when what is in it may "
                                  "go for ever, stop Kairan, and as postgres \"dropdb %s\" and \"createdb -O kairan_owner -E UTF8 -T template0 %s\".",
                                  restore->database, restore->database);
    return STATUS_CONFLICT;
}

/* A schema counts as empty as long as nobody has made anything in it: as "kairan db migrate" leaves it. */
static enum status
check_empty(struct restore *restore, const struct row_keep_relations *found)
{
    struct call *call = restore->call;
    struct row_keep_content *content;
    enum status status = db_schema_version(call->db, &restore->schema);

    if (status == STATUS_OK && restore->schema == DB_SCHEMA_UNFINISHED)
        return not_empty(restore, "a restore into it did not come to its end");
    if (status == STATUS_OK && restore->schema == 0)
        return found->relations == 0 ? STATUS_OK
            : not_empty(restore, mem_printf(call->ctx, "tables that are not Kairan's: %lld", (long long)found->relations));
    if (status == STATUS_OK)
        status = q_keep_content(call->db, call->ctx, &content);
    if (status != STATUS_OK)
        return status;
    if (content->domains + content->lists + content->users + content->messages == 0)
        return str_is_empty(content->others) ? STATUS_OK
            : not_empty(restore, mem_printf(call->ctx, "there are rows in %s", content->others));
    return not_empty(restore, mem_printf(
        call->ctx, "domains: %lld, lists: %lld, accounts: %lld, messages: %s%lld", (long long)content->domains, (long long)content->lists,
        (long long)content->users, content->messages == 1000 ? "at least " : "", (long long)content->messages));
}

/* Who is connected already does not ask again which schema it is. */
static enum status
check_alone(struct restore *restore, const struct row_keep_relations *found)
{
    struct call *call = restore->call;

    if (str_is_empty(found->sessions))
        return STATUS_OK;
    fault_setf(&call->fault, call->ctx, STATUS_CONFLICT, NULL, "The database %s is in use: %s.", restore->database, found->sessions);
    call->fault.hint = "Nothing was done. Stop kairan-worker and kairan-web, and wait for other commands to end.";
    return STATUS_CONFLICT;
}

static enum status
check_database(struct restore *restore)
{
    struct call *call = restore->call;
    struct row_keep_relations *found;
    enum status status = q_keep_relations(call->db, call->ctx, &found);

    if (status != STATUS_OK)
        return status;
    restore->database = found->database;
    status = check_empty(restore, found);
    return status == STATUS_OK ? check_alone(restore, found) : status;
}

/* --- the database --- */

/* What is left when it is broken off behind the first pg_restore: nothing that a program of ours would work with. */
static enum status
not_ready(struct restore *restore, enum status status)
{
    struct call *call = restore->call;

    if (status != STATUS_OK)
        call->fault.hint = mem_printf(call->ctx, "The database is filled, but not yet one that Kairan works with: nothing of it is sent. Before the next try, as "
                                      "postgres: \"dropdb %s\" and \"createdb -O kairan_owner -E UTF8 -T template0 %s\".", restore->database,
                                      restore->database);
    return status;
}

/* Lines of pg_restore --list, with the rows of the number's table or without. */
static struct blob
choose_lines(TALLOC_CTX *ctx, const char *list, bool with_number)
{
    struct str *chosen = str_new(ctx);

    for (const char *line = list, *next; *line != '\0'; line = next) {
        size_t len = strcspn(line, "\n");
        bool is_number = strstr(mem_strndup(ctx, line, len), " TABLE DATA public " KEEP_NUMBER_TABLE " ") != NULL;

        next = line + len + (line[len] == '\n');
        if (is_number == with_number)
            str_addn(chosen, line, (size_t)(next - line));
    }
    return str_blob(chosen);
}

static enum status
list_backup(struct restore *restore, const char **list_r)
{
    struct call *call = restore->call;
    const char *words[] = {"--list", restore->dump, NULL};
    enum status status = keep_run(call, &(struct keep_order){.name = "pg_restore", .words = words, .verb = "none"}, restore->manifest, list_r);

    if (status == STATUS_OK && (strlen(*list_r) >= RUN_KEPT_MAX || choose_lines(call->ctx, *list_r, true).len == 0))
        return fault_setf(&call->fault, call->ctx, STATUS_BROKEN, "DIR", "%s does not say which schema it has.", restore->dump);
    return status;
}

static enum status
fill(struct restore *restore, struct blob list)
{
    struct call *call = restore->call;
    const char *words[] = {"--no-password", "--single-transaction", "--exit-on-error", "--no-owner", "--use-list=/dev/stdin", "--dbname=",
                           restore->dump, NULL}, *output;

    return keep_run(call, &(struct keep_order){.name = "pg_restore", .words = words, .input = list, .verb = "COPY FROM"}, restore->manifest, &output);
}

static enum status
drop_schema(struct restore *restore)
{
    struct call *call = restore->call;
    enum status status = restore->schema > 0 ? db_begin(call->db) : STATUS_OK;

    if (status != STATUS_OK || restore->schema == 0)
        return status;
    status = q_keep_drop_schema(call->db, NULL);
    if (status == STATUS_OK)
        status = q_keep_make_schema(call->db, NULL);
    if (status == STATUS_OK)
        return db_commit(call->db);
    db_rollback(call->db);
    return status;
}

/* With the number the database is one to work with: so what it would send has been put off before. */
static enum status
make_ready(struct restore *restore, const char *list)
{
    struct call *call = restore->call;
    int version;
    enum status status = fill(restore, choose_lines(call->ctx, list, true));

    if (status == STATUS_OK)
        status = db_schema_version(call->db, &version);
    if (status == STATUS_OK && version != restore->manifest->schema)
        return fault_setf(&call->fault, call->ctx, STATUS_BROKEN, NULL, "The schema came back as %d; the backup has %d.", version,
                          restore->manifest->schema);
    return status;
}

/* What was not finished then may have been since: it waits until somebody who knows says so. A post that somebody had accepted, and could
 * still have taken back, waits as one that was. */
static enum status
put_off_all(struct restore *restore, struct row_keep_put_off **row_r)
{
    struct call *call = restore->call;
    int64_t never = keep_never_us();
    enum status status = db_begin(call->db);

    if (status != STATUS_OK)
        return status;
    status = q_held_release(call->db, never, INT32_MAX, NULL);
    if (status == STATUS_OK)
        status = q_keep_put_off(call->db, call->ctx, never, row_r);
    if (status == STATUS_OK)
        return db_commit(call->db);
    db_rollback(call->db);
    return status;
}

static enum status
put_off(struct restore *restore)
{
    struct row_keep_put_off *row;
    enum status status = put_off_all(restore, &row);
    struct out *out;

    if (status != STATUS_OK)
        return status;
    out = out_object(restore->call->out, "put_off");
    out_int(out, "messages", row->messages);
    out_int(out, "copies", row->copies);
    out_int(out, "notices", row->notices);
    out_int(out, "invitations", row->invitations);
    return STATUS_OK;
}

static enum status
restore_database(struct restore *restore)
{
    struct call *call = restore->call;
    struct row_keep_patient *patient;
    const char *list;
    enum status status = q_keep_patient(call->db, call->ctx, &patient);

    if (status == STATUS_OK)
        status = list_backup(restore, &list);
    if (status == STATUS_OK)
        status = drop_schema(restore);
    if (status != STATUS_OK) {
        call->fault.hint = "Nothing was done.";
        return status;
    }
    status = fill(restore, choose_lines(call->ctx, list, false));
    if (status != STATUS_OK) {
        call->fault.hint = "The database is empty.";
        return status;
    }
    status = keep_compare_tables(call, restore->manifest);
    if (status == STATUS_OK && !has_option(call, "--send"))
        status = put_off(restore);
    if (status == STATUS_OK)
        status = make_ready(restore, list);
    return not_ready(restore, status);
}

static enum status
migrate(struct restore *restore)
{
    struct call *call = restore->call;
    enum status status;

    if (restore->manifest->schema == db_schema_known() || !has_option(call, "--migrate"))
        return STATUS_OK;
    status = call_migrate(call);
    if (status != STATUS_OK)
        call->fault.hint = "The database is back, with the schema that the backup has. Run \"kairan db migrate\", then this again with --files for keys and "
                           "configuration.";
    return status;
}

/* --- all of it --- */

static const char *
next_step(const struct restore *restore)
{
    struct call *call = restore->call;
    const char *migrate = restore->manifest->schema < db_schema_known() && !has_option(call, "--migrate") ? "\"kairan db migrate\", then " : "";

    if (has_option(call, "--files"))
        return "Run \"kairan check\", then start kairan-worker and kairan-web anew.";
    return mem_printf(call->ctx, "Run %s\"kairan check --deep\", then start kairan-worker and kairan-web.%s", migrate,
                      has_option(call, "--send") ? "" :
                      " What was not finished when the backup was taken waits: it may have been sent since. \"kairan queue\" shows it, "
                      "\"kairan queue release\" lets it go.");
}

static enum status
place_files(struct restore *restore)
{
    struct call *call = restore->call;
    enum status status = restore_files(call, restore->folder, restore->manifest);

    if (status != STATUS_OK)
        call->fault.hint = has_option(call, "--files") ? "What is in its place by now stays there; run this again."
            : "The database is back; run this again with --files for keys and configuration.";
    return status;
}

static enum status
restore_all(struct restore *restore)
{
    struct call *call = restore->call;
    enum status status = STATUS_OK;

    if (!has_option(call, "--files")) {
        status = restore_database(restore);
        if (status == STATUS_OK)
            status = migrate(restore);
        if (status == STATUS_OK)
            out_int(call->out, "tables_compared", (int64_t)restore->manifest->table_count);
    }
    if (status == STATUS_OK)
        status = place_files(restore);
    if (status == STATUS_OK)
        out_text(call->out, "next", next_step(restore));
    return status;
}

enum status
command_restore(struct call *call)
{
    struct restore restore = {.call = call, .folder = word(call, "DIR")};
    enum status status = check_backup(&restore);

    if (status == STATUS_OK)
        status = find_configuration(&restore);
    if (status == STATUS_OK && !has_option(call, "--files")) {
        status = connect(&restore);
        if (status == STATUS_OK)
            status = check_database(&restore);
    }
    if (status != STATUS_OK)
        return status;
    out_text(call->out, "backup", restore.folder);
    out_text(call->out, "made_by", restore.manifest->program);
    out_int(call->out, "schema", restore.manifest->schema);
    out_time(call->out, "taken", restore.manifest->taken_us);
    if (has_option(call, "--dry-run")) {
        out_text(call->out, "next", "The backup is whole and can be restored here. Nothing was done.");
        return STATUS_OK;
    }
    umask(077);
    stopping_heed();
    return restore_all(&restore);
}

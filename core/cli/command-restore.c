/* command-restore.c - kairan restore: a backup becomes a machine again
 *
 * All is looked at before anything is done: the backup's files, that the database has nothing in it, that the schema is known. Then the
 * database in one transaction, held against the backup's sums; then keys and configuration, which never take another file's place
 * without keeping that beside. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/keep-file.h"
#include "cli/keep.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/log.h"

struct restore {
    struct call *call;
    const char *folder;
    struct manifest *manifest;
    struct out *files;
    int schema;                 /* of the database as it is found; 0: none */
    const char *stamp;          /* for names of what is kept beside */
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
not_empty(struct restore *restore, const char *database, const char *what)
{
    struct call *call = restore->call;

    fault_setf(&call->fault, call->ctx, STATUS_CONFLICT, NULL, "The database %s is not empty: %s.", database, what);
    call->fault.hint = mem_printf(call->ctx, "Nothing was done. Restore into an empty database: name another one in [database]; or, when what is in it may "
                                  "go for ever, stop Kairan, and as postgres \"dropdb %s\" and \"createdb -O kairan_owner -E UTF8 -T template0 %s\".",
                                  database, database);
    return STATUS_CONFLICT;
}

/* A schema without anything in it, as setting up a machine leaves it, counts as empty. */
static enum status
check_empty(struct restore *restore)
{
    struct call *call = restore->call;
    struct row_keep_relations *relations;
    struct row_keep_content *content;
    enum status status = db_schema_version(call->db, &restore->schema);

    if (status == STATUS_OK)
        status = q_keep_relations(call->db, call->ctx, &relations);
    if (status == STATUS_OK && restore->schema == 0)
        return relations->relations == 0 ? STATUS_OK
            : not_empty(restore, relations->database, mem_printf(call->ctx, "tables that are not Kairan's: %lld", (long long)relations->relations));
    if (status == STATUS_OK)
        status = q_keep_content(call->db, call->ctx, &content);
    if (status != STATUS_OK)
        return status;
    if (content->domains + content->lists + content->users + content->messages == 0)
        return STATUS_OK;
    return not_empty(restore, relations->database, mem_printf(
        call->ctx, "domains: %lld, lists: %lld, accounts: %lld, messages: %s%lld", (long long)content->domains, (long long)content->lists,
        (long long)content->users, content->messages == 1000 ? "at least " : "", (long long)content->messages));
}

/* --- the database --- */

static enum status
fill_database(struct restore *restore)
{
    struct call *call = restore->call;
    const char *words[] = {"--no-password", "--single-transaction", "--exit-on-error", "--no-owner", "--dbname=",
                           mem_printf(call->ctx, "%s/%s", restore->folder, manifest_find(restore->manifest, "database")->path), NULL};
    struct row_keep_patient *patient;
    enum status status = q_keep_patient(call->db, call->ctx, &patient);

    if (status == STATUS_OK && restore->schema > 0) {
        status = db_begin(call->db);
        if (status == STATUS_OK)
            status = q_keep_drop_schema(call->db, NULL);
        if (status == STATUS_OK)
            status = q_keep_make_schema(call->db, NULL);
        if (status != STATUS_OK) {
            db_rollback(call->db);
            return status;
        }
        status = db_commit(call->db);
    }
    if (status == STATUS_OK)
        status = keep_run(call, "pg_restore", words, restore->manifest, "COPY FROM");
    if (status != STATUS_OK) {
        call->fault.hint = "The database is empty as before.";
        return status;
    }
    return keep_compare_tables(call, restore->manifest);
}

/* What was not finished then may have been since: it waits until somebody who knows says so. */
static enum status
put_off(struct restore *restore)
{
    struct call *call = restore->call;
    struct row_keep_put_off *row;
    enum status status = q_keep_put_off(call->db, call->ctx, keep_never_us(), &row);
    struct out *out;

    if (status != STATUS_OK)
        return status;
    out = out_object(call->out, "put_off");
    out_int(out, "messages", row->messages);
    out_int(out, "copies", row->copies);
    out_int(out, "notices", row->notices);
    return STATUS_OK;
}

static enum status
migrate(struct restore *restore)
{
    struct call *call = restore->call;

    return restore->manifest->schema < db_schema_known() && has_option(call, "--migrate") ? db_migrate(call->db, NULL, &call->fault) : STATUS_OK;
}

/* --- files --- */

static void
tell_file(struct restore *restore, const char *path, const char *what)
{
    struct out *row = out_row(restore->files);

    out_text(row, "file", path);
    out_text(row, "what", what);
}

/* A file into its place; another that is there already is kept under a name beside. */
static enum status
put_file(struct restore *restore, const struct manifest_file *file, const char *place)
{
    struct call *call = restore->call;
    char *from = mem_printf(call->ctx, "%s/%s", restore->folder, file->path), *beside = mem_printf(call->ctx, "%s.before-%s", place, restore->stamp);
    char *new = mem_printf(call->ctx, "%s.restored-%s", place, restore->stamp), *folder = mem_strdup(call->ctx, place);
    bool is_there = access(place, F_OK) == 0;
    enum status status;

    if (is_there && keep_is_equal(call->ctx, from, place)) {
        tell_file(restore, place, "is here already");
        return STATUS_OK;
    }
    *strrchr(folder, '/') = '\0';
    if (access(folder, F_OK) != 0) {
        status = keep_folders(call->ctx, folder, &call->fault);
        if (status == STATUS_OK && str_eq(file->kind, "key"))
            status = keep_give(call->ctx, folder, file->user, file->group, &call->fault);
        if (status != STATUS_OK)
            return status;
    }
    status = keep_copy(call->ctx, from, new, file->mode, &call->fault);
    if (status == STATUS_OK)
        status = keep_give(call->ctx, new, file->user, file->group, &call->fault);
    if (status == STATUS_OK && ((is_there && rename(place, beside) != 0) || rename(new, place) != 0))
        status = fault_setf(&call->fault, call->ctx, STATUS_UNAVAILABLE, NULL, "%s: %s.", place, strerror(errno));
    if (status == STATUS_OK)
        tell_file(restore, place, is_there ? mem_printf(call->ctx, "restored; what was here is %s now", beside) : "restored");
    else
        unlink(new);
    return status;
}

/* Where the machine has another configuration, that one goes on: somebody made it for this machine. The backup's is put beside. */
static enum status
put_configuration(struct restore *restore, const struct manifest_file *file)
{
    struct call *call = restore->call;
    const char *place = call->conf->path != NULL && str_eq(file->kind, "configuration") ? call->conf->path : file->place;
    char *from = mem_printf(call->ctx, "%s/%s", restore->folder, file->path), *beside;
    enum status status;

    if (access(place, F_OK) != 0 || keep_is_equal(call->ctx, from, place))
        return put_file(restore, file, place);
    beside = mem_printf(call->ctx, "%s.from-backup", place);
    if (access(beside, F_OK) == 0)
        beside = mem_printf(call->ctx, "%s-%s", beside, restore->stamp);
    status = keep_copy(call->ctx, from, beside, file->mode, &call->fault);
    if (status == STATUS_OK)
        status = keep_give(call->ctx, beside, file->user, file->group, &call->fault);
    if (status == STATUS_OK)
        tell_file(restore, place, mem_printf(call->ctx, "stays as it is; the backup's is %s", beside));
    return status;
}

static enum status
put_files(struct restore *restore)
{
    struct call *call = restore->call;
    enum status status = STATUS_OK;

    restore->files = out_rows(call->out, "files");
    for (size_t i = 0; status == STATUS_OK && i < restore->manifest->file_count; i++) {
        const struct manifest_file *file = &restore->manifest->files[i];

        if (str_eq(file->kind, "key"))
            status = put_file(restore, file, mem_printf(call->ctx, "%s/%s", call->conf->keys_dir, file->place));
        else if (!str_eq(file->kind, "database"))
            status = put_configuration(restore, file);
    }
    if (status != STATUS_OK)
        call->fault.hint = "The database is back; run this again with --files for keys and configuration.";
    return status;
}

/* --- all of it --- */

static const char *
next_step(const struct restore *restore)
{
    struct call *call = restore->call;
    const char *migrate = restore->manifest->schema < db_schema_known() && !has_option(call, "--migrate") ? "\"kairan db migrate\", then " : "";

    return mem_printf(call->ctx, "Run %s\"kairan check --deep\", then start kairan-worker and kairan-web.%s", migrate,
                      has_option(call, "--send") ? "" :
                      " What was not finished when the backup was taken waits: it may have been sent since. \"kairan queue\" shows it, "
                      "\"kairan queue release\" lets it go.");
}

static enum status
restore_all(struct restore *restore)
{
    struct call *call = restore->call;
    enum status status = STATUS_OK;

    if (!has_option(call, "--files")) {
        status = fill_database(restore);
        if (status == STATUS_OK && !has_option(call, "--send"))
            status = put_off(restore);
        if (status == STATUS_OK)
            status = migrate(restore);
        if (status == STATUS_OK)
            out_int(call->out, "tables_compared", (int64_t)restore->manifest->table_count);
    }
    if (status == STATUS_OK)
        status = put_files(restore);
    if (status == STATUS_OK)
        out_text(call->out, "next", next_step(restore));
    return status;
}

enum status
command_restore(struct call *call)
{
    struct restore restore = {.call = call, .folder = word(call, "DIR"), .stamp = clock_iso(call->ctx, clock_now_us())};
    enum status status = check_backup(&restore);

    if (status == STATUS_OK)
        status = find_configuration(&restore);
    if (status == STATUS_OK && !has_option(call, "--files")) {
        status = connect(&restore);
        if (status == STATUS_OK)
            status = check_empty(&restore);
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
    keep_heed_signals();
    return restore_all(&restore);
}

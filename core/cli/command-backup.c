/* command-backup.c - kairan backup: everything that cannot be made again, in a new folder */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/keep-file.h"
#include "cli/keep.h"
#include "cli/stopping.h"
#include "store/statements.h"
#include "util/clock.h"

struct backup {
    struct call *call;
    struct manifest manifest;
    const char *folder;         /* where it will be */
    const char *part;           /* where it is until it is whole */
};

/* --- the folder --- */

/* DIR/kairan-20261122T120000Z */
static enum status
make_folder(struct backup *backup)
{
    struct call *call = backup->call;
    const char *dir = word(call, "DIR");
    char *name = clock_iso(call->ctx, backup->manifest.taken_us), *out = name;
    enum status status = keep_folders(call->ctx, dir, 0700, (struct keep_owner){0}, &call->fault);

    for (const char *in = name; *in != '\0'; in++)
        if (*in != '-' && *in != ':')
            *out++ = *in;
    *out = '\0';
    backup->folder = mem_printf(call->ctx, "%s/kairan-%s", dir, name);
    backup->part = mem_printf(call->ctx, "%s.unfinished", backup->folder);
    if (status != STATUS_OK)
        return status;
    if (access(backup->folder, F_OK) == 0)
        return fault_setf(&call->fault, call->ctx, STATUS_CONFLICT, "DIR", "%s is here already.", backup->folder);
    if (mkdir(backup->part, 0700) != 0)
        return fault_setf(&call->fault, call->ctx, errno == EEXIST ? STATUS_CONFLICT : errno == ENOSPC ? STATUS_DISK_FULL : STATUS_UNAVAILABLE,
                          "DIR", "%s cannot be made: %s.", backup->part, strerror(errno));
    return STATUS_OK;
}

/* --- the database --- */

static enum status
check_schema(struct backup *backup)
{
    struct call *call = backup->call;
    enum status status = db_schema_version(call->db, &backup->manifest.schema);

    if (status == STATUS_OK && backup->manifest.schema == 0)
        return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, NULL, "The database has no schema yet: there is nothing to keep.");
    if (status == STATUS_OK && backup->manifest.schema == DB_SCHEMA_UNFINISHED)
        return db_schema_check(call->db, &call->fault);
    if (status == STATUS_OK && backup->manifest.schema > db_schema_known())
        return fault_setf(&call->fault, call->ctx, STATUS_CONFLICT, NULL, "The database has schema %d, this program knows %d: install the newer Kairan.",
                          backup->manifest.schema, db_schema_known());
    return status;
}

static enum status
dump(struct backup *backup, const char *snapshot)
{
    struct call *call = backup->call;
    const char *words[] = {"--format=custom", "--compress=1", "--no-password", mem_printf(call->ctx, "--snapshot=%s", snapshot),
                           mem_printf(call->ctx, "--file=%s/database.dump", backup->part), NULL};
    struct keep_order order = {.name = "pg_dump", .words = words, .verb = "COPY TO"};
    const char *output;

    return keep_run(call, &order, &backup->manifest, &output);
}

/* All of it in one snapshot, while everything goes on. */
static enum status
take_database(struct backup *backup)
{
    struct call *call = backup->call;
    struct row_keep_patient *patient;
    struct row_keep_snapshot *snapshot;
    enum status status = q_keep_patient(call->db, call->ctx, &patient);

    if (status == STATUS_OK)
        status = db_begin_still(call->db);
    if (status != STATUS_OK)
        return status;
    status = q_keep_snapshot(call->db, call->ctx, &snapshot);
    if (status == STATUS_OK) {
        backup->manifest.server = snapshot->server;
        status = keep_sum_tables(call, &backup->manifest);
    }
    if (status == STATUS_OK)
        status = dump(backup, snapshot->name);
    db_rollback(call->db);
    return status;
}

/* --- files --- */

static enum status
note_file(struct backup *backup, struct manifest_file file)
{
    struct call *call = backup->call;
    char *path = mem_printf(call->ctx, "%s/%s", backup->part, file.path);
    struct stat status;

    if (str_has_control(file.place) || str_has_control(file.path))
        return fault_setf(&call->fault, call->ctx, STATUS_INVALID, NULL, "%s: a name with control characters cannot be kept.", file.place);
    if (stat(path, &status) != 0)
        return fault_setf(&call->fault, call->ctx, STATUS_UNAVAILABLE, NULL, "%s: %s.", path, strerror(errno));
    file.size = status.st_size;
    file.sha256 = keep_sha256(call->ctx, path);
    if (file.sha256 == NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_UNAVAILABLE, NULL, "%s cannot be read again: %s.", path, strerror(errno));
    manifest_add_file(call->ctx, &backup->manifest, file);
    return STATUS_OK;
}

/* A file of the machine under a name below the backup's folder. */
static enum status
take_file(struct backup *backup, const char *kind, const char *from, const char *path, const char *place)
{
    struct call *call = backup->call;
    struct stat original;
    enum status status;

    if (stat(from, &original) != 0)
        return fault_setf(&call->fault, call->ctx, STATUS_UNAVAILABLE, NULL, "%s cannot be kept: %s.", from, strerror(errno));
    status = keep_copy(call->ctx, from, mem_printf(call->ctx, "%s/%s", backup->part, path), 0600, &call->fault);
    if (status != STATUS_OK)
        return status;
    return note_file(backup, (struct manifest_file){
        .kind = kind, .path = path, .place = place, .mode = (int)(original.st_mode & 07777),
        .user = keep_user(call->ctx, original.st_uid), .group = keep_group(call->ctx, original.st_gid)});
}

static bool
is_kept(const struct backup *backup, const char *place)
{
    for (size_t i = 0; i < backup->manifest.file_count; i++)
        if (str_eq(backup->manifest.files[i].place, place))
            return true;
    return false;
}

/* Files beside the configuration may have any name: each gets a number before it. A link keeps the name that Kairan knows it by; what comes
 * back is a file. */
static enum status
take_configuration(struct backup *backup, const char *kind, const char *path)
{
    struct call *call = backup->call;
    char here[PATH_MAX], *place = mem_strdup(call->ctx, path);

    if (*path != '/' && getcwd(here, sizeof here) != NULL)
        place = mem_printf(call->ctx, "%s/%s", here, path);
    if (is_kept(backup, place))
        return STATUS_OK;
    return take_file(backup, kind, place, mem_printf(call->ctx, "configuration/%zu-%s", backup->manifest.file_count, strrchr(place, '/') + 1), place);
}

static enum status
take_neighbour(void *data, const char *path)
{
    struct backup *backup = data;
    TALLOC_CTX *ctx = backup->call->ctx;
    char *whole = mem_printf(ctx, "%s/%s", KAIRAN_SYSCONFDIR, path);

    return str_starts(whole, mem_printf(ctx, "%s/", backup->call->conf->keys_dir)) ? STATUS_OK : take_configuration(backup, "file", whole);
}

/* kairan.conf, what it names, and where it stands in its usual place what stands beside it (what "kairan setup" notes, for one). */
static enum status
take_configurations(struct backup *backup)
{
    struct call *call = backup->call;
    enum status status = keep_folders(call->ctx, mem_printf(call->ctx, "%s/configuration", backup->part), 0700, (struct keep_owner){0}, &call->fault);

    if (status == STATUS_OK)
        status = take_configuration(backup, "configuration", call->conf->path);
    if (status == STATUS_OK && !str_is_empty(call->conf->smtp_password_file))
        status = take_configuration(backup, "file", call->conf->smtp_password_file);
    if (status == STATUS_OK && str_starts(call->conf->path, KAIRAN_SYSCONFDIR "/"))
        status = keep_walk(call->ctx, KAIRAN_SYSCONFDIR, take_neighbour, backup, &call->fault);
    return status;
}

static enum status
take_key(void *data, const char *path)
{
    struct backup *backup = data;
    TALLOC_CTX *ctx = backup->call->ctx;
    char *to = mem_printf(ctx, "keys/%s", path), *folder = mem_printf(ctx, "%s/%s", backup->part, to);
    enum status status;

    *strrchr(folder, '/') = '\0';
    status = keep_folders(ctx, folder, 0700, (struct keep_owner){0}, &backup->call->fault);
    if (status == STATUS_OK)
        status = take_file(backup, "key", mem_printf(ctx, "%s/%s", backup->call->conf->keys_dir, path), to, mem_strdup(ctx, path));
    return status;
}

/* --- all of it --- */

static enum status
take_all(struct backup *backup)
{
    enum status status = take_database(backup);

    if (status == STATUS_OK)
        status = note_file(backup, (struct manifest_file){
            .kind = "database", .path = "database.dump", .place = "-", .user = "-", .group = "-", .mode = 0600});
    if (status == STATUS_OK)
        status = take_configurations(backup);
    if (status == STATUS_OK)            /* after the database: a key that is made meanwhile is there then, too */
        status = keep_walk(backup->call->ctx, backup->call->conf->keys_dir, take_key, backup, &backup->call->fault);
    if (status == STATUS_OK)
        status = manifest_write(backup->call->ctx, &backup->manifest, backup->part, &backup->call->fault);
    return status;
}

/* Whole, and on the disk: it gets its name. */
static enum status
give_name(struct backup *backup)
{
    struct call *call = backup->call;
    enum status status = keep_sync(call->ctx, backup->part, &call->fault);

    if (status == STATUS_OK && rename(backup->part, backup->folder) != 0)
        return fault_setf(&call->fault, call->ctx, STATUS_UNAVAILABLE, NULL, "%s: %s.", backup->folder, strerror(errno));
    return status == STATUS_OK ? keep_sync(call->ctx, word(call, "DIR"), &call->fault) : status;
}

static void
show(const struct backup *backup, int64_t begun_ms)
{
    struct out *out = backup->call->out;
    int64_t rows = 0, bytes = 0;

    for (size_t i = 0; i < backup->manifest.table_count; i++)
        rows += backup->manifest.tables[i].rows;
    for (size_t i = 0; i < backup->manifest.file_count; i++)
        bytes += backup->manifest.files[i].size;
    out_text(out, "backup", backup->folder);
    out_int(out, "schema", backup->manifest.schema);
    out_int(out, "tables", (int64_t)backup->manifest.table_count);
    out_int(out, "rows", rows);
    out_int(out, "files", (int64_t)backup->manifest.file_count);
    out_int(out, "bytes", bytes);
    out_int(out, "seconds", (clock_monotonic_ms() - begun_ms + 999) / 1000);
}

enum status
command_backup(struct call *call)
{
    struct backup backup = {.call = call, .manifest = {.program = PACKAGE_STRING, .taken_us = clock_now_us()}};
    int64_t begun_ms = clock_monotonic_ms();
    enum status status = check_schema(&backup);

    if (status == STATUS_OK)
        status = make_folder(&backup);
    if (status != STATUS_OK)
        return status;
    umask(077);
    stopping_heed();
    status = take_all(&backup);
    if (status == STATUS_OK)
        status = give_name(&backup);
    if (status == STATUS_OK) {
        show(&backup, begun_ms);
        return STATUS_OK;
    }
    keep_remove(backup.part);
    if (call->fault.hint == NULL)
        call->fault.hint = "Nothing of this backup was kept.";
    return status;
}

/* --- looked at again --- */

enum status
command_backup_verify(struct call *call)
{
    const char *folder = word(call, "DIR");
    struct manifest *manifest;
    size_t troubles = 0;
    enum status status = manifest_read(call->ctx, folder, &manifest, &call->fault);

    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < manifest->file_count; i++) {
        const char *trouble = manifest_file_trouble(call->ctx, folder, &manifest->files[i]);

        if (trouble != NULL)
            out_row_text(out_rows(call->out, "troubles"), trouble);
        troubles += trouble != NULL;
    }
    out_text(call->out, "program", manifest->program);
    out_int(call->out, "schema", manifest->schema);
    out_time(call->out, "taken", manifest->taken_us);
    out_int(call->out, "files", (int64_t)manifest->file_count);
    if (troubles == 0)
        return STATUS_OK;
    return fault_setf(&call->fault, call->ctx, STATUS_BROKEN, "DIR", "%zu of %zu files of %s are damaged or missing; take another backup.", troubles,
                      manifest->file_count, folder);
}

/* restore-files.c - keys and configuration of a backup go to their places */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/keep-file.h"
#include "cli/restore-files.h"
#include "util/clock.h"

enum { FOLDER_MODE = 0755, KEYS_MODE = 0700 };

struct placing {
    struct call *call;
    const char *folder, *stamp;         /* of the backup; for names of what is kept beside */
    struct out *rows;
};

/* A path without its last name. */
static char *
folder_of(TALLOC_CTX *ctx, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? mem_strdup(ctx, ".") : mem_strndup(ctx, path, slash == path ? 1 : (size_t)(slash - path));
}

/* What leads to a file is for everybody, as an installation makes it; but the folder of the keys, and those in it, belong to whom the keys
 * belong to. */
static enum status
make_way(struct placing *placing, const struct manifest_file *file, const char *place)
{
    struct call *call = placing->call;
    bool is_key = str_eq(file->kind, "key");
    const char *folder = folder_of(call->ctx, place);
    enum status status = keep_folders(call->ctx, is_key ? folder_of(call->ctx, call->conf->keys_dir) : folder, FOLDER_MODE, (struct keep_owner){0},
                                      &call->fault);

    if (status == STATUS_OK && is_key)
        status = keep_folders(call->ctx, folder, KEYS_MODE, (struct keep_owner){file->user, file->group}, &call->fault);
    return status;
}

static void
tell_file(struct placing *placing, const char *path, const char *what)
{
    struct out *row = out_row(placing->rows);

    out_text(row, "file", path);
    out_text(row, "what", what);
}

/* A file into its place; another that is there already is kept under a name beside. */
static enum status
put_file(struct placing *placing, const struct manifest_file *file, const char *place)
{
    struct call *call = placing->call;
    char *from = mem_printf(call->ctx, "%s/%s", placing->folder, file->path), *beside = mem_printf(call->ctx, "%s.before-%s", place, placing->stamp);
    char *new = mem_printf(call->ctx, "%s.restored-%s", place, placing->stamp);
    bool is_there = access(place, F_OK) == 0;
    enum status status;

    if (is_there && keep_is_equal(call->ctx, from, place)) {
        tell_file(placing, place, "is here already");
        return STATUS_OK;
    }
    status = make_way(placing, file, place);
    if (status == STATUS_OK)
        status = keep_copy(call->ctx, from, new, file->mode, &call->fault);
    if (status == STATUS_OK)
        status = keep_give(call->ctx, new, file->user, file->group, &call->fault);
    if (status == STATUS_OK && ((is_there && rename(place, beside) != 0) || rename(new, place) != 0))
        status = fault_setf(&call->fault, call->ctx, STATUS_UNAVAILABLE, NULL, "%s: %s.", place, strerror(errno));
    if (status == STATUS_OK)
        tell_file(placing, place, is_there ? mem_printf(call->ctx, "restored; what was here is %s now", beside) : "restored");
    else
        unlink(new);
    return status;
}

/* Where the machine has another configuration, that one goes on: somebody made it for this machine. The backup's is put beside. */
static enum status
put_configuration(struct placing *placing, const struct manifest_file *file)
{
    struct call *call = placing->call;
    const char *place = call->conf->path != NULL && str_eq(file->kind, "configuration") ? call->conf->path : file->place;
    char *from = mem_printf(call->ctx, "%s/%s", placing->folder, file->path), *beside;
    enum status status;

    if (access(place, F_OK) != 0 || keep_is_equal(call->ctx, from, place))
        return put_file(placing, file, place);
    beside = mem_printf(call->ctx, "%s.from-backup", place);
    if (access(beside, F_OK) == 0)
        beside = mem_printf(call->ctx, "%s-%s", beside, placing->stamp);
    status = keep_copy(call->ctx, from, beside, file->mode, &call->fault);
    if (status == STATUS_OK)
        status = keep_give(call->ctx, beside, file->user, file->group, &call->fault);
    if (status == STATUS_OK)
        tell_file(placing, place, mem_printf(call->ctx, "stays as it is; the backup's is %s", beside));
    return status;
}

enum status
restore_files(struct call *call, const char *folder, const struct manifest *manifest)
{
    struct placing placing = {.call = call, .folder = folder, .stamp = clock_iso(call->ctx, clock_now_us()), .rows = out_rows(call->out, "files")};
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < manifest->file_count; i++) {
        const struct manifest_file *file = &manifest->files[i];

        if (str_eq(file->kind, "key"))
            status = put_file(&placing, file, mem_printf(call->ctx, "%s/%s", call->conf->keys_dir, file->place));
        else if (!str_eq(file->kind, "database"))
            status = put_configuration(&placing, file);
    }
    return status;
}

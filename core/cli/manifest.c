/* manifest.c - what a backup consists of */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/keep-file.h"
#include "cli/manifest.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/file.h"
#include "util/str.h"

enum { MANIFEST_MOST = 64 << 20, WORDS_MOST = 9 };
#define FORMAT "kairan-backup\t1\n"

void
manifest_add_table(TALLOC_CTX *ctx, struct manifest *manifest, struct manifest_table table)
{
    manifest->tables = mem_resize(ctx, manifest->tables, struct manifest_table, manifest->table_count + 1);
    manifest->tables[manifest->table_count++] = table;
}

void
manifest_add_file(TALLOC_CTX *ctx, struct manifest *manifest, struct manifest_file file)
{
    manifest->files = mem_resize(ctx, manifest->files, struct manifest_file, manifest->file_count + 1);
    manifest->files[manifest->file_count++] = file;
}

const struct manifest_file *
manifest_find(const struct manifest *manifest, const char *kind)
{
    for (size_t i = 0; i < manifest->file_count; i++)
        if (str_eq(manifest->files[i].kind, kind))
            return &manifest->files[i];
    return NULL;
}

/* --- written --- */

enum status
manifest_write(TALLOC_CTX *ctx, const struct manifest *manifest, const char *folder, struct fault *fault)
{
    struct str *text = str_new(ctx);

    str_addf(text, FORMAT "program\t%s\nschema\t%d\nserver\t%s\ntaken\t%" PRId64 "\t%s\n", manifest->program, manifest->schema,
             manifest->server, manifest->taken_us, clock_iso(ctx, manifest->taken_us));
    for (size_t i = 0; i < manifest->table_count; i++)
        str_addf(text, "table\t%s\t%" PRId64 "\t%" PRId64 "\t%s\n", manifest->tables[i].name, manifest->tables[i].rows,
                 manifest->tables[i].bytes, manifest->tables[i].sum);
    for (size_t i = 0; i < manifest->file_count; i++) {
        const struct manifest_file *file = &manifest->files[i];

        str_addf(text, "file\t%s\t%s\t%" PRId64 "\t%s\t%04o\t%s\t%s\t%s\n", file->kind, file->path, file->size, file->sha256,
                 (unsigned)file->mode, file->user, file->group, file->place);
    }
    str_addf(text, "end\t%s\n", sha256_hex(ctx, str_blob(text)));
    return keep_write(ctx, mem_printf(ctx, "%s/manifest", folder), str_blob(text), 0600, fault);
}

/* --- read --- */

static bool
read_number(const char *text, int64_t most, int64_t *number_r)
{
    return str_to_int(text, 0, most, number_r);
}

/* A path of the backup stays inside of it. */
static bool
is_inside(const char *path)
{
    return *path != '\0' && *path != '/' && !str_starts(path, "../") && strstr(path, "/../") == NULL && !str_ends(path, "/..")
        && !str_eq(path, "..");
}

static bool
read_file_line(TALLOC_CTX *ctx, struct manifest *manifest, char *const words[], size_t count)
{
    struct manifest_file file = {0};
    char *end;

    if (count != 9 || !is_inside(words[2]) || !read_number(words[3], INT64_MAX, &file.size))
        return false;
    file.mode = (int)strtol(words[5], &end, 8);
    if (*end != '\0' || file.mode < 0 || file.mode > 07777 || (str_eq(words[1], "key") && !is_inside(words[8])))
        return false;
    file.kind = words[1];
    file.path = words[2];
    file.sha256 = words[4];
    file.user = words[6];
    file.group = words[7];
    file.place = words[8];
    manifest_add_file(ctx, manifest, file);
    return true;
}

/* One line; false when it is none of ours. */
static bool
read_line(TALLOC_CTX *ctx, struct manifest *manifest, const char *line)
{
    char **words = str_split(ctx, line, '\t', WORDS_MOST + 1);
    size_t count = 0;
    int64_t number, bytes;

    while (words[count] != NULL)
        count++;
    if (count == 2 && str_eq(words[0], "program"))
        manifest->program = words[1];
    else if (count == 2 && str_eq(words[0], "server"))
        manifest->server = words[1];
    else if (count == 2 && str_eq(words[0], "schema") && read_number(words[1], INT32_MAX, &number))
        manifest->schema = (int)number;
    else if (count == 3 && str_eq(words[0], "taken") && read_number(words[1], INT64_MAX, &number))
        manifest->taken_us = number;
    else if (count == 5 && str_eq(words[0], "table") && read_number(words[2], INT64_MAX, &number) && read_number(words[3], INT64_MAX, &bytes))
        manifest_add_table(ctx, manifest, (struct manifest_table){.name = words[1], .sum = words[4], .rows = number, .bytes = bytes});
    else
        return str_eq(words[0], "file") && read_file_line(ctx, manifest, words, count);
    return true;
}

/* The text before its last line, when that line has the right sum; NULL: it was cut or changed. */
static char *
believed(TALLOC_CTX *ctx, const char *text)
{
    size_t len = strlen(text), begin;

    if (len == 0 || text[len - 1] != '\n')
        return NULL;
    for (begin = len - 1; begin > 0 && text[begin - 1] != '\n'; begin--)
        continue;
    if (!str_eq(text + begin, mem_printf(ctx, "end\t%s\n", sha256_hex(ctx, (struct blob){(const uint8_t *)text, begin}))))
        return NULL;
    return mem_strndup(ctx, text, begin);
}

static enum status
read_lines(TALLOC_CTX *ctx, const char *folder, const char *text, struct manifest *manifest, struct fault *fault)
{
    char **lines = str_split(ctx, text + strlen(FORMAT), '\n', SIZE_MAX);

    for (size_t i = 0; lines[i] != NULL; i++)
        if (*lines[i] != '\0' && !read_line(ctx, manifest, lines[i]))
            return fault_setf(fault, ctx, STATUS_INVALID, NULL, "%s/manifest:%zu: \"%s\" is no line of a manifest.", folder, i + 2, lines[i]);
    if (manifest_find(manifest, "database") == NULL || manifest->program == NULL || manifest->taken_us == 0)
        return fault_setf(fault, ctx, STATUS_INVALID, NULL, "%s/manifest names no database; this is no backup of Kairan's.", folder);
    return STATUS_OK;
}

enum status
manifest_read(TALLOC_CTX *ctx, const char *folder, struct manifest **manifest_r, struct fault *fault)
{
    char *path = mem_printf(ctx, "%s/manifest", folder), *text;
    struct stat status;

    if (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode))
        return fault_setf(fault, ctx, STATUS_NOT_FOUND, "DIR", "There is no folder %s.", folder);
    if (stat(path, &status) != 0 && errno == ENOENT)
        return fault_setf(fault, ctx, STATUS_NOT_FOUND, "DIR", "%s has no manifest: it is no backup, or one that did not come to its end.", folder);
    text = file_read(ctx, path, MANIFEST_MOST, NULL);
    if (text == NULL)
        return fault_setf(fault, ctx, STATUS_INVALID, "DIR", "%s cannot be read: %s.", path, strerror(errno));
    text = believed(ctx, text);
    if (text == NULL)
        return fault_setf(fault, ctx, STATUS_INVALID, "DIR", "%s is not as it was written: it was cut or changed. Take another backup.", path);
    if (!str_starts(text, FORMAT))
        return fault_setf(fault, ctx, STATUS_INVALID, "DIR", "%s is of a kind that this program does not know; use the Kairan that wrote it.", path);
    *manifest_r = mem_new(ctx, struct manifest);
    return read_lines(ctx, folder, text, *manifest_r, fault);
}

const char *
manifest_file_trouble(TALLOC_CTX *ctx, const char *folder, const struct manifest_file *file)
{
    char *path = mem_printf(ctx, "%s/%s", folder, file->path), *sum;
    struct stat status;

    if (stat(path, &status) != 0)
        return mem_printf(ctx, "%s is missing: %s.", path, strerror(errno));
    if (status.st_size != file->size)
        return mem_printf(ctx, "%s has %lld bytes; %lld were written.", path, (long long)status.st_size, (long long)file->size);
    sum = keep_sha256(ctx, path);
    if (sum == NULL)
        return mem_printf(ctx, "%s cannot be read: %s.", path, strerror(errno));
    if (!str_eq(sum, file->sha256))
        return mem_printf(ctx, "%s is not as it was written: its SHA-256 is another.", path);
    return NULL;
}

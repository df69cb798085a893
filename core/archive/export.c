/* export.c - posts of an archive written out as they came */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/export.h"
#include "archive/mbox-write.h"
#include "util/clock.h"
#include "util/str.h"

struct export {
    enum export_format format;
    const char *path, *part;    /* part: where an mbox is written until it is whole; NULL on standard output */
    FILE *file;                 /* of an mbox */
    struct str *text;
};

enum status
export_format_find(TALLOC_CTX *ctx, const char *word, enum export_format *format_r, struct fault *fault)
{
    static const char *const words[] = {"mboxrd", "maildir", "eml"};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(word == NULL ? words[0] : word, words[i])) {
            *format_r = (enum export_format)i;
            return STATUS_OK;
        }
    return fault_setf(fault, ctx, STATUS_INVALID, "--format", "There is no format \"%s\". There are mboxrd, maildir and eml.", word);
}

static enum status
trouble(struct export *export, const char *path, struct fault *fault)
{
    int code = errno;

    return fault_setf(fault, export, code == ENOSPC ? STATUS_DISK_FULL : STATUS_INVALID, "PATH", "%s: %s", path, strerror(code));
}

static int
export_free(struct export *export)
{
    if (export->file != NULL && export->part != NULL) {
        fclose(export->file);
        unlink(export->part);
    }
    return 0;
}

static bool
is_empty_folder(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    bool empty = dir != NULL;

    while (dir != NULL && (entry = readdir(dir)) != NULL)
        if (!str_eq(entry->d_name, ".") && !str_eq(entry->d_name, ".."))
            empty = false;
    if (dir != NULL)
        closedir(dir);
    return empty;
}

static enum status
open_folder(struct export *export, struct fault *fault)
{
    static const char *const parts[] = {"cur", "new", "tmp"};

    if (mkdir(export->path, 0700) != 0 && errno != EEXIST)
        return trouble(export, export->path, fault);
    if (!is_empty_folder(export->path))
        return fault_setf(fault, export, STATUS_CONFLICT, "PATH", "%s is no empty folder.", export->path);
    for (size_t i = 0; export->format == EXPORT_MAILDIR && i < COUNT_OF(parts); i++) {
        char *part = mem_printf(export, "%s/%s", export->path, parts[i]);

        if (mkdir(part, 0700) != 0)
            return trouble(export, part, fault);
    }
    return STATUS_OK;
}

static enum status
open_file(struct export *export, struct fault *fault)
{
    if (str_eq(export->path, "-")) {
        export->file = stdout;
        return STATUS_OK;
    }
    if (access(export->path, F_OK) == 0)
        return fault_setf(fault, export, STATUS_CONFLICT, "PATH", "%s is there already.", export->path);
    export->part = mem_printf(export, "%s.part", export->path);
    export->file = fopen(export->part, "we");
    return export->file == NULL ? trouble(export, export->part, fault) : STATUS_OK;
}

enum status
export_open(TALLOC_CTX *ctx, enum export_format format, const char *path, struct export **export_r, struct fault *fault)
{
    struct export *export = mem_new(ctx, struct export);

    export->format = format;
    export->path = mem_strdup(export, path);
    export->text = str_new(export);
    talloc_set_destructor(export, export_free);
    *export_r = export;
    if (format == EXPORT_MBOXRD)
        return open_file(export, fault);
    if (str_eq(path, "-"))
        return fault_set(fault, STATUS_INVALID, "PATH", "Only mboxrd can be written to standard output.");
    return open_folder(export, fault);
}

/* With line ends as programs on Unix write them. */
static void
add_lines(struct str *text, struct blob bytes)
{
    for (size_t at = 0; at < bytes.len;) {
        const uint8_t *line = bytes.data + at, *end = memchr(line, '\n', bytes.len - at);
        size_t len = end == NULL ? bytes.len - at : (size_t)(end + 1 - line);
        bool is_crlf = len >= 2 && line[len - 2] == '\r' && end != NULL;

        str_addn(text, line, is_crlf ? len - 2 : len);
        if (is_crlf)
            str_addc(text, '\n');
        at += len;
    }
}

/* One message as a file of its own; the time of arrival is the file's. */
static enum status
write_file(struct export *export, const char *path, const struct export_post *post, struct fault *fault)
{
    struct timespec times[2] = {{.tv_sec = post->accepted_us / US_PER_S}, {.tv_sec = post->accepted_us / US_PER_S}};
    FILE *file = fopen(path, "wxe");
    bool ok = file != NULL && fwrite(export->text->s, 1, export->text->len, file) == export->text->len;

    if (file != NULL && fflush(file) == 0)
        futimens(fileno(file), times);
    if (file != NULL && fclose(file) != 0)
        ok = false;
    return ok ? STATUS_OK : trouble(export, path, fault);
}

enum status
export_add(struct export *export, const struct export_post *post, struct fault *fault)
{
    char *path;
    enum status status;

    str_clear(export->text);
    if (export->format == EXPORT_MBOXRD) {
        mbox_put(export->text, str_is_empty(post->sender) ? post->from_address : post->sender, post->accepted_us, post->bytes);
        return fwrite(export->text->s, 1, export->text->len, export->file) == export->text->len ? STATUS_OK
                                                                                                : trouble(export, export->path, fault);
    }
    if (export->format == EXPORT_MAILDIR) {
        add_lines(export->text, post->bytes);
        path = mem_printf(export, "%s/cur/%lld.%06lld.kairan:2,S", export->path, (long long)(post->accepted_us / US_PER_S),
                          (long long)post->number);
    } else {
        str_addn(export->text, post->bytes.data, post->bytes.len);
        path = mem_printf(export, "%s/%06lld.eml", export->path, (long long)post->number);
    }
    status = write_file(export, path, post, fault);
    talloc_free(path);
    return status;
}

enum status
export_close(struct export *export, struct fault *fault)
{
    enum status status = STATUS_OK;

    if (export->file == NULL)
        return STATUS_OK;
    if (fflush(export->file) != 0 || (export->part != NULL && fsync(fileno(export->file)) != 0))
        return trouble(export, export->path, fault);    /* export_free() takes the part away */
    if (export->part != NULL && (fclose(export->file) != 0 || rename(export->part, export->path) != 0)) {
        status = trouble(export, export->path, fault);
        unlink(export->part);
    }
    export->file = NULL;
    return status;
}

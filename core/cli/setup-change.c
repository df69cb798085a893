/* setup-change.c - wanting something on the machine: looked at, said, recorded, done */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/setup-text.h"
#include "cli/setup.h"
#include "util/crypto.h"
#include "util/file.h"

enum { FILE_MAX = 1 << 20 };

/* ---- saying ---- */

void
setup_say(struct setup *setup, const char *word, const char *format, ...)
{
    va_list args;
    char *sentence;

    va_start(args, format);
    sentence = mem_check(talloc_vasprintf(setup->ctx, format, args));
    va_end(args);
    if (str_eq(word, "done") || str_eq(word, "would"))
        setup->changes++;
    if (setup->call->json) {
        struct out *row = out_row(out_rows(setup->step, "said"));

        out_text(row, "state", word);
        out_text(row, "sentence", sentence);
    } else {
        printf("  %-8s %s\n", str_eq(word, "so") ? "" : word, sentence);
        fflush(stdout);
    }
}

void
setup_show(struct setup *setup, const char *text)
{
    if (setup->call->json || str_is_empty(text))
        return;
    for (char **line = str_split(setup->ctx, text, '\n', SIZE_MAX); *line != NULL; line++)
        if (**line != '\0' || line[1] != NULL)
            printf("           | %s\n", *line);
    fflush(stdout);
}

enum status
setup_fail(struct setup *setup, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    setup->call->fault.sentence = mem_check(talloc_vasprintf(setup->ctx, format, args));
    va_end(args);
    return STATUS_CONFLICT;
}

/* ---- files ---- */

char *
setup_read(TALLOC_CTX *ctx, const char *path)
{
    size_t len;
    char *text = file_read(ctx, path, FILE_MAX, &len);

    if (text == NULL || memchr(text, '\0', len) == NULL)
        return text;
    errno = EILSEQ;
    return NULL;
}

enum status
setup_look(struct setup *setup, const char *path, char **text_r)
{
    *text_r = setup_read(setup->ctx, path);
    if (*text_r == NULL && errno != ENOENT)
        return setup_fail(setup, "%s is there and cannot be read: %s. Move it away, and run \"kairan setup\" again.", path, strerror(errno));
    return STATUS_OK;
}

bool
setup_write(const char *path, const char *text, mode_t mode)
{
    struct stat old;
    bool has_old = stat(path, &old) == 0, written;
    char temporary[4096], folder[4096];
    int fd;

    if ((size_t)snprintf(temporary, sizeof temporary, "%s.kairan-tmp", path) >= sizeof temporary)
        return false;
    unlink(temporary);
    fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    written = file_write_all(fd, text, strlen(text)) && fsync(fd) == 0 && fchmod(fd, has_old ? old.st_mode & 07777 : mode) == 0 &&
        (!has_old || fchown(fd, old.st_uid, old.st_gid) == 0);
    close(fd);
    if (written && rename(temporary, path) == 0) {
        snprintf(folder, sizeof folder, "%s", path);
        file_sync_folder(dirname(folder));
        return true;
    }
    unlink(temporary);
    return false;
}

/* A copy of the file as it is, in our folder, under a name that no other has; NULL: it cannot be made. */
static const char *
keep_copy(struct setup *setup, const char *path, const char *text)
{
    const char *copy, *name = text_replace(setup->ctx, path, "/", "-");
    size_t number = 0;

    do
        copy = mem_printf(setup->ctx, "%s/before-%zu%s", SETUP_DIR, number++, name);
    while (access(copy, F_OK) == 0);
    return setup_record_folder() && setup_write(copy, text, 0600) ? copy : NULL;
}

/* Old and new beside one another, for people. */
static void
show_change(struct setup *setup, const char *path, const char *old, const char *text)
{
    const char *argv[] = {"/usr/bin/diff", "-U1", "--label", path, "--label", path, path, "-", NULL};
    struct run run = {.argv = argv, .input = blob_of(text)};
    struct run_answer answer;

    if (!setup->is_dry)
        return;
    if (old != NULL && run_program(setup->ctx, &run, &answer))
        setup_show(setup, answer.output);
    else
        setup_show(setup, text);
}

static bool
is_ours(struct setup *setup, const char *path, const char *text)
{
    return setup_record_has(setup, "file", path, sha256_hex(setup->ctx, blob_of(text)));
}

static enum status
write_file(struct setup *setup, const char *kind, const char *path, const char *old, const char *text, mode_t mode)
{
    const char *copy = "-";
    enum status status;

    setup_say(setup, setup->is_dry ? "would" : "done", "%s %s", old != NULL ? "change" : "write", path);
    show_change(setup, path, old, text);
    if (setup->is_dry)
        return setup_record_add(setup, kind, path, "-", "-");
    if (old != NULL && (copy = keep_copy(setup, path, old)) == NULL)
        return setup_fail(setup, "%s cannot be copied to %s (%s), so it was not changed.", path, SETUP_DIR, strerror(errno));
    status = setup_record_add(setup, kind, path, copy, sha256_hex(setup->ctx, blob_of(text)));
    if (status == STATUS_OK && !setup_write(path, text, mode))
        return setup_fail(setup, "%s cannot be written: %s.", path, strerror(errno));
    return status;
}

enum status
setup_file(struct setup *setup, const char *path, const char *text, mode_t mode)
{
    const char *beside = mem_printf(setup->ctx, "%s.kairan-new", path);
    char *old;
    enum status status = setup_look(setup, path, &old);

    if (status != STATUS_OK)
        return status;
    if (old != NULL && str_eq(old, text)) {
        setup_say(setup, "so", "%s is as it should be.", path);
        return STATUS_OK;
    }
    if (old == NULL || is_ours(setup, path, old))
        return write_file(setup, "file", path, old, text, mode);
    setup_say(setup, "note", "%s was changed by hand and stays. What setup would write is put beside it: %s", path, beside);
    status = setup_look(setup, beside, &old);
    return status != STATUS_OK || str_eq(old, text) ? status : write_file(setup, "file", beside, old, text, mode);
}

enum status
setup_block(struct setup *setup, const char *path, const char *lines, const char *before)
{
    char *old = setup_read(setup->ctx, path), *text;

    if (old == NULL)
        return setup_fail(setup, "%s cannot be read: %s.", path, strerror(errno));
    text = text_put_block(setup->ctx, old, lines, before);
    if (!str_eq(old, text))
        return write_file(setup, "block", path, old, text, 0640);
    setup_say(setup, "so", "%s has the lines.", path);
    return STATUS_OK;
}

/* ---- folders, links ---- */

static bool
ids_of(const char *user, const char *group, uid_t *uid_r, gid_t *gid_r)
{
    struct passwd *found = getpwnam(user);
    struct group *of = getgrnam(group);

    if (found != NULL)
        *uid_r = found->pw_uid;
    if (of != NULL)
        *gid_r = of->gr_gid;
    return found != NULL && of != NULL;
}

bool
setup_is_member(const char *user, const char *group)
{
    struct group *of = getgrnam(group);

    for (char **member = of != NULL ? of->gr_mem : NULL; member != NULL && *member != NULL; member++)
        if (str_eq(*member, user))
            return true;
    return false;
}

static const char *
owner_text(TALLOC_CTX *ctx, mode_t mode, uid_t uid, gid_t gid)
{
    return mem_printf(ctx, "%04o %u %u", (unsigned)(mode & 07777), (unsigned)uid, (unsigned)gid);
}

const char *
setup_owner(TALLOC_CTX *ctx, const char *path)
{
    struct stat there;

    return lstat(path, &there) == 0 ? owner_text(ctx, there.st_mode, there.st_uid, there.st_gid) : NULL;
}

/* Keeping the record may have made the folder already: it lies in one of them. */
static enum status
make_folder(struct setup *setup, const char *path, mode_t mode, uid_t uid, gid_t gid, const char *before)
{
    enum status status = before == NULL ? setup_record_add(setup, "folder", path, "-", "-")
                                        : setup_record_add(setup, "owner", path, before, owner_text(setup->ctx, mode, uid, gid));

    if (status != STATUS_OK)
        return status;
    if (before == NULL && mkdir(path, 0700) != 0 && errno != EEXIST)
        return setup_fail(setup, "The folder %s cannot be made: %s.", path, strerror(errno));
    if (lchown(path, uid, gid) != 0 || chmod(path, mode) != 0)
        return setup_fail(setup, "The folder %s cannot get its owner and mode: %s.", path, strerror(errno));
    return STATUS_OK;
}

enum status
setup_folder(struct setup *setup, const char *path, mode_t mode, const char *user, const char *group)
{
    struct stat there;
    uid_t uid = 0;
    gid_t gid = 0;
    bool known = ids_of(user, group, &uid, &gid), is_there = lstat(path, &there) == 0;
    const char *before = is_there ? setup_owner(setup->ctx, path) : NULL;

    if (is_there && !S_ISDIR(there.st_mode))
        return setup_fail(setup, "%s is no folder; move it away and run \"kairan setup\" again.", path);
    if (known && str_eq(before, owner_text(setup->ctx, mode, uid, gid)))
        return STATUS_OK;
    setup_say(setup, setup->is_dry ? "would" : "done", "%s the folder %s (%04o %s:%s)", is_there ? "give right owner and mode to" : "make",
              path, (unsigned)mode, user, group);
    if (setup->is_dry)
        return STATUS_OK;
    if (!known)
        return setup_fail(setup, "There is no user %s or no group %s for the folder %s.", user, group, path);
    return make_folder(setup, path, mode, uid, gid, before);
}

enum status
setup_link(struct setup *setup, const char *path, const char *target)
{
    char now[4096] = "";
    ssize_t n = readlink(path, now, sizeof now - 1);
    enum status status;

    if (n > 0 && str_eq(now, target))
        return STATUS_OK;
    if (access(path, F_OK) == 0 || n > 0)
        return setup_fail(setup, "%s is there already and is not ours; move it away and run \"kairan setup\" again.", path);
    setup_say(setup, setup->is_dry ? "would" : "done", "link %s -> %s", path, target);
    status = setup_record_add(setup, "link", path, "-", target);
    if (status == STATUS_OK && !setup->is_dry && symlink(target, path) != 0)
        return setup_fail(setup, "The link %s cannot be made: %s.", path, strerror(errno));
    return status;
}

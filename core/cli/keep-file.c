/* keep-file.c - files of a backup */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/keep-file.h"
#include "util/crypto.h"
#include "util/file.h"
#include "util/str.h"

enum { DEPTH_MOST = 8 };

static enum status
cannot(TALLOC_CTX *ctx, struct fault *fault, const char *path)
{
    int error = errno;
    enum status status = error == ENOSPC || error == EDQUOT ? STATUS_DISK_FULL : error == EEXIST ? STATUS_CONFLICT : STATUS_UNAVAILABLE;

    return fault_setf(fault, ctx, status, NULL, "%s: %s.", path, strerror(error));
}

/* --- written --- */

static bool
copy_all(int from, int to)
{
    uint8_t buffer[65536];
    ssize_t n;

    while ((n = read(from, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0 && !file_write_all(to, buffer, (size_t)n))
            return false;
    return n == 0;
}

/* Closes a file that was written; one that did not become whole is taken away. */
static enum status
finish(TALLOC_CTX *ctx, int fd, bool written, const char *path, struct fault *fault)
{
    enum status status = written && fsync(fd) == 0 ? STATUS_OK : cannot(ctx, fault, path);

    if (close(fd) != 0 && status == STATUS_OK)
        status = cannot(ctx, fault, path);
    if (status != STATUS_OK)
        unlink(path);
    return status;
}

enum status
keep_write(TALLOC_CTX *ctx, const char *path, struct blob text, int mode, struct fault *fault)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

    if (fd < 0)
        return cannot(ctx, fault, path);
    return finish(ctx, fd, fchmod(fd, (mode_t)mode) == 0 && file_write_all(fd, text.data, text.len), path, fault);
}

enum status
keep_copy(TALLOC_CTX *ctx, const char *from, const char *to, int mode, struct fault *fault)
{
    int in = open(from, O_RDONLY | O_CLOEXEC), out;
    enum status status;

    if (in < 0)
        return cannot(ctx, fault, from);
    out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    status = out < 0 ? cannot(ctx, fault, to) : finish(ctx, out, copy_all(in, out) && fchmod(out, (mode_t)mode) == 0, to, fault);
    close(in);
    return status;
}

static enum status
make_folder(TALLOC_CTX *ctx, const char *path, int mode, struct keep_owner owner, struct fault *fault)
{
    if (mkdir(path, 0700) != 0)
        return errno == EEXIST ? STATUS_OK : cannot(ctx, fault, path);
    if (chmod(path, (mode_t)mode) != 0)
        return cannot(ctx, fault, path);
    return owner.user != NULL ? keep_give(ctx, path, owner.user, owner.group, fault) : STATUS_OK;
}

enum status
keep_folders(TALLOC_CTX *ctx, const char *path, int mode, struct keep_owner owner, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (const char *end = path; status == STATUS_OK && *end != '\0'; end += *end == '/') {
        end += strcspn(end, "/");
        if (end > path)
            status = make_folder(ctx, mem_strndup(ctx, path, (size_t)(end - path)), mode, owner, fault);
    }
    return status;
}

enum status
keep_sync(TALLOC_CTX *ctx, const char *folder, struct fault *fault)
{
    return file_sync_folder(folder) ? STATUS_OK : cannot(ctx, fault, folder);
}

static int
remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    remove(path);
    return 0;
}

void
keep_remove(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* --- read --- */

char *
keep_sha256(TALLOC_CTX *ctx, const char *path)
{
    struct sha256 *hash = sha256_new(ctx);
    uint8_t digest[SHA256_LEN];
    bool is_whole = sha256_add_file(hash, path);

    sha256_end(hash, digest);
    talloc_free(hash);
    return is_whole ? hex_encode(ctx, (struct blob){digest, sizeof digest}) : NULL;
}

bool
keep_is_equal(TALLOC_CTX *ctx, const char *path, const char *other)
{
    struct stat one, two;
    const char *sum;

    if (stat(path, &one) != 0 || stat(other, &two) != 0 || one.st_size != two.st_size)
        return false;
    sum = keep_sha256(ctx, path);
    return sum != NULL && str_eq(sum, keep_sha256(ctx, other));
}

struct walk {
    TALLOC_CTX *ctx;
    keep_found found;
    void *data;
    size_t skip;                /* length of the folder's own path and its slash */
    struct fault *fault;
};

static enum status
cannot_look(const struct walk *walk, const char *path)
{
    return fault_setf(walk->fault, walk->ctx, STATUS_UNAVAILABLE, NULL, "%s cannot be read: %s.%s", path, strerror(errno),
                      errno == EACCES ? " Run this as root." : "");
}

static enum status walk_folder(const struct walk *walk, const char *folder, int depth);

static enum status
walk_to(const struct walk *walk, const char *path, int depth)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return errno == ENOENT ? STATUS_OK : cannot_look(walk, path);        /* gone meanwhile, or a link to nothing: there is no file */
    if (S_ISDIR(status.st_mode))
        return walk_folder(walk, path, depth + 1);
    return S_ISREG(status.st_mode) ? walk->found(walk->data, path + walk->skip) : STATUS_OK;
}

static enum status
walk_folder(const struct walk *walk, const char *folder, int depth)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    enum status status = STATUS_OK;

    if (dir == NULL)
        return errno == ENOENT ? STATUS_OK : cannot_look(walk, folder);
    if (depth > DEPTH_MOST)
        status = fault_setf(walk->fault, walk->ctx, STATUS_INVALID, NULL, "%s lies too deep, or a link leads round in a circle.", folder);
    while (status == STATUS_OK && (errno = 0, entry = readdir(dir)) != NULL)
        if (!str_eq(entry->d_name, ".") && !str_eq(entry->d_name, ".."))
            status = walk_to(walk, mem_printf(walk->ctx, "%s/%s", folder, entry->d_name), depth);
    if (status == STATUS_OK && errno != 0)
        status = cannot_look(walk, folder);
    closedir(dir);
    return status;
}

enum status
keep_walk(TALLOC_CTX *ctx, const char *folder, keep_found found, void *data, struct fault *fault)
{
    struct walk walk = {.ctx = ctx, .found = found, .data = data, .skip = strlen(folder) + 1, .fault = fault};

    return walk_folder(&walk, folder, 0);
}

/* --- whose they are --- */

const char *
keep_user(TALLOC_CTX *ctx, uid_t uid)
{
    struct passwd *user = getpwuid(uid);

    return user != NULL ? mem_strdup(ctx, user->pw_name) : mem_printf(ctx, "%u", (unsigned)uid);
}

const char *
keep_group(TALLOC_CTX *ctx, gid_t gid)
{
    struct group *group = getgrgid(gid);

    return group != NULL ? mem_strdup(ctx, group->gr_name) : mem_printf(ctx, "%u", (unsigned)gid);
}

enum status
keep_give(TALLOC_CTX *ctx, const char *path, const char *user, const char *group, struct fault *fault)
{
    struct passwd *owner = getpwnam(user);
    struct group *owners = getgrnam(group);
    const char *slash = strrchr(path, '/');
    struct stat folder;

    if (geteuid() != 0)
        return STATUS_OK;
    if (stat(slash == NULL ? "." : mem_strndup(ctx, path, (size_t)(slash - path) + 1), &folder) != 0
        || chown(path, owner != NULL ? owner->pw_uid : folder.st_uid, owners != NULL ? owners->gr_gid : folder.st_gid) != 0)
        return cannot(ctx, fault, path);
    return STATUS_OK;
}

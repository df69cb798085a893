/* spool.c - files for people, which the web server sends */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/mem.h"
#include "worker/spool.h"

FILE *
spool_open(TALLOC_CTX *ctx, const struct conf *conf, const char *name, const char *ending)
{
    int fd = open(mem_printf(ctx, "%s/%s.%s", conf->site_spool_dir, name, ending), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

    /* Whatever umask the service has. */
    if (fd >= 0)
        fchmod(fd, 0640);
    return fd < 0 ? NULL : fdopen(fd, "w");
}

void
spool_remove(TALLOC_CTX *ctx, const struct conf *conf, const char *name, const char *ending)
{
    spool_remove_file(ctx, conf, mem_printf(ctx, "%s.%s", name, ending));
}

void
spool_remove_file(TALLOC_CTX *ctx, const struct conf *conf, const char *file)
{
    unlink(mem_printf(ctx, "%s/%s", conf->site_spool_dir, file));
}

/* A token, and then what the file is. */
static bool
is_ours(const char *file)
{
    return strspn(file, "abcdefghijklmnopqrstuvwxyz234567") == SPOOL_TOKEN && (file[SPOOL_TOKEN] == '.' || file[SPOOL_TOKEN] == '-');
}

const char **
spool_older(TALLOC_CTX *ctx, const struct conf *conf, int64_t before_us, size_t *count_r)
{
    DIR *folder = opendir(conf->site_spool_dir);
    const char **files = mem_array(ctx, const char *, 1);
    struct dirent *entry;
    struct stat found;

    *count_r = 0;
    while (folder != NULL && (entry = readdir(folder)) != NULL)
        if (is_ours(entry->d_name) && fstatat(dirfd(folder), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(found.st_mode)
            && found.st_mtim.tv_sec < before_us / US_PER_S) {
            files = mem_resize(ctx, files, const char *, *count_r + 1);
            files[(*count_r)++] = mem_strdup(ctx, entry->d_name);
        }
    if (folder != NULL)
        closedir(folder);
    return files;
}

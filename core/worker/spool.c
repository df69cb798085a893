/* spool.c - files for people, which the web server sends */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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
    unlink(mem_printf(ctx, "%s/%s.%s", conf->site_spool_dir, name, ending));
}

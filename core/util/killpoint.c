/* killpoint.c - named places at which a test may end the process */
#include "util/killpoint.h"

#ifdef KAIRAN_KILLPOINTS
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
killpoint(const char *name)
{
    const char *dir = getenv("KAIRAN_KILL_DIR"), *kill_at = getenv("KAIRAN_KILL");
    char path[512];
    struct stat st;
    size_t len = strlen(name);
    int fd;

    if (dir == NULL)
        return;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0)
        return;
    /* One byte a pass: the file's size is the number of passes, whoever made them. */
    if (write(fd, ".", 1) == 1 && fstat(fd, &st) == 0 && kill_at != NULL && strncmp(kill_at, name, len) == 0
        && kill_at[len] == ':' && st.st_size == atol(kill_at + len + 1))
        _exit(137);
    close(fd);
}
#else
typedef int killpoint_is_not_compiled_in;
#endif

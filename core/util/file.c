/* file.c - small files, whole */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "util/file.h"
#include "util/str.h"

enum { PIECE = 16384 };

char *
file_read_fd(TALLOC_CTX *ctx, int fd, size_t most, size_t *len_r)
{
    struct str *text = str_new(ctx);
    char buffer[PIECE];
    ssize_t n;
    int error;

    while (((n = read(fd, buffer, sizeof buffer)) > 0 && text->len + (size_t)n <= most) || (n < 0 && errno == EINTR))
        if (n > 0)
            str_addn(text, buffer, (size_t)n);
    if (n != 0) {
        error = n > 0 ? EFBIG : errno;
        talloc_free(text);
        errno = error;
        return NULL;
    }
    if (len_r != NULL)
        *len_r = text->len;
    return text->s;
}

char *
file_read(TALLOC_CTX *ctx, const char *path, size_t most, size_t *len_r)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC), error;
    char *text;

    if (fd < 0)
        return NULL;
    text = file_read_fd(ctx, fd, most, len_r);
    error = errno;
    close(fd);
    errno = error;
    return text;
}

bool
file_write_all(int fd, const void *data, size_t len)
{
    const char *next = data;

    while (len > 0) {
        ssize_t n = write(fd, next, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        next += n;
        len -= (size_t)n;
    }
    return true;
}

bool
file_sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error;
    bool synced = fd >= 0 && fsync(fd) == 0;

    error = errno;
    if (fd >= 0)
        close(fd);
    errno = error;
    return synced;
}

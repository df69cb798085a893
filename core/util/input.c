/* input.c - a file that is read once, gzipped or not */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "util/input.h"
#include "util/str.h"

enum { READ_AHEAD = 128 << 10 };

struct input {
    gzFile file;
    uint64_t size;
    const char *trouble;
};

static int
input_free(struct input *input)
{
    if (input->file != NULL)
        gzclose_r(input->file);
    input->file = NULL;
    return 0;
}

struct input *
input_open(TALLOC_CTX *ctx, const char *path)
{
    int fd = str_eq(path, "-") ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    struct input *input;
    struct stat st;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) != 0 || S_ISDIR(st.st_mode)) {
        close(fd);
        errno = EISDIR;
        return NULL;
    }
    input = mem_new(ctx, struct input);
    input->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
    input->file = mem_check(gzdopen(fd, "rb"));
    gzbuffer(input->file, READ_AHEAD);
    talloc_set_destructor(input, input_free);
    return input;
}

/* zlib's own words begin with the file's name where they know it; a number of the system is said in its words. */
static void
note_trouble(struct input *input)
{
    int code;
    const char *words = gzerror(input->file, &code);

    if (code == Z_OK || code == Z_STREAM_END)
        return;
    input->trouble = mem_strdup(input, code == Z_ERRNO ? strerror(errno)
                                       : code == Z_BUF_ERROR ? "The gzip file ends too early." : words);
}

size_t
input_read(struct input *input, void *buffer, size_t most)
{
    int got;

    if (input->trouble != NULL)
        return 0;
    got = gzread(input->file, buffer, (unsigned)(most > READ_AHEAD ? READ_AHEAD : most));
    if (got <= 0)
        note_trouble(input);
    return got > 0 ? (size_t)got : 0;
}

const char *
input_trouble(const struct input *input)
{
    return input->trouble;
}

uint64_t
input_position(const struct input *input)
{
    z_off_t offset = gzoffset(input->file);

    return offset > 0 ? (uint64_t)offset : 0;
}

uint64_t
input_size(const struct input *input)
{
    return input->size;
}

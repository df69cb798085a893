/* io.c - a connection that waits, but never for ever */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/io.h"
#include "util/str.h"

enum {
    CHUNK = 16 * 1024,          /* one read from the socket */
    PUT_FLUSH = 256 * 1024,     /* this much waiting output is sent unasked */
    READ_AHEAD = 1024 * 1024    /* while writing, no more than this is read ahead */
};

struct io {
    int fd;
    int64_t deadline_ms;
    const struct io_layer *layer;
    void *state;
    struct str *in, *out;
    size_t in_start, out_start;     /* before them everything is done with */
    bool ended, broken;
};

static int
io_destroy(struct io *io)
{
    if (io->fd >= 0)
        close(io->fd);
    io->fd = -1;
    return 0;
}

struct io *
io_new(TALLOC_CTX *ctx, int fd)
{
    struct io *io = mem_new(ctx, struct io);
    int flags = fcntl(fd, F_GETFL);

    must(flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0);
    io->fd = fd;
    io->in = str_new(io);
    io->out = str_new(io);
    talloc_set_destructor(io, io_destroy);
    return io;
}

void
io_close(struct io **io)
{
    TALLOC_FREE(*io);
}

int
io_fd(const struct io *io)
{
    return io->fd;
}

void
io_deadline(struct io *io, int64_t monotonic_ms)
{
    io->deadline_ms = monotonic_ms;
}

void
io_deadline_in(struct io *io, int64_t wait_ms)
{
    io->deadline_ms = clock_monotonic_ms() + wait_ms;
}

ssize_t
io_socket_read(int fd, void *buffer, size_t len)
{
    ssize_t got;

    do
        got = recv(fd, buffer, len, 0);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? IO_WANTS_READ : IO_BROKEN;
    return got;
}

ssize_t
io_socket_write(int fd, const void *data, size_t len)
{
    ssize_t sent;

    do
        sent = send(fd, data, len, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? IO_WANTS_WRITE : IO_BROKEN;
    return sent;
}

static ssize_t
layer_read(struct io *io, void *buffer, size_t len)
{
    return io->layer != NULL ? io->layer->read(io->state, buffer, len) : io_socket_read(io->fd, buffer, len);
}

static ssize_t
layer_write(struct io *io, const void *data, size_t len)
{
    return io->layer != NULL ? io->layer->write(io->state, data, len) : io_socket_write(io->fd, data, len);
}

void
io_set_layer(struct io *io, const struct io_layer *layer, void *state)
{
    io->layer = layer;
    io->state = talloc_steal(io, state);
}

void *
io_layer_state(const struct io *io, const struct io_layer *layer)
{
    return io->layer == layer ? io->state : NULL;
}

/* Waits for any of `events`; what happened comes back in events_r. A signal starts the wait anew. */
static enum io_result
wait_events(struct io *io, short events, short *events_r)
{
    struct pollfd poll_fd = {.fd = io->fd, .events = events};

    for (;;) {
        int64_t left = io->deadline_ms == 0 ? -1 : io->deadline_ms - clock_monotonic_ms();
        int ready;

        if (io->deadline_ms != 0 && left < 0)
            left = 0;
        ready = poll(&poll_fd, 1, left > 3600000 ? 3600000 : (int)left);
        if (ready > 0) {
            *events_r = poll_fd.revents;
            return IO_OK;
        }
        if (ready == 0 && io->deadline_ms != 0 && clock_monotonic_ms() >= io->deadline_ms)
            return IO_TIMEOUT;
        must(ready == 0 || errno == EINTR);
    }
}

enum io_result
io_wait(struct io *io, ssize_t wish)
{
    short happened;

    return wait_events(io, wish == IO_WANTS_READ ? POLLIN : POLLOUT, &happened);
}

/* One read into the buffer without waiting: what layer_read() said. */
static ssize_t
fill(struct io *io)
{
    char chunk[CHUNK];
    ssize_t got;

    if (io->ended || io->broken)
        return io->ended ? 0 : IO_BROKEN;
    got = layer_read(io, chunk, sizeof chunk);
    if (got > 0)
        str_addn(io->in, chunk, (size_t)got);
    io->ended = got == 0;
    io->broken = got == IO_BROKEN;
    return got;
}

static size_t
unread(const struct io *io)
{
    return io->in->len - io->in_start;
}

/* Moves what is unread to the front when that is cheap, so that the buffer does not creep. */
static void
tidy_input(struct io *io)
{
    if (io->in_start == io->in->len) {
        str_clear(io->in);
        io->in_start = 0;
    } else if (io->in_start > CHUNK && io->in_start > io->in->len / 2) {
        memmove(io->in->s, io->in->s + io->in_start, unread(io));   /* @UNSAFE */
        io->in->len = unread(io);
        io->in->s[io->in->len] = '\0';
        io->in_start = 0;
    }
}

/* At least one more byte in the buffer. */
static enum io_result
fill_waiting(struct io *io)
{
    for (;;) {
        ssize_t got = fill(io);
        enum io_result result;

        if (got > 0)
            return IO_OK;
        if (got == 0 || got == IO_BROKEN)
            return got == 0 ? IO_END : IO_LOST;
        result = io_wait(io, got);
        if (result != IO_OK)
            return result;
    }
}

enum io_result
io_read(struct io *io, void *buffer, size_t max, size_t *len_r)
{
    enum io_result result;
    size_t len;

    *len_r = 0;
    tidy_input(io);
    if (unread(io) == 0 && (result = fill_waiting(io)) != IO_OK)
        return result;
    len = unread(io) < max ? unread(io) : max;
    memcpy(buffer, io->in->s + io->in_start, len);
    io->in_start += len;
    *len_r = len;
    return IO_OK;
}

/* Takes the line that ends with the LF at `end` out of the buffer. */
static struct blob
take_line(struct io *io, char *end)
{
    char *start = io->in->s + io->in_start;
    size_t len = (size_t)(end - start);

    io->in_start += len + 1;
    if (len > 0 && start[len - 1] == '\r')
        len--;
    start[len] = '\0';  /* @UNSAFE: it stands on the CR or LF */
    return (struct blob){(const uint8_t *)start, len};
}

enum io_result
io_read_line(struct io *io, size_t max, struct blob *line_r)
{
    size_t searched = 0;

    *line_r = (struct blob){NULL, 0};
    tidy_input(io);
    for (;;) {
        char *start = io->in->s + io->in_start;
        char *end = memchr(start + searched, '\n', unread(io) - searched);
        enum io_result result;

        searched = unread(io);
        if ((end != NULL ? (size_t)(end - start) : searched) > max)
            return IO_TOO_LONG;
        if (end != NULL) {
            *line_r = take_line(io, end);
            return IO_OK;
        }
        result = fill_waiting(io);
        if (result != IO_OK)
            return result;
    }
}

enum io_result
io_peek(struct io *io, size_t *len_r)
{
    ssize_t got = unread(io) == 0 ? fill(io) : 1;

    *len_r = unread(io);
    if (*len_r > 0 || got == IO_WANTS_READ || got == IO_WANTS_WRITE)
        return IO_OK;
    return got == 0 ? IO_END : IO_LOST;
}

void
io_drop_input(struct io *io)
{
    str_clear(io->in);
    io->in_start = 0;
}

size_t
io_unsent(const struct io *io)
{
    return io->out->len - io->out_start;
}

enum io_result
io_put(struct io *io, const void *data, size_t len)
{
    str_addn(io->out, data, len);
    return io_unsent(io) < PUT_FLUSH ? IO_OK : io_flush(io);
}

/* The socket takes nothing now. Waits until it does, and meanwhile keeps what the peer says: it may be the reason. */
static enum io_result
wait_to_write(struct io *io, ssize_t wish)
{
    bool listens = wish == IO_WANTS_READ || (unread(io) < READ_AHEAD && !io->ended && !io->broken);
    short happened;
    enum io_result result = wait_events(io, (short)((wish == IO_WANTS_WRITE ? POLLOUT : 0) | (listens ? POLLIN : 0)),
                                        &happened);

    if (result == IO_OK && wish == IO_WANTS_WRITE && (happened & POLLIN) != 0)
        fill(io);
    return result;
}

enum io_result
io_flush(struct io *io)
{
    while (io_unsent(io) > 0) {
        ssize_t sent = layer_write(io, io->out->s + io->out_start, io_unsent(io));
        enum io_result result;

        if (sent > 0) {
            io->out_start += (size_t)sent;
            continue;
        }
        if (sent == IO_BROKEN || sent == 0) {
            while (unread(io) < READ_AHEAD && fill(io) > 0)     /* its last words */
                ;
            return IO_LOST;
        }
        result = wait_to_write(io, sent);
        if (result != IO_OK)
            return result;
    }
    str_clear(io->out);
    io->out_start = 0;
    return IO_OK;
}

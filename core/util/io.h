/* io.h - a connection that waits, but never for ever
 *
 * A struct io is one stream socket with a buffer on either side. Its calls block until the work is done or the deadline
 * has passed; nothing here calls back or runs by itself. While it waits to write it also reads what arrives, so that a
 * peer who answers early can never lock both sides up. A peer who has gone gives IO_LOST, never SIGPIPE.
 *
 * Memory: the socket is closed when the struct is freed. Lines returned live until the next read. */
#ifndef KAIRAN_UTIL_IO_H
#define KAIRAN_UTIL_IO_H

#include <sys/types.h>

#include "util/status.h"

enum io_result {
    IO_OK,
    IO_END,         /* the peer closed, nothing is left to read */
    IO_TIMEOUT,     /* the deadline passed */
    IO_LOST,        /* reset, unreachable, or the layer below refused */
    IO_TOO_LONG     /* a line longer than wanted; the connection is no longer of use */
};

struct io;

/* Takes the connected socket over and makes it non-blocking. */
struct io *io_new(TALLOC_CTX *ctx, int fd);
void io_close(struct io **io);
int io_fd(const struct io *io);

/* For every call that follows, in clock_monotonic_ms(); 0 waits for ever. */
void io_deadline(struct io *io, int64_t monotonic_ms);
void io_deadline_in(struct io *io, int64_t wait_ms);            /* counted from now */

/* At least one byte and at most `max`. */
enum io_result io_read(struct io *io, void *buffer, size_t max, size_t *len_r);
/* One line without its LF and one CR before that; line_r is ended by a NUL that it does not count, and may hold others. */
enum io_result io_read_line(struct io *io, size_t max, struct blob *line_r);
/* Bytes that have come but were not read. Never waits. IO_OK with 0: the line is quiet. */
enum io_result io_peek(struct io *io, size_t *len_r);
/* Forgets what was read ahead: at STARTTLS nothing said before it may count after it (CVE-2011-0411 and its heirs). */
void io_drop_input(struct io *io);

/* Puts bytes behind those waiting; sends only when very many wait (then it may block). */
enum io_result io_put(struct io *io, const void *data, size_t len);
enum io_result io_flush(struct io *io);
size_t io_unsent(const struct io *io);

/* What lies between the buffers and the socket, when it is not the socket itself (util/tls.c). Both functions work like
 * read(2) and write(2) without waiting: bytes moved, 0 for the end, or one of the two wishes, or IO_BROKEN. */
enum { IO_BROKEN = -1, IO_WANTS_READ = -2, IO_WANTS_WRITE = -3 };
struct io_layer {
    ssize_t (*read)(void *state, void *buffer, size_t len);
    ssize_t (*write)(void *state, const void *data, size_t len);
};
/* `state` becomes a talloc child of the connection. */
void io_set_layer(struct io *io, const struct io_layer *layer, void *state);
void *io_layer_state(const struct io *io, const struct io_layer *layer);    /* NULL when another or none is set */
/* For a layer's own handshake: waits as the wish (IO_WANTS_...) says. */
enum io_result io_wait(struct io *io, ssize_t wish);
ssize_t io_socket_read(int fd, void *buffer, size_t len);
ssize_t io_socket_write(int fd, const void *data, size_t len);

#endif

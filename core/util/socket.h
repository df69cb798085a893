/* socket.h - how a connection begins: listening, accepting, connecting
 *
 * Sockets made here close on exec. Those that listen are Unix sockets for programs of this machine, and say who is at the
 * other end; those that connect are TCP. */
#ifndef KAIRAN_UTIL_SOCKET_H
#define KAIRAN_UTIL_SOCKET_H

#include "util/io.h"

/* Listens at `path` with these permissions; `group` may be NULL or "". A socket left by a process that is gone is
 * replaced; CONFLICT when somebody answers there or when something else has that name. The caller closes *fd_r. */
enum status socket_listen(TALLOC_CTX *ctx, const char *path, int mode, const char *group, int *fd_r,
                          struct fault *fault);

/* Gives a socket that is there already its permissions, and to its group (NULL or "" leaves that). */
enum status socket_share(TALLOC_CTX *ctx, const char *path, int mode, const char *group, struct fault *fault);

/* The next connection, or -1 when there is none after all (another child was faster, the peer left, a signal came). The
 * socket returned is blocking until it gets its struct io. */
int socket_accept(int listening_fd);

/* Who may connect. `users` are names or numbers separated by blanks, looked up now; a name that this machine does not
 * know is left out with a warning. The process's own user is always among them. */
struct socket_peers;
struct socket_peers *socket_peers_new(TALLOC_CTX *ctx, const char *users);
bool socket_peer_is_among(int fd, const struct socket_peers *peers);

/* A connection to the program that listens at `path`, or -1 with errno: EAGAIN when so many wait there that it does not accept now and
 * the socket is not to block. The caller closes it. */
int socket_connect_unix(const char *path, bool blocks);

/* Connects to a name or address, trying its addresses in turn until `deadline_ms` (monotonic); the io returned has that
 * deadline. UNAVAILABLE or TIMEOUT, with a fault that says why. */
enum status socket_connect(TALLOC_CTX *ctx, const char *host, int port, int64_t deadline_ms, struct io **io_r,
                           struct fault *fault);
/* The other end is this machine itself. */
bool socket_is_loopback(int fd);

#endif

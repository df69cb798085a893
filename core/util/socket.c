/* socket.c - how a connection begins: listening, accepting, connecting */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pwd.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#undef STATUS    /* <resolv.h> brings one, and status.h has its own */

#include "util/clock.h"
#include "util/conf.h"
#include "util/log.h"
#include "util/socket.h"
#include "util/str.h"

enum { BACKLOG = 512 };

/* False: the path is too long. */
static bool
address_of(const char *path, struct sockaddr_un *address_r)
{
    *address_r = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address_r->sun_path)
        return false;
    memcpy(address_r->sun_path, path, strlen(path));
    return true;
}

int
socket_connect_unix(const char *path, bool blocks)
{
    struct sockaddr_un address;
    int fd, failed;

    if (!address_of(path, &address)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (blocks ? 0 : SOCK_NONBLOCK), 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    failed = errno;
    close(fd);
    errno = failed;
    return -1;
}

/* Somebody accepts connections there now. */
static bool
is_answered(const char *path)
{
    int fd = socket_connect_unix(path, false);
    bool answered = fd >= 0 || errno == EAGAIN;

    if (fd >= 0)
        close(fd);
    return answered;
}

static enum status
make_way(TALLOC_CTX *ctx, const char *path, struct fault *fault)
{
    struct stat st;

    if (lstat(path, &st) != 0)
        return STATUS_OK;
    if (!S_ISSOCK(st.st_mode))
        return fault_setf(fault, ctx, STATUS_CONFLICT, NULL, "%s is there already and is not a socket; take it away", path);
    if (is_answered(path))
        return fault_setf(fault, ctx, STATUS_CONFLICT, NULL, "another process listens at %s: two of us cannot share a socket", path);
    unlink(path);
    return STATUS_OK;
}

enum status
socket_share(TALLOC_CTX *ctx, const char *path, int mode, const char *group, struct fault *fault)
{
    const struct group *entry = str_is_empty(group) ? NULL : getgrnam(group);

    if (!str_is_empty(group) && entry == NULL)
        return fault_setf(fault, ctx, STATUS_INVALID, NULL, "there is no group \"%s\" for %s; mend socket_group", group, path);
    if (entry != NULL && chown(path, (uid_t)-1, entry->gr_gid) != 0)
        return fault_setf(fault, ctx, STATUS_NOT_ALLOWED, NULL, "%s cannot be given to group %s: %s; make user %s a member of it, or leave the "
                          "group empty and give the folder the group and its setgid bit", path, group, strerror(errno), conf_user(ctx));
    if (chmod(path, (mode_t)mode) != 0)
        return fault_setf(fault, ctx, STATUS_NOT_ALLOWED, NULL, "permissions of %s: %s", path, strerror(errno));
    return STATUS_OK;
}

static enum status
cannot_bind(TALLOC_CTX *ctx, const char *path, int error, struct fault *fault)
{
    if (error == ENOENT || error == ENOTDIR)
        return fault_setf(fault, ctx, STATUS_UNAVAILABLE, NULL, "%s cannot be made: the folder is not there", path);
    if (error == EACCES || error == EPERM || error == EROFS)
        return fault_setf(fault, ctx, STATUS_UNAVAILABLE, NULL, "%s cannot be made: user %s may not write into its folder", path,
                          conf_user(ctx));
    return fault_setf(fault, ctx, STATUS_UNAVAILABLE, NULL, "%s cannot be made: %s", path, strerror(error));
}

enum status
socket_listen(TALLOC_CTX *ctx, const char *path, int mode, const char *group, int *fd_r, struct fault *fault)
{
    struct sockaddr_un address;
    enum status status;
    mode_t mask;
    int fd, bound;

    if (!address_of(path, &address))
        return fault_setf(fault, ctx, STATUS_INVALID, NULL, "%s is too long for the name of a socket", path);
    status = make_way(ctx, path, fault);
    if (status != STATUS_OK)
        return status;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    must(fd >= 0);
    mask = umask(0177);     /* nobody else slips in before the permissions are right */
    bound = bind(fd, (const struct sockaddr *)&address, sizeof address);
    umask(mask);
    if (bound != 0)
        status = cannot_bind(ctx, path, errno, fault);
    else
        status = socket_share(ctx, path, mode, group, fault);
    if (status == STATUS_OK && listen(fd, BACKLOG) != 0)
        status = fault_setf(fault, ctx, STATUS_UNAVAILABLE, NULL, "listening at %s: %s", path, strerror(errno));
    if (status != STATUS_OK && bound == 0)
        unlink(path);
    if (status != STATUS_OK)
        close(fd);
    else
        *fd_r = fd;
    return status;
}

int
socket_accept(int listening_fd)
{
    return accept4(listening_fd, NULL, NULL, SOCK_CLOEXEC);
}

struct socket_peers {
    uid_t *users;
    size_t count;
};

static void
add_peer(struct socket_peers *peers, uid_t user)
{
    peers->users = mem_resize(peers, peers->users, uid_t, peers->count + 1);
    peers->users[peers->count++] = user;
}

struct socket_peers *
socket_peers_new(TALLOC_CTX *ctx, const char *users)
{
    struct socket_peers *peers = mem_new(ctx, struct socket_peers);
    char **names = str_split(peers, users, ' ', SIZE_MAX);

    add_peer(peers, geteuid());
    for (size_t i = 0; names[i] != NULL; i++) {
        const struct passwd *entry = *names[i] == '\0' ? NULL : getpwnam(names[i]);
        int64_t number;

        if (entry != NULL)
            add_peer(peers, entry->pw_uid);
        else if (str_to_int(names[i], 0, UINT32_MAX - 1, &number))
            add_peer(peers, (uid_t)number);
        else if (*names[i] != '\0')
            log_event(EVENT_TRUSTED_USER_UNKNOWN, "user", "%s", names[i]);
    }
    return peers;
}

bool
socket_peer_is_among(int fd, const struct socket_peers *peers)
{
    struct ucred peer;
    socklen_t len = sizeof peer;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
        return false;
    for (size_t i = 0; i < peers->count; i++)
        if (peers->users[i] == peer.uid)
            return true;
    return false;
}

/* The system's resolver has no deadline of its own: it gets few and short tries, and no search list. */
static int
look_up(const char *host, int port, struct addrinfo **found_r)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
    char service[16];

    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(host, service, &hints, found_r) == 0)
        return 0;
    if (res_init() == 0) {
        _res.retrans = 3;
        _res.retry = 2;
        _res.options &= ~(RES_DNSRCH | RES_DEFNAMES);
    }
    hints.ai_flags = 0;
    return getaddrinfo(host, service, &hints, found_r);
}

/* One address: a connected socket, or -1 with errno. */
static int
connect_one(const struct addrinfo *address, int64_t deadline_ms)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), failed = 0, yes = 1;
    socklen_t len = sizeof failed;

    if (fd < 0)
        return -1;
    if (connect(fd, address->ai_addr, address->ai_addrlen) != 0)
        failed = errno;
    while (failed == EINPROGRESS || failed == EINTR) {
        struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
        int64_t left = deadline_ms - clock_monotonic_ms();
        int ready = left <= 0 ? 0 : poll(&poll_fd, 1, (int)left);

        if (ready < 0)
            continue;
        if (ready == 0)
            failed = ETIMEDOUT;
        else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &len) != 0)
            failed = errno;
    }
    if (failed != 0) {
        close(fd);
        errno = failed;
        return -1;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
    return fd;
}

enum status
socket_connect(TALLOC_CTX *ctx, const char *host, int port, int64_t deadline_ms, struct io **io_r, struct fault *fault)
{
    struct addrinfo *found = NULL;
    int wrong = look_up(host, port, &found), fd = -1;

    if (wrong != 0)
        return fault_setf(fault, ctx, STATUS_UNAVAILABLE, NULL, "%s: %s", host, gai_strerror(wrong));
    for (const struct addrinfo *one = found; one != NULL && fd < 0; one = one->ai_next)
        fd = connect_one(one, deadline_ms);
    wrong = errno;
    freeaddrinfo(found);
    if (fd < 0)
        return fault_setf(fault, ctx, wrong == ETIMEDOUT ? STATUS_TIMEOUT : STATUS_UNAVAILABLE, NULL, "%s:%d: %s", host,
                          port, strerror(wrong));
    *io_r = io_new(ctx, fd);
    io_deadline(*io_r, deadline_ms);
    return STATUS_OK;
}

bool
socket_is_loopback(int fd)
{
    struct sockaddr_storage address = {0};
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)&address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&address;
    socklen_t len = sizeof address;

    if (getpeername(fd, (struct sockaddr *)&address, &len) != 0)
        return false;
    switch (address.ss_family) {
    case AF_UNIX:
        return true;
    case AF_INET:
        return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
    case AF_INET6:
        return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr)
            || (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr) && v6->sin6_addr.s6_addr[12] == 127);
    default:
        return false;
    }
}

/* socket-kept.c - the listening socket, kept by systemd while the program is restarted */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/str.h"
#include "web/socket-kept.h"

enum { HANDED_FIRST = 3 };      /* where systemd puts what it gives back */

/* The number that systemd gave us under this name of the environment; 0: none. */
static int64_t
handed_over(const char *name)
{
    int64_t number = 0;

    return getenv(name) != NULL && str_to_int(getenv(name), 0, INT32_MAX, &number) ? number : 0;
}

/* Tells systemd; a socket goes along unless it is -1. False: nobody hears it. */
static bool
tell_to(int fd, const char *path, const char *words, int listening)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct iovec text = {(void *)(uintptr_t)words, strlen(words)};
    union { struct cmsghdr head; char room[CMSG_SPACE(sizeof(int))]; } control = {.room = {0}};
    struct msghdr message = {.msg_name = &address, .msg_iov = &text, .msg_iovlen = 1};

    memcpy(address.sun_path, path, strlen(path));
    if (*path == '@')
        address.sun_path[0] = '\0';         /* an abstract name (unix(7)) */
    message.msg_namelen = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (listening >= 0) {
        message.msg_control = &control;
        message.msg_controllen = sizeof(control);
        control.head = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
        memcpy(CMSG_DATA(&control.head), &listening, sizeof(int));
    }
    return sendmsg(fd, &message, MSG_NOSIGNAL) >= 0;
}

static bool
tell(const char *words, int listening)
{
    const char *path = getenv("NOTIFY_SOCKET");
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool sent = fd >= 0 && path != NULL && strlen(path) < sizeof((struct sockaddr_un){0}.sun_path) && tell_to(fd, path, words, listening);

    if (fd >= 0)
        close(fd);
    return sent;
}

int
socket_kept_take(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t len = sizeof(address);
    bool is_kept = handed_over("LISTEN_PID") == getpid() && handed_over("LISTEN_FDS") > 0;

    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    if (!is_kept)
        return -1;
    if (getsockname(HANDED_FIRST, (struct sockaddr *)&address, &len) == 0 && address.sun_family == AF_UNIX && str_eq(address.sun_path, path)
        && access(path, F_OK) == 0 && fcntl(HANDED_FIRST, F_SETFD, FD_CLOEXEC) == 0 && fcntl(HANDED_FIRST, F_SETFL, O_NONBLOCK) == 0)
        return HANDED_FIRST;
    close(HANDED_FIRST);
    /* Else it would be given to us for ever, and there is room for one. */
    tell("FDSTOREREMOVE=1\nFDNAME=web\n", -1);
    return -1;
}

bool
socket_kept_leave(int listening)
{
    return tell("FDSTORE=1\nFDNAME=web\n", listening);
}

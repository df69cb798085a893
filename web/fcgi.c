/* fcgi.c - requests from the web server; the only file that includes libfcgi */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <fcgiapp.h>

#include "util/str.h"
#include "web/fcgi.h"

enum { FCGI_STDOUT = 6, LONG_TEXT = 8192, RECORD_MOST = 65528 };

struct fcgi {
    FCGX_Request request;
    int listening, waiting;     /* waiting: an epoll by which a connection wakes one process, not all of them */
};

static int
fcgi_destroy(struct fcgi *fcgi)
{
    FCGX_Free(&fcgi->request, 1);
    close(fcgi->waiting);
    return 0;
}

struct fcgi *
fcgi_new(TALLOC_CTX *ctx, int listening)
{
    struct fcgi *fcgi = mem_new(ctx, struct fcgi);
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLEXCLUSIVE};

    unsetenv("FCGI_WEB_SERVER_ADDRS");
    must(FCGX_Init() == 0);
    must(FCGX_InitRequest(&fcgi->request, listening, FCGI_FAIL_ACCEPT_ON_INTR) == 0);
    fcgi->listening = listening;
    fcgi->waiting = epoll_create1(EPOLL_CLOEXEC);
    must(fcgi->waiting >= 0 && epoll_ctl(fcgi->waiting, EPOLL_CTL_ADD, listening, &wanted) == 0);
    talloc_set_destructor(fcgi, fcgi_destroy);
    return fcgi;
}

/* A process may be woken for a connection and by a signal at once: no other one was woken then, so it takes the connection. */
enum fcgi_event
fcgi_accept(struct fcgi *fcgi, const sigset_t *mask, void (*began)(void))
{
    struct epoll_event event;
    bool signalled = epoll_pwait(fcgi->waiting, &event, 1, -1, mask) < 0;
    int answer;

    if (signalled && errno != EINTR)
        return FCGI_LOST;
    began();
    answer = FCGX_Accept_r(&fcgi->request);
    if (answer == 0)
        return FCGI_REQUEST;
    if (signalled)
        return FCGI_SIGNAL;
    return answer == -EBADF || answer == -ENOTSOCK || answer == -EINVAL ? FCGI_LOST : FCGI_NOTHING;
}

const char *
fcgi_param(const struct fcgi *fcgi, const char *name)
{
    return FCGX_GetParam(name, fcgi->request.envp);
}

size_t
fcgi_read(void *state, void *buffer, size_t len)
{
    struct fcgi *fcgi = state;
    int got = FCGX_GetStr(buffer, (int)len, fcgi->request.in);

    return got > 0 ? (size_t)got : 0;
}

/* FastCGI 1.0, 3.3: a record of standard output. libfcgi sends a long text in pieces of 8 KB, and the web server is woken for each. */
static bool
write_record(struct fcgi *fcgi, const uint8_t *data, size_t len)
{
    uint16_t id = (uint16_t)fcgi->request.requestId;
    uint8_t head[] = {1, FCGI_STDOUT, (uint8_t)(id >> 8), (uint8_t)id, (uint8_t)(len >> 8), (uint8_t)len, 0, 0};
    struct iovec pieces[] = {{head, sizeof(head)}, {(void *)data, len}};
    size_t done = 0;

    while (done < sizeof(head) + len) {
        bool in_head = done < sizeof(head);
        struct iovec *left = in_head ? pieces : pieces + 1;
        ssize_t written;

        left->iov_base = in_head ? head + done : (void *)(data + (done - sizeof(head)));
        left->iov_len = in_head ? sizeof(head) - done : len - (done - sizeof(head));
        written = writev(fcgi->request.ipcFd, left, in_head ? 2 : 1);
        if (written < 0 && errno != EINTR)
            return false;
        done += written > 0 ? (size_t)written : 0;
    }
    return true;
}

bool
fcgi_write(struct fcgi *fcgi, const void *data, size_t len)
{
    const uint8_t *left = data;

    if (len < LONG_TEXT)
        return FCGX_PutStr(data, (int)len, fcgi->request.out) >= 0;
    if (FCGX_FFlush(fcgi->request.out) < 0)
        return false;
    for (size_t piece; len > 0; left += piece, len -= piece) {
        piece = len < RECORD_MOST ? len : RECORD_MOST;
        if (!write_record(fcgi, left, piece))
            return false;
    }
    return true;
}

void
fcgi_finish(struct fcgi *fcgi)
{
    FCGX_Finish_r(&fcgi->request);
}

void
fcgi_break(struct fcgi *fcgi)
{
    FCGX_Free(&fcgi->request, 1);
    must(FCGX_InitRequest(&fcgi->request, fcgi->listening, FCGI_FAIL_ACCEPT_ON_INTR) == 0);
}

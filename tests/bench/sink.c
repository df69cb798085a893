/* sink.c - a counting SMTP sink for `make bench`: one thread, takes everything, looks at nothing
 *
 *     sink -p PORT -l LOG -c COUNTERS
 *
 * One line to LOG for each recipient taken: nanoseconds since 1970, number of the transaction, bytes, sender, recipient, the
 * value of X-Bench-Id ("-" without), number of DKIM signatures. Running totals are in COUNTERS, mapped, so that a bench can look
 * without disturbing. SIGUSR1 begins both anew. This is the interface of the reference installation's sink, so either can serve. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 128 * 1024, RECIPIENTS_MAX = 1000, ADDRESS_MAX = 320, OUT_MAX = 16384 };

struct totals { uint64_t connections, transactions, recipients, bytes, first_ns, last_ns, dkim, arc; };

struct session {
    int fd;
    bool in_data, is_over;
    size_t len, out_len;
    char from[ADDRESS_MAX], (*to)[ADDRESS_MAX];
    size_t count;
    char in[BUFFER], out[OUT_MAX];
};

static struct totals *totals;
static FILE *log_file;
static volatile sig_atomic_t ending, beginning_anew;

static uint64_t
now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void
flush(struct session *session)
{
    size_t sent = 0;

    while (sent < session->out_len && !session->is_over) {
        ssize_t n = send(session->fd, session->out + sent, session->out_len - sent, MSG_NOSIGNAL);

        if (n > 0)
            sent += (size_t)n;
        else if (n < 0 && errno != EINTR && errno != EAGAIN)
            session->is_over = true;
    }
    session->out_len = 0;
}

static void
say(struct session *session, const char *text)
{
    size_t len = strlen(text);

    if (session->out_len + len > OUT_MAX)
        flush(session);
    memcpy(session->out + session->out_len, text, len);
    session->out_len += len;
}

/* What stands between < and >; "<>" when that is nothing, so that the log's columns stay. */
static void
between_angles(const char *line, char text_r[ADDRESS_MAX])
{
    const char *start = strchr(line, '<'), *end = start != NULL ? strchr(start, '>') : NULL;

    snprintf(text_r, ADDRESS_MAX, "%.*s", end != NULL ? (int)(end - start - 1) : 0, end != NULL ? start + 1 : "");
    if (*text_r == '\0')
        strcpy(text_r, "<>");
}

/* Counts the signatures in the header that begins at `message` and copies the bench's mark. @UNSAFE */
static unsigned
look_at_header(const char *message, size_t len, char mark_r[128])
{
    const char *line = message, *end = message + len;
    unsigned signatures = 0;

    strcpy(mark_r, "-");
    while (line < end && *line != '\r') {
        const char *next = memchr(line, '\n', (size_t)(end - line));

        if (strncasecmp(line, "DKIM-Signature:", 15) == 0)
            signatures++;
        else if (strncasecmp(line, "X-Bench-Id:", 11) == 0)
            sscanf(line + 11, " %127[^\r\n ]", mark_r);
        if (next == NULL)
            break;
        line = next + 1;
    }
    return signatures;
}

static void
take(struct session *session, size_t len)
{
    uint64_t now = now_ns();
    char mark[128];
    unsigned signatures = look_at_header(session->in, len, mark);

    totals->transactions++;
    totals->recipients += session->count;
    totals->bytes += len;
    totals->dkim += signatures;
    totals->last_ns = now;
    if (totals->first_ns == 0)
        totals->first_ns = now;
    for (size_t i = 0; i < session->count; i++)
        fprintf(log_file, "%llu %llu %zu %s %s %s %u\n", (unsigned long long)now,
                (unsigned long long)totals->transactions, len, session->from, session->to[i], mark, signatures);
    session->count = 0;
    session->in_data = false;
    say(session, "250 2.0.0 taken\r\n");
}

static void
obey(struct session *session, const char *line)
{
    if (strncasecmp(line, "EHLO", 4) == 0) {
        say(session, "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n");
    } else if (strncasecmp(line, "MAIL", 4) == 0) {
        between_angles(line, session->from);
        session->count = 0;
        say(session, "250 2.1.0 ok\r\n");
    } else if (strncasecmp(line, "RCPT", 4) == 0 && session->count < RECIPIENTS_MAX) {
        between_angles(line, session->to[session->count++]);
        say(session, "250 2.1.5 ok\r\n");
    } else if (strncasecmp(line, "RCPT", 4) == 0) {
        say(session, "452 4.5.3 too many\r\n");
    } else if (strncasecmp(line, "DATA", 4) == 0) {
        session->in_data = true;
        say(session, "354 go\r\n");
    } else if (strncasecmp(line, "QUIT", 4) == 0) {
        say(session, "221 2.0.0 bye\r\n");
        flush(session);
        session->is_over = true;
    } else {
        say(session, "250 2.0.0 ok\r\n");
    }
}

static void
used(struct session *session, size_t len)
{
    memmove(session->in, session->in + len, session->len - len);
    session->len -= len;
}

/* Does the next command or takes the message that is whole. False: more bytes are needed. */
static bool
step(struct session *session)
{
    char *end;

    if (session->in_data) {
        end = memmem(session->in, session->len, "\r\n.\r\n", 5);
        if (end == NULL) {
            session->is_over = session->len == BUFFER;
            return false;
        }
        take(session, (size_t)(end - session->in) + 2);
        used(session, (size_t)(end - session->in) + 5);
        return true;
    }
    end = memchr(session->in, '\n', session->len);
    if (end == NULL) {
        session->is_over = session->len == BUFFER;
        return false;
    }
    *end = '\0';
    obey(session, session->in);
    used(session, (size_t)(end - session->in) + 1);
    return true;
}

static void
serve(struct session *session)
{
    ssize_t got = recv(session->fd, session->in + session->len, BUFFER - session->len, 0);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    session->is_over = got <= 0;
    session->len += got > 0 ? (size_t)got : 0;
    while (!session->is_over && step(session))
        ;
    flush(session);
}

static void
admit(int epoll, int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), one = 1;
    struct session *session;

    if (fd < 0)
        return;
    session = calloc(1, sizeof *session);
    session->to = calloc(RECIPIENTS_MAX, ADDRESS_MAX);
    session->fd = fd;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    totals->connections++;
    say(session, "220 sink ESMTP\r\n");
    flush(session);
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = session});
}

static void
dismiss(struct session *session)
{
    close(session->fd);
    free(session->to);
    free(session);
}

static void
begin_anew(void)
{
    beginning_anew = 0;
    fflush(log_file);
    rewind(log_file);
    if (ftruncate(fileno(log_file), 0) == 0)
        memset(totals, 0, sizeof *totals);
}

static void
loop(int epoll, int listener)
{
    struct epoll_event events[64];

    while (!ending) {
        int count = epoll_wait(epoll, events, 64, 20);

        if (beginning_anew)
            begin_anew();
        if (count == 0)
            fflush(log_file);
        for (int i = 0; i < count; i++) {
            struct session *session = events[i].data.ptr;

            if (session == NULL) {
                admit(epoll, listener);
                continue;
            }
            serve(session);
            if (session->is_over)
                dismiss(session);
        }
    }
}

static void
on_signal(int number)
{
    if (number == SIGUSR1)
        beginning_anew = 1;
    else
        ending = 1;
}

static int
listen_on(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1024) != 0) {
        perror("sink");
        exit(1);
    }
    return fd;
}

static struct totals *
map_totals(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT, 0644);
    void *map;

    if (fd < 0 || ftruncate(fd, 4096) != 0 || (map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)) == MAP_FAILED) {
        perror(path);
        exit(1);
    }
    return map;
}

int
main(int argc, char **argv)
{
    const char *log_path = "sink.log", *counters = "sink.cnt";
    int port = 10025, option, listener, epoll;

    while ((option = getopt(argc, argv, "p:l:c:")) != -1)
        switch (option) {
        case 'p': port = atoi(optarg); break;
        case 'l': log_path = optarg; break;
        case 'c': counters = optarg; break;
        default: return 64;
        }
    totals = map_totals(counters);
    log_file = fopen(log_path, "w");
    if (log_file == NULL) {
        perror(log_path);
        return 1;
    }
    signal(SIGUSR1, on_signal);
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    listener = listen_on(port);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN});
    loop(epoll, listener);
    fclose(log_file);
    return 0;
}

/* faultproxy.c - stands between two programs and spoils what one says to the other
 *
 *     faultproxy [-n CONNECTIONS] LISTEN TARGET RULE...
 *
 * LISTEN and TARGET are a port of 127.0.0.1 or the path of a Unix socket. A rule is one argument:
 *     [up] after N bytes: FAULT       when N bytes went to the client (up: to the server)
 *     at reply K: FAULT               before the K-th complete reply of an SMTP or LMTP server (the greeting is the first)
 * FAULT is one of
 *     delay MS | stop | rst | close | garbage | dup | trickle MS
 * stop passes nothing more and keeps the connection; dup sends what follows, up to the end of its line, twice; trickle sends one
 * byte every MS milliseconds from there on. Each rule works once per connection. With -n only the first CONNECTIONS are spoiled.
 * "ready" on standard output says that connections are taken. One process per connection. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum fault { FAULT_DELAY, FAULT_STOP, FAULT_RST, FAULT_CLOSE, FAULT_GARBAGE, FAULT_DUP, FAULT_TRICKLE };

static const struct { const char *name; enum fault fault; } fault_names[] = {
    {"delay", FAULT_DELAY}, {"stop", FAULT_STOP}, {"rst", FAULT_RST}, {"close", FAULT_CLOSE},
    {"garbage", FAULT_GARBAGE}, {"dup", FAULT_DUP}, {"trickle", FAULT_TRICKLE},
};

struct rule {
    bool up, by_reply, done;
    long at;
    enum fault fault;
    long ms;
};

enum { MAX_RULES = 16 };

/* One direction of one connection. */
struct flow {
    int from, to;
    bool up, stopped, in_reply, doubling;
    long bytes, replies, trickle_ms;
    char start[4];
    size_t column;
};

static _Noreturn void
usage(const char *why)
{
    fprintf(stderr, "faultproxy: %s\nusage: faultproxy [-n CONNECTIONS] LISTEN TARGET "
            "\"[up] after N bytes: FAULT\" | \"at reply K: FAULT\" ...\n", why);
    exit(2);
}

static void
pause_ms(long ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&time, NULL);
}

static struct rule
parse_rule(const char *text)
{
    struct rule rule = {.up = false};
    char fault[16] = "";
    int fields;

    if (strncmp(text, "up ", 3) == 0) {
        rule.up = true;
        text += 3;
    }
    rule.by_reply = strncmp(text, "at reply", 8) == 0;
    fields = rule.by_reply ? sscanf(text, "at reply %ld: %15[a-z] %ld", &rule.at, fault, &rule.ms)
                           : sscanf(text, "after %ld bytes: %15[a-z] %ld", &rule.at, fault, &rule.ms);
    for (size_t i = 0; fields >= 2 && i < sizeof fault_names / sizeof fault_names[0]; i++)
        if (strcmp(fault, fault_names[i].name) == 0) {
            rule.fault = fault_names[i].fault;
            return rule;
        }
    usage(text);
}

static int
open_socket(const char *place, bool listening)
{
    struct sockaddr_in inet = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    bool is_path = strchr(place, '/') != NULL;
    int fd = socket(is_path ? AF_UNIX : AF_INET, SOCK_STREAM, 0), on = 1, failed;
    struct sockaddr *address = is_path ? (struct sockaddr *)&local : (struct sockaddr *)&inet;
    socklen_t length = is_path ? sizeof local : sizeof inet;

    inet.sin_port = htons((unsigned short)atoi(place));
    snprintf(local.sun_path, sizeof local.sun_path, "%s", place);
    if (listening) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (is_path)
            unlink(place);
        failed = bind(fd, address, length) != 0 || listen(fd, 128) != 0;
    } else
        failed = connect(fd, address, length) != 0;
    if (failed) {
        perror(place);
        exit(1);
    }
    return fd;
}

static _Noreturn void
end_connection(struct flow *flow, bool reset)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};

    if (reset) {
        setsockopt(flow->from, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        setsockopt(flow->to, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    close(flow->from);
    close(flow->to);
    _exit(0);
}

static void
pass(struct flow *flow, const char *data, size_t size)
{
    while (size > 0 && !flow->stopped) {
        ssize_t sent = write(flow->to, data, flow->trickle_ms > 0 ? 1 : size);

        if (sent < 0)
            end_connection(flow, false);
        data += sent;
        size -= (size_t)sent;
        if (flow->trickle_ms > 0)
            pause_ms(flow->trickle_ms);
    }
}

static void
play(struct flow *flow, const struct rule *rule)
{
    static const char garbage[] = "\xff\xfe\0\x80 250 garbage \r\n\0\r\n.\r\n999 ???\r\n";

    switch (rule->fault) {
    case FAULT_DELAY: pause_ms(rule->ms); break;
    case FAULT_STOP: flow->stopped = true; break;
    case FAULT_RST: end_connection(flow, true);
    case FAULT_CLOSE: end_connection(flow, false);
    case FAULT_GARBAGE: pass(flow, garbage, sizeof garbage - 1); break;
    case FAULT_DUP: flow->doubling = true; break;
    case FAULT_TRICKLE: flow->trickle_ms = rule->ms > 0 ? rule->ms : 1000; break;
    }
}

/* Plays the rules whose place has come; called before the next byte passes. */
static void
play_due(struct flow *flow, struct rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct rule *rule = &rules[i];
        bool due = rule->by_reply ? !flow->up && !flow->in_reply && flow->replies == rule->at - 1 : flow->bytes >= rule->at;

        if (rule->done || rule->up != flow->up || !due)
            continue;
        rule->done = true;
        play(flow, rule);
    }
}

/* Where in the server's replies we are after this byte: "250-" goes on, "250 " ends with its line. */
static void
follow(struct flow *flow, char byte)
{
    flow->bytes++;
    flow->in_reply = true;
    if (flow->column < sizeof flow->start)
        flow->start[flow->column] = byte;
    flow->column++;
    if (byte != '\n')
        return;
    if (flow->column < 4 || flow->start[3] != '-') {
        flow->replies++;
        flow->in_reply = false;
    }
    flow->column = 0;
}

static void
spoil(struct flow *flow, struct rule *rules, size_t count, const char *data, size_t size)
{
    size_t begin = 0, line = 0;

    for (size_t i = 0; i < size; i++) {
        if (!flow->doubling) {
            pass(flow, data + begin, i - begin);
            begin = i;
            play_due(flow, rules, count);
            line = flow->doubling ? i : line;
        }
        follow(flow, data[i]);
        if (flow->doubling && data[i] == '\n') {
            pass(flow, data + line, i + 1 - line);
            pass(flow, data + line, i + 1 - line);
            begin = i + 1;
            flow->doubling = false;
        }
    }
    pass(flow, data + begin, size - begin);
    play_due(flow, rules, count);
}

static _Noreturn void
serve(int client, int server, struct rule *rules, size_t count)
{
    struct flow flows[2] = {{.from = client, .to = server, .up = true}, {.from = server, .to = client}};
    struct pollfd fds[2] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
    char data[16384];

    play_due(&flows[0], rules, count);
    for (;;) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            end_connection(&flows[0], false);
        for (int i = 0; i < 2; i++) {
            ssize_t size;

            if (fds[i].revents == 0)
                continue;
            size = read(fds[i].fd, data, sizeof data);
            if (size <= 0)
                end_connection(&flows[0], false);
            spoil(&flows[i], rules, count, data, (size_t)size);
        }
    }
}

int
main(int argc, char **argv)
{
    struct rule rules[MAX_RULES];
    size_t count = 0;
    long spoiled = -1;
    int listener;

    if (argc > 2 && strcmp(argv[1], "-n") == 0) {
        spoiled = atol(argv[2]);
        argv += 2;
        argc -= 2;
    }
    if (argc < 3 || argc - 3 > MAX_RULES)
        usage("it takes LISTEN, TARGET and up to 16 rules");
    for (int i = 3; i < argc; i++)
        rules[count++] = parse_rule(argv[i]);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    listener = open_socket(argv[1], true);
    puts("ready");
    fflush(stdout);
    for (long number = 0;; number++) {
        int client = accept(listener, NULL, NULL);

        if (client < 0)
            continue;
        if (fork() == 0) {
            close(listener);
            serve(client, open_socket(argv[2], false), rules, spoiled >= 0 && number >= spoiled ? 0 : count);
        }
        close(client);
    }
}

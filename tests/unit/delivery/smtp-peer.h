/* smtp-peer.h - a small SMTP server with one scripted fault, in a process of its own, for test-smtp.c
 *
 * It takes one connection after another on a free loopback port, believes everything, and writes down each line it was
 * told. At one place it does what the script says instead. */
#ifndef KAIRAN_TESTS_SMTP_PEER_H
#define KAIRAN_TESTS_SMTP_PEER_H

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/str.h"

enum peer_act { PEER_SAYS, PEER_SAYS_AND_DROPS, PEER_DROPS, PEER_RESETS, PEER_IS_SILENT };

struct peer_fault {
    const char *verb;       /* CONNECT, EHLO, HELO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY, DOT, RSET; NULL for none */
    int nth;                /* the n-th such command of a connection, from 1; 0: each */
    enum peer_act act;
    const char *says;       /* with its CR LF */
};

struct peer_script {
    const char *extensions;             /* "250-PIPELINING\r\n250-..." before the last line of EHLO */
    struct peer_fault fault;
};

struct peer {
    pid_t pid;
    int port;
    FILE *heard;            /* all lines of all connections */
    int closed_fd;          /* a byte for each connection that ended */
};

struct peer_state {
    const struct peer_script *script;
    FILE *in;
    int fd, heard_fd;
    int seen[16];
};

static inline void
peer_reset_close(int fd)
{
    struct linger now = {1, 0};

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
}

/* Answers this command. False: the connection is over. */
static inline bool
peer_answer(struct peer_state *state, const char *verb, const char *normal)
{
    static const char *const verbs[] = {"CONNECT", "EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "BODY",
                                        "DOT", "RSET", "QUIT", "OTHER"};
    const struct peer_fault *fault = &state->script->fault;
    int *seen = NULL;

    for (size_t i = 0; i < COUNT_OF(verbs); i++)
        if (strcmp(verbs[i], verb) == 0)
            seen = &state->seen[i];
    ++*seen;
    if (fault->verb == NULL || strcmp(fault->verb, verb) != 0 || (fault->nth != 0 && fault->nth != *seen)) {
        return normal == NULL || send(state->fd, normal, strlen(normal), MSG_NOSIGNAL) > 0;
    }
    switch (fault->act) {
    case PEER_SAYS:
        return send(state->fd, fault->says, strlen(fault->says), MSG_NOSIGNAL) > 0;
    case PEER_SAYS_AND_DROPS:
        (void)!send(state->fd, fault->says, strlen(fault->says), MSG_NOSIGNAL);
        shutdown(state->fd, SHUT_WR);
        return false;
    case PEER_DROPS:
        return false;
    case PEER_RESETS:
        peer_reset_close(dup(state->fd));
        return false;
    default:
        while (getc(state->in) != EOF)      /* until the other side gives up */
            ;
        return false;
    }
}

/* One line as it came, written down. False at the end. */
static inline bool
peer_line(struct peer_state *state, char *line, size_t size)
{
    if (fgets(line, (int)size, state->in) == NULL)
        return false;
    return write(state->heard_fd, line, strlen(line)) == (ssize_t)strlen(line);
}

/* Lenient on purpose: what follows a line that ends in LF and a dot is mail, whoever finds it strange. */
static inline bool
peer_body(struct peer_state *state)
{
    char line[4096];

    if (!peer_answer(state, "BODY", NULL))
        return false;
    while (peer_line(state, line, sizeof line))
        if (strcmp(line, ".\r\n") == 0 || strcmp(line, ".\n") == 0)
            return peer_answer(state, "DOT", "250 2.0.0 Ok: queued as 4Xk2pQ\r\n");
    return false;
}

static inline void
peer_converse(struct peer_state *state)
{
    static const struct { const char *verb, *normal; } rows[] = {
        {"HELO", "250 peer\r\n"}, {"STARTTLS", "220 go\r\n"}, {"MAIL", "250 2.1.0 Ok\r\n"}, {"RCPT", "250 2.1.5 Ok\r\n"},
        {"DATA", "354 go on\r\n"}, {"RSET", "250 2.0.0 Ok\r\n"}, {"QUIT", "221 2.0.0 Bye\r\n"}, {"AUTH", "235 2.7.0 Ok\r\n"},
    };
    char line[4096], greeting[2048];
    bool goes_on = peer_answer(state, "CONNECT", "220 peer ESMTP\r\n");

    snprintf(greeting, sizeof greeting, "250-peer\r\n%s250 HELP\r\n", state->script->extensions);
    while (goes_on && peer_line(state, line, sizeof line)) {
        const char *verb = "OTHER", *normal = "500 5.5.2 what?\r\n";

        if (strncmp(line, "EHLO", 4) == 0) {
            verb = "EHLO";
            normal = greeting;
        }
        for (size_t i = 0; i < COUNT_OF(rows); i++)
            if (strncmp(line, rows[i].verb, strlen(rows[i].verb)) == 0) {
                verb = rows[i].verb;
                normal = rows[i].normal;
            }
        goes_on = peer_answer(state, verb, normal) && strcmp(verb, "QUIT") != 0;
        if (goes_on && strcmp(verb, "DATA") == 0
            && (state->script->fault.verb == NULL || strcmp(state->script->fault.verb, "DATA") != 0))
            goes_on = peer_body(state);
    }
}

static inline void
peer_serve(const struct peer_script *script, int listening, int heard_fd, int closed_fd)
{
    for (;;) {
        struct peer_state state = {.script = script, .fd = accept(listening, NULL, NULL), .heard_fd = heard_fd};

        state.in = fdopen(dup(state.fd), "r");
        peer_converse(&state);
        fclose(state.in);
        close(state.fd);
        if (write(closed_fd, "x", 1) != 1)
            _exit(1);
    }
}

static inline struct peer
peer_start(const struct peer_script *script)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), pipe_fds[2];
    struct peer peer = {.heard = tmpfile()};

    must(bind(listening, (struct sockaddr *)&address, sizeof address) == 0 && listen(listening, 16) == 0);
    must(getsockname(listening, (struct sockaddr *)&address, &len) == 0 && pipe(pipe_fds) == 0);
    peer.port = ntohs(address.sin_port);
    peer.closed_fd = pipe_fds[0];
    peer.pid = fork();
    must(peer.pid >= 0);
    if (peer.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);   /* a test that failed does not end it */
        close(pipe_fds[0]);
        peer_serve(script, listening, fileno(peer.heard), pipe_fds[1]);
    }
    close(pipe_fds[1]);
    close(listening);
    return peer;
}

/* Waits until it has seen the end of one connection. */
static inline void
peer_wait(struct peer *peer)
{
    char byte;

    must(read(peer->closed_fd, &byte, 1) == 1);
}

/* Ends it; what it heard, in ctx. */
static inline char *
peer_end(TALLOC_CTX *ctx, struct peer *peer)
{
    struct str *heard = str_new(ctx);
    int c;

    kill(peer->pid, SIGKILL);
    waitpid(peer->pid, NULL, 0);
    rewind(peer->heard);
    while ((c = getc(peer->heard)) != EOF)
        str_addc(heard, (char)c);
    fclose(peer->heard);
    close(peer->closed_fd);
    return heard->s;
}

#endif

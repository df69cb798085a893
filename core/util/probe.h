/* probe.h - a program's own small web server on a Unix socket, for whoever watches it; and how to ask one
 *
 * One connection, one GET or HEAD, one answer (HTTP/1.0 and 1.1; the connection is closed). It is for the programs of this machine that
 * the socket's permissions let in: a Prometheus through a proxy, "kairan status", a check of the system's. Whoever writes something else
 * is sent away, and whoever is slow after two seconds to ask and two to take the answer. Others who ask wait for so long; no mail and no
 * page does, as a process of its own does this. */
#ifndef KAIRAN_UTIL_PROBE_H
#define KAIRAN_UTIL_PROBE_H

#include "util/str.h"

struct probe_page {
    const char *path, *content_type;
    bool (*write)(void *user, struct str *body);        /* false: 503, with the body all the same */
};

#define PROBE_METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"
#define PROBE_TEXT_TYPE "text/plain; charset=utf-8"

/* For a page: the newest warnings of the log. */
bool probe_warnings(void *user, struct str *body);

/* The socket on which a program tells its numbers, for that group too; -1 when the path is empty, or when there is none to be had, which is
 * logged: numbers are not worth a day's mail, and all else goes on. */
int probe_listen(TALLOC_CTX *ctx, const char *path, const char *group);

/* Takes one waiting connection and answers it; `pages` ends with a NULL path. */
void probe_answer(int listening_fd, const struct probe_page *pages, void *user);

/* What a program answers; NULL: nobody is there, or it takes longer than that. http_r may be NULL. */
char *probe_ask(TALLOC_CTX *ctx, const char *socket_path, const char *path, int timeout_ms, int *http_r);

#endif

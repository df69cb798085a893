/* probe.c - a small web server on a Unix socket, and how to ask one */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/log.h"
#include "util/probe.h"
#include "util/socket.h"
#include "util/tally.h"

enum { LINE_LARGEST = 2048, LINES_MOST = 60, PATIENCE_MS = 2000, ANSWER_LARGEST = 4 << 20, PROBE_MODE = 0660 };

struct asked { char method[8], path[64]; };

/* The first line; and the others, which nothing here depends on, up to the empty one. */
static bool
read_head(struct io *io, struct asked *asked)
{
    struct blob line;

    if (io_read_line(io, LINE_LARGEST, &line) != IO_OK)
        return false;
    if (sscanf((const char *)line.data, "%7[A-Z] %63[^ ?]", asked->method, asked->path) != 2)
        return false;
    for (int i = 0; i < LINES_MOST; i++) {
        if (io_read_line(io, LINE_LARGEST, &line) != IO_OK)
            return false;
        if (line.len == 0)
            return true;
    }
    return false;
}

static const struct probe_page *
find_page(const struct probe_page *pages, const char *path)
{
    for (; pages->path != NULL; pages++)
        if (str_eq(pages->path, path))
            return pages;
    return NULL;
}

static void
send_answer(struct io *io, const char *status, const char *type, const struct str *body, bool head_only)
{
    struct str *head = str_new(io);

    str_addf(head, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n%sConnection: close\r\n\r\n", status,
             type, body->len, str_starts(status, "503") ? "Retry-After: 5\r\n" : "");
    if (io_put(io, head->s, head->len) == IO_OK && (head_only || io_put(io, body->s, body->len) == IO_OK))
        io_flush(io);
}

bool
probe_warnings(void *user, struct str *body)
{
    (void)user;
    tally_recent(body);
    return true;
}

int
probe_listen(TALLOC_CTX *ctx, const char *path, const char *group)
{
    struct fault fault = {0};
    int fd = -1;

    if (!str_is_empty(path) && socket_listen(ctx, path, PROBE_MODE, group, &fd, &fault) != STATUS_OK)
        log_event(EVENT_METRICS_SOCKET, "reason", "%s", fault.sentence);
    return fd;
}

void
probe_answer(int listening_fd, const struct probe_page *pages, void *user)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int fd = socket_accept(listening_fd);
    struct asked asked = {"", ""};
    const struct probe_page *page;
    struct str *body = str_new(ctx);
    struct io *io;

    if (fd < 0) {
        talloc_free(ctx);
        return;
    }
    io = io_new(ctx, fd);
    io_deadline_in(io, PATIENCE_MS);
    if (!read_head(io, &asked)) {
        log_event(EVENT_WATCH_SOCKET);
        send_answer(io, "400 Bad Request", PROBE_TEXT_TYPE, body, false);
    } else if (!str_eq(asked.method, "GET") && !str_eq(asked.method, "HEAD")) {
        send_answer(io, "405 Method Not Allowed\r\nAllow: GET, HEAD", PROBE_TEXT_TYPE, body, false);
    } else if ((page = find_page(pages, asked.path)) == NULL) {
        str_add(body, "not found\n");
        send_answer(io, "404 Not Found", PROBE_TEXT_TYPE, body, str_eq(asked.method, "HEAD"));
    } else {
        bool is_fine = page->write(user, body);

        io_deadline_in(io, PATIENCE_MS);
        send_answer(io, is_fine ? "200 OK" : "503 Service Unavailable", page->content_type, body, str_eq(asked.method, "HEAD"));
    }
    talloc_free(ctx);
}

/* --- asking --- */

static bool
read_answer(struct io *io, struct str *answer)
{
    char buffer[8192];
    enum io_result result;
    size_t len;

    while ((result = io_read(io, buffer, sizeof buffer, &len)) == IO_OK && answer->len < ANSWER_LARGEST)
        str_addn(answer, buffer, len);
    return result == IO_END;
}

char *
probe_ask(TALLOC_CTX *ctx, const char *socket_path, const char *path, int timeout_ms, int *http_r)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    int fd = str_is_empty(socket_path) ? -1 : socket_connect_unix(socket_path, true), http;
    char *body = NULL, *asking;
    struct str *answer = str_new(scratch);
    struct io *io;

    if (fd < 0) {
        talloc_free(scratch);
        return NULL;
    }
    io = io_new(scratch, fd);
    io_deadline_in(io, timeout_ms);
    asking = mem_printf(scratch, "GET %s HTTP/1.0\r\n\r\n", path);
    if (io_put(io, asking, strlen(asking)) == IO_OK && io_flush(io) == IO_OK && read_answer(io, answer)
        && sscanf(answer->s, "HTTP/1.%*1[01] %3d", &http) == 1 && (body = strstr(answer->s, "\r\n\r\n")) != NULL) {
        body = mem_strdup(ctx, body + 4);
        if (http_r != NULL)
            *http_r = http;
    }
    talloc_free(scratch);
    return body;
}

/* command-metrics.c - kairan metrics: all numbers, as both metrics sockets show them, on the terminal
 *
 * For node_exporter's textfile collector, and for looking at. What the database says is asked here, so that it is there while the
 * worker is not. */
#include <stdio.h>

#include "cli/command.h"
#include "store/metric-rows.h"
#include "util/metrics.h"
#include "util/probe.h"

enum { ASK_MS = 3000 };

static void
add_counted(struct call *call, struct str *text, const char *socket_path, const char *program, struct str *up)
{
    const char *counted = probe_ask(call->ctx, socket_path, "/counted", ASK_MS, NULL);

    str_add(text, counted);
    metric_sample(up, METRIC_OF_UP, program, counted != NULL);
}

enum status
command_metrics(struct call *call)
{
    struct str *text = str_new(call->ctx), *up = str_new(call->ctx);
    enum status status = metric_rows(call->db, text);

    if (status != STATUS_OK)
        return status;
    metric_begin(up, METRIC_OF_UP);
    add_counted(call, text, call->conf->worker_metrics_socket, "worker", up);
    add_counted(call, text, call->conf->web_metrics_socket, "web", up);
    str_addn(text, up->s, up->len);
    if (call->json)
        out_text(call->out, "metrics", text->s);
    else
        fputs(text->s, stdout);
    return STATUS_OK;
}

/* watch.c - the process that answers on kairan-web's metrics socket
 *
 * /metrics numbers in Prometheus' text format, /warnings the newest warnings of the log, /health while it is there at all. */
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>

#include "util/log.h"
#include "util/probe.h"
#include "util/sandbox.h"
#include "util/tally.h"
#include "web/watch.h"

static bool
write_metrics(void *user, struct str *body)
{
    (void)user;
    tally_write(body);
    return true;
}

static bool
write_health(void *user, struct str *body)
{
    (void)user;
    str_add(body, "ok\n");
    return true;
}

int
web_watch(int listening_fd, bool sandbox)
{
    static const struct probe_page pages[] = {
        {"/metrics", PROBE_METRICS_TYPE, write_metrics}, {"/counted", PROBE_METRICS_TYPE, write_metrics},
        {"/warnings", PROBE_TEXT_TYPE, probe_warnings}, {"/health", PROBE_TEXT_TYPE, write_health}, {NULL, NULL, NULL},
    };
    sigset_t none;

    log_role("watch");
    prctl(PR_SET_NAME, "kairan-watch");
    signal(SIGINT, SIG_IGN);    /* from a terminal, where it also comes to the master */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);      /* SIGTERM ends it at once: it has nothing in hand that matters */
    if (sandbox)
        sandbox_enter(SANDBOX_WATCH, false);
    for (;;) {
        struct pollfd fd = {.fd = listening_fd, .events = POLLIN};

        if (poll(&fd, 1, -1) > 0)
            probe_answer(listening_fd, pages, NULL);
    }
}

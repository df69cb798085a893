/* watch.c - the watch role: answers on the metrics socket
 *
 * /metrics   numbers in Prometheus' text format: of the database, and what the processes have counted since the start
 * /counted   the second half alone
 * /health    200 while the database answers and no mail that is to go out has been due for a quarter of an hour; else 503, with the reason.
 *            Messages that come in are not looked at: one that a moderator let go on was received days ago
 * /warnings  the newest warnings of the log
 * A process of its own: a database that does not answer, or somebody who connects and says nothing, holds up no mail. It ends with its
 * master, so that an answer also says that the master lives. */
#include <poll.h>
#include <sys/statvfs.h>

#include "store/metric-rows.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/metrics.h"
#include "util/probe.h"
#include "util/tally.h"
#include "worker/child.h"

enum { WAIT_MS = 500, KEEP_MS = 2000, DUE_LATE_S = 900 };

struct watch {
    struct child *child;
    struct str *rows;           /* what the database said, at most KEEP_MS ago: it is asked no more often, whoever asks us */
    int64_t rows_ms;
    enum status status;
};

static void
measure_disk(const char *place, const char *path)
{
    struct statvfs disk;

    if (statvfs(path, &disk) == 0)
        tally_set(METRIC_OF_DISK_FREE, place, (int64_t)disk.f_bavail * (int64_t)disk.f_frsize);
}

static bool
write_counted(void *user, struct str *body)
{
    const struct watch *watch = user;

    measure_disk("state", watch->child->conf->worker_state_dir);
    measure_disk("spool", watch->child->conf->site_spool_dir);
    tally_write(body);
    return true;
}

static enum status
read_rows(struct watch *watch)
{
    int64_t now_ms = clock_monotonic_ms();

    if (watch->rows_ms != 0 && now_ms - watch->rows_ms < KEEP_MS && watch->status == STATUS_OK)
        return STATUS_OK;
    str_clear(watch->rows);
    watch->status = metric_rows(watch->child->db, watch->rows);
    watch->rows_ms = now_ms;
    return watch->status;
}

/* Without the database the other half is given all the same. */
static bool
write_metrics(void *user, struct str *body)
{
    struct watch *watch = user;

    if (read_rows(watch) == STATUS_OK)
        str_addn(body, watch->rows->s, watch->rows->len);
    return write_counted(user, body);
}

static bool
write_health(void *user, struct str *body)
{
    static const enum metric ages[] = {METRIC_OF_COPIES_OLDEST, METRIC_OF_NOTICES_OLDEST};
    struct watch *watch = user;
    int64_t age_us;

    if (read_rows(watch) != STATUS_OK) {
        str_add(body, "the database cannot be asked\n");
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(ages); i++)
        if (metric_read(watch->rows->s, ages[i], "", &age_us) && age_us > DUE_LATE_S * US_PER_S) {
            str_add(body, "mail that is due waits\n");
            return false;
        }
    str_add(body, "ok\n");
    return true;
}

int
watch_child(struct child *child)
{
    static const struct probe_page pages[] = {
        {"/metrics", PROBE_METRICS_TYPE, write_metrics}, {"/counted", PROBE_METRICS_TYPE, write_counted},
        {"/health", PROBE_TEXT_TYPE, write_health}, {"/warnings", PROBE_TEXT_TYPE, probe_warnings}, {NULL, NULL, NULL},
    };
    struct watch watch = {.child = child, .rows = str_new(child->ctx), .status = STATUS_UNAVAILABLE};

    while (!child_is_stopping()) {
        struct pollfd fd = {.fd = child->metrics_fd, .events = POLLIN};

        if (poll(&fd, 1, WAIT_MS) > 0 && (fd.revents & POLLIN) != 0)
            probe_answer(child->metrics_fd, pages, &watch);
    }
    return 0;
}

/* child.c - what every child of the worker is made of */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "store/statements.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/tally.h"
#include "worker/child.h"

/* Signal handlers can reach nothing else. */
static volatile sig_atomic_t stopping;

static const char *const role_names[ROLE_COUNT] = {"lmtp", "post", "send", "jobs", "watch"};

const char *
role_name(enum role role)
{
    must((unsigned)role < ROLE_COUNT);
    return role_names[role];
}

bool
child_is_stopping(void)
{
    return stopping != 0;
}

static void
on_stop(int signal_number)
{
    (void)signal_number;
    stopping = 1;
}

void
child_begin(const char *name)
{
    char title[16];
    struct sigaction stop = {.sa_handler = on_stop}, ignore = {.sa_handler = SIG_IGN}, normal = {.sa_handler = SIG_DFL};
    sigset_t none;

    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGHUP, &ignore, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGCHLD, &normal, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    log_role(name);
    snprintf(title, sizeof title, "kairan-%s", name);
    prctl(PR_SET_NAME, title);
}

static bool
add_row(struct child *child)
{
    TALLOC_CTX *scratch = talloc_new(child->ctx);
    struct row_process_add *row;
    char host[256] = "";
    enum status status;

    gethostname(host, sizeof host - 1);
    status = q_process_add(child->db, scratch, role_name(child->role), host, getpid(), clock_now_us(), &row);
    if (status == STATUS_OK)
        child->process_id = row->id;
    talloc_free(scratch);
    return status == STATUS_OK;
}

bool
child_ready(struct child *child)
{
    int64_t known = 0;
    bool held;

    if (db_is_connected(child->db) && db_generation(child->db) == child->registered_generation)
        return true;
    /* The row may have been given back meanwhile; then this process is a new one. */
    if (child->process_id != 0 && q_process_mark_found(child->db, child->process_id, &known) != STATUS_OK)
        return false;
    if (child->process_id != 0) {
        TALLOC_CTX *scratch = talloc_new(child->ctx);
        struct row_process_exists *row;
        enum status status = q_process_exists(child->db, scratch, child->process_id, &row);

        if (status == STATUS_OK && row == NULL)
            child->process_id = 0;
        talloc_free(scratch);
        if (status != STATUS_OK)
            return false;
    }
    if (child->process_id == 0 && !add_row(child))
        return false;
    if (db_lock(child->db, LOCK_PROCESS, child->process_id, &held) != STATUS_OK || !held)
        return false;
    child->registered_generation = db_generation(child->db);
    child->has_leftovers = true;
    return true;
}

bool
child_may_take_work(struct child *child)
{
    if (!child_ready(child))
        return false;
    if (child->has_leftovers && q_process_release(child->db, child->process_id, NULL) == STATUS_OK)
        child->has_leftovers = false;
    return !child->has_leftovers;
}

void
child_unregister(struct child *child)
{
    if (child->process_id != 0 && db_is_connected(child->db))
        q_process_remove(child->db, child->process_id, NULL);
}

void
child_busy(const struct child *child, bool is_busy)
{
    tally_busy(child->number, is_busy ? role_name(child->role) : NULL);
}

void
child_sleep(struct child *child, int wait_ms, int also_fd)
{
    struct pollfd fds[2] = {{.fd = child->wake_read, .events = POLLIN}, {.fd = also_fd, .events = POLLIN}};
    char bytes[4096];

    if (stopping)
        return;
    /* All that is there is taken: who finds work wakes the next one, and old hints are not worth a look each. */
    if (poll(fds, also_fd >= 0 ? 2 : 1, wait_ms) > 0 && (fds[0].revents & POLLIN) != 0
        && read(child->wake_read, bytes, sizeof bytes) < 0 && errno != EAGAIN && errno != EINTR)
        log_event(EVENT_WAKE_PIPE, "error", "%s", strerror(errno));
}

void
child_wake(int wake_write)
{
    /* A full pipe means that enough wakes are waiting. */
    if (wake_write >= 0 && write(wake_write, "w", 1) < 0 && errno != EAGAIN)
        log_event(EVENT_WAKE_PIPE, "error", "%s", strerror(errno));
}

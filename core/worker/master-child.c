/* master-child.c - slots and the children in them: started, ended, started again */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/log.h"
#include "util/sandbox.h"
#include "util/str.h"
#include "util/tally.h"
#include "worker/master.h"

enum { YOUNG_MS = 2000, PAUSE_MAX_MS = 30000 };

static const enum sandbox_kind sandboxes[ROLE_COUNT] = {SANDBOX_LMTP, SANDBOX_POST, SANDBOX_SEND, SANDBOX_JOBS,
                                                        SANDBOX_WATCH};

int
master_children_of(const struct conf *conf, enum role role)
{
    switch (role) {
    case ROLE_LMTP: return conf->worker_lmtp_children;
    case ROLE_POST: return conf->worker_post_children;
    case ROLE_SEND: return conf->worker_send_children;
    case ROLE_JOBS: return conf->worker_jobs_children;
    case ROLE_WATCH: return str_is_empty(conf->worker_metrics_socket) ? 0 : 1;
    default: return 0;
    }
}

/* As many as are to be started: nobody watches without a socket. */
static int
children_to_start(const struct master *master, enum role role)
{
    return role == ROLE_WATCH && master->metrics_fd < 0 ? 0 : master_children_of(master->conf, role);
}

static void
close_all_but(struct master *master, enum role role)
{
    for (int r = 0; r < ROLE_COUNT; r++)
        if (r != (int)role) {
            close(master->wake[r][0]);
            if (r != ROLE_SEND)
                close(master->wake[r][1]);
        }
    if (role != ROLE_LMTP) {
        close(master->lmtp_fd);
        if (master->submission_fd >= 0)
            close(master->submission_fd);
        if (master->socketmap_fd >= 0)
            close(master->socketmap_fd);
    }
    if (role != ROLE_WATCH && master->metrics_fd >= 0)
        close(master->metrics_fd);
}

/* From here on strangers' words may come in. */
static void
enter_sandbox(const struct master *master, enum sandbox_kind kind)
{
    sandbox_limit_memory(master->conf);
    if (master->sandbox)
        sandbox_enter(kind, db_is_by_network(master->conf->database_worker));
}

static int
child_life(struct master *master, const struct slot *slot, int signer_fd)
{
    enum role role = slot->role;
    struct child child = {
        .ctx = master->ctx, .conf = master->conf, .role = role, .hostname = master->hostname, .keys = master->keys,
        .wake_read = master->wake[role][0], .wake_write = master->wake[role][1], .send_wake = master->wake[ROLE_SEND][1],
        .lmtp_fd = master->lmtp_fd, .submission_fd = master->submission_fd, .socketmap_fd = master->socketmap_fd,
        .metrics_fd = master->metrics_fd, .number = (size_t)(slot - master->slots),
    };
    char name[32];
    int code;

    child_begin(role_name(role));
    keyring_forget(master->keys);
    db_abandon(master->db);
    close_all_but(master, role);
    snprintf(name, sizeof name, "kairan-%s", role_name(role));
    child.db = db_open(child.ctx, master->conf->database_worker, name);
    if (signer_fd >= 0)
        child.signer = signer_open(child.ctx, signer_fd);
    enter_sandbox(master, sandboxes[role]);
    switch (role) {
    case ROLE_LMTP: code = lmtp_child(&child); break;
    case ROLE_POST: code = post_child(&child); break;
    case ROLE_SEND: code = send_child(&child); break;
    case ROLE_WATCH: code = watch_child(&child); break;
    default: code = jobs_child(&child); break;
    }
    child_unregister(&child);
    return code;
}

static int
signer_life(struct master *master, int fd)
{
    child_begin("sign");
    /* The signer ends with its sender, so that no signature is asked of nobody: it does not stop by itself. */
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    db_abandon(master->db);
    close_all_but(master, ROLE_COUNT);
    close(master->wake[ROLE_SEND][1]);
    enter_sandbox(master, SANDBOX_SIGN);
    return signer_serve(fd, master->keys) == STATUS_OK ? 0 : 1;
}

/* What it starts dies with the master, also with one that is killed between fork and prctl. */
static pid_t
fork_child(void)
{
    pid_t master = getpid(), pid;

    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != master)
            _exit(0);
    }
    if (pid < 0)
        log_event(EVENT_FORK, "error", "%s", strerror(errno));
    return pid;
}

static void
start_slot(struct master *master, struct slot *slot)
{
    int pair[2] = {-1, -1};

    slot->started_ms = clock_monotonic_ms();
    if (slot->role == ROLE_SEND) {
        must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
        slot->signer_pid = fork_child();
        if (slot->signer_pid == 0) {
            close(pair[0]);
            _exit(signer_life(master, pair[1]));
        }
        close(pair[1]);
    }
    slot->pid = fork_child();
    if (slot->pid == 0) {
        int code = child_life(master, slot, pair[0]);

        fflush(NULL);
        exit(code);
    }
    if (pair[0] >= 0)
        close(pair[0]);
    if (slot->pid < 0) {
        slot->pid = 0;
        slot->start_at_ms = clock_monotonic_ms() + YOUNG_MS;
    } else {
        tally_add(METRIC_OF_CHILDREN, role_name(slot->role), 1);
        tally_add(METRIC_OF_CHILDREN_STARTED, role_name(slot->role), 1);
    }
}

void
master_make_slots(struct master *master)
{
    for (int role = 0; role < ROLE_COUNT; role++) {
        tally_set(METRIC_OF_CHILDREN_WANTED, role_name((enum role)role), children_to_start(master, (enum role)role));
        for (int i = 0; i < children_to_start(master, (enum role)role) && master->slot_count < SLOT_MAX; i++)
            master->slots[master->slot_count++] = (struct slot){.role = (enum role)role};
    }
}

void
master_start_missing(struct master *master)
{
    int64_t now = clock_monotonic_ms();

    for (size_t i = 0; i < master->slot_count && !master->stopping; i++)
        if (master->slots[i].pid == 0 && master->slots[i].start_at_ms <= now)
            start_slot(master, &master->slots[i]);
}

static void
remember_dead(struct master *master, pid_t pid)
{
    master->dead = mem_resize(master->ctx, master->dead, int64_t, master->dead_count + 1);
    master->dead[master->dead_count++] = pid;
}

static void
child_ended(struct master *master, struct slot *slot, int wait_status)
{
    int64_t lived_ms = clock_monotonic_ms() - slot->started_ms;
    bool clean = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
    int64_t *pause_ms = &master->pause_ms[slot->role];

    if (!clean)
        log_event(EVENT_CHILD_ENDED, "child", "%s", role_name(slot->role), "child_pid", "%d", (int)slot->pid, "code", "%d",
                  WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1, "signal", "%d",
                  WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0);
    *pause_ms = clean || lived_ms > YOUNG_MS ? 0 : *pause_ms == 0 ? 100 : *pause_ms * 2;
    if (*pause_ms > PAUSE_MAX_MS)
        *pause_ms = PAUSE_MAX_MS;
    remember_dead(master, slot->pid);
    tally_busy((size_t)(slot - master->slots), NULL);
    tally_add(METRIC_OF_CHILDREN, role_name(slot->role), -1);
    tally_add(METRIC_OF_CHILDREN_CRASHED, role_name(slot->role), clean ? 0 : 1);
    slot->pid = 0;
    slot->start_at_ms = clock_monotonic_ms() + *pause_ms;
}

void
master_reap(struct master *master)
{
    int wait_status;
    pid_t pid;

    while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0)
        for (size_t i = 0; i < master->slot_count; i++) {
            struct slot *slot = &master->slots[i];

            if (slot->pid == pid)
                child_ended(master, slot, wait_status);
            else if (slot->signer_pid == pid)
                slot->signer_pid = 0;       /* its sender notices the closed socket and ends too */
        }
}

void
master_tell_children(struct master *master, int signal_number)
{
    for (size_t i = 0; i < master->slot_count; i++)
        if (master->slots[i].pid > 0)
            kill(master->slots[i].pid, signal_number);
}

bool
master_any_child_lives(const struct master *master)
{
    for (size_t i = 0; i < master->slot_count; i++)
        if (master->slots[i].pid > 0)
            return true;
    return false;
}

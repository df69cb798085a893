/* master.c - kairan-worker: starts the children, wakes them, replaces them, gives back the work of the dead
 *
 * The master reads no mail. It opens the sockets, loads the keys, forks children by role and listens for NOTIFY; a notice
 * becomes one byte in the pipe of the role that has work. A child that ends is replaced after a pause that grows while
 * children of that role keep dying young. SIGTERM: children finish what they have in hand, at most 30 seconds. SIGHUP:
 * configuration and keys are read again and all children replaced one after the other; a configuration that cannot be read
 * leaves everything as it is. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/log.h"
#include "util/socket.h"
#include "util/str.h"
#include "worker/child.h"

enum { SLOT_MAX = 2000, STOP_MS = 30000, REAP_EVERY_MS = 1000, LOST_AFTER_S = 30, YOUNG_MS = 2000, PAUSE_MAX_MS = 30000,
       CONNECTIONS_SPARE = 10 };

struct slot {
    enum role role;
    pid_t pid, signer_pid;
    int64_t started_ms, start_at_ms;
};

struct master {
    TALLOC_CTX *ctx;
    struct conf *conf;
    struct keyring *keys;
    struct db *db;
    const char *hostname, *conf_path;
    int wake[ROLE_COUNT][2];
    int lmtp_fd, submission_fd, socketmap_fd;
    struct slot slots[SLOT_MAX];
    size_t slot_count;
    int64_t pause_ms[ROLE_COUNT];
    int64_t *dead;                  /* process ids whose rows are still to be given back */
    size_t dead_count;
    int64_t reaped_ms;
    unsigned listening_generation;
    bool stopping;
};

static int
children_of(const struct conf *conf, enum role role)
{
    switch (role) {
    case ROLE_LMTP: return conf->worker_lmtp_children;
    case ROLE_POST: return conf->worker_post_children;
    case ROLE_SEND: return conf->worker_send_children;
    case ROLE_JOBS: return conf->worker_jobs_children;
    default: return 0;
    }
}

/* --- start --- */

static int
complain(const struct fault *fault)
{
    fprintf(stderr, "kairan-worker: %s\n", fault->sentence);
    if (fault->hint != NULL)
        fprintf(stderr, "kairan-worker: hint: %s\n", fault->hint);
    return 78;      /* EX_CONFIG */
}

static enum status
listen_all(struct master *master, struct fault *fault)
{
    const struct conf *conf = master->conf;
    struct { const char *path; int *fd; } sockets[] = {
        {conf->worker_lmtp_socket, &master->lmtp_fd},
        {conf->worker_submission_socket, &master->submission_fd},
        {conf->worker_socketmap_socket, &master->socketmap_fd},
    };

    for (size_t i = 0; i < COUNT_OF(sockets); i++) {
        enum status status;

        *sockets[i].fd = -1;
        if (str_is_empty(sockets[i].path))
            continue;
        status = socket_listen(master->ctx, sockets[i].path, conf->worker_socket_mode, conf->worker_socket_group,
                               sockets[i].fd, fault);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static void
open_wakes(struct master *master)
{
    for (int role = 0; role < ROLE_COUNT; role++)
        must(pipe2(master->wake[role], O_CLOEXEC | O_NONBLOCK) == 0);
}

static enum status
check_database(struct master *master, struct fault *fault)
{
    TALLOC_CTX *scratch = talloc_new(master->ctx);
    struct row_max_connections *row;
    int version, wanted = CONNECTIONS_SPARE + master->conf->web_children;
    enum status status = db_schema_version(master->db, &version);

    for (int role = 0; role < ROLE_COUNT; role++)
        wanted += children_of(master->conf, role);
    if (status != STATUS_OK)
        status = fault_setf(fault, master->ctx, status, NULL, "the database cannot be reached: %s", db_last_error(master->db));
    else if (version != db_schema_known())
        status = fault_setf(fault, master->ctx, STATUS_INVALID, NULL,
                            "the database has schema %d, this program needs %d: run \"kairan db migrate\"%s", version,
                            db_schema_known(), version > db_schema_known() ? " of the newer version" : "");
    else if ((status = q_max_connections(master->db, scratch, &row)) == STATUS_OK && row->most < wanted)
        status = fault_setf(fault, master->ctx, STATUS_INVALID, NULL,
                            "PostgreSQL allows %lld connections, but %d children are configured: raise max_connections "
                            "to at least %d or lower the numbers in [worker] and [web]", (long long)row->most,
                            wanted - CONNECTIONS_SPARE, wanted);
    talloc_free(scratch);
    return status;
}

static const char *
own_hostname(TALLOC_CTX *ctx, const struct conf *conf)
{
    char host[256] = "localhost";

    if (!str_is_empty(conf->worker_hostname))
        return conf->worker_hostname;
    gethostname(host, sizeof host - 1);
    return mem_strdup(ctx, host);
}

/* --- children --- */

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
}

static int
child_life(struct master *master, enum role role, int signer_fd)
{
    struct child child = {
        .ctx = master->ctx, .conf = master->conf, .role = role, .hostname = master->hostname, .keys = master->keys,
        .wake_read = master->wake[role][0], .wake_write = master->wake[role][1], .send_wake = master->wake[ROLE_SEND][1],
        .lmtp_fd = master->lmtp_fd, .submission_fd = master->submission_fd, .socketmap_fd = master->socketmap_fd,
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
    switch (role) {
    case ROLE_LMTP: code = lmtp_child(&child); break;
    case ROLE_POST: code = post_child(&child); break;
    case ROLE_SEND: code = send_child(&child); break;
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
    return signer_serve(fd, master->keys) == STATUS_OK ? 0 : 1;
}

static pid_t
fork_child(struct master *master)
{
    pid_t pid;

    (void)master;
    fflush(NULL);
    pid = fork();
    if (pid < 0)
        log_error("fork", "error", "%s", strerror(errno));
    return pid;
}

static void
start_slot(struct master *master, struct slot *slot)
{
    int pair[2] = {-1, -1};

    slot->started_ms = clock_monotonic_ms();
    if (slot->role == ROLE_SEND) {
        must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
        slot->signer_pid = fork_child(master);
        if (slot->signer_pid == 0) {
            close(pair[0]);
            _exit(signer_life(master, pair[1]));
        }
        close(pair[1]);
    }
    slot->pid = fork_child(master);
    if (slot->pid == 0) {
        int code = child_life(master, slot->role, pair[0]);

        fflush(NULL);
        exit(code);
    }
    if (pair[0] >= 0)
        close(pair[0]);
    if (slot->pid < 0) {
        slot->pid = 0;
        slot->start_at_ms = clock_monotonic_ms() + YOUNG_MS;
    }
}

static void
make_slots(struct master *master)
{
    for (int role = 0; role < ROLE_COUNT; role++)
        for (int i = 0; i < children_of(master->conf, role) && master->slot_count < SLOT_MAX; i++)
            master->slots[master->slot_count++] = (struct slot){.role = (enum role)role};
}

static void
start_missing(struct master *master)
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
        log_warning("child_ended", "child", "%s", role_name(slot->role), "child_pid", "%d", (int)slot->pid, "code", "%d",
                    WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1, "signal", "%d",
                    WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0);
    *pause_ms = clean || lived_ms > YOUNG_MS ? 0 : *pause_ms == 0 ? 100 : *pause_ms * 2;
    if (*pause_ms > PAUSE_MAX_MS)
        *pause_ms = PAUSE_MAX_MS;
    remember_dead(master, slot->pid);
    slot->pid = 0;
    slot->start_at_ms = clock_monotonic_ms() + *pause_ms;
}

static void
reap(struct master *master)
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

/* --- the work of the dead --- */

static void
give_back_dead_children(struct master *master, const char *host)
{
    size_t kept = 0;

    for (size_t i = 0; i < master->dead_count; i++) {
        TALLOC_CTX *scratch = talloc_new(master->ctx);
        struct row_process_by_pid *row = NULL;
        int64_t changed = 1;

        /* The dead one's backend may still be at its last statement; until its lock is free nothing is given away. */
        if (q_process_by_pid(master->db, scratch, host, master->dead[i], &row) != STATUS_OK)
            changed = 0;
        else if (row != NULL && q_process_give_back(master->db, row->id, &changed) != STATUS_OK)
            changed = 0;
        if (changed == 0)
            master->dead[kept++] = master->dead[i];
        else if (row != NULL)
            log_info("given_back", "process", "%lld", (long long)row->id);
        talloc_free(scratch);
    }
    master->dead_count = kept;
}

static void
give_back_lost(struct master *master, const char *host)
{
    TALLOC_CTX *scratch = talloc_new(master->ctx);
    struct row_process_list *rows;
    int64_t now = clock_now_us();
    size_t count;

    if (q_process_list(master->db, scratch, &rows, &count) != STATUS_OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_gone = str_eq(rows[i].host, host) && kill((pid_t)rows[i].pid, 0) < 0 && errno == ESRCH;

        if (rows[i].is_locked) {
            if (rows[i].lost_at != 0)
                q_process_mark_found(master->db, rows[i].id, NULL);
        } else if (is_gone || (rows[i].lost_at != 0 && now - rows[i].lost_at >= LOST_AFTER_S * US_PER_S)) {
            if (q_process_give_back(master->db, rows[i].id, NULL) == STATUS_OK)
                log_info("given_back", "process", "%lld", (long long)rows[i].id);
        } else if (rows[i].lost_at == 0) {
            q_process_mark_lost(master->db, rows[i].id, now, NULL);
        }
    }
    talloc_free(scratch);
}

static void
listen_for_hints(struct master *master)
{
    if (db_is_connected(master->db) && master->listening_generation == db_generation(master->db))
        return;
    if (db_listen(master->db, "kairan_incoming") == STATUS_OK && db_listen(master->db, "kairan_send") == STATUS_OK)
        master->listening_generation = db_generation(master->db);
}

static void
look_after_the_dead(struct master *master)
{
    char host[256] = "";
    int64_t now = clock_monotonic_ms();

    if (now - master->reaped_ms < REAP_EVERY_MS && master->dead_count == 0)
        return;
    if (now - master->reaped_ms < 100)
        return;
    gethostname(host, sizeof host - 1);
    listen_for_hints(master);
    if (!db_is_connected(master->db))
        return;
    give_back_dead_children(master, host);
    if (now - master->reaped_ms >= REAP_EVERY_MS) {
        give_back_lost(master, host);
        /* A process that was stopped, not ended, keeps its lock: time is the last resort. */
        q_process_backstop(master->db, clock_now_us() - master->conf->worker_lease_s * US_PER_S, NULL);
    }
    master->reaped_ms = now;
}

/* --- the loop --- */

static void
tell_children(struct master *master, int signal_number)
{
    for (size_t i = 0; i < master->slot_count; i++)
        if (master->slots[i].pid > 0)
            kill(master->slots[i].pid, signal_number);
}

static bool
any_child_lives(const struct master *master)
{
    for (size_t i = 0; i < master->slot_count; i++)
        if (master->slots[i].pid > 0)
            return true;
    return false;
}

/* New configuration and keys for the children to come; sockets, database and numbers of children stay as they were. */
static void
reload(struct master *master)
{
    struct fault fault = {0};
    struct keyring *keys;
    struct conf *conf;

    if (conf_read(master->ctx, master->conf_path, &conf, &fault) != STATUS_OK
        || keyring_load(master->ctx, conf->keys_dir, &keys, &fault) != STATUS_OK) {
        log_error("reload_refused", "reason", "%s", fault.sentence);
        return;
    }
    master->conf = conf;
    master->keys = keys;
    log_info("reload", "keys", "%zu", keys->count);
    tell_children(master, SIGTERM);
}

static void
on_signals(struct master *master, int signal_fd)
{
    struct signalfd_siginfo info;

    while (read(signal_fd, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT)
            master->stopping = true;
        else if (info.ssi_signo == SIGHUP)
            reload(master);
    }
    reap(master);
}

static void
pass_hints(struct master *master)
{
    if (!db_notified(master->db))
        return;
    child_wake(master->wake[ROLE_POST][1]);
    child_wake(master->wake[ROLE_SEND][1]);
}

static int
open_signals(void)
{
    sigset_t set;
    int fd;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    must(fd >= 0);
    return fd;
}

static void
stop_children(struct master *master, int signal_fd)
{
    int64_t until = clock_monotonic_ms() + STOP_MS;

    tell_children(master, SIGTERM);
    while (any_child_lives(master) && clock_monotonic_ms() < until) {
        struct pollfd fd = {.fd = signal_fd, .events = POLLIN};

        poll(&fd, 1, 200);
        on_signals(master, signal_fd);
    }
    tell_children(master, SIGKILL);
    log_info("stopped");
}

static void
run(struct master *master, int signal_fd)
{
    listen_for_hints(master);
    log_info("started", "children", "%zu", master->slot_count, "keys", "%zu", master->keys->count);
    while (!master->stopping) {
        struct pollfd fds[2] = {{.fd = signal_fd, .events = POLLIN}, {.fd = db_socket(master->db), .events = POLLIN}};

        start_missing(master);
        poll(fds, 2, master->dead_count > 0 ? 50 : 500);
        on_signals(master, signal_fd);
        pass_hints(master);
        look_after_the_dead(master);
    }
    stop_children(master, signal_fd);
}

static enum status
prepare(struct master *master, struct fault *fault)
{
    enum status status = conf_read(master->ctx, master->conf_path, &master->conf, fault);

    if (status == STATUS_OK)
        status = keyring_load(master->ctx, master->conf->keys_dir, &master->keys, fault);
    if (status != STATUS_OK)
        return status;
    log_open("kairan-worker", LOG_LEVEL_INFO);
    master->hostname = own_hostname(master->ctx, master->conf);
    master->db = db_open(master->ctx, master->conf->database_worker, "kairan-worker");
    status = check_database(master, fault);
    if (status == STATUS_OK)
        status = listen_all(master, fault);
    if (status == STATUS_OK)
        open_wakes(master);
    return status;
}

static const char usage[] =
    "Usage: kairan-worker [-c FILE]\n"
    "Receives, decides, archives and sends the mail of all lists. Stays in the foreground and logs to standard error.\n"
    "  -c, --config FILE   configuration (default: " KAIRAN_SYSCONFDIR "/kairan.conf)\n"
    "  -h, --help          this text\n"
    "  -V, --version       version\n";

int
main(int argc, char **argv)
{
    static const struct option options[] = {{"config", 1, NULL, 'c'}, {"help", 0, NULL, 'h'}, {"version", 0, NULL, 'V'},
                                            {NULL, 0, NULL, 0}};
    struct fault fault = {0};
    struct master *master;
    int option, signal_fd;

    mem_init();
    crypto_init();
    master = mem_new(NULL, struct master);
    master->ctx = master;
    while ((option = getopt_long(argc, argv, "c:hV", options, NULL)) != -1)
        switch (option) {
        case 'c': master->conf_path = optarg; break;
        case 'h': fputs(usage, stdout); return 0;
        case 'V': puts(PACKAGE_STRING); return 0;
        default: fputs(usage, stderr); return 64;
        }
    if (prepare(master, &fault) != STATUS_OK)
        return complain(&fault);
    make_slots(master);
    signal_fd = open_signals();
    run(master, signal_fd);
    return 0;
}

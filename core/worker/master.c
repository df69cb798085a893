/* master.c - kairan-worker: starts the children, wakes them, replaces them, gives back the work of the dead
 *
 * The master reads no mail. It opens the sockets, loads the keys, forks children by role and listens for NOTIFY; a notice
 * becomes one byte in the pipe of the role that has work. A child that ends is replaced after a pause that grows while
 * children of that role keep dying young. SIGTERM: children finish what they have in hand, at most 30 seconds. SIGHUP:
 * configuration and keys are read again and all children replaced one after the other; a configuration that cannot be read
 * leaves everything as it is. */
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/log.h"
#include "util/probe.h"
#include "util/sandbox.h"
#include "util/socket.h"
#include "util/str.h"
#include "util/tally.h"
#include "worker/master.h"

enum { STOP_MS = 30000, CONNECTIONS_SPARE = 10 };

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
    struct { const char *path; int mode; const char *group; int *fd; } sockets[] = {
        {conf->worker_lmtp_socket, conf->worker_socket_mode, conf->worker_socket_group, &master->lmtp_fd},
        {conf->worker_submission_socket, conf->worker_socket_mode, conf->worker_socket_group, &master->submission_fd},
        {conf->worker_socketmap_socket, conf->worker_socket_mode, conf->worker_socket_group, &master->socketmap_fd},
    };

    for (size_t i = 0; i < COUNT_OF(sockets); i++) {
        enum status status;

        *sockets[i].fd = -1;
        if (str_is_empty(sockets[i].path))
            continue;
        status = socket_listen(master->ctx, sockets[i].path, sockets[i].mode, sockets[i].group, sockets[i].fd, fault);
        if (status != STATUS_OK) {
            /* Nothing stays of those before it. */
            while (i-- > 0)
                if (*sockets[i].fd >= 0)
                    unlink(sockets[i].path);
            return status;
        }
    }
    master->metrics_fd = probe_listen(master->ctx, conf->worker_metrics_socket, conf->worker_metrics_group);
    return STATUS_OK;
}

/* What all processes count together. */
static void
open_tally(struct master *master)
{
    struct str *roles = str_new(master->ctx);
    const char *jobs = jobs_names(master->ctx);
    static const enum metric by_role[] = {METRIC_OF_CHILDREN, METRIC_OF_CHILDREN_WANTED, METRIC_OF_CHILDREN_BUSY,
                                          METRIC_OF_CHILDREN_STARTED, METRIC_OF_CHILDREN_CRASHED};
    static const enum metric by_job[] = {METRIC_OF_JOB_RUNS, METRIC_OF_JOB_FAILURES, METRIC_OF_JOB_SECONDS, METRIC_OF_JOB_FAILING,
                                         METRIC_OF_JOB_SUCCESS};

    for (int role = 0; role < ROLE_COUNT; role++)
        str_addf(roles, "%s%s", role > 0 ? " " : "", role_name((enum role)role));
    tally_open(METRIC_WORKER, METRIC_OF_LOG_LINES, METRIC_OF_CHILDREN_BUSY);
    for (size_t i = 0; i < COUNT_OF(by_role); i++)
        tally_values(by_role[i], roles->s);
    for (size_t i = 0; i < COUNT_OF(by_job); i++)
        tally_values(by_job[i], jobs);
    tally_set(METRIC_OF_START, NULL, clock_now_us());
}

static void
open_wakes(struct master *master)
{
    for (int role = 0; role < ROLE_COUNT; role++)
        must(pipe2(master->wake[role], O_CLOEXEC | O_NONBLOCK) == 0);
}

static enum status
check_may_write(struct master *master, TALLOC_CTX *scratch, struct fault *fault)
{
    struct row_database_mode *mode;
    enum status status = q_database_mode(master->db, scratch, &mode);

    if (status != STATUS_OK || !mode->is_read_only)
        return status;
    return fault_setf(fault, master->ctx, STATUS_INVALID, NULL, "the database can only be read, as a standby's: start it as the "
                      "primary, or name all servers in [database] worker, with target_session_attrs=read-write");
}

static enum status
check_connections(struct master *master, TALLOC_CTX *scratch, struct fault *fault)
{
    struct row_max_connections *row;
    int wanted = CONNECTIONS_SPARE + master->conf->web_children;
    enum status status = q_max_connections(master->db, scratch, &row);

    for (int role = 0; role < ROLE_COUNT; role++)
        wanted += master_children_of(master->conf, role);
    if (status != STATUS_OK || row->most >= wanted)
        return status;
    return fault_setf(fault, master->ctx, STATUS_INVALID, NULL, "PostgreSQL allows %lld connections, but %d children are configured: "
                      "raise max_connections to at least %d or lower the numbers in [worker] and [web]", (long long)row->most,
                      wanted - CONNECTIONS_SPARE, wanted);
}

static enum status
check_database(struct master *master, struct fault *fault)
{
    TALLOC_CTX *scratch = talloc_new(master->ctx);
    enum status status = db_schema_check(master->db, fault);

    if (status == STATUS_OK)
        status = check_may_write(master, scratch, fault);
    if (status == STATUS_OK)
        status = check_connections(master, scratch, fault);
    if (!db_is_connected(master->db))
        status = fault_setf(fault, master->ctx, STATUS_UNAVAILABLE, NULL, "the database cannot be reached: %s; [database] worker in %s says how it "
                            "is to be", db_last_error(master->db), master->conf->path);
    else if (status != STATUS_OK && fault->sentence == NULL)
        status = fault_setf(fault, master->ctx, status, NULL, "the database cannot be asked for its settings: %s; look into "
                            "PostgreSQL's log", db_last_error(master->db));
    talloc_free(scratch);
    return status;
}

static const char *
own_hostname(TALLOC_CTX *ctx, const struct conf *conf)
{
    char host[256] = "localhost";

    if (!str_is_empty(conf->worker_hostname))
        return mem_strdup(ctx, conf->worker_hostname);
    gethostname(host, sizeof host - 1);
    return mem_strdup(ctx, host);
}

/* --- the loop --- */

void
master_listen(struct master *master)
{
    if (db_is_connected(master->db) && master->listening_generation == db_generation(master->db))
        return;
    if (db_listen(master->db, "kairan_incoming") == STATUS_OK && db_listen(master->db, "kairan_send") == STATUS_OK)
        master->listening_generation = db_generation(master->db);
}

/* Configuration and keys of a life of their own, in which the fault's words are too where they cannot be had. */
static enum status
take_settings(struct master *master, TALLOC_CTX *ctx, struct fault *fault)
{
    struct keyring *keys;
    struct conf *conf;
    enum status status = conf_read(ctx, master->conf_path, &conf, fault);

    if (status == STATUS_OK)
        status = master_check(ctx, conf, fault);
    if (status == STATUS_OK)
        status = keyring_load(ctx, conf->keys_dir, &keys, fault);
    if (status != STATUS_OK)
        return status;
    /* The keys of before are wiped: a child forgets those of the newest ring alone. */
    talloc_free(master->settings);
    conf_apply(conf);
    master->settings = ctx;
    master->conf = conf;
    master->keys = keys;
    return STATUS_OK;
}

/* New configuration and keys for the children to come. What conf.def says is read at the start alone stays as it was: sockets, numbers of
 * children, our name, whether there are sandboxes. So does the master's own connection to the database. */
static void
reload(struct master *master)
{
    TALLOC_CTX *ctx = talloc_new(master->ctx);
    struct fault fault = {0};

    if (take_settings(master, ctx, &fault) != STATUS_OK) {
        log_event(EVENT_RELOAD_REFUSED, "reason", "%s", fault.sentence);
        talloc_free(ctx);
        return;
    }
    log_event(EVENT_RELOAD, "keys", "%zu", master->keys->count);
    master_tell_children(master, SIGTERM);
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
    master_reap(master);
}

static void
pass_hints(struct master *master)
{
    if (!db_notified(master->db))
        return;
    child_wake(master->wake[ROLE_POST][1]);
    child_wake(master->wake[ROLE_SEND][1]);
}

/* Whoever moves the machine's clock by more than a minute is noticed here. Work is owned by processes that live, so only what is done by
 * time alone has to wait: giving away work that somebody has had for too long. After a sleep, in which nobody worked, it waits too. */
static void
watch_clock(struct master *master)
{
    struct clock_change change = clock_look(&master->clock);

    if (change.moved_s != 0) {
        log_event(EVENT_CLOCK_JUMPED, "seconds", "%lld", (long long)change.moved_s);
        tally_add(METRIC_OF_CLOCK_JUMPS, NULL, 1);
        tally_set(METRIC_OF_CLOCK_JUMP, NULL, change.moved_s * US_PER_S);
        tally_set(METRIC_OF_CLOCK_JUMP_AT, NULL, master->clock.wall_us);
    }
    if (change.moved_s != 0 || change.slept_s != 0)
        master->backstop_from_ms = master->clock.monotonic_ms + (int64_t)master->conf->worker_lease_s * 1000;
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
    signal(SIGCHLD, SIG_DFL);   /* whoever started us may have ignored it, and then no child could be buried */
    fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    must(fd >= 0);
    return fd;
}

static void
stop_children(struct master *master, int signal_fd)
{
    int64_t until = clock_monotonic_ms() + STOP_MS;

    master_tell_children(master, SIGTERM);
    while (master_any_child_lives(master) && clock_monotonic_ms() < until) {
        struct pollfd fd = {.fd = signal_fd, .events = POLLIN};

        poll(&fd, 1, 200);
        on_signals(master, signal_fd);
    }
    master_tell_children(master, SIGKILL);
    log_event(EVENT_STOPPED);
}

static void
run(struct master *master, int signal_fd)
{
    master_listen(master);
    watch_clock(master);
    log_event(EVENT_STARTED, "children", "%zu", master->slot_count, "keys", "%zu", master->keys->count);
    while (!master->stopping) {
        struct pollfd fds[2] = {{.fd = signal_fd, .events = POLLIN}, {.fd = db_socket(master->db), .events = POLLIN}};

        master_start_missing(master);
        poll(fds, 2, master->dead_count > 0 ? 50 : 500);
        on_signals(master, signal_fd);
        watch_clock(master);
        pass_hints(master);
        master_look_after_the_dead(master);
    }
    stop_children(master, signal_fd);
}

static enum status
prepare(struct master *master, struct fault *fault)
{
    enum status status = take_settings(master, talloc_new(master->ctx), fault);

    if (status != STATUS_OK)
        return status;
    open_tally(master);
    master->sandbox = sandbox_is_on(master->conf);
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
    log_open("kairan-worker");
    sandbox_begin();
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
    master_make_slots(master);
    signal_fd = open_signals();
    run(master, signal_fd);
    return 0;
}

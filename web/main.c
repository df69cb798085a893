/* main.c - kairan-web: the master of the processes that answer pages
 *
 * It opens the socket, keeps the wanted number of children alive, ends one that is too long in a request, and opens no database:
 * what a page can do, only a child can. SIGTERM and SIGINT stop; SIGHUP reads configuration and templates again and replaces
 * the children one generation by the next, on the same socket, so that no request fails. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/crypto.h"
#include "util/log.h"
#include "util/probe.h"
#include "util/sandbox.h"
#include "util/socket.h"
#include "util/tally.h"
#include "web/child.h"
#include "web/kept.h"
#include "web/serve.h"
#include "web/socket-kept.h"
#include "web/watch.h"

enum { CHILDREN_MOST = 1000, STOP_PATIENCE_S = 30, HASTY_MS = 1000, WEB_MODE = 0660 };

struct child {
    pid_t pid;                  /* 0: free */
    unsigned generation;
    int64_t started_ms, told_ms;
    bool is_told;               /* to stop */
};

struct master {
    const char *conf_path;
    TALLOC_CTX *conf_ctx;
    struct conf *conf;
    struct web *web;            /* templates and catalogues, read once; lives in conf_ctx */
    int listening, metrics;     /* sockets; metrics -1: none */
    struct child watcher;       /* answers on the second */
    unsigned generation;
    struct child children[CHILDREN_MOST];
    struct child_slot *slots;   /* shared with the children */
    struct kept *kept;          /* so is this */
    int64_t hold_back_until_ms; /* children that die at once are not started again at once */
    int64_t watch_again_ms;     /* nor is the watcher */
    sigset_t signals;
    bool sandbox;               /* children give up what they do not need */
};

/* Into a life of their own, in which the fault's words are too where they cannot be had. */
static enum status
read_conf(struct master *master, TALLOC_CTX *ctx, struct fault *fault)
{
    struct conf *conf;
    struct web *web;
    enum status status = conf_read(ctx, master->conf_path, &conf, fault);

    if (status == STATUS_OK)
        status = web_open(ctx, conf, &web, fault);
    if (status != STATUS_OK)
        return status;
    if (master->web == NULL && conf->web_page_memory_kb > 0
        && (master->kept = kept_open((size_t)conf->web_page_memory_kb * 1024)) == NULL)
        return fault_setf(fault, ctx, STATUS_INVALID, "page_memory_kb", "%s: [web] page_memory_kb: %d KiB cannot be had: %s",
                          conf->path, conf->web_page_memory_kb, strerror(errno));
    conf_apply(conf);
    talloc_free(master->conf_ctx);
    master->conf_ctx = ctx;
    master->conf = conf;
    web->kept = master->kept;
    master->web = web;
    return STATUS_OK;
}

static void
start_child(struct master *master, size_t slot)
{
    pid_t parent = getpid(), pid;

    master->slots[slot].request_began_ms = 0;
    master->slots[slot].number = slot;
    pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(0);
        if (master->metrics >= 0)
            close(master->metrics);
        _exit(child_run(master->web, master->listening, &master->slots[slot], master->sandbox));
    }
    if (pid < 0) {
        log_event(EVENT_FORK, "error", "%s", strerror(errno));
        master->hold_back_until_ms = clock_monotonic_ms() + HASTY_MS;
        return;
    }
    tally_add(METRIC_OF_WEB_CHILDREN, NULL, 1);
    tally_add(METRIC_OF_WEB_CHILDREN_STARTED, NULL, 1);
    master->children[slot] = (struct child){.pid = pid, .generation = master->generation, .started_ms = clock_monotonic_ms()};
}

/* A process of its own, so that nobody who asks for numbers can hold up the master. */
static void
keep_watcher(struct master *master)
{
    pid_t parent = getpid();

    if (master->metrics < 0 || master->watcher.pid != 0 || clock_monotonic_ms() < master->watch_again_ms)
        return;
    master->watcher = (struct child){.started_ms = clock_monotonic_ms(), .pid = fork()};
    if (master->watcher.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(0);
        close(master->listening);
        _exit(web_watch(master->metrics, master->sandbox));
    }
    if (master->watcher.pid < 0) {
        log_event(EVENT_FORK, "error", "%s", strerror(errno));
        master->watcher.pid = 0;
        master->watch_again_ms = clock_monotonic_ms() + HASTY_MS;
    }
}

static size_t
count_children(const struct master *master, bool current_only)
{
    size_t count = 0;

    for (size_t i = 0; i < CHILDREN_MOST; i++)
        if (master->children[i].pid != 0 && (!current_only || master->children[i].generation == master->generation))
            count++;
    return count;
}

static void
keep_number(struct master *master)
{
    size_t wanted = (size_t)master->conf->web_children, have = count_children(master, true);

    if (clock_monotonic_ms() < master->hold_back_until_ms)
        return;
    for (size_t i = 0; i < CHILDREN_MOST && have < wanted; i++)
        if (master->children[i].pid == 0) {
            start_child(master, i);
            have++;
        }
}

static void
tell_to_stop(struct child *child, int64_t now_ms)
{
    kill(child->pid, SIGTERM);
    child->is_told = true;
    if (child->told_ms == 0)
        child->told_ms = now_ms;
}

/* Those of an older generation go once the new one is up; who does not go in time is ended. */
static void
watch_children(struct master *master, bool stopping)
{
    int64_t now_ms = clock_monotonic_ms(), limit_ms = master->conf->web_request_timeout_s * INT64_C(1000);

    for (size_t i = 0; i < CHILDREN_MOST; i++) {
        struct child *child = &master->children[i];
        int64_t began_ms = master->slots[i].request_began_ms;

        if (child->pid == 0)
            continue;
        if (began_ms != 0 && now_ms - began_ms > limit_ms) {
            log_event(EVENT_REQUEST_TIMEOUT, "child_pid", "%d", (int)child->pid);
            kill(child->pid, SIGKILL);
        } else if ((stopping || child->generation != master->generation) && !child->is_told) {
            tell_to_stop(child, now_ms);
        } else if (child->is_told && now_ms - child->told_ms > STOP_PATIENCE_S * 1000) {
            kill(child->pid, SIGKILL);
        }
    }
}

/* Takes note of its end; until when none is to be started in its place, 0 where one may be at once. */
static int64_t
bury_one(struct child *child, const char *name, int ended)
{
    bool is_clean = WIFEXITED(ended) && WEXITSTATUS(ended) == 0;
    int64_t now_ms = clock_monotonic_ms();

    if (WIFSIGNALED(ended))
        log_event(EVENT_CHILD_ENDED, "child", "%s", name, "child_pid", "%d", (int)child->pid, "signal", "%d", WTERMSIG(ended));
    tally_add(METRIC_OF_WEB_CHILDREN_CRASHED, NULL, !is_clean);
    child->pid = 0;
    return !is_clean && now_ms - child->started_ms < HASTY_MS ? now_ms + HASTY_MS : 0;
}

static void
bury(struct master *master)
{
    int ended;
    pid_t pid;

    while ((pid = waitpid(-1, &ended, WNOHANG)) > 0) {
        if (pid == master->watcher.pid)
            master->watch_again_ms = bury_one(&master->watcher, "watch", ended);
        for (size_t i = 0; i < CHILDREN_MOST; i++)
            if (master->children[i].pid == pid) {
                int64_t until_ms = bury_one(&master->children[i], "web", ended);

                tally_busy(i, NULL);
                tally_add(METRIC_OF_WEB_CHILDREN, NULL, -1);
                if (until_ms != 0)
                    master->hold_back_until_ms = until_ms;
            }
    }
}

static void
reload(struct master *master)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct fault fault = {0};

    if (read_conf(master, ctx, &fault) != STATUS_OK) {
        log_event(EVENT_RELOAD_REFUSED, "reason", "%s", fault.sentence);
        talloc_free(ctx);
        return;
    }
    master->generation++;
    tally_set(METRIC_OF_WEB_CHILDREN_WANTED, NULL, master->conf->web_children);
    log_event(EVENT_RELOAD, "generation", "%u", master->generation);
}

/* The next signal, or 0 after so long. */
static int
next_signal(struct master *master, int wait_ms)
{
    struct timespec wait = {wait_ms / 1000, (wait_ms % 1000) * 1000000L};
    int number = sigtimedwait(&master->signals, NULL, &wait);

    return number > 0 ? number : 0;
}

static void
run(struct master *master)
{
    bool stopping = false;

    while (!stopping || count_children(master, false) > 0) {
        int number;

        if (!stopping) {
            keep_number(master);
            keep_watcher(master);
        }
        watch_children(master, stopping);
        number = next_signal(master, 500);
        if (number == SIGTERM || number == SIGINT)
            stopping = true;
        else if (number == SIGHUP && !stopping)
            reload(master);
        bury(master);
    }
}

/* The numbers of the master, and the socket on which they are told. */
static void
open_metrics(struct master *master)
{
    const struct conf *conf = master->conf;

    tally_set(METRIC_OF_WEB_START, NULL, clock_now_us());
    tally_set(METRIC_OF_WEB_CHILDREN_WANTED, NULL, conf->web_children);
    master->metrics = probe_listen(master->conf_ctx, conf->web_metrics_socket, conf->web_metrics_group);
}

/* For pages: the one that was kept, with what the configuration says of it now, or a new one. */
static enum status
open_socket(struct master *master, struct fault *fault)
{
    const struct conf *conf = master->conf;

    master->listening = socket_kept_take(conf->web_socket);
    if (master->listening >= 0)
        return socket_share(master->conf_ctx, conf->web_socket, WEB_MODE, conf->web_socket_group, fault);
    return socket_listen(master->conf_ctx, conf->web_socket, WEB_MODE, conf->web_socket_group, &master->listening, fault);
}

static void
open_signals(struct master *master)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};

    sigemptyset(&master->signals);
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        sigaddset(&master->signals, numbers[i]);
    sigprocmask(SIG_BLOCK, &master->signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);   /* whoever started us may have ignored it, and then no child could be buried */
}

static void
usage(FILE *file)
{
    fputs("usage: kairan-web [-c FILE]\n  -c FILE  configuration; else $KAIRAN_CONF, else " KAIRAN_SYSCONFDIR "/kairan.conf\n",
          file);
}

int
main(int argc, char **argv)
{
    static const struct option options[] = {{"config", required_argument, NULL, 'c'}, {"help", no_argument, NULL, 'h'}, {0}};
    static struct master master;
    struct fault fault = {0};
    bool is_kept;
    int option;

    mem_init();
    crypto_init();
    sandbox_begin();
    log_open("kairan-web");
    tally_open(METRIC_WEB, METRIC_OF_WEB_LOG_LINES, METRIC_OF_WEB_CHILDREN_BUSY);
    while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
        if (option == 'c') {
            master.conf_path = optarg;
            continue;
        }
        usage(option == 'h' ? stdout : stderr);
        return option == 'h' ? 0 : 64;
    }
    open_signals(&master);
    if (read_conf(&master, talloc_new(NULL), &fault) != STATUS_OK) {
        fprintf(stderr, "kairan-web: %s\n", fault.sentence);
        return 78;
    }
    master.slots = mmap(NULL, CHILDREN_MOST * sizeof(struct child_slot), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                        -1, 0);
    must(master.slots != MAP_FAILED);
    if (open_socket(&master, &fault) != STATUS_OK) {
        fprintf(stderr, "kairan-web: %s\n", fault.sentence);
        return 78;
    }
    open_metrics(&master);
    is_kept = socket_kept_leave(master.listening);
    log_event(EVENT_STARTED, "children", "%d", master.conf->web_children, "socket", "%s", master.conf->web_socket);
    master.sandbox = sandbox_is_on(master.conf);
    run(&master);
    if (master.watcher.pid > 0)
        kill(master.watcher.pid, SIGTERM);
    if (!is_kept)
        unlink(master.conf->web_socket);
    log_event(EVENT_STOPPED);
    return 0;
}

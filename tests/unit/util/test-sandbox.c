/* test-sandbox.c - in each sandbox: what is refused, what ends the process, and what goes on working */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/crypto.h"
#include "util/log.h"
#include "util/sandbox.h"
#include "util/str.h"

/* --- attempts: what a call answered, -1 with errno when it was refused --- */

static int try_read_file(void) { return open("/etc/passwd", O_RDONLY | O_CLOEXEC); }
static int try_write_file(void) { return open("/dev/null", O_WRONLY | O_CLOEXEC); }
static int try_append(void) { return open("/dev/null", O_RDONLY | O_APPEND); }
static int try_make_file(void) { return open("/tmp/kairan-sandbox-test", O_RDONLY | O_CREAT, 0600); }
static int try_truncate(void) { return open("/dev/null", O_RDONLY | O_TRUNC); }
static int try_nameless_file(void) { return open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); }
static int try_unlink(void) { return unlink("/tmp/kairan-sandbox-test-that-is-not-there") == 0 || errno == ENOENT ? 0 : -1; }
static int try_rename(void) { return rename("/nowhere/a", "/nowhere/b") == 0 || errno == ENOENT ? 0 : -1; }
static int try_mode(void) { return chmod("/nowhere/a", 0777) == 0 || errno == ENOENT ? 0 : -1; }
static int try_unix(void) { return socket(AF_UNIX, SOCK_STREAM, 0); }
static int try_inet(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static int try_inet6(void) { return socket(AF_INET6, SOCK_DGRAM, 0) >= 0 || errno == EAFNOSUPPORT ? 0 : -1; }
static int try_packet(void) { return socket(AF_PACKET, SOCK_RAW, 0); }
static int try_netlink(void) { return socket(AF_NETLINK, SOCK_RAW, 0); }
static int try_listen(void) { return listen(0, 1) == 0 || errno == ENOTSOCK ? 0 : -1; }
static int try_kill(void) { return kill(getppid(), 0); }
static int try_fork(void) { pid_t pid = fork(); if (pid == 0) _exit(0); return pid; }
static int try_run_memory(void) { return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0; }
static int try_library(void) { return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0; }
static int try_user(void) { return setuid(getuid()); }
static int try_log(void) { log_event(EVENT_STOPPED); return 0; }
static int try_sleep(void) { struct timespec moment = {0, 1000}; return nanosleep(&moment, NULL); }
static int try_cpu_limit(void) { struct rlimit limit = {100, RLIM_INFINITY}; return setrlimit(RLIMIT_CPU, &limit); }
static int try_file_limit(void) { struct rlimit limit = {10, 10}; return setrlimit(RLIMIT_NOFILE, &limit); }
static int try_dumps(void) { return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }
static int try_program(void) { char *none[] = {NULL}; return execve("/bin/true", none, none); }
static int try_trace(void) { return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL); }
static int try_unshare(void) { return unshare(CLONE_NEWNS); }

static int
try_memory(void)
{
    char *much = malloc(50 << 20), *more;

    memset(much, 1, 50 << 20);
    more = realloc(much, 90 << 20);
    free(more == NULL ? much : more);
    return more == NULL ? -1 : 0;
}

/* What a signer's day is. */
static int
try_talk(void)
{
    char c = 'x';

    return send(3, &c, 1, MSG_NOSIGNAL) == 1 && read(3, &c, 1) == 1 ? 0 : -1;
}

enum { WEB = SANDBOX_WEB, LMTP = SANDBOX_LMTP, POST = SANDBOX_POST, SEND = SANDBOX_SEND, JOBS = SANDBOX_JOBS, SIGN = SANDBOX_SIGN,
       MAIL = SANDBOX_MAIL, EACH = SANDBOX_EACH, NONE = 0 };

struct row {
    const char *what;
    int (*attempt)(void);
    unsigned allowed;           /* to these kinds */
    bool ends;                  /* where it is not allowed, the process ends */
};

static const struct row rows[] = {
    {"read a file", try_read_file, MAIL, false},
    {"write a file", try_write_file, JOBS, false},
    {"open for appending", try_append, NONE, false},
    {"make a file", try_make_file, NONE, false},
    {"empty a file", try_truncate, NONE, false},
    {"file without a name", try_nameless_file, LMTP | JOBS, false},
    {"take a name away", try_unlink, JOBS, false},
    {"rename", try_rename, NONE, false},
    {"change rights of a file", try_mode, NONE, false},
    {"Unix socket", try_unix, MAIL, false},
    {"IPv4 socket", try_inet, POST | SEND, false},
    {"IPv6 socket", try_inet6, POST | SEND, false},
    {"raw packets", try_packet, NONE, false},
    {"netlink", try_netlink, NONE, false},
    {"listen", try_listen, NONE, false},
    {"signal the parent", try_kill, NONE, false},
    {"start a process", try_fork, NONE, false},
    {"memory to write and run", try_run_memory, NONE, false},
    {"a library", try_library, MAIL, false},
    {"another user", try_user, NONE, false},
    {"a line in the log", try_log, EACH, false},
    {"sleep", try_sleep, MAIL, false},
    {"memory", try_memory, EACH, false},
    {"talk on an open socket", try_talk, EACH, false},
    {"limit of its time", try_cpu_limit, POST, false},
    {"limit of its files", try_file_limit, NONE, false},
    {"core dumps", try_dumps, NONE, false},
    {"a program", try_program, NONE, true},
    {"look into a process", try_trace, NONE, true},
    {"a namespace", try_unshare, NONE, true},
};

static const struct { enum sandbox_kind kind; const char *name; } kinds[] = {
    {SANDBOX_WEB, "web"}, {SANDBOX_LMTP, "lmtp"}, {SANDBOX_POST, "post"}, {SANDBOX_SEND, "send"}, {SANDBOX_JOBS, "jobs"},
    {SANDBOX_SIGN, "sign"}, {SANDBOX_WATCH, "watch"},
};

enum { ALLOWED = 40, REFUSED = 41, OTHER = 42, NO_SANDBOX = 43 };

/* In a process of its own: descriptor 3 is a socket on which somebody echoes. Standard error is shut where silence is wanted. */
static int
attempt(enum sandbox_kind kind, bool by_network, int (*act)(void), int log_fd)
{
    int pair[2], ended;
    pid_t pid;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(write(pair[1], "y", 1), 1);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(pair[0], 3);
        dup2(log_fd, STDERR_FILENO);
        log_open("test");
        if (!sandbox_enter(kind, by_network))
            _exit(NO_SANDBOX);
        errno = 0;
        _exit(act() >= 0 ? ALLOWED : errno == EPERM || errno == EAFNOSUPPORT ? REFUSED : OTHER);
    }
    close(pair[0]);
    close(pair[1]);
    assert_int_equal(waitpid(pid, &ended, 0), pid);
    return WIFSIGNALED(ended) ? -WTERMSIG(ended) : WEXITSTATUS(ended);
}

static void
test_attempts(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int nowhere = open("/dev/null", O_WRONLY);
    const char *why;

    (void)state;
    if (!sandbox_works(ctx, &why)) {
        print_message("no seccomp here: %s\n", why);
        skip();
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t k = 0; k < COUNT_OF(kinds); k++) {
            int wanted = (rows[i].allowed & kinds[k].kind) != 0 ? ALLOWED : rows[i].ends ? -SIGSYS : REFUSED;
            int got = attempt(kinds[k].kind, false, rows[i].attempt, nowhere);

            if (got != wanted)
                fail_msg("%s in %s: %d, wanted %d", rows[i].what, kinds[k].name, got, wanted);
        }
    assert_int_equal(attempt(SANDBOX_WEB, true, try_inet, nowhere), ALLOWED);
    assert_int_equal(attempt(SANDBOX_SIGN, true, try_inet, nowhere), REFUSED);
    close(nowhere);
    talloc_free(ctx);
}

static int
refused_often(void)
{
    for (int i = 0; i < 5; i++)
        chmod("/nowhere", 0777);
    return kill(getppid(), 0);
}

/* Each name once; what libraries only try, not at all. */
static void
test_refusals_are_logged(void **state)
{
    int pipes[2];
    char text[2000];
    ssize_t len;

    (void)state;
    assert_int_equal(pipe(pipes), 0);
    if (attempt(SANDBOX_WEB, false, refused_often, pipes[1]) == NO_SANDBOX)
        skip();
    attempt(SANDBOX_WEB, false, try_netlink, pipes[1]);
    close(pipes[1]);
    len = read(pipes[0], text, sizeof text - 1);
    close(pipes[0]);
    assert_true(len > 0);
    text[len] = '\0';
#if defined(__x86_64__) || defined(__aarch64__)
    {
        const char *kill_line = strstr(text, "event=sandbox_refused call=kill\n"), *first = strstr(text, "sandbox_refused");
        const char *second = first == NULL ? NULL : strstr(first + 1, "sandbox_refused");

        assert_non_null(kill_line);
        assert_non_null(second);
        assert_null(strstr(second + 1, "sandbox_refused"));
    }
#endif
}

/* A name that libseccomp does not know would be left out without a word. */
static void
test_names(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (const struct sandbox_row *row = sandbox_rows(ctx); row->name != NULL; row++)
        if (!sandbox_name_is_known(row->name))
            fail_msg("%s is no system call", row->name);
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attempts), cmocka_unit_test(test_refusals_are_logged), cmocka_unit_test(test_names),
    };

    mem_init();
    crypto_init();
    sandbox_begin();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

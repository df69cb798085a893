/* sandbox.c - what a process may ask of the kernel, once it has started */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <seccomp.h>

#include "util/log.h"
#include "util/sandbox.h"

#ifdef __SANITIZE_ADDRESS__
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

enum { CALL_MOST = 512, MEMORY_MIB = 512, MEMORY_MESSAGES = 8 };

enum rule_way { WAY_CALL, WAY_WHEN, WAY_QUIET, WAY_NEVER };

struct rule {
    enum rule_way way;
    unsigned kinds;
    const char *name;
    unsigned argument;
    uint64_t mask, value;
    int error;
};

/* What the handler of SIGSYS can reach: names by number, made before any filter is. */
static struct { char *names[CALL_MOST]; bool told[CALL_MOST]; } calls;

#define EACH SANDBOX_EACH
#define MAIL SANDBOX_MAIL
#define WEB SANDBOX_WEB
#define LMTP SANDBOX_LMTP
#define POST SANDBOX_POST
#define SEND SANDBOX_SEND
#define JOBS SANDBOX_JOBS
#define WATCH SANDBOX_WATCH
#define CALL(kinds, name) {WAY_CALL, kinds, #name, 0, 0, 0, 0},
#define WHEN(kinds, name, argument, mask, value) {WAY_WHEN, kinds, #name, argument, mask, value, 0},
#define QUIET(kinds, name, argument, mask, value, error) {WAY_QUIET, kinds, #name, argument, mask, value, error},
#define NEVER(name) {WAY_NEVER, EACH, #name, 0, 0, 0, 0},

/* On the stack, as a row may ask for the process's own number. */
#define RULES(rules) const struct rule rules[] = {
#define RULES_END }

/* --- refusals --- */

static void
learn_names(void)
{
    if (calls.names[0] != NULL)
        return;
    for (int number = 0; number < CALL_MOST; number++)
        calls.names[number] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
}

/* The answer of the call that the filter stopped. False: not known how, on this machine. */
static bool
answer_with(ucontext_t *context, int answer)
{
#if defined(__x86_64__)
    context->uc_mcontext.gregs[REG_RAX] = answer;
    return true;
#elif defined(__aarch64__)
    context->uc_mcontext.regs[0] = (unsigned long long)(long long)answer;
    return true;
#else
    (void)context;
    (void)answer;
    return false;
#endif
}

static void
on_refused(int number, siginfo_t *info, void *context)
{
    int call = info->si_syscall, saved = errno;

    (void)number;
    answer_with(context, -EPERM);
    if (call >= 0 && call < CALL_MOST && !calls.told[call]) {
        calls.told[call] = true;
        log_event(EVENT_SANDBOX_REFUSED, "call", "%s", calls.names[call] == NULL ? "?" : calls.names[call]);
    }
    errno = saved;
}

/* Refused calls end in on_refused() where it can answer them; elsewhere they fail without a line in the log. */
static uint32_t
action_of_refusal(void)
{
    struct sigaction action = {.sa_sigaction = on_refused, .sa_flags = SA_SIGINFO | SA_NODEFER};
    ucontext_t nowhere;

    memset(&nowhere, 0, sizeof nowhere);
    if (!answer_with(&nowhere, 0))
        return SCMP_ACT_ERRNO(EPERM);
    learn_names();
    return sigaction(SIGSYS, &action, NULL) == 0 ? SCMP_ACT_TRAP : SCMP_ACT_ERRNO(EPERM);
}

/* --- the filter --- */

static uint32_t
action_of(const struct rule *rule)
{
    switch (rule->way) {
    case WAY_QUIET: return SCMP_ACT_ERRNO((uint32_t)rule->error);
    case WAY_NEVER: return SCMP_ACT_KILL_PROCESS;
    default: return SCMP_ACT_ALLOW;
    }
}

/* 0, or a negative errno. */
static int
add_rule(scmp_filter_ctx filter, const struct rule *rule)
{
    struct scmp_arg_cmp condition = SCMP_CMP64(rule->argument, SCMP_CMP_MASKED_EQ, rule->mask, rule->value);
    int number = seccomp_syscall_resolve_name(rule->name);

    if (number < 0)
        return 0;       /* this machine has no such call */
    return seccomp_rule_add_array(filter, action_of(rule), number, rule->mask == 0 ? 0 : 1, &condition);
}

static int
add_network(scmp_filter_ctx filter)
{
    const struct rule rules[] = {{WAY_WHEN, EACH, "socket", 0, ~0ULL, AF_INET, 0}, {WAY_WHEN, EACH, "socket", 0, ~0ULL, AF_INET6, 0},
                                 {WAY_CALL, EACH, "sendmmsg", 0, 0, 0, 0}, {WAY_CALL, EACH, "bind", 0, 0, 0, 0}};
    int failed = 0;

    for (size_t i = 0; i < COUNT_OF(rules) && failed == 0; i++)
        failed = add_rule(filter, &rules[i]);
    return failed;
}

static int
fill(scmp_filter_ctx filter, enum sandbox_kind kind, bool by_network)
{
    RULES(rules)
#include "util/sandbox.def"
    RULES_END;
    int failed = 0;

    seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);      /* where it is known: a tree, not a list */
    seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
    for (size_t i = 0; i < COUNT_OF(rules) && failed == 0; i++)
        if ((rules[i].kinds & kind) != 0)
            failed = add_rule(filter, &rules[i]);
    if (failed == 0 && by_network && kind != SANDBOX_SIGN)
        failed = add_network(filter);
    return failed;
}

/* 0, or a negative errno: the kernel's, or the library's. */
static int
load(enum sandbox_kind kind, bool by_network)
{
    scmp_filter_ctx filter = seccomp_init(action_of_refusal());
    int failed = filter == NULL ? -ENOMEM : fill(filter, kind, by_network);

    if (failed == 0)
        failed = seccomp_load(filter);
    if (filter != NULL)
        seccomp_release(filter);
    return failed;
}

void
sandbox_begin(void)
{
    struct rlimit none = {0, 0};

    learn_names();
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef SANDBOX_SANITIZED
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);     /* the leak finder looks in from outside */
#endif
}

bool
sandbox_enter(enum sandbox_kind kind, bool by_network)
{
    int failed = load(kind, by_network);

    if (failed != 0)
        log_event(EVENT_SANDBOX_OFF, "reason", "%s", strerror(-failed));
    return failed == 0;
}

bool
sandbox_works(TALLOC_CTX *ctx, const char **why_r)
{
    struct sigaction usual = {.sa_handler = SIG_DFL}, before;
    int ended = -1;
    pid_t pid;

    *why_r = NULL;
    sigaction(SIGCHLD, &usual, &before);    /* where it is ignored nobody hears how a child ended */
    pid = fork();
    if (pid == 0)
        _exit(-load(SANDBOX_SIGN, false));
    while (pid > 0 && waitpid(pid, &ended, 0) < 0 && errno == EINTR)
        ;
    sigaction(SIGCHLD, &before, NULL);
    if (pid > 0 && WIFEXITED(ended) && WEXITSTATUS(ended) == 0)
        return true;
    *why_r = mem_strdup(ctx, pid < 0 || !WIFEXITED(ended) ? "the trial ended" : strerror(WEXITSTATUS(ended)));
    return false;
}

bool
sandbox_is_on(const struct conf *conf)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    const char *why = "[security] seccomp = no";
    bool on = conf->security_seccomp && sandbox_works(scratch, &why);

    if (!on)
        log_event(EVENT_SANDBOX_OFF, "reason", "%s", why);
    talloc_free(scratch);
    return on;
}

void
sandbox_limit_memory(const struct conf *conf)
{
#ifndef SANDBOX_SANITIZED
    struct rlimit limit = {(rlim_t)(MEMORY_MIB + MEMORY_MESSAGES * conf->worker_max_message_mib) << 20, RLIM_INFINITY};

    setrlimit(RLIMIT_DATA, &limit);
#else
    (void)conf;
#endif
}

const struct sandbox_row *
sandbox_rows(TALLOC_CTX *ctx)
{
    RULES(rules)
#include "util/sandbox.def"
    RULES_END;
    struct sandbox_row *rows = mem_array(ctx, struct sandbox_row, COUNT_OF(rules) + 1);

    for (size_t i = 0; i < COUNT_OF(rules); i++)
        rows[i] = (struct sandbox_row){.name = rules[i].name, .kinds = rules[i].way == WAY_NEVER ? 0 : rules[i].kinds,
                                       .error = rules[i].error, .has_condition = rules[i].mask != 0};
    return rows;
}

bool
sandbox_name_is_known(const char *name)
{
    return seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR;
}

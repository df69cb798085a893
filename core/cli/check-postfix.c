/* check-postfix.c - asks postconf, and judges its answers */
#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/check.h"

extern char **environ;
enum { ANSWER_MAX = 65536 };
static const char postconf_path[] = "/usr/sbin/postconf", postmap_path[] = "/usr/sbin/postmap";

/* A file without a name that holds the text, at its beginning; -1 when there is no room. */
static int
text_file(const char *text)
{
    int fd = memfd_create("keys", MFD_CLOEXEC);
    size_t len = strlen(text), done = 0;
    ssize_t n = 1;

    while (fd >= 0 && done < len && (n = write(fd, text + done, len - done)) > 0)
        done += (size_t)n;
    if (fd >= 0 && (done < len || lseek(fd, 0, SEEK_SET) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Runs a program with `input` for it to read and its standard output to us. False when it cannot be run; its exit status in exit_r. */
static bool
run_program(TALLOC_CTX *ctx, const char *const argv[], const char *input, char **answer_r, int *exit_r)
{
    posix_spawn_file_actions_t actions;
    struct str *answer = str_new(ctx);
    char buffer[4096];
    int ends[2], status = -1, keys = text_file(input);
    pid_t pid;
    ssize_t n;
    bool started;

    if (keys < 0)
        return false;
    if (pipe(ends) != 0) {
        close(keys);
        return false;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, keys, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", 1, 0);
    started = posix_spawn(&pid, argv[0], &actions, NULL, (char *const *)argv, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    close(keys);
    while (started && ((n = read(ends[0], buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR)))
        if (n > 0 && answer->len < ANSWER_MAX)
            str_addn(answer, buffer, (size_t)n);
    close(ends[0]);
    while (started && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    *answer_r = answer->s;
    *exit_r = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return started && WIFEXITED(status);
}

const char *
postconf(TALLOC_CTX *ctx, const char *config, const char *name)
{
    const char *with_config[] = {postconf_path, "-c", config, "-hx", name, NULL};
    const char *plain[] = {postconf_path, "-hx", name, NULL};
    char *answer;
    int code;

    if (!run_program(ctx, config != NULL ? with_config : plain, "", &answer, &code) || code != 0)
        return NULL;
    return str_trim(ctx, answer);
}

/* Exit status 1 says that no key was found. */
const char *
postmap(TALLOC_CTX *ctx, const char *config, const char *table, const char *keys)
{
    const char *with_config[] = {postmap_path, "-c", config, "-q", "-", table, NULL};
    const char *plain[] = {postmap_path, "-q", "-", table, NULL};
    char *answer;
    int code;

    if (!run_program(ctx, config != NULL ? with_config : plain, keys, &answer, &code) || (code != 0 && code != 1))
        return NULL;
    return answer;
}

struct wanted { const char *name, *value, *because; };

static const struct wanted both_ways[] = {
    {"message_drop_headers", "", "else fields are taken out before we see them, and the author's signature no longer fits"},
    {"local_header_rewrite_clients", "", "else fields are rewritten, and signatures no longer fit"},
    {"smtpd_forbid_bare_newline", "yes", "else one mail can be smuggled in as two"},
};

static const struct wanted incoming[] = {
    {"lmtp_send_xforward_command", "yes", "else we never learn where a mail came from, and SPF says nothing"},
    {"lmtp_line_length_limit", "0", "else long lines are cut, and signatures no longer fit"},
};

static const struct wanted outgoing[] = {
    {"disable_mime_output_conversion", "yes", "else our signature breaks at a hop without 8BITMIME"},
};

/* "normalize" is what newer versions of Postfix call a yes that mends. */
static bool
is_wanted(const char *value, const struct wanted *wanted)
{
    return str_eq(value, wanted->value)
        || (str_eq(wanted->name, "smtpd_forbid_bare_newline") && (str_eq(value, "normalize") || str_eq(value, "reject")));
}

static void
judge_settings(struct findings *findings, const char *config, const struct wanted *wanted, size_t count)
{
    const char *where = config != NULL ? config : "/etc/postfix";

    for (size_t i = 0; i < count; i++) {
        const char *value = postconf(findings->call->ctx, config, wanted[i].name);

        if (value != NULL && is_wanted(value, &wanted[i]))
            finding_fine(findings, "postfix", "%s: %s is as it should be.", where, wanted[i].name);
        else
            finding_trouble(findings, "postfix", "%s: set \"%s = %s\", %s.", where, wanted[i].name, wanted[i].value,
                            wanted[i].because);
    }
}

/* Postfix must ask us who is known, before its own 250. */
static void
judge_recipients(struct findings *findings, const char *config)
{
    TALLOC_CTX *ctx = findings->call->ctx;
    const char *socket = findings->call->conf->worker_socketmap_socket, *where = config != NULL ? config : "/etc/postfix";
    const char *relay = postconf(ctx, config, "relay_recipient_maps"), *local = postconf(ctx, config, "local_recipient_maps");

    if ((relay != NULL && strstr(relay, "socketmap:") != NULL) || (local != NULL && strstr(local, "socketmap:") != NULL))
        finding_fine(findings, "postfix", "%s: recipients are asked for by socketmap.", where);
    else
        finding_trouble(findings, "postfix", "%s: add \"socketmap:unix:%s:recipients\" to relay_recipient_maps, else mail to "
                        "unknown addresses is taken and cannot be refused.", where, socket);
}

void
check_postfix(struct findings *findings, const char *in_config, const char *out_config)
{
    if (access(postconf_path, X_OK) != 0) {
        if (in_config != NULL || out_config != NULL)
            finding_trouble(findings, "postfix", "%s is not here; install Postfix.", postconf_path);
        else
            finding_advice(findings, "postfix", "Postfix is not installed here; its settings were not looked at.");
        return;
    }
    judge_settings(findings, in_config, both_ways, COUNT_OF(both_ways));
    judge_settings(findings, in_config, incoming, COUNT_OF(incoming));
    judge_recipients(findings, in_config);
    if (out_config != NULL)
        judge_settings(findings, out_config, both_ways, COUNT_OF(both_ways));
    judge_settings(findings, out_config != NULL ? out_config : in_config, outgoing, COUNT_OF(outgoing));
}

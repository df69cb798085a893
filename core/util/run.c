/* run.c - another program, by its path and its words */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/file.h"
#include "util/run.h"
#include "util/str.h"

extern char **environ;

enum { OUTPUT, ERRORS, STREAMS };

struct running {
    pid_t pid;
    int ends[STREAMS];          /* ours of each pipe; -1: closed */
    struct str *kept[STREAMS];
};

/* A file without a name that holds the input, at its beginning; -1 when there is no room. */
static int
input_file(struct blob input)
{
    int fd = memfd_create("input", MFD_CLOEXEC);

    if (fd >= 0 && (!file_write_all(fd, input.data, input.len) || lseek(fd, 0, SEEK_SET) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool
is_among(const char *const *added, const char *variable)
{
    size_t name = strcspn(variable, "=") + 1;

    for (; added != NULL && *added != NULL; added++)
        if (strncmp(*added, variable, name) == 0)
            return true;
    return false;
}

/* Ours with what is added in its place: of two of one name some programs take the first, some the last. */
static char **
whole_environment(TALLOC_CTX *ctx, const char *const *added)
{
    size_t own = 0, more = 0, count = 0;
    char **all;

    while (environ[own] != NULL)
        own++;
    while (added != NULL && added[more] != NULL)
        more++;
    all = mem_array(ctx, char *, own + more + 1);
    for (size_t i = 0; i < own; i++)
        if (!is_among(added, environ[i]))
            all[count++] = environ[i];
    for (size_t i = 0; i < more; i++)
        all[count++] = mem_strdup(all, added[i]);
    return all;
}

/* 0 or an errno. Our ends are closed in the program by themselves (O_CLOEXEC). */
static int
spawn(TALLOC_CTX *ctx, const struct run *run, int input, const int theirs[STREAMS], pid_t *pid_r)
{
    posix_spawn_file_actions_t actions;
    char **environment = whole_environment(ctx, run->environment);
    int error;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, theirs[OUTPUT], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, theirs[ERRORS], STDERR_FILENO);
    error = posix_spawn(pid_r, run->argv[0], &actions, NULL, (char *const *)run->argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    talloc_free(environment);
    return error;
}

static int
start(TALLOC_CTX *ctx, const struct run *run, struct running *running_r)
{
    int input = input_file(run->input), pipes[STREAMS][2] = {{-1, -1}, {-1, -1}}, theirs[STREAMS], error = 0;

    if (input < 0 || pipe2(pipes[OUTPUT], O_CLOEXEC) != 0 || pipe2(pipes[ERRORS], O_CLOEXEC) != 0)
        error = errno;
    for (int i = 0; i < STREAMS; i++) {
        running_r->ends[i] = pipes[i][0];
        running_r->kept[i] = str_new(ctx);
        theirs[i] = pipes[i][1];
    }
    if (error == 0)
        error = spawn(ctx, run, input, theirs, &running_r->pid);
    for (int i = 0; i < STREAMS; i++) {
        if (theirs[i] >= 0)
            close(theirs[i]);
        if (error != 0 && running_r->ends[i] >= 0)
            close(running_r->ends[i]);
    }
    if (input >= 0)
        close(input);
    return error;
}

/* What came on one stream; the stream is closed at its end. */
static void
take(struct running *running, int stream)
{
    static const size_t most[STREAMS] = {[OUTPUT] = RUN_KEPT_MAX, [ERRORS] = RUN_ERRORS_MAX};
    struct str *kept = running->kept[stream];
    char buffer[16384];
    ssize_t n = read(running->ends[stream], buffer, sizeof buffer);

    if (n > 0 && kept->len < most[stream])
        str_addn(kept, buffer, (size_t)n < most[stream] - kept->len ? (size_t)n : most[stream] - kept->len);
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
        close(running->ends[stream]);
        running->ends[stream] = -1;
    }
}

static void
listen_until_ended(const struct run *run, struct running *running)
{
    bool is_told = false;

    while (running->ends[OUTPUT] >= 0 || running->ends[ERRORS] >= 0) {
        struct pollfd fds[STREAMS] = {{running->ends[OUTPUT], POLLIN, 0}, {running->ends[ERRORS], POLLIN, 0}};

        poll(fds, STREAMS, run->go_on != NULL && !is_told ? RUN_TURN_MS : -1);
        for (int i = 0; i < STREAMS; i++)
            if (fds[i].revents != 0)
                take(running, i);
        if (run->go_on != NULL && !is_told && !run->go_on(run->data)) {
            kill(running->pid, SIGTERM);
            is_told = true;
        }
    }
}

bool
run_program(TALLOC_CTX *ctx, const struct run *run, struct run_answer *answer_r)
{
    struct running running = {0};
    int ended = -1, error = start(ctx, run, &running);

    *answer_r = (struct run_answer){.code = -1, .output = mem_strdup(ctx, "")};
    if (error != 0) {
        answer_r->errors = mem_printf(ctx, "%s: %s", run->argv[0], strerror(error));
        return false;
    }
    listen_until_ended(run, &running);
    while (waitpid(running.pid, &ended, 0) < 0 && errno == EINTR)
        continue;
    answer_r->code = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    answer_r->output = running.kept[OUTPUT]->s;
    answer_r->errors = running.kept[ERRORS]->s;
    return true;
}

const char *
run_find(const char *const *paths)
{
    for (; *paths != NULL; paths++)
        if (access(*paths, X_OK) == 0)
            return *paths;
    return NULL;
}

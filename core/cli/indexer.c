/* indexer.c - a process beside a command that makes what the archive shows and finds of the posts that it adds */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archive/index.h"
#include "cli/indexer.h"
#include "store/db.h"

enum { IDLE_MS = 100 };

struct indexer { pid_t pid; int open; };    /* the other end sees it closed, also when this process was killed */

/* True when the command has ended. */
static bool
is_alone(int end)
{
    struct pollfd fd = {.fd = end, .events = POLLIN};

    return poll(&fd, 1, IDLE_MS) > 0;
}

static void
work(const struct conf *conf, int end)
{
    struct db *db = db_open(NULL, conf->database_admin, "kairan import");
    struct index_walk walk;
    enum status status;
    bool ended = false;
    size_t done = 1;

    signal(SIGINT, SIG_IGN);                /* the command decides when it is over */
    status = index_patiently(db, &walk);
    /* What came before the end is looked for once more after it. */
    while (status == STATUS_OK && (!ended || done > 0)) {
        status = index_next(db, &walk, &done);
        if (status == STATUS_OK && done == 0 && !ended) {
            ended = is_alone(end);
            done = 1;
        }
    }
    index_stop(db, &walk);
    talloc_free(db);
}

struct indexer *
indexer_start(TALLOC_CTX *ctx, const struct conf *conf)
{
    struct indexer *indexer;
    int ends[2];
    pid_t pid;

    if (pipe(ends) != 0)
        return NULL;
    pid = fork();
    if (pid == 0) {
        close(ends[1]);
        work(conf, ends[0]);
        _exit(0);
    }
    close(ends[0]);
    if (pid < 0) {
        close(ends[1]);
        return NULL;
    }
    indexer = mem_new(ctx, struct indexer);
    *indexer = (struct indexer){pid, ends[1]};
    return indexer;
}

enum status
indexer_end(struct indexer *indexer, struct db *db)
{
    enum status status = STATUS_OK;
    struct index_walk walk = {.is_patient = true};
    size_t done = 1;

    close(indexer->open);
    while (status == STATUS_OK && done > 0)
        status = index_next(db, &walk, &done);
    waitpid(indexer->pid, NULL, 0);
    return status == STATUS_OK ? index_stop(db, &walk) : status;
}

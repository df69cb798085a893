/* command-reindex.c - kairan reindex: makes what is shown and found of posts again from their bytes */
#include <stdio.h>
#include <unistd.h>

#include "archive/index.h"
#include "cli/common.h"
#include "store/statements.h"
#include "util/clock.h"

/* Counting what is left takes a twentieth of the time: one count of a million rows is as dear as many posts. */
enum { PROGRESS_MS = 500, REST_US = 200 * 1000, MS_PER_S = 1000, COUNT_SHARE = 20 };

struct progress { int64_t all, left, begun_ms, shown_ms, count_at_ms; bool is_shown; };

static void
show_progress(struct progress *progress)
{
    int64_t now = clock_monotonic_ms(), spent = now - progress->begun_ms, done = progress->all - progress->left;

    if (!progress->is_shown || now - progress->shown_ms < PROGRESS_MS || spent == 0)
        return;
    progress->shown_ms = now;
    fprintf(stderr, "\r%lld of %lld posts, %lld in a second, %lld s left   ", (long long)done, (long long)progress->all,
            (long long)(done * MS_PER_S / spent), (long long)(done > 0 ? progress->left * spent / done / MS_PER_S : 0));
}

static enum status
count_left(struct call *call, int64_t list_id, struct progress *progress)
{
    TALLOC_CTX *scratch = talloc_new(call->ctx);
    int64_t begun_ms = clock_monotonic_ms(), now;
    struct row_post_stale_left *row;
    enum status status = q_post_stale_left(call->db, scratch, list_id, INDEX_ATTEMPTS, &row);

    if (status == STATUS_OK)
        progress->left = row->posts;
    now = clock_monotonic_ms();
    progress->count_at_ms = now + COUNT_SHARE * (now - begun_ms + 1);
    talloc_free(scratch);
    return status;
}

/* Beside the worker, which takes its share; what it has in hand is waited for. */
static enum status
work_off(struct call *call, int64_t list_id, struct progress *progress)
{
    struct index_walk walk = {0};
    enum status status = STATUS_OK;

    while (status == STATUS_OK && progress->left > 0) {
        size_t done;

        status = index_next(call->db, &walk, &done);
        if (status == STATUS_OK && done == 0)
            usleep(REST_US);
        progress->left = progress->left > (int64_t)done ? progress->left - (int64_t)done : 1;
        if (status == STATUS_OK && (done == 0 || clock_monotonic_ms() >= progress->count_at_ms))
            status = count_left(call, list_id, progress);
        show_progress(progress);
    }
    if (progress->shown_ms != 0)
        fputc('\n', stderr);
    return status == STATUS_OK ? index_stop(call->db, &walk) : status;
}

enum status
command_reindex(struct call *call)
{
    struct progress progress = {.begun_ms = clock_monotonic_ms(), .is_shown = !call->json && isatty(2)};
    struct list *list = NULL;
    int64_t list_id, posts = 0;
    enum status status = STATUS_OK;

    if (word(call, "LIST") != NULL)
        status = call_list(call, word(call, "LIST"), &list);
    if (status != STATUS_OK)
        return status;
    list_id = list != NULL ? list->id : 0;
    status = q_post_stale_all(call->db, list_id, &posts);
    progress.all = posts;
    if (status == STATUS_OK && !has_option(call, "--later"))
        status = count_left(call, list_id, &progress);
    if (status == STATUS_OK)
        status = work_off(call, list_id, &progress);
    out_int(call->out, "done", has_option(call, "--later") ? 0 : posts);
    if (has_option(call, "--later"))
        out_int(call->out, "waiting", posts);
    return status;
}

/* index.c - takes up posts that are due, some at a time, and has made what the archive shows and finds of them */
#include <stdlib.h>

#include "archive/index-rows.h"
#include "archive/index.h"
#include "archive/search-index.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/log.h"

/* GROUP_BYTES: of so many bytes of mail, or one message, the rows are made and written together. Words are put in their places after a
 * MERGE_SHAREth of what was put there before, at least MERGE_LEAST and at most MERGE_MOST posts. PATIENT_BATCH: of what nobody waits for. */
enum { BUSY_S = 60, OLDER_MOST = 20000, GROUP_BYTES = 2 << 20, MERGE_LEAST = 500, MERGE_MOST = 4000, MERGE_SHARE = 32,
       PATIENT_BATCH = 200 };

/* ---- what is due ---- */

/* What was claimed, in the order of the ids. */
struct batch { TALLOC_CTX *ctx; struct row_post_stale_claim *rows; size_t count; };

static int
compare_posts(const void *a, const void *b)
{
    const struct row_post_stale_claim *one = a, *two = b;

    return one->post_id < two->post_id ? -1 : one->post_id > two->post_id;
}

static enum status
claim(struct db *db, bool all, struct batch *batch)
{
    int64_t now = clock_now_us(), most = all ? PATIENT_BATCH : INDEX_BATCH;
    enum status status = q_post_stale_claim(db, batch->ctx, now, now + BUSY_S * US_PER_S, INDEX_ATTEMPTS, false, most, all, LOCK_PATIENT,
                                            &batch->rows, &batch->count);

    if (status == STATUS_OK && batch->count == 0)
        status = q_post_stale_claim(db, batch->ctx, now, now + BUSY_S * US_PER_S, INDEX_ATTEMPTS, true, 1, all, LOCK_PATIENT, &batch->rows,
                                    &batch->count);
    if (status == STATUS_OK && batch->count > 1)
        qsort(batch->rows, batch->count, sizeof *batch->rows, compare_posts);
    return status;
}

static struct int_array
ids_of(const struct batch *batch)
{
    int64_t *ids = mem_array(batch->ctx, int64_t, batch->count + 1);

    for (size_t i = 0; i < batch->count; i++)
        ids[i] = batch->rows[i].post_id;
    return (struct int_array){ids, batch->count};
}

/* How many, from `first`, are made together. */
static size_t
group_at(const struct batch *batch, size_t first)
{
    int64_t bytes = 0;
    size_t next = first;

    while (next < batch->count && (next == first || bytes + batch->rows[next].size <= GROUP_BYTES))
        bytes += batch->rows[next++].size;
    return next - first;
}

static enum status
make_batch(struct db *db, const struct batch *batch)
{
    struct int_array posts = ids_of(batch);
    enum status status = db_begin(db);

    for (size_t first = 0, count; first < batch->count && status == STATUS_OK; first += count) {
        count = group_at(batch, first);
        status = index_rows(db, (struct int_array){posts.items + first, count});
    }
    if (status == STATUS_OK)
        status = q_post_stale_end(db, posts, NULL);
    if (status == STATUS_OK)
        return db_commit(db);
    db_rollback(db);
    if (posts.count == 1)
        log_event(EVENT_INDEX, "post", "%lld", (long long)posts.items[0], "status", "%s", status_row(status)->name);
    return status;
}

/* A post that PostgreSQL refuses spoils its batch: then each is tried alone, and what fails by itself keeps its attempt. */
static enum status
make_one_by_one(struct db *db, const struct batch *batch)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < batch->count && status != STATUS_UNAVAILABLE; i++) {
        struct batch one = {batch->ctx, batch->rows + i, 1};

        status = make_batch(db, &one);
        if (status == STATUS_RETRY || status == STATUS_DISK_FULL)
            q_post_stale_release(db, ids_of(&one), NULL);
    }
    return status == STATUS_UNAVAILABLE || status == STATUS_DISK_FULL ? status : STATUS_OK;
}

enum status
index_patiently(struct db *db, struct index_walk *walk_r)
{
    bool held;

    *walk_r = (struct index_walk){.is_patient = true};
    return db_lock(db, LOCK_PATIENT, 0, &held);
}

enum status
index_stop(struct db *db, struct index_walk *walk)
{
    bool is_due = walk->unmerged > 0;

    walk->merged += walk->unmerged;
    walk->unmerged = 0;
    return is_due ? search_index_merge(db) : STATUS_OK;
}

static size_t
merge_after(const struct index_walk *walk)
{
    size_t share = walk->merged / MERGE_SHARE;

    return share < MERGE_LEAST ? MERGE_LEAST : share > MERGE_MOST ? MERGE_MOST : share;
}

enum status
index_next(struct db *db, struct index_walk *walk, size_t *done_r)
{
    struct batch batch = {.ctx = talloc_new(NULL)};
    enum status status = claim(db, walk->is_patient, &batch);

    *done_r = 0;
    if (status == STATUS_OK && batch.count > 0) {
        *done_r = batch.count;
        status = make_batch(db, &batch);
        if (status != STATUS_OK && status != STATUS_UNAVAILABLE)
            status = make_one_by_one(db, &batch);
    }
    walk->unmerged += batch.count;
    if (status == STATUS_OK && ((batch.count < INDEX_BATCH && !walk->is_patient) || walk->unmerged >= merge_after(walk)))
        status = index_stop(db, walk);
    talloc_free(batch.ctx);
    return status;
}

enum status
index_older(struct db *db)
{
    return q_post_view_older(db, VIEW_VERSION, OLDER_MOST, VIEW_MARKDOWN, NULL);
}

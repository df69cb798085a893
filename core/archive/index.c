/* index.c - makes what the archive shows and finds of a post */
#include "archive/index.h"
#include "archive/search-index.h"
#include "mime/view-html.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/str.h"

enum { BUSY_S = 60, OLDER_MOST = 20000 };

/* Each thing that is made of a message has its function here; `post` is who it belongs to. */
struct indexing {
    struct db *db;
    TALLOC_CTX *ctx;            /* ends with the post */
    int64_t post_id;
    const struct row_post_to_index *post;
    const struct message *message;
    const struct view *view;
};

/* ---- post_view ---- */

static struct text_array
broken(TALLOC_CTX *ctx, unsigned faults)
{
    const char **names = mem_array(ctx, const char *, VIEW_FAULT_COUNT);
    size_t count = 0;

    for (int fault = 0; fault < VIEW_FAULT_COUNT; fault++)
        if ((faults & 1u << fault) != 0)
            names[count++] = view_fault_name(fault);
    return (struct text_array){names, count};
}

static enum status
put_view(const struct indexing *indexing)
{
    const struct view *view = indexing->view;
    bool is_cut;
    char *body = view_html(indexing->ctx, view, VIEW_HTML_MOST, &is_cut);

    is_cut = is_cut || indexing->post->bytes.len < (size_t)indexing->post->size;
    return q_post_view_put(indexing->db, indexing->post_id, VIEW_VERSION, body, view->language, view->has_html, view->reaction,
                           broken(indexing->ctx, view->faults), is_cut, (int64_t)view->part_count, NULL);
}

/* ---- post_part ---- */

static enum status
put_parts(const struct indexing *indexing)
{
    size_t count = indexing->view->part_count;
    int64_t *parts = mem_array(indexing->ctx, int64_t, count), *sizes = mem_array(indexing->ctx, int64_t, count);
    const char **kinds = mem_array(indexing->ctx, const char *, count), **names = mem_array(indexing->ctx, const char *, count);
    const char **types = mem_array(indexing->ctx, const char *, count), **ids = mem_array(indexing->ctx, const char *, count);
    int64_t *starts = mem_array(indexing->ctx, int64_t, count), *ends = mem_array(indexing->ctx, int64_t, count);
    const char **encodings = mem_array(indexing->ctx, const char *, count);

    if (count == 0)
        return STATUS_OK;
    for (size_t i = 0; i < count; i++) {
        const struct view_part *part = &indexing->view->parts[i];

        parts[i] = (int64_t)part->part;
        sizes[i] = (int64_t)part->size;
        kinds[i] = view_part_kind_name(part->kind);
        names[i] = part->name;
        types[i] = part->type;
        ids[i] = part->content_id != NULL ? part->content_id : "";
        encodings[i] = view_part_range(indexing->message, part->part, &starts[i], &ends[i]);
    }
    return q_post_part_put(indexing->db, indexing->post_id, (struct int_array){parts, count}, (struct text_array){kinds, count},
                           (struct text_array){names, count}, (struct text_array){types, count}, (struct int_array){sizes, count},
                           (struct text_array){ids, count}, (struct int_array){starts, count}, (struct int_array){ends, count},
                           (struct text_array){encodings, count}, NULL);
}

/* ---- post_search ---- */

static enum status
put_search(const struct indexing *indexing)
{
    const struct row_post_to_index *post = indexing->post;
    const struct search_post found = {
        .id = indexing->post_id, .list_id = post->list_id, .at_us = post->accepted_at, .message_id = post->rfc_message_id,
        .subject = post->subject, .name = post->from_name, .address = post->from_address, .is_anonymous = post->anonymous};

    return search_index_post(indexing->db, &found, indexing->message, indexing->view->text, indexing->view->language);
}

/* ---- a post ---- */

static enum status (*const makers[])(const struct indexing *indexing) = {put_view, put_parts, put_search};

static enum status
make_all(struct indexing *indexing)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < COUNT_OF(makers) && status == STATUS_OK; i++)
        status = makers[i](indexing);
    return status;
}

/* NOT_FOUND when there is no archived post of that id; what was made of it before is gone then. */
static enum status
index_post(struct db *db, int64_t post_id)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_post_to_index *post = NULL;
    enum status status = q_post_to_index(db, ctx, post_id, INDEX_BYTES, &post);

    if (status == STATUS_OK && post == NULL) {
        status = q_post_view_of_none(db, post_id, NULL);
        status = status == STATUS_OK ? STATUS_NOT_FOUND : status;
    } else if (status == STATUS_OK) {
        struct message *message = message_parse(ctx, post->bytes);
        struct indexing indexing = {db, ctx, post_id, post, message, view_of(ctx, message, INDEX_TEXT)};

        status = make_all(&indexing);
    }
    talloc_free(ctx);
    return status;
}

/* ---- what is due ---- */

static enum status
claim(struct db *db, TALLOC_CTX *ctx, bool all, struct int_array *posts_r)
{
    int64_t now = clock_now_us(), *ids = mem_array(ctx, int64_t, INDEX_BATCH);
    struct row_post_stale_claim *rows;
    size_t count = 0;
    enum status status = q_post_stale_claim(db, ctx, now, now + BUSY_S * US_PER_S, INDEX_ATTEMPTS, false, INDEX_BATCH, all, LOCK_PATIENT, &rows, &count);

    if (status == STATUS_OK && count == 0)
        status = q_post_stale_claim(db, ctx, now, now + BUSY_S * US_PER_S, INDEX_ATTEMPTS, true, 1, all, LOCK_PATIENT, &rows, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        ids[i] = rows[i].post_id;
    *posts_r = (struct int_array){ids, count};
    return status;
}

static enum status
make_batch(struct db *db, struct int_array posts)
{
    enum status status = db_begin(db);

    for (size_t i = 0; i < posts.count && status == STATUS_OK; i++) {
        status = index_post(db, posts.items[i]);
        if (status == STATUS_NOT_FOUND)
            status = STATUS_OK;
        else if (status != STATUS_OK)
            log_warning("index", "post", "%lld", (long long)posts.items[i], "status", "%s", status_row(status)->name);
    }
    if (status == STATUS_OK)
        status = search_index_end(db, posts);
    if (status == STATUS_OK)
        status = q_post_stale_end(db, posts, NULL);
    if (status == STATUS_OK)
        return db_commit(db);
    db_rollback(db);
    return status;
}

/* A post that PostgreSQL refuses spoils its batch: then each is tried alone, and what fails by itself keeps its attempt. */
static enum status
make_one_by_one(struct db *db, struct int_array posts)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < posts.count && status != STATUS_UNAVAILABLE; i++) {
        status = make_batch(db, (struct int_array){posts.items + i, 1});
        if (status == STATUS_RETRY || status == STATUS_DISK_FULL)
            q_post_stale_release(db, (struct int_array){posts.items + i, 1}, NULL);
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

    walk->unmerged = 0;
    return is_due ? search_index_merge(db) : STATUS_OK;
}

enum status
index_next(struct db *db, struct index_walk *walk, size_t *done_r)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct int_array posts;
    enum status status = claim(db, ctx, walk->is_patient, &posts);

    *done_r = 0;
    if (status == STATUS_OK && posts.count > 0) {
        *done_r = posts.count;
        status = make_batch(db, posts);
        if (status != STATUS_OK && status != STATUS_UNAVAILABLE)
            status = make_one_by_one(db, posts);
    }
    walk->unmerged += posts.count;
    if (status == STATUS_OK && ((posts.count < INDEX_BATCH && !walk->is_patient) || walk->unmerged >= INDEX_MERGE))
        status = index_stop(db, walk);
    talloc_free(ctx);
    return status;
}

enum status
index_older(struct db *db)
{
    return q_post_view_older(db, VIEW_VERSION, OLDER_MOST, NULL);
}

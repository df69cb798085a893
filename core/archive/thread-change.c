/* thread-change.c - owners say where messages stand */
#include <stdlib.h>

#include "archive/place.h"
#include "archive/thread-change.h"
#include "util/clock.h"
#include "util/str.h"

enum { LOGGED_MOST = 200 };

static const char *const words[THREAD_ACTS] = {[THREAD_SPLIT] = "split", [THREAD_JOIN] = "join", [THREAD_REATTACH] = "reattach"};
static const char *const audits[THREAD_ACTS] = {[THREAD_SPLIT] = "thread_split", [THREAD_JOIN] = "thread_join",
                                                [THREAD_REATTACH] = "thread_reattach"};

enum thread_act
thread_act_of(const char *word)
{
    int act = 0;

    while (act < THREAD_ACTS && !str_eq(words[act], word))
        act++;
    return (enum thread_act)act;
}

const char *
thread_act_word(enum thread_act act)
{
    return words[act];
}

/* ---- what a change orders ---- */

struct plan {
    struct db *db;
    TALLOC_CTX *ctx;
    int64_t list_id;
    enum thread_act act;
    const struct row_thread_post *post, *under;     /* under of a join: the beginning of the other thread */
    struct text_array ids;                          /* the messages that are ordered */
    struct row_thread_leaves *posts;                /* of the post's thread, by their ids */
    size_t count;
};

static int
compare_ids(const void *key, const void *leaf)
{
    int64_t id = *(const int64_t *)key, other = ((const struct row_thread_leaves *)leaf)->id;

    return (id > other) - (id < other);
}

static const struct row_thread_leaves *
find_leaf(const struct plan *plan, int64_t id)
{
    return bsearch(&id, plan->posts, plan->count, sizeof *plan->posts, compare_ids);
}

/* Does the other one hang on the message, or is it a copy of it? */
static bool
is_below(const struct plan *plan)
{
    const struct row_thread_leaves *at = find_leaf(plan, plan->under->id);

    for (size_t steps = 0; at != NULL && steps <= plan->count; steps++) {
        if (at->id == plan->post->id || str_eq(at->mid, plan->post->mid))
            return true;
        at = at->parent == 0 ? NULL : find_leaf(plan, at->parent);
    }
    return false;
}

static enum status
plan_one(struct plan *plan)
{
    const char **ids = mem_array(plan->ctx, const char *, 1);

    ids[0] = plan->post->mid;
    plan->ids = (struct text_array){ids, 1};
    return STATUS_OK;
}

/* All that is at the top of the thread, and the absent messages that hold it together: they go along when they come. */
static enum status
plan_thread(struct plan *plan)
{
    struct row_thread_absent *absent;
    const char **ids;
    size_t count, used = 0;
    enum status status = q_thread_absent(plan->db, plan->ctx, plan->post->thread, &absent, &count);

    if (status != STATUS_OK)
        return status;
    ids = mem_array(plan->ctx, const char *, count + plan->count + 1);
    for (size_t i = 0; i < count; i++)
        ids[used++] = absent[i].mid;
    for (size_t i = 0; i < plan->count; i++)
        if (plan->posts[i].parent == 0 && (!plan->posts[i].is_loose || plan->posts[i].missing == NULL || str_eq(plan->posts[i].missing, THREAD_UNNAMED)))
            ids[used++] = plan->posts[i].mid;
    plan->ids = (struct text_array){ids, used};
    return STATUS_OK;
}

/* Is it alone at the top of its thread? */
static bool
begins_thread(const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->posts[i].parent == 0 && !str_eq(plan->posts[i].mid, plan->post->mid))
            return false;
    return plan->post->parent == 0;
}

static enum status
check(struct plan *plan, struct fault *fault)
{
    if (plan->count > PLACE_ROWS_MOST)
        return fault_set(fault, STATUS_INVALID, "post", N_("This thread has too many messages to be changed."));
    if (plan->act == THREAD_SPLIT)
        return !begins_thread(plan) ? STATUS_OK
                                    : fault_set(fault, STATUS_INVALID, "post", N_("This message begins its thread already."));
    if (plan->act == THREAD_JOIN && plan->under->thread == plan->post->thread)
        return fault_set(fault, STATUS_INVALID, "under", N_("Both messages are in the same thread already."));
    if (plan->act == THREAD_REATTACH && is_below(plan))
        return fault_set(fault, STATUS_INVALID, "under", N_("That message is this one, or an answer to it."));
    if (plan->act == THREAD_REATTACH && plan->post->parent == plan->under->id && plan->post->missing == NULL)
        return fault_set(fault, STATUS_INVALID, "under", N_("The message is there already."));
    return STATUS_OK;
}

/* What begins the other thread: its first line that is a post. */
static enum status
find_beginning(struct plan *plan)
{
    struct row_thread_post *beginning;
    struct row_thread_leaves *posts;
    struct thread_line *lines;
    size_t count, line_count, at = 0;
    enum status status = thread_load(plan->db, plan->ctx, plan->under->thread, false, &posts, &count, &lines, &line_count);

    while (status == STATUS_OK && at < line_count && lines[at].leaf == THREAD_NONE)
        at++;
    if (status != STATUS_OK || at == line_count)
        return status;
    status = q_thread_post(plan->db, plan->ctx, plan->list_id, posts[lines[at].leaf].number, NULL, NULL, &beginning);
    if (status == STATUS_OK && beginning != NULL)
        plan->under = beginning;
    return status;
}

static enum status
log_change(struct db *db, TALLOC_CTX *ctx, const struct thread_who *who, const char *action, int64_t list_id, int64_t number,
           int64_t other)
{
    char *detail = other != 0 ? mem_printf(ctx, "#%lld", (long long)other) : mem_strdup(ctx, "");

    return q_audit_add(db, clock_now_us(), utf8_cut(ctx, who->words, LOGGED_MOST), who->user_id, action, list_id,
                       mem_printf(ctx, "#%lld", (long long)number), detail, NULL);
}

static enum status
place_changed(struct db *db, TALLOC_CTX *ctx, int64_t list_id, int64_t change_id)
{
    struct row_thread_change_posts *posts;
    int64_t *ids;
    size_t count;
    enum status status = q_thread_change_posts(db, ctx, list_id, change_id, &posts, &count);

    if (status != STATUS_OK)
        return status;
    ids = mem_array(ctx, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = posts[i].id;
    return place_again(db, ctx, list_id, (struct int_array){ids, count});
}

static enum status
change_held(struct plan *plan, const struct thread_who *who, bool is_trial, int64_t *change_id_r, struct fault *fault)
{
    struct row_thread_change_add *added;
    struct row_list_hold *held;
    enum status status = q_list_hold(plan->db, plan->ctx, plan->list_id, &held);

    if (status == STATUS_OK)
        status = q_thread_leaves(plan->db, plan->ctx, plan->post->thread, PLACE_ROWS_MOST + 1, &plan->posts, &plan->count);
    if (status == STATUS_OK)
        status = check(plan, fault);
    if (status != STATUS_OK || is_trial)
        return status;
    if (plan->act == THREAD_JOIN)
        status = find_beginning(plan);
    if (status == STATUS_OK)
        status = plan->act == THREAD_JOIN ? plan_thread(plan) : plan_one(plan);
    if (status == STATUS_OK)
        status = q_thread_change_add(plan->db, plan->ctx, plan->list_id, words[plan->act], plan->post->id, plan->under != NULL ? plan->under->id : 0,
                                     clock_now_us(), plan->ids, plan->under != NULL ? plan->under->mid : NULL, &added);
    if (status != STATUS_OK)
        return status;
    *change_id_r = added->id;
    status = place_changed(plan->db, plan->ctx, plan->list_id, added->id);
    return status == STATUS_OK ? log_change(plan->db, plan->ctx, who, audits[plan->act], plan->list_id, plan->post->number,
                                            plan->under != NULL ? plan->under->number : 0) : status;
}

static enum status
ended(struct db *db, enum status status)
{
    if (status == STATUS_OK)
        return db_commit(db);
    db_rollback(db);
    return status;
}

enum status
thread_change(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const struct thread_wish *wish, const struct thread_who *who,
              int64_t *change_id_r, struct fault *fault)
{
    struct plan plan = {.db = db, .ctx = ctx, .list_id = list_id, .act = wish->act, .post = wish->post, .under = wish->under};
    enum status status = db_begin(db);

    return status == STATUS_OK ? ended(db, change_held(&plan, who, wish->is_trial, change_id_r, fault)) : status;
}

static enum status
undo_held(struct db *db, TALLOC_CTX *ctx, int64_t list_id, int64_t change_id, const struct thread_who *who, const char **hash_r)
{
    struct row_thread_change_undo *undone;
    struct row_thread_changed *changed;
    struct row_list_hold *held;
    enum status status = q_list_hold(db, ctx, list_id, &held);

    if (status == STATUS_OK)
        status = q_thread_change_undo(db, ctx, list_id, change_id, clock_now_us(), &undone);
    if (status == STATUS_OK && undone == NULL)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = q_thread_changed(db, ctx, change_id, &changed);
    if (status == STATUS_OK)
        status = place_changed(db, ctx, list_id, change_id);
    if (status != STATUS_OK)
        return status;
    *hash_r = changed->hash;
    return log_change(db, ctx, who, "thread_undo", list_id, changed->number, changed->target_number);
}

enum status
thread_undo(struct db *db, TALLOC_CTX *ctx, int64_t list_id, int64_t change_id, const struct thread_who *who, const char **hash_r)
{
    enum status status = db_begin(db);

    return status == STATUS_OK ? ended(db, undo_held(db, ctx, list_id, change_id, who, hash_r)) : status;
}

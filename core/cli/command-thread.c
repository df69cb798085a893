/* command-thread.c - kairan thread: threads as they are, and as their owners want them */
#include "archive/place.h"
#include "archive/thread-change.h"
#include "cli/common.h"
#include "store/statements.h"
#include "util/clock.h"

enum { DEPTH_SHOWN = 30, CHANGES_SHOWN = 50, THREADS_A_TURN = 200 };

static enum status
find_post(struct call *call, const struct list *list, const char *name, struct row_thread_post **post_r)
{
    enum status status = thread_find_post(call->db, call->ctx, list->id, word(call, name), false, post_r);

    if (status == STATUS_OK && *post_r == NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, name, "There is no post %s on %s.", word(call, name), list->address);
    return status;
}

static enum status
list_and_post(struct call *call, struct list **list_r, struct row_thread_post **post_r)
{
    enum status status = call_list(call, word(call, "LIST"), list_r);

    return status == STATUS_OK ? find_post(call, *list_r, "NUMBER|HASH|MESSAGE-ID", post_r) : status;
}

/* ---- show ---- */

static void
show_line_as_row(struct out *row, const struct thread_line *line, const struct row_thread_leaves *post)
{
    out_int(row, "depth", (int64_t)line->depth);
    out_bool(row, "is_here", post != NULL);
    out_text(row, "message_id", post != NULL ? post->mid : line->missing);
    if (post == NULL)
        return;
    out_int(row, "number", post->number);
    out_text(row, "hash", post->hash);
    out_text(row, "from", post->name);
    out_text(row, "address", post->address);
    out_text(row, "subject", post->subject);
    out_time(row, "written_at", post->written_at);
    out_bool(row, "archived", post->is_archived);
}

static char *
line_text(TALLOC_CTX *ctx, const struct thread_line *line, const struct row_thread_leaves *post)
{
    int indent = 2 * (int)(line->depth < DEPTH_SHOWN ? line->depth : DEPTH_SHOWN);

    if (post == NULL)
        return mem_printf(ctx, "%*s(a message that is not here)%s%s%s", indent, "", line->missing != NULL ? " <" : "",
                          line->missing != NULL ? line->missing : "", line->missing != NULL ? ">" : "");
    return mem_printf(ctx, "%*s#%lld %s, %s: %s%s", indent, "", (long long)post->number, post->name, clock_iso(ctx, post->written_at),
                      post->subject, post->is_archived ? "" : " (not in the archive)");
}

enum status
command_thread_show(struct call *call)
{
    struct row_thread_leaves *posts;
    struct row_thread_post *post;
    struct thread_line *lines;
    struct list *list;
    struct out *rows;
    size_t count, line_count;
    enum status status = list_and_post(call, &list, &post);

    if (status == STATUS_OK)
        status = thread_load(call->db, call->ctx, post->thread, false, &posts, &count, &lines, &line_count);
    if (status != STATUS_OK)
        return status;
    out_int(call->out, "posts", (int64_t)count);
    rows = out_rows(call->out, "thread");
    for (size_t i = 0; i < line_count; i++) {
        const struct row_thread_leaves *at = lines[i].leaf == THREAD_NONE ? NULL : &posts[lines[i].leaf];

        if (call->json)
            show_line_as_row(out_row(rows), &lines[i], at);
        else
            out_row_text(rows, line_text(call->ctx, &lines[i], at));
    }
    return STATUS_OK;
}

/* ---- change ---- */

static enum status
change(struct call *call, enum thread_act act)
{
    struct thread_who who = {call->actor.words, call->actor.user_id};
    struct row_thread_post *post, *under = NULL;
    struct list *list;
    int64_t id = 0;
    enum status status = list_and_post(call, &list, &post);

    if (status == STATUS_OK && act != THREAD_SPLIT)
        status = find_post(call, list, "OTHER", &under);
    if (status == STATUS_OK)
        status = thread_change(call->db, call->ctx, list->id, &(struct thread_wish){act, post, under, false}, &who, &id, &call->fault);
    if (status == STATUS_OK)
        out_int(call->out, "change", id);
    return status;
}

enum status
command_thread_split(struct call *call)
{
    return change(call, THREAD_SPLIT);
}

enum status
command_thread_join(struct call *call)
{
    return change(call, THREAD_JOIN);
}

enum status
command_thread_reattach(struct call *call)
{
    return change(call, THREAD_REATTACH);
}

enum status
command_thread_undo(struct call *call)
{
    struct thread_who who = {call->actor.words, call->actor.user_id};
    const char *hash;
    struct list *list;
    int64_t id = 0;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = call_number(call, "CHANGE", word(call, "CHANGE"), INT64_MAX, &id);
    if (status == STATUS_OK)
        status = thread_undo(call->db, call->ctx, list->id, id, &who, &hash);
    if (status == STATUS_NOT_FOUND && call->fault.sentence == NULL)
        return fault_setf(&call->fault, call->ctx, status, "CHANGE", "%s has no change %lld that stands.", list->address, (long long)id);
    if (status == STATUS_OK)
        out_text(call->out, "message", hash);
    return status;
}

enum status
command_thread_changes(struct call *call)
{
    struct out *rows = out_rows(call->out, "changes");
    struct row_thread_changes *changes;
    struct list *list;
    size_t count = 0;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = q_thread_changes(call->db, call->ctx, list->id, 0, CHANGES_SHOWN, &changes, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "change", changes[i].id);
        out_text(row, "act", changes[i].act);
        out_text(row, "message", changes[i].hash);
        out_text(row, "other", changes[i].target_hash);
        out_time(row, "made_at", changes[i].made_at);
        out_time(row, "undone_at", changes[i].undone_at);
    }
    return status;
}

/* ---- rebuild ---- */

/* Some threads in one transaction, with the list held; the last thread's id in *after. */
static enum status
rebuild_some(struct call *call, TALLOC_CTX *ctx, int64_t list_id, int64_t *after, size_t *count_r)
{
    struct row_thread_ids *threads;
    struct row_thread_post_ids *posts;
    struct row_list_hold *held;
    int64_t *ids;
    size_t count = 0;
    enum status status = q_list_hold(call->db, ctx, list_id, &held);

    if (status == STATUS_OK)
        status = q_thread_ids(call->db, ctx, list_id, *after, THREADS_A_TURN, &threads, count_r);
    if (status != STATUS_OK || *count_r == 0)
        return status;
    ids = mem_array(ctx, int64_t, *count_r);
    for (size_t i = 0; i < *count_r; i++)
        ids[i] = *after = threads[i].id;
    status = q_thread_post_ids(call->db, ctx, (struct int_array){ids, *count_r}, &posts, &count);
    if (status != STATUS_OK || count == 0)
        return status;
    ids = mem_array(ctx, int64_t, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = posts[i].id;
    return place_again(call->db, ctx, list_id, (struct int_array){ids, count});
}

enum status
command_thread_rebuild(struct call *call)
{
    struct list *list;
    int64_t after = 0, done = 0;
    size_t count = 1;
    enum status status = call_list(call, word(call, "LIST"), &list);

    while (status == STATUS_OK && count > 0) {
        TALLOC_CTX *ctx = talloc_new(call->ctx);

        status = db_begin(call->db);
        if (status == STATUS_OK)
            status = rebuild_some(call, ctx, list->id, &after, &count);
        if (status == STATUS_OK)
            status = db_commit(call->db);
        else
            db_rollback(call->db);
        done += (int64_t)count;
        talloc_free(ctx);
    }
    if (status == STATUS_OK)
        out_int(call->out, "threads", done);
    return status;
}

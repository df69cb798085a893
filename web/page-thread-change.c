/* page-thread-change.c - owners split a thread, join two, move a message, and take that back */
#include "archive/subject.h"
#include "archive/thread-change.h"
#include "util/clock.h"
#include "web/archive.h"
#include "web/common.h"
#include "web/page.h"

enum { LINES_SHOWN = 500, DEPTH_SHOWN = 12, CHANGES_SHOWN = 10 };

static enum status
find_own(struct request *request, struct row_thread_post **post_r)
{
    enum status status = thread_find_post(request->web->db, request, request->list->id, request_param(request, "hash"), true, post_r);

    return status == STATUS_OK && *post_r == NULL ? STATUS_NOT_FOUND : status;
}

/* ---- the thread, to choose in ---- */

static void
show_post(struct out *row, const char *hash, const char *name, const char *subject, int64_t written_at)
{
    out_text(row, "hash", hash);
    out_text(row, "author", name);
    out_text(row, "subject", subject);
    out_time(row, "written_at", written_at);
}

/* Of a long thread those around the chosen one. */
static size_t
first_line(const struct row_thread_leaves *posts, const struct thread_line *lines, size_t count, const char *chosen)
{
    size_t at = 0;

    while (at < count && (lines[at].leaf == THREAD_NONE || !str_eq(posts[lines[at].leaf].hash, chosen)))
        at++;
    if (at == count || at < LINES_SHOWN / 2)
        return 0;
    return count - at > LINES_SHOWN / 2 ? at - LINES_SHOWN / 2 : count > LINES_SHOWN ? count - LINES_SHOWN : 0;
}

/* Lines as lists within lists: what a line opens and closes. Depths are those below the first one. */
static void
show_lines(struct request *request, const struct row_thread_leaves *posts, const struct thread_line *lines, size_t count, const char *chosen)
{
    struct out *rows = out_rows(request->page, "lines");
    size_t before = 0, first = first_line(posts, lines, count, chosen), base = count > 0 ? lines[first].depth : 0;
    const char *said = NULL;        /* a subject is told where it is another than the one before it */

    for (size_t i = first; i < count && i < first + LINES_SHOWN; i++) {
        const struct row_thread_leaves *post = lines[i].leaf == THREAD_NONE ? NULL : &posts[lines[i].leaf];
        size_t below = lines[i].depth > base ? lines[i].depth - base : 0, depth = below < DEPTH_SHOWN ? below : DEPTH_SHOWN;
        struct out *row = out_row(rows);

        out_bool(row, "is_first", i == first);
        out_bool(row, "is_deeper", i > first && depth > before);
        out_int(row, "closes", i > first && depth < before ? (int64_t)(before - depth) : 0);
        before = depth;
        if (post == NULL)
            continue;
        out_bool(row, "is_chosen", str_eq(post->hash, chosen));
        show_post(row, post->hash, post->name, post->subject, post->written_at);
        out_bool(row, "has_subject", said == NULL || !subject_is_same(post->subject, said));
        said = post->subject;
    }
    out_int(request->page, "closes", (int64_t)before);
    out_bool(request->page, "is_cut", first + LINES_SHOWN < count || first > 0);
}

static enum status
show_changes(struct request *request, int64_t thread_id)
{
    struct out *rows = out_rows(request->page, "changes");
    struct row_thread_changes *changes;
    size_t count;
    enum status status = q_thread_changes(request->web->db, request, request->list->id, thread_id, CHANGES_SHOWN, &changes, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", changes[i].id);
        out_text(row, "act", changes[i].act);
        show_post(row, changes[i].hash, NULL, changes[i].subject, changes[i].made_at);
        out_text(row, "other", changes[i].target_subject);
        out_text(row, "other_hash", changes[i].target_hash);
        out_bool(row, "is_undone", changes[i].undone_at != 0);
    }
    return status;
}

static enum status
show_thread(struct request *request, const struct row_thread_post *own, const char *chosen)
{
    struct row_thread_leaves *posts;
    struct thread_line *lines;
    size_t count, line_count;
    enum status status = thread_load(request->web->db, request, own->thread, true, &posts, &count, &lines, &line_count);

    if (status != STATUS_OK)
        return status;
    out_text(request->page, "subject", own->subject);
    out_text(request->page, "hash", own->hash);
    show_lines(request, posts, lines, line_count, chosen);
    return show_changes(request, own->thread);
}

enum status
page_thread_change(struct request *request, struct fault *fault)
{
    struct row_thread_post *own;
    enum status status = find_own(request, &own);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    out_text(request->page, "done", request_text(request, "done"));
    out_int(request->page, "undo", request_int(request, "change", 1, INT64_MAX, 0));
    return show_thread(request, own, own->hash);
}

/* ---- a change ---- */

static enum status
sent_on(struct request *request, const char *hash, const char *done, int64_t change_id)
{
    const char *address = mem_printf(request, "%sthread/%s/change?done=%s", request->list->path, hash, done);

    response_send_to(request->response, change_id == 0 ? address : mem_printf(request, "%s&change=%lld", address, (long long)change_id));
    return STATUS_OK;
}

static enum status
undo(struct request *request, const struct thread_who *who)
{
    const char *hash;
    enum status status = thread_undo(request->web->db, request, request->list->id, request_int(request, "id", 1, INT64_MAX, 0), who, &hash);

    /* Taken back already, by a second press: that is how it is. */
    if (status == STATUS_NOT_FOUND)
        return sent_on(request, request_param(request, "hash"), "undone", 0);
    return status == STATUS_OK ? sent_on(request, hash, "undone", 0) : status;
}

static enum status
read_wish(struct request *request, struct row_thread_post *own, struct thread_wish *wish, struct fault *fault)
{
    struct row_thread_post *post = own, *under = NULL;
    enum status status = STATUS_OK;

    wish->act = thread_act_of(request_text(request, "act"));
    if (wish->act == THREAD_ACTS)
        return fault_set(fault, STATUS_INVALID, "post", N_("Choose a message, and what is to happen."));
    if (wish->act != THREAD_JOIN)
        status = thread_find_post(request->web->db, request, request->list->id, request_text(request, "post"), true, &post);
    if (status == STATUS_OK && post == NULL)
        return fault_set(fault, STATUS_INVALID, "post", N_("Choose a message, and what is to happen."));
    if (status == STATUS_OK && wish->act != THREAD_SPLIT)
        status = thread_find_post(request->web->db, request, request->list->id, request_text(request, "under"), true, &under);
    if (status == STATUS_OK && wish->act != THREAD_SPLIT && under == NULL)
        return fault_set(fault, STATUS_INVALID, "under", N_("There is no such message on this list."));
    wish->post = post;
    wish->under = under;
    return status;
}

static void
ask(struct request *request, const struct row_thread_post *own, const struct thread_wish *wish)
{
    request->template = "thread-change-sure";
    out_text(request->page, "hash", own->hash);
    out_text(request->page, "act", thread_act_word(wish->act));
    show_post(out_object(request->page, "post"), wish->post->hash, wish->post->name, wish->post->subject, 0);
    if (wish->under != NULL)
        show_post(out_object(request->page, "other"), wish->under->hash, wish->under->name, wish->under->subject, 0);
}

enum status
page_thread_change_act(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct thread_who who = {actor.words, actor.user_id};
    struct thread_wish wish = {.is_trial = !request_has(request, "sure")};
    struct row_thread_post *own;
    int64_t change_id = 0;
    enum status status = find_own(request, &own);

    if (status == STATUS_OK && str_eq(request_text(request, "act"), "undo"))
        return undo(request, &who);
    if (status == STATUS_OK)
        status = read_wish(request, own, &wish, fault);
    if (status == STATUS_OK)
        status = thread_change(request->web->db, request, request->list->id, &wish, &who, &change_id, fault);
    if (status == STATUS_OK && !wish.is_trial)
        return sent_on(request, wish.post->hash, thread_act_word(wish.act), change_id);
    if (status == STATUS_OK) {
        ask(request, own, &wish);
        return STATUS_OK;
    }
    if (fault->field == NULL)
        return status;
    out_text(request->page, "under", request_text(request, "under"));
    status = show_thread(request, own, str_is_empty(request_text(request, "post")) ? own->hash : request_text(request, "post"));
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

/* page-remove.c - what owners take out of the archive: posts, words of posts, people */
#include "policy/removal.h"
#include "store/statements.h"
#include "web/common.h"
#include "web/page.h"

enum { REMOVED_ON_A_PAGE = 50, ERASURES_SHOWN = 20, FINDS_ON_A_PAGE = 100 };

/* ---- one post ---- */

static enum status
find_removal_post(struct request *request, struct row_removal_post **post_r)
{
    enum status status = q_removal_post(request->web->db, request, request->list->id, request_param(request, "hash"), post_r);

    return status == STATUS_OK && *post_r == NULL ? STATUS_NOT_FOUND : status;
}

static void
show_post(struct request *request, const struct row_removal_post *post)
{
    out_text(request->page, "hash", request_param(request, "hash"));
    out_text(request->page, "thread_hash", post->thread_hash);
    out_text(request->page, "subject", post->subject);
    out_text(request->page, "author", post->from_name);
    out_int(request->page, "number", post->number);
    out_time(request->page, "at", post->accepted_at);
    out_bool(request->page, "is_hidden", str_eq(post->removed, "hidden"));
    out_bool(request->page, "is_gone", post->removed != NULL && !str_eq(post->removed, "hidden"));
    out_time(request->page, "removed_at", post->removed_at);
}

enum status
page_remove(struct request *request, struct fault *fault)
{
    struct row_removal_post *post;
    enum status status = find_removal_post(request, &post);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    show_post(request, post);
    out_text(request->page, "done", request_text(request, "done"));
    return STATUS_OK;
}

static enum status
refuse(struct request *request, const struct row_removal_post *post, const struct fault *fault)
{
    show_post(request, post);
    out_text(request->page, "words", request_text(request, "words"));
    return form_refuse(request, fault);
}

static enum status
ask_first(struct request *request, const struct row_removal_post *post)
{
    show_post(request, post);
    out_bool(request->page, "asks", true);
    return STATUS_OK;
}

enum status
page_remove_act(struct request *request, struct fault *fault)
{
    const char *act = request_text(request, "act");
    struct actor actor = request_actor(request);
    struct db *db = request->web->db;
    struct row_removal_post *post;
    int64_t done = 0, id;
    enum status status = find_removal_post(request, &post);

    if (status != STATUS_OK)
        return status;
    if (str_eq(act, "delete") && !request_has(request, "sure"))
        return ask_first(request, post);
    if (str_eq(act, "hide") || str_eq(act, "delete"))
        status = removal_hide(db, &actor, request->list->id, (struct int_array){&post->id, 1}, str_eq(act, "delete"), &done);
    else if (str_eq(act, "show"))
        status = removal_show(db, &actor, request->list->id, (struct int_array){&post->id, 1}, &done);
    else if (str_eq(act, "redact"))
        status = removal_redact(db, &actor, request, request->list->id, post->id, request_text(request, "words"), &id, fault);
    else
        return fault_set(fault, STATUS_INVALID, "act", N_("Something in the input is not as it must be."));
    if (status == STATUS_INVALID)
        return refuse(request, post, fault);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%smessage/%s/remove?done=%s", request->list->path,
                                                       request_param(request, "hash"), act));
    return status;
}

/* ---- what was removed ---- */

static enum status
show_removed(struct request *request)
{
    struct out *rows = out_rows(request->page, "posts");
    struct row_removal_listed *posts;
    size_t count;
    enum status status = q_removal_listed(request->web->db, request, request->list->id, request_int(request, "before", 1, INT64_MAX, 0),
                                          REMOVED_ON_A_PAGE + 1, &posts, &count);

    for (size_t i = 0; status == STATUS_OK && i < count && i < REMOVED_ON_A_PAGE; i++) {
        struct out *row = out_row(rows);

        out_text(row, "hash", posts[i].hash);
        out_int(row, "number", posts[i].number);
        out_text(row, "subject", posts[i].subject);
        out_text(row, "author", posts[i].from_name);
        out_bool(row, "is_hidden", str_eq(posts[i].removed, "hidden"));
        out_time(row, "at", posts[i].removed_at);
    }
    if (status == STATUS_OK && count > REMOVED_ON_A_PAGE)
        out_text(request->page, "older", mem_printf(request, "?before=%lld", (long long)posts[REMOVED_ON_A_PAGE - 1].id));
    return status;
}

static enum status
show_erasures(struct request *request)
{
    struct out *rows = out_rows(request->page, "erasures");
    struct row_removal_all *all;
    size_t count;
    enum status status = q_removal_all(request->web->db, request, request->list->id, "erase", 0, ERASURES_SHOWN, &all, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", all[i].id);
        out_int(row, "posts", all[i].posts);
        out_time(row, "at", all[i].created_at);
        out_bool(row, "waits", str_eq(all[i].state, "review"));
        out_bool(row, "is_done", str_eq(all[i].state, "done"));
        out_int(row, "finds", all[i].finds);
    }
    return status;
}

enum status
page_removed(struct request *request, struct fault *fault)
{
    enum status status = show_removed(request);

    (void)fault;
    return status == STATUS_OK ? show_erasures(request) : status;
}

/* ---- people ---- */

enum status
page_erase(struct request *request, struct fault *fault)
{
    (void)request;
    (void)fault;
    return STATUS_OK;
}

enum status
page_erase_ask(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    const char *words = request_text(request, "words");
    int64_t id = 0;
    enum status status;

    out_text(request->page, "words", words);
    if (!request_has(request, "sure")) {
        out_bool(request->page, "asks", true);
        return STATUS_OK;
    }
    status = removal_erase(request->web->db, &actor, request, request->list->id, words, &id, fault);
    if (status == STATUS_INVALID || status == STATUS_CONFLICT)
        return form_refuse(request, fault);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%serase/%lld", request->list->path, (long long)id));
    return status;
}

static enum status
show_finds(struct request *request, int64_t id)
{
    struct out *rows = out_rows(request->page, "posts");
    struct row_removal_finds *finds;
    size_t count;
    enum status status = q_removal_finds(request->web->db, request, id, request_int(request, "after", 1, INT64_MAX, 0), FINDS_ON_A_PAGE + 1,
                                         &finds, &count);

    for (size_t i = 0; status == STATUS_OK && i < count && i < FINDS_ON_A_PAGE; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", finds[i].post_id);
        out_text(row, "hash", finds[i].hash);
        out_text(row, "subject", finds[i].subject);
        out_text(row, "author", finds[i].from_name);
        out_int(row, "hits", finds[i].hits);
        out_time(row, "at", finds[i].accepted_at);
    }
    if (status == STATUS_OK && count > FINDS_ON_A_PAGE)
        out_text(request->page, "more", mem_printf(request, "?after=%lld", (long long)finds[FINDS_ON_A_PAGE - 1].post_id));
    return status;
}

enum status
page_erase_found(struct request *request, struct fault *fault)
{
    struct row_removal_get *row = NULL;
    int64_t id = 0;
    enum status status = STATUS_OK;

    (void)fault;
    if (str_to_int(request_param(request, "id"), 1, INT64_MAX, &id))
        status = q_removal_get(request->web->db, request, id, request->list->id, &row);
    if (status != STATUS_OK || row == NULL || !str_eq(row->kind, "erase"))
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    out_int(request->page, "id", id);
    out_bool(request->page, "works", str_eq(row->state, "looking") || str_eq(row->state, "ending"));
    out_bool(request->page, "waits", str_eq(row->state, "review"));
    out_int(request->page, "changed", row->posts);
    out_time(request->page, "at", row->created_at);
    return str_eq(row->state, "review") ? show_finds(request, id) : STATUS_OK;
}

enum status
page_erase_decide(struct request *request, struct fault *fault)
{
    const char *way = request_text(request, "way");
    struct actor actor = request_actor(request);
    struct int_array posts = request_ids(request, request, "post");
    int64_t id = 0;
    enum status status;

    (void)fault;
    if (!str_to_int(request_param(request, "id"), 1, INT64_MAX, &id))
        return STATUS_NOT_FOUND;
    if (str_eq(way, "none"))
        posts.count = 0;
    status = removal_decide(request->web->db, &actor, request->list->id, id, posts, str_eq(way, "all"));
    if (status == STATUS_OK || status == STATUS_CONFLICT) {
        response_send_to(request->response, mem_printf(request, "%serase/%lld", request->list->path, (long long)id));
        return STATUS_OK;
    }
    return status;
}

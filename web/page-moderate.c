/* page-moderate.c - what mailed links do with held posts: a moderator's queue without signing in, and the author's way back */
#include "policy/held.h"
#include "policy/moderator.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "web/common.h"
#include "web/desk.h"
#include "web/limit.h"
#include "web/list.h"
#include "web/page.h"
#include "web/words.h"

enum { ROWS = 10, LINKS_A_DAY = 5, DAY_S = 86400 };

/* ---- a moderator ---- */

/* Whoever has the link may know the list. */
static enum status
find_moderator(struct request *request, struct moderator **moderator_r)
{
    enum status status = moderator_by_link(request->web->db, request, request_param(request, "token"), moderator_r);

    if (status == STATUS_OK)
        status = list_load_as_known(request, (*moderator_r)->list_name, (*moderator_r)->domain);
    return status == STATUS_OK && request->list == NULL ? STATUS_NOT_FOUND : status;
}

static struct desk
desk_of(struct request *request, const struct moderator *moderator)
{
    struct desk_list *list = mem_new(request, struct desk_list);

    *list = (struct desk_list){request->list->id, request->list->title, request->list->path};
    return (struct desk){.base = mem_printf(request, "/m/%s", request_param(request, "token")), .lists = list, .list_count = 1,
                         .actor = {.words = moderator->email, .user_id = moderator->user_id}, .page = ROWS, .by_link = true};
}

/* The page of a link that opens nothing any more: its time is over, or the role is. */
static enum status
show_over(struct request *request, const struct moderator *moderator)
{
    request->template = "moderate-over";
    request->response->http = 410;
    out_text(request->page, "token", request_param(request, "token"));
    out_bool(request->page, "has_role", moderator->has_role);
    out_text(request->page, "email", moderator->email);
    return STATUS_OK;
}

enum status
page_moderate(struct request *request, struct fault *fault)
{
    int64_t id = request_int(request, "id", 1, INT64_MAX, 0);
    struct moderator *moderator;
    struct desk desk;
    enum status status = find_moderator(request, &moderator);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    if (moderator->is_over || !moderator->has_role)
        return show_over(request, moderator);
    desk = desk_of(request, moderator);
    out_time(request->page, "expires_at", moderator->expires_at);
    if (id == 0)
        return desk_show(request, &desk);
    request->template = "held-one";
    return desk_show_one(request, &desk, id);
}

/* A new link, to the same address; whether this one still works or not. */
static enum status
renew(struct request *request, const struct moderator *moderator)
{
    const char *token;
    enum status status = limit_take(request, "moderator-link", mem_printf(request, "%lld", (long long)moderator->member_id),
                                    LINKS_A_DAY, DAY_S);

    if (status == STATUS_OK)
        status = db_begin(request->web->db);
    if (status == STATUS_OK)
        status = moderator_link_make(request->web->db, request, moderator->member_id, moderator->epoch, &token);
    if (status == STATUS_OK)
        status = mail_send(request, NOTICE_held_link, moderator->email, (const char *const[NOTICE_ARGS]){
            request->list->title, mem_printf(request, "%s/m/%s", request_site_url(request, request), token)});
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    request->template = "moderate-over";
    out_text(request->page, "email", moderator->email);
    out_bool(request->page, "is_mailed", true);
    return status;
}

enum status
page_moderate_act(struct request *request, struct fault *fault)
{
    struct moderator *moderator;
    struct desk desk;
    enum status status = find_moderator(request, &moderator);

    if (status != STATUS_OK)
        return status;
    if (moderator->has_role && str_eq(request_text(request, "act"), "renew"))
        return renew(request, moderator);
    if (moderator->is_over || !moderator->has_role)
        return show_over(request, moderator);
    desk = desk_of(request, moderator);
    return desk_act(request, &desk, fault);
}

/* ---- the author ---- */

static enum status
find_held(struct request *request, struct row_held_cancel_find **row_r)
{
    enum status status = q_held_cancel_find(request->web->db, request,
                                            secret_hash(request, str_lower(request, request_param(request, "token"))), row_r);

    if (status != STATUS_OK || *row_r == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    status = list_load_as_known(request, (*row_r)->list_name, (*row_r)->domain);
    return status == STATUS_OK && request->list == NULL ? STATUS_NOT_FOUND : status;
}

/* Who among the moderators decided is theirs to tell. */
static enum status
show_held(struct request *request, const struct row_held_cancel_find *row)
{
    out_text(request->page, "token", request_param(request, "token"));
    out_text(request->page, "subject", row->subject);
    out_bool(request->page, "is_waiting", row->action == NULL);
    out_bool(request->page, "is_accepted", str_eq(row->action, "accepted"));
    out_bool(request->page, "is_cancelled", str_eq(row->action, "cancelled"));
    out_time(request->page, "decided_at", row->decided_at);
    return row->action == NULL ? show_words(request, "waiting_page") : STATUS_OK;
}

enum status
page_cancel(struct request *request, struct fault *fault)
{
    struct row_held_cancel_find *row;
    enum status status = find_held(request, &row);

    (void)fault;
    return status == STATUS_OK ? show_held(request, row) : status;
}

enum status
page_cancel_act(struct request *request, struct fault *fault)
{
    struct row_held_cancel_find *row;
    enum status status = find_held(request, &row);

    (void)fault;
    if (status == STATUS_OK)
        status = held_cancel(request->web->db, row->held_id, row->list_id, "link in a mail");
    if (status == STATUS_OK || status == STATUS_GONE)      /* who comes too late sees what became of it */
        status = find_held(request, &row);
    return status == STATUS_OK ? show_held(request, row) : status;
}

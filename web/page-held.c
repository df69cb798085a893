/* page-held.c - held posts of one list, and of all one's lists; what the worker could not process */
#include "policy/held.h"
#include "store/statements.h"
#include "web/body.h"
#include "web/common.h"
#include "web/desk.h"
#include "web/page.h"

enum { PAGE_ROWS = 50, RAW_READ = 1 << 30 };

/* ---- one list ---- */

static struct desk
desk_of_list(struct request *request)
{
    struct desk_list *list = mem_new(request, struct desk_list);

    *list = (struct desk_list){request->list->id, request->list->title, request->list->path};
    return (struct desk){.base = mem_printf(request, "%sheld", request->list->path), .actor = request_actor(request), .lists = list,
                         .list_count = 1, .page = PAGE_ROWS, .may_ban = request_may(request, RIGHT_BANS)};
}

static bool
read_id(const struct request *request, int64_t *id_r)
{
    return str_to_int(request_param(request, "id"), 1, INT64_MAX, id_r);
}

enum status
page_held(struct request *request, struct fault *fault)
{
    struct desk desk = desk_of_list(request);

    (void)fault;
    return desk_show(request, &desk);
}

enum status
page_held_act(struct request *request, struct fault *fault)
{
    struct desk desk = desk_of_list(request);

    return desk_act(request, &desk, fault);
}

enum status
page_held_one(struct request *request, struct fault *fault)
{
    struct desk desk = desk_of_list(request);
    int64_t id = 0;

    (void)fault;
    return read_id(request, &id) ? desk_show_one(request, &desk, id) : STATUS_NOT_FOUND;
}

/* A mail as it came, for saving. Our own links in it are masked, as everywhere. */
static enum status
send_raw(struct request *request, int64_t message_id, const char *name)
{
    struct str *body = request->response->body;
    struct row_held_bytes *row;
    enum status status = q_held_bytes(request->web->db, request, message_id, RAW_READ, &row);

    if (status != STATUS_OK || row == NULL || row->bytes.data == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    request->response->content_type = "application/octet-stream";
    response_field(request->response, "Content-Disposition", mem_printf(request, "attachment; filename=\"%s-%lld.eml\"", name,
                                                                        (long long)message_id));
    str_addn(body, row->bytes.data, row->bytes.len);
    mask_tokens(body->s, body->len);
    return STATUS_OK;
}

enum status
page_held_raw(struct request *request, struct fault *fault)
{
    struct row_held_get *held;
    int64_t id = 0;
    enum status status;

    (void)fault;
    if (!read_id(request, &id))
        return STATUS_NOT_FOUND;
    status = q_held_get(request->web->db, request, id, (struct int_array){&request->list->id, 1}, &held);
    if (status != STATUS_OK || held == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    return send_raw(request, held->message_id, "held");
}

/* ---- what could not be processed ---- */

enum status
page_aside_raw(struct request *request, struct fault *fault)
{
    struct row_aside_find *aside;
    int64_t id = 0;
    enum status status;

    (void)fault;
    if (!read_id(request, &id))
        return STATUS_NOT_FOUND;
    status = q_aside_find(request->web->db, request, id, (struct int_array){&request->list->id, 1}, &aside);
    if (status != STATUS_OK || aside == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    return send_raw(request, aside->id, "message");
}

static enum status
ask_discard(struct request *request, struct int_array ids)
{
    struct out *rows = out_rows(request->page, "ids");

    request->template = "held-ask";
    out_text(request->page, "base", mem_printf(request, "%sset-aside", request->list->path));
    out_text(request->page, "back", mem_printf(request, "%sheld", request->list->path));
    out_text(request->page, "act", "discard");
    out_int(request->page, "count", (int64_t)ids.count);
    for (size_t i = 0; i < ids.count; i++)
        out_int(out_row(rows), "id", ids.items[i]);
    return STATUS_OK;
}

enum status
page_aside_act(struct request *request, struct fault *fault)
{
    const char *act = request_text(request, "act");
    struct int_array ids = request_ids(request, request, "id"), lists = {&request->list->id, 1};
    struct actor actor = request_actor(request);
    int64_t done = 0;
    enum status status = STATUS_OK;

    if (ids.count == 0 || !(str_eq(act, "retry") || str_eq(act, "discard")))
        return fault_set(fault, STATUS_INVALID, "id", N_("No message was chosen."));
    if (str_eq(act, "discard") && !request_has(request, "sure"))
        return ask_discard(request, ids);
    for (size_t i = 0; i < ids.count && status == STATUS_OK; i++) {
        status = str_eq(act, "retry") ? aside_retry(request->web->db, &actor, ids.items[i], lists)
                                      : aside_discard(request->web->db, &actor, ids.items[i], lists);
        done += status == STATUS_OK;
        if (status == STATUS_GONE)
            status = STATUS_OK;
    }
    response_send_to(request->response, mem_printf(request, "%sheld?act=%s&done=%lld", request->list->path, act, (long long)done));
    return status;
}

/* ---- all lists of the one who is signed in ---- */

static enum status
desk_of_mine(struct request *request, struct desk *desk_r)
{
    struct row_held_lists_of_user *rows;
    struct desk_list *lists;
    size_t count;
    enum status status = q_held_lists_of_user(request->web->db, request, request->me.user_id, &rows, &count);

    if (status != STATUS_OK)
        return status;
    lists = mem_array(request, struct desk_list, count + 1);
    for (size_t i = 0; i < count; i++)
        lists[i] = (struct desk_list){rows[i].id, rows[i].title, mem_printf(request, "/lists/%s/", rows[i].slug)};
    *desk_r = (struct desk){.base = "/held", .actor = request_actor(request), .lists = lists, .list_count = count, .page = PAGE_ROWS};
    return STATUS_OK;
}

enum status
page_held_mine(struct request *request, struct fault *fault)
{
    struct desk desk;
    enum status status = desk_of_mine(request, &desk);

    (void)fault;
    if (status == STATUS_OK)
        out_bool(request->page, "has_no_lists", desk.list_count == 0);
    return status == STATUS_OK ? desk_show(request, &desk) : status;
}

enum status
page_held_mine_one(struct request *request, struct fault *fault)
{
    struct desk desk;
    int64_t id = 0;
    enum status status = desk_of_mine(request, &desk);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    return read_id(request, &id) ? desk_show_one(request, &desk, id) : STATUS_NOT_FOUND;
}

enum status
page_held_mine_act(struct request *request, struct fault *fault)
{
    struct desk desk;
    enum status status = desk_of_mine(request, &desk);

    return status == STATUS_OK ? desk_act(request, &desk, fault) : status;
}

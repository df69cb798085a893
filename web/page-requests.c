/* page-requests.c - who asks to join or to leave: see, agree, refuse, discard */
#include "policy/subscription.h"
#include "store/statements.h"
#include "util/clock.h"
#include "web/common.h"
#include "web/page.h"
#include "web/subscribe.h"

enum { PAGE_ROWS = 50, RECENT_S = 7 * 86400 };

/* ---- seeing ---- */

static enum status
show_rows(struct request *request, bool confirmed)
{
    struct out *rows = out_rows(request->page, "requests");
    struct row_web_requests *found;
    size_t count;
    enum status status = q_web_requests(request->web->db, request, request->list->id, confirmed,
                                        request_int(request, "after", 1, INT64_MAX, 0), PAGE_ROWS + 1, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count && i < PAGE_ROWS; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", found[i].id);
        out_text(row, "kind", found[i].kind);
        out_text(row, "email", found[i].email);
        out_text(row, "name", found[i].name);
        out_text(row, "old", found[i].old_email);
        out_bool(row, "is_known", found[i].is_known);
        out_text(row, "approved_by", found[i].approved_by);
        out_bool(row, "is_invitation", found[i].is_invitation);
        out_time(row, "at", found[i].created_at);
        out_time(row, "expires_at", found[i].expires_at);
    }
    if (status == STATUS_OK && count > PAGE_ROWS)
        out_int(request->page, "next", found[PAGE_ROWS - 1].id);
    return status;
}

static enum status
show_recent(struct request *request)
{
    struct out *rows = out_rows(request->page, "recent");
    struct row_web_requests_ended *found;
    size_t count;
    enum status status = q_web_requests_ended(request->web->db, request, request->list->id,
                                              clock_now_us() - RECENT_S * US_PER_S, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "email", found[i].email);
        out_text(row, "outcome", found[i].outcome);
        out_text(row, "by", found[i].ended_by);
        out_text(row, "reason", found[i].reason);
        out_time(row, "at", found[i].ended_at);
    }
    return status;
}

static enum status
show_counts(struct request *request)
{
    struct row_web_requests_count *count;
    enum status status = q_web_requests_count(request->web->db, request, request->list->id, &count);

    if (status == STATUS_OK) {
        out_int(request->page, "waiting", count->waiting);
        out_int(request->page, "unconfirmed", count->unconfirmed);
    }
    return status;
}

enum status
page_requests(struct request *request, struct fault *fault)
{
    bool unconfirmed = str_eq(request_text(request, "show"), "confirm");
    enum status status = show_rows(request, !unconfirmed);

    (void)fault;
    if (status == STATUS_OK)
        status = show_counts(request);
    if (status == STATUS_OK && !unconfirmed)
        status = show_recent(request);
    out_bool(request->page, "shows_unconfirmed", unconfirmed);
    out_int(request->page, "done", request_int(request, "done", 0, 1000, 0));
    out_int(request->page, "gone", request_int(request, "gone", 0, 1000, 0));
    out_text(request->page, "act", request_text(request, "act"));
    return status;
}

/* ---- deciding ---- */

static const struct { const char *word; enum subscription_decision decision; bool asks_first; } decisions[] = {
    {"accept", SUBSCRIPTION_ACCEPT, false}, {"reject", SUBSCRIPTION_REJECT, false}, {"discard", SUBSCRIPTION_DISCARD, true},
};

/* Nothing tells the person, so it is asked once. */
static void
ask_first(struct request *request, struct int_array ids)
{
    struct out *rows = out_rows(request->page, "ids");

    request->template = "requests-discard";
    out_int(request->page, "count", (int64_t)ids.count);
    for (size_t i = 0; i < ids.count; i++)
        out_int(out_row(rows), "id", ids.items[i]);
}

/* Each is decided by itself: one that somebody else took first does not stop the others. */
static enum status
decide(struct request *request, enum subscription_decision decision, struct int_array ids, int *done, int *gone)
{
    struct actor actor = request_actor(request);
    struct subscription_desk *desk;
    enum subscription_result result;
    enum status status = subscribe_desk(request, &desk);

    for (size_t i = 0; status == STATUS_OK && i < ids.count; i++) {
        status = subscription_decide(desk, request, subscribe_list(request), ids.items[i], decision, request_text(request, "reason"),
                                     &actor, &result);
        *done += status == STATUS_OK;
        *gone += status == STATUS_GONE;
        if (status == STATUS_GONE)
            status = STATUS_OK;
    }
    return status;
}

enum status
page_requests_act(struct request *request, struct fault *fault)
{
    struct int_array ids = request_ids(request, request, "id");
    const char *act = request_text(request, "act");
    int done = 0, gone = 0;
    size_t i = 0;
    enum status status;

    while (i < COUNT_OF(decisions) && !str_eq(decisions[i].word, act))
        i++;
    if (i == COUNT_OF(decisions) || ids.count == 0)
        return fault_set(fault, STATUS_INVALID, "id", N_("Nobody was chosen. Please go back and tick the requests first."));
    if (decisions[i].asks_first && !request_has(request, "sure")) {
        ask_first(request, ids);
        return STATUS_OK;
    }
    status = decide(request, decisions[i].decision, ids, &done, &gone);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%srequests?act=%s&done=%d&gone=%d", request->list->path, act, done, gone));
    return status;
}

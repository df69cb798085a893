/* page-held.c - posts that wait for a moderator: see, accept, refuse, discard */
#include "mime/part.h"
#include "policy/held.h"
#include "store/statements.h"
#include "web/body.h"
#include "web/common.h"
#include "web/page.h"

enum { TEXT_MOST = 64 * 1024 };

static void
show_reasons(const struct request *request, struct out *row, struct text_array reasons)
{
    struct out *rows = out_rows(row, "reasons");

    for (size_t i = 0; i < reasons.count; i++)
        out_text(out_row(rows), "text", tr(request->lang, reasons.items[i]));
}

static void
show_author(struct out *row, const char *name, const char *address, const char *authentication)
{
    out_text(row, "author", author_name(row, name, address, false));
    out_text(row, "address", address);
    out_bool(row, "has_name", !str_is_empty(name));
    out_bool(row, "passes", str_eq(authentication, "pass"));
    out_bool(row, "fails", str_eq(authentication, "fail"));
}

enum status
page_held(struct request *request, struct fault *fault)
{
    struct row_web_held *held;
    struct out *rows = out_rows(request->page, "held");
    size_t count;
    enum status status = q_web_held(request->web->db, request, request->list->id, &held, &count);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", held[i].id);
        out_text(row, "subject", held[i].subject);
        out_text(row, "excerpt", held[i].excerpt);
        out_time(row, "held_at", held[i].held_at);
        show_author(row, held[i].from_name, held[i].from_address, held[i].authentication);
        show_reasons(request, row, held[i].reasons);
    }
    out_int(request->page, "count", (int64_t)count);
    out_int(request->page, "done", request_int(request, "done", 0, 1000, 0));
    out_int(request->page, "gone", request_int(request, "gone", 0, 1000, 0));
    out_text(request->page, "act", request_text(request, "act"));
    return STATUS_OK;
}

enum status
page_held_one(struct request *request, struct fault *fault)
{
    struct row_web_held_one *held;
    struct message *message;
    int64_t id = 0;
    enum status status;

    (void)fault;
    if (!str_to_int(request_param(request, "id"), 1, INT64_MAX, &id))
        return STATUS_NOT_FOUND;
    status = q_web_held_one(request->web->db, request, request->list->id, id, &held);
    if (status != STATUS_OK || held == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    message = message_parse(request, held->bytes);
    out_int(request->page, "id", held->id);
    out_text(request->page, "subject", held->subject);
    out_time(request->page, "held_at", held->held_at);
    show_author(request->page, held->from_name, held->from_address, held->authentication);
    show_reasons(request, request->page, held->reasons);
    body_show(request->page, message_text(request, message, TEXT_MOST), false);
    return STATUS_OK;
}

/* ---- deciding ---- */

struct decision {
    const char *word;
    bool asks_first;        /* nothing brings the post back */
    enum status (*act)(struct request *request, const struct actor *actor, const struct list *list, int64_t id);
};

static enum status
act_accept(struct request *request, const struct actor *actor, const struct list *list, int64_t id)
{
    return held_accept(request->web->db, actor, list, id);
}

static enum status
act_discard(struct request *request, const struct actor *actor, const struct list *list, int64_t id)
{
    return held_discard(request->web->db, actor, list, id);
}

static enum status
act_reject(struct request *request, const struct actor *actor, const struct list *list, int64_t id)
{
    bool told;

    return held_reject(request->web->db, actor, list, request->web->i18n, id, request_text(request, "reason"), &told);
}

static const struct decision decisions[] = {
    {"accept", false, act_accept}, {"discard", true, act_discard}, {"reject", false, act_reject},
};

static const struct decision *
decision_named(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(decisions); i++)
        if (str_eq(decisions[i].word, word))
            return &decisions[i];
    return NULL;
}

static void
ask_first(struct request *request, struct int_array ids)
{
    struct out *rows = out_rows(request->page, "ids");

    request->template = "held-discard";
    out_int(request->page, "count", (int64_t)ids.count);
    for (size_t i = 0; i < ids.count; i++)
        out_int(out_row(rows), "id", ids.items[i]);
}

/* Each message is decided by itself: one that somebody else took first does not stop the others. */
enum status
page_held_act(struct request *request, struct fault *fault)
{
    const struct decision *decision = decision_named(request_text(request, "act"));
    struct int_array ids = request_ids(request, request, "id");
    struct actor actor = request_actor(request);
    struct list *list;
    int done = 0, gone = 0;
    enum status status;

    if (decision == NULL || ids.count == 0)
        return fault_set(fault, STATUS_INVALID, "id", N_("No post was chosen. Please go back and tick the posts first."));
    if (decision->asks_first && !request_has(request, "sure")) {
        ask_first(request, ids);
        return STATUS_OK;
    }
    status = list_by_id(request->web->db, request, request->list->id, &list);
    for (size_t i = 0; status == STATUS_OK && i < ids.count; i++) {
        status = decision->act(request, &actor, list, ids.items[i]);
        if (status == STATUS_OK) {
            done++;
        } else if (status == STATUS_GONE || status == STATUS_NOT_FOUND) {
            gone++;
            status = STATUS_OK;
        }
    }
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%sheld?act=%s&done=%d&gone=%d", request->list->path,
                                                       decision->word, done, gone));
    return status;
}

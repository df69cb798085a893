/* command-request.c - kairan request: who asks to join or to leave, and what becomes of it; kairan member move */
#include "cli/common.h"
#include "mime/address.h"
#include "store/statements.h"

enum { LIST_MOST = 10000 };

enum status
command_request_list(struct call *call)
{
    struct out *rows = out_rows(call->out, "requests");
    struct row_subscription_waiting *found;
    struct list *list;
    size_t count;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = q_subscription_waiting(call->db, call->ctx, list->id, 0, LIST_MOST, &found, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", found[i].id);
        out_text(row, "kind", found[i].kind);
        out_text(row, "waits_for", found[i].confirmed_at != 0 ? "moderator" : "person");
        out_text(row, "address", found[i].email);
        out_text(row, "name", found[i].name);
        out_text(row, "old_address", str_eq(found[i].kind, "change") ? found[i].old_email : NULL);
        out_time(row, "since", found[i].confirmed_at != 0 ? found[i].confirmed_at : found[i].created_at);
        out_time(row, "until", found[i].expires_at);
    }
    return status;
}

static enum status
decide_one(struct call *call, const struct subscription_desk *desk, const struct list *list, const char *text,
           enum subscription_decision decision, const char *reason, struct out *rows)
{
    enum subscription_result result = SUBSCRIPTION_DONE;
    struct out *row;
    int64_t id = 0;
    enum status status = call_number(call, "ID", text, INT64_MAX, &id);

    if (status == STATUS_OK)
        status = subscription_decide(desk, call->ctx, list, id, decision, reason, &call->actor, &result);
    if (status == STATUS_GONE)
        return fault_setf(&call->fault, call->ctx, status, "ID", "No request %s waits there: somebody has decided about it, or there never "
                          "was one.", text);
    if (status != STATUS_OK)
        return status;
    row = out_row(rows);
    out_int(row, "id", id);
    out_text(row, "result", subscription_result_word(result));
    return STATUS_OK;
}

static enum status
decide(struct call *call, enum subscription_decision decision, const char *reason)
{
    struct out *rows = out_rows(call->out, "requests");
    struct text_array ids = words_rest(call);
    struct subscription_desk desk;
    struct list *list;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = call_desk(call, &desk);
    for (size_t i = 0; status == STATUS_OK && i < ids.count; i++)
        status = decide_one(call, &desk, list, ids.items[i], decision, reason, rows);
    return status;
}

enum status
command_request_accept(struct call *call)
{
    return decide(call, SUBSCRIPTION_ACCEPT, NULL);
}

enum status
command_request_reject(struct call *call)
{
    return decide(call, SUBSCRIPTION_REJECT, option(call, "--reason"));
}

enum status
command_request_discard(struct call *call)
{
    return decide(call, SUBSCRIPTION_DISCARD, NULL);
}

enum status
command_member_move(struct call *call)
{
    struct address old, new;
    struct subscription_ask ask = {.actor = &call->actor};
    struct subscription_desk desk;
    enum subscription_result result;
    struct list *list;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status != STATUS_OK)
        return status;
    if (!address_parse(call->ctx, word(call, "OLD"), &old) || !address_parse(call->ctx, word(call, "NEW"), &new) ||
        address_key(call->ctx, &old) == NULL || address_key(call->ctx, &new) == NULL)
        return fault_set(&call->fault, STATUS_INVALID, "NEW", N_("Both must be mail addresses."));
    ask.email = address_text(call->ctx, &new);
    ask.key = address_key(call->ctx, &new);
    status = call_desk(call, &desk);
    if (status == STATUS_OK)
        status = subscription_change_now(&desk, call->ctx, list, &ask, address_key(call->ctx, &old), &result);
    if (status == STATUS_OK && result == SUBSCRIPTION_NOT_MEMBER)
        return fault_set(&call->fault, STATUS_NOT_FOUND, "OLD", N_("This address is not a member of the list."));
    if (status == STATUS_OK && result != SUBSCRIPTION_DONE)
        return fault_set(&call->fault, STATUS_CONFLICT, "NEW", N_("The new address is a member already, banned, or the list's own."));
    if (status == STATUS_OK)
        out_text(call->out, "moved", ask.email);
    return status;
}

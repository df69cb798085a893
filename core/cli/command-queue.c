/* command-queue.c - kairan queue: what waits, and what an operator can do about it */
#include "cli/common.h"
#include "cli/keep.h"
#include "store/statements.h"
#include "util/clock.h"

enum { MESSAGES_SHOWN = 50, MESSAGES_MOST = 100000 };

static void
show_counts(struct out *out, int64_t waiting, int64_t at_work, int64_t put_off, int64_t oldest, int64_t next_due)
{
    out_int(out, "waiting", waiting);
    out_int(out, "at_work", at_work);
    out_int(out, "put_off", put_off);
    out_time(out, "oldest", oldest);
    out_time(out, "next_due", next_due);
}

static enum status
show_incoming(struct call *call, const struct row_queue_waiting_for_people *people, int64_t now)
{
    struct out *out = out_object(call->out, "incoming");
    struct row_queue_incoming *incoming;
    enum status status = q_queue_incoming(call->db, call->ctx, now, &incoming);

    if (status != STATUS_OK)
        return status;
    show_counts(out, incoming->waiting, incoming->at_work, incoming->put_off, incoming->oldest, incoming->next_due);
    out_int(out, "held", people->held);
    out_int(out, "set_aside", people->set_aside);
    return STATUS_OK;
}

static enum status
show_deliveries(struct call *call, int64_t now)
{
    struct out *rows = out_rows(call->out, "deliveries");
    struct row_queue_deliveries *lists;
    size_t count;
    enum status status = q_queue_deliveries(call->db, call->ctx, now, &lists, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "list", lists[i].list);
        out_int(row, "posts", lists[i].posts);
        out_int(row, "copies", lists[i].copies);
        show_counts(row, lists[i].waiting, lists[i].at_work, lists[i].put_off, lists[i].oldest, lists[i].next_due);
        out_text(row, "trouble", lists[i].trouble);
    }
    return status;
}

static enum status
show_messages(struct call *call, int64_t most)
{
    struct out *rows = out_rows(call->out, "messages");
    struct row_queue_messages *messages;
    size_t count;
    enum status status = q_queue_messages(call->db, call->ctx, most, &messages, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", messages[i].id);
        out_text(row, "list", messages[i].list);
        out_text(row, "state", messages[i].state);
        out_text(row, "sender", messages[i].sender);
        out_int(row, "size", messages[i].size);
        out_time(row, "received_at", messages[i].received_at);
        out_int(row, "attempts", messages[i].attempts);
        out_time(row, "due_at", messages[i].due_at);
        out_text(row, "trouble", messages[i].trouble);
    }
    return status;
}

enum status
command_queue(struct call *call)
{
    int64_t now = clock_now_us(), most = MESSAGES_SHOWN;
    struct row_queue_waiting_for_people *people;
    struct row_queue_notices *notices;
    enum status status = STATUS_OK;

    if (has_option(call, "--most"))
        status = call_number(call, "--most", option(call, "--most"), MESSAGES_MOST, &most);
    if (status == STATUS_OK)
        status = q_queue_waiting_for_people(call->db, call->ctx, &people);
    if (status == STATUS_OK)
        status = show_incoming(call, people, now);
    if (status == STATUS_OK)
        status = show_deliveries(call, now);
    if (status == STATUS_OK)
        status = q_queue_notices(call->db, call->ctx, now, &notices);
    if (status != STATUS_OK)
        return status;
    show_counts(out_object(call->out, "notices"), notices->waiting, notices->at_work, notices->put_off, notices->oldest,
                notices->next_due);
    out_int(call->out, "invitations", people->invitations);
    return show_messages(call, most);
}

static enum status
find_message(struct call *call, struct row_queue_message **message_r)
{
    int64_t id;
    enum status status = call_number(call, "ID", word(call, "ID"), INT64_MAX, &id);

    if (status == STATUS_OK)
        status = q_queue_message(call->db, call->ctx, id, message_r);
    if (status == STATUS_OK && *message_r == NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, "ID", "There is no message %lld.", (long long)id);
    return status;
}

static void
show_judgement(struct call *call, const struct row_judgement_get *judgement)
{
    struct out *out;

    if (judgement == NULL)
        return;
    out = out_object(call->out, "judgement");
    out_text(out, "action", judgement->action);
    out_text(out, "rule", judgement->rule);
    out_text(out, "reason", judgement->reason);
    out_time(out, "judged_at", judgement->judged_at);
}

enum status
command_queue_show(struct call *call)
{
    struct row_queue_message *message;
    struct row_judgement_get *judgement;
    enum status status = find_message(call, &message);

    if (status == STATUS_OK)
        status = q_judgement_get(call->db, call->ctx, message->id, &judgement);
    if (status != STATUS_OK)
        return status;
    out_int(call->out, "id", message->id);
    out_text(call->out, "state", message->state);
    out_text(call->out, "list", message->list);
    out_text(call->out, "kind", message->kind);
    out_text(call->out, "sender", message->sender);
    out_text(call->out, "recipient", message->recipient);
    out_int(call->out, "size", message->size);
    out_text(call->out, "client_ip", message->client_ip);
    out_text(call->out, "client_helo", message->client_helo);
    out_bool(call->out, "submitted", message->submitted);
    out_time(call->out, "received_at", message->received_at);
    out_time(call->out, "ended_at", message->ended_at);
    if (message->queued) {
        out_int(call->out, "attempts", message->attempts);
        out_bool(call->out, "at_work", message->at_work);
        out_time(call->out, "due_at", message->due_at);
        out_text(call->out, "approved_by", message->approved_by);
        out_text(call->out, "trouble", message->trouble);
    }
    if (message->post != 0)
        out_int(call->out, "number", message->number);
    show_judgement(call, judgement);
    return STATUS_OK;
}

static enum status
retry_now(struct call *call, const struct row_queue_message *message, int64_t *changed_r)
{
    int64_t now = clock_now_us();

    if (str_eq(message->state, "set_aside"))
        return q_queue_back_from_aside(call->db, message->id, now, changed_r);
    if (str_eq(message->state, "received"))
        return q_queue_retry_incoming(call->db, message->id, now, changed_r);
    return q_queue_retry_chunks(call->db, message->id, now, changed_r);
}

typedef enum status (*queue_act)(struct call *call, const struct row_queue_message *message, int64_t *changed_r);

/* One act on one message, with its line in the log. */
static enum status
act_on_message(struct call *call, queue_act act, const char *action, const char *nothing)
{
    struct row_queue_message *message;
    struct change change;
    int64_t changed = 0;
    enum status status = find_message(call, &message);

    if (status == STATUS_OK)
        status = change_begin(&change, call->db);
    if (status != STATUS_OK)
        return status;
    status = act(call, message, &changed);
    if (status == STATUS_OK && changed == 0)
        status = fault_set(&call->fault, STATUS_CONFLICT, "ID", nothing);
    if (status == STATUS_OK)
        status = audit_add(call->db, &call->actor, action, message->list_id, mem_printf(call->ctx, "%lld", (long long)message->id),
                           message->state);
    status = change_end(&change, status);
    if (status == STATUS_OK)
        out_int(call->out, action, message->id);
    return status;
}

enum status
command_queue_retry(struct call *call)
{
    return act_on_message(call, retry_now, "queue_retry",
                          N_("Nothing of this message waits to be tried again: it is at work, or it has ended."));
}

static enum status
discard_now(struct call *call, const struct row_queue_message *message, int64_t *changed_r)
{
    return q_queue_discard(call->db, message->id, clock_now_us(), changed_r);
}

enum status
command_queue_discard(struct call *call)
{
    return act_on_message(call, discard_now, "queue_discard",
                          N_("Only a message that is not at work and not yet accepted can be discarded."));
}

/* What a restored backup keeps waiting; nothing else waits that long. */
enum status
command_queue_release(struct call *call)
{
    struct row_queue_release *row;
    struct change change;
    enum status status = change_begin(&change, call->db);

    if (status == STATUS_OK)
        status = q_queue_release(call->db, call->ctx, keep_never_us(), clock_now_us(), &row);
    if (status == STATUS_OK)
        status = audit_add(call->db, &call->actor, "queue_release", 0, "",
                           mem_printf(call->ctx, "%lld messages, %lld copies, %lld notices, %lld invitations", (long long)row->messages,
                                      (long long)row->copies, (long long)row->notices, (long long)row->invitations));
    status = change_end(&change, status);
    if (status != STATUS_OK)
        return status;
    out_int(call->out, "messages", row->messages);
    out_int(call->out, "copies", row->copies);
    out_int(call->out, "notices", row->notices);
    out_int(call->out, "invitations", row->invitations);
    return STATUS_OK;
}

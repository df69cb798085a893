/* command-invitation.c - kairan invitation: those that go out little by little */
#include "cli/common.h"
#include "policy/invitation.h"

enum status
command_invitation_list(struct call *call)
{
    struct out *rows = out_rows(call->out, "invitations");
    struct invitation_run *runs;
    struct list *list;
    size_t count = 0;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = invitation_runs(call->db, call->ctx, list->id, &runs, &count);
    for (size_t i = 0; i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", runs[i].id);
        out_text(row, "who", runs[i].asked_by);
        out_time(row, "at", runs[i].asked_at);
        out_int(row, "people", runs[i].total);
        out_int(row, "invited", runs[i].invited);
        out_int(row, "left_out", runs[i].left_out);
        out_time(row, "ended_at", runs[i].ended_at);
        out_text(row, "stopped_by", runs[i].stopped_by);
    }
    return status;
}

enum status
command_invitation_stop(struct call *call)
{
    struct list *list;
    int64_t id;
    enum status status = call_number(call, "ID", word(call, "ID"), INT64_MAX, &id);

    if (status == STATUS_OK)
        status = call_list(call, word(call, "LIST"), &list);
    if (status == STATUS_OK)
        status = invitation_stop(call->db, &call->actor, call->ctx, list->id, id);
    if (status == STATUS_NOT_FOUND || status == STATUS_GONE)
        return fault_setf(&call->fault, call->ctx, status, "ID", "There are no invitations %lld under way.", (long long)id);
    return status;
}

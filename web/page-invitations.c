/* page-invitations.c - invitations that go out little by little: how far they are, and stopping them */
#include "policy/invitation.h"
#include "web/common.h"
#include "web/member.h"
#include "web/page.h"

static int64_t
id_of(const struct request *request)
{
    int64_t id;

    return str_to_int(request_param(request, "id"), 1, INT64_MAX, &id) ? id : 0;
}

static void
show_run(struct request *request, const struct invitation_run *run)
{
    int64_t left = run->total - run->invited - run->left_out, an_hour = request->web->conf->limits_invite_hour;

    show_roles(request, "member");
    out_int(request->page, "id", run->id);
    out_text(request->page, "who", run->asked_by);
    out_time(request->page, "asked_at", run->asked_at);
    out_time(request->page, "ended_at", run->ended_at);
    out_text(request->page, "stopped_by", run->stopped_by);
    out_int(request->page, "total", run->total);
    out_int(request->page, "invited", run->invited);
    out_int(request->page, "left_out", run->left_out);
    out_bool(request->page, "is_open", run->ended_at == 0);
    out_int(request->page, "an_hour", an_hour);
    if (left > an_hour)
        out_int(request->page, "hours", (left + an_hour - 1) / an_hour);
}

enum status
page_members_invited(struct request *request, struct fault *fault)
{
    struct invitation_run run;
    enum status status = invitation_find(request->web->db, request, request->list->id, id_of(request), &run);

    (void)fault;
    if (status == STATUS_OK)
        show_run(request, &run);
    return status;
}

enum status
page_members_invited_act(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    enum status status = invitation_stop(request->web->db, &actor, request, request->list->id, id_of(request));

    (void)fault;
    if (status == STATUS_OK || status == STATUS_GONE) {
        response_send_to(request->response, mem_printf(request, "%smembers/invited/%lld", request->list->path, (long long)id_of(request)));
        return STATUS_OK;
    }
    return status;
}

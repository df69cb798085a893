/* post-other.c - messages that are not posts: leaving by mail, and what waits for a later release */
#include <string.h>

#include "util/clock.h"
#include "util/log.h"
#include "worker/post.h"

static enum status
end_as(struct work *work, const char *state, const char *action, const char *rule, const char *reason)
{
    struct db *db = work->poster->child->db;
    int64_t now = clock_now_us();
    enum status status = q_message_end(db, work->claim->message_id, state, now, NULL);

    if (status == STATUS_OK)
        status = q_judgement_set(db, work->claim->message_id, action, rule, reason, (struct text_array){NULL, 0},
                                 (struct text_array){NULL, 0}, "{}", now, NULL);
    if (status == STATUS_OK)
        log_info("other", "kind", "%s", work->row->kind, "state", "%s", state);
    return status;
}

/* u.TOKEN@: the token itself is the proof, whoever sent it (RFC 8058's mailto sibling). */
static enum status
leave_by_token(struct work *work)
{
    struct db *db = work->poster->child->db;
    struct row_member_leave_by_token *row;
    struct token token;
    enum status status;

    if (!token_read(work->poster->tokens, TOKEN_LEAVE, work->row->detail, &token))
        return end_as(work, "discarded", "discard", "token", N_("The token in the address is not one of ours."));
    status = q_member_leave_by_token(db, work->ctx, token.first, token.second, clock_now_us(), &row);
    if (status == STATUS_OK && row != NULL)
        status = q_audit_add_by_mail(db, clock_now_us(), "member_leave", row->list_id, row->email, "mail to the leave address", NULL);
    if (status != STATUS_OK)
        return status;
    return end_as(work, "accepted", "accept", "token",
                  row != NULL ? N_("The membership has ended.") : N_("The membership had ended before."));
}

enum status
post_other(struct work *work)
{
    if (work->row->list_id != 0 && work->list == NULL)
        return end_as(work, "refused", "reject", "removed_list", N_("The list was removed before this message was decided."));
    if (str_eq(work->row->kind, "unsubscribe"))
        return leave_by_token(work);
    if (str_eq(work->row->kind, "bounce") && *work->row->sender != '\0')
        return end_as(work, "discarded", "discard", "bounce", N_("A bounce comes with the null sender; this did not."));
    /* Kept where an operator sees it and can try it again, until the part that answers it is there. */
    return end_as(work, "set_aside", "hold", "sub_address", N_("This release does not yet answer mail to this sub-address."));
}

/* post-other.c - messages that are not posts: to whom each goes, leaving by token, and what waits for a later release */
#include <string.h>

#include "policy/moderator.h"
#include "util/clock.h"
#include "util/log.h"
#include "worker/post.h"

enum status
post_end_as(struct work *work, const char *state, const char *action, const char *rule, const char *reason)
{
    struct db *db = work->poster->child->db;
    int64_t now = clock_now_us();
    enum status status = q_message_end(db, work->claim->message_id, state, now, NULL);

    if (status == STATUS_OK)
        status = q_judgement_set(db, work->claim->message_id, action, rule, reason, (struct text_array){NULL, 0},
                                 (struct text_array){NULL, 0}, "{}", now, NULL);
    if (status == STATUS_OK)
        log_event(EVENT_OTHER, "kind", "%s", work->row->kind, "state", "%s", state);
    return status;
}

void
post_desk(const struct work *work, struct subscription_desk *desk_r)
{
    *desk_r = (struct subscription_desk){.db = work->poster->child->db, .i18n = work->poster->i18n, .conf = work->poster->child->conf,
                                         .leave_token = token_leave, .keys = work->poster->tokens};
}

/* u.TOKEN@: the token itself is the proof, whoever sent it (RFC 8058's mailto sibling). */
static enum status
leave_by_token(struct work *work)
{
    static const struct actor actor = {.words = "mail to the leave address"};
    static const char *const reasons[SUBSCRIPTION_RESULT_COUNT] = {
        [SUBSCRIPTION_DONE] = N_("The membership has ended."), [SUBSCRIPTION_NOT_MEMBER] = N_("The membership had ended before."),
        [SUBSCRIPTION_WAITS] = N_("Delivery has stopped, and the owners were asked about the membership.")};
    struct subscription_desk desk;
    enum subscription_result result;
    struct token token;
    enum status status;

    if (!token_read(work->poster->tokens, TOKEN_LEAVE, work->row->detail, &token))
        return post_end_as(work, "discarded", "discard", "token", N_("The token in the address is not one of ours."));
    post_desk(work, &desk);
    status = subscription_leave_by_token(&desk, work->ctx, token.first, token.second, &actor, &result);
    if (status == STATUS_NOT_FOUND) {       /* its list was removed */
        result = SUBSCRIPTION_NOT_MEMBER;
        status = STATUS_OK;
    }
    return status != STATUS_OK ? status : post_end_as(work, "accepted", "accept", "token", reasons[result]);
}

bool
post_is_letter(const struct work *work)
{
    static const char *const kinds[] = {"owner", "request", "join", "leave", "confirm"};

    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(work->row->kind, kinds[i]))
            return work->list != NULL;
    return false;
}

enum status
post_other(struct work *work)
{
    if (work->row->list_id != 0 && work->list == NULL)
        return post_end_as(work, "refused", "reject", "removed_list", N_("The list was removed before this message was decided."));
    if (str_eq(work->row->kind, "unsubscribe"))
        return leave_by_token(work);
    if (str_eq(work->row->kind, "bounce") && *work->row->sender != '\0')
        return post_end_as(work, "discarded", "discard", "bounce", N_("A bounce comes with the null sender; this did not."));
    if (post_is_letter(work) && str_eq(work->row->kind, "confirm") && moderator_is_reply(work->row->detail))
        return post_moderate(work);
    if (post_is_letter(work))
        return str_eq(work->row->kind, "owner") ? post_owner(work) : post_command(work);
    /* Kept where an operator sees it and can try it again, until the part that answers it is there. */
    return post_end_as(work, "set_aside", "hold", "sub_address", N_("This release does not yet answer mail to this sub-address."));
}

/* subscription-decide.c - what a moderator does with a wish to join or to leave */
#include "policy/subscription-private.h"
#include "util/clock.h"
#include "util/str.h"

static const struct { const char *outcome, *action; } decisions[] = {
    [SUBSCRIPTION_ACCEPT] = {"accepted", "request_accept"},
    [SUBSCRIPTION_REJECT] = {"rejected", "request_reject"},
    [SUBSCRIPTION_DISCARD] = {"discarded", "request_discard"},
};

/* The row is taken: what was wished for comes about, unless the world has changed meanwhile. */
static enum status
carry_out(struct wish *wish, const struct row_subscription_end *row, int64_t id, enum subscription_result *result_r)
{
    static const char *const outcomes[SUBSCRIPTION_RESULT_COUNT] = {
        [SUBSCRIPTION_ALREADY] = "member", [SUBSCRIPTION_NOT_MEMBER] = "not_member", [SUBSCRIPTION_BANNED] = "banned"};
    const struct row_subscription_facts *facts = wish->facts;
    enum status status = STATUS_OK;

    if (str_eq(row->kind, "change"))
        status = wish_change(wish, row->member_id, result_r);
    else if (str_eq(row->kind, "join") && (facts->is_banned || facts->is_own))
        *result_r = SUBSCRIPTION_BANNED;
    else if (str_eq(row->kind, "join"))
        status = wish_join(wish, result_r);
    else if (facts->member_id == 0)
        *result_r = SUBSCRIPTION_NOT_MEMBER;
    else
        status = wish_leave(wish, result_r);
    if (status == STATUS_OK && outcomes[*result_r] != NULL)
        status = q_subscription_outcome(wish->desk->db, id, outcomes[*result_r], NULL);
    return status;
}

/* Takes the row, so that nobody else can, and does what was decided. */
static enum status
settle(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list, int64_t id, enum subscription_decision decision,
       const char *reason, const struct actor *actor, enum subscription_result *result_r)
{
    struct row_subscription_member *member = NULL;
    struct row_subscription_end *row;
    struct subscription_ask ask = {.actor = actor, .is_proved = true, .is_approved = true};
    struct wish *wish;
    enum status status = q_subscription_end(desk->db, ctx, id, list->id, decisions[decision].outcome, actor->words,
                                            reason != NULL ? utf8_cut(ctx, reason, 2000) : "", clock_now_us(), &row);

    if (status != STATUS_OK || row == NULL)
        return status != STATUS_OK ? status : STATUS_GONE;
    ask.email = row->email;
    ask.key = row->key;
    ask.name = row->name;
    ask.lang = i18n_lang(desk->i18n, row->language);
    if (row->member_id != 0 && str_eq(row->kind, "leave")) {        /* its address may be another since */
        status = q_subscription_member(desk->db, ctx, row->member_id, &member);
        ask.email = member != NULL ? member->email : row->email;
        ask.key = member != NULL ? member->key : row->key;
    }
    if (status != STATUS_OK)
        return status;
    status = wish_load(desk, ctx, list, &ask, &wish);
    if (status == STATUS_OK && decision == SUBSCRIPTION_ACCEPT)
        status = carry_out(wish, row, id, result_r);
    if (status == STATUS_OK && decision == SUBSCRIPTION_REJECT && row->confirmed_at != 0)
        status = wish_mail_rejected(wish, row->kind, reason);
    return status == STATUS_OK ? audit_add(desk->db, actor, decisions[decision].action, list->id, row->email, row->kind) : status;
}

enum status
subscription_decide(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list, int64_t id,
                    enum subscription_decision decision, const char *reason, const struct actor *actor,
                    enum subscription_result *result_r)
{
    struct row_subscription_approve *approved = NULL;
    struct change change;
    enum status status = change_begin(&change, desk->db);

    if (status != STATUS_OK)
        return status;
    *result_r = SUBSCRIPTION_DONE;
    status = q_subscription_lock_request(desk->db, id, NULL);
    if (status == STATUS_OK && decision == SUBSCRIPTION_ACCEPT)
        status = q_subscription_approve(desk->db, ctx, id, list->id, actor->words, &approved);
    if (status == STATUS_OK && approved != NULL) {
        *result_r = SUBSCRIPTION_CONFIRM_SENT;
        status = audit_add(desk->db, actor, "request_approve", list->id, approved->email, approved->kind);
    } else if (status == STATUS_OK) {
        status = settle(desk, ctx, list, id, decision, reason, actor, result_r);
    }
    return change_end(&change, status);
}

/* subscription-change.c - a membership goes on at another address
 *
 * Who can no longer read mail at the old address proves the new one; that is not a proof that they are the same person, so a moderator
 * decides, and the old address is told and can stop it. An owner's word is enough. The membership stays the same row, with its history; its
 * old links end. */
#include "mime/address.h"
#include "policy/subscription-private.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

#define DAY_US (INT64_C(86400) * US_PER_S)

enum { PERSON_DAYS = 3, MODERATOR_DAYS = 180, KEEP_DAYS = 30, TOLD_A_DAY = 5 };

/* ---- moving ---- */

/* The row itself, unless the new address was a member earlier: then that row comes back to life with what the old one said. */
static enum status
move_row(struct db *db, TALLOC_CTX *ctx, int64_t member_id, const struct subscription_ask *ask, int64_t *moved_r)
{
    int64_t now = clock_now_us(), changed = 0;
    struct row_subscription_move_address *address;
    struct row_subscription_follow *followed;
    enum status status = q_subscription_move_address(db, ctx, ask->key, ask->email, member_id, now, ask->is_proved, &address);

    *moved_r = 0;
    if (status == STATUS_OK)
        status = q_subscription_move(db, member_id, address->id, &changed);
    if (status != STATUS_OK || changed > 0) {
        *moved_r = member_id;
        return status;
    }
    status = q_subscription_move_revive(db, member_id, address->id, &changed);
    if (status != STATUS_OK || changed == 0)
        return status;
    *moved_r = address->earlier_id;
    status = q_subscription_follow(db, ctx, member_id, address->earlier_id, &followed);
    return status == STATUS_OK ? q_subscription_member_end(db, member_id, address->epoch, now, false, NULL) : status;
}

enum status
wish_change(struct wish *wish, int64_t member_id, enum subscription_result *result_r)
{
    struct db *db = wish->desk->db;
    struct row_subscription_member *member, *now;
    int64_t moved;
    enum status status = q_subscription_member(db, wish->ctx, member_id, &member);

    if (status != STATUS_OK)
        return status;
    *result_r = wish->facts->is_banned || wish->facts->is_own ? SUBSCRIPTION_BANNED : wish->facts->member_id != 0 ? SUBSCRIPTION_ALREADY
        : member == NULL || member->left_at != 0 ? SUBSCRIPTION_NOT_MEMBER : SUBSCRIPTION_DONE;
    if (*result_r != SUBSCRIPTION_DONE)
        return STATUS_OK;
    status = move_row(db, wish->ctx, member_id, wish->ask, &moved);
    if (status == STATUS_OK && moved == 0)
        status = STATUS_RETRY;
    if (status == STATUS_OK)
        status = audit_add(db, wish->ask->actor, "member_move", wish->list->id, wish->ask->email,
                           mem_printf(wish->ctx, "%s -> %s", member->email, wish->ask->email));
    if (status == STATUS_OK)
        status = q_subscription_member(db, wish->ctx, moved, &now);
    return status == STATUS_OK ? wish_mail_changed(wish, member->email, moved, now->epoch) : status;
}

static enum status
change_now(struct wish *wish, const void *old_key, enum subscription_result *result_r)
{
    struct row_subscription_facts *old;
    enum status status = q_subscription_facts(wish->desk->db, wish->ctx, wish->list->id, old_key, &old);

    return status == STATUS_OK ? wish_change(wish, old->member_id, result_r) : status;
}

enum status
subscription_change_now(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list, const struct subscription_ask *ask,
                        const char *old_key, enum subscription_result *result_r)
{
    return wish_run(desk, ctx, list, ask, change_now, old_key, result_r);
}

/* ---- asking ---- */

/* Whoever has a mailbox of their own could learn here who is a member, if the old address made a difference: so it makes none, not even
 * after the new one is confirmed. The owners see it. */
static enum status
ask_new_address(struct wish *wish, const char *old, int64_t old_id)
{
    const struct subscription_ask *ask = wish->ask;
    struct db *db = wish->desk->db;
    bool member = wish->facts->member_id != 0, banned = wish->facts->is_banned || wish->facts->is_own;
    const char *token = random_token(wish->ctx), *outcome = banned ? "banned" : member ? "member" : NULL;
    int64_t now = clock_now_us(), expires = now + PERSON_DAYS * DAY_US;
    struct row_subscription_ask *row;
    uint8_t hash[SHA256_LEN];
    enum status status = q_subscription_ask(db, wish->ctx, wish->list->id, "change", ask->key, ask->email, old, lang_code(wish->lang), old_id,
                                            false, NULL, ask->actor->words, now, expires, outcome, &row);

    if (status != STATUS_OK)
        return status;
    sha256(blob_of(token), hash);
    status = q_subscription_link_add(db, (struct blob){hash, sizeof hash}, "change", ask->email, wish->list->id, row->id, now, expires, NULL);
    return status != STATUS_OK ? status : wish_mail_person(wish, member ? NOTICE_member_already : NOTICE_change, token, banned);
}

/* The old address hears of it; one that is no member is no business of ours, so its mail is written and not sent. */
static enum status
tell_old_address(struct wish *wish, const char *old, int64_t member_id, int64_t request_id)
{
    struct db *db = wish->desk->db;
    const char *token = random_token(wish->ctx);
    int64_t now = clock_now_us();
    uint8_t hash[SHA256_LEN];
    enum status status;

    sha256(blob_of(token), hash);
    status = q_subscription_link_add(db, (struct blob){hash, sizeof hash}, "keep", old, wish->list->id, request_id, now,
                                     now + KEEP_DAYS * DAY_US, NULL);
    return status == STATUS_OK ? wish_mail_old_address(wish, old, token, member_id == 0) : status;
}

/* An address that cannot be told any more today is not to be changed behind its back. */
static enum status
refuse_untold(struct wish *wish, enum subscription_result *result_r)
{
    *result_r = SUBSCRIPTION_LIMITED;
    return q_subscription_end_of(wish->desk->db, wish->list->id, "change", wish->ask->key, "discarded", "", clock_now_us(), NULL);
}

enum status
wish_change_waits(struct wish *wish, const char *old, int64_t member_id, enum subscription_result *result_r)
{
    const struct subscription_ask *ask = wish->ask;
    struct db *db = wish->desk->db;
    int64_t now = clock_now_us();
    const char *old_key = address_key_of(wish->ctx, old);
    struct row_subscription_wait *row;
    bool may_tell;
    enum status status = budget_take(db, "told", old_key != NULL ? old_key : old, TOLD_A_DAY, DAY_US / US_PER_S, &may_tell);

    if (status != STATUS_OK || !may_tell)
        return status == STATUS_OK ? refuse_untold(wish, result_r) : status;
    status = q_subscription_wait(db, wish->ctx, wish->list->id, "change", ask->key, ask->email, old, lang_code(wish->lang), member_id, ask->actor->words,
                                 now, now + MODERATOR_DAYS * DAY_US, &row);

    *result_r = SUBSCRIPTION_WAITS;
    if (status != STATUS_OK || !row->is_new)
        return status;
    status = tell_old_address(wish, old, member_id, row->id);
    if (status == STATUS_OK)
        status = audit_add(db, ask->actor, "change_ask", wish->list->id, ask->email, mem_printf(wish->ctx, "%s -> %s", old, ask->email));
    return status == STATUS_OK ? wish_tell_deciders(wish, row->id) : status;
}

struct old_address { const char *email, *key; };

static enum status
change_address(struct wish *wish, const void *what, enum subscription_result *result_r)
{
    const struct old_address *old = what;
    struct row_subscription_facts *facts;
    bool taken;
    enum status status = q_subscription_facts(wish->desk->db, wish->ctx, wish->list->id, old->key, &facts);

    if (status == STATUS_OK)
        status = wish_take_budget(wish, "change", &taken, result_r);
    return status == STATUS_OK && taken ? ask_new_address(wish, old->email, facts->member_id) : status;
}

enum status
subscription_change(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list, const struct subscription_ask *ask,
                    const char *old, const char *old_key, enum subscription_result *result_r)
{
    return wish_run(desk, ctx, list, ask, change_address, &(struct old_address){old, old_key}, result_r);
}

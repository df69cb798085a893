/* subscription-confirm.c - a link in a mail, or its code, says yes to what was asked for */
#include <ctype.h>

#include "policy/subscription-private.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

enum { TOKEN_LETTERS = 32 };

static bool
is_token_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
}

char *
subscription_find_token(TALLOC_CTX *ctx, const char *text)
{
    for (const char *s = text; s != NULL && *s != '\0';) {
        size_t len = 0;

        while (is_token_letter(s[len]))
            len++;
        if (len == TOKEN_LETTERS && !isdigit((unsigned char)s[len]))
            return str_lower(ctx, mem_strndup(ctx, s, len));
        s += len > 0 ? len : 1;
    }
    return NULL;
}

enum status
subscription_look(struct db *db, TALLOC_CTX *ctx, const char *token, struct row_subscription_link **link_r)
{
    uint8_t hash[SHA256_LEN];

    sha256(blob_of(str_lower(ctx, token)), hash);
    return q_subscription_link(db, ctx, (struct blob){hash, sizeof hash}, link_r);
}

/* Exactly one of those who come at once may go on: both the link and the wish are still open to him. */
static enum status
take_word(struct db *db, const struct row_subscription_link *link)
{
    int64_t now = clock_now_us(), changed = 0;
    enum status status = q_subscription_link_use(db, link->link_id, now, &changed);

    if (status == STATUS_OK && changed > 0 && str_eq(link->purpose, "keep"))
        status = q_subscription_end_by_id(db, link->id, "cancelled", link->name, now, &changed);
    else if (status == STATUS_OK && changed > 0)
        status = q_subscription_confirmed(db, link->id, now, &changed);
    return status == STATUS_OK && changed == 0 ? STATUS_GONE : status;
}

/* The old address stays. */
static enum status
stop_change(const struct subscription_desk *desk, const struct row_subscription_link *link, const struct actor *actor,
            enum subscription_result *result_r)
{
    *result_r = SUBSCRIPTION_DONE;
    return audit_add(desk->db, actor, "change_stop", link->list_id, link->name, link->email);
}

static enum status
act_on_word(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct row_subscription_link *link,
            enum subscription_result *result_r)
{
    static const char *const outcomes[SUBSCRIPTION_RESULT_COUNT] = {
        [SUBSCRIPTION_ALREADY] = "member", [SUBSCRIPTION_NOT_MEMBER] = "not_member", [SUBSCRIPTION_BANNED] = "banned"};
    struct actor actor = {.words = str_eq(link->purpose, "keep") ? link->name : link->email};
    struct subscription_ask ask = {
        .email = link->email, .key = link->key, .name = link->name, .lang = i18n_lang(desk->i18n, link->language), .actor = &actor,
        .is_proved = true, .is_approved = link->approved_by != NULL || link->is_invitation};
    struct row_subscription_member *member;
    struct list *list;
    struct wish *wish;
    enum status status = list_by_id(desk->db, ctx, link->list_id, &list);

    if (status == STATUS_OK && str_eq(link->purpose, "keep"))
        return stop_change(desk, link, &actor, result_r);
    if (status == STATUS_OK && str_eq(link->kind, "leave")) {       /* its address may be another since */
        status = q_subscription_member(desk->db, ctx, link->member_id, &member);
        if (status == STATUS_OK && member != NULL) {
            ask.key = member->key;
            ask.email = member->email;
        }
    }
    if (status == STATUS_OK)
        status = wish_load(desk, ctx, list, &ask, &wish);
    if (status == STATUS_OK)
        status = str_eq(link->kind, "leave") ? wish_leave_by_policy(wish, result_r) : str_eq(link->kind, "join") ? wish_join_by_policy(wish, result_r)
            : wish_change_waits(wish, link->name, link->member_id, result_r);
    if (status == STATUS_OK && outcomes[*result_r] != NULL)
        status = q_subscription_end_by_id(desk->db, link->id, outcomes[*result_r], actor.words, clock_now_us(), NULL);
    return status;
}

enum status
subscription_confirm(const struct subscription_desk *desk, TALLOC_CTX *ctx, const char *token, enum subscription_result *result_r)
{
    struct row_subscription_link *link;
    struct change change;
    enum status status = change_begin(&change, desk->db);

    if (status != STATUS_OK)
        return status;
    status = subscription_look(desk->db, ctx, token, &link);
    if (status == STATUS_OK && link == NULL)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = q_subscription_lock_request(desk->db, link->id, NULL);
    if (status == STATUS_OK)
        status = subscription_look(desk->db, ctx, token, &link);       /* as it is now that it is our turn */
    if (status == STATUS_OK)
        status = link == NULL ? STATUS_NOT_FOUND : take_word(desk->db, link);
    if (status == STATUS_OK)
        status = act_on_word(desk, ctx, link, result_r);
    return change_end(&change, status);
}

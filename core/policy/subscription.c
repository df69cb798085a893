/* subscription.c - joining and leaving by the list's policy */
#include "policy/ban.h"
#include "policy/pattern.h"
#include "policy/member.h"
#include "policy/subscription-private.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

#define DAY_US (INT64_C(86400) * US_PER_S)

enum { PERSON_DAYS = 3, MODERATOR_DAYS = 180, UNDO_DAYS = 7 };

const char *
subscription_result_word(enum subscription_result result)
{
    static const char *const words[] = {"done", "confirm_sent", "waits", "already", "not_member", "banned", "limited"};

    must((size_t)result < COUNT_OF(words));
    return words[result];
}

bool
policy_asks_moderator(enum joining_policy policy)
{
    return policy == JOINING_MODERATE || policy == JOINING_CONFIRM_THEN_MODERATE;
}

/* Addresses and domains were looked up with the facts; expressions are few. They are asked even where the facts say enough: who is
 * banned must not be answered sooner. */
static enum status
ask_expressions(struct db *db, struct wish *wish)
{
    struct pattern_set *expressions;
    enum status status = ban_expressions(db, wish, wish->list->id, &expressions);

    if (status == STATUS_OK)
        wish->facts->is_banned |= pattern_set_find(expressions, wish->ask->key, (struct text_array){NULL, 0}) != NULL;
    return status;
}

/* What the person has said elsewhere; else the list's, and a second one. */
static enum status
load_language(struct wish *wish)
{
    struct row_person_language *own;
    enum status status = q_person_language(wish->desk->db, wish, wish->list->id, wish->ask->key, &own);

    if (status == STATUS_OK)
        notice_languages(wish->desk->i18n, own != NULL ? own->language : NULL, language_code(wish->settings->preferred_language),
                         &wish->lang, &wish->also);
    return status;
}

enum status
wish_wait_turn(const struct subscription_desk *desk, const struct list *list, const struct subscription_ask *ask)
{
    return ask->is_invitation ? STATUS_OK : q_subscription_lock(desk->db, list->id, ask->key, NULL);
}

enum status
wish_load(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list, const struct subscription_ask *ask,
          struct wish **wish_r)
{
    struct wish *wish = mem_new(ctx, struct wish);
    enum status status = settings_load(desk->db, wish, list->id, &wish->settings);

    wish->desk = desk;
    wish->ctx = wish;
    wish->list = list;
    wish->ask = ask;
    if (status == STATUS_OK)
        status = q_subscription_facts(desk->db, wish, list->id, ask->key, &wish->facts);
    if (status == STATUS_OK && wish->facts == NULL)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = ask_expressions(desk->db, wish);
    if (status != STATUS_OK)
        return status;
    wish->title = wish->settings->display_name;
    wish->lang = ask->lang;
    *wish_r = wish;
    return ask->lang != NULL ? STATUS_OK : load_language(wish);
}

/* ---- asking the person ---- */

/* Every asker costs the same rows and the same mail: what differs is what they say, and whether the mail is sent. */
static enum status
ask_person(struct wish *wish, const char *kind, enum notice_kind notice, const char *outcome, bool nobody)
{
    const struct subscription_ask *ask = wish->ask;
    struct db *db = wish->desk->db;
    int64_t now = clock_now_us(), expires = now + PERSON_DAYS * DAY_US;
    const char *token = random_token(wish->ctx);
    struct row_subscription_ask *row;
    uint8_t hash[SHA256_LEN];
    enum status status = q_subscription_ask(db, wish->ctx, wish->list->id, kind, ask->key, ask->email, ask->name != NULL ? ask->name : "",
                                            lang_code(wish->lang), str_eq(kind, "leave") ? wish->facts->member_id : 0,
                                            ask->is_invitation, ask->is_approved ? ask->actor->words : NULL, ask->actor->words, now,
                                            expires, outcome, &row);

    if (status != STATUS_OK)
        return status;
    sha256(blob_of(token), hash);
    status = q_subscription_link_add(db, (struct blob){hash, sizeof hash}, kind, ask->email, wish->list->id, row->id, now, expires, NULL);
    return status == STATUS_OK ? wish_mail_person(wish, notice, token, nobody) : status;
}

enum status
wish_take_budget(struct wish *wish, const char *what, bool *taken_r, enum subscription_result *result_r)
{
    const struct conf *conf = wish->desk->conf;
    struct budget_limits limits = {.net_hour = conf->limits_net_hour, .site_hour = conf->limits_site_hour,
                                   .by_mail = wish->ask->is_by_mail};
    enum budget_answer answer;
    enum status status = budget_take_mail(wish->desk->db, wish->ctx, &limits, wish->list->id, what, wish->ask->key, wish->ask->net,
                                          &answer);

    *taken_r = status == STATUS_OK && answer == BUDGET_TAKEN;
    *result_r = answer == BUDGET_SITE_FULL ? SUBSCRIPTION_LIMITED : SUBSCRIPTION_CONFIRM_SENT;
    wish->is_void = !*taken_r;
    return status;
}

static enum status
ask_to_join(struct wish *wish, enum subscription_result *result_r)
{
    const struct row_subscription_facts *facts = wish->facts;
    bool banned = facts->is_banned || facts->is_own, member = facts->member_id != 0, taken;
    enum notice_kind notice = member ? NOTICE_member_already : facts->waiting_id != 0 ? NOTICE_join_waiting
        : wish->ask->is_invitation ? NOTICE_invite : wish->ask->is_offer ? NOTICE_join_offer : NOTICE_join;
    enum status status;

    if (wish->ask->is_offer && facts->waiting_id != 0) {
        *result_r = SUBSCRIPTION_WAITS;
        return STATUS_OK;
    }
    if ((wish->ask->is_invitation || wish->ask->is_offer) && (banned || member)) {      /* an owner may know */
        *result_r = banned ? SUBSCRIPTION_BANNED : SUBSCRIPTION_ALREADY;
        return STATUS_OK;
    }
    status = wish_take_budget(wish, "join", &taken, result_r);
    if (status == STATUS_OK && taken)
        status = ask_person(wish, "join", notice, banned ? "banned" : member ? "member" : NULL, banned);
    return status;
}

static enum status
ask_to_leave(struct wish *wish, enum subscription_result *result_r)
{
    bool member = wish->facts->member_id != 0, taken;
    enum status status = wish_take_budget(wish, "leave", &taken, result_r);

    if (status == STATUS_OK && taken)
        status = ask_person(wish, "leave", member ? NOTICE_leave : NOTICE_not_a_member, member ? NULL : "not_member", false);
    return status;
}

/* ---- asking a moderator ---- */

static enum status
wait_for_moderator(struct wish *wish, const char *kind, enum subscription_result *result_r)
{
    const struct subscription_ask *ask = wish->ask;
    int64_t now = clock_now_us();
    struct row_subscription_wait *row;
    enum status status = q_subscription_wait(wish->desk->db, wish->ctx, wish->list->id, kind, ask->key, ask->email,
                                             ask->name != NULL ? ask->name : "", lang_code(wish->lang),
                                             str_eq(kind, "leave") ? wish->facts->member_id : 0, ask->actor->words, now,
                                             now + MODERATOR_DAYS * DAY_US, &row);

    *result_r = SUBSCRIPTION_WAITS;
    if (status != STATUS_OK || !row->is_new)
        return status;
    status = audit_add(wish->desk->db, ask->actor, str_eq(kind, "join") ? "join_ask" : "leave_ask", wish->list->id, ask->email, "");
    return status == STATUS_OK ? wish_tell_deciders(wish, row->id) : status;
}

/* ---- joining ---- */

enum status
wish_join(struct wish *wish, enum subscription_result *result_r)
{
    const struct subscription_ask *ask = wish->ask;
    struct person person = {.text = ask->email, .name = ask->name != NULL ? ask->name : "", .email = ask->email, .key = ask->key};
    struct db *db = wish->desk->db;
    struct row_subscription_prove *proved;
    enum status status = STATUS_OK;

    if (ask->is_proved)
        status = q_subscription_prove(db, wish->ctx, ask->key, ask->email, person.name, clock_now_us(), &proved);
    if (status == STATUS_OK)
        status = member_add(db, ask->actor, wish->ctx, wish->list->id, "member", &person, 1);
    if (status != STATUS_OK)
        return status;
    *result_r = person.outcome == PERSON_ADDED ? SUBSCRIPTION_DONE : person.outcome == PERSON_MEMBER ? SUBSCRIPTION_ALREADY
        : SUBSCRIPTION_BANNED;
    if (person.outcome != PERSON_ADDED)
        return STATUS_OK;
    status = q_subscription_end_of(db, wish->list->id, "join", ask->key, "joined", ask->actor->words, clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = q_subscription_facts(db, wish->ctx, wish->list->id, ask->key, &wish->facts);
    if (status == STATUS_OK && wish->settings->send_welcome_message)
        status = wish_mail_welcome(wish, wish->facts->member_id, wish->facts->epoch);
    return status;
}

/* An owner invites whom only a moderator was still to agree to. */
static enum status
agree(struct wish *wish, enum subscription_result *result_r)
{
    struct subscription_ask proved = *wish->ask;
    enum status status;

    proved.is_proved = true;
    wish->ask = &proved;
    status = wish_join(wish, result_r);
    wish->ask = NULL;
    return status;
}

enum status
wish_join_by_policy(struct wish *wish, enum subscription_result *result_r)
{
    const struct subscription_ask *ask = wish->ask;
    const struct row_subscription_facts *facts = wish->facts;

    if (ask->is_invitation && facts->waiting_id != 0 && facts->member_id == 0 && !facts->is_banned)
        return agree(wish, result_r);
    if (!ask->is_proved && (ask->is_invitation || !ask->is_approved))
        return ask_to_join(wish, result_r);
    if (facts->is_banned || facts->is_own) {
        *result_r = SUBSCRIPTION_BANNED;
        return STATUS_OK;
    }
    if (facts->member_id != 0) {
        *result_r = SUBSCRIPTION_ALREADY;
        return STATUS_OK;
    }
    if (policy_asks_moderator(wish->settings->subscription_policy) && !ask->is_approved && !facts->is_expected)
        return wait_for_moderator(wish, "join", result_r);
    return wish_join(wish, result_r);
}

/* ---- leaving ---- */

enum status
wish_leave(struct wish *wish, enum subscription_result *result_r)
{
    const struct row_subscription_facts *facts = wish->facts;
    const struct actor *actor = wish->ask->actor;
    struct db *db = wish->desk->db;
    int64_t now = clock_now_us(), changed = 0;
    enum status status = q_subscription_member_end(db, facts->member_id, facts->epoch, now, wish->ask->is_proved, &changed);

    *result_r = changed > 0 ? SUBSCRIPTION_DONE : SUBSCRIPTION_NOT_MEMBER;
    if (status != STATUS_OK || changed == 0)
        return status;
    status = audit_add(db, actor, "member_remove", wish->list->id, facts->email, "member");
    if (status == STATUS_OK)
        status = q_subscription_end_of_member(db, facts->member_id, "leave", "left", actor->words, now, NULL);
    if (status == STATUS_OK && wish->settings->send_goodbye_message)
        status = wish_mail_goodbye(wish);
    return status;
}

enum status
wish_leave_by_policy(struct wish *wish, enum subscription_result *result_r)
{
    const struct subscription_ask *ask = wish->ask;
    enum status status;

    if (!ask->is_proved && !ask->is_approved)
        return ask_to_leave(wish, result_r);
    if (wish->facts->member_id == 0) {
        *result_r = SUBSCRIPTION_NOT_MEMBER;
        return STATUS_OK;
    }
    if (ask->is_approved || !policy_asks_moderator(wish->settings->unsubscription_policy))
        return wish_leave(wish, result_r);
    status = q_subscription_member_stop(wish->desk->db, wish->facts->member_id, wish->facts->epoch, NULL);
    return status == STATUS_OK ? wait_for_moderator(wish, "leave", result_r) : status;
}

/* ---- the ways in ---- */

enum status
wish_run(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list, const struct subscription_ask *ask,
         wish_act act, const void *what, enum subscription_result *result_r)
{
    struct change change;
    struct wish *wish = NULL;
    enum status status = change_begin(&change, desk->db);

    if (status != STATUS_OK)
        return status;
    status = wish_wait_turn(desk, list, ask);
    if (status == STATUS_OK)
        status = wish_load(desk, ctx, list, ask, &wish);
    if (status == STATUS_OK)
        status = act(wish, what, result_r);
    if (status == STATUS_OK && wish->is_void && change.own) {
        db_rollback(desk->db);
        return STATUS_OK;
    }
    return change_end(&change, status);
}

static enum status
join_now(struct wish *wish, const void *what, enum subscription_result *result_r)
{
    (void)what;
    return wish_join_by_policy(wish, result_r);
}

static enum status
leave_now(struct wish *wish, const void *what, enum subscription_result *result_r)
{
    (void)what;
    return wish_leave_by_policy(wish, result_r);
}

enum status
subscription_join(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list, const struct subscription_ask *ask,
                  enum subscription_result *result_r)
{
    return wish_run(desk, ctx, list, ask, join_now, NULL, result_r);
}

enum status
subscription_leave(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list, const struct subscription_ask *ask,
                   enum subscription_result *result_r)
{
    return wish_run(desk, ctx, list, ask, leave_now, NULL, result_r);
}

/* The wish of whoever holds a token of the membership. */
static enum status
load_member_wish(const struct subscription_desk *desk, TALLOC_CTX *ctx, int64_t member_id, const struct actor *actor,
                 struct row_subscription_member **member_r, struct wish **wish_r)
{
    struct subscription_ask *ask = mem_new(ctx, struct subscription_ask);
    struct list *list;
    enum status status = q_subscription_lock_member(desk->db, member_id, NULL);

    if (status == STATUS_OK)
        status = q_subscription_member(desk->db, ctx, member_id, member_r);
    if (status != STATUS_OK || *member_r == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    *ask = (struct subscription_ask){.email = (*member_r)->email, .key = (*member_r)->key, .actor = actor, .is_proved = true};
    status = list_by_id(desk->db, ctx, (*member_r)->list_id, &list);
    return status == STATUS_OK ? wish_load(desk, ctx, list, ask, wish_r) : status;
}

enum status
subscription_leave_by_token(const struct subscription_desk *desk, TALLOC_CTX *ctx, int64_t member_id, int64_t epoch,
                            const struct actor *actor, enum subscription_result *result_r)
{
    struct row_subscription_member *member;
    struct change change;
    struct wish *wish;
    enum status status = change_begin(&change, desk->db);

    if (status != STATUS_OK)
        return status;
    *result_r = SUBSCRIPTION_NOT_MEMBER;
    status = load_member_wish(desk, ctx, member_id, actor, &member, &wish);
    if (status == STATUS_OK && member->left_at == 0 && member->epoch == epoch)
        status = wish_leave_by_policy(wish, result_r);
    return change_end(&change, status);
}

static enum status
take_back(struct wish *wish, int64_t member_id, int64_t epoch, enum subscription_result *result_r)
{
    struct db *db = wish->desk->db;
    int64_t now = clock_now_us(), changed = 0;
    enum status status = STATUS_OK;

    if (wish->facts->is_banned) {
        *result_r = SUBSCRIPTION_BANNED;
        return STATUS_OK;
    }
    status = q_subscription_member_return(db, member_id, epoch, now - UNDO_DAYS * DAY_US, &changed);
    if (status != STATUS_OK || changed == 0)
        return status;
    *result_r = SUBSCRIPTION_DONE;
    status = q_subscription_end_of_member(db, member_id, "leave", "cancelled", wish->ask->actor->words, now, NULL);
    return status == STATUS_OK ? audit_add(db, wish->ask->actor, "member_add", wish->list->id, wish->ask->email, "undo") : status;
}

enum status
subscription_return(const struct subscription_desk *desk, TALLOC_CTX *ctx, int64_t member_id, int64_t epoch, const struct actor *actor,
                    enum subscription_result *result_r)
{
    struct row_subscription_member *member;
    struct change change;
    struct wish *wish;
    enum status status = change_begin(&change, desk->db);

    if (status != STATUS_OK)
        return status;
    *result_r = SUBSCRIPTION_NOT_MEMBER;
    status = load_member_wish(desk, ctx, member_id, actor, &member, &wish);
    if (status == STATUS_OK)
        status = take_back(wish, member_id, epoch, result_r);
    return change_end(&change, status);
}

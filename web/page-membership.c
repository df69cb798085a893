/* page-membership.c - joining and leaving, without an account
 *
 * Joining is asked for on the list's page and confirmed by a mailed link; who is signed in with the address joins at once. The
 * answer to asking is the same whether the address is a member, is banned, or unknown: only the mail differs. Leaving is the
 * link in every copy (RFC 8058): one POST ends delivery at once, whatever the list's policy; it can be undone for seven days. */
#include <string.h>

#include "delivery/token.h"
#include "mime/address.h"
#include "policy/member.h"
#include "policy/setting.h"
#include "store/statements.h"
#include "util/clock.h"
#include "web/common.h"
#include "web/limit.h"
#include "web/list.h"
#include "web/page.h"

enum { HOUR_S = 3600, DAY_S = 86400, CONFIRM_S = 3 * DAY_S };

/* "https://host/u/TOKEN", the way out of one membership. */
static enum status
leave_link(struct request *request, int64_t member_id, int64_t epoch, const char **link_r)
{
    struct token token = {.kind = TOKEN_LEAVE, .first = member_id, .second = epoch};
    struct token_keys *keys;
    enum status status = token_keys_load(request->web->db, request, &keys);

    if (status == STATUS_OK)
        *link_r = mem_printf(request, "%s/u/%s", request_site_url(request, request), token_make(request, keys, &token));
    return status;
}

/* ---- joining ---- */

/* At most so many mails may be caused, whatever is typed. */
static enum status
take_mail_limits(struct request *request, const char *key)
{
    enum status status = limit_take(request, "join", mem_printf(request, "%lld %s", (long long)request->list->id, key), 1, DAY_S);

    if (status == STATUS_OK)
        status = limit_take(request, "join-address", key, 3, DAY_S);
    if (status == STATUS_OK)
        status = limit_take(request, "join-net", limit_net(request), 20, HOUR_S);
    return status == STATUS_OK ? limit_take(request, "join-site", NULL, 200, HOUR_S) : status;
}

/* A member is told so, somebody banned is told nothing, everybody else gets the link. */
static enum status
mail_confirmation(struct request *request, const char *email, const char *key)
{
    struct mail_link_order order = {.purpose = "join", .email = email, .list_id = request->list->id, .lifetime_s = CONFIRM_S};
    const char *title = request->list->title, *address = request->list->address, *token, *link;
    struct row_web_member_of *member;
    struct row_web_is_banned *ban;
    enum status status = q_web_is_banned(request->web->db, request, request->list->id, key, &ban);

    if (status != STATUS_OK || ban->banned)
        return status;
    status = q_web_member_of(request->web->db, request, request->list->id, key, &member);
    if (status == STATUS_OK && member != NULL) {
        status = leave_link(request, member->id, member->epoch, &link);
        return status != STATUS_OK ? status
            : mail_send(request, NOTICE_member_already, email, (const char *const[NOTICE_ARGS]){title, address, link});
    }
    if (status == STATUS_OK)
        status = link_make(request, &order, &token, NULL, NULL);
    if (status != STATUS_OK)
        return status;
    link = mem_printf(request, "%s/confirm/%s", request_site_url(request, request), token);
    return mail_send(request, NOTICE_join, email, (const char *const[NOTICE_ARGS]){title, address, link});
}

static enum status
mail_welcome(struct request *request, const char *email, const char *key, const struct settings *settings)
{
    struct row_web_member_of *member;
    const char *link;
    enum status status;

    if (!settings->send_welcome_message)
        return STATUS_OK;
    status = q_web_member_of(request->web->db, request, request->list->id, key, &member);
    if (status != STATUS_OK || member == NULL)
        return status;
    status = leave_link(request, member->id, member->epoch, &link);
    if (status != STATUS_OK)
        return status;
    return mail_send(request, NOTICE_welcome, email, (const char *const[NOTICE_ARGS]){
        request->list->title, request->list->address,
        mem_printf(request, "%s%s", request_site_url(request, request), request->list->path), link});
}

/* Tells the owners that somebody waits for their consent. */
static enum status
ask_owners(struct request *request, enum notice_kind kind, const char *email)
{
    struct row_web_owners *owners;
    size_t count;
    enum status status = q_web_owners(request->web->db, request, request->list->id, &owners, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        status = mail_send(request, kind, owners[i].email, (const char *const[NOTICE_ARGS]){
            request->list->title, email, request->list->address});
    return status;
}

/* The address is proved. What happens now is the list's policy; outcome_r is a word for the template. */
static enum status
join_now(struct request *request, const char *email, const char *key, const char **outcome_r)
{
    struct actor actor = {.words = email, .user_id = request->me.user_id};
    struct person person = {.text = email, .name = "", .email = email, .key = key};
    struct settings *settings;
    enum status status = settings_load(request->web->db, request, request->list->id, &settings);

    if (status != STATUS_OK)
        return status;
    if (settings->subscription_policy == JOINING_MODERATE || settings->subscription_policy == JOINING_CONFIRM_THEN_MODERATE) {
        *outcome_r = "asked";
        return ask_owners(request, NOTICE_join_asked, email);
    }
    status = member_add(request->web->db, &actor, request, request->list->id, "member", &person, 1);
    if (status != STATUS_OK)
        return status;
    *outcome_r = person.outcome == PERSON_ADDED || person.outcome == PERSON_MEMBER ? "joined" : "refused";
    return person.outcome == PERSON_ADDED ? mail_welcome(request, email, key, settings) : STATUS_OK;
}

enum status
page_join(struct request *request, struct fault *fault)
{
    (void)fault;
    if (request->standing.is_signed_in)
        out_text(request->page, "email", request->me.email);
    return STATUS_OK;
}

static enum status
act_on_join(struct request *request, const char *email, const char *key)
{
    struct row_web_address_of_user *own;
    const char *outcome = "mailed";
    enum status status = q_web_address_of_user(request->web->db, request, request->me.user_id, key, &own);

    if (status == STATUS_OK && own != NULL) {
        status = join_now(request, email, key, &outcome);
    } else if (status == STATUS_OK) {
        status = take_mail_limits(request, key);
        if (status == STATUS_OK)
            status = mail_confirmation(request, email, key);
    }
    out_text(request->page, "outcome", outcome);
    return status;
}

enum status
page_join_ask(struct request *request, struct fault *fault)
{
    const char *email, *key;
    enum status status;

    out_text(request->page, "email", request_text(request, "email"));
    if (!form_address(request, "email", &email, &key)) {
        fault_set(fault, STATUS_INVALID, "email", N_("This does not look like a mail address. It should be like hana@example.jp."));
        return form_refuse(request, fault);
    }
    status = db_begin(request->web->db);
    if (status == STATUS_OK)
        status = act_on_join(request, email, key);
    if (status != STATUS_OK && status != STATUS_TOO_MANY)
        return status;
    if (status == STATUS_TOO_MANY)
        fault->hint = N_("If you asked for a mail before, please look among the unwanted mails as well. You can ask again tomorrow.");
    return status == STATUS_OK ? db_commit(request->web->db) : status;
}

/* ---- confirming ---- */

/* Loads the link and the list that it is about; a token of another purpose is no link here. */
static enum status
find_confirm(struct request *request, struct row_web_link **link_r)
{
    struct row_list_by_id *list;
    struct row_web_link *link;
    enum status status = q_web_link(request->web->db, request,
                                    secret_hash(request, str_lower(request, request_param(request, "token"))), &link);

    if (status != STATUS_OK || link == NULL || !str_eq(link->purpose, "join"))
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    status = q_list_by_id(request->web->db, request, link->list_id, &list);
    if (status != STATUS_OK || list == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    status = list_load_as_known(request, list->name, list->domain);
    if (status == STATUS_OK && request->list == NULL)
        return STATUS_NOT_FOUND;
    *link_r = link;
    return status;
}

static void
show_confirm(struct request *request, const struct row_web_link *link)
{
    bool is_over = link->used_at != 0 || link->expires_at < clock_now_us();

    out_text(request->page, "token", request_param(request, "token"));
    out_text(request->page, "email", link->email);
    out_bool(request->page, "is_used", link->used_at != 0);
    out_bool(request->page, "is_over", is_over);
    if (is_over)
        request->response->http = 410;
}

enum status
page_confirm(struct request *request, struct fault *fault)
{
    struct row_web_link *link;
    enum status status = find_confirm(request, &link);

    (void)fault;
    if (status == STATUS_OK)
        show_confirm(request, link);
    return status;
}

enum status
page_confirm_use(struct request *request, struct fault *fault)
{
    struct row_web_link_use *used;
    struct row_web_link *link;
    const char *outcome = NULL;
    enum status status = find_confirm(request, &link);

    (void)fault;
    if (status == STATUS_OK)
        status = db_begin(request->web->db);
    if (status == STATUS_OK)
        status = q_web_link_use(request->web->db, request, link->id, clock_now_us(), &used);
    if (status != STATUS_OK)
        return status;
    if (used == NULL) {
        db_rollback(request->web->db);
        status = find_confirm(request, &link);      /* somebody may have used it since it was read */
        if (status == STATUS_OK)
            show_confirm(request, link);
        return status;
    }
    status = join_now(request, link->email, address_key_of(request, link->email), &outcome);
    out_text(request->page, "email", link->email);
    out_text(request->page, "outcome", outcome);
    return status == STATUS_OK ? db_commit(request->web->db) : status;
}

/* ---- leaving ---- */

/* What leaving does here: it ends the membership, or stops delivery and asks the owners. */
static enum status
leave_now(struct request *request, int64_t list_id, int64_t member_id, int64_t epoch, const char *email, const char *by)
{
    int64_t now = clock_now_us(), changed = 0;
    struct settings *settings;
    enum status status = settings_load(request->web->db, request, list_id, &settings);

    if (status != STATUS_OK)
        return status;
    if (settings->unsubscription_policy != JOINING_MODERATE && settings->unsubscription_policy != JOINING_CONFIRM_THEN_MODERATE)
        return q_web_member_leave(request->web->db, member_id, (int)epoch, now, by, NULL);
    status = q_web_member_stop(request->web->db, member_id, (int)epoch, now, by, &changed);
    return status == STATUS_OK && changed > 0 && request->list != NULL ? ask_owners(request, NOTICE_leave_asked, email) : status;
}

enum status
page_leave(struct request *request, struct fault *fault)
{
    struct row_web_member_mine *mine;
    struct out *rows = out_rows(request->page, "mine");
    size_t count;
    enum status status = q_web_member_mine(request->web->db, request, request->list->id, request->me.user_id, &mine, &count);

    (void)fault;
    for (size_t i = 0; status == STATUS_OK && request->me.user_id != 0 && i < count; i++) {
        struct out *row = out_row(rows);
        const char *link;

        status = leave_link(request, mine[i].id, mine[i].epoch, &link);
        if (status == STATUS_OK) {
            out_text(row, "path", strstr(link, "/u/"));
            out_text(row, "email", mine[i].email);
        }
    }
    return status;
}

static enum status
mail_leave(struct request *request, const char *email, const char *key)
{
    const char *title = request->list->title, *address = request->list->address, *link;
    struct row_web_member_of *member;
    enum status status = take_mail_limits(request, key);

    if (status == STATUS_OK)
        status = q_web_member_of(request->web->db, request, request->list->id, key, &member);
    if (status != STATUS_OK)
        return status;
    if (member == NULL)
        return mail_send(request, NOTICE_not_a_member, email, (const char *const[NOTICE_ARGS]){title, address});
    status = leave_link(request, member->id, member->epoch, &link);
    if (status != STATUS_OK)
        return status;
    return mail_send(request, NOTICE_leave, email, (const char *const[NOTICE_ARGS]){title, address, link});
}

enum status
page_leave_ask(struct request *request, struct fault *fault)
{
    const char *email, *key;
    enum status status;

    out_text(request->page, "email", request_text(request, "email"));
    if (!form_address(request, "email", &email, &key)) {
        fault_set(fault, STATUS_INVALID, "email", N_("This does not look like a mail address. It should be like hana@example.jp."));
        return form_refuse(request, fault);
    }
    status = db_begin(request->web->db);
    if (status == STATUS_OK)
        status = mail_leave(request, email, key);
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    out_bool(request->page, "is_mailed", true);
    return status;
}

/* The membership that a leave link names. */
static enum status
find_membership(struct request *request, struct token *token_r, struct row_web_member **member_r)
{
    struct token_keys *keys;
    enum status status = token_keys_load(request->web->db, request, &keys);

    if (status != STATUS_OK)
        return status;
    if (!token_read(keys, TOKEN_LEAVE, request_param(request, "token"), token_r))
        return STATUS_NOT_FOUND;
    status = q_web_member(request->web->db, request, token_r->first, member_r);
    if (status != STATUS_OK || *member_r == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    return list_load_as_known(request, (*member_r)->list_name, (*member_r)->domain);
}

/* A link names one life of a membership: it can end that life, and undo its own ending. */
static void
show_membership(struct request *request, const struct token *token, const struct row_web_member *member)
{
    bool is_member = member->left_at == 0 && member->epoch == token->second;
    bool is_stopped = is_member && str_eq(member->delivery_status, "by_user");
    bool is_left = member->left_at != 0 && member->epoch == token->second + 1;

    out_text(request->page, "token", request_param(request, "token"));
    out_text(request->page, "email", member->email);
    out_bool(request->page, "is_member", is_member && !is_stopped);
    out_bool(request->page, "is_stopped", is_stopped);
    out_bool(request->page, "is_left", is_left);
    out_time(request->page, "left_at", member->left_at);
    out_bool(request->page, "may_undo", is_stopped || (is_left && member->left_at > clock_now_us() - 7 * (int64_t)DAY_S * US_PER_S));
}

enum status
page_unsubscribe(struct request *request, struct fault *fault)
{
    struct row_web_member *member;
    struct token token;
    enum status status = find_membership(request, &token, &member);

    (void)fault;
    if (status == STATUS_OK)
        show_membership(request, &token, member);
    return status;
}

enum status
page_unsubscribe_act(struct request *request, struct fault *fault)
{
    bool is_undo = str_eq(request_text(request, "action"), "undo");
    struct row_web_member *member;
    struct token token;
    enum status status = find_membership(request, &token, &member);

    (void)fault;
    if (status == STATUS_OK)
        status = db_begin(request->web->db);
    if (status != STATUS_OK)
        return status;
    if (is_undo)
        status = q_web_member_return(request->web->db, token.first, (int)token.second, clock_now_us(), "link in a mail", NULL);
    else
        status = leave_now(request, member->list_id, token.first, token.second, member->email, "link in a mail");
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK)
        status = q_web_member(request->web->db, request, token.first, &member);
    if (status != STATUS_OK)
        return status;
    out_bool(request->page, "is_done", true);
    show_membership(request, &token, member);
    return STATUS_OK;
}

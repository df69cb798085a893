/* page-membership.c - joining and leaving, without an account
 *
 * Joining and leaving are asked for on the list's page and confirmed by a mailed link; who is signed in with the address needs one
 * press. The answer to asking is the same whether the address is a member, is banned, or unknown: only the mail differs. The link in every
 * copy (RFC 8058) needs one POST: it ends delivery at once, whatever the list's policy, and can be undone for seven days. */
#include <string.h>

#include "delivery/token.h"
#include "store/statements.h"
#include "util/clock.h"
#include "web/common.h"
#include "web/list.h"
#include "web/moved.h"
#include "web/page.h"
#include "web/subscribe.h"
#include "web/words.h"

enum { UNDO_S = 7 * 86400 };

/* What subscription.h answers, as a word for the templates. */
static const char *
outcome_word(enum subscription_result result, bool leaves)
{
    static const char *const words[SUBSCRIPTION_RESULT_COUNT][2] = {
        [SUBSCRIPTION_DONE] = {"joined", "left"}, [SUBSCRIPTION_CONFIRM_SENT] = {"mailed", "mailed"},
        [SUBSCRIPTION_WAITS] = {"asked", "asked"}, [SUBSCRIPTION_ALREADY] = {"joined", "left"},
        [SUBSCRIPTION_NOT_MEMBER] = {"refused", "left"}, [SUBSCRIPTION_BANNED] = {"refused", "refused"},
        [SUBSCRIPTION_LIMITED] = {"limited", "limited"}};

    return words[result][leaves];
}

/* What came of it, with what the owners say to it. */
static enum status
show_outcome(struct request *request, enum subscription_result result, bool leaves)
{
    static const char *const pieces[][2] = {
        {"joined", "joined_page"}, {"left", "left_page"}, {"asked", "asked_page"}, {"refused", "refused_page"}};
    const char *word = outcome_word(result, leaves);
    enum status status = STATUS_OK;

    out_text(request->page, "outcome", word);
    out_bool(request->page, "leaves", leaves);
    if (result == SUBSCRIPTION_LIMITED)
        request->response->http = 429;
    for (size_t i = 0; i < COUNT_OF(pieces); i++)
        if (str_eq(pieces[i][0], word))
            status = show_words(request, pieces[i][1]);
    return status;
}

/* "orchestra-join@lists.example.jp" */
static void
show_mail_address(struct request *request, const char *word)
{
    out_text(request->page, "mail_to", mem_printf(request, "%s-%s@%s", request->list->name, word, request->list->domain));
    out_text(request->page, "mail_domain", request->list->domain);
}

/* ---- asking ---- */

/* The addresses that the person who is signed in has proved. */
static enum status
show_own(struct request *request)
{
    struct row_web_addresses *own;
    struct out *rows = out_rows(request->page, "own");
    size_t count;
    enum status status;

    if (!request->standing.is_signed_in)
        return STATUS_OK;
    status = q_web_addresses(request->web->db, request, request->me.user_id, &own, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "email", own[i].email);
        out_bool(row, "is_first", i == 0);
    }
    return status;
}

enum status
page_join(struct request *request, struct fault *fault)
{
    enum status status = show_own(request);

    (void)fault;
    show_mail_address(request, "join");
    if (status == STATUS_OK)
        status = show_words(request, "join_page");
    return status == STATUS_OK ? subscribe_show_form(request) : status;
}

/* Somebody else's mailbox may be written to: the form is judged, the budgets count. */
static enum status
ask_as_stranger(struct request *request, struct subscription_ask *ask, bool leaves, const struct subscription_desk *desk)
{
    enum subscription_result result = SUBSCRIPTION_CONFIRM_SENT;
    enum form_answer answer;
    enum status status = subscribe_check_form(request, ask->key, &answer);

    if (status != STATUS_OK || answer == FORM_AGAIN || answer == FORM_WORK)
        return status;
    ask->net = budget_net(request, request->raw.remote_address);
    if (answer == FORM_GOOD && leaves)
        status = subscription_leave(desk, request, subscribe_list(request), ask, &result);
    else if (answer == FORM_GOOD)
        status = subscription_join(desk, request, subscribe_list(request), ask, &result);
    return status == STATUS_OK ? show_outcome(request, result, leaves) : status;
}

/* Who is a member already and gets nothing is not told that posts will come. */
static enum status
show_paused(struct request *request, const char *key)
{
    struct row_web_member_delivery *member;
    enum status status = q_web_member_delivery(request->web->db, request, request->list->id, key, clock_now_us(), &member);

    if (status != STATUS_OK || member == NULL || str_eq(member->status, "enabled"))
        return status;
    out_int(request->page, "paused", member->id);
    out_bool(request->page, "is_locked", str_eq(member->status, "by_moderator"));
    return STATUS_OK;
}

static enum status
ask_as_owner(struct request *request, struct subscription_ask *ask, bool leaves, const struct subscription_desk *desk)
{
    enum subscription_result result;
    enum status status;

    ask->is_proved = true;
    if (leaves)
        status = subscription_leave(desk, request, subscribe_list(request), ask, &result);
    else
        status = subscription_join(desk, request, subscribe_list(request), ask, &result);
    if (status == STATUS_OK && !leaves && result == SUBSCRIPTION_ALREADY)
        status = show_paused(request, ask->key);
    return status == STATUS_OK ? show_outcome(request, result, leaves) : status;
}

static enum status
ask(struct request *request, bool leaves, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct subscription_ask ask = {.lang = request->lang, .actor = &actor};
    struct row_web_address_of_user *own;
    struct subscription_desk *desk;
    enum status status;

    show_mail_address(request, leaves ? "leave" : "join");
    out_text(request->page, "email", request_text(request, "email"));
    if (!form_address(request, "email", &ask.email, &ask.key)) {
        fault_set(fault, STATUS_INVALID, "email", N_("This does not look like a mail address. It should be like hana@example.jp."));
        form_refuse(request, fault);
        return subscribe_show_form(request);
    }
    out_text(request->page, "email", ask.email);
    status = subscribe_desk(request, &desk);
    if (status == STATUS_OK)
        status = q_web_address_of_user(request->web->db, request, request->me.user_id, ask.key, &own);
    if (status != STATUS_OK)
        return status;
    return own != NULL ? ask_as_owner(request, &ask, leaves, desk) : ask_as_stranger(request, &ask, leaves, desk);
}

enum status
page_join_ask(struct request *request, struct fault *fault)
{
    return ask(request, false, fault);
}

enum status
page_leave(struct request *request, struct fault *fault)
{
    struct row_web_member_mine *mine;
    struct out *rows = out_rows(request->page, "mine");
    size_t count;
    enum status status = q_web_member_mine(request->web->db, request, request->list->id, request->me.user_id, &mine, &count);

    (void)fault;
    for (size_t i = 0; status == STATUS_OK && request->me.user_id != 0 && i < count; i++)
        out_text(out_row(rows), "email", mine[i].email);
    show_mail_address(request, "leave");
    if (status == STATUS_OK)
        status = show_words(request, "leave_page");
    return status == STATUS_OK ? subscribe_show_form(request) : status;
}

enum status
page_leave_ask(struct request *request, struct fault *fault)
{
    return ask(request, true, fault);
}

/* ---- confirming ---- */

/* Loads the link and the list that it is about; a token of another purpose is no link here. */
static enum status
find_confirm(struct request *request, struct row_subscription_link **link_r)
{
    enum status status = subscription_look(request->web->db, request, request_param(request, "token"), link_r);

    if (status != STATUS_OK || *link_r == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    return list_load_as_known(request, (*link_r)->list_name, (*link_r)->domain);
}

static void
show_confirm(struct request *request, const struct row_subscription_link *link)
{
    bool is_over = link->used_at != 0 || link->ended_at != 0 || (link->confirmed_at != 0 && !str_eq(link->purpose, "keep")) ||
        link->expires_at < clock_now_us();

    out_text(request->page, "token", request_param(request, "token"));
    out_text(request->page, "email", link->email);
    out_bool(request->page, "leaves", str_eq(link->kind, "leave"));
    out_bool(request->page, "changes", str_eq(link->kind, "change"));
    out_bool(request->page, "keeps", str_eq(link->purpose, "keep"));
    out_text(request->page, "new_email", link->email);
    out_bool(request->page, "is_invitation", link->is_invitation);
    out_bool(request->page, "is_over", is_over);
    out_bool(request->page, "waits", link->ended_at == 0 && link->confirmed_at != 0 && !str_eq(link->purpose, "keep"));
    out_text(request->page, "ended", link->outcome);
    if (is_over)
        request->response->http = 410;
}

enum status
page_confirm(struct request *request, struct fault *fault)
{
    struct row_subscription_link *link;
    enum status status = find_confirm(request, &link);

    (void)fault;
    if (status == STATUS_NOT_FOUND)
        return moved_show(request);
    if (status == STATUS_OK)
        show_confirm(request, link);
    return status;
}

enum status
page_confirm_use(struct request *request, struct fault *fault)
{
    struct row_subscription_link *link;
    struct subscription_desk *desk;
    enum subscription_result result;
    enum status status = find_confirm(request, &link);

    (void)fault;
    if (status == STATUS_NOT_FOUND)
        return moved_act(request);
    if (status == STATUS_OK)
        status = subscribe_desk(request, &desk);
    if (status == STATUS_OK)
        status = subscription_confirm(desk, request, request_param(request, "token"), &result);
    if (status == STATUS_OK) {
        out_text(request->page, "email", str_eq(link->purpose, "keep") ? link->name : link->email);
        out_bool(request->page, "changes", str_eq(link->kind, "change"));
        if (str_eq(link->purpose, "keep"))
            out_text(request->page, "outcome", "kept");
        return str_eq(link->purpose, "keep") ? STATUS_OK : show_outcome(request, result, str_eq(link->kind, "leave"));
    }
    if (status != STATUS_GONE)
        return status;
    status = find_confirm(request, &link);      /* somebody may have used it since it was read */
    if (status == STATUS_OK)
        show_confirm(request, link);
    return status;
}

/* ---- the link in every copy ---- */

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
    bool may_undo = is_stopped || (is_left && member->left_epoch == token->second &&
                                   member->left_at > clock_now_us() - UNDO_S * US_PER_S);

    out_text(request->page, "token", request_param(request, "token"));
    out_text(request->page, "email", member->email);
    out_bool(request->page, "is_member", is_member && !is_stopped);
    out_bool(request->page, "is_stopped", is_stopped);
    out_bool(request->page, "is_asked", is_stopped && member->is_asked);
    out_bool(request->page, "is_left", is_left);
    out_bool(request->page, "may_undo", may_undo);
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
    static const struct actor actor = {.words = "link in a mail"};
    bool is_undo = str_eq(request_text(request, "action"), "undo");
    struct subscription_desk *desk;
    struct row_web_member *member;
    enum subscription_result result;
    struct token token;
    enum status status = find_membership(request, &token, &member);

    (void)fault;
    if (status == STATUS_OK)
        status = subscribe_desk(request, &desk);
    if (status == STATUS_OK)
        status = (is_undo ? subscription_return : subscription_leave_by_token)(desk, request, token.first, token.second, &actor, &result);
    if (status == STATUS_OK)
        status = q_web_member(request->web->db, request, token.first, &member);
    if (status != STATUS_OK)
        return status;
    out_bool(request->page, "is_done", true);
    show_membership(request, &token, member);
    return STATUS_OK;
}

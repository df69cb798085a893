/* subscription-mail.c - what is told about joining and leaving, and to whom */
#include <string.h>

#include "mime/address.h"
#include "policy/subscription-private.h"
#include "util/clock.h"
#include "util/str.h"

#define GATHER_US (INT64_C(15) * 60 * US_PER_S)

enum { GATHERED_MOST = 50 };

static char *
page(const struct wish *wish, const char *rest)
{
    char *site = conf_url_of(wish->ctx, wish->desk->conf->site_url, wish->list->web_host);

    return mem_printf(wish->ctx, "%s%s", site, rest);
}

/* NAME alone may be a list of another domain on the same host; NAME.DOMAIN never is, and leads to the right page. */
static char *
list_page(const struct wish *wish, const char *rest)
{
    return page(wish, mem_printf(wish->ctx, "/lists/%s.%s/%s", wish->list->name, wish->list->domain, rest));
}

char *
wish_leave_link(const struct wish *wish, int64_t member_id, int64_t epoch)
{
    return page(wish, mem_printf(wish->ctx, "/u/%s", wish->desk->leave_token(wish->ctx, wish->desk->keys, member_id, epoch)));
}

/* An address that cannot be written to is no reason to undo what was done. */
static enum status
mail(const struct wish *wish, const struct lang *lang, enum notice_kind kind, const char *to, const char *reply_to, bool unsent,
     const char *const args[NOTICE_ARGS])
{
    const struct list *list = wish->list;
    struct notice notice = {.kind = kind, .lang = lang, .domain_id = list->domain_id, .domain = list->domain, .list_id = list->id,
                            .list_name = list->name, .from_display = wish->title, .to = to, .reply_to = reply_to,
                            .is_reply = wish->ask->is_reply, .is_unsent = unsent,
                            .base_url = page(wish, "")};
    enum status status;

    for (size_t i = 0; i < NOTICE_ARGS; i++)
        notice.args[i] = args[i];
    status = notice_add(wish->desk->db, &notice);
    return status == STATUS_INVALID ? STATUS_OK : status;
}

static enum status
mail_asker(const struct wish *wish, enum notice_kind kind, const char *const args[NOTICE_ARGS])
{
    return mail(wish, wish->lang, kind, wish->ask->email, NULL, false, args);
}

/* LIST-confirm+TOKEN@, so that a plain reply confirms; without the token where the local part would be longer than what all take, then
 * the reply's quotation of the link has it. */
static char *
confirm_address(const struct wish *wish, const char *token)
{
    char *local = mem_printf(wish->ctx, "%s-confirm+%s", wish->list->name, token);

    if (strlen(local) > ADDRESS_LOCAL_MAX)
        local = mem_printf(wish->ctx, "%s-confirm", wish->list->name);
    return mem_printf(wish->ctx, "%s@%s", local, wish->list->domain);
}

enum status
wish_mail_person(struct wish *wish, enum notice_kind kind, const char *token, bool nobody)
{
    const char *link = page(wish, mem_printf(wish->ctx, "/confirm/%s", token));
    bool member = wish->facts->member_id != 0, asks = kind == NOTICE_join || kind == NOTICE_leave || kind == NOTICE_invite || kind == NOTICE_join_offer ||
         kind == NOTICE_change;
    const char *leave = wish_leave_link(wish, member ? wish->facts->member_id : 1, member ? wish->facts->epoch : 1);

    return mail(wish, wish->lang, kind, wish->ask->email, asks ? confirm_address(wish, token) : NULL, nobody,
                (const char *const[NOTICE_ARGS]){wish->title, wish->list->address, kind == NOTICE_member_already ? leave : link});
}

/* Only in mails to addresses that were proved: else whoever fills in a form could write to others by it. */
static const char *
name_of(const struct wish *wish)
{
    return !str_is_empty(wish->ask->name) ? wish->ask->name : wish->ask->email;
}

enum status
wish_mail_welcome(struct wish *wish, int64_t member_id, int64_t epoch)
{
    return mail_asker(wish, NOTICE_welcome, (const char *const[NOTICE_ARGS]){
        wish->title, wish->list->address, list_page(wish, ""), wish_leave_link(wish, member_id, epoch), name_of(wish)});
}

enum status
wish_mail_goodbye(struct wish *wish)
{
    return mail_asker(wish, NOTICE_goodbye, (const char *const[NOTICE_ARGS]){
        wish->title, wish->list->address, wish_leave_link(wish, wish->facts->member_id, wish->facts->epoch), name_of(wish)});
}

enum status
wish_mail_dismissed(struct wish *wish)
{
    return mail_asker(wish, NOTICE_dismissed, (const char *const[NOTICE_ARGS]){wish->title, wish->list->address});
}

enum status
wish_mail_changed(struct wish *wish, const char *old_email, int64_t member_id, int64_t epoch)
{
    enum status status = mail_asker(wish, NOTICE_changed, (const char *const[NOTICE_ARGS]){
        wish->title, wish->list->address, old_email, wish->ask->email, wish_leave_link(wish, member_id, epoch)});

    return status != STATUS_OK ? status : mail(wish, wish->lang, NOTICE_changed_old, old_email, NULL, false, (const char *const[NOTICE_ARGS]){
        wish->title, wish->list->address, wish->ask->email});
}

enum status
wish_mail_old_address(struct wish *wish, const char *old_email, const char *token, bool nobody)
{
    const struct lang *lang = i18n_lang(wish->desk->i18n, language_code(wish->settings->preferred_language));

    return mail(wish, lang, NOTICE_change_told, old_email, NULL, nobody, (const char *const[NOTICE_ARGS]){
        wish->title, wish->list->address, wish->ask->email, page(wish, mem_printf(wish->ctx, "/confirm/%s", token))});
}

enum status
wish_mail_rejected(struct wish *wish, const char *kind, const char *reason)
{
    return mail_asker(wish, str_eq(kind, "join") ? NOTICE_join_rejected : str_eq(kind, "leave") ? NOTICE_leave_rejected
                      : NOTICE_change_rejected, (const char *const[NOTICE_ARGS]){
        wish->title, wish->list->address, !str_is_empty(reason) ? reason : tr(wish->lang, N_("A moderator decided so."))});
}

/* ---- owners and moderators ---- */

static const char *
lines_of(const struct wish *wish, const struct lang *lang, const struct row_subscription_untold *rows, size_t count)
{
    struct str *lines = str_new(wish->ctx);

    for (size_t i = 0; i < count; i++)
        str_addf(lines, "%s%s", i > 0 ? "\n" : "",
                 tr_fill(wish->ctx, tr(lang, str_eq(rows[i].kind, "join") ? N_("%1 asks to join.")
                                       : str_eq(rows[i].kind, "leave") ? N_("%1 asks to leave.")
                                       : N_("A member asks to be reached at %1.")), rows[i].email, NULL, NULL));
    return lines->s;
}

enum status
wish_mail_owners(struct wish *wish, enum notice_kind kind, const struct lang *lang, const char *what)
{
    const char *link = list_page(wish, kind == NOTICE_members_changed ? "members" : "requests");
    struct row_subscription_deciders *people;
    size_t count;
    enum status status = q_subscription_deciders(wish->desk->db, wish->ctx, wish->list->id, &people, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (kind != NOTICE_members_changed || people[i].is_owner)
            status = mail(wish, lang, kind, people[i].email, NULL, false, (const char *const[NOTICE_ARGS]){
                wish->title, what, wish->list->address, link});
    return status;
}

enum status
wish_tell_waiting(struct wish *wish)
{
    const struct lang *lang = i18n_lang(wish->desk->i18n, language_code(wish->settings->preferred_language));
    struct row_subscription_untold *rows;
    enum notice_kind kind = NOTICE_requests_waiting;
    size_t count;
    enum status status = q_subscription_untold(wish->desk->db, wish->ctx, wish->list->id, GATHERED_MOST, &rows, &count);

    if (status != STATUS_OK || count == 0)
        return status;
    if (count == 1)
        kind = str_eq(rows[0].kind, "join") ? NOTICE_join_asked : str_eq(rows[0].kind, "leave") ? NOTICE_leave_asked : NOTICE_change_asked;
    status = wish_mail_owners(wish, kind, lang, count == 1 ? rows[0].email : lines_of(wish, lang, rows, count));
    return status == STATUS_OK ? q_subscription_told(wish->desk->db, wish->list->id, clock_now_us(), NULL) : status;
}

enum status
wish_tell_deciders(struct wish *wish)
{
    int64_t now = clock_now_us();
    struct row_subscription_turn *turn;
    enum status status;

    if (!wish->settings->admin_immed_notify)
        return STATUS_OK;
    status = q_subscription_turn(wish->desk->db, wish->ctx, wish->list->id, now, now - GATHER_US, &turn);
    return status == STATUS_OK && turn != NULL ? wish_tell_waiting(wish) : status;
}

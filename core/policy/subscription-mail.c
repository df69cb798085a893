/* subscription-mail.c - what is told about joining and leaving, and to whom */
#include <string.h>

#include "mime/address.h"
#include "policy/recipient.h"
#include "policy/subscription-private.h"
#include "util/clock.h"
#include "util/str.h"

static char *
page(const struct wish *wish, const char *rest)
{
    char *site = conf_url_of(wish->ctx, wish->desk->conf->site_url, wish->list->web_host);

    return mem_printf(wish->ctx, "%s%s", site, rest);
}

/* NAME alone may be a list of another domain on the same host; NAME.DOMAIN never is, and leads to the right page. */
char *
wish_list_page(const struct wish *wish, const char *rest)
{
    return page(wish, mem_printf(wish->ctx, "/lists/%s.%s/%s", wish->list->name, wish->list->domain, rest));
}

char *
wish_leave_link(const struct wish *wish, int64_t member_id, int64_t epoch)
{
    return page(wish, mem_printf(wish->ctx, "/u/%s", wish->desk->leave_token(wish->ctx, wish->desk->keys, member_id, epoch)));
}

/* An address that cannot be written to is no reason to undo what was done. */
enum status
wish_mail(const struct wish *wish, struct notice notice)
{
    const struct list *list = wish->list;
    bool is_answer = wish->ask->is_reply && str_eq(notice.to, wish->ask->email);
    enum status status;

    notice.domain_id = list->domain_id;
    notice.domain = list->domain;
    notice.list_id = list->id;
    notice.list_name = list->name;
    notice.from_display = wish->title;
    notice.is_reply = is_answer;
    notice.in_reply_to = is_answer ? wish->ask->in_reply_to : NULL;
    notice.base_url = page(wish, "");
    if (notice.lang == NULL) {
        notice.lang = wish->lang;
        notice.also = wish->also;
    }
    status = notice_add(wish->desk->db, &notice);
    return status == STATUS_INVALID ? STATUS_OK : status;
}

enum status
wish_mail_person(struct wish *wish, enum notice_kind kind, const char *token, bool nobody)
{
    const char *link = page(wish, mem_printf(wish->ctx, "/confirm/%s", token));
    bool member = wish->facts->member_id != 0, asks = kind == NOTICE_join || kind == NOTICE_leave || kind == NOTICE_invite || kind == NOTICE_join_offer ||
         kind == NOTICE_change;
    const char *leave = wish_leave_link(wish, member ? wish->facts->member_id : 1, member ? wish->facts->epoch : 1);

    return wish_mail(wish, (struct notice){
        .kind = kind, .to = wish->ask->email, .is_unsent = nobody,
        .reply_to = asks ? recipient_reply_address(wish->ctx, wish->list->name, wish->list->domain, token) : NULL,
        .args = {wish->title, wish->list->address, kind == NOTICE_member_already ? leave : link}});
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
    return wish_mail(wish, (struct notice){.kind = NOTICE_welcome, .to = wish->ask->email, .args = {
        wish->title, wish->list->address, wish_list_page(wish, ""), wish_leave_link(wish, member_id, epoch), name_of(wish)}});
}

enum status
wish_mail_goodbye(struct wish *wish)
{
    return wish_mail(wish, (struct notice){.kind = NOTICE_goodbye, .to = wish->ask->email, .args = {
        wish->title, wish->list->address, wish_leave_link(wish, wish->facts->member_id, wish->facts->epoch), name_of(wish)}});
}

enum status
wish_mail_dismissed(struct wish *wish)
{
    return wish_mail(wish, (struct notice){.kind = NOTICE_dismissed, .to = wish->ask->email, .args = {wish->title, wish->list->address}});
}

enum status
wish_mail_changed(struct wish *wish, const char *old_email, int64_t member_id, int64_t epoch)
{
    const char *leave = wish_leave_link(wish, member_id, epoch);
    enum status status = wish_mail(wish, (struct notice){.kind = NOTICE_changed, .to = wish->ask->email, .args = {
        wish->title, wish->list->address, old_email, wish->ask->email, leave}});

    return status != STATUS_OK ? status : wish_mail(wish, (struct notice){.kind = NOTICE_changed_old, .to = old_email, .args = {
        wish->title, wish->list->address, wish->ask->email}});
}

enum status
wish_mail_old_address(struct wish *wish, const char *old_email, const char *token, bool nobody)
{
    struct notice notice = {.kind = NOTICE_change_told, .to = old_email, .is_unsent = nobody, .args = {
        wish->title, wish->list->address, wish->ask->email, page(wish, mem_printf(wish->ctx, "/confirm/%s", token))}};
    struct row_person_language *own;
    enum status status = q_person_language(wish->desk->db, wish->ctx, wish->list->id, address_key_of(wish->ctx, old_email), &own);

    if (status != STATUS_OK)
        return status;
    notice_languages(wish->desk->i18n, own != NULL ? own->language : NULL, language_code(wish->settings->preferred_language), &notice.lang,
                     &notice.also);
    return wish_mail(wish, notice);
}

enum status
wish_mail_rejected(struct wish *wish, const char *kind, const char *reason)
{
    static const char nothing_said[] = N_("A moderator decided so.");
    bool is_said = !str_is_empty(reason);

    return wish_mail(wish, (struct notice){
        .kind = str_eq(kind, "join") ? NOTICE_join_rejected : str_eq(kind, "leave") ? NOTICE_leave_rejected : NOTICE_change_rejected,
        .to = wish->ask->email, .args = {wish->title, wish->list->address, is_said ? reason : tr(wish->lang, nothing_said)},
        .also_args = {[2] = is_said || wish->also == NULL ? NULL : tr(wish->also, nothing_said)}});
}

/* ---- owners and moderators ---- */

enum status
wish_tell_deciders(struct wish *wish, int64_t request_id)
{
    struct db *db = wish->desk->db;
    enum status status = STATUS_OK;

    if (wish->settings->admin_immed_notify)
        status = q_moderator_todo_request(db, request_id, wish->list->id, NULL);
    return status == STATUS_OK ? q_subscription_told(db, request_id, clock_now_us(), NULL) : status;
}

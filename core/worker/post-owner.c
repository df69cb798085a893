/* post-owner.c - mail to LIST-owner: handed on to the owners and moderators
 *
 * It has a chain of its own: banned and forged authors, loops and automatic mail end here, and nobody sends more than OWNER_MAILS_A_DAY.
 * What is handed on comes in our name (From is LIST-owner, Reply-To the author), signed by the list's domain, with the null sender:
 * no copy of it can bounce back into this address. Where a list has nobody, the site's contact gets it. */
#include <string.h>

#include "mime/edit.h"
#include "policy/budget.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/log.h"
#include "worker/post-answer.h"

enum { OWNER_MAILS_A_DAY = 50 };

static enum status
drop(struct work *work, const char *rule, const char *reason)
{
    return post_end_as(work, "discarded", "discard", rule, reason);
}

/* The address under which it was handed on before: it has come back. */
static bool
is_loop(const struct work *work, const char *own)
{
    const struct header *header = work->message->header;
    const struct header_field *field;

    for (size_t i = 0; (field = header_find(header, "X-Loop", i)) != NULL; i++)
        if (str_eq_nocase(str_trim(work->ctx, header_value(work->ctx, field)), own))
            return true;
    return str_eq(address_key(work->ctx, work->summary->author), own);
}

static bool
is_automatic_for_people(const struct work *work)
{
    return *work->row->sender == '\0' || (work->summary->auto_submitted != NULL && !str_eq(work->summary->auto_submitted, "no"));
}

/* For any next server: no bytes over 127 and no long lines, where the message can be changed so. */
static const struct message *
made_plain(struct work *work)
{
    const struct message *message = work->message;
    struct edit_list *edits = edit_new(work->ctx, message);
    const char *reason;

    if (edit_has_long_lines(message) && edit_long_lines(edits, &reason))
        message = message_parse(work->ctx, edit_apply(work->ctx, edits));
    edits = edit_new(work->ctx, message);
    if (edit_has_8bit(message) && edit_7bit(edits, &reason))
        message = message_parse(work->ctx, edit_apply(work->ctx, edits));
    return message;
}

static struct blob
in_our_name(struct work *work, const char *own)
{
    const struct settings *settings = work->settings;
    const char *id = work->summary->message_id;
    struct cook_list list = {
        .name = mem_printf(work->ctx, "%s-owner", work->list->name), .domain = work->list->domain,
        .slug = work->list->slug, .base_url = conf_url_of(work->ctx, work->poster->child->conf->site_url, work->list->web_host),
        .display_name = settings->display_name, .description = settings->description, .reply = COOK_REPLY_AUTHOR,
        .always_replace = true, .why_replaced = "",
    };
    struct cook_post post = {
        .hash = "", .rfc_message_id = id != NULL ? id : mem_printf(work->ctx, "%s@%s", random_token(work->ctx), work->list->domain),
        .add_message_id = id == NULL, .authentication = "", .auth_id = work->poster->child->hostname, .date_us = work->row->received_at,
    };
    struct variants variants;
    struct str *bytes = str_new(work->ctx);

    cook(work->ctx, made_plain(work), work->summary, &list, &post, NULL, NULL, &variants);
    str_addf(bytes, "X-Loop: %s\r\n", own);
    str_addn(bytes, variants.replaced.head.data, variants.replaced.head.len);
    str_add(bytes, "\r\n");
    str_addn(bytes, variants.replaced.body.data, variants.replaced.body.len);
    return str_blob(bytes);
}

static enum status
hand_on(struct work *work, const char *own)
{
    struct db *db = work->poster->child->db;
    const char *contact = work->poster->child->conf->site_contact;
    struct row_mail_owners *owners;
    size_t count;
    int64_t now = clock_now_us();
    enum status status = q_mail_owners(db, work->ctx, work->list->id, &owners, &count);
    struct blob bytes = in_our_name(work, own);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        status = q_notice_add(db, work->list->domain_id, work->list->id, "owner_mail", owners[i].email, bytes, now, false, NULL);
    if (status != STATUS_OK)
        return status;
    if (count > 0)
        return post_end_as(work, "accepted", "accept", "owner", N_("It was handed on to the owners and moderators."));
    if (address_key_of(work->ctx, contact) == NULL)
        return post_end_as(work, "set_aside", "hold", "no_owner", N_("The list has no owner, and the site names no contact: nobody could get this mail."));
    status = q_notice_add(db, work->list->domain_id, work->list->id, "owner_mail", contact, bytes, now, false, NULL);
    return status != STATUS_OK ? status
        : post_end_as(work, "accepted", "accept", "owner", N_("The list has no owner; it was handed on to the site's contact."));
}

enum status
post_owner(struct work *work)
{
    const char *own = mem_printf(work->ctx, "%s-owner@%s", work->list->name, work->list->domain);
    struct correspondent from;
    bool ends = false, taken = false;
    enum status status = post_write_auth(work);

    if (status == STATUS_OK)
        status = correspondent_load(work, false, &from);
    if (status == STATUS_NOT_FOUND)
        return drop(work, "no-senders", N_("Nobody is named as its one author."));
    if (status != STATUS_OK)
        return status;
    if (is_automatic_for_people(work))
        return drop(work, "automatic", N_("Automatic mail is not handed on to the owners."));
    if (is_loop(work, own))
        return drop(work, "loop", N_("It had been handed on to the owners before, and came back."));
    if (from.who->is_banned)
        return drop(work, "banned-address", N_("Its author is banned."));
    if (from.is_forged && !from.is_proved && post_dmarc_is_enforced(work))
        return drop(work, "dmarc", N_("Its author's domain asks receivers to refuse what it did not sign (DMARC fail)."));
    status = autorespond(work, &from, "owner", &ends);
    if (status == STATUS_OK && ends)
        return drop(work, "autoresponder", N_("The list answers such mail by itself and does nothing else."));
    if (status == STATUS_OK)
        status = budget_take(work->poster->child->db, "owner-mail", mem_printf(work->ctx, "%lld %s", (long long)work->list->id, from.key),
                             OWNER_MAILS_A_DAY, 86400, &taken);
    if (status != STATUS_OK)
        return status;
    return taken ? hand_on(work, own) : drop(work, "too_many", N_("Its author has sent the owners too many mails today."));
}

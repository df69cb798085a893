/* post-answer.c - who may be answered, how often, and the mail that does it */
#include <string.h>

#include "policy/budget.h"
#include "util/clock.h"
#include "util/log.h"
#include "worker/post-answer.h"

#define DAY_S INT64_C(86400)

bool
is_automatic(const struct work *work)
{
    static const char *const bulk[] = {"bulk", "list", "junk", "auto_reply"};
    const struct summary *summary = work->summary;
    const struct header *header = work->message->header;
    const char *precedence = summary->precedence;

    for (size_t i = 0; precedence != NULL && i < COUNT_OF(bulk); i++)
        if (str_eq(precedence, bulk[i]))
            return true;
    return *work->row->sender == '\0' || (summary->auto_submitted != NULL && !str_eq(summary->auto_submitted, "no"))
        || summary->list_id != NULL || header_count(header, "List-Unsubscribe") > 0 || header_count(header, "X-Auto-Response-Suppress") > 0
        || header_count(header, "X-Autoreply") > 0 || header_count(header, "X-Autorespond") > 0;
}

/* A password given to our MTA proves the envelope; it speaks for the author where both are one. */
static bool
is_submitted_by(const struct work *work, const char *key)
{
    return work->row->submitted && str_eq(address_key_of(work->ctx, work->row->sender), key);
}

enum status
correspondent_load(struct work *work, bool is_japanese, struct correspondent *correspondent_r)
{
    const struct address *author = work->summary->author;
    const struct i18n *i18n = work->poster->i18n;
    struct row_mail_asker *who;
    struct correspondent *one = correspondent_r;
    enum status status;

    if (author == NULL || address_key(work->ctx, author) == NULL)
        return STATUS_NOT_FOUND;
    *one = (struct correspondent){.email = address_text(work->ctx, author), .key = address_key(work->ctx, author),
                                  .name = utf8_cut(work->ctx, author->display, 100)};
    status = q_mail_asker(work->poster->child->db, work->ctx, work->list->id, one->key, &who);
    if (status != STATUS_OK || who == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    one->who = who;
    one->is_forged = post_dmarc_fails(work);
    one->is_proved = post_dmarc_passes(work) || is_submitted_by(work, one->key);
    one->lang = i18n_lang(i18n, who->language);
    if (one->lang == NULL)
        one->lang = i18n_lang(i18n, is_japanese ? "ja" : language_code(work->settings->preferred_language));
    return STATUS_OK;
}

static enum status
write_to(struct work *work, const struct correspondent *to, enum notice_kind kind, const char *const args[NOTICE_ARGS])
{
    struct notice notice = {
        .kind = kind, .lang = to->lang, .domain_id = work->list->domain_id, .domain = work->list->domain, .list_id = work->list->id,
        .list_name = work->list->name, .from_display = work->settings->display_name, .to = to->email, .is_reply = true,
        .base_url = conf_url_of(work->ctx, work->poster->child->conf->site_url, work->list->web_host),
        .in_reply_to = work->summary->message_id,
    };
    enum status status;

    memcpy(notice.args, args, sizeof notice.args);
    status = notice_add(work->poster->child->db, &notice);
    return status == STATUS_INVALID ? STATUS_OK : status;       /* an address that we could not write to */
}

/* "X-Ack: no": a person, or a program of theirs, does not want to hear from us. */
static bool
wants_no_answer(const struct work *work)
{
    const struct header_field *field = header_find(work->message->header, "X-Ack", 0);

    return field != NULL && str_eq_nocase(str_trim(work->ctx, header_value(work->ctx, field)), "no");
}

enum status
answer(struct work *work, const struct correspondent *to, enum notice_kind kind, const char *const args[NOTICE_ARGS])
{
    struct db *db = work->poster->child->db;
    int most = work->poster->child->conf->limits_answers_day;
    bool taken, last = false;
    enum status status;

    if (!to->is_proved || is_automatic(work) || wants_no_answer(work))
        return STATUS_OK;
    status = budget_take(db, "answer", to->key, most, DAY_S, &taken);
    if (status == STATUS_OK && !taken)
        status = budget_take(db, "last-answer", to->key, 1, DAY_S, &last);
    if (status != STATUS_OK || (!taken && !last))
        return status;
    if (taken)
        return write_to(work, to, kind, args);
    return write_to(work, to, NOTICE_no_more_today, (const char *const[NOTICE_ARGS]){mem_printf(work->ctx, "%d", most)});
}

const char *
answer_subject(const struct work *work)
{
    const char *subject = work->summary->subject;

    while (str_starts_nocase(subject, "re:"))
        subject += strspn(subject + strlen("re:"), " ") + strlen("re:");
    return utf8_cut(work->ctx, subject, 150);
}

/* ---- the list's automatic answers ---- */

struct autoresponder { const char *kind; enum autorespond choice; const char *text; };

enum status
autorespond(struct work *work, const struct correspondent *to, const char *kind, bool *ends_r)
{
    const struct settings *settings = work->settings;
    const struct autoresponder all[] = {
        {"owner", settings->autorespond_owner, settings->autoresponse_owner_text},
        {"postings", settings->autorespond_postings, settings->autoresponse_postings_text},
        {"requests", settings->autorespond_requests, settings->autoresponse_request_text},
    };
    const struct autoresponder *one = all;
    int64_t now = clock_now_us();
    struct row_autoresponse_take *turn;
    struct text_values *values = text_values_new(work->ctx);
    enum status status;

    while (!str_eq(one->kind, kind))
        one++;
    *ends_r = one->choice == AUTORESPOND_DISCARD;
    if (one->choice == AUTORESPOND_NONE || !to->is_proved || is_automatic(work) || to->who->is_banned)
        return STATUS_OK;
    status = q_autoresponse_take(work->poster->child->db, work->ctx, work->list->id, kind, to->key, now,
                                 now - settings->autoresponse_grace_period * DAY_S * US_PER_S, &turn);
    if (status != STATUS_OK || turn == NULL)
        return status;
    status = text_values_of_list(work->poster->child->db, values, work->list->id, to->lang, NULL);
    if (status != STATUS_OK)
        return status;
    log_event(EVENT_AUTORESPONSE, "list", "%l", work->list->name, "kind", "%s", kind);
    return answer(work, to, NOTICE_autoresponse, (const char *const[NOTICE_ARGS]){
        text_fill(work->ctx, one->text, values), answer_subject(work)});
}

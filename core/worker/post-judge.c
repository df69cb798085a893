/* post-judge.c - who wrote it, and what the rules say; then what they said is carried out
 *
 * Authentication and rules run with no transaction open, as DNS is asked. Whatever a sender's domain publishes, an answer to
 * an author goes out only where DMARC passed by an aligned identity in this very mail: else it could hit somebody whose
 * address was forged (DESIGN 4.1). */
#include <string.h>

#include "archive/place.h"
#include "auth/authres.h"
#include "auth/check.h"
#include "auth/dkim-proof.h"
#include "delivery/copy.h"
#include "mime/edit.h"
#include "policy/notice.h"
#include "policy/rule.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/log.h"
#include "util/tally.h"
#include "worker/post-answer.h"

enum { AUTH_ROWS_MAX = DKIM_ROWS_MAX + 2, NOTICES_A_DAY = 10 };
#define DAY_US (INT64_C(86400) * US_PER_S)

struct judged {
    struct auth_result *auth;
    struct verdict *verdict;
    const char *facts;
    struct filter_answer filter;
};

/* --- the judgement --- */

static struct rule_auth
auth_for_rules(const struct work *work, const struct auth_result *auth)
{
    struct rule_auth rules = {.dmarc = auth_verdict_name(auth->dmarc.result), .submitted = work->row->submitted,
                              .password = work->password};

    if (auth->dmarc.record_domain != NULL)
        rules.dmarc_policy = dmarc_policy_name(auth->dmarc.asked);
    return rules;
}

static struct verdict *
accepted_by_person(TALLOC_CTX *ctx)
{
    struct verdict *verdict = mem_new(ctx, struct verdict);

    *verdict = (struct verdict){.action = VERDICT_ACCEPT, .rule = "moderator", .reason = N_("A moderator accepted it.")};
    return verdict;
}

/* Lines of more than 998 bytes that cannot be encoded anew, because a signature inside would break, are refused by every next
 * server: better said once, here, than by each of them. */
static bool
is_unsendable(struct work *work)
{
    const char *reason;

    return edit_has_long_lines(work->message) && !edit_long_lines(edit_new(work->ctx, work->message), &reason);
}

/* A password that cannot be taken out goes to nobody but moderators, and not further by their word either. */
static struct verdict *
kept_for_its_password(const struct work *work)
{
    struct verdict *verdict = mem_new(work->ctx, struct verdict);

    *verdict = (struct verdict){
        .action = work->claim->approved_by != NULL ? VERDICT_REJECT : VERDICT_HOLD, .rule = "approved",
        .reason = N_("It carries the moderators' password in a place where it cannot be taken out."),
    };
    return verdict;
}

static struct verdict *
refused_as_unsendable(TALLOC_CTX *ctx)
{
    struct verdict *verdict = mem_new(ctx, struct verdict);

    *verdict = (struct verdict){
        .action = VERDICT_REJECT, .rule = "unsendable",
        .reason = N_("It has lines too long for other servers, in a part whose signature any change would break."),
    };
    return verdict;
}

enum status
post_authenticate(struct work *work)
{
    struct auth_envelope envelope = {work->row->client_ip, work->row->client_helo, work->row->sender};

    work->judged = mem_new(work->ctx, struct judged);
    work->judged->auth = auth_check(work->ctx, work->poster->dns, work->row->bytes, &envelope, clock_now_us() / US_PER_S);
    return STATUS_OK;
}

bool
post_dmarc_passes(const struct work *work)
{
    return work->judged->auth->dmarc.result == AUTH_PASS;
}

bool
post_dmarc_fails(const struct work *work)
{
    return work->judged->auth->dmarc.result == AUTH_FAIL;
}

bool
post_dmarc_is_enforced(const struct work *work)
{
    return post_dmarc_fails(work) && work->judged->auth->dmarc.asked != DMARC_NONE;
}

enum status
post_judge(struct work *work)
{
    struct judged *judged;
    struct rule_message *message;
    struct rule_auth auth;
    struct facts *facts;
    enum status status = post_find_secret(work);

    if (status == STATUS_OK)
        status = post_authenticate(work);
    if (status != STATUS_OK)
        return status;
    judged = work->judged;
    auth = auth_for_rules(work, judged->auth);
    work->read = message = rule_message_read(work->ctx, work->secret != NULL ? work->secret->without : work->message, work->summary,
                                             work->row->sender);
    status = post_find_umbrella(work, &auth.umbrella);
    if (status == STATUS_OK)
        status = facts_load(work->poster->child->db, work->ctx, work->list, work->settings, message, &auth, work->poster->cache,
                            &facts);
    if (status != STATUS_OK)
        return status;
    judged->facts = facts_json(work->ctx, facts);
    judged->filter = facts->filter;
    judged->verdict = work->claim->approved_by != NULL ? accepted_by_person(work->ctx) : rules_judge(work->ctx, facts);
    if (judged->verdict->action == VERDICT_ACCEPT && work->secret != NULL && !work->secret->is_gone)
        judged->verdict = kept_for_its_password(work);
    if (judged->verdict->action == VERDICT_ACCEPT && is_unsendable(work))
        judged->verdict = refused_as_unsendable(work->ctx);
    return STATUS_OK;
}

/* --- its rows --- */

struct auth_rows {
    const char *methods[AUTH_ROWS_MAX], *results[AUTH_ROWS_MAX], *domains[AUTH_ROWS_MAX], *selectors[AUTH_ROWS_MAX],
        *aligned[AUTH_ROWS_MAX], *details[AUTH_ROWS_MAX];
    size_t count;
};

static void
auth_row(TALLOC_CTX *ctx, struct auth_rows *rows, const char *method, const char *result, const char *domain,
         const char *selector, bool aligned, const char *detail)
{
    size_t i = rows->count++;

    /* Names out of signatures are anybody's bytes. */
    rows->methods[i] = method;
    rows->results[i] = result;
    rows->domains[i] = domain == NULL ? "" : utf8_clean(ctx, domain, strlen(domain));
    rows->selectors[i] = selector == NULL ? "" : utf8_clean(ctx, selector, strlen(selector));
    rows->aligned[i] = aligned ? "yes" : "no";
    rows->details[i] = detail == NULL ? "" : utf8_clean(ctx, detail, strlen(detail));
}

enum status
post_write_auth(struct work *work)
{
    const struct auth_result *auth = work->judged->auth;
    struct auth_rows rows = {.count = 0};

    auth_row(work->ctx, &rows, "dmarc", auth_verdict_name(auth->dmarc.result), auth->author_domain, NULL,
             auth->dmarc.result == AUTH_PASS, auth->dmarc.reason);
    auth_row(work->ctx, &rows, "spf", auth_verdict_name(auth->spf.result), auth->spf.domain, NULL, false, auth->spf.reason);
    for (size_t i = 0; i < auth->dkim->count; i++) {
        const struct dkim_row *row = &auth->dkim->rows[i];

        auth_row(work->ctx, &rows, "dkim", auth_verdict_name(row->result), row->domain, row->selector, row->is_aligned,
                 row->reason);
    }
    return q_auth_result_set(work->poster->child->db, work->claim->message_id, (struct text_array){rows.methods, rows.count},
                             (struct text_array){rows.results, rows.count}, (struct text_array){rows.domains, rows.count},
                             (struct text_array){rows.selectors, rows.count}, (struct text_array){rows.aligned, rows.count},
                             (struct text_array){rows.details, rows.count}, NULL);
}

static enum status
write_verdict(struct work *work)
{
    const struct verdict *verdict = work->judged->verdict;

    return q_judgement_set(work->poster->child->db, work->claim->message_id, verdict_word(verdict->action), verdict->rule,
                           verdict->reason, verdict->hits, verdict->misses, work->judged->facts, clock_now_us(), NULL);
}

/* The filter that decided is counted, and so is one that was stopped; both only where they were asked. */
static enum status
count_filters(struct work *work)
{
    struct db *db = work->poster->child->db;
    const struct judged *judged = work->judged;

    if (!str_eq(judged->verdict->rule, "header-filter"))
        return STATUS_OK;
    if (judged->filter.filter != NULL)
        return q_filter_hit(db, judged->filter.filter->id, clock_now_us(), NULL);
    return q_filter_costly(db, judged->filter.costly->id, NULL);
}

/* --- notices --- */

const char *
post_settled_by(const struct work *work)
{
    return work->judged->verdict->rule;
}

bool
post_author_is_proven(const struct work *work)
{
    const struct summary *summary = work->summary;

    return (work->judged->auth->dmarc.result == AUTH_PASS || work->row->is_web) && summary->author != NULL
           && (summary->auto_submitted == NULL || str_eq(summary->auto_submitted, "no")) && *work->row->sender != '\0'
           && (summary->precedence == NULL
               || (!str_eq(summary->precedence, "bulk") && !str_eq(summary->precedence, "list")
                   && !str_eq(summary->precedence, "junk")));
}

/* The rule's reason, or what the owners say to authors whose domain is the reason. */
static const char *
why_for_author(const struct work *work, const struct lang *lang)
{
    const struct verdict *verdict = work->judged->verdict;

    if (verdict->action == VERDICT_REJECT && verdict->reject_text != NULL)
        return verdict->reject_text;
    return tr(lang, verdict->reason);
}

/* At most NOTICES_A_DAY to one author about one list: somebody who sends a thousand mails gets no thousand answers. */
static enum status
notice_is_due(struct work *work, bool *due_r)
{
    int64_t now = clock_now_us();
    struct row_web_rate *row;
    uint8_t digest[SHA256_LEN];
    enum status status;

    sha256(blob_of(mem_printf(work->ctx, "%lld:%s", (long long)work->list->id, address_key(work->ctx, work->summary->author))), digest);
    status = q_web_rate(work->poster->child->db, work->ctx,
                        mem_printf(work->ctx, "author-notice:%s", hex_encode(work->ctx, (struct blob){digest, 16})),
                        now - now % DAY_US, &row);
    *due_r = status == STATUS_OK && row->count <= NOTICES_A_DAY;
    return status;
}

/* `link` is the author's own, where the notice has one. */
static enum status
tell_author(struct work *work, enum notice_kind kind, const char *link)
{
    struct row_person_language *own;
    bool due;
    enum status status;
    struct notice notice = {
        .kind = kind, .domain_id = work->list->domain_id, .domain = work->list->domain, .list_id = work->list->id,
        .list_name = work->list->name, .from_display = work->settings->display_name, .is_reply = true,
        .in_reply_to = work->summary->message_id,
        .base_url = conf_url_of(work->ctx, work->poster->child->conf->site_url, work->list->web_host),
    };

    if (!post_author_is_proven(work))
        return STATUS_OK;
    status = notice_is_due(work, &due);
    if (status != STATUS_OK || !due)
        return status;
    status = q_person_language(work->poster->child->db, work->ctx, work->list->id, work->read->author, &own);
    if (status != STATUS_OK)
        return status;
    notice_languages(work->poster->i18n, own != NULL ? own->language : NULL, language_code(work->settings->preferred_language), &notice.lang,
                     &notice.also);
    notice.to = address_text(work->ctx, work->summary->author);
    notice.args[0] = work->settings->display_name;
    notice.args[1] = utf8_cut(work->ctx, work->summary->subject, 200);
    notice.args[2] = why_for_author(work, notice.lang);
    notice.also_args[2] = notice.also != NULL ? why_for_author(work, notice.also) : NULL;
    notice.args[3] = link;
    return notice_add(work->poster->child->db, &notice);
}

/* --- the ends --- */

/* What the moderators and the author are told; the token is in the author's link alone. */
static enum status
tell_of_held(struct work *work, int64_t held_id, const char *author_key, const char *token)
{
    struct child *child = work->poster->child;
    enum status status = STATUS_OK;

    if (work->settings->admin_immed_notify)
        status = q_moderator_todo_add(child->db, held_id, work->row->list_id, author_key, clock_now_us() - DAY_US, NULL);
    if (status == STATUS_OK && token != NULL)
        status = tell_author(work, NOTICE_held, mem_printf(work->ctx, "%s/cancel/%s",
                             conf_url_of(work->ctx, child->conf->site_url, work->list->web_host), token));
    return status;
}

static enum status
end_held(struct work *work)
{
    const struct judged *judged = work->judged;
    const struct address *author = work->summary->author;
    struct db *db = work->poster->child->db;
    struct text_array reasons = judged->verdict->reasons;
    const char *only[] = {judged->verdict->reason}, *key = author == NULL ? NULL : address_key(work->ctx, author), *token = NULL;
    struct blob hash = {NULL, 0};
    struct row_held_add *held;
    enum status status;

    if (reasons.count == 0)
        reasons = (struct text_array){only, 1};
    if (work->settings->respond_to_post_requests && post_author_is_proven(work)) {
        token = random_token(work->ctx);
        hash = secret_hash(work->ctx, token);
    }
    status = q_held_add(db, work->ctx, work->row->list_id, work->claim->message_id, utf8_cut(work->ctx, work->summary->subject, 1000),
                        author == NULL ? "" : utf8_cut(work->ctx, author->display, 200),
                        author == NULL ? "" : address_text(work->ctx, author), key == NULL ? "" : key, reasons,
                        auth_verdict_name(judged->auth->dmarc.result), place_excerpt(work->ctx, work->summary->text),
                        hash, clock_now_us(), &held);
    if (status == STATUS_OK)
        status = q_message_end(db, work->claim->message_id, "held", clock_now_us(), NULL);
    if (status == STATUS_OK && held != NULL)
        status = tell_of_held(work, held->id, key == NULL ? "" : key, token);
    return status;
}

static enum status
end_refused(struct work *work)
{
    enum status status = q_message_end(work->poster->child->db, work->claim->message_id, "refused", clock_now_us(), NULL);

    return status == STATUS_OK ? tell_author(work, NOTICE_rejected, NULL) : status;
}

static struct cook_proof
prove(void *data, struct blob bytes)
{
    struct work *work = data;
    const struct auth_result *auth = work->judged->auth;
    const struct dkim_rows *rows = auth->dkim;
    int64_t now_s = clock_now_us() / US_PER_S;
    int64_t needed_s = now_s + (int64_t)work->poster->child->conf->smtp_queue_days * 86400;
    struct author_proof proof;

    bool is_strict = auth->dmarc.record_domain != NULL && auth->dmarc.asked != DMARC_NONE;

    if (work->settings->dmarc_mitigate_action == MITIGATE_NONE && !is_strict)
        return (struct cook_proof){true, N_("The author's domain does not ask receivers to be strict."), 0};
    if (work->settings->dmarc_mitigate_action == MITIGATE_MUNGE && is_strict)
        return (struct cook_proof){false, N_("The list replaces From where the author's domain asks receivers to be strict."), 0};
    proof = author_proof(work->ctx, rows->rows, rows->count, bytes, copy_field_names(), now_s, needed_s);

    return (struct cook_proof){proof.is_kept, proof.reason,
                               proof.is_kept && proof.row->expires_s != 0 ? proof.row->expires_s * US_PER_S : 0};
}

/* Before anything else happens with a post. */
static enum status
autorespond_to_post(struct work *work, bool *ends_r)
{
    struct correspondent from;
    enum status status;

    if (work->settings->autorespond_postings == AUTORESPOND_NONE)
        return STATUS_OK;
    status = correspondent_load(work, false, &from);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    return status == STATUS_OK ? autorespond(work, &from, "postings", ends_r) : status;
}

enum status
post_carry_out(struct work *work)
{
    struct judged *judged = work->judged;
    enum status status = post_write_auth(work);
    bool ends = false;

    if (status == STATUS_OK)
        status = post_write_masks(work);
    if (status == STATUS_OK && work->claim->approved_by == NULL && judged->verdict->action != VERDICT_DISCARD)
        status = autorespond_to_post(work, &ends);
    if (status == STATUS_OK && ends)
        return post_end_as(work, "discarded", "discard", "autoresponder", N_("The list answers such mail by itself and does nothing else."));
    if (status == STATUS_OK)
        status = write_verdict(work);
    if (status == STATUS_OK)
        status = count_filters(work);
    if (status != STATUS_OK)
        return status;
    log_event(EVENT_JUDGED, "message", "%lld", (long long)work->claim->message_id, "action", "%s",
              verdict_word(judged->verdict->action), "rule", "%s", judged->verdict->rule);
    tally_add(METRIC_OF_JUDGED, verdict_word(judged->verdict->action), 1);
    switch (judged->verdict->action) {
    case VERDICT_ACCEPT:
        return post_accept(work, authres_write(work->ctx, work->poster->child->hostname, judged->auth), prove, work);
    case VERDICT_HOLD:
        return end_held(work);
    case VERDICT_REJECT:
        return end_refused(work);
    case VERDICT_DISCARD:
        return q_message_end(work->poster->child->db, work->claim->message_id, "discarded", clock_now_us(), NULL);
    }
    return STATUS_BROKEN;
}

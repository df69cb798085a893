/* jobs-people.c - what people asked for: reports about their posts, invitations of many */
#include "delivery/token.h"
#include "policy/invitation.h"
#include "policy/notice.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"
#include "worker/jobs.h"

enum { REPORTS_A_TURN = 200 };

/* --- reports: one mail when all copies are final, or after four hours --- */

static void
add_count(TALLOC_CTX *ctx, struct str *text, const char *sentence, int64_t n)
{
    if (text->len > 0)
        str_addc(text, '\n');
    str_add(text, tr_fill(ctx, sentence, mem_printf(ctx, "%lld", (long long)n), NULL, NULL));
}

/* No word of "delivered": nobody has told us so yet. */
static const char *
fate_in_words(TALLOC_CTX *ctx, const struct lang *lang, const struct row_post_fate *fate)
{
    struct str *text = str_new(ctx);
    int64_t open = fate->put_off + fate->waiting;

    if (fate->handed_on > 0)
        add_count(ctx, text, trn(lang, "%1 copy was handed on for delivery.", "%1 copies were handed on for delivery.", fate->handed_on),
                  fate->handed_on);
    if (open > 0)
        add_count(ctx, text, trn(lang, "%1 copy still waits to be sent.", "%1 copies still wait to be sent.", open), open);
    if (fate->failed > 0)
        add_count(ctx, text, trn(lang, "%1 copy could not be delivered.", "%1 copies could not be delivered.", fate->failed),
                  fate->failed);
    if (text->len == 0)
        str_add(text, tr(lang, N_("There was nobody to send it to.")));
    return text->s;
}

static enum status
report(const struct job_desk *desk, TALLOC_CTX *ctx, const struct row_acknowledgement_take *row)
{
    struct db *db = desk->db;
    const char *base = conf_url_of(ctx, desk->conf->site_url, row->web_host);
    struct notice notice = {
        .kind = NOTICE_posted, .lang = i18n_lang(desk->i18n, row->language), .domain_id = row->domain_id, .domain = row->domain,
        .list_id = row->list_id, .list_name = row->list_name, .from_display = row->title, .to = row->email, .is_reply = true,
        .in_reply_to = row->rfc_message_id,
        .base_url = base,
    };
    struct row_post_fate *fate;
    enum status status = q_post_fate(db, ctx, row->post, &fate);

    if (status != STATUS_OK)
        return status;
    if (notice.lang == NULL)
        notice.lang = i18n_nth(desk->i18n, 0);
    notice.args[0] = row->title;
    notice.args[1] = utf8_cut(ctx, row->subject, 200);
    notice.args[2] = fate_in_words(ctx, notice.lang, fate);
    notice.args[3] = mem_printf(ctx, "%s/me/", base);
    return notice_add(db, &notice);
}

/* The row goes in the transaction that writes the mail. */
static enum status
report_one(const struct job_desk *desk, TALLOC_CTX *ctx, bool *any_r)
{
    struct row_acknowledgement_take *row;
    enum status status = q_acknowledgement_take(desk->db, ctx, clock_now_us(), &row);

    *any_r = status == STATUS_OK && row != NULL;
    return *any_r ? report(desk, ctx, row) : status;
}

enum status
acknowledge_posts(struct child *child, const struct i18n *i18n)
{
    return jobs_take(&(struct job_desk){child->db, child->conf, i18n}, report_one, REPORTS_A_TURN);
}

/* --- invitations --- */

enum status
invite_people(struct child *child, const struct i18n *i18n)
{
    struct subscription_desk desk = {.db = child->db, .i18n = i18n, .conf = child->conf, .leave_token = token_leave};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct token_keys *keys;
    enum status status = token_keys_load(child->db, ctx, &keys);

    desk.keys = keys;
    if (status == STATUS_OK)
        status = invitation_turn(&desk);
    talloc_free(ctx);
    return status;
}

/* send-notice.c - a mail of the system to one person */
#include <stdlib.h>
#include <string.h>

#include "auth/canon.h"
#include "mime/address.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/killpoint.h"
#include "util/log.h"
#include "util/tally.h"
#include "worker/send.h"

static void
put_off(struct sender *sender, const struct row_notice_claim *notice, const char *why)
{
    const struct conf *conf = sender->child->conf;
    uint32_t random;
    int64_t wait_s;

    tally_add(METRIC_OF_NOTICES_SENT, "deferred", 1);
    random_bytes(&random, sizeof random);
    wait_s = copy_retry_after_s((int)notice->tries - 1, conf->smtp_retry_first_s, conf->smtp_retry_most_s, random);
    if (q_notice_put_off(sender->child->db, notice->id, sender->child->process_id, clock_now_us() + wait_s * US_PER_S, why, NULL)
        != STATUS_OK)
        sender->child->has_leftovers = true;
}

static void
note(struct sender *sender, TALLOC_CTX *ctx, const struct row_notice_claim *notice, const struct smtp_reply *reply)
{
    const struct conf *conf = sender->child->conf;
    int64_t age_us = clock_now_us() - notice->created_at;
    bool over = reply->class == SMTP_ACCEPTED || reply->class == SMTP_PERMANENT || reply->class == SMTP_LOCAL
             || age_us > (int64_t)conf->smtp_retry_days * 86400 * US_PER_S;
    const char *line = smtp_reply_line(ctx, reply), *end = reply->class == SMTP_ACCEPTED ? "handed_on" : "failed", *result;

    killpoint("send.notice");
    if (!over) {
        put_off(sender, notice, line);
        return;
    }
    tally_add(METRIC_OF_NOTICES_SENT, end, 1);
    result = mem_printf(ctx, "%s: %s", end, line);
    while (q_notice_end(sender->child->db, notice->id, sender->child->process_id, result, clock_now_us(), NULL) != STATUS_OK
           && !child_is_stopping()) {
        child_sleep(sender->child, 200, -1);
        child_ready(sender->child);
    }
    log_event(EVENT_NOTICE, "id", "%lld", (long long)notice->id, "kind", "%s", notice->kind, "class", "%s",
              smtp_class_name(reply->class));
}

static const char *
sign(struct sender *sender, TALLOC_CTX *ctx, const struct row_notice_claim *notice)
{
    struct header *header = header_parse(ctx, notice->bytes);
    struct blob body = {notice->bytes.data + header->body_offset, notice->bytes.len - header->body_offset};
    struct sign_key keys[SIGN_KEYS_MAX];
    uint8_t body_hash[SHA256_LEN];
    size_t count;

    if (sign_keys_load(sender, ctx, notice->domain_id, notice->domain, keys, &count) != STATUS_OK || count == 0)
        return NULL;
    canon_body_hash(CANON_RELAXED, body, body_hash);
    return signing_finish(ctx, sender,
                          signing_begin(ctx, sender, notice->domain, keys, count, "", header, body_hash));
}

/* What we write has no byte above 127; what was handed on to owners may. */
static void
hand_on(struct sender *sender, TALLOC_CTX *ctx, const struct row_notice_claim *notice, const char *signatures)
{
    const struct smtp_reply *trouble;
    struct smtp *smtp = sender_connection(sender, &trouble);
    struct smtp_envelope envelope = {.from = "", .size = notice->bytes.len + 1500, .body_8bit = blob_has_8bit(notice->bytes)};
    struct blob parts[] = {blob_of(signatures), notice->bytes};
    struct address address;
    const char *to = notice->recipient;

    if (smtp == NULL) {
        note(sender, ctx, notice, trouble);
        return;
    }
    if (address_parse(ctx, notice->recipient, &address)) {
        to = address_quote(ctx, &address);
        envelope.smtputf8 = address_is_utf8(&address);
    }
    smtp_mail(smtp, &envelope);
    smtp_rcpt(smtp, to, 0, NULL);
    smtp_envelope_send(smtp);
    if (smtp_envelope_finish(smtp) && smtp_data_body(smtp, parts, COUNT_OF(parts)))
        smtp_data_dot(smtp);
    smtp_end(smtp);
    note(sender, ctx, notice, smtp_result(smtp, 0));
}

bool
send_notice(struct sender *sender)
{
    struct child *child = sender->child;
    TALLOC_CTX *ctx = talloc_new(child->ctx);
    struct row_notice_claim *notice = NULL;
    const char *signatures;
    enum status status;
    bool any;

    status = q_notice_claim(child->db, ctx, child->process_id, clock_now_us(), &notice);
    child->has_leftovers |= status == STATUS_UNKNOWN_OUTCOME;
    any = status == STATUS_OK && notice != NULL;
    if (any) {
        child_busy(child, true);
        signatures = sign(sender, ctx, notice);
        if (signatures == NULL)
            put_off(sender, notice, SENDER_NO_KEY);
        else
            hand_on(sender, ctx, notice, signatures);
        child_busy(child, false);
    }
    talloc_free(ctx);
    return any;
}

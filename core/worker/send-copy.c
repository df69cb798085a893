/* send-copy.c - one copy: its fields, its signatures, its SMTP transaction */
#include <stdlib.h>
#include <string.h>

#include "mime/address.h"
#include "util/clock.h"
#include "util/killpoint.h"
#include "util/log.h"
#include "worker/send.h"

/* --- signatures --- */

struct signing { struct dkim_input *inputs[SIGN_KEYS_MAX]; size_t count; };

enum status
sign_keys_load(struct sender *sender, TALLOC_CTX *ctx, int64_t domain_id, const char *domain,
               struct sign_key keys[SIGN_KEYS_MAX], size_t *count_r)
{
    struct row_dkim_keys_active *rows;
    size_t count;
    enum status status = q_dkim_keys_active(sender->child->db, ctx, domain_id, &rows, &count);

    *count_r = 0;
    for (size_t i = 0; status == STATUS_OK && i < count && *count_r < SIGN_KEYS_MAX; i++) {
        struct sign_key *key = &keys[*count_r];

        if (!keyring_find(sender->child->keys, domain, rows[i].selector, &key->key_id))
            continue;
        key->selector = rows[i].selector;
        key->algorithm = str_eq(rows[i].algorithm, "ed25519") ? KEY_ED25519 : KEY_RSA;
        (*count_r)++;
    }
    return status;
}

struct signing *
signing_begin(TALLOC_CTX *ctx, struct sender *sender, const char *domain, const struct sign_key *keys, size_t key_count,
              const char *own_fields, const struct header *header, const uint8_t body_hash[SHA256_LEN])
{
    struct signing *signing = mem_new(ctx, struct signing);
    struct header *own = header_parse(signing, blob_of(own_fields));
    struct blob *fields = mem_array(signing, struct blob, own->count + header->count + 1);
    int64_t now_s = clock_now_us() / US_PER_S;
    struct dkim_fields *chosen;
    size_t count = 0;

    for (size_t i = 0; i < own->count; i++)
        fields[count++] = (struct blob){own->fields[i].start, own->fields[i].len};
    for (size_t i = 0; i < header->count; i++)
        fields[count++] = (struct blob){header->fields[i].start, header->fields[i].len};
    chosen = dkim_sign_fields(signing, fields, count);
    for (size_t i = 0; i < key_count; i++) {
        struct dkim_sign sign = {domain, keys[i].selector, keys[i].algorithm, now_s,
                                 now_s + (int64_t)(sender->child->conf->smtp_queue_days + 2) * 86400};

        signing->inputs[i] = dkim_sign_input(signing, &sign, chosen, body_hash);
        if (signer_send(sender->child->signer, keys[i].key_id, signing->inputs[i]->digest) != STATUS_OK)
            return NULL;
        signing->count++;
    }
    return signing;
}

const char *
signing_finish(TALLOC_CTX *ctx, struct sender *sender, struct signing *signing)
{
    struct str *out = str_new(ctx);

    if (signing == NULL)
        return NULL;
    for (size_t i = 0; i < signing->count; i++) {
        struct blob signature;

        if (signer_collect(out, sender->child->signer, &signature) != STATUS_OK)
            return NULL;
        str_add(out, dkim_sign_finish(out, signing->inputs[i], signature));
    }
    return out->s;
}

/* --- the connection --- */

struct smtp *
sender_connection(struct sender *sender, const struct smtp_reply **trouble_r)
{
    struct smtp_reply *reply;

    if (sender->smtp != NULL && smtp_reusable(sender->smtp))
        return sender->smtp;
    smtp_close(&sender->smtp);
    sender->smtp = smtp_open(sender->child->ctx, sender->options, &reply);
    if (sender->smtp == NULL)
        *trouble_r = reply;
    return sender->smtp;
}

/* --- copies --- */

const struct send_variant *
choose_variant(const struct sender *sender, const struct send_post *post, const char *key)
{
    const struct send_variant *kept = &post->kept;
    int64_t needed_us = clock_now_us() + (int64_t)sender->child->conf->smtp_queue_days * 86400 * US_PER_S;

    if (kept->row == NULL || copy_wants_replaced(key) || !sender->child->conf->smtp_transparent
        || (kept->row->valid_until != 0 && kept->row->valid_until < needed_us))
        return &post->replaced;
    return kept;
}

struct copy {
    const struct row_chunk_members *member;
    const struct send_variant *variant;
    const char *to, *from, *fields, *signatures;
    bool smtputf8;
    struct signing *signing;
};

static struct copy *
copy_begin(struct run *run, const struct row_chunk_members *member)
{
    struct sender *sender = run->sender;
    struct send_post *post = sender->post;
    struct copy *copy = mem_new(run->ctx, struct copy);
    int64_t token_member = member->is_list ? 0 : member->id;
    struct address address;

    copy->member = member;
    copy->variant = choose_variant(sender, post, member->key);
    copy->to = member->email;
    if (address_parse(copy, member->email, &address)) {
        copy->to = address_quote(copy, &address);
        copy->smtputf8 = address_is_utf8(&address);
    }
    copy->from = copy_return_path(copy, sender->tokens, &post->list, post->id, member->id);
    copy->fields = copy_fields(copy, sender->tokens, &post->list, token_member, member->epoch);
    copy->signing = signing_begin(copy, sender, post->list.domain, post->keys, post->key_count, copy->fields,
                                  copy->variant->header, copy->variant->row->body_sha256.data);
    return copy;
}

static uint64_t
copy_size(const struct copy *copy)
{
    return strlen(copy->fields) + copy->variant->row->head.len + copy->variant->row->body.len + 1500;
}

static void
copy_envelope(struct smtp *smtp, const struct copy *copy)
{
    struct smtp_envelope envelope = {
        .from = copy->from, .size = copy_size(copy), .body_8bit = copy->variant->row->eightbit, .smtputf8 = copy->smtputf8,
        .ret = SMTP_RET_HDRS,
    };

    smtp_mail(smtp, &envelope);
    smtp_rcpt(smtp, copy->to, SMTP_NOTIFY_FAILURE | SMTP_NOTIFY_DELAY, copy->member->email);
    smtp_envelope_send(smtp);
}

/* The bytes, and the last look before they may become theirs. False: somebody else may have this chunk by now. */
static bool
copy_data(struct run *run, struct smtp *smtp, const struct copy *copy)
{
    const struct row_variants_for_send *row = copy->variant->row;
    struct blob parts[] = {blob_of(copy->signatures), blob_of(copy->fields), row->head, {(const uint8_t *)"\r\n", 2},
                           row->body};

    if (!smtp_data_body(smtp, parts, COUNT_OF(parts)))
        return true;
    if (!run_collect(run) || !run_is_mine(run)) {
        smtp_data_give_up(smtp, "the database could not be asked whether this copy is still ours to send");
        return false;
    }
    smtp_data_dot(smtp);
    return true;
}

bool
send_copies(struct run *run, struct row_chunk_members *members, size_t count, const struct smtp_reply **trouble_r)
{
    struct sender *sender = run->sender;
    struct copy *copy = count > 0 ? copy_begin(run, &members[0]) : NULL, *next;

    for (size_t i = 0; i < count; i++, copy = next) {
        struct smtp *smtp = sender_connection(sender, trouble_r);
        bool going_on = true;

        if (smtp != NULL)
            copy_envelope(smtp, copy);
        /* What was asked of the signer must be taken, also when nobody wants it any more. */
        copy->signatures = signing_finish(copy, sender, copy->signing);
        if (copy->signatures == NULL) {
            log_event(EVENT_SIGNER_GONE);
            exit(1);
        }
        if (smtp == NULL)
            return false;
        /* While the peer works on the envelope, the signer works on the next copy. */
        next = i + 1 < count ? copy_begin(run, &members[i + 1]) : NULL;
        if (smtp_envelope_finish(smtp))
            going_on = copy_data(run, smtp, copy);
        smtp_end(smtp);
        if (going_on) {
            run_note(run, copy->member->id, copy->variant->row->kind, smtp_result(smtp, 0));
            run_write(run);
        }
        /* Asked to stop, it leaves the rest of the chunk to others. */
        if (next != NULL && (!going_on || child_is_stopping())) {
            signing_finish(next, sender, next->signing);
            return true;
        }
    }
    return true;
}

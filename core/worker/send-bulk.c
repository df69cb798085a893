/* send-bulk.c - one transaction and one signature for many recipients */
#include <stdlib.h>
#include <string.h>

#include "mime/address.h"
#include "util/log.h"
#include "worker/send.h"

struct group {
    const struct send_variant *variant;
    struct row_chunk_members *members[CHUNK_MAX];
    size_t count;
};

/* Those who get this form and can be reached without SMTPUTF8, or all who need it: one transaction cannot be both. */
static void
group_fill(struct run *run, struct group *group, const struct send_variant *variant, struct row_chunk_members *members,
           size_t count)
{
    *group = (struct group){.variant = variant};
    for (size_t i = 0; i < count; i++)
        if (choose_variant(run->sender, run->sender->post, members[i].key) == variant)
            group->members[group->count++] = &members[i];
}

static void
group_envelope(struct run *run, struct smtp *smtp, const struct group *group, const char *from)
{
    const struct row_variants_for_send *row = group->variant->row;
    struct smtp_envelope envelope = {.from = from, .size = row->head.len + row->body.len + 1500, .body_8bit = row->eightbit,
                                     .ret = SMTP_RET_HDRS};

    for (size_t i = 0; i < group->count; i++) {
        struct address address;

        if (address_parse(run->ctx, group->members[i]->email, &address) && address_is_utf8(&address))
            envelope.smtputf8 = true;
    }
    smtp_mail(smtp, &envelope);
    for (size_t i = 0; i < group->count; i++) {
        struct address address;
        const char *to = group->members[i]->email;

        if (address_parse(run->ctx, to, &address))
            to = address_quote(run->ctx, &address);
        smtp_rcpt(smtp, to, SMTP_NOTIFY_FAILURE | SMTP_NOTIFY_DELAY, group->members[i]->email);
    }
    smtp_envelope_send(smtp);
}

/* Records everybody's result, except those who were one too many for this transaction: they stay in the group. */
static void
group_record(struct run *run, struct smtp *smtp, struct group *group)
{
    size_t kept = 0, total = group->count;

    for (size_t i = 0; i < total; i++) {
        const struct smtp_reply *reply = smtp_result(smtp, i);

        if (reply->too_many && i > 0)
            group->members[kept++] = group->members[i];
        else
            run_note(run, group->members[i]->id, group->variant->row->kind, reply);
    }
    group->count = kept;
    run_write(run);
}

static bool
send_group(struct run *run, struct group *group, const struct smtp_reply **trouble_r)
{
    struct sender *sender = run->sender;
    struct send_post *post = sender->post;
    const struct row_variants_for_send *row = group->variant->row;
    const char *fields = copy_fields(run->ctx, sender->tokens, &post->list, 0, 0);
    const char *from = copy_return_path(run->ctx, sender->tokens, &post->list, post->id, 0);
    struct signing *signing = signing_begin(run->ctx, sender, post->list.domain, post->keys, post->key_count, fields,
                                            group->variant->header, row->body_sha256.data);
    const char *signatures = signing_finish(run->ctx, sender, signing);

    if (signatures == NULL) {
        log_event(EVENT_SIGNER_GONE);
        exit(1);
    }
    while (group->count > 0) {
        struct smtp *smtp = sender_connection(sender, trouble_r);
        struct blob parts[] = {blob_of(signatures), blob_of(fields), row->head, {(const uint8_t *)"\r\n", 2}, row->body};

        if (smtp == NULL)
            return false;
        group_envelope(run, smtp, group, from);
        if (smtp_envelope_finish(smtp) && smtp_data_body(smtp, parts, COUNT_OF(parts))) {
            if (!run_collect(run) || !run_is_mine(run)) {
                smtp_data_give_up(smtp, "the database could not be asked whether these copies are still ours to send");
                return true;
            }
            smtp_data_dot(smtp);
        }
        smtp_end(smtp);
        group_record(run, smtp, group);
    }
    return true;
}

/* Lists of ours go to the front and get copies of their own: the return path tells them who passed the post on. */
static size_t
lists_first(struct row_chunk_members *members, size_t count)
{
    size_t lists = 0;

    for (size_t i = 0; i < count; i++)
        if (members[i].is_list) {
            struct row_chunk_members list = members[i];

            members[i] = members[lists];
            members[lists++] = list;
        }
    return lists;
}

bool
send_bulk(struct run *run, struct row_chunk_members *members, size_t count, const struct smtp_reply **trouble_r)
{
    const struct send_variant *variants[] = {&run->sender->post->kept, &run->sender->post->replaced};
    size_t lists = lists_first(members, count);

    if (lists > 0 && !send_copies(run, members, lists, trouble_r))
        return false;
    members += lists;
    count -= lists;
    for (size_t i = 0; i < COUNT_OF(variants) && !run->database_lost; i++) {
        struct group group;

        if (variants[i]->row == NULL)
            continue;
        group_fill(run, &group, variants[i], members, count);
        if (!send_group(run, &group, trouble_r))
            return false;
    }
    return true;
}

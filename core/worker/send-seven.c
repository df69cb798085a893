/* send-seven.c - the form for a next hop that takes no 8-bit bytes
 *
 * It is made from the replaced form when the first such hop is met, and kept as a row, so that every attempt sends the same
 * bytes. What cannot be re-encoded (a signed part) keeps its form; the connection then refuses it, with words. */
#include <string.h>

#include "auth/canon.h"
#include "delivery/cook.h"
#include "mime/edit.h"
#include "util/log.h"
#include "util/str.h"
#include "worker/send.h"

/* The fields of a changed message without the empty line after them. */
static struct blob
head_of(struct blob bytes, size_t body_offset)
{
    size_t len = body_offset >= 2 ? body_offset - 2 : 0;

    return (struct blob){bytes.data, len};
}

static struct row_variants_for_send *
reencode(struct send_post *post)
{
    const struct row_variants_for_send *from = post->replaced.row;
    struct row_variants_for_send *row = mem_new(post, struct row_variants_for_send);
    struct message *message = message_parse(post, cook_whole(post, from->head, from->body));
    struct edit_list *edits = edit_new(post, message);
    const char *reason = "";
    uint8_t *hash = mem_array(row, uint8_t, SHA256_LEN);
    struct blob changed;
    size_t offset;

    if (!edit_7bit(edits, &reason)) {
        log_event(EVENT_SEVEN_BIT, "post", "%lld", (long long)post->id, "reason", "%s", reason);
        return NULL;
    }
    changed = edit_apply(post, edits);
    offset = message_parse(post, changed)->header->body_offset;
    row->kind = "reencoded";
    row->head = head_of(changed, offset);
    row->body = (struct blob){changed.data + offset, changed.len - offset};
    row->eightbit = blob_has_8bit(changed);
    canon_body_hash(CANON_RELAXED, row->body, hash);
    row->body_sha256 = (struct blob){hash, SHA256_LEN};
    return row;
}

static bool
store(struct sender *sender, struct send_post *post, const struct row_variants_for_send *row)
{
    return q_variant_add_once(sender->child->db, post->id, row->kind, row->head, row->body, 0, row->body_sha256, row->eightbit,
                              N_("The next server takes no 8-bit text."), NULL) == STATUS_OK;
}

bool
sender_use_seven_bit(struct sender *sender)
{
    struct send_post *post = sender->post;
    struct row_variants_for_send *row;

    if (post->is_seven_bit || !(post->replaced.row->eightbit || (post->kept.row != NULL && post->kept.row->eightbit)))
        return true;
    if (post->reencoded.row == NULL && (row = reencode(post)) != NULL) {
        if (!store(sender, post, row))
            return false;
        post->reencoded = (struct send_variant){row, header_parse(post, row->head)};
    }
    if (post->reencoded.row != NULL)
        post->replaced = post->reencoded;
    post->kept.row = NULL;
    post->is_seven_bit = true;
    return true;
}

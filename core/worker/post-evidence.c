/* post-evidence.c - what a post proves beside DMARC: that a moderator passed it, that another list of ours passed it on */
#include <string.h>

#include "policy/password.h"
#include "util/str.h"
#include "worker/post.h"

/* Fields are looked for always; the first line of the text only where the list has a password, as it may be anything else. */
enum status
post_find_secret(struct work *work)
{
    struct db *db = work->poster->child->db;
    bool has_password;
    enum status status = password_exists(db, work->row->list_id, &has_password);

    if (status != STATUS_OK)
        return status;
    work->secret = secret_find(work->ctx, work->message, has_password || work->row->is_masked);
    if (work->secret == NULL)
        return STATUS_OK;
    work->summary = summary_read(work->ctx, work->secret->without);
    if (!has_password || work->claim->approved_by != NULL)
        return STATUS_OK;
    return password_ask(db, work->row->list_id, work->secret->text, &work->password);
}

enum status
post_find_umbrella(struct work *work, const char **umbrella_r)
{
    const char *sender = work->row->sender, *at = strchr(sender, '@');
    struct row_umbrella_of *row;
    struct token token;
    enum status status;

    *umbrella_r = NULL;
    if (at == NULL || !str_starts_nocase(sender, "b.")
        || !token_read(work->poster->tokens, TOKEN_BOUNCE, mem_strndup(work->ctx, sender + 2, (size_t)(at - sender - 2)), &token))
        return STATUS_OK;
    status = q_umbrella_of(work->poster->child->db, work->ctx, token.first, token.second, work->list->address, &row);
    if (status == STATUS_OK && row != NULL)
        *umbrella_r = row->address;
    return status;
}

enum status
post_write_masks(struct work *work)
{
    const struct secret *secret = work->secret;
    int64_t *masks;

    if (secret == NULL || secret->count == 0)
        return STATUS_OK;
    masks = mem_array(work->ctx, int64_t, secret->count * 2);
    for (size_t i = 0; i < secret->count; i++) {
        masks[i * 2] = (int64_t)secret->ranges[i].offset;
        masks[i * 2 + 1] = secret->ranges[i].in_base64 ? -(int64_t)secret->ranges[i].len : (int64_t)secret->ranges[i].len;
    }
    return q_message_mask(work->poster->child->db, work->claim->message_id, (struct int_array){masks, secret->count * 2}, NULL);
}

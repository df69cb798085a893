/* web-post.c - a mail that somebody writes on a page */
#include "policy/web-post.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"

enum status
web_post_find(struct db *db, TALLOC_CTX *ctx, int64_t user_id, const char *mark, int64_t *message_id_r)
{
    struct row_web_post_by_mark *row;
    enum status status = q_web_post_by_mark(db, ctx, user_id, mark, &row);

    *message_id_r = status == STATUS_OK && row != NULL ? row->message_id : 0;
    return status;
}

static enum status
add_rows(struct db *db, TALLOC_CTX *ctx, const struct web_post *post, int64_t *message_id_r)
{
    uint8_t digest[SHA256_LEN];
    struct row_message_receive *row;
    int64_t now = clock_now_us();
    enum status status;

    sha256(post->bytes, digest);
    status = q_message_receive(db, ctx, post->list_id, post->bytes, (int64_t)post->bytes.len, (struct blob){digest, SHA256_LEN}, 0,
                               post->sender, post->list_address, "post", NULL, NULL, NULL, NULL, true, now, "received", &row);
    if (status == STATUS_OK)
        status = q_web_post_add(db, row->id, post->user_id, post->mark, NULL);
    if (status == STATUS_OK)
        status = q_incoming_add(db, row->id, now, NULL);
    if (status == STATUS_OK)
        *message_id_r = row->id;
    return status;
}

enum status
web_post_add(struct db *db, TALLOC_CTX *ctx, const struct web_post *post, int64_t *message_id_r)
{
    enum status status = web_post_find(db, ctx, post->user_id, post->mark, message_id_r);

    if (status != STATUS_OK || *message_id_r != 0)
        return status;
    status = db_begin(db);
    if (status != STATUS_OK)
        return status;
    status = add_rows(db, ctx, post, message_id_r);
    if (status == STATUS_OK)
        return db_commit(db);
    db_rollback(db);
    /* The same form, sent twice at once: the other one came first. */
    return status == STATUS_CONFLICT ? web_post_find(db, ctx, post->user_id, post->mark, message_id_r) : status;
}

/* mbox-pack.c - a thread or a month of an archive as one mbox.gz, piece by piece */
#include "archive/mbox-pack.h"
#include "archive/mbox-write.h"
#include "mime/mask.h"
#include "store/statements.h"
#include "util/gzip.h"

enum { POSTS_A_TURN = 50, BYTES_A_TURN = 1 << 20 };

struct mbox_pack {
    struct db *db;
    const struct mbox_wish *wish;
    struct gzip *gzip;
    int64_t after, posts;
};

struct mbox_pack *
mbox_pack_new(TALLOC_CTX *ctx, struct db *db, const struct mbox_wish *wish)
{
    struct mbox_pack *pack = mem_new(ctx, struct mbox_pack);

    pack->db = db;
    pack->wish = wish;
    pack->gzip = gzip_new(pack);
    return pack;
}

int64_t
mbox_pack_posts(const struct mbox_pack *pack)
{
    return pack->posts;
}

static void
put_reduced(TALLOC_CTX *ctx, const struct mbox_wish *wish, const struct row_mbox_month *post, struct str *mbox)
{
    struct str *mail = str_new(ctx);
    struct reduced reduced = {
        .name = post->from_name, .address = post->from_address, .subject = post->subject, .written_us = post->written_at,
        .page = mem_printf(ctx, "%smessage/%s", wish->url, post->hash), .why = wish->is_reduced ? wish->why : REDUCED_ANONYMOUS, .bytes = post->bytes};

    reduced_put(mail, wish->lang, &reduced);
    mbox_put(mbox, NULL, post->accepted_at, str_blob(mail));
    talloc_free(mail);
}

static void
put(TALLOC_CTX *ctx, const struct mbox_wish *wish, const struct row_mbox_month *post, struct str *mbox)
{
    size_t before = mbox->len;

    if (wish->is_reduced || (post->anonymous && !wish->shows_authors)) {
        put_reduced(ctx, wish, post, mbox);
        return;
    }
    mbox_put(mbox, post->from_address, post->accepted_at, post->bytes);
    mask_tokens(mbox->s + before, mbox->len - before);
}

/* Both statements give the same columns. */
static enum status
read_some(struct mbox_pack *pack, TALLOC_CTX *ctx, struct row_mbox_month **posts_r, size_t *count_r)
{
    const struct mbox_wish *wish = pack->wish;
    struct row_mbox_thread *found;
    enum status status;

    if (wish->thread_id == 0)
        return q_mbox_month(pack->db, ctx, wish->list_id, wish->month, pack->after, POSTS_A_TURN, BYTES_A_TURN, posts_r, count_r);
    status = q_mbox_thread(pack->db, ctx, wish->thread_id, pack->after, POSTS_A_TURN, BYTES_A_TURN, &found, count_r);
    if (status != STATUS_OK)
        return status;
    *posts_r = mem_array(ctx, struct row_mbox_month, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*posts_r)[i] = (struct row_mbox_month){
            .id = found[i].id, .hash = found[i].hash, .subject = found[i].subject, .from_name = found[i].from_name,
            .from_address = found[i].from_address, .written_at = found[i].written_at, .accepted_at = found[i].accepted_at,
            .anonymous = found[i].anonymous, .bytes = found[i].bytes};
    return STATUS_OK;
}

enum status
mbox_pack_next(struct mbox_pack *pack, struct str *out, bool *end_r)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *mbox = str_new(ctx);
    struct row_mbox_month *posts;
    size_t count;
    enum status status = read_some(pack, ctx, &posts, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (posts[i].bytes.len > 0) {
            str_clear(mbox);
            put(ctx, pack->wish, &posts[i], mbox);
            gzip_add(pack->gzip, mbox->s, mbox->len, out);
            pack->posts++;
        }
        pack->after = posts[i].id;
    }
    *end_r = status == STATUS_OK && count == 0;
    if (*end_r)
        gzip_end(pack->gzip, out);
    talloc_free(ctx);
    return status;
}

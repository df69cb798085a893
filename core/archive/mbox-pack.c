/* mbox-pack.c - a thread, a month or what a search found as one mbox.gz, piece by piece */
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
    size_t at;                  /* among the wish's posts */
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

static void
put_packed(struct mbox_pack *pack, TALLOC_CTX *ctx, const struct mbox_wish *wish, const struct row_mbox_month *post, struct str *out)
{
    struct str *mbox = str_new(ctx);

    if (post->bytes.len > 0) {
        put(ctx, wish, post, mbox);
        gzip_add(pack->gzip, mbox->s, mbox->len, out);
        pack->posts++;
    }
    pack->after = post->id;
    talloc_free(mbox);
}

/* The next of a month or a thread: both statements give the same columns. */
static enum status
pack_some(struct mbox_pack *pack, TALLOC_CTX *ctx, struct str *out, bool *end_r)
{
    const struct mbox_wish *wish = pack->wish;
    struct row_mbox_month *posts = NULL;
    struct row_mbox_thread *found = NULL;
    size_t count = 0;
    enum status status = wish->thread_id == 0
        ? q_mbox_month(pack->db, ctx, wish->list_id, wish->month, pack->after, POSTS_A_TURN, BYTES_A_TURN, &posts, &count)
        : q_mbox_thread(pack->db, ctx, wish->thread_id, pack->after, POSTS_A_TURN, BYTES_A_TURN, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        put_packed(pack, ctx, wish, found == NULL ? &posts[i] : &(struct row_mbox_month){
            .id = found[i].id, .hash = found[i].hash, .subject = found[i].subject, .from_name = found[i].from_name,
            .from_address = found[i].from_address, .written_at = found[i].written_at, .accepted_at = found[i].accepted_at,
            .anonymous = found[i].anonymous, .bytes = found[i].bytes}, out);
    *end_r = status == STATUS_OK && count == 0;
    return status;
}

static bool
holds(struct int_array ids, int64_t id)
{
    for (size_t i = 0; i < ids.count; i++)
        if (ids.items[i] == id)
            return true;
    return false;
}

/* As its own list would give it. */
static void
put_found(struct mbox_pack *pack, TALLOC_CTX *ctx, const struct row_mbox_posts *post, struct str *out)
{
    struct mbox_wish wish = *pack->wish;

    wish.url = mem_printf(ctx, "%s/lists/%s/", pack->wish->url, post->slug);
    wish.is_reduced = !holds(pack->wish->open, post->list_id);
    wish.why = reduced_why_of(post->addresses);
    put_packed(pack, ctx, &wish, &(struct row_mbox_month){
        .id = post->id, .hash = post->hash, .subject = post->subject, .from_name = post->from_name, .from_address = post->from_address,
        .written_at = post->written_at, .accepted_at = post->accepted_at, .anonymous = post->anonymous, .bytes = post->bytes}, out);
}

/* The next of the posts that were found; those that are gone meanwhile are left out. */
static enum status
pack_found(struct mbox_pack *pack, TALLOC_CTX *ctx, struct str *out, bool *end_r)
{
    struct int_array all = pack->wish->posts, next = {all.items + pack->at, all.count - pack->at};
    struct row_mbox_posts *posts;
    size_t count = 0;
    enum status status = STATUS_OK;

    if (next.count > POSTS_A_TURN)
        next.count = POSTS_A_TURN;
    if (next.count > 0)
        status = q_mbox_posts(pack->db, ctx, next, BYTES_A_TURN, &posts, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        put_found(pack, ctx, &posts[i], out);
    if (count == 0)
        pack->at += next.count;
    while (pack->at < all.count && all.items[pack->at] <= pack->after)
        pack->at++;
    *end_r = status == STATUS_OK && pack->at == all.count;
    return status;
}

enum status
mbox_pack_next(struct mbox_pack *pack, struct str *out, bool *end_r)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    enum status status = pack->wish->posts.items != NULL ? pack_found(pack, ctx, out, end_r) : pack_some(pack, ctx, out, end_r);

    if (*end_r)
        gzip_end(pack->gzip, out);
    talloc_free(ctx);
    return status;
}

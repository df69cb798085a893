/* jobs-removal.c - carries out what policy/removal.h promises: bytes of deleted posts, words of posts, people */
#include <string.h>

#include "archive/place.h"
#include "mime/redact.h"
#include "mime/summary.h"
#include "policy/setting.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"
#include "worker/jobs.h"

/* A turn is one transaction of this many posts; copies of a post that are still being sent are waited for. */
enum { POSTS_A_TURN = 20, EMPTIED_A_TURN = 100, EXPIRED_A_TURN = 1000, WAIT_S = 60, SUBJECT_MOST = 1000, TURNS_MOST = 100 };
static const char nobody[] = "—";

struct turn {
    TALLOC_CTX *ctx;
    struct db *db;
    const struct row_removal_claim *removal;
    int64_t changed;
    bool waits;             /* some post could not be changed yet */
};

static bool
is_among(const char *word, struct text_array words)
{
    for (size_t i = 0; i < words.count; i++)
        if (str_eq_nocase(words.items[i], word))
            return true;
    return false;
}

static enum status
write_post(struct turn *turn, int64_t post_id, const struct row_removal_bytes *row, struct blob bytes)
{
    const struct summary *summary = summary_read(turn->ctx, message_parse(turn->ctx, bytes));
    struct text_array words = turn->removal->words;
    bool is_theirs = is_among(row->from_address, words);
    uint8_t digest[SHA256_LEN];
    size_t hits;
    char *name = redact_text(turn->ctx, row->from_name, words.items, words.count, &hits);
    enum status status;

    sha256(bytes, digest);
    status = q_removal_write_bytes(turn->db, row->message_id, bytes, (struct blob){digest, SHA256_LEN}, NULL);
    if (status == STATUS_OK)
        status = q_removal_write_post(turn->db, post_id, utf8_cut(turn->ctx, summary->subject, SUBJECT_MOST),
                                      is_theirs || hits > 0 ? nobody : name, is_theirs ? "" : row->from_address,
                                      place_excerpt(turn->ctx, summary->text), summary->message_id, NULL);
    if (status == STATUS_OK)
        status = q_removal_unmake_view(turn->db, post_id, NULL);
    turn->changed += status == STATUS_OK;
    return status;
}

/* The words are taken out of the post (`keep`: only counted). */
static enum status
redact_post(struct turn *turn, int64_t post_id, bool keep, size_t *hits_r, bool *is_theirs_r)
{
    TALLOC_CTX *outer = turn->ctx;
    struct text_array words = turn->removal->words;
    struct row_removal_bytes *row;
    struct blob bytes;
    enum status status;

    *hits_r = 0;
    *is_theirs_r = false;
    turn->ctx = talloc_new(outer);
    status = q_removal_bytes(turn->db, turn->ctx, post_id, &row);
    if (status == STATUS_OK && row != NULL && row->bytes.data != NULL) {
        *is_theirs_r = is_among(row->from_address, words);
        bytes = redact_message(turn->ctx, message_parse(turn->ctx, row->bytes), words.items, words.count, hits_r);
        if (*hits_r > 0 && (!keep || *is_theirs_r) && row->is_sent)
            status = write_post(turn, post_id, row, bytes);
        else if (*hits_r > 0 && (!keep || *is_theirs_r))
            turn->waits = true;
    }
    talloc_free(turn->ctx);
    turn->ctx = outer;
    return status;
}

static enum status
put_off(const struct turn *turn, int64_t reached, int wait_s)
{
    return q_removal_reach(turn->db, turn->removal->id, reached, turn->changed, clock_now_us() + wait_s * US_PER_S, NULL);
}

static enum status
finish(const struct turn *turn)
{
    enum status status = q_removal_forget_finds(turn->db, turn->removal->id, NULL);

    return status == STATUS_OK ? q_removal_state(turn->db, turn->removal->id, "done", clock_now_us(), NULL) : status;
}

/* ---- one post ---- */

static enum status
redact_one(struct turn *turn)
{
    size_t hits;
    bool is_theirs;
    enum status status = redact_post(turn, turn->removal->post_id, false, &hits, &is_theirs);

    if (status == STATUS_OK)
        status = put_off(turn, 0, turn->waits ? WAIT_S : 0);
    return status == STATUS_OK && !turn->waits ? finish(turn) : status;
}

/* ---- a person ---- */

/* All posts have been looked at: the rows beside them, and then a person looks at what was found. */
static enum status
end_walk(struct turn *turn)
{
    const struct row_removal_claim *removal = turn->removal;
    struct row_removal_finds_any *finds;
    enum status status = q_removal_references(turn->db, removal->list_id, removal->words, NULL);

    if (status == STATUS_OK)
        status = q_removal_sweep(turn->db, removal->list_id, removal->words, NULL);
    if (status == STATUS_OK)
        status = q_removal_finds_any(turn->db, turn->ctx, removal->id, &finds);
    if (status != STATUS_OK)
        return status;
    return q_removal_state(turn->db, removal->id, finds->finds > finds->chosen ? "review" : "ending", clock_now_us(), NULL);
}

static enum status
walk(struct turn *turn)
{
    const struct row_removal_claim *removal = turn->removal;
    int64_t reached = removal->reached;
    struct row_removal_walk *posts;
    size_t count;
    enum status status = q_removal_walk(turn->db, turn->ctx, removal->list_id, reached, POSTS_A_TURN, &posts, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct int_array one = {&posts[i].id, 1};
        size_t hits;
        bool is_theirs;

        turn->waits = false;
        status = redact_post(turn, posts[i].id, true, &hits, &is_theirs);
        if (status == STATUS_OK && hits > 0 && (!is_theirs || turn->waits))
            status = q_removal_found(turn->db, removal->id, posts[i].id, (int64_t)hits, NULL);
        if (status == STATUS_OK && turn->waits)
            status = q_removal_choose(turn->db, removal->id, one, NULL);
        reached = posts[i].id;
    }
    if (status == STATUS_OK)
        status = put_off(turn, reached, 0);
    return status == STATUS_OK && count < POSTS_A_TURN ? end_walk(turn) : status;
}

static enum status
end_erasure(struct turn *turn)
{
    struct row_removal_chosen *chosen;
    bool waits = false, is_theirs;
    size_t count, hits;
    enum status status = q_removal_chosen(turn->db, turn->ctx, turn->removal->id, POSTS_A_TURN, &chosen, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        turn->waits = false;
        status = redact_post(turn, chosen[i].post_id, false, &hits, &is_theirs);
        if (status == STATUS_OK && !turn->waits)
            status = q_removal_find_done(turn->db, turn->removal->id, chosen[i].post_id, NULL);
        waits = waits || turn->waits;
    }
    if (status == STATUS_OK)
        status = put_off(turn, turn->removal->reached, waits ? WAIT_S : 0);
    return status == STATUS_OK && count == 0 ? finish(turn) : status;
}

static enum status
take_turn(const struct job_desk *desk, TALLOC_CTX *ctx, bool *any_r)
{
    struct turn turn = {.ctx = ctx, .db = desk->db};
    struct row_removal_claim *removal;
    enum status status = q_removal_claim(desk->db, ctx, clock_now_us(), &removal);

    *any_r = status == STATUS_OK && removal != NULL;
    if (!*any_r)
        return status;
    turn.removal = removal;
    return str_eq(removal->kind, "redact") ? redact_one(&turn) : str_eq(removal->state, "looking") ? walk(&turn) : end_erasure(&turn);
}

enum status
carry_out_removals(struct db *db)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_removal_empty *emptied;
    size_t count = EMPTIED_A_TURN;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && count == EMPTIED_A_TURN)
        status = q_removal_empty(db, ctx, EMPTIED_A_TURN, &emptied, &count);
    talloc_free(ctx);
    return status == STATUS_OK ? jobs_take(&(struct job_desk){.db = db}, take_turn, TURNS_MOST) : status;
}

/* ---- keeping so long and no longer ---- */

static enum status
expire_list(struct db *db, TALLOC_CTX *ctx, int64_t list_id)
{
    struct settings *settings;
    struct row_removal_expire *rows;
    int64_t month_us = INT64_C(2629746) * US_PER_S;     /* the twelfth part of a mean year */
    size_t count = EXPIRED_A_TURN;
    enum status status = settings_load(db, ctx, list_id, &settings);

    while (status == STATUS_OK && settings->archive_months > 0 && count == EXPIRED_A_TURN)
        status = q_removal_expire(db, ctx, list_id, clock_now_us() - settings->archive_months * month_us, clock_now_us(), EXPIRED_A_TURN,
                                  &rows, &count);
    return status;
}

enum status
expire_posts(struct db *db)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_removal_lists *lists;
    size_t count = 0;
    enum status status = q_removal_lists(db, ctx, &lists, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = expire_list(db, ctx, lists[i].list_id);
    talloc_free(ctx);
    return status;
}

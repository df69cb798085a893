/* place.c - a post's place in its list: number, permanent name, thread */
#include <string.h>
#include <time.h>

#include "archive/place.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

enum { EXCERPT_MOST = 200, SUBJECT_MOST = 1000, NAME_MOST = 200 };

char *
place_hash(TALLOC_CTX *ctx, const char *rfc_message_id)
{
    uint8_t digest[SHA1_LEN];

    sha1(blob_of(rfc_message_id), digest);
    return base32_encode(ctx, (struct blob){digest, SHA1_LEN});
}

char *
place_excerpt(TALLOC_CTX *ctx, const char *text)
{
    struct str *out = str_new(ctx);

    while (*text != '\0' && out->len < EXCERPT_MOST * 4) {
        size_t len = strcspn(text, "\n");

        if (strncmp(text, "-- \n", 4) == 0 || (len == 2 && strncmp(text, "--", 2) == 0))
            break;
        if (*text != '>' && len > 0) {
            if (out->len > 0)
                str_addc(out, ' ');
            str_addn(out, text, len);
        }
        text += len + (text[len] == '\n');
    }
    return utf8_cut(ctx, str_trim(out, out->s), EXCERPT_MOST);
}

enum status
place_begin(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *domain, const struct summary *summary,
            struct place *place_r)
{
    struct row_list_next_number *next;
    struct row_post_hashes_like *taken;
    enum status status = q_list_next_number(db, ctx, list_id, &next);

    if (status != STATUS_OK)
        return status;
    if (next == NULL)
        return STATUS_NOT_FOUND;
    *place_r = (struct place){.list_id = list_id, .number = next->number, .rfc_message_id = summary->message_id};
    if (str_is_empty(summary->message_id)) {
        place_r->rfc_message_id = mem_printf(ctx, "%s@%s", random_token(ctx), domain);
        place_r->made_message_id = true;
    }
    place_r->hash = place_hash(ctx, place_r->rfc_message_id);
    status = q_post_hashes_like(db, ctx, list_id, place_r->hash, &taken);
    if (status == STATUS_OK && taken->taken > 0)
        place_r->hash = mem_printf(ctx, "%s-%lld", place_r->hash, (long long)taken->taken + 1);
    return status;
}

/* What the message answers, nearest first: In-Reply-To, then References from the end, nothing twice. */
static struct text_array
references(TALLOC_CTX *ctx, const struct summary *summary, const char *own)
{
    const char **items = mem_array(ctx, const char *, summary->reference_count + 1);
    size_t count = 0;

    for (size_t i = 0; i <= summary->reference_count; i++) {
        const char *id = i == 0 ? summary->in_reply_to : summary->references[summary->reference_count - i];
        bool known = str_is_empty(id) || str_eq(id, own);

        for (size_t k = 0; k < count && !known; k++)
            known = str_eq(items[k], id);
        if (!known)
            items[count++] = id;
    }
    return (struct text_array){items, count};
}

struct tie { int64_t thread_id, parent_id; struct int_array children, losers; };

/* The thread it belongs to, and the answers that waited for it. */
static enum status
find_tie(struct db *db, TALLOC_CTX *ctx, const struct place *place, struct text_array wanted, struct tie *tie_r)
{
    struct row_post_by_reference *parent = NULL;
    struct row_post_waiting_for *waiting;
    size_t count;
    int64_t *children, *losers;
    enum status status = STATUS_OK;

    *tie_r = (struct tie){0, 0, {NULL, 0}, {NULL, 0}};
    if (wanted.count > 0)
        status = q_post_by_reference(db, ctx, place->list_id, wanted, &parent);
    if (status == STATUS_OK)
        status = q_post_waiting_for(db, ctx, place->list_id, place->rfc_message_id, &waiting, &count);
    if (status != STATUS_OK)
        return status;
    if (parent != NULL) {
        tie_r->parent_id = parent->id;
        tie_r->thread_id = parent->thread_id;
    }
    children = mem_array(ctx, int64_t, count + 1);
    losers = mem_array(ctx, int64_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        /* An answer that stood alone becomes ours; one that already has a nearer parent stays where it is. */
        if (waiting[i].parent != 0 || waiting[i].id == tie_r->parent_id)
            continue;
        children[tie_r->children.count++] = waiting[i].id;
        if (tie_r->thread_id == 0)
            tie_r->thread_id = waiting[i].thread_id;
        else if (waiting[i].thread_id != tie_r->thread_id)
            losers[tie_r->losers.count++] = waiting[i].thread_id;
    }
    tie_r->children.items = children;
    tie_r->losers.items = losers;
    return STATUS_OK;
}

static char *
month_of(TALLOC_CTX *ctx, int64_t time_us)
{
    time_t seconds = (time_t)(time_us / US_PER_S);
    struct tm tm;

    gmtime_r(&seconds, &tm);
    return mem_printf(ctx, "%04d-%02d-01", tm.tm_year + 1900, tm.tm_mon + 1);
}

static enum status
add_post(struct db *db, TALLOC_CTX *ctx, const struct place *place, const struct summary *summary,
         const struct place_post *post, const struct tie *tie, int64_t *post_id_r)
{
    const struct address *author = summary->author;
    const char *name = author == NULL ? "" : !str_is_empty(author->display) ? author->display : author->local;
    const char *from = author == NULL ? "" : address_text(ctx, author);
    int64_t now = post->accepted_us, day_us = INT64_C(86400) * US_PER_S;
    /* A Date in the future, or long before the arrival, is a wrong clock. */
    bool is_sane = summary->date_us != 0 && summary->date_us < now + day_us && summary->date_us > now - 366 * day_us;
    struct row_post_add *row;
    enum status status;

    status = q_post_add(db, ctx, place->list_id, place->number, post->message_id, tie->thread_id, tie->parent_id,
                        place->rfc_message_id, place->hash, utf8_cut(ctx, summary->subject, SUBJECT_MOST),
                        utf8_cut(ctx, name, NAME_MOST), from, is_sane ? summary->date_us : now, now, month_of(ctx, now),
                        post->archived, (int64_t)summary->attachment_count, place_excerpt(ctx, summary->text), post->bulk,
                        post->anonymous, &row);
    if (status == STATUS_OK)
        *post_id_r = row->id;
    return status;
}

enum status
place_post(struct db *db, TALLOC_CTX *ctx, const struct place *place, const struct summary *summary,
           const struct place_post *post, int64_t *post_id_r)
{
    struct text_array wanted = references(ctx, summary, place->rfc_message_id);
    struct row_thread_add *thread;
    struct tie tie;
    enum status status = find_tie(db, ctx, place, wanted, &tie);

    if (status == STATUS_OK && tie.thread_id == 0) {
        status = q_thread_add(db, ctx, place->list_id, utf8_cut(ctx, summary->subject, SUBJECT_MOST), post->accepted_us, &thread);
        if (status == STATUS_OK)
            tie.thread_id = thread->id;
    }
    if (status == STATUS_OK)
        status = add_post(db, ctx, place, summary, post, &tie, post_id_r);
    if (status == STATUS_OK && wanted.count > 0)
        status = q_post_reference_add(db, place->list_id, *post_id_r, wanted, NULL);
    if (status == STATUS_OK && tie.children.count > 0)
        status = q_post_adopt(db, *post_id_r, tie.children, NULL);
    /* The answers came first: the thread is named by what they answer. */
    if (status == STATUS_OK && tie.children.count > 0 && tie.parent_id == 0)
        status = q_thread_name(db, tie.thread_id, utf8_cut(ctx, summary->subject, SUBJECT_MOST), NULL);
    if (status == STATUS_OK && tie.losers.count > 0) {
        status = q_thread_merge(db, tie.thread_id, tie.losers, NULL);
        if (status == STATUS_OK)
            status = q_thread_count(db, tie.thread_id, NULL);
        if (status == STATUS_OK)
            status = q_thread_remove_empty(db, tie.losers, NULL);
    } else if (status == STATUS_OK) {
        status = q_thread_grow(db, tie.thread_id, *post_id_r, post->accepted_us, NULL);
    }
    return status;
}

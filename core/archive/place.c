/* place.c - a post's place in its list: number, permanent name, thread */
#include <string.h>

#include "archive/place-private.h"
#include "archive/thread.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"
#include "util/when.h"

enum { EXCERPT_MOST = 200, SUBJECT_MOST = 1000, NAME_MOST = 200 };

char *
place_hash(TALLOC_CTX *ctx, const char *rfc_message_id)
{
    uint8_t digest[SHA1_LEN];

    sha1(blob_of(rfc_message_id), digest);
    return base32_encode(ctx, (struct blob){digest, SHA1_LEN});
}

/* "On Sunday, at 9:12, Hana wrote:", in one line or two, directly above what she wrote. */
static bool
names_writer(const struct str *out, size_t from, size_t lines)
{
    return lines > 0 && lines <= 2 && from < out->len && (str_ends(out->s, ":") || str_ends(out->s, "："));
}

char *
place_excerpt(TALLOC_CTX *ctx, const char *text)
{
    struct str *out = str_new(ctx);
    size_t from = 0, lines = 0;     /* the lines since the last empty one */

    while (*text != '\0' && out->len < EXCERPT_MOST * 4) {
        size_t len = strcspn(text, "\n");

        if (strncmp(text, "-- \n", 4) == 0 || (len == 2 && strncmp(text, "--", 2) == 0))
            break;
        if (*text == '>' && names_writer(out, from, lines))
            out->s[out->len = from] = '\0';
        if (*text == '>' || len == 0) {
            from = out->len;
            lines = 0;
        } else {
            if (out->len > 0)
                str_addc(out, ' ');
            str_addn(out, text, len);
            lines++;
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

struct place_fields
place_fields(TALLOC_CTX *ctx, const struct summary *summary, int64_t accepted_us)
{
    const struct address *author = summary->author;
    const char *name = author == NULL ? "" : !str_is_empty(author->display) ? author->display : author->local;
    int64_t day_us = INT64_C(86400) * US_PER_S;
    /* A Date in the future, or long before the arrival, is a wrong clock. */
    bool is_sane = summary->date_us != 0 && summary->date_us < accepted_us + day_us && summary->date_us > accepted_us - 366 * day_us;
    int year, month;

    when_archive_month(accepted_us, &year, &month);
    return (struct place_fields){.subject = utf8_cut(ctx, summary->subject, SUBJECT_MOST), .name = utf8_cut(ctx, name, NAME_MOST),
                                 .address = author == NULL ? "" : address_text(ctx, author),
                                 .written_us = is_sane ? summary->date_us : accepted_us,
                                 .month = mem_printf(ctx, "%04d-%02d-01", year, month), .excerpt = place_excerpt(ctx, summary->text)};
}

struct tie {
    struct text_array answers;
    struct blob index;
    int64_t thread_id, parent_id;
    size_t absent;              /* how many of the answers, from the nearest, are not here */
    bool is_loose;
    bool moves_others;          /* or may be moved by them */
    bool names_thread;          /* the first of its thread that may be read */
};

/* What the header says, and what of that is here. */
static enum status
find_tie(struct db *db, TALLOC_CTX *ctx, const struct place *place, const struct summary *summary, const struct place_post *post,
         struct tie *tie_r)
{
    struct row_post_look *look;
    enum status status;

    *tie_r = (struct tie){.answers = thread_answers(ctx, summary, place->rfc_message_id),
                          .index = thread_index(ctx, summary->thread_index)};
    status = q_post_look(db, ctx, place->list_id, place->rfc_message_id, tie_r->answers, thread_index_root(tie_r->index), &look);
    if (status != STATUS_OK)
        return status;
    tie_r->thread_id = look->thread;
    tie_r->parent_id = look->parent;
    tie_r->absent = look->parent != 0 ? (size_t)look->position : tie_r->answers.count;
    tie_r->is_loose = look->parent == 0 && (tie_r->answers.count > 0 || tie_r->index.len > THREAD_INDEX_ROOT);
    tie_r->moves_others = look->is_copy || look->is_awaited || look->is_shared || look->is_hinted;
    tie_r->names_thread = look->parent != 0 && post->archived && !look->is_archived;
    return STATUS_OK;
}

static enum status
add_post(struct db *db, TALLOC_CTX *ctx, const struct place *place, const struct summary *summary,
         const struct place_post *post, const struct tie *tie, int64_t *post_id_r)
{
    struct place_fields fields = place_fields(ctx, summary, post->accepted_us);
    struct row_post_add *row;
    enum status status;

    status = q_post_add(db, ctx, place->list_id, place->number, post->message_id, tie->thread_id, tie->parent_id,
                        place->rfc_message_id, place->hash, fields.subject, fields.name, fields.address, fields.written_us,
                        post->accepted_us, fields.month, post->archived, (int64_t)summary->attachment_count, fields.excerpt, post->bulk,
                        post->anonymous, tie->answers, tie->absent > 0 ? tie->answers.items[0] : NULL, tie->index, tie->is_loose,
                        &row);
    if (status == STATUS_OK)
        *post_id_r = row->id;
    return status;
}

enum status
place_post(struct db *db, TALLOC_CTX *ctx, const struct place *place, const struct summary *summary,
           const struct place_post *post, int64_t *post_id_r)
{
    struct row_thread_add *thread;
    struct tie tie;
    enum status status = find_tie(db, ctx, place, summary, post, &tie);

    if (status == STATUS_OK && tie.thread_id == 0) {
        status = q_thread_add(db, ctx, place->list_id, utf8_cut(ctx, summary->subject, SUBJECT_MOST), post->accepted_us, &thread);
        if (status == STATUS_OK)
            tie.thread_id = thread->id;
    }
    if (status == STATUS_OK)
        status = add_post(db, ctx, place, summary, post, &tie, post_id_r);
    if (status == STATUS_OK && tie.absent > 0)
        status = q_post_reference_add(db, place->list_id, *post_id_r, (struct text_array){tie.answers.items, tie.absent}, NULL);
    if (status == STATUS_OK && tie.names_thread)
        status = q_thread_count(db, (struct int_array){&tie.thread_id, 1}, NULL);
    if (status == STATUS_OK && tie.moves_others)
        status = place_again(db, ctx, place->list_id, (struct int_array){post_id_r, 1});
    return status;
}

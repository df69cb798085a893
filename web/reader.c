/* reader.c - what a page of the archive shows of its reader */
#include "store/statements.h"
#include "web/archive.h"
#include "web/common.h"
#include "web/reader.h"

enum { NEW_MOST = 1000 };

struct reader_rows { const struct reader_row *rows; size_t count; };

enum status
reader_open(struct request *request, struct reader *reader_r)
{
    struct row_reader_mark *row;
    enum status status;

    *reader_r = (struct reader){0, 0, 0};
    if (!request->standing.is_signed_in)
        return STATUS_OK;
    status = q_reader_mark(request->web->db, request, request->me.user_id, request->list->id, &row);
    if (status == STATUS_OK && row != NULL)
        *reader_r = (struct reader){row->upto, row->since, row->marked_at};
    return status;
}

/* ---- for all readers ---- */

static struct int_array
ids_of(TALLOC_CTX *ctx, struct reader_rows rows)
{
    int64_t *ids = mem_array(ctx, int64_t, rows.count + 1);

    for (size_t i = 0; i < rows.count; i++)
        ids[i] = rows.rows[i].id;
    return (struct int_array){ids, rows.count};
}

static struct out *
out_of(struct reader_rows rows, int64_t id)
{
    for (size_t i = 0; i < rows.count; i++)
        if (rows.rows[i].id == id)
            return rows.rows[i].out;
    must(!"a statement gives rows of what it was asked for");
    return NULL;
}

static void
show_votes(struct out *out, const struct row_reader_shown *row)
{
    if (row->votes_for > 0)
        out_int(out, "votes_for", row->votes_for);
    if (row->votes_against > 0)
        out_int(out, "votes_against", row->votes_against);
}

static void
show_labels(struct out *out, const struct row_reader_shown *row)
{
    struct out *tags = out_rows(out, "tags");

    out_text(out, "category", row->category_name);
    out_int(out, "category_id", row->category);
    for (size_t i = 0; i < row->tags.count; i++) {
        struct out *tag = out_row(tags);

        out_text(tag, "name", row->tags.items[i]);
        out_text(tag, "escaped", url_escape(tag, row->tags.items[i]));
    }
}

static enum status
show_shared(struct request *request, struct reader_rows threads, struct reader_rows posts)
{
    struct row_reader_shown *found;
    size_t count;
    enum status status = q_reader_shown(request->web->db, request, request->list->id, ids_of(request, threads), ids_of(request, posts), &found,
                                        &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (found[i].is_post)
            show_votes(out_of(posts, found[i].id), &found[i]);
        else
            show_labels(out_of(threads, found[i].id), &found[i]);
    }
    return status;
}

/* ---- lists of threads ---- */

static void
show_own(struct out *out, const struct row_reader_threads *row)
{
    out_int(out, "new", row->new_posts);
    out_bool(out, "is_favourite", row->is_favourite);
    out_bool(out, "is_muted", row->is_muted);
}

static enum status
show_own_threads(struct request *request, const struct reader *reader, struct reader_rows threads)
{
    struct row_reader_threads *found;
    size_t count;
    enum status status = q_reader_threads(request->web->db, request, request->me.user_id, reader->upto, reader->since,
                                          ids_of(request, threads), &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        show_own(out_of(threads, found[i].id), &found[i]);
    return status;
}

static enum status
show_list(struct request *request, const struct reader *reader)
{
    struct out *out = out_object(request->page, "reader");
    struct row_reader_newest *newest;
    struct row_reader_new *found;
    enum status status = q_reader_newest(request->web->db, request, request->list->id, &newest);

    if (status != STATUS_OK)
        return status;
    out_time(out, "marked_at", reader->marked_at);
    out_int(out, "newest", newest != NULL ? newest->id : 0);
    if (reader->since == 0)
        return STATUS_OK;
    status = q_reader_new(request->web->db, request, request->me.user_id, request->list->id, reader->upto, reader->since, NEW_MOST + 1, &found);
    if (status == STATUS_OK) {
        out_int(out, "new", found->posts < NEW_MOST ? found->posts : NEW_MOST);
        out_bool(out, "is_many", found->posts > NEW_MOST);
    }
    return status;
}

enum status
reader_show_threads(struct request *request, const struct reader_row *threads, size_t count)
{
    struct reader_rows rows = {threads, count}, none = {NULL, 0};
    struct reader reader;
    enum status status = count > 0 ? show_shared(request, rows, none) : STATUS_OK;

    if (status != STATUS_OK || !request->standing.is_signed_in)
        return status;
    status = reader_open(request, &reader);
    if (status == STATUS_OK)
        status = show_list(request, &reader);
    return status == STATUS_OK && count > 0 ? show_own_threads(request, &reader, rows) : status;
}

enum status
reader_show_rows(struct request *request, struct int_array threads)
{
    struct out *rows = out_rows(request->page, "threads");
    struct row_reader_rows *found;
    struct reader_row *shown;
    size_t count;
    enum status status = q_reader_rows(request->web->db, request, threads, &found, &count);

    if (status != STATUS_OK)
        return status;
    shown = mem_array(request, struct reader_row, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct out *row = out_row(rows);

        shown[i] = (struct reader_row){found[i].id, row};
        out_text(row, "hash", found[i].hash);
        out_text(row, "subject", archive_words(request, found[i].subject));
        out_text(row, "excerpt", archive_words(request, found[i].excerpt));
        out_text(row, "authors", archive_authors(request, found[i].authors, found[i].addresses, found[i].posts));
        out_int(row, "posts", found[i].posts);
        out_time(row, "last_at", found[i].last_at);
    }
    return reader_show_threads(request, shown, count);
}

/* ---- a thread ---- */

static enum status
show_categories(struct request *request, struct out *out)
{
    struct out *rows = out_rows(out, "categories");
    const struct out *chosen = out_get(out, "category_id");
    struct row_category_names *found;
    size_t count;
    enum status status = q_category_names(request->web->db, request, request->list->id, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", found[i].id);
        out_text(row, "name", found[i].name);
        out_bool(row, "is_chosen", chosen != NULL && chosen->number == found[i].id);
    }
    return status;
}

/* Where the reader stands in it; upto_r is the last post that counts as read. */
static enum status
show_own_thread(struct request *request, const struct reader *reader, int64_t thread_id, struct out *out, int64_t *upto_r)
{
    struct row_reader_threads *found;
    struct row_reader_first *first;
    size_t count;
    enum status status = q_reader_threads(request->web->db, request, request->me.user_id, reader->upto, reader->since,
                                          (struct int_array){&thread_id, 1}, &found, &count);

    if (status != STATUS_OK || count == 0)
        return status;
    *upto_r = found->upto;
    show_own(out, found);
    status = q_reader_first(request->web->db, request, thread_id, found->first_new, &first);
    if (status != STATUS_OK)
        return status;
    out_int(out, "newest", first->newest);
    out_text(out, "first_new", first->hash);
    out_bool(out, "may_tag", request_may(request, RIGHT_TAG));
    return request_may(request, RIGHT_TAG) ? show_categories(request, out) : STATUS_OK;
}

static enum status
show_own_posts(struct request *request, const struct reader *reader, int64_t upto, struct reader_rows posts)
{
    struct row_reader_posts *found;
    size_t count;
    enum status status = q_reader_posts(request->web->db, request, request->me.user_id, ids_of(request, posts), upto, reader->since, &found,
                                        &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *out = out_of(posts, found[i].id);

        if (found[i].vote != 0)
            out_int(out, "vote", found[i].vote);
        if (found[i].is_new)
            out_bool(out, "is_new", true);
    }
    return status;
}

enum status
reader_show_thread(struct request *request, int64_t thread_id, const struct reader_row *posts, size_t count)
{
    struct reader_row thread = {thread_id, out_object(request->page, "reader")};
    struct reader_rows rows = {posts, count};
    struct reader reader = {0, 0, 0};
    int64_t upto = 0;
    enum status status = show_shared(request, (struct reader_rows){&thread, thread_id != 0}, rows);

    if (status != STATUS_OK || !request->standing.is_signed_in)
        return status;
    if (thread_id != 0)
        status = reader_open(request, &reader);
    if (status == STATUS_OK && thread_id != 0)
        status = show_own_thread(request, &reader, thread_id, thread.out, &upto);
    return status == STATUS_OK ? show_own_posts(request, &reader, upto, rows) : status;
}

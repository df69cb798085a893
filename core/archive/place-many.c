/* place-many.c - the places of posts that come together: looked up, written and placed again in a few statements for all */
#include <stdlib.h>
#include <string.h>

#include "archive/place-private.h"
#include "archive/thread.h"
#include "store/statements.h"
#include "util/str.h"

#define NOBODY SIZE_MAX

/* A Message-ID that posts have or name, and what is known of it so far. */
struct name {
    const char *id;
    const struct row_places_look *here; /* in the database; NULL: nothing */
    size_t entry;                       /* the first of those that come which has it, once it has its place; NOBODY */
    bool is_awaited;                    /* one that has its place names it, and it was not here */
};
struct root { struct blob bytes; bool is_here, is_loose; };

struct entry {
    const struct place_one *post;
    struct place_fields fields;
    struct text_array answers;
    struct blob index;
    struct name *own, **named;          /* its Message-ID; those of its answers */
    struct root *root;                  /* NULL: it has no Thread-Index */
    int64_t id, parent_id;
    size_t thread;                      /* of many->threads */
    size_t absent;                      /* how many of the answers, from the nearest, are not here */
    bool is_loose;
};
struct line { int64_t id, posts, first, last, started_us, ended_us; const char *subject; bool is_new; };

struct many {
    struct db *db;
    TALLOC_CTX *ctx;
    int64_t list_id;
    struct entry *entries;
    size_t count;
    struct name *names;
    size_t name_count;
    struct root *roots;
    size_t root_count;
    struct line *threads;
    size_t thread_count;
    int64_t *again, *recount;           /* posts that are placed again; threads that are counted anew */
    size_t again_count, recount_count;
};

/* ---- names, each once ---- */

struct wanted { const char *id; struct name **place; };

static int
compare_wanted(const void *a, const void *b)
{
    return strcmp(((const struct wanted *)a)->id, ((const struct wanted *)b)->id);
}

static void
find_names(struct many *many)
{
    size_t most = 0, count = 0;
    struct wanted *wanted;

    for (size_t i = 0; i < many->count; i++)
        most += 1 + many->entries[i].answers.count;
    wanted = mem_array(many->ctx, struct wanted, most);
    for (size_t i = 0; i < many->count; i++) {
        struct entry *entry = &many->entries[i];

        wanted[count++] = (struct wanted){entry->post->place.rfc_message_id, &entry->own};
        entry->named = mem_array(many->ctx, struct name *, entry->answers.count + 1);
        for (size_t k = 0; k < entry->answers.count; k++)
            wanted[count++] = (struct wanted){entry->answers.items[k], &entry->named[k]};
    }
    qsort(wanted, count, sizeof *wanted, compare_wanted);
    many->names = mem_array(many->ctx, struct name, most);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(wanted[i - 1].id, wanted[i].id) != 0)
            many->names[many->name_count++] = (struct name){.id = wanted[i].id, .entry = NOBODY};
        *wanted[i].place = &many->names[many->name_count - 1];
    }
}

static enum status
look_up_names(struct many *many)
{
    const char **ids = mem_array(many->ctx, const char *, many->name_count);
    struct row_places_look *rows;
    size_t count;
    enum status status;

    for (size_t i = 0; i < many->name_count; i++)
        ids[i] = many->names[i].id;
    status = q_places_look(many->db, many->ctx, many->list_id, (struct text_array){ids, many->name_count}, &rows, &count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct name *name = &many->names[rows[i].n];

        name->here = rows[i].id != 0 ? &rows[i] : NULL;
        name->is_awaited = rows[i].is_awaited;
    }
    return status;
}

/* ---- Thread-Index ---- */

static struct root *
root_of(struct many *many, struct blob bytes)
{
    for (size_t i = 0; i < many->root_count; i++)
        if (memcmp(many->roots[i].bytes.data, bytes.data, THREAD_INDEX_ROOT) == 0)
            return &many->roots[i];
    many->roots[many->root_count] = (struct root){.bytes = bytes};
    return &many->roots[many->root_count++];
}

static enum status
look_up_roots(struct many *many)
{
    struct blob *bytes = mem_array(many->ctx, struct blob, many->count);
    struct row_places_look_index *rows;
    size_t count = 0;
    enum status status = STATUS_OK;

    many->roots = mem_array(many->ctx, struct root, many->count);
    for (size_t i = 0; i < many->count; i++)
        if (many->entries[i].index.len >= THREAD_INDEX_ROOT)
            many->entries[i].root = root_of(many, thread_index_root(many->entries[i].index));
    for (size_t i = 0; i < many->root_count; i++)
        bytes[i] = many->roots[i].bytes;
    if (many->root_count > 0)
        status = q_places_look_index(many->db, many->ctx, many->list_id, (struct blob_array){bytes, many->root_count}, &rows, &count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        many->roots[rows[i].n].is_here = true;
        many->roots[rows[i].n].is_loose = rows[i].is_loose;
    }
    return status;
}

/* ---- places, one after the other ---- */

static size_t
thread_here(struct many *many, int64_t id)
{
    for (size_t i = many->thread_count; i-- > 0;)
        if (many->threads[i].id == id)
            return i;
    many->threads[many->thread_count] = (struct line){.id = id};
    return many->thread_count++;
}

/* The nearest of its answers that is here, or came before it. */
static void
find_parent(struct many *many, struct entry *entry)
{
    entry->thread = NOBODY;
    for (entry->absent = 0; entry->absent < entry->answers.count && entry->thread == NOBODY; entry->absent++) {
        const struct name *name = entry->named[entry->absent];

        if (name->here != NULL && !name->here->is_copy) {
            entry->parent_id = name->here->id;
            entry->thread = thread_here(many, name->here->thread);
            if (!name->here->is_archived)
                many->recount[many->recount_count++] = name->here->thread;
        } else if (name->entry != NOBODY) {
            entry->parent_id = many->entries[name->entry].id;
            entry->thread = many->entries[name->entry].thread;
        }
    }
    if (entry->thread != NOBODY)
        entry->absent--;
}

/* Do others wait for it, or name the same absent messages, or hang on the same Thread-Index? */
static bool
moves_others(const struct entry *entry)
{
    bool moves = entry->own->here != NULL || entry->own->entry != NOBODY || entry->own->is_awaited;

    for (size_t i = 0; i < entry->absent && !moves; i++)
        moves = entry->named[i]->is_awaited;
    return moves || (entry->root != NULL && entry->root->is_here && (entry->root->is_loose || entry->parent_id == 0));
}

static void
begin_thread(struct many *many, struct entry *entry)
{
    entry->thread = many->thread_count++;
    many->threads[entry->thread] = (struct line){.is_new = true, .first = entry->id, .subject = entry->fields.subject};
}

static void
join_thread(struct line *line, const struct entry *entry)
{
    int64_t at_us = entry->post->accepted_us;

    line->started_us = line->posts == 0 || at_us < line->started_us ? at_us : line->started_us;
    line->ended_us = line->posts == 0 || at_us > line->ended_us ? at_us : line->ended_us;
    line->last = entry->id;
    line->posts++;
}

static void
place_entry(struct many *many, struct entry *entry)
{
    find_parent(many, entry);
    entry->is_loose = entry->parent_id == 0 && (entry->answers.count > 0 || entry->index.len > THREAD_INDEX_ROOT);
    if (moves_others(entry))
        many->again[many->again_count++] = entry->id;
    if (entry->thread == NOBODY)
        begin_thread(many, entry);
    join_thread(&many->threads[entry->thread], entry);
    if (entry->own->entry == NOBODY)
        entry->own->entry = (size_t)(entry - many->entries);
    for (size_t i = 0; i < entry->absent; i++)
        entry->named[i]->is_awaited = true;
    if (entry->root != NULL) {
        entry->root->is_here = true;
        entry->root->is_loose = entry->root->is_loose || entry->is_loose;
    }
}

/* Ids first, as posts name one another and their threads. */
static enum status
place_entries(struct many *many)
{
    struct row_places_ids *ids;
    size_t fresh = 0;
    enum status status = q_places_ids(many->db, many->ctx, (int64_t)many->count, 0, &ids);

    if (status != STATUS_OK)
        return status;
    many->threads = mem_array(many->ctx, struct line, many->count);
    many->again = mem_array(many->ctx, int64_t, many->count);
    many->recount = mem_array(many->ctx, int64_t, many->count);
    for (size_t i = 0; i < many->count; i++) {
        many->entries[i].id = ids->posts.items[i];
        place_entry(many, &many->entries[i]);
    }
    for (size_t i = 0; i < many->thread_count; i++)
        fresh += many->threads[i].is_new;
    status = q_places_ids(many->db, many->ctx, 0, (int64_t)fresh, &ids);
    for (size_t i = 0, n = 0; i < many->thread_count && status == STATUS_OK; i++)
        if (many->threads[i].is_new)
            many->threads[i].id = ids->threads.items[n++];
    return status;
}

/* ---- writing ---- */

#define INTS(count) mem_array(many->ctx, int64_t, (count) + 1)
#define TEXTS(count) mem_array(many->ctx, const char *, (count) + 1)

static enum status
write_threads(struct many *many, bool is_new)
{
    size_t count = many->thread_count, n = 0;
    int64_t *ids = INTS(count), *posts = INTS(count), *firsts = INTS(count), *lasts = INTS(count), *started = INTS(count), *ended = INTS(count);
    const char **subjects = TEXTS(count);

    for (size_t i = 0; i < count; i++) {
        const struct line *line = &many->threads[i];

        if (line->is_new != is_new)
            continue;
        ids[n] = line->id;
        subjects[n] = line->subject;
        posts[n] = line->posts;
        firsts[n] = line->first;
        lasts[n] = line->last;
        started[n] = line->started_us;
        ended[n++] = line->ended_us;
    }
    if (n == 0)
        return STATUS_OK;
    if (is_new)
        return q_threads_add(many->db, many->list_id, (struct int_array){ids, n}, (struct text_array){subjects, n}, (struct int_array){posts, n},
                             (struct int_array){firsts, n}, (struct int_array){lasts, n}, (struct int_array){started, n},
                             (struct int_array){ended, n}, NULL);
    return q_threads_grow(many->db, (struct int_array){ids, n}, (struct int_array){posts, n}, (struct int_array){lasts, n},
                          (struct int_array){started, n}, (struct int_array){ended, n}, NULL);
}

static const char *
lines_of(TALLOC_CTX *ctx, struct text_array texts)
{
    struct str *out = str_new(ctx);

    for (size_t i = 0; i < texts.count; i++)
        str_addf(out, "%s%s", i > 0 ? "\n" : "", texts.items[i]);
    return out->s;
}

/* A column each. */
struct columns {
    int64_t *ids, *numbers, *messages, *threads, *parents, *written, *times, *attachments, *loose;
    const char **mids, **hashes, **subjects, **names, **addresses, **months, **excerpts, **answers, **missing;
    struct blob *indexes;
};

static void
fill_row(const struct many *many, const struct columns *to, size_t i)
{
    const struct entry *entry = &many->entries[i];
    const struct place_one *post = entry->post;
    const struct place_fields *fields = &entry->fields;

    to->ids[i] = entry->id;
    to->numbers[i] = post->place.number;
    to->messages[i] = post->message_id;
    to->threads[i] = many->threads[entry->thread].id;
    to->parents[i] = entry->parent_id;
    to->written[i] = fields->written_us;
    to->times[i] = post->accepted_us;
    to->attachments[i] = (int64_t)post->summary->attachment_count;
    to->loose[i] = entry->is_loose;
    to->mids[i] = post->place.rfc_message_id;
    to->hashes[i] = post->place.hash;
    to->subjects[i] = fields->subject;
    to->names[i] = fields->name;
    to->addresses[i] = fields->address;
    to->months[i] = fields->month;
    to->excerpts[i] = fields->excerpt;
    to->answers[i] = lines_of(many->ctx, entry->answers);
    to->missing[i] = entry->absent > 0 ? entry->answers.items[0] : "";
    to->indexes[i] = entry->index;
}

static enum status
write_posts(struct many *many)
{
    size_t n = many->count;
    struct columns c = {INTS(n), INTS(n), INTS(n), INTS(n), INTS(n), INTS(n), INTS(n), INTS(n), INTS(n), TEXTS(n), TEXTS(n), TEXTS(n), TEXTS(n),
                        TEXTS(n), TEXTS(n), TEXTS(n), TEXTS(n), TEXTS(n), mem_array(many->ctx, struct blob, n + 1)};

    for (size_t i = 0; i < n; i++)
        fill_row(many, &c, i);
    return q_posts_add(many->db, many->list_id, (struct int_array){c.ids, n}, (struct int_array){c.numbers, n}, (struct int_array){c.messages, n},
                       (struct int_array){c.threads, n}, (struct int_array){c.parents, n}, (struct text_array){c.mids, n},
                       (struct text_array){c.hashes, n}, (struct text_array){c.subjects, n}, (struct text_array){c.names, n},
                       (struct text_array){c.addresses, n}, (struct int_array){c.written, n}, (struct int_array){c.times, n},
                       (struct text_array){c.months, n}, (struct int_array){c.attachments, n}, (struct text_array){c.excerpts, n},
                       (struct text_array){c.answers, n}, (struct text_array){c.missing, n}, (struct blob_array){c.indexes, n},
                       (struct int_array){c.loose, n}, NULL);
}

static enum status
write_references(struct many *many)
{
    size_t most = 0, n = 0;
    int64_t *posts, *positions;
    const char **mids;

    for (size_t i = 0; i < many->count; i++)
        most += many->entries[i].absent;
    if (most == 0)
        return STATUS_OK;
    posts = INTS(most);
    positions = INTS(most);
    mids = TEXTS(most);
    for (size_t i = 0; i < many->count; i++)
        for (size_t k = 0; k < many->entries[i].absent; k++) {
            posts[n] = many->entries[i].id;
            positions[n] = (int64_t)k;
            mids[n++] = many->entries[i].answers.items[k];
        }
    return q_post_references_add(many->db, many->list_id, (struct int_array){posts, n}, (struct int_array){positions, n},
                                 (struct text_array){mids, n}, NULL);
}

static enum status
write_all(struct many *many)
{
    enum status status = write_threads(many, true);

    if (status == STATUS_OK)
        status = write_threads(many, false);
    if (status == STATUS_OK)
        status = write_posts(many);
    if (status == STATUS_OK)
        status = write_references(many);
    if (status == STATUS_OK && many->recount_count > 0)
        status = q_thread_count(many->db, (struct int_array){many->recount, many->recount_count}, NULL);
    if (status == STATUS_OK && many->again_count > 0)
        status = place_again(many->db, many->ctx, many->list_id, (struct int_array){many->again, many->again_count});
    return status;
}

enum status
place_many(struct db *db, int64_t list_id, const struct place_one *posts, size_t count)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct many many = {.db = db, .ctx = ctx, .list_id = list_id, .entries = mem_array(ctx, struct entry, count + 1), .count = count};
    enum status status;

    for (size_t i = 0; i < count; i++)
        many.entries[i] = (struct entry){.post = &posts[i], .fields = place_fields(ctx, posts[i].summary, posts[i].accepted_us),
                                         .answers = thread_answers(ctx, posts[i].summary, posts[i].place.rfc_message_id),
                                         .index = thread_index(ctx, posts[i].summary->thread_index)};
    find_names(&many);
    status = look_up_names(&many);
    if (status == STATUS_OK)
        status = look_up_roots(&many);
    if (status == STATUS_OK)
        status = place_entries(&many);
    if (status == STATUS_OK)
        status = write_all(&many);
    talloc_free(ctx);
    return status;
}

/* import.c - posts from elsewhere enter a list's archive */
#include <stdlib.h>
#include <string.h>

#include "archive/import-read.h"
#include "archive/import.h"
#include "archive/place.h"
#include "mime/normal.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/killpoint.h"
#include "util/str.h"

enum { RETRIES = 3 };

struct entry {
    TALLOC_CTX *own;            /* all below */
    const char *path;
    uint64_t offset;
    struct blob bytes;          /* in normal form */
    uint64_t changed;
    uint8_t sha256[SHA256_LEN];
    const char *message_id;     /* without <> */
    int64_t at_us;              /* when it arrived */
    bool is_known;
    bool shares_id;             /* there is another post of its Message-ID */
    struct summary *summary;    /* NULL for what is known */
};

struct import {
    struct db *db;
    struct import_order order;
    struct import_count count;
    int64_t previous_us, now_us;
    int64_t planned;            /* so many were read when plans were last made */
    TALLOC_CTX *batch;          /* all of the entries */
    struct entry *entries;
    size_t used, bytes;
};

struct import *
import_new(TALLOC_CTX *ctx, struct db *db, const struct import_order *order)
{
    struct import *import = mem_new(ctx, struct import);

    import->db = db;
    import->order = *order;
    import->now_us = clock_now_us();
    return import;
}

const struct import_count *
import_count(const struct import *import)
{
    return &import->count;
}

static void
tell(struct import *import, const struct entry *entry, const char *sentence, bool is_left_out)
{
    struct import_note note = {entry->path, entry->offset, entry->message_id, sentence, is_left_out};

    if (is_left_out)
        import->count.left_out++;
    else
        import->count.mended++;
    import->order.told(import->order.data, &note);
}

/* --- a batch fills --- */

static void
begin_batch(struct import *import)
{
    talloc_free(import->batch);
    import->batch = talloc_new(import);
    import->entries = mem_array(import->batch, struct entry, IMPORT_BATCH);
    import->used = import->bytes = 0;
}

/* Arrived before the day that was asked for? Finds its time on the way. */
static bool
is_too_early(struct import *import, struct entry *entry, const struct header *header, const struct mail_item *item)
{
    struct import_clock clock = {item->from_line, item->file_time_us, import->previous_us, import->now_us};
    const char *note;

    entry->at_us = import_time(entry->own, header, &clock, &note);
    import->previous_us = entry->at_us;
    if (entry->at_us < import->order.since_us)
        return true;
    if (note != NULL)
        tell(import, entry, note, false);
    return false;
}

/* False: it is not wanted, or there is no message. */
static bool
read_item(struct import *import, struct entry *entry, const struct mail_item *item)
{
    struct header *header;

    entry->path = mem_strdup(entry->own, item->path);
    entry->offset = item->offset;
    if (item->raw.data == NULL) {
        tell(import, entry, item->trouble, true);
        return false;
    }
    import->count.read++;
    entry->bytes = normal_copy(entry->own, item->raw, &entry->changed);
    sha256(entry->bytes, entry->sha256);
    header = header_parse(entry->own, entry->bytes);
    entry->message_id = import_message_id(entry->own, header, entry->sha256, import->order.domain);
    if (is_too_early(import, entry, header, item)) {
        import->count.early++;
        return false;
    }
    if (item->trouble != NULL)
        tell(import, entry, item->trouble, false);
    return true;
}

static enum status write_batch(struct import *import);

enum status
import_take(struct import *import, const struct mail_item *item)
{
    struct entry *entry;

    if (import->batch == NULL)
        begin_batch(import);
    entry = &import->entries[import->used];
    *entry = (struct entry){.own = talloc_new(import->batch)};
    if (!read_item(import, entry, item)) {
        talloc_free(entry->own);
        return STATUS_OK;
    }
    import->used++;
    import->bytes += entry->bytes.len;
    return import->used == IMPORT_BATCH || import->bytes >= IMPORT_BATCH_BYTES ? write_batch(import) : STATUS_OK;
}

/* --- what is here already --- */

/* With what the list has, or the batch has before it. message_id NULL: the bytes alone count. */
static void
compare(struct entry *entry, const char *message_id, struct blob hash)
{
    bool has_id = message_id == NULL || str_eq(entry->message_id, message_id);

    entry->is_known = entry->is_known || (has_id && hash.len == SHA256_LEN && memcmp(entry->sha256, hash.data, SHA256_LEN) == 0);
    entry->shares_id = entry->shares_id || (has_id && message_id != NULL);
}

/* Marks what the list has, and what stands twice in the batch. */
static enum status
find_known(struct import *import)
{
    TALLOC_CTX *ctx = talloc_new(import->batch);
    const char **ids = mem_array(ctx, const char *, import->used);
    struct blob *hashes = mem_array(ctx, struct blob, import->used);
    struct row_import_known *known;
    size_t count;
    enum status status;

    for (size_t i = 0; i < import->used; i++) {
        ids[i] = import->entries[i].message_id;
        hashes[i] = (struct blob){import->entries[i].sha256, SHA256_LEN};
    }
    status = q_import_known(import->db, ctx, import->order.list_id, (struct text_array){ids, import->used},
                            (struct blob_array){hashes, import->used}, &known, &count);
    for (size_t i = 0; status == STATUS_OK && i < import->used; i++) {
        struct entry *entry = &import->entries[i];

        for (size_t k = 0; k < count; k++)
            compare(entry, known[k].mid, known[k].sha256);
        for (size_t k = 0; k < i; k++)
            compare(entry, import->entries[k].message_id, (struct blob){import->entries[k].sha256, SHA256_LEN});
    }
    talloc_free(ctx);
    return status;
}

/* --- reading what is new --- */

static void
read_entry(struct import *import, struct entry *entry)
{
    struct message *message = message_parse(entry->own, entry->bytes);
    const struct address *author = import_author(entry->own, message->header);
    struct summary *summary = summary_read(entry->own, message);

    if (summary->message_id == NULL)
        tell(import, entry, "It has no Message-ID; one was made from its bytes.", false);
    if (author != NULL && summary->author == NULL) {
        tell(import, entry, mem_printf(entry->own, "From hides the address; it was read as %s.", address_text(entry->own, author)),
             false);
        summary->author = author;
    }
    summary->message_id = entry->message_id;
    entry->summary = summary;
}

static size_t
read_batch(struct import *import)
{
    size_t fresh = 0;

    for (size_t i = 0; i < import->used; i++)
        if (!import->entries[i].is_known) {
            read_entry(import, &import->entries[i]);
            fresh++;
        }
    return fresh;
}

/* --- writing --- */

static int
compare_ids(const void *a, const void *b)
{
    const struct row_import_messages *left = a, *right = b;

    return left->id < right->id ? -1 : left->id > right->id;
}

/* The bytes of all that is new; ids_r in the order of the entries. */
static enum status
add_messages(struct import *import, TALLOC_CTX *ctx, struct row_import_messages **ids_r)
{
    struct blob *bytes = mem_array(ctx, struct blob, import->used), *hashes = mem_array(ctx, struct blob, import->used);
    int64_t *sizes = mem_array(ctx, int64_t, import->used), *changed = mem_array(ctx, int64_t, import->used);
    int64_t *times = mem_array(ctx, int64_t, import->used);
    size_t n = 0, count;
    enum status status;

    for (size_t i = 0; i < import->used; i++) {
        const struct entry *entry = &import->entries[i];

        if (entry->is_known)
            continue;
        bytes[n] = entry->bytes;
        hashes[n] = (struct blob){entry->sha256, SHA256_LEN};
        sizes[n] = (int64_t)entry->bytes.len;
        changed[n] = (int64_t)entry->changed;
        times[n++] = entry->at_us;
    }
    status = q_import_messages(import->db, ctx, import->order.list_id, import->order.address, import->now_us,
                               (struct blob_array){bytes, n}, (struct int_array){sizes, n}, (struct blob_array){hashes, n},
                               (struct int_array){changed, n}, (struct int_array){times, n}, ids_r, &count);
    if (status == STATUS_OK) {
        must(count == n);
        qsort(*ids_r, count, sizeof **ids_r, compare_ids);
    }
    return status;
}

/* How many before it in the batch have its Message-ID and are new, too. */
static int64_t
namesakes(const struct import *import, const struct entry *entry)
{
    int64_t count = 0;

    for (const struct entry *other = import->entries; other < entry; other++)
        count += !other->is_known && str_eq(other->message_id, entry->message_id);
    return count;
}

/* Its name; only where another post has its Message-ID must the database be asked. */
static enum status
name_entry(struct import *import, TALLOC_CTX *ctx, const struct entry *entry, struct place *place)
{
    struct row_post_hashes_like *row;
    enum status status;
    int64_t taken;

    place->hash = place_hash(ctx, entry->message_id);
    if (!entry->shares_id)
        return STATUS_OK;
    status = q_post_hashes_like(import->db, ctx, import->order.list_id, place->hash, &row);
    if (status != STATUS_OK)
        return status;
    taken = row->taken + namesakes(import, entry);
    if (taken > 0) {
        place->hash = mem_printf(ctx, "%s-%lld", place->hash, (long long)taken + 1);
        import->count.other++;
    }
    return STATUS_OK;
}

static enum status
add_posts(struct import *import, TALLOC_CTX *ctx)
{
    struct place_one *posts = mem_array(ctx, struct place_one, import->used);
    struct row_import_messages *ids;
    struct row_import_numbers *numbers;
    size_t n = 0, fresh = 0;
    enum status status;

    for (size_t i = 0; i < import->used; i++)
        fresh += !import->entries[i].is_known;
    if (fresh == 0)
        return STATUS_OK;
    status = add_messages(import, ctx, &ids);
    if (status == STATUS_OK)
        status = q_import_numbers(import->db, ctx, import->order.list_id, (int64_t)fresh, &numbers);
    for (size_t i = 0; status == STATUS_OK && i < import->used; i++) {
        const struct entry *entry = &import->entries[i];

        if (entry->is_known)
            continue;
        posts[n] = (struct place_one){.summary = entry->summary, .message_id = ids[n].id, .accepted_us = entry->at_us,
                                      .place = {.list_id = import->order.list_id, .number = numbers->before + 1 + (int64_t)n,
                                                .rfc_message_id = entry->message_id}};
        status = name_entry(import, ctx, entry, &posts[n++].place);
    }
    return status == STATUS_OK ? place_many(import->db, import->order.list_id, posts, fresh) : status;
}

/* Each time the list may have grown to twice its size. */
static enum status
plan_anew(struct import *import)
{
    if (import->count.read < import->planned * 2)
        return STATUS_OK;
    import->planned = import->count.read;
    return q_import_plan_anew(import->db, NULL);
}

/* One transaction. What others wrote since the first look is seen once the list is locked. */
static enum status
write_posts(struct import *import)
{
    TALLOC_CTX *ctx = talloc_new(import->batch);
    struct row_import_quiet *quiet;
    struct row_import_lock *lock;
    int64_t other = import->count.other;
    enum status status = db_begin(import->db);

    if (status == STATUS_OK)
        status = plan_anew(import);
    if (status == STATUS_OK)
        status = q_import_quiet(import->db, ctx, &quiet);
    if (status == STATUS_OK)
        status = q_import_lock(import->db, ctx, import->order.list_id, &lock);
    if (status == STATUS_OK)
        status = find_known(import);
    if (status == STATUS_OK)
        status = add_posts(import, ctx);
    killpoint("import.written");
    if (status == STATUS_OK)
        status = db_commit(import->db);
    if (status != STATUS_OK) {
        db_rollback(import->db);
        import->count.other = other;
    }
    killpoint("import.committed");
    talloc_free(ctx);
    return status;
}

static void
count_batch(struct import *import)
{
    for (size_t i = 0; i < import->used; i++)
        if (import->entries[i].is_known)
            import->count.known++;
        else
            import->count.added++;
}

static enum status
write_batch(struct import *import)
{
    enum status status = find_known(import);

    if (status == STATUS_OK && read_batch(import) > 0 && !import->order.dry_run) {
        status = write_posts(import);
        for (int i = 0; i < RETRIES && status == STATUS_RETRY; i++)
            status = write_posts(import);
    }
    if (status == STATUS_OK)
        count_batch(import);
    begin_batch(import);
    return status;
}

enum status
import_end(struct import *import)
{
    return import->used > 0 ? write_batch(import) : STATUS_OK;
}

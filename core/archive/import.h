/* import.h - posts from elsewhere enter a list's archive
 *
 * A message becomes an archived post as if the list had accepted it when it arrived: number, hash, thread and month, but nobody gets
 * a copy or a notice. Its bytes are kept in normal form (mime/normal.h). What is here already - the same Message-ID with the same
 * bytes - is counted and left alone, so that an import that was broken off is simply repeated; the same Message-ID with other bytes
 * is a post of its own (HASH-2). What owners took out of a post, or the post itself, does not come back.
 *
 * Messages are written in batches, each one transaction that locks the list: mail that comes meanwhile waits for at most one.
 * Memory: one batch, of IMPORT_BATCH messages or IMPORT_BATCH_BYTES, whichever is reached first, and the message that reached it. */
#ifndef KAIRAN_ARCHIVE_IMPORT_H
#define KAIRAN_ARCHIVE_IMPORT_H

#include "archive/mail-store.h"

enum { IMPORT_BATCH = 500, IMPORT_BATCH_BYTES = 8 << 20 };

/* Something that people should know about one message (or of a file: no message_id). */
struct import_note {
    const char *path;
    uint64_t offset;
    const char *message_id, *sentence;
    bool is_left_out;           /* it did not become a post */
};
typedef void import_told(void *data, const struct import_note *note);

struct import_count { int64_t read, added, known, other, left_out, mended, early; };

struct import_order {
    int64_t list_id;
    const char *address, *domain;       /* the list's */
    int64_t since_us;                   /* what arrived before is not wanted (count.early); 0: all is */
    bool dry_run;                       /* only says what would happen */
    import_told *told;
    void *data;
};

struct import;
struct import *import_new(TALLOC_CTX *ctx, struct db *db, const struct import_order *order);
/* Takes what a store gave; writes when a batch is full. */
enum status import_take(struct import *import, const struct mail_item *item);
/* Writes what is left. */
enum status import_end(struct import *import);
const struct import_count *import_count(const struct import *import);

#endif

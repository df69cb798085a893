/* mail-store.h - messages that lie in files: mbox, Maildir, MH, folders, single messages; any of them may be gzipped
 *
 * A store is read once, forward, with one message in memory at a time. What each path is, is found out unless it is said: a folder
 * with "cur" or "new" is a Maildir (its flags are nobody's business here), one whose files are all numbered is MH, any other folder
 * holds files, each of which is an mbox or a single message by its own beginning. Files of a folder come in the order of their
 * names, numbers by their value and months by their place in the year ("2004-January.txt.gz"). Folders in folders are left alone.
 *
 * Memory: one message (MAIL_MESSAGE_MOST; longer ones are stepped over and said), and the names of one folder's files. */
#ifndef KAIRAN_ARCHIVE_MAIL_STORE_H
#define KAIRAN_ARCHIVE_MAIL_STORE_H

#include "store/db.h"
#include "util/status.h"

enum { MAIL_MESSAGE_MOST = 64 << 20 };

/* --format: NULL is "auto"; INVALID with a sentence for a word that is none of "mbox", "mboxo", "mboxrd", "mboxcl", "mboxcl2",
 * "maildir", "mh", "eml". */
struct mail_format;
enum status mail_format_find(TALLOC_CTX *ctx, const char *word, const struct mail_format **format_r, struct fault *fault);

struct mail_item {
    const char *path;           /* the file */
    uint64_t offset;            /* in it, unzipped, from its beginning */
    struct blob raw;            /* NULL data: trouble says why */
    const char *from_line;      /* of an mbox, else NULL */
    int64_t file_time_us;       /* of a file that is one message: when it was last changed; else 0 */
    const char *trouble;        /* English, or NULL: why there is no message here, or (with data) what had to be mended */
};

struct mail_store;
struct mail_store *mail_store_new(TALLOC_CTX *ctx, struct text_array paths, const struct mail_format *format);
/* The next message, or a trouble; what item_r points to lives until the next call. False at the end. */
bool mail_store_next(struct mail_store *store, struct mail_item *item_r);
/* Bytes on disk: how much was read, and how much there is in all (0 where that is not known). */
uint64_t mail_store_position(const struct mail_store *store);
uint64_t mail_store_size(const struct mail_store *store);

#endif

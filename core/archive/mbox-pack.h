/* mbox-pack.h - a thread, a month or what a search found as one mbox.gz, piece by piece
 *
 * Posts are read a few at a time and packed as they come: memory is that of the largest message, whatever the archive. Each is the
 * mail as it came (mbox-write.h), but for secrets of ours, or its reduced form where the wish says so. Who may wish for what is
 * asked by whoever wishes. */
#ifndef KAIRAN_ARCHIVE_MBOX_PACK_H
#define KAIRAN_ARCHIVE_MBOX_PACK_H

#include "archive/reduced.h"
#include "store/db.h"

struct mbox_wish {
    int64_t thread_id;              /* a thread; or 0, and */
    int64_t list_id;                /* a month of a list: */
    const char *month;              /* "2026-11-01" */
    struct int_array posts;         /* or, where items is not NULL, these, sorted; of several lists: */
    struct int_array open;          /* of those the ones whose mail may be had as it came, sorted; is_reduced and why are then of no account */
    bool is_reduced;                /* reduced forms alone, */
    enum reduced_why why;           /* because of that */
    bool shows_authors;             /* posts of hidden authors as they came: for moderators */
    const char *url;                /* ".../lists/NAME/"; of posts of several lists the site's: "https://..." */
    const struct lang *lang;        /* of what reduced forms say of themselves */
};

struct mbox_pack;
/* The wish lives as long. */
struct mbox_pack *mbox_pack_new(TALLOC_CTX *ctx, struct db *db, const struct mbox_wish *wish);
/* The next bytes of the file; there may be none yet. end_r: these were the last. */
enum status mbox_pack_next(struct mbox_pack *pack, struct str *out, bool *end_r);
int64_t mbox_pack_posts(const struct mbox_pack *pack);      /* put in so far */

#endif

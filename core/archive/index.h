/* index.h - makes what the archive shows and finds of a post: post_view, post_part, post_search
 *
 * All of it comes from the post's bytes and can be made again; nothing waits for it. Which posts are due is in post_stale: a new
 * post by trigger, an old one when somebody asks for it. New ones come first, however many of an import wait. Making one twice, or by
 * two processes, does no harm.
 *
 * A message that ends the process that reads it is taken up INDEX_ATTEMPTS times and then left; its page makes the view itself.
 * Bounds: the first INDEX_BYTES of a message, INDEX_TEXT of its text. Memory: that of one message at a time. */
#ifndef KAIRAN_ARCHIVE_INDEX_H
#define KAIRAN_ARCHIVE_INDEX_H

#include "mime/view.h"
#include "store/db.h"

enum { INDEX_BYTES = 64 << 20, INDEX_TEXT = 1 << 20, INDEX_ATTEMPTS = 3, INDEX_BATCH = 50 };

/* The next posts that are due, at most INDEX_BATCH, in a transaction of their own; done_r is how many were taken up. */
enum status index_next(struct db *db, size_t *done_r);

/* Has posts taken up again whose view an older version of the program made, the next thousands of them. */
enum status index_older(struct db *db);

#endif

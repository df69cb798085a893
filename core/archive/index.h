/* index.h - makes what the archive shows and finds of a post: post_view, post_part, post_search
 *
 * All of it comes from the post's bytes and can be made again; nothing waits for it. Which posts are due is in post_stale: a new
 * post by trigger, an old one when somebody asks for it. New ones come first, however many of an import wait. Making one twice, or by
 * two processes, does no harm.
 *
 * A message that ends the process that reads it is taken up INDEX_ATTEMPTS times and then left; its page makes the view itself.
 * Bounds: the first INDEX_BYTES of a message, INDEX_TEXT of its text. Memory: that of one message, or of some that are small, at a time. */
#ifndef KAIRAN_ARCHIVE_INDEX_H
#define KAIRAN_ARCHIVE_INDEX_H

#include "mime/view.h"
#include "store/db.h"

enum { INDEX_BYTES = 64 << 20, INDEX_TEXT = 1 << 20, INDEX_ATTEMPTS = 3, INDEX_BATCH = 50 };

/* One process on its way through what is due; {0} at its beginning. What it wrote of words is found at once, and put in its place in the
 * index together: when nothing more is due - by a patient one, which is at work on what nobody waits for, not even then -, and whenever
 * it is a fixed share of all that the walk has written, or some thousand posts: what waits takes six times as much room. */
struct index_walk { bool is_patient; size_t unmerged, merged; };
/* A patient walk, beside which others leave alone what nobody waits for, as long as this connection lives. */
enum status index_patiently(struct db *db, struct index_walk *walk_r);
/* The next posts that are due, at most INDEX_BATCH, or some more of what nobody waits for, in a transaction of their own; done_r is how
 * many were taken up. */
enum status index_next(struct db *db, struct index_walk *walk, size_t *done_r);
/* Where a walk stops before its end. */
enum status index_stop(struct db *db, struct index_walk *walk);

/* Has posts taken up again whose view an older version of the program made, the next thousands of them. */
enum status index_older(struct db *db);

#endif

/* thread-load.h - a thread out of the store, and the post that a person means
 *
 * Memory: all in ctx. For pages: what is not in the archive is not found and not shown, when `archived_only` is given. */
#ifndef KAIRAN_ARCHIVE_THREAD_LOAD_H
#define KAIRAN_ARCHIVE_THREAD_LOAD_H

#include "archive/thread.h"
#include "store/statements.h"

/* The post that a person means: a number, a hash, a Message-ID with or without <>, or the address of a page of it. NULL when the
 * list has none. */
enum status thread_find_post(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *text, bool archived_only,
                             struct row_thread_post **post_r);

/* The lines of a thread, and its posts: at most PLACE_ROWS_MOST. `archived_only`: others are as if they were not here. */
enum status thread_load(struct db *db, TALLOC_CTX *ctx, int64_t thread_id, bool archived_only, struct row_thread_leaves **posts_r, size_t *count_r,
                        struct thread_line **lines_r, size_t *line_count_r);

#endif

/* index-rows.h - the rows of post_view, post_part and post_search, made of posts' bytes
 *
 * In the caller's transaction. Posts that are not archived, or not there, have none afterwards. All is a function of what the database
 * has of a post: the same every time. Memory: the messages, and the rows made of them, together. */
#ifndef KAIRAN_ARCHIVE_INDEX_ROWS_H
#define KAIRAN_ARCHIVE_INDEX_ROWS_H

#include "store/db.h"

enum status index_rows(struct db *db, struct int_array posts);

#endif

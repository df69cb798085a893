/* archive.h - what the pages that read the archive have in common
 *
 * Guests see names, not addresses; whoever belongs to the list sees both. */
#ifndef KAIRAN_WEB_ARCHIVE_H
#define KAIRAN_WEB_ARCHIVE_H

#include "store/statements.h"
#include "web/request.h"

bool archive_hides_addresses(const struct request *request);

/* Fills `row` for the macro post() of _parts.cs. */
void archive_show_post(struct request *request, struct out *row, const struct row_web_thread_posts *post);

/* The post that {hash} of the path names, with at most `most` bytes of it; NOT_FOUND when there is none to be read. */
enum status archive_find_post(struct request *request, int most, struct row_web_post **post_r);

#endif

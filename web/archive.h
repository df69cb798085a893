/* archive.h - what the pages that read the archive have in common
 *
 * Guests see names, not addresses; moderators and owners see both, members where the list says so. */
#ifndef KAIRAN_WEB_ARCHIVE_H
#define KAIRAN_WEB_ARCHIVE_H

#include "store/statements.h"
#include "web/request.h"

bool archive_hides_addresses(const struct request *request);

/* Fills `row` for the macro post() of _parts.cs. */
void archive_show_post(struct request *request, struct out *row, const struct row_web_thread_posts *post);

/* The post that {hash} of the path names, with at most `most` bytes of it; NOT_FOUND when there is none to be read. */
enum status archive_find_post(struct request *request, int most, struct row_web_post **post_r);

/* "佐藤, 鈴木 +3": who wrote, each once. The arrays hold the authors of the first posts of `posts`; are those not all, "…" ends it. */
const char *archive_authors(struct request *request, struct text_array names, struct text_array addresses, int64_t posts);
/* The field asks for this; any other word than that or none is absurd. */
bool archive_is_asked(const struct request *request, const char *field, const char *word);
/* First lines of a post, as the reader may see them. */
const char *archive_excerpt(struct request *request, const char *excerpt);

/* A page that goes on behind a post (of the month that first_day begins; NULL: of any), or behind a thread whose newest post came then.
 * Where there is none the request is absurd: such addresses would have no end. */
enum status archive_check_post(struct request *request, int64_t id, const char *first_day);
enum status archive_check_thread(struct request *request, int64_t id, int64_t at_us);

#endif

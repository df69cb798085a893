/* archive.h - what the pages that read the archive have in common
 *
 * Guests see names, not addresses; moderators and owners see both, members where the list says so. What is shown of a post is the
 * view that is kept of it (post_view, post_part), or one made now from its bytes where none is kept. */
#ifndef KAIRAN_WEB_ARCHIVE_H
#define KAIRAN_WEB_ARCHIVE_H

#include "archive/reduced.h"
#include "mime/view.h"
#include "store/statements.h"
#include "web/request.h"

bool archive_hides_addresses(const struct request *request);
/* Why they are hidden. */
enum reduced_why archive_reduced_why(const struct request *request);

/* Of the views that are kept, the version of those this list shows. */
int archive_view_version(const struct request *request);

/* Posts of one page. What is attached to them is read at once. */
struct archive_posts {
    struct request *request;
    const struct row_web_thread_posts *rows;
    size_t count;
    const struct row_web_post_parts *parts;
    size_t part_count;
};
enum status archive_posts_open(struct request *request, const struct row_web_thread_posts *posts, size_t count, struct archive_posts *shown_r);
/* The i-th is a reaction to another post of the page: it is counted there and not shown by itself. */
bool archive_posts_skips(const struct archive_posts *shown, size_t i);
/* Fills `row` for the macro post() of _parts.cs. */
void archive_posts_show(const struct archive_posts *shown, size_t i, struct out *row);
/* One post as a page of its own has it: its whole text, with the reactions to it. */
enum status archive_show_post(struct request *request, struct out *row, const struct row_web_thread_posts *post);
/* The part of such a row that comes from a message: body, language, broken, is_cut, attachments. */
void archive_show_view(struct request *request, struct out *row, const struct view *view, bool is_cut, bool hide_addresses);

/* The post that {hash} of the path names; NOT_FOUND when there is none to be read. At most `most` of its bytes come where no view of
 * this version is kept, or one that is cut; with version 0 always. */
enum status archive_find_post(struct request *request, int most, int version, struct row_web_post **post_r);

/* "佐藤, 鈴木 +3": who wrote, each once. The arrays hold the authors of the first posts of `posts`; are those not all, "…" ends it. */
const char *archive_authors(struct request *request, struct text_array names, struct text_array addresses, int64_t posts);
/* The field asks for this; any other word than that or none is absurd. */
bool archive_is_asked(const struct request *request, const char *field, const char *word);
/* A subject, or first lines, as the reader may see them. */
const char *archive_words(struct request *request, const char *words);

/* A page that goes on behind a post (of the month that first_day begins; NULL: of any), or behind a thread whose newest post came then.
 * Where none is archived the request is absurd: such addresses would have no end, and what is not shown is as what never was. */
enum status archive_check_post(struct request *request, int64_t id, const char *first_day);
enum status archive_check_thread(struct request *request, int64_t id, int64_t at_us);

#endif

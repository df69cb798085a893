/* reader.h - what a page of the archive shows of its reader: what is new to them, what they keep and mute, votes, tags and categories
 *
 * Sums of votes, tags and categories are for all who may read: one statement. The rest is only there for people who are signed in, so
 * that guests' pages stay the same for all of them. Looking marks nothing as read. */
#ifndef KAIRAN_WEB_READER_H
#define KAIRAN_WEB_READER_H

#include "web/request.h"

/* One of a page's rows, and what it shows. */
struct reader_row { int64_t id; struct out *out; };

/* A list of threads: each row's "new", "is_favourite", "is_muted", "category", "tags"; and for the list as a whole Page.reader with "new"
 * (at most a thousand, "is_many" above), "marked_at", "newest". */
enum status reader_show_threads(struct request *request, const struct reader_row *threads, size_t count);
/* A thread's page: the same of the thread as Page.reader, with the first new post, and categories to choose from for those who may; of
 * each post "votes_for", "votes_against", "vote", "is_new". thread_id 0: posts alone. */
enum status reader_show_thread(struct request *request, int64_t thread_id, const struct reader_row *posts, size_t count);

/* Where somebody stands on the request's list; nothing is new to a guest. */
struct reader { int64_t upto, since, marked_at; };
enum status reader_open(struct request *request, struct reader *reader_r);
/* Rows "threads" as lists of threads show them, with all of the above. */
enum status reader_show_rows(struct request *request, struct int_array threads);

#endif

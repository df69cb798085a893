/* feed.h - what feeds have in common: page-feed.c of lists and threads, page-saved.c of searches */
#ifndef KAIRAN_WEB_FEED_H
#define KAIRAN_WEB_FEED_H

#include "archive/search.h"
#include "web/atom.h"
#include "web/request.h"

/* "tag:HOST,2026:WHAT" (RFC 4151): names what never changes. */
const char *feed_tag(struct request *request, const char *what);
/* The answer becomes a feed. */
void feed_begin(struct request *request, const struct atom_feed *feed);

/* Page.fresh: the address of a private feed just made. It is shown this once: of its secret only a hash is kept. */
void feed_show_secret(struct request *request, const char *token);

/* The whole answer: the newest posts that a query finds in a scope. Where there are none, the feed has the time that it says. */
enum status feed_of_search(struct request *request, const struct search_scope *scope, const struct query *query, const struct atom_feed *feed);

/* The feed of a saved search with this token; NOT_FOUND when there is none. */
enum status page_saved_feed(struct request *request, const char *token);

#endif

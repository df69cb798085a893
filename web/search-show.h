/* search-show.h - what was found, as pages and feeds show it
 *
 * A hit is a subject and some text around the first words found, in pieces: what was found is marked on the text as its author wrote
 * it, whatever the query's width, case and kana. Addresses are hidden where the reader belongs to none of the post's list. */
#ifndef KAIRAN_WEB_SEARCH_SHOW_H
#define KAIRAN_WEB_SEARCH_SHOW_H

#include "archive/search.h"
#include "web/request.h"

/* What one may read: on the request's list, or everywhere. */
enum status search_scope_for(struct request *request, struct search_scope *scope_r);

/* Rows "hits". Posts that are gone meanwhile are left out. */
enum status search_show_hits(struct request *request, struct out *page, const struct query *query, const struct search_scope *scope,
                             const struct search_hit *hits, size_t count);

/* "Why this is no query", translated. */
const char *search_fault_words(struct request *request, const struct query_fault *fault);

/* A stored view (core/mime/view-html.h) as the text it was made of. */
char *search_plain_text(TALLOC_CTX *ctx, const char *fragment, bool hide_addresses);
/* Rows of text and is_hit: the part of a text around what the query finds in it, of at most some `most` letters. False: nothing is
 * found in it, and the rows hold its beginning. */
bool search_show_pieces(struct out *rows, const struct query *query, const char *text, size_t most);

#endif

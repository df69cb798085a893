/* search-ask.h - what somebody asks of the archive: the query, where, and what of it they may read
 *
 * Its answer comes as a page, as JSON, as a feed and as mbox.gz: all of them read it here, and count against one limit. */
#ifndef KAIRAN_WEB_SEARCH_ASK_H
#define KAIRAN_WEB_SEARCH_ASK_H

#include "archive/search.h"
#include "web/request.h"

struct search_ask {
    const char *text, *path;            /* the query as typed; the address of its page, or of its JSON */
    struct query *query;                /* NULL when the text is none; without a root: nothing is asked for */
    struct query_fault why;
    struct search_scope scope;
    struct int_array lists;             /* chosen among all; none: all */
    bool is_best;
    int64_t from;                       /* of the best: how many pages' hits stand before */
    struct search_key before;
    bool is_first;
};

/* As the request has it: the query, and the lists. */
struct search_ask search_ask_of(struct request *request);
/* In which order, and from where on: of those forms that come in pages. */
void search_ask_place(struct request *request, struct search_ask *ask);
/* Counts it, and finds out what may be read. TOO_MANY */
enum status search_ask_open(struct request *request, struct search_ask *ask);
/* Both, for those who answer to a query alone: INVALID says why it is none. */
enum status search_ask_strictly(struct request *request, struct search_ask *ask_r, struct fault *fault);
/* The same search in another form: "search.atom", "search/mbox.gz". */
char *search_ask_link(struct request *request, const struct search_ask *ask, const char *form);

#endif

/* desk-private.h - what the two halves of the desk share */
#ifndef KAIRAN_WEB_DESK_PRIVATE_H
#define KAIRAN_WEB_DESK_PRIVATE_H

#include "web/desk.h"

/* As many as one search may decide about at once. */
enum { DESK_MATCH_MOST = 10000 };

/* The lists on it. */
struct int_array desk_ids(TALLOC_CTX *ctx, const struct desk *desk);
/* Page.canned: ready answers for refusing, of one list or (list_id 0) the usual ones. */
enum status desk_show_reasons(struct request *request, int64_t list_id);

#endif

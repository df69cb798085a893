/* list.h - the list that a path names, and who the asker is on it */
#ifndef KAIRAN_WEB_LIST_H
#define KAIRAN_WEB_LIST_H

#include "web/request.h"

/* Fills request->list and request->standing. A list that is not there leaves both as they are. Sends on (308) a name written in
 * another way: `response` then has its answer and moved_r is true. */
enum status list_load(struct request *request, const char *name, bool *moved_r);

/* The same for a list that a secret link names: whoever has the link may know the list's name, even a hidden one's. */
enum status list_load_as_known(struct request *request, const char *name, const char *domain);

/* Who the asker is on any list, wherever its pages are. NOT_FOUND: it is not there. */
enum status list_standing(struct request *request, const char *name, const char *domain, struct standing *standing_r);

/* The domain that a path names, and the standing in it; request->domain stays NULL when there is none. */
enum status domain_load(struct request *request, const char *name);

/* List. in the templates. */
void list_show(struct request *request);

#endif

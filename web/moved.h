/* moved.h - links of mails about a new address on all lists: they lie under /confirm/, where the links about one list are
 *
 * "moved" went to the new address and proves it; "moved_keep" went to the old one and stops what is not decided yet. */
#ifndef KAIRAN_WEB_MOVED_H
#define KAIRAN_WEB_MOVED_H

#include "web/request.h"

/* NOT_FOUND: the path's token is no such link. */
enum status moved_show(struct request *request);
enum status moved_act(struct request *request);

#endif

/* kept.h - answers that were made before and are still right
 *
 * Guests' pages of archives (routes.def: ARCHIVE, THREAD) are kept in memory that all children share, each under its tag, which names
 * the version of all that it shows (web/validator.h). An answer is given again only to a request that was asked everything a fresh page
 * asks - host, session, list, right, language, version - at the price of the one statement that "not modified" costs. After a change
 * the tag is another one: what lies under the old one is never found again, and is overwritten in time. Who is signed in has no tag,
 * and so nothing here.
 *
 * A ring of bytes: the newest answer overwrites the oldest ones. A process that ends while it writes empties it. */
#ifndef KAIRAN_WEB_KEPT_H
#define KAIRAN_WEB_KEPT_H

#include "util/str.h"

struct kept;

/* Shared with the processes forked from here on. NULL with 0 bytes, or when there is no memory: then nothing is kept. */
struct kept *kept_open(size_t bytes);
/* The answer kept under a tag; NULL when there is none. */
struct str *kept_find(TALLOC_CTX *ctx, struct kept *kept, const char *tag);
/* One larger than an eighth of all is not kept. */
void kept_put(struct kept *kept, const char *tag, const struct str *answer);

#endif

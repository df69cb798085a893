/* list-known.h - lists that this process has read, and whether they are still the same
 *
 * What guests are shown of a list's names and settings has a version (archive_change, kind "look"), which each change of list,
 * domain, site, setting or text moves on in its own transaction. So a list read once is asked for that number alone from then on, which
 * costs a third of reading it. What somebody is to the list is never remembered.
 *
 * Only advertised lists are: a hidden one is read whole each time, as a name that is not there is asked for whole each time. Else the
 * time of a refusal would tell them apart. */
#ifndef KAIRAN_WEB_LIST_KNOWN_H
#define KAIRAN_WEB_LIST_KNOWN_H

#include "store/statements.h"

struct lists_known;

/* As q_web_list(). `known` is made at its first use, and lives in `owner`. */
enum status list_read(TALLOC_CTX *owner, struct lists_known **known, struct db *db, TALLOC_CTX *ctx, const char *host, const char *name,
                      const char *hash, struct row_web_list **row_r);

#endif

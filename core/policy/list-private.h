/* list-private.h - what the files about lists share */
#ifndef KAIRAN_POLICY_LIST_PRIVATE_H
#define KAIRAN_POLICY_LIST_PRIVATE_H

#include "policy/list.h"
#include "policy/notice.h"

/* Makes sure, in a transaction, that a name is free for `list_id` (0: a new list). An old name of another list is taken only on
 * purpose, and then no longer leads to that list. CONFLICT with a sentence, and hint "old_name" where `take` would help. */
enum status list_claim_name(struct db *db, TALLOC_CTX *ctx, int64_t domain_id, const char *name, int64_t list_id, bool take,
                            struct fault *fault);

/* A mail of the system to each owner in his language, unless mail is NULL. `fill` sets its kind and arguments. */
typedef void list_notice_fill(TALLOC_CTX *ctx, struct notice *notice, const struct list *list, const char *url, const void *about);
enum status list_tell_owners(struct db *db, TALLOC_CTX *ctx, const struct list *list, const struct list_mail *mail,
                             list_notice_fill *fill, const void *about);

#endif

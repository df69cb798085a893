/* list.h - mailing lists: made, found, removed
 *
 * A removed list takes no mail and is seen by nobody; its rows stay until it is erased.
 * A list's name is the local part of its address: small letters, digits, . _ + -; it may not look like a token of ours
 * (b. u. r. and letters behind) and may not end in a word that makes a sub-address (policy/recipient.h). */
#ifndef KAIRAN_POLICY_LIST_H
#define KAIRAN_POLICY_LIST_H

#include "policy/setting.h"

struct list {
    int64_t id, domain_id, last_number, created_at;
    const char *name, *domain, *address;    /* address is name@domain */
    const char *web_host, *token_domain;
};

/* NULL, or the sentence that says why this cannot be a list's name. */
const char *list_name_trouble(const char *name);

/* Makes LIST@DOMAIN with its effective settings; display_name, language and owner may be NULL. The domain must be here. */
enum status list_create(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *address, const char *display_name,
                        const char *language, const char *owner, struct list **list_r, struct fault *fault);
/* By its address, in any spelling. NOT_FOUND with a sentence. */
enum status list_find(struct db *db, TALLOC_CTX *ctx, const char *address, struct list **list_r, struct fault *fault);
enum status list_by_id(struct db *db, TALLOC_CTX *ctx, int64_t id, struct list **list_r);
enum status list_remove(struct db *db, const struct actor *actor, const struct list *list);

#endif

/* user.h - accounts: who owns an address, and links that sign in
 *
 * An account is made silently the first time its owner is proved; the operator may make one by hand. */
#ifndef KAIRAN_POLICY_USER_H
#define KAIRAN_POLICY_USER_H

#include "policy/change.h"

/* The account that owns an address; made, with the address proved by an administrator's word, where there is none. In a transaction. */
enum status user_ensure(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *key, const char *email,
                        int64_t *user_id_r);
/* Makes what is missing (address, account; with `admin` the right of a site administrator) and a link of one use that ends
 * after `seconds`. The token is known to the caller alone: the row has its hash. */
enum status user_login_link(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *address, bool admin,
                            int64_t seconds, const char **token_r, struct fault *fault);

#endif

/* account.h - accounts: which addresses they own, and how they end
 *
 * An account is made silently the first time its owner is proved. Whoever proves an address of an account has proved the
 * account, since a mailed link is the login; so an address that is added to another account brings its former account along.
 * Memberships hang on addresses; those that follow the account (as_user) go where its preferred address is.
 *
 * Each function is one change with its audit rows. Sources: DESIGN 6; mailman3-features 3, 8. */
#ifndef KAIRAN_POLICY_ACCOUNT_H
#define KAIRAN_POLICY_ACCOUNT_H

#include "policy/change.h"

/* The account of an address that was just proved; made when there is none. INVALID: `email` is no address. */
enum status account_of_proved(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *email, int64_t *user_id_r);

/* An address that was just proved becomes one of this account's. Where it belonged to another, that one is absorbed: its addresses,
 * domains and, where this one says nothing, its preferences; its sessions and password end. */
enum status account_take(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, const char *email);
/* The preferred address from now on; memberships that follow the account go there. NOT_FOUND: not a proved address of it. */
enum status account_prefer(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, int64_t address_id);
/* The address is given up and its memberships end. CONFLICT: it is the last one, or a list would lose its last owner. */
enum status account_release(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, int64_t address_id,
                            struct fault *fault);
/* One membership to an address of the same account; address_id 0: to the preferred one, and with it from now on. */
enum status account_move_membership(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, int64_t member_id,
                                    int64_t address_id);
/* The new address in the place of the old one: in the account, and in all its memberships (moved_r: how many). Who proved it is
 * the caller's affair. CONFLICT: the new one is in another account. */
enum status account_change_address(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *old, const char *new,
                                   int64_t *moved_r, struct fault *fault);

enum status account_rename(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, const char *name,
                           const char *time_zone, struct fault *fault);
/* CONFLICT: nobody else would be one. */
enum status account_set_admin(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, bool is_admin,
                              struct fault *fault);
/* The account, its sessions and password end, and so do its memberships; posts stay, and no row connects them to anybody.
 * CONFLICT, unless forced: a list would lose its last owner, or the site its last administrator. */
enum status account_delete(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, bool forced,
                           struct fault *fault);

/* At least ten characters, at most 200 bytes, and not an address of the account. INVALID with a sentence. */
enum status account_set_password(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, const char *password,
                                 struct fault *fault);

/* Time zones to choose from ("Asia/Tokyo"), ended by NULL. */
const char *const *account_zones(void);

#endif

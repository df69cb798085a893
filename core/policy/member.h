/* member.h - memberships: many begun or ended at once, and what owners change in one
 *
 * Many at once are one statement: with bans, rows and audit lines. What is asked for only on trial says what would happen and changes
 * nothing. How people join and leave by themselves is policy/subscription.h.
 *
 * The last owner of a list stays, unless somebody who may do without (an administrator, the operator) says so.
 *
 * Memory: everything returned lives in ctx. */
#ifndef KAIRAN_POLICY_MEMBER_H
#define KAIRAN_POLICY_MEMBER_H

#include "policy/change.h"
#include "policy/people.h"

bool member_role_is_known(const char *role);

struct member_order {
    const char *role;           /* member, nonmember, moderator, owner */
    bool is_trial;              /* only outcomes */
    bool even_last_owner;       /* of removing; heeded for administrators and the operator */
};

/* Makes each a member with what people.h read of wishes, all in one transaction, and fills their outcomes: ADDED, INVALID, BANNED,
 * MEMBER (is one already), OWN (the list itself: mail would go in circles) or REPEATED (stands twice in `people`). */
enum status member_enrol(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const struct member_order *order,
                         struct person *people, size_t count);
/* Ends memberships; outcomes REMOVED, ABSENT, INVALID or LAST_OWNER. Copies not yet claimed are no longer sent to them. */
enum status member_dismiss(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id,
                           const struct member_order *order, struct person *people, size_t count);

/* The same without further wishes. */
enum status member_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *role,
                       struct person *people, size_t count);
enum status member_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *role,
                          struct person *people, size_t count);

/* Everybody in a role who is not among these: whom a list that is to be equal to a file has to lose. */
enum status member_others(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *role, const struct person *people,
                          size_t count, struct person **others_r, size_t *others_count_r);

/* ---- one membership ---- */

struct row_member_one;          /* store/statements.h */
/* NOT_FOUND: it is not one of this list, or has ended. */
enum status member_load(struct db *db, TALLOC_CTX *ctx, int64_t list_id, int64_t id, struct row_member_one **member_r);
enum status member_find_role(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *role, const char *key, int64_t *id_r);

/* The name on this list; "" takes it back to the address's. Nothing is written when nothing changes, here and below. */
enum status member_set_name(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id,
                            const struct row_member_one *member, const char *name);
/* accept, hold, reject, discard, defer; "" or NULL: as the list says. INVALID: another word. */
enum status member_set_moderation(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id,
                                  const struct row_member_one *member, const char *action, struct fault *fault);
/* A moderator's rights by the bits of right.h. */
enum status member_set_rights(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id,
                              const struct row_member_one *member, unsigned bits);

#endif

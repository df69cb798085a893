/* subscription-many.h - mails and invitations to many whom an owner added, removed or wants to have
 *
 * What member_enrol() and member_dismiss() did is told by them in the same transaction; nobody is written to unless the owner wants it. */
#ifndef KAIRAN_POLICY_SUBSCRIPTION_MANY_H
#define KAIRAN_POLICY_SUBSCRIPTION_MANY_H

#include "policy/people.h"
#include "policy/subscription.h"

/* To those whose outcome is ADDED: how to write, and how to leave. */
enum status subscription_welcome_many(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list,
                                      const struct person *people, size_t count);
/* To those whose outcome is REMOVED: it was an owner who did it. */
enum status subscription_dismiss_many(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list,
                                      const struct person *people, size_t count);
/* Invites those whose outcome is ADDED, of a trial: they become INVITED, MEMBER or BANNED. */
enum status subscription_invite_many(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list,
                                     const struct actor *actor, struct person *people, size_t count);

#endif

/* password.h - the moderators' password of a list: a post that carries it passes
 *
 * Kept as argon2id; never shown, logged or told. The web may set it and cannot read it.
 * More than PASSWORD_WRONG_MAX wrong ones in an hour and no more are looked at until the hour is over. */
#ifndef KAIRAN_POLICY_PASSWORD_H
#define KAIRAN_POLICY_PASSWORD_H

#include "policy/rule.h"

enum { PASSWORD_LEAST = 8, PASSWORD_MOST = 100, PASSWORD_WRONG_MAX = 10 };

/* INVALID: too short, too long, not printable ASCII, or with blanks at its ends: it has to survive mail programs. */
enum status password_set(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *password,
                         struct fault *fault);
/* NOT_FOUND: there was none. */
enum status password_remove(struct db *db, const struct actor *actor, int64_t list_id);
/* Who set it and when; changed_at_r is 0 when there is none. */
enum status password_who(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char **changed_by_r, int64_t *changed_at_r);

/* The list has one. */
enum status password_exists(struct db *db, int64_t list_id, bool *exists_r);
/* Judges one out of a message; counts a wrong one. */
enum status password_ask(struct db *db, int64_t list_id, const char *password, enum password_state *state_r);

#endif

/* member.h - people as operators and owners write them down, and their memberships
 *
 * Memory: everything returned lives in ctx. Many at once are one statement: with bans, rows and audit lines. */
#ifndef KAIRAN_POLICY_MEMBER_H
#define KAIRAN_POLICY_MEMBER_H

#include "policy/change.h"

enum person_outcome { PERSON_ADDED, PERSON_INVALID, PERSON_BANNED, PERSON_MEMBER, PERSON_REPEATED, PERSON_OWN,
                      PERSON_REMOVED, PERSON_ABSENT };

struct person {
    const char *text;               /* as written, one line */
    const char *name, *email, *key; /* key is NULL when it is no address */
    enum person_outcome outcome;
};

/* Reads one person a line: "hana@example.jp", "Hana <hana@example.jp>" or "\"Hana, T.\" <hana@example.jp>". Empty lines and lines
 * that begin with # are stepped over. */
struct person *person_read(TALLOC_CTX *ctx, const char *text, size_t *count_r);
const char *person_outcome_word(enum person_outcome outcome);       /* "added", for JSON */
const char *person_outcome_sentence(enum person_outcome outcome);   /* for people; give it to tr() */

bool member_role_is_known(const char *role);

/* Makes each a member (role: member, nonmember, moderator, owner), all in one transaction, and fills their outcomes: ADDED, INVALID,
 * BANNED, MEMBER (is one already), OWN (the list itself: mail would go in circles) or REPEATED (stands twice in `people`). */
enum status member_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *role,
                       struct person *people, size_t count);
/* Ends memberships; outcomes REMOVED, ABSENT or INVALID. Copies not yet claimed are no longer sent to them. */
enum status member_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *role,
                          struct person *people, size_t count);

#endif

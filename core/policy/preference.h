/* preference.h - what a person decides about the mail that lists send, on four levels
 *
 * Each level may say something or nothing; the first that speaks counts: a membership, its address, the account, the site. A
 * vacation that is over says nothing. Statements that send mail ask the same question in SQL (function delivery_effective).
 *
 * Memory: all in ctx; values are text in their stored form ("yes", "regular", seconds since 1970).
 * Sources: preferences.def; mailman3-features 2.2. */
#ifndef KAIRAN_POLICY_PREFERENCE_H
#define KAIRAN_POLICY_PREFERENCE_H

#include "policy/change.h"

#define PREFERENCE(name, kind, fallback, levels, label, help) PREFERENCE_##name,
enum preference {
#include "policy/preferences.def"
    PREFERENCE_COUNT
};
#undef PREFERENCE

enum preference_kind { PREFERENCE_BOOL, PREFERENCE_MODE, PREFERENCE_STATUS, PREFERENCE_UNTIL, PREFERENCE_TONGUE };
/* In the order in which they are asked. DEFAULT is the row's own. */
enum preference_level { LEVEL_MEMBER, LEVEL_ADDRESS, LEVEL_USER, LEVEL_SITE, LEVEL_DEFAULT };
enum { LEVEL_COUNT = LEVEL_SITE + 1 };

struct preference_choice { const char *value, *label; bool comes_later; };
struct preference_row {
    const char *name;
    enum preference_kind kind;
    const char *fallback;                       /* NULL: there is none */
    bool for_site;                              /* the site may say something, too */
    const char *label, *help;                   /* English; give them to tr() */
    const struct preference_choice *choices;    /* ended by a NULL value; NULL for UNTIL */
};
const struct preference_row *preference_rows(void);                 /* PREFERENCE_COUNT of them */
const struct preference_row *preference_row(const char *name);      /* NULL: there is none */
const char *preference_level_word(enum preference_level level);     /* "member", "address", "user", "site", "default" */

/* What each level from `lowest` on says itself; NULL: nothing. */
struct preferences {
    enum preference_level lowest;
    int64_t ids[LEVEL_COUNT];                   /* of the member, address and user; 0 where there is none */
    const char *own[LEVEL_COUNT][PREFERENCE_COUNT];
};
/* By the id of a member, an address or an account; of the site with id 0. NOT_FOUND: it is not there. */
enum status preferences_load(struct db *db, TALLOC_CTX *ctx, enum preference_level level, int64_t id,
                             struct preferences **preferences_r);
/* What counts for somebody who asks at `from`, now, and which level said it (level_r may be NULL). NULL: nobody says anything.
 * With from = level + 1 it is what that level inherits. */
const char *preference_effective(const struct preferences *preferences, enum preference preference, enum preference_level from,
                                 int64_t now, enum preference_level *level_r);

/* Who sets it: people stop and start their own delivery, owners and moderators may stop it in a way that only they take
 * back (by_moderator), and by_bounces is said by the system alone; anybody may end it. */
enum preference_hand { HAND_SELF, HAND_OWNER, HAND_SYSTEM };
/* Says it on one level, with its audit row; a NULL value takes it back, so that the outer level counts again. Setting
 * vacation_until stops delivery, setting delivery_status ends a vacation. Of UNTIL a date ("2026-12-24", its first second in the
 * time zone that when.h has) is understood too. Nothing is written when nothing changes. What comes later only the command line
 * may store, for lists that move here.
 * INVALID: no such preference, or not one of its values; NOT_ALLOWED: not by this hand; NOT_FOUND: no such row. */
enum status preference_set(struct db *db, const struct actor *actor, enum preference_hand hand, TALLOC_CTX *ctx,
                           enum preference_level level, int64_t id, const char *name, const char *value, struct fault *fault);

#endif

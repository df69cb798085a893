/* effect.h - what another value of a setting would have done to the last posts
 *
 * Answered from facts that were stored when the posts were judged (judgement.facts) and sent (variant): nothing is parsed or
 * judged again, and one statement reads it all. On a list it looks at the last 100 posts, and at the 100 that came last of those
 * waiting. For a domain or the site it sums over the lists that have no nearer value of their own, up to EFFECT_LISTS_MOST of them,
 * each with so many of its last posts that it is 300 in all; with more lists it says so and counts nothing.
 *
 * Settings that answer have a flag ..._EFFECT in settings.def. */
#ifndef KAIRAN_POLICY_EFFECT_H
#define KAIRAN_POLICY_EFFECT_H

#include "policy/setting.h"

enum { EFFECT_LISTS_MOST = 300 };

struct effect_question {
    enum setting_scope scope;
    int64_t scope_id;
    const struct settings *now;         /* of a list: what counts there */
    const struct setting_row *row;
    const char *value;                  /* instead of the one that counts, as setting_check() stored it */
    bool is_transparent;                /* the next server is known to pass messages on unchanged; else no From is ever kept */
};

struct effect {
    TALLOC_CTX *ctx;
    size_t lists;                       /* that were looked at */
    bool is_too_much;                   /* there are more of them: the rest is 0 */
    size_t posts, waiting, authors;     /* that were looked at; authors are of posts, for each list */
    size_t lose_from, keep_from;        /* authors who would lose their own From, or have it kept again */
    size_t held, refused, discarded;    /* posts that passed and would not have */
    size_t passing;                     /* waiting ones that would have passed */
    size_t too_long;                    /* waiting ones that would have waited too long */
    size_t choosers;                    /* members who have chosen topics */
};

bool setting_has_effect(const struct setting_row *row);
enum status effect_ask(struct db *db, TALLOC_CTX *ctx, const struct effect_question *question, struct effect *effect_r);

#endif

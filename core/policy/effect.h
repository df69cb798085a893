/* effect.h - what another value of a setting would have done to the last posts
 *
 * Answered from facts that were stored when the posts were judged (judgement.facts) and sent (variant): nothing is parsed or
 * judged again, and one statement reads it all. It looks at the last 100 posts, and at the 100 that came last of those waiting.
 * Settings that answer have FROM_EFFECT or RULES_EFFECT in settings.def. */
#ifndef KAIRAN_POLICY_EFFECT_H
#define KAIRAN_POLICY_EFFECT_H

#include "policy/setting.h"

struct effect {
    size_t posts, waiting, authors;     /* that were looked at; authors are of posts */
    size_t lose_from, keep_from;        /* authors who would lose their own From, or have it kept again */
    size_t held, refused, discarded;    /* posts that passed and would not have */
    size_t passing;                     /* waiting ones that would have passed */
};

bool setting_has_effect(const struct setting_row *row);

/* What `value` (as setting_check() stored it) instead of the one in `now` would change. is_transparent: the next server is known to pass
 * messages on unchanged; else no From is ever kept. */
enum status effect_ask(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const struct settings *now, const struct setting_row *row,
                       const char *value, bool is_transparent, struct effect *effect_r);

#endif

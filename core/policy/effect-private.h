/* effect-private.h - what the parts of policy/effect share: effect.c reads and counts, effect-judge.c says what a state of the settings
 * would have done with one post */
#ifndef KAIRAN_POLICY_EFFECT_PRIVATE_H
#define KAIRAN_POLICY_EFFECT_PRIVATE_H

#include "policy/effect.h"
#include "policy/pattern.h"
#include "store/statements.h"

typedef struct row_effect_posts past;       /* a post as its stored facts tell it */

/* A state of the settings, with its long lists made ready. */
enum { LISTED_ACCEPT, LISTED_HOLD, LISTED_REJECT, LISTED_DISCARD, LISTED_COUNT };
struct choice {
    const struct settings *settings;
    struct text_array lines[LISTED_COUNT];
    struct pattern_set *sets[LISTED_COUNT];
};
struct choice *choice_new(TALLOC_CTX *ctx, const struct settings *settings);

/* The rule that a setting speaks to, and what it would say: POST_DEFER for nothing. */
struct asker {
    const char *setting, *rule;
    enum post_action (*ask)(const past *post, const struct choice *choice);
};
const struct asker *asker_of(const char *setting);      /* NULL: the setting speaks to no rule that facts can answer for */

/* Whether the author's From would stay in the copies; `now`: the settings under which it was sent. */
bool keeps_from(const past *post, const struct settings *settings, const struct settings *now);

#endif

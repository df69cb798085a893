/* moderator-word.h - a moderator's answer by mail, understood
 *
 * One line one decision: a word, and the numbers it is for, as the notice counted them. "accept", "reject 2 5", "discard all",
 * "却下 3: not for this list". Words are English or Japanese, in any case and width. Without numbers the word is for the only post
 * of the notice; where there are several it is for none of them. Quoted lines and all from the first of them on are not read, nor
 * what follows a signature's "-- ". Only lines at the beginning count: the first that is no decision ends the reading, once there
 * was one, so that a greeting below does no harm. */
#ifndef KAIRAN_POLICY_MODERATOR_WORD_H
#define KAIRAN_POLICY_MODERATOR_WORD_H

#include "policy/held.h"

enum { MODERATOR_WORDS_MAX = 20, MODERATOR_ITEMS_MAX = 64 };

struct moderator_word {
    enum held_act act;
    const char *line;           /* as it was written */
    size_t items[MODERATOR_ITEMS_MAX], count;   /* places in the notice, from 0; none: which one is not said */
    const char *reason;         /* behind a colon; NULL for none */
};

/* Returns how many decisions there are, 0 to MODERATOR_WORDS_MAX. `posts` is how many the notice told of. */
size_t moderator_words(TALLOC_CTX *ctx, const char *text, size_t posts, struct moderator_word words_r[MODERATOR_WORDS_MAX]);

#endif

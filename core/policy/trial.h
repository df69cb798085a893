/* trial.h - what would become of a message, and why; nothing is changed by asking
 *
 * For "kairan rules explain", the page of the same, and the pages of filters. The moderators' password is never checked here: a
 * page where passwords can be tried would be one more place to guess them.
 * Memory: all in ctx. */
#ifndef KAIRAN_POLICY_TRIAL_H
#define KAIRAN_POLICY_TRIAL_H

#include "policy/rule.h"
#include "policy/topic.h"
#include "util/i18n.h"

enum { TRIAL_MESSAGE_MAX = 1 << 20 };

struct trial {
    struct message *message;
    struct rule_message *read;
    struct facts *facts;
    struct verdict *verdict;
    struct rule_line *lines;            /* as many as rule_rows() has */
    struct topics_found topics;         /* where the list has topics */
};

/* A message as people paste it: any line ends, blanks in front. INVALID with a sentence when it has no header. */
enum status trial_message(TALLOC_CTX *ctx, const char *text, struct message **message_r, struct fault *fault);
/* `sender` is the envelope's; NULL: as From says. */
enum status trial_run(struct db *db, TALLOC_CTX *ctx, const struct list *list, struct message *message, const char *sender,
                      const struct rule_auth *auth, struct trial **trial_r);
/* action, sentence, reason, rows "rules"; lang NULL: English. */
void trial_out(struct out *out, const struct trial *trial, const struct lang *lang);

#endif

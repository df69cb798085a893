/* held.h - messages waiting for a moderator
 *
 * A held message leaves this room exactly once: accepted, refused or discarded. The first act wins; whoever comes later is told
 * GONE. Accepted, it goes back to the incoming messages with the name of the person, and is not judged again. Refused, its
 * author is told only if DMARC passed in that very mail; otherwise the answer could hit somebody whose address was forged. */
#ifndef KAIRAN_POLICY_HELD_H
#define KAIRAN_POLICY_HELD_H

#include "policy/change.h"
#include "policy/list.h"
#include "util/i18n.h"

enum status held_accept(struct db *db, const struct actor *actor, const struct list *list, int64_t held_id);
enum status held_discard(struct db *db, const struct actor *actor, const struct list *list, int64_t held_id);
/* `reason` is the moderator's own words, for the author; told_r: a notice was written. */
enum status held_reject(struct db *db, const struct actor *actor, const struct list *list, const struct i18n *i18n, int64_t held_id,
                        const char *reason, bool *told_r);

#endif

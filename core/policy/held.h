/* held.h - messages waiting for a moderator
 *
 * A held message leaves this room exactly once: accepted, refused, discarded, or cancelled by its author. The first act wins;
 * whoever comes later finds nothing, and held_fates says who did what. An accepted message stays here for as long as accepting may
 * be undone (moderation.undo_s of kairan.conf); then held_release() hands it to the incoming messages with the name of the person,
 * and it is not judged again. Refused, its author is told only if DMARC passed in that very mail; otherwise the answer could hit
 * somebody whose address was forged.
 *
 * Many are decided in one transaction. `lists` are those whose held messages the actor may decide about: others are not found.
 * Each decision is a row in held_decision and a row of the audit log. */
#ifndef KAIRAN_POLICY_HELD_H
#define KAIRAN_POLICY_HELD_H

#include "policy/change.h"
#include "policy/list.h"
#include "util/i18n.h"

enum held_act { HELD_ACCEPT, HELD_REJECT, HELD_DISCARD, HELD_UNDO };

struct held_order {
    enum held_act act;
    const char *reason;     /* REJECT: for the author, their moderator's words or one of held_reasons(); NULL or "" for none */
    const char *future;     /* what happens to the author's posts from now on: a word of post_action, NULL for no change */
    bool ban;               /* the author may neither post nor join from now on */
    int undo_s;             /* ACCEPT: so long it can be undone; 0 sends it on at once */
};
struct held_done {
    int64_t done;           /* the others were not found: decided before, or not on these lists */
    int64_t told;           /* notices to authors */
};

/* INVALID: `future` is no such action. */
enum status held_decide(struct db *db, const struct actor *actor, const struct i18n *i18n, struct int_array ids, struct int_array lists,
                        const struct held_order *order, struct held_done *done_r);

/* Sends on what was accepted and is no longer to be undone; for the worker, every second. */
enum status held_release(struct db *db);

/* The author's own link: GONE when it was decided before. Discards the message without a word. */
enum status held_cancel(struct db *db, int64_t held_id, int64_t list_id, const char *author);

/* max_days_to_hold: decides about what has waited too long, as its list says; for the worker. */
enum status held_expire(struct db *db, const struct i18n *i18n);

/* Sends a copy of a held message, as it came, to the owners of its list; it stays held. NOT_FOUND; told_r: to how many. */
enum status held_forward(struct db *db, const struct actor *actor, const struct i18n *i18n, int64_t held_id, struct int_array lists,
                         int64_t *told_r);

/* Back to the incoming messages, or dropped: what the worker could not process. GONE when somebody did so before. */
enum status aside_retry(struct db *db, const struct actor *actor, int64_t message_id, struct int_array lists);
enum status aside_discard(struct db *db, const struct actor *actor, int64_t message_id, struct int_array lists);

/* Ready answers for refusing, English, ended by NULL; tr() knows them. A list may have its own (setting rejection_reasons). */
const char *const *held_reasons(void);

#endif

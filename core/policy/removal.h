/* removal.h - taking posts out of the archive, words out of posts, people out of everything
 *
 * A post that is hidden can be shown again; one that is deleted loses its bytes and words as soon as no copy waits to be sent. In both
 * cases its address and its place in the thread stay and say so. Words taken out of a post are written away in the stored bytes.
 * Erasing a person takes their addresses and names out of their posts and out of every row about them, at once, and offers posts
 * of others that name them for review. The audit log says what was done, never the words. What stays: bans, which name whom they keep
 * out; posts of others that wait for a moderator, and mails to others, that name them; a mail that is just being sent to them.
 *
 * The web and the command line ask; core/worker/jobs-removal.c carries out what needs the bytes.
 * Sources: peers-and-standards G on erasure. */
#ifndef KAIRAN_POLICY_REMOVAL_H
#define KAIRAN_POLICY_REMOVAL_H

#include "policy/change.h"

/* Out of sight, or for good. `done_r` counts those that were changed. */
enum status removal_hide(struct db *db, const struct actor *actor, int64_t list_id, struct int_array posts, bool for_good, int64_t *done_r);
enum status removal_show(struct db *db, const struct actor *actor, int64_t list_id, struct int_array posts, int64_t *done_r);

/* Deletes all posts that arrived before this time (0: all posts), some hundred at a time: what ended early is simply repeated. */
enum status removal_clear(struct db *db, const struct actor *actor, int64_t list_id, int64_t before_us, int64_t *done_r);

/* `lines`: a phrase on each line. INVALID: none, too many, or one too short to be meant. */
enum status removal_redact(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t post_id, const char *lines,
                           int64_t *id_r, struct fault *fault);
/* `lines`: addresses, at least one, and names. list_id 0: everywhere; CONFLICT when one of the addresses still is a member somewhere
 * or belongs to an account there, or when a post of theirs still waits for a moderator. */
enum status removal_erase(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *lines, int64_t *id_r,
                          struct fault *fault);
/* What becomes of posts of others that an erasure found: these are changed too (NULL items: all of them), and it ends. */
enum status removal_decide(struct db *db, const struct actor *actor, int64_t list_id, int64_t id, struct int_array posts, bool all);

#endif

/* invitation.h - invitations to very many people, sent little by little
 *
 * An owner may invite thousands. Their mails go out by the worker, no more an hour for one list than [limits] invite_hour of
 * kairan.conf, whichever way they were asked for: so neither do mail services take them for unwanted mail, nor is the page a way to
 * write to strangers by the thousand. One address is invited at most once a day to a list, and three times in all (policy/budget.h).
 *
 * One run is open for a list at a time. It can be stopped; who was not yet invited is forgotten then. */
#ifndef KAIRAN_POLICY_INVITATION_H
#define KAIRAN_POLICY_INVITATION_H

#include "policy/people.h"
#include "policy/subscription.h"

enum { INVITATION_MOST = 10000 };

struct invitation_run {
    int64_t id, asked_at, ended_at;         /* ended_at: 0 while it is under way */
    int64_t total, invited, left_out;
    const char *asked_by, *stopped_by;      /* stopped_by: NULL unless somebody did */
};

/* How many more may be invited to the list in this hour. */
enum status invitation_room(struct db *db, const struct conf *conf, int64_t list_id, int64_t *room_r);
/* Begins a run with those whose outcome is ADDED. CONFLICT: one is under way; INVALID: more than INVITATION_MOST. */
enum status invitation_begin(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const struct person *people,
                             size_t count, int64_t *id_r, struct fault *fault);
/* The newest first. */
enum status invitation_runs(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct invitation_run **runs_r, size_t *count_r);
/* NOT_FOUND: the list has none of this id. */
enum status invitation_find(struct db *db, TALLOC_CTX *ctx, int64_t list_id, int64_t id, struct invitation_run *run_r);
/* GONE: it has ended already. */
enum status invitation_stop(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t id);

/* Some of the run that has waited longest; for the worker. */
enum status invitation_turn(const struct subscription_desk *desk);

#endif

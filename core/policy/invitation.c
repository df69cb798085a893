/* invitation.c - invitations to very many people, sent little by little */
#include "mime/address.h"
#include "policy/invitation.h"
#include "policy/subscription-many.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

enum { TURN_MOST = 50, RUNS_SHOWN = 20 };

#define HOUR_US (INT64_C(3600) * US_PER_S)
#define REST_US (INT64_C(60) * US_PER_S)

enum status
invitation_room(struct db *db, const struct conf *conf, int64_t list_id, int64_t *room_r)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_invitation_lately *row;
    enum status status = q_invitation_lately(db, ctx, list_id, clock_now_us() - HOUR_US, &row);

    *room_r = status == STATUS_OK && row->count < conf->limits_invite_hour ? conf->limits_invite_hour - row->count : 0;
    talloc_free(ctx);
    return status;
}

/* --- for owners --- */

static enum status
begin(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const struct person *people, size_t count, int64_t *id_r)
{
    const char **emails = mem_array(ctx, const char *, count + 1), **names = mem_array(ctx, const char *, count + 1);
    const char **languages = mem_array(ctx, const char *, count + 1);
    struct row_invitation_begin *row;
    size_t wanted = 0;
    enum status status;

    for (size_t i = 0; i < count; i++)
        if (people[i].outcome == PERSON_ADDED) {
            emails[wanted] = people[i].email;
            names[wanted] = people[i].name != NULL ? people[i].name : "";
            languages[wanted++] = people[i].wishes[WISH_LANGUAGE] != NULL ? people[i].wishes[WISH_LANGUAGE] : "";
        }
    status = q_invitation_begin(db, ctx, list_id, actor->user_id, actor->words, clock_now_us(), (struct text_array){emails, wanted},
                                (struct text_array){names, wanted}, (struct text_array){languages, wanted}, &row);
    if (status != STATUS_OK)
        return status;
    *id_r = row->id;
    return audit_add(db, actor, "invite_begin", list_id, mem_printf(ctx, "%zu", wanted), "");
}

enum status
invitation_begin(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const struct person *people, size_t count,
                 int64_t *id_r, struct fault *fault)
{
    struct change change;
    size_t wanted = 0;
    enum status status;

    for (size_t i = 0; i < count; i++)
        wanted += people[i].outcome == PERSON_ADDED;
    if (wanted > INVITATION_MOST)
        return fault_set(fault, STATUS_INVALID, "people", N_("Please invite at most 10,000 people at once."));
    status = change_begin(&change, db);
    if (status == STATUS_OK)
        status = change_end(&change, begin(db, actor, ctx, list_id, people, count, id_r));
    if (status == STATUS_CONFLICT)
        fault_set(fault, status, "people", N_("Other invitations to this list are still under way. Please wait for their end, or stop them."));
    return status;
}

static enum status
load_runs(struct db *db, TALLOC_CTX *ctx, int64_t list_id, int64_t id, struct invitation_run **runs_r, size_t *count_r)
{
    struct row_invitation_runs *rows;
    enum status status = q_invitation_runs(db, ctx, list_id, id, RUNS_SHOWN, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *runs_r = mem_array(ctx, struct invitation_run, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*runs_r)[i] = (struct invitation_run){rows[i].id, rows[i].asked_at, rows[i].ended_at, rows[i].total, rows[i].invited,
                                               rows[i].left_out, rows[i].asked_by, rows[i].stopped_by};
    return STATUS_OK;
}

enum status
invitation_runs(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct invitation_run **runs_r, size_t *count_r)
{
    return load_runs(db, ctx, list_id, 0, runs_r, count_r);
}

enum status
invitation_find(struct db *db, TALLOC_CTX *ctx, int64_t list_id, int64_t id, struct invitation_run *run_r)
{
    struct invitation_run *runs;
    size_t count = 0;
    enum status status = id == 0 ? STATUS_NOT_FOUND : load_runs(db, ctx, list_id, id, &runs, &count);

    if (status == STATUS_OK && count == 0)
        return STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        *run_r = runs[0];
    return status;
}

static enum status
stop(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t id)
{
    int64_t changed = 0;
    enum status status = q_invitation_stop(db, list_id, id, actor->words, clock_now_us(), &changed);

    if (status == STATUS_OK && changed == 0)
        return STATUS_GONE;
    if (status == STATUS_OK)
        status = q_invitation_drop(db, id, NULL);
    return status == STATUS_OK ? audit_add(db, actor, "invite_stop", list_id, mem_printf(ctx, "%lld", (long long)id), "") : status;
}

enum status
invitation_stop(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t id)
{
    struct invitation_run run;
    struct change change;
    enum status status = invitation_find(db, ctx, list_id, id, &run);

    if (status == STATUS_OK)
        status = change_begin(&change, db);
    return status == STATUS_OK ? change_end(&change, stop(db, actor, ctx, list_id, id)) : status;
}

/* --- for the worker --- */

static struct person *
people_of(TALLOC_CTX *ctx, const struct row_invitation_take *rows, size_t count)
{
    struct person *people = mem_array(ctx, struct person, count + 1);

    for (size_t i = 0; i < count; i++) {
        people[i] = (struct person){.text = rows[i].email, .email = rows[i].email, .name = rows[i].name,
                                    .key = address_key_of(ctx, rows[i].email), .outcome = PERSON_ADDED};
        people[i].wishes[WISH_LANGUAGE] = rows[i].language;
        if (people[i].key == NULL)
            people[i].outcome = PERSON_INVALID;
    }
    return people;
}

static enum status
invite_some(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct row_invitation_due *run, int64_t most)
{
    struct list list = {.id = run->list_id, .domain_id = run->domain_id, .name = run->list_name, .domain = run->domain,
                        .address = mem_printf(ctx, "%s@%s", run->list_name, run->domain), .web_host = run->web_host};
    struct actor actor = {.words = run->asked_by, .user_id = run->user_id};
    struct row_invitation_take *rows;
    struct person *people;
    size_t count;
    int64_t invited = 0, now = clock_now_us();
    enum status status = q_invitation_take(desk->db, ctx, run->id, most, &rows, &count);

    if (status != STATUS_OK)
        return status;
    people = people_of(ctx, rows, count);
    status = subscription_invite_many(desk, ctx, &list, &actor, people, count);
    for (size_t i = 0; i < count; i++)
        invited += people[i].outcome == PERSON_INVITED;
    if (status != STATUS_OK)
        return status;
    return q_invitation_counted(desk->db, run->id, invited, (int64_t)count - invited, now, (int64_t)count < most ? now : 0, NULL);
}

static enum status
turn(const struct subscription_desk *desk, TALLOC_CTX *ctx)
{
    struct row_invitation_due *run;
    int64_t room = 0, now = clock_now_us();
    enum status status = q_invitation_due(desk->db, ctx, now, &run);

    if (status != STATUS_OK || run == NULL)
        return status;
    status = invitation_room(desk->db, desk->conf, run->list_id, &room);
    if (status == STATUS_OK && room == 0)
        return q_invitation_counted(desk->db, run->id, 0, 0, now + REST_US, 0, NULL);
    return status == STATUS_OK ? invite_some(desk, ctx, run, room < TURN_MOST ? room : TURN_MOST) : status;
}

enum status
invitation_turn(const struct subscription_desk *desk)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    enum status status = db_begin(desk->db);

    if (status == STATUS_OK) {
        status = turn(desk, ctx);
        if (status == STATUS_OK)
            status = db_commit(desk->db);
        else
            db_rollback(desk->db);
    }
    talloc_free(ctx);
    return status;
}

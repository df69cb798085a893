/* member.c - memberships: many begun or ended at once */
#include "policy/ban.h"
#include "policy/member.h"
#include "policy/pattern.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

enum { TALLY_FROM = 500 };      /* after so many, the list's number of members is counted anew */

bool
member_role_is_known(const char *role)
{
    return str_eq(role, "member") || str_eq(role, "nonmember") || str_eq(role, "moderator") || str_eq(role, "owner");
}

/* What can be looked up, as arrays for one statement; `whose` leads back from a place in them to the person. */
struct batch {
    struct text_array keys, emails, names, wishes[WISH_COUNT];
    size_t *whose, count;
};

static struct text_array
column(TALLOC_CTX *ctx, size_t count)
{
    return (struct text_array){mem_array(ctx, const char *, count + 1), 0};
}

static void
put(struct text_array *array, const char *text)
{
    ((const char **)(uintptr_t)array->items)[array->count++] = text != NULL ? text : "";
}

/* Those whom an expression bans; addresses and domains are looked up by the statement. */
static enum status
mark_banned(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct person *people, size_t count)
{
    struct pattern_set *expressions;
    enum status status = ban_expressions(db, ctx, list_id, &expressions);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        people[i].outcome = people[i].key != NULL && pattern_set_find(expressions, people[i].key, (struct text_array){NULL, 0}) != NULL
            ? PERSON_BANNED : PERSON_INVALID;
    return status;
}

static struct batch *
batch_new(TALLOC_CTX *ctx, const struct person *people, size_t count)
{
    struct batch *batch = mem_new(ctx, struct batch);

    batch->keys = column(batch, count);
    batch->emails = column(batch, count);
    batch->names = column(batch, count);
    for (size_t wish = 0; wish < WISH_COUNT; wish++)
        batch->wishes[wish] = column(batch, count);
    batch->whose = mem_array(batch, size_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (people[i].key == NULL || people[i].outcome == PERSON_BANNED)
            continue;
        put(&batch->keys, people[i].key);
        put(&batch->emails, people[i].email);
        put(&batch->names, people[i].name);
        for (size_t wish = 0; wish < WISH_COUNT; wish++)
            put(&batch->wishes[wish], people[i].wishes[wish]);
        batch->whose[batch->count++] = i;
    }
    return batch;
}

static enum status
try_them(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *role, const struct batch *batch, struct person *people)
{
    struct row_member_try_many *rows;
    size_t found = 0;
    enum status status = q_member_try_many(db, ctx, list_id, role, batch->keys, &rows, &found);

    for (size_t i = 0; i < found && status == STATUS_OK; i++)
        people[batch->whose[rows[i].place - 1]].outcome = person_outcome_of(rows[i].outcome);
    return status;
}

static enum status
add_them(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *role, const struct batch *batch,
         struct person *people)
{
    const struct text_array *wishes = batch->wishes;
    struct row_member_add_many *rows;
    size_t found = 0;
    enum status status = q_member_add_many(
        db, ctx, list_id, role, batch->keys, batch->emails, batch->names, wishes[WISH_DELIVERY_STATUS], wishes[WISH_DELIVERY_MODE],
        wishes[WISH_LANGUAGE], wishes[WISH_MODERATION], wishes[WISH_HIDE_ADDRESS], wishes[WISH_ACKNOWLEDGE], wishes[WISH_OWN_POSTINGS],
        wishes[WISH_LIST_COPY], actor->words, actor->user_id, clock_now_us(), &rows, &found);

    for (size_t i = 0; i < found && status == STATUS_OK; i++)
        people[batch->whose[rows[i].place - 1]].outcome = person_outcome_of(rows[i].outcome);
    return status;
}

static enum status
count_anew(struct db *db, int64_t list_id, const char *role, size_t changed)
{
    return changed < TALLY_FROM ? STATUS_OK : q_member_tally_count(db, list_id, role, clock_now_us(), NULL);
}

enum status
member_enrol(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const struct member_order *order,
             struct person *people, size_t count)
{
    struct batch *batch;
    struct change change;
    enum status status = mark_banned(db, ctx, list_id, people, count);

    must(member_role_is_known(order->role));
    if (status != STATUS_OK)
        return status;
    batch = batch_new(ctx, people, count);
    if (batch->count == 0)
        return STATUS_OK;
    if (order->is_trial)
        return try_them(db, ctx, list_id, order->role, batch, people);
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = add_them(db, actor, ctx, list_id, order->role, batch, people);
    if (status == STATUS_OK)
        status = count_anew(db, list_id, order->role, batch->count);
    return change_end(&change, status);
}

/* Whether these are all owners that there are. */
static enum status
check_last_owner(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const struct member_order *order,
                 const struct batch *batch, bool *is_last_r)
{
    struct row_member_owners_but *row;
    enum status status = STATUS_OK;

    *is_last_r = false;
    if (!str_eq(order->role, "owner") || (order->even_last_owner && (actor->is_admin || actor->is_operator)))
        return STATUS_OK;
    if (db_in_transaction(db))
        status = q_member_owners_lock(db, list_id, NULL);
    if (status == STATUS_OK)
        status = q_member_owners_but(db, ctx, list_id, batch->keys, &row);
    if (status == STATUS_OK)
        *is_last_r = row == NULL || row->owners == 0;
    return status;
}

static enum status
look_for_them(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *role, const struct batch *batch, enum person_outcome good,
              struct person *people)
{
    struct row_member_there_many *rows;
    size_t found = 0;
    enum status status = q_member_there_many(db, ctx, list_id, role, batch->keys, &rows, &found);

    for (size_t i = 0; i < found && status == STATUS_OK; i++)
        people[batch->whose[rows[i].place - 1]].outcome = good;
    return status;
}

static enum status
remove_them(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const struct member_order *order,
            const struct batch *batch, struct person *people)
{
    struct row_member_remove_many *rows;
    size_t found = 0;
    bool is_last = false;
    enum status status = check_last_owner(db, actor, ctx, list_id, order, batch, &is_last);

    if (status == STATUS_OK && (is_last || order->is_trial))
        return look_for_them(db, ctx, list_id, order->role, batch, is_last ? PERSON_LAST_OWNER : PERSON_REMOVED, people);
    if (status == STATUS_OK)
        status = q_member_remove_many(db, ctx, list_id, order->role, batch->keys, actor->words, actor->user_id, clock_now_us(), &rows,
                                      &found);
    for (size_t i = 0; i < found && status == STATUS_OK; i++)
        people[batch->whose[rows[i].place - 1]].outcome = PERSON_REMOVED;
    return status == STATUS_OK ? count_anew(db, list_id, order->role, found) : status;
}

enum status
member_dismiss(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const struct member_order *order,
               struct person *people, size_t count)
{
    struct batch *batch;
    struct change change;
    enum status status;

    must(member_role_is_known(order->role));
    for (size_t i = 0; i < count; i++)
        people[i].outcome = people[i].key == NULL ? PERSON_INVALID : PERSON_ABSENT;
    batch = batch_new(ctx, people, count);
    if (batch->count == 0)
        return STATUS_OK;
    if (order->is_trial)
        return remove_them(db, actor, ctx, list_id, order, batch, people);
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    return change_end(&change, remove_them(db, actor, ctx, list_id, order, batch, people));
}

enum status
member_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *role, struct person *people,
           size_t count)
{
    return member_enrol(db, actor, ctx, list_id, &(struct member_order){.role = role}, people, count);
}

enum status
member_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *role,
              struct person *people, size_t count)
{
    return member_dismiss(db, actor, ctx, list_id, &(struct member_order){.role = role}, people, count);
}

enum status
member_others(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *role, const struct person *people, size_t count,
              struct person **others_r, size_t *others_count_r)
{
    struct batch *batch = batch_new(ctx, people, count);     /* one who is banned is told before this */
    struct row_member_others *rows;
    enum status status = q_member_others(db, ctx, list_id, role, batch->keys, &rows, others_count_r);

    if (status != STATUS_OK)
        return status;
    *others_r = mem_array(ctx, struct person, *others_count_r + 1);
    for (size_t i = 0; i < *others_count_r; i++)
        (*others_r)[i] = (struct person){.text = rows[i].email, .name = rows[i].name, .email = rows[i].email, .key = rows[i].key};
    return STATUS_OK;
}

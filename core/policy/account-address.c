/* account-address.c - accounts: which addresses they own */
#include <string.h>

#include "mime/address.h"
#include "policy/account-private.h"
#include "util/clock.h"
#include "util/str.h"

enum status
account_of_proved(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *email, int64_t *user_id_r)
{
    const char *key = address_key_of(ctx, email);
    struct row_web_address_prove *address;
    struct row_web_user_add *user;
    enum status status;

    if (key == NULL)
        return STATUS_INVALID;
    status = q_web_address_prove(db, ctx, key, email, clock_now_us(), &address);
    if (status != STATUS_OK)
        return status;
    *user_id_r = address->user_id;
    if (address->user_id != 0)
        return STATUS_OK;
    status = q_web_user_add(db, ctx, "", NULL, clock_now_us(), &user);
    if (status == STATUS_OK)
        status = q_web_address_own(db, address->id, user->id, NULL);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "user_create", 0, email, "");
    if (status == STATUS_OK)
        *user_id_r = user->id;
    return status;
}

static enum status
absorb(struct db *db, const struct actor *actor, int64_t user_id, int64_t other, const char *email)
{
    enum status status = q_user_merge(db, user_id, other, NULL);

    if (status == STATUS_OK)
        status = q_user_merge_domains(db, user_id, other, NULL);
    if (status == STATUS_OK)
        status = q_web_post_merge(db, user_id, other, NULL);
    if (status == STATUS_OK)
        status = q_reader_merge(db, user_id, other, NULL);
    if (status == STATUS_OK)
        status = q_user_merge_addresses(db, user_id, other, NULL);
    if (status == STATUS_OK)
        status = q_user_remove(db, other, NULL);
    return status == STATUS_OK ? audit_add(db, actor, "user_absorb", 0, email, "") : status;
}

static enum status
take(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, const char *email)
{
    const char *key = address_key_of(ctx, email);
    struct row_web_address_prove *address;
    enum status status;

    if (key == NULL)
        return STATUS_INVALID;
    status = q_web_address_prove(db, ctx, key, email, clock_now_us(), &address);
    if (status != STATUS_OK || address->user_id == user_id)
        return status;
    if (address->user_id != 0)
        return absorb(db, actor, user_id, address->user_id, email);
    status = q_web_address_own(db, address->id, user_id, NULL);
    return status == STATUS_OK ? audit_add(db, actor, "address_add", 0, email, "") : status;
}

enum status
account_take(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, const char *email)
{
    struct change change;
    enum status status = change_begin(&change, db);

    return status == STATUS_OK ? change_end(&change, take(db, actor, ctx, user_id, email)) : status;
}

/* Moves what follows the account to an address. */
static enum status
follow(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, int64_t address_id)
{
    struct row_user_following *rows;
    struct row_membership_move *moved;
    int64_t *ids;
    size_t count;
    enum status status = q_user_following(db, ctx, user_id, address_id, &rows, &count);

    if (status != STATUS_OK || count == 0)
        return status;
    ids = mem_array(ctx, int64_t, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = rows[i].id;
    return q_membership_move(db, ctx, (struct int_array){ids, count}, address_id, NULL, actor->words, actor->user_id, clock_now_us(),
                             &moved);
}

static enum status
prefer(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, int64_t address_id)
{
    struct row_user_get *user;
    int64_t changed = 0;
    enum status status = q_user_prefer(db, user_id, address_id, &changed);

    if (status == STATUS_OK)
        status = account_load(db, ctx, user_id, &user);
    if (status == STATUS_OK && user->preferred_address != address_id)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK && changed > 0)
        status = audit_add(db, actor, "address_prefer", 0, user->email, "");
    return status == STATUS_OK ? follow(db, actor, ctx, user_id, address_id) : status;
}

enum status
account_prefer(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, int64_t address_id)
{
    struct change change;
    enum status status = change_begin(&change, db);

    return status == STATUS_OK ? change_end(&change, prefer(db, actor, ctx, user_id, address_id)) : status;
}

enum status
account_refuse_sole_owner(struct db *db, TALLOC_CTX *ctx, int64_t user_id, int64_t address_id, struct fault *fault)
{
    struct row_sole_lists *rows;
    size_t count;
    enum status status = q_sole_lock(db, user_id, address_id, NULL);

    if (status == STATUS_OK)
        status = q_sole_lists(db, ctx, user_id, address_id, &rows, &count);
    if (status != STATUS_OK || count == 0)
        return status;
    fault_set(fault, STATUS_CONFLICT, "owner", N_("A list would be left without an owner. Please name another one there first."));
    fault->hint = mem_printf(ctx, "%s%s", rows[0].list, count > 1 ? ", ..." : "");
    return STATUS_CONFLICT;
}

static enum status
release(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, int64_t address_id, struct fault *fault)
{
    struct row_user_addresses *rows;
    const char *email = NULL;
    size_t count, left = 0;
    enum status status = q_user_addresses(db, ctx, user_id, &rows, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (rows[i].id == address_id)
            email = rows[i].email;
        else
            left += rows[i].verified_at != 0;
    }
    if (status != STATUS_OK)
        return status;
    if (email == NULL)
        return STATUS_NOT_FOUND;
    if (left == 0)
        return fault_set(fault, STATUS_CONFLICT, "last", N_("This is the only address of the account. Please add another one first."));
    status = account_refuse_sole_owner(db, ctx, 0, address_id, fault);
    if (status == STATUS_OK)
        status = q_memberships_end(db, 0, address_id, actor->words, actor->user_id, clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = q_address_free(db, address_id, NULL);
    return status == STATUS_OK ? audit_add(db, actor, "address_remove", 0, email, "") : status;
}

enum status
account_release(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, int64_t address_id, struct fault *fault)
{
    struct change change;
    enum status status = change_begin(&change, db);

    return status == STATUS_OK ? change_end(&change, release(db, actor, ctx, user_id, address_id, fault)) : status;
}

static enum status
move_one(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, int64_t member_id, int64_t address_id)
{
    struct row_membership_move *moved;
    struct row_me_membership *member;
    struct row_user_addresses *rows;
    const char *mode = address_id == 0 ? "as_user" : "as_address";
    bool is_mine = false;
    size_t count;
    enum status status = q_me_membership(db, ctx, user_id, member_id, &member);

    if (status == STATUS_OK)
        status = q_user_addresses(db, ctx, user_id, &rows, &count);
    if (status != STATUS_OK || member == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    for (size_t i = 0; i < count; i++)
        if (rows[i].verified_at != 0 && (address_id == 0 ? rows[i].is_preferred : rows[i].id == address_id)) {
            address_id = rows[i].id;
            is_mine = true;
        }
    if (!is_mine)
        return STATUS_NOT_FOUND;
    if (member->address == address_id && str_eq(member->mode, mode))
        return STATUS_OK;
    return q_membership_move(db, ctx, (struct int_array){&member_id, 1}, address_id, mode, actor->words, actor->user_id,
                             clock_now_us(), &moved);
}

enum status
account_move_membership(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, int64_t member_id,
                        int64_t address_id)
{
    struct change change;
    enum status status = change_begin(&change, db);

    return status == STATUS_OK ? change_end(&change, move_one(db, actor, ctx, user_id, member_id, address_id)) : status;
}

/* All memberships of one address to another. */
static enum status
move_all(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t from, int64_t to, int64_t *moved_r)
{
    struct row_address_members *rows;
    struct row_membership_move *moved;
    int64_t *ids;
    size_t count;
    enum status status = q_address_members(db, ctx, from, &rows, &count);

    *moved_r = 0;
    if (status != STATUS_OK || count == 0)
        return status;
    ids = mem_array(ctx, int64_t, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = rows[i].id;
    status = q_membership_move(db, ctx, (struct int_array){ids, count}, to, NULL, actor->words, actor->user_id, clock_now_us(), &moved);
    if (status == STATUS_OK)
        *moved_r = moved->moved;
    return status;
}

/* The account keeps its preferred address where that is another one. */
static enum status
replace(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct row_address_by_key *from, int64_t to)
{
    struct row_user_get *user;
    enum status status;

    if (from->user_id == 0)
        return STATUS_OK;
    status = account_load(db, ctx, from->user_id, &user);
    if (status == STATUS_OK)
        status = q_address_give(db, to, from->user_id, clock_now_us(), NULL);
    if (status == STATUS_OK && user->preferred_address == from->id)
        status = prefer(db, actor, ctx, from->user_id, to);
    return status == STATUS_OK ? q_address_free(db, from->id, NULL) : status;
}

static enum status
change_address(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct row_address_by_key *from, const char *email,
               const char *key, int64_t *moved_r, struct fault *fault)
{
    struct row_address_ensure *to;
    enum status status = q_address_ensure(db, ctx, key, email, "", clock_now_us(), &to);

    if (status == STATUS_OK && to->user_id != 0 && to->user_id != from->user_id)
        return fault_set(fault, STATUS_CONFLICT, "new", N_("The new address belongs to another account."));
    if (status == STATUS_OK)
        status = move_all(db, actor, ctx, from->id, to->id, moved_r);
    if (status == STATUS_OK)
        status = replace(db, actor, ctx, from, to->id);
    return status == STATUS_OK ? audit_add(db, actor, "address_change", 0, from->email, email) : status;
}

enum status
account_change_address(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *old, const char *new, int64_t *moved_r,
                       struct fault *fault)
{
    struct address parsed;
    const char *old_key = address_key_of(ctx, old);
    const char *key = address_parse(ctx, new, &parsed) ? address_key(ctx, &parsed) : NULL;
    struct row_address_by_key *from;
    struct change change;
    enum status status;

    if (old_key == NULL || key == NULL)
        return fault_setf(fault, ctx, STATUS_INVALID, old_key == NULL ? "old" : "new", "\"%s\" is not a mail address.",
                          old_key == NULL ? old : new);
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = q_address_by_key(db, ctx, old_key, &from);
    if (status == STATUS_OK && from == NULL)
        status = fault_setf(fault, ctx, STATUS_NOT_FOUND, "old", "%s is not known here.", old);
    if (status == STATUS_OK && str_eq(old_key, key))
        status = fault_set(fault, STATUS_INVALID, "new", N_("The new address is the old one."));
    if (status == STATUS_OK)
        status = change_address(db, actor, ctx, from, address_text(ctx, &parsed), key, moved_r, fault);
    return change_end(&change, status);
}

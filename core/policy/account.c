/* account.c - accounts: which addresses they own, and how they end */
#include <string.h>

#include "mime/address.h"
#include "policy/account.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/i18n.h"
#include "util/str.h"

enum { PASSWORD_LEAST = 10, PASSWORD_MOST = 200, NAME_CHARACTERS = 200 };

static const char *const zones[] = {
#define ZONE(name) name,
#include "policy/zones.def"
#undef ZONE
    NULL,
};

const char *const *
account_zones(void)
{
    return zones;
}

static enum status
load(struct db *db, TALLOC_CTX *ctx, int64_t user_id, struct row_user_get **user_r)
{
    enum status status = q_user_get(db, ctx, user_id, user_r);

    return status == STATUS_OK && *user_r == NULL ? STATUS_NOT_FOUND : status;
}

/* --- addresses --- */

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
        status = load(db, ctx, user_id, &user);
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

static enum status
refuse_if_sole_owner(struct db *db, TALLOC_CTX *ctx, int64_t user_id, int64_t address_id, struct fault *fault)
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
    status = refuse_if_sole_owner(db, ctx, 0, address_id, fault);
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
    status = load(db, ctx, from->user_id, &user);
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

/* --- the account itself --- */

enum status
account_rename(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, const char *name, const char *time_zone,
               struct fault *fault)
{
    const char *text = utf8_cut(ctx, str_trim(ctx, name), NAME_CHARACTERS), *zone = str_is_empty(time_zone) ? NULL : time_zone;
    struct row_user_get *user;
    struct change change;
    int64_t changed = 0;
    size_t i = 0;
    enum status status;

    while (zone != NULL && zones[i] != NULL && !str_eq(zones[i], zone))
        i++;
    if (zone != NULL && zones[i] == NULL)
        return fault_set(fault, STATUS_INVALID, "time_zone", N_("This is not one of the values to choose from."));
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = load(db, ctx, user_id, &user);
    if (status == STATUS_OK)
        status = q_user_rename(db, user_id, text, zone, &changed);
    if (status == STATUS_OK && changed > 0)
        status = audit_add(db, actor, "user_change", 0, user->email,
                           mem_printf(ctx, "%s (%s) -> %s (%s)", user->name, user->time_zone != NULL ? user->time_zone : "-", text,
                                      zone != NULL ? zone : "-"));
    return change_end(&change, status);
}

static enum status
refuse_if_last_admin(struct db *db, TALLOC_CTX *ctx, int64_t user_id, struct fault *fault)
{
    struct row_user_is_last_admin *row;
    enum status status = q_user_is_last_admin(db, ctx, user_id, &row);

    if (status != STATUS_OK || row == NULL || !row->is_last)
        return status;
    return fault_set(fault, STATUS_CONFLICT, "admin", N_("The site would be left without an administrator. Please name another one first."));
}

enum status
account_set_admin(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, bool is_admin, struct fault *fault)
{
    struct row_user_get *user;
    struct change change;
    int64_t changed = 0;
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK)
        return status;
    status = load(db, ctx, user_id, &user);
    if (status == STATUS_OK && !is_admin)
        status = refuse_if_last_admin(db, ctx, user_id, fault);
    if (status == STATUS_OK)
        status = q_user_set_admin(db, user_id, is_admin, &changed);
    if (status == STATUS_OK && changed > 0)
        status = audit_add(db, actor, "user_admin", 0, user->email, is_admin ? "no -> yes" : "yes -> no");
    return change_end(&change, status);
}

enum status
account_delete(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, bool forced, struct fault *fault)
{
    struct row_user_get *user;
    struct change change;
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK)
        return status;
    status = load(db, ctx, user_id, &user);
    if (status == STATUS_OK && !forced)
        status = refuse_if_sole_owner(db, ctx, user_id, 0, fault);
    if (status == STATUS_OK && !forced)
        status = refuse_if_last_admin(db, ctx, user_id, fault);
    if (status == STATUS_OK)
        status = q_memberships_end(db, user_id, 0, actor->words, actor->user_id, clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = q_user_forget(db, user_id, actor->words, clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = q_address_free_all(db, user_id, NULL);
    if (status == STATUS_OK)
        status = q_user_remove(db, user_id, NULL);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "user_delete", 0, user->email, "");
    return change_end(&change, status);
}

/* --- password --- */

static enum status
check_password(struct db *db, TALLOC_CTX *ctx, int64_t user_id, const char *password, struct fault *fault)
{
    struct row_user_addresses *rows;
    size_t count;
    enum status status = q_user_addresses(db, ctx, user_id, &rows, &count);

    if (status == STATUS_OK && utf8_length(password) < PASSWORD_LEAST)
        return fault_set(fault, STATUS_INVALID, "password", N_("A password needs ten characters or more. A few words in a row are good."));
    if (status == STATUS_OK && strlen(password) > PASSWORD_MOST)
        return fault_set(fault, STATUS_INVALID, "password", N_("This text is too long."));
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (str_eq_nocase(rows[i].email, password))
            return fault_set(fault, STATUS_INVALID, "password", N_("Your address is not a good password: others know it."));
    return status;
}

enum status
account_set_password(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t user_id, const char *password,
                     struct fault *fault)
{
    struct change change;
    const char *hash;
    enum status status = check_password(db, ctx, user_id, password, fault);

    if (status != STATUS_OK)
        return status;
    hash = password_hash(ctx, password);
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = q_account_password_put(db, user_id, hash, clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "password_set", 0, actor->words, "");
    return change_end(&change, status);
}

/* account.c - accounts: names, administrators, passwords, and how they end */
#include <string.h>

#include "policy/account-private.h"
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

enum status
account_load(struct db *db, TALLOC_CTX *ctx, int64_t user_id, struct row_user_get **user_r)
{
    enum status status = q_user_get(db, ctx, user_id, user_r);

    return status == STATUS_OK && *user_r == NULL ? STATUS_NOT_FOUND : status;
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
    status = account_load(db, ctx, user_id, &user);
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
    status = account_load(db, ctx, user_id, &user);
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
    status = account_load(db, ctx, user_id, &user);
    if (status == STATUS_OK && !forced)
        status = account_refuse_sole_owner(db, ctx, user_id, 0, fault);
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

/* domain-owner.c - who owns a domain */
#include "mime/address.h"
#include "policy/domain.h"
#include "policy/user.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

enum status
domain_owners(struct db *db, TALLOC_CTX *ctx, const struct domain *domain, struct domain_owner **owners_r, size_t *count_r)
{
    struct row_domain_owners *rows;
    enum status status = q_domain_owners(db, ctx, domain->id, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *owners_r = mem_array(ctx, struct domain_owner, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*owners_r)[i] = (struct domain_owner){rows[i].user_id, rows[i].added_at, rows[i].name, rows[i].email};
    return STATUS_OK;
}

static enum status
insert_owner(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain, const char *key,
             const char *email, struct fault *fault)
{
    int64_t user_id, added = 0;
    enum status status = user_ensure(db, actor, ctx, key, email, &user_id);

    if (status == STATUS_OK)
        status = q_domain_owner_add(db, domain->id, user_id, clock_now_us(), actor->words, &added);
    if (status == STATUS_OK && added == 0)
        return fault_set(fault, STATUS_CONFLICT, "owner", N_("This person owns the domain already."));
    return status == STATUS_OK ? audit_add(db, actor, "domain_owner_add", 0, domain->name, email) : status;
}

enum status
domain_owner_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain, const char *address,
                 struct fault *fault)
{
    struct address parsed;
    const char *key = address_parse(ctx, address, &parsed) ? address_key(ctx, &parsed) : NULL;
    struct change change;
    enum status status;

    if (key == NULL)
        return fault_set(fault, STATUS_INVALID, "owner", N_("This does not look like a mail address. It should be like hana@example.jp."));
    status = change_begin(&change, db);
    return status != STATUS_OK ? status
        : change_end(&change, insert_owner(db, actor, ctx, domain, key, address_text(ctx, &parsed), fault));
}

static enum status
drop_owner(struct db *db, const struct actor *actor, const struct domain *domain, const char *key, struct fault *fault)
{
    int64_t changed = 0;
    enum status status = q_domain_owner_drop(db, domain->id, key, &changed);

    if (status == STATUS_OK && changed == 0)
        return fault_set(fault, STATUS_NOT_FOUND, "owner", N_("This person does not own the domain."));
    return status == STATUS_OK ? audit_add(db, actor, "domain_owner_remove", 0, domain->name, key) : status;
}

enum status
domain_owner_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain, const char *address,
                    struct fault *fault)
{
    const char *key = address_key_of(ctx, address);
    struct change change;
    enum status status;

    if (key == NULL)
        return fault_set(fault, STATUS_NOT_FOUND, "owner", N_("This person does not own the domain."));
    status = change_begin(&change, db);
    return status == STATUS_OK ? change_end(&change, drop_owner(db, actor, domain, key, fault)) : status;
}

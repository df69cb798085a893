/* list-name.c - another name for a list, and its old ones */
#include <string.h>

#include "mime/address.h"
#include "policy/list-private.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

static enum status
give_name(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *list, const struct row_domain_find *domain,
          const char *name, bool take, struct fault *fault)
{
    enum status status = list_claim_name(db, ctx, domain->id, name, list->id, take, fault);
    int64_t changed = 0;

    if (status == STATUS_OK) {
        status = q_list_rename(db, list->id, domain->id, name, &changed);
        if (status == STATUS_CONFLICT)
            return fault_set(fault, status, "name", N_("There is a list of this name already."));
    }
    if (status == STATUS_OK && changed == 0)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = q_list_old_name_add(db, list->domain_id, list->name, list->id, clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = setting_rewrite_effective(db, SCOPE_LIST, list->id);
    return status != STATUS_OK ? status
        : audit_add(db, actor, "list_rename", list->id, mem_printf(ctx, "%s@%s", name, domain->name),
                    mem_printf(ctx, "%s -> %s@%s", list->address, name, domain->name));
}

enum status
list_rename(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *list, const char *name, const char *domain,
            bool take_old_name, struct list **list_r, struct fault *fault)
{
    const char *trouble = list_name_trouble(name), *ascii = address_domain_ascii(ctx, domain);
    struct row_domain_find *where = NULL;
    struct change change;
    enum status status;

    if (trouble != NULL)
        return fault_set(fault, STATUS_INVALID, "name", trouble);
    status = ascii == NULL ? STATUS_OK : q_domain_find(db, ctx, ascii, &where);
    if (status == STATUS_OK && where == NULL)
        return fault_set(fault, STATUS_NOT_FOUND, "domain", N_("There is no such domain here; make it first."));
    if (status == STATUS_OK && where->id == list->domain_id && str_eq(name, list->name))
        return fault_set(fault, STATUS_INVALID, "name", N_("This is its name already."));
    if (status == STATUS_OK)
        status = change_begin(&change, db);
    if (status == STATUS_OK)
        status = change_end(&change, give_name(db, actor, ctx, list, where, name, take_old_name, fault));
    return status == STATUS_OK ? list_by_id(db, ctx, list->id, list_r) : status;
}

enum status
list_old_names(struct db *db, TALLOC_CTX *ctx, const struct list *list, struct list_old_name **names_r, size_t *count_r)
{
    struct row_list_old_names *rows;
    enum status status = q_list_old_names(db, ctx, list->id, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *names_r = mem_array(ctx, struct list_old_name, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*names_r)[i] = (struct list_old_name){rows[i].domain_id, rows[i].renamed_at, rows[i].name, rows[i].domain,
                                               mem_printf(ctx, "%s@%s", rows[i].name, rows[i].domain)};
    return STATUS_OK;
}

static enum status
drop_name(struct db *db, const struct actor *actor, const struct list *list, const struct list_old_name *name)
{
    enum status status = q_list_old_name_drop(db, name->domain_id, name->name, NULL);

    return status == STATUS_OK ? audit_add(db, actor, "list_old_name_drop", list->id, name->address, "") : status;
}

enum status
list_old_name_drop(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *list, const char *address)
{
    const char *key = address_key_of(ctx, address);
    struct list_old_name *names;
    struct change change;
    size_t count, at = 0;
    enum status status = list_old_names(db, ctx, list, &names, &count);

    while (status == STATUS_OK && at < count && !str_eq(names[at].address, key))
        at++;
    if (status == STATUS_OK && at == count)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = change_begin(&change, db);
    return status == STATUS_OK ? change_end(&change, drop_name(db, actor, list, &names[at])) : status;
}

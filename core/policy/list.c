/* list.c - mailing lists: made, found, removed */
#include <ctype.h>
#include <string.h>

#include "mime/address.h"
#include "policy/list.h"
#include "policy/member.h"
#include "policy/recipient.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

enum { NAME_MAX_LETTERS = 60 };

static bool
letter_fits(char c, bool first)
{
    return islower((unsigned char)c) || isdigit((unsigned char)c) || (!first && c != '\0' && strchr("._+-", c) != NULL);
}

const char *
list_name_trouble(const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len > NAME_MAX_LETTERS)
        return N_("A list's name has 1 to 60 letters.");
    for (size_t i = 0; i < len; i++)
        if (!letter_fits(name[i], i == 0))
            return N_("A list's name is made of small letters, digits and . _ + - and begins with a letter or digit.");
    if (name[len - 1] == '.' || strstr(name, "..") != NULL)
        return N_("A list's name may not end in a dot or have two dots together.");
    if (recipient_is_token_like(name))
        return N_("A list's name may not begin with b. u. or r. because such addresses carry tokens.");
    if (recipient_ends_in_sub_address(name))
        return N_("A list's name may not end in -owner, -request, -join or the like because these are sub-addresses of lists.");
    if (strchr(name, '+') != NULL)
        return N_("A list's name may not have a + because what follows it is taken for a detail.");
    return NULL;
}

static struct list *
list_new(TALLOC_CTX *ctx, const struct row_list_find *row)
{
    struct list *list = mem_new(ctx, struct list);

    *list = (struct list){.id = row->id, .domain_id = row->domain_id, .last_number = row->last_number,
                          .created_at = row->created_at, .name = row->name, .domain = row->domain,
                          .web_host = row->web_host, .token_domain = row->token_domain};
    list->address = mem_printf(list, "%s@%s", row->name, row->domain);
    return list;
}

/* Name and domain of a list's address, in the form in which they are stored. False: it is no address. */
static bool
split_address(TALLOC_CTX *ctx, const char *text, char **name_r, const char **domain_r)
{
    char *key = address_key_of(ctx, text), *at = key == NULL ? NULL : strrchr(key, '@');

    if (at == NULL)
        return false;
    *at = '\0';
    *name_r = key;
    *domain_r = at + 1;
    return true;
}

enum status
list_find(struct db *db, TALLOC_CTX *ctx, const char *address, struct list **list_r, struct fault *fault)
{
    struct row_list_find *row = NULL;
    const char *domain;
    char *name;
    enum status status;

    if (!split_address(ctx, address, &name, &domain))
        return fault_setf(fault, ctx, STATUS_INVALID, "list", "\"%s\" is not a list's address (LIST@DOMAIN).", address);
    status = q_list_find(db, ctx, name, domain, &row);
    if (status != STATUS_OK)
        return status;
    if (row == NULL)
        return fault_setf(fault, ctx, STATUS_NOT_FOUND, "list", "There is no list %s@%s.", name, domain);
    *list_r = list_new(ctx, row);
    return STATUS_OK;
}

enum status
list_by_id(struct db *db, TALLOC_CTX *ctx, int64_t id, struct list **list_r)
{
    struct row_list_by_id *row;
    enum status status = q_list_by_id(db, ctx, id, &row);
    struct row_list_find same;

    if (status != STATUS_OK || row == NULL)
        return status == STATUS_OK ? STATUS_NOT_FOUND : status;
    same = (struct row_list_find){row->id, row->name, row->domain_id, row->domain, row->web_host, row->token_domain,
                                  row->last_number, row->created_at};
    *list_r = list_new(ctx, &same);
    return STATUS_OK;
}

static enum status
set_first_values(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t id, const char *display_name,
                 const char *language, struct fault *fault)
{
    enum status status = STATUS_OK;

    if (display_name != NULL)
        status = setting_set(db, actor, SCOPE_LIST, id, "display_name", display_name, ctx, fault);
    if (status == STATUS_OK && language != NULL)
        status = setting_set(db, actor, SCOPE_LIST, id, "preferred_language", language, ctx, fault);
    return status;
}

static enum status
add_owner(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *owner, struct fault *fault)
{
    struct person *people;
    size_t count;
    enum status status;

    if (owner == NULL)
        return STATUS_OK;
    people = person_read(ctx, owner, &count);
    if (count != 1 || people[0].key == NULL)
        return fault_setf(fault, ctx, STATUS_INVALID, "owner", "\"%s\" is not a mail address.", owner);
    status = member_add(db, actor, ctx, list_id, "owner", people, count);
    if (status == STATUS_OK && people[0].outcome != PERSON_ADDED)
        return fault_setf(fault, ctx, STATUS_INVALID, "owner", "%s: %s", owner, person_outcome_sentence(people[0].outcome));
    return status;
}

static enum status
insert_list(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *name, const char *domain,
            const char *display_name, const char *language, const char *owner, struct fault *fault)
{
    struct row_domain_find *where;
    struct row_list_add *row;
    enum status status = q_domain_find(db, ctx, domain, &where);

    if (status != STATUS_OK)
        return status;
    if (where == NULL)
        return fault_setf(fault, ctx, STATUS_NOT_FOUND, "domain", "There is no domain %s here; make it first.", domain);
    status = q_list_add(db, ctx, where->id, name, clock_now_us(), &row);
    if (status == STATUS_CONFLICT)
        return fault_setf(fault, ctx, status, "name", "The list %s@%s is here already, or was removed and is not erased yet.",
                          name, domain);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "list_create", row->id, mem_printf(ctx, "%s@%s", name, domain), "");
    if (status == STATUS_OK)
        status = setting_rewrite_effective(db, SCOPE_LIST, row->id);
    if (status == STATUS_OK)
        status = set_first_values(db, actor, ctx, row->id, display_name, language, fault);
    if (status == STATUS_OK)
        status = add_owner(db, actor, ctx, row->id, owner, fault);
    return status;
}

enum status
list_create(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *address, const char *display_name,
            const char *language, const char *owner, struct list **list_r, struct fault *fault)
{
    const char *domain, *trouble;
    char *name;
    struct change change;
    enum status status;

    if (!split_address(ctx, address, &name, &domain))
        return fault_setf(fault, ctx, STATUS_INVALID, "list", "\"%s\" is not a list's address (LIST@DOMAIN).", address);
    trouble = list_name_trouble(name);
    if (trouble != NULL)
        return fault_set(fault, STATUS_INVALID, "list", trouble);
    status = change_begin(&change, db);
    if (status == STATUS_OK)
        status = change_end(&change, insert_list(db, actor, ctx, name, domain, display_name, language, owner, fault));
    if (status == STATUS_OK)
        status = list_find(db, ctx, address, list_r, fault);
    return status;
}

enum status
list_remove(struct db *db, const struct actor *actor, const struct list *list)
{
    struct change change;
    int64_t changed = 0;
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK)
        return status;
    status = q_list_remove(db, list->id, clock_now_us(), &changed);
    if (status == STATUS_OK && changed == 0)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = q_list_effective_drop(db, list->id, NULL);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "list_remove", list->id, list->address, "");
    return change_end(&change, status);
}

/* list-make.c - a new list: its name, what it begins with, its owners, and their mail */
#include <string.h>

#include "mime/address.h"
#include "policy/list-private.h"
#include "policy/member.h"
#include "policy/notice.h"
#include "policy/style.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

/* --- what is asked of the order --- */

static enum status
find_domain(struct db *db, TALLOC_CTX *ctx, const char *name, struct row_domain_find **domain_r, struct fault *fault)
{
    const char *ascii = address_domain_ascii(ctx, name);
    enum status status = STATUS_OK;

    *domain_r = NULL;
    if (ascii != NULL)
        status = q_domain_find(db, ctx, ascii, domain_r);
    if (status == STATUS_OK && *domain_r == NULL)
        return fault_set(fault, STATUS_NOT_FOUND, "domain", N_("There is no such domain here; make it first."));
    return status;
}

/* The owners as they were written: one a line, or with commas between. */
static enum status
read_owners(TALLOC_CTX *ctx, const char *text, struct person **people_r, size_t *count_r, struct fault *fault)
{
    char *lines = mem_strdup(ctx, text == NULL ? "" : text);
    bool quoted = false;

    for (char *s = lines; *s != '\0'; s++) {
        quoted = *s == '"' ? !quoted : quoted && *s != '\n';
        if ((*s == ',' || *s == ';') && !quoted)
            *s = '\n';
    }
    *people_r = person_read(ctx, lines, count_r);
    for (size_t i = 0; i < *count_r; i++)
        if ((*people_r)[i].key == NULL)
            return fault_set(fault, STATUS_INVALID, "owners", N_("One of these is not a mail address."));
    return STATUS_OK;
}

enum status
list_claim_name(struct db *db, TALLOC_CTX *ctx, int64_t domain_id, const char *name, int64_t list_id, bool take, struct fault *fault)
{
    struct row_list_old_name_of *old;
    struct row_list_name_taken *taken;
    enum status status = q_list_name_taken(db, ctx, domain_id, name, &taken);

    if (status == STATUS_OK && taken != NULL)
        return fault_set(fault, STATUS_CONFLICT, "name",
                         taken->is_removed ? N_("A removed list has this name until it is erased.")
                                           : N_("There is a list of this name already."));
    if (status == STATUS_OK)
        status = q_list_old_name_of(db, ctx, domain_id, name, &old);
    if (status != STATUS_OK || old == NULL)
        return status;
    if (old->list_id != list_id && !take) {
        status = fault_set(fault, STATUS_CONFLICT, "name", N_("Another list was called so, and mail to this name still reaches it."));
        if (fault != NULL)
            fault->hint = "old_name";
        return status;
    }
    return q_list_old_name_drop(db, domain_id, name, NULL);
}

/* --- what it begins with --- */

static enum status
set_one(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t id, const char *name, const char *value, struct fault *fault)
{
    return str_is_empty(value) ? STATUS_OK : setting_set(db, actor, SCOPE_LIST, id, name, value, ctx, fault);
}

static enum status
set_first_values(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *list, const struct list_order *order,
                 struct fault *fault)
{
    const struct { const char *name, *value; } values[] = {
        {"display_name", order->display_name}, {"description", order->description}, {"preferred_language", order->language},
        {"advertised", order->advertised},
    };
    enum status status = STATUS_OK;

    if (order->like != NULL)
        status = list_copy(db, actor, ctx, order->like, list, order->parts, fault);
    if (status == STATUS_OK && !str_is_empty(order->style))
        status = style_apply(db, actor, ctx, list->id, order->style, fault);
    for (size_t i = 0; i < COUNT_OF(values) && status == STATUS_OK; i++)
        status = set_one(db, actor, ctx, list->id, values[i].name, values[i].value, fault);
    return status;
}

static enum status
add_owners(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, struct person *people, size_t count,
           struct fault *fault)
{
    enum status status = count == 0 ? STATUS_OK : member_add(db, actor, ctx, list_id, "owner", people, count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (people[i].outcome == PERSON_BANNED)
            status = fault_set(fault, STATUS_INVALID, "owners", N_("One of these addresses is banned."));
        else if (people[i].outcome == PERSON_OWN)
            status = fault_set(fault, STATUS_INVALID, "owners", N_("One of these is the list's own address."));
    return status;
}

static void
fill_new(TALLOC_CTX *ctx, struct notice *notice, const struct list *list, const char *url, const void *about)
{
    (void)about;
    notice->kind = NOTICE_list_new;
    notice->args[0] = notice->from_display;
    notice->args[1] = list->address;
    notice->args[2] = url;
    notice->args[3] = mem_printf(ctx, "%ssettings/", url);
}

static enum status
insert_list(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list_order *order, const struct list_mail *mail,
            struct list **list_r, struct fault *fault)
{
    struct row_domain_find *domain;
    struct row_list_add *row;
    struct person *owners;
    size_t count;
    enum status status = find_domain(db, ctx, order->domain, &domain, fault);

    if (status == STATUS_OK)
        status = read_owners(ctx, order->owners, &owners, &count, fault);
    if (status == STATUS_OK)
        status = list_claim_name(db, ctx, domain->id, order->name, 0, order->take_old_name, fault);
    if (status == STATUS_OK) {
        status = q_list_add(db, ctx, domain->id, order->name, clock_now_us(), &row);
        if (status == STATUS_CONFLICT)      /* made at the same moment */
            return fault_set(fault, status, "name", N_("There is a list of this name already."));
    }
    if (status == STATUS_OK)
        status = list_by_id(db, ctx, row->id, list_r);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "list_create", row->id, (*list_r)->address,
                           order->like != NULL ? mem_printf(ctx, "like %s", order->like->address)
                                               : str_is_empty(order->style) ? "" : order->style);
    if (status == STATUS_OK)
        status = set_first_values(db, actor, ctx, *list_r, order, fault);
    if (status == STATUS_OK)
        status = setting_rewrite_effective(db, SCOPE_LIST, row->id);
    if (status == STATUS_OK)
        status = add_owners(db, actor, ctx, row->id, owners, count, fault);
    return status == STATUS_OK ? list_tell_owners(db, ctx, *list_r, mail, fill_new, NULL) : status;
}

enum status
list_make(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list_order *order, const struct list_mail *mail,
          struct list **list_r, struct fault *fault)
{
    const char *trouble = list_name_trouble(order->name);
    struct change change;
    enum status status;

    if (trouble != NULL)
        return fault_set(fault, STATUS_INVALID, "name", trouble);
    if (!str_is_empty(order->style) && style_find(order->style) == NULL)
        return fault_set(fault, STATUS_INVALID, "style", N_("There is no such kind of list."));
    status = change_begin(&change, db);
    return status != STATUS_OK ? status : change_end(&change, insert_list(db, actor, ctx, order, mail, list_r, fault));
}

enum status
list_create(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *address, const char *display_name,
            const char *language, const char *owner, struct list **list_r, struct fault *fault)
{
    char *key = address_key_of(ctx, address), *at = key == NULL ? NULL : strrchr(key, '@');
    struct list_order order = {.name = key, .display_name = display_name, .language = language, .owners = owner};

    if (at == NULL)
        return fault_setf(fault, ctx, STATUS_INVALID, "list", "\"%s\" is not a list's address (LIST@DOMAIN).", address);
    *at = '\0';
    order.domain = at + 1;
    return list_make(db, actor, ctx, &order, NULL, list_r, fault);
}

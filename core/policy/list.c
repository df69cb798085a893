/* list.c - mailing lists: what may be a name, and how a list is found */
#include <ctype.h>
#include <string.h>

#include "mime/address.h"
#include "policy/list.h"
#include "policy/recipient.h"
#include "store/statements.h"
#include "util/conf.h"
#include "util/str.h"

enum { NAME_MAX_LETTERS = 64 - 12   /* so that NAME-unsubscribe fits a local part */ };

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
        return N_("A list's name has 1 to 52 letters.");
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
                          .web_host = row->web_host, .token_domain = row->token_domain, .slug = row->slug};
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

static enum status
find_anyhow(struct db *db, TALLOC_CTX *ctx, const char *name, const char *domain, struct row_list_find **row_r)
{
    struct row_list_find_anyhow *now;
    enum status status = q_list_find_anyhow(db, ctx, name, domain, &now);

    return status != STATUS_OK || now == NULL ? status : q_list_find(db, ctx, now->name, now->domain, row_r);
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
    if (status == STATUS_OK && row == NULL)
        status = find_anyhow(db, ctx, name, domain, &row);
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
                                  row->last_number, row->created_at, row->slug};
    *list_r = list_new(ctx, &same);
    return STATUS_OK;
}

enum status
list_find_ended(struct db *db, TALLOC_CTX *ctx, int64_t id, const char *address, struct list **list_r, struct fault *fault)
{
    struct row_list_ended *row = NULL;
    const char *domain = NULL;
    char *name = NULL;
    enum status status;

    if (id == 0 && !split_address(ctx, address, &name, &domain))
        return fault_setf(fault, ctx, STATUS_INVALID, "list", "\"%s\" is not a list's address (LIST@DOMAIN).", address);
    status = q_list_ended(db, ctx, id, name, domain, &row);
    if (status != STATUS_OK)
        return status;
    if (row == NULL)
        return fault_set(fault, STATUS_NOT_FOUND, "list", N_("There is no removed list of this name."));
    *list_r = mem_new(ctx, struct list);
    **list_r = (struct list){.id = row->id, .domain_id = row->domain_id, .last_number = row->last_number,
                             .removed_at = row->removed_at, .erase_at = row->erase_at, .name = row->name, .domain = row->domain,
                             .address = mem_printf(*list_r, "%s@%s", row->name, row->domain), .web_host = row->web_host,
                             .slug = row->name};
    return STATUS_OK;
}

enum status
list_addresses(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct text_array *addresses_r)
{
    struct row_list_addresses *rows;
    const char **addresses;
    size_t count;
    enum status status = q_list_addresses(db, ctx, list_id, &rows, &count);

    if (status != STATUS_OK)
        return status;
    addresses = mem_array(ctx, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        addresses[i] = rows[i].address;
    *addresses_r = (struct text_array){addresses, count};
    return STATUS_OK;
}

char *
list_url(TALLOC_CTX *ctx, const char *site_url, const struct list *list)
{
    return mem_printf(ctx, "%s/lists/%s/", conf_url_of(ctx, site_url, list->web_host), list->slug);
}

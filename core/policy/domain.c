/* domain.c - mail domains that have lists, and what else they are called */
#include <ctype.h>
#include <string.h>

#include "mime/address.h"
#include "policy/domain.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

enum { DESCRIPTION_CHARACTERS = 300 };

/* A host as it stands in an address of a page: name or literal, with a port in a try-out. */
static bool
web_host_is_valid(const char *host)
{
    size_t len = strlen(host);

    if (len == 0 || len > 260)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)host[i]) && strchr("-.:[]", host[i]) == NULL)
            return false;
    return true;
}

/* The fields that can be changed, in their stored form. */
static enum status
check_fields(TALLOC_CTX *ctx, struct domain *domain, struct fault *fault)
{
    const char *token = address_domain_ascii(ctx, domain->token_domain);

    domain->web_host = str_lower(ctx, domain->web_host);
    if (!web_host_is_valid(domain->web_host))
        return fault_set(fault, STATUS_INVALID, "web_host", N_("This is not the name of a host, such as lists.example.jp."));
    if (token == NULL)
        return fault_set(fault, STATUS_INVALID, "token_domain", N_("This is not a domain name, such as lists.example.jp."));
    domain->token_domain = token;
    domain->description = str_trim(ctx, domain->description);
    if (strlen(utf8_cut(ctx, domain->description, DESCRIPTION_CHARACTERS)) < strlen(domain->description))
        return fault_set(fault, STATUS_INVALID, "description", N_("This is longer than there is room for."));
    return STATUS_OK;
}

/* No domain and no alias has the name; stays so until the transaction ends. */
static enum status
claim_name(struct db *db, TALLOC_CTX *ctx, const char *name, struct fault *fault)
{
    struct row_domain_name_of *taken;
    enum status status = q_domain_names_lock(db, NULL);

    if (status == STATUS_OK)
        status = q_domain_name_of(db, ctx, name, &taken);
    if (status != STATUS_OK || taken == NULL)
        return status;
    return fault_set(fault, STATUS_CONFLICT, "name", taken->is_alias ? N_("This is another name of a domain that is here already.")
                                                                     : N_("This domain is here already."));
}

static enum status
insert_domain(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct domain *domain, struct fault *fault)
{
    struct row_domain_add *row;
    enum status status = claim_name(db, ctx, domain->name, fault);

    if (status == STATUS_OK)
        status = q_domain_add(db, ctx, domain->name, domain->web_host, domain->token_domain, domain->description,
                              domain->created_at, &row);
    if (status != STATUS_OK)
        return status;
    domain->id = row->id;
    return audit_add(db, actor, "domain_create", 0, domain->name,
                     mem_printf(ctx, "web host %s, token domain %s", domain->web_host, domain->token_domain));
}

enum status
domain_create(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *name, const char *web_host,
              const char *token_domain, struct domain **domain_r, struct fault *fault)
{
    struct domain *domain = mem_new(ctx, struct domain);
    struct change change;
    enum status status;

    domain->name = address_domain_ascii(domain, name);
    if (domain->name == NULL)
        return fault_set(fault, STATUS_INVALID, "name", N_("This is not a domain name, such as lists.example.jp."));
    domain->web_host = web_host == NULL ? domain->name : web_host;
    domain->token_domain = token_domain == NULL ? domain->name : token_domain;
    domain->description = "";
    domain->created_at = clock_now_us();
    status = check_fields(domain, domain, fault);
    if (status == STATUS_OK)
        status = change_begin(&change, db);
    if (status == STATUS_OK)
        status = change_end(&change, insert_domain(db, actor, ctx, domain, fault));
    if (status == STATUS_OK)
        *domain_r = domain;
    return status;
}

enum status
domain_find(struct db *db, TALLOC_CTX *ctx, const char *name, struct domain **domain_r, struct fault *fault)
{
    const char *ascii = address_domain_ascii(ctx, name);
    struct row_domain_find *row = NULL;
    enum status status = ascii == NULL ? STATUS_OK : q_domain_find(db, ctx, ascii, &row);

    if (status != STATUS_OK)
        return status;
    if (row == NULL)
        return fault_setf(fault, ctx, STATUS_NOT_FOUND, "domain", "There is no domain %s here.", name);
    *domain_r = mem_new(ctx, struct domain);
    **domain_r = (struct domain){.id = row->id, .lists = row->lists, .created_at = row->created_at, .name = row->name,
                                 .web_host = row->web_host, .token_domain = row->token_domain, .description = row->description};
    return STATUS_OK;
}

enum status
domain_all(struct db *db, TALLOC_CTX *ctx, struct domain **domains_r, size_t *count_r)
{
    struct row_domain_all *rows;
    enum status status = q_domain_all(db, ctx, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *domains_r = mem_array(ctx, struct domain, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*domains_r)[i] = (struct domain){.id = rows[i].id, .lists = rows[i].lists, .created_at = rows[i].created_at,
                                          .name = rows[i].name, .web_host = rows[i].web_host,
                                          .token_domain = rows[i].token_domain, .description = rows[i].description};
    return STATUS_OK;
}

/* --- changing --- */

static enum status
write_fields(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *before, const struct domain *after)
{
    const struct { const char *name, *before, *after; } fields[] = {
        {"web host", before->web_host, after->web_host}, {"token domain", before->token_domain, after->token_domain},
        {"description", before->description, after->description},
    };
    struct str *detail = str_new(ctx);
    enum status status;

    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (!str_eq(fields[i].before, fields[i].after))
            str_addf(detail, "%s%s: %s -> %s", detail->len > 0 ? ", " : "", fields[i].name, fields[i].before, fields[i].after);
    if (detail->len == 0)
        return STATUS_OK;
    status = q_domain_set(db, before->id, after->web_host, after->token_domain, after->description, NULL);
    return status == STATUS_OK ? audit_add(db, actor, "domain_change", 0, before->name, detail->s) : status;
}

enum status
domain_set(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain, const char *web_host,
           const char *token_domain, const char *description, struct fault *fault)
{
    struct domain after = *domain;
    struct change change;
    enum status status;

    after.web_host = web_host != NULL ? web_host : domain->web_host;
    after.token_domain = token_domain != NULL ? token_domain : domain->token_domain;
    after.description = description != NULL ? description : domain->description;
    status = check_fields(ctx, &after, fault);
    if (status == STATUS_OK)
        status = change_begin(&change, db);
    return status == STATUS_OK ? change_end(&change, write_fields(db, actor, ctx, domain, &after)) : status;
}

/* A list that was removed keeps its domain until it is erased; mail that is still to go out is signed with its keys. */
static enum status
drop_domain(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain, struct fault *fault)
{
    struct row_domain_is_used *used;
    enum status status = q_domain_is_used(db, ctx, domain->id, &used);

    if (status != STATUS_OK)
        return status;
    if (used->lists > 0)
        return fault_set(fault, STATUS_CONFLICT, "name", N_("The domain still has lists."));
    if (used->removed > 0)
        return fault_set(fault, STATUS_CONFLICT, "name", N_("The domain has removed lists that are not erased yet."));
    if (used->notices > 0)
        return fault_set(fault, STATUS_CONFLICT, "name", N_("Mails of the domain are still waiting to go out."));
    status = q_domain_settings_remove(db, domain->id, NULL);
    if (status == STATUS_OK)
        status = q_domain_remove(db, domain->id, NULL);
    if (status == STATUS_INVALID)       /* a list was made meanwhile */
        return fault_set(fault, STATUS_CONFLICT, "name", N_("The domain still has lists."));
    return status == STATUS_OK ? audit_add(db, actor, "domain_remove", 0, domain->name, "") : status;
}

enum status
domain_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain, struct fault *fault)
{
    struct change change;
    enum status status = change_begin(&change, db);

    if (status == STATUS_OK)
        status = change_end(&change, drop_domain(db, actor, ctx, domain, fault));
    return status;
}

/* --- other names --- */

enum status
domain_aliases(struct db *db, TALLOC_CTX *ctx, const struct domain *domain, struct text_array *names_r)
{
    struct row_domain_aliases *rows;
    const char **names;
    size_t count;
    enum status status = q_domain_aliases(db, ctx, domain->id, &rows, &count);

    if (status != STATUS_OK)
        return status;
    names = mem_array(ctx, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = rows[i].name;
    *names_r = (struct text_array){names, count};
    return STATUS_OK;
}

static enum status
insert_alias(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain, const char *alias,
             struct fault *fault)
{
    enum status status = claim_name(db, ctx, alias, fault);

    if (status == STATUS_CONFLICT && fault != NULL)
        fault->field = "alias";
    if (status == STATUS_OK)
        status = q_domain_alias_add(db, alias, domain->id, clock_now_us(), NULL);
    return status == STATUS_OK ? audit_add(db, actor, "domain_alias_add", 0, domain->name, alias) : status;
}

enum status
domain_alias_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain, const char *alias,
                 struct fault *fault)
{
    const char *ascii = address_domain_ascii(ctx, alias);
    struct change change;
    enum status status;

    if (ascii == NULL)
        return fault_set(fault, STATUS_INVALID, "alias", N_("This is not a domain name, such as lists.example.jp."));
    status = change_begin(&change, db);
    return status == STATUS_OK ? change_end(&change, insert_alias(db, actor, ctx, domain, ascii, fault)) : status;
}

static enum status
drop_alias(struct db *db, const struct actor *actor, const struct domain *domain, const char *alias, struct fault *fault)
{
    int64_t changed = 0;
    enum status status = q_domain_alias_drop(db, alias, domain->id, &changed);

    if (status == STATUS_OK && changed == 0)
        return fault_set(fault, STATUS_NOT_FOUND, "alias", N_("The domain has no such other name."));
    return status == STATUS_OK ? audit_add(db, actor, "domain_alias_remove", 0, domain->name, alias) : status;
}

enum status
domain_alias_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain, const char *alias,
                    struct fault *fault)
{
    const char *ascii = address_domain_ascii(ctx, alias);
    struct change change;
    enum status status = change_begin(&change, db);

    return status == STATUS_OK ? change_end(&change, drop_alias(db, actor, domain, ascii != NULL ? ascii : alias, fault)) : status;
}

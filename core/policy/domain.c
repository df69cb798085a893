/* domain.c - mail domains that have lists */
#include <ctype.h>
#include <string.h>

#include "mime/address.h"
#include "policy/domain.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

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

static enum status
insert_domain(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct domain *domain, struct fault *fault)
{
    struct row_domain_add *row;
    enum status status = q_domain_add(db, ctx, domain->name, domain->web_host, domain->token_domain, domain->created_at, &row);

    if (status == STATUS_CONFLICT)
        return fault_setf(fault, ctx, status, "name", "The domain %s is here already.", domain->name);
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
        return fault_setf(fault, ctx, STATUS_INVALID, "name", "\"%s\" is not a domain name.", name);
    domain->web_host = web_host == NULL ? domain->name : str_lower(domain, web_host);
    if (!web_host_is_valid(domain->web_host))
        return fault_setf(fault, ctx, STATUS_INVALID, "web_host", "\"%s\" is not a host name.", web_host);
    domain->token_domain = token_domain == NULL ? domain->name : address_domain_ascii(domain, token_domain);
    if (domain->token_domain == NULL)
        return fault_setf(fault, ctx, STATUS_INVALID, "token_domain", "\"%s\" is not a domain name.", token_domain);
    domain->created_at = clock_now_us();
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
                                 .web_host = row->web_host, .token_domain = row->token_domain};
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
                                          .token_domain = rows[i].token_domain};
    return STATUS_OK;
}

static enum status
drop_domain(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain, struct fault *fault)
{
    enum status status = q_domain_settings_remove(db, domain->id, NULL);

    if (status == STATUS_OK)
        status = q_domain_remove(db, domain->id, NULL);
    if (status == STATUS_INVALID)       /* a list still refers to it */
        return fault_setf(fault, ctx, STATUS_CONFLICT, "name", "The domain %s still has lists, or removed lists that are not "
                          "erased yet.", domain->name);
    if (status != STATUS_OK)
        return status;
    return audit_add(db, actor, "domain_remove", 0, domain->name, "");
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

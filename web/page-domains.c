/* page-domains.c - domains: their hosts, owners, other names, keys; and the lists in them */
#include <string.h>

#include "mime/address.h"
#include "policy/domain.h"
#include "policy/key.h"
#include "store/statements.h"
#include "web/common.h"
#include "web/page.h"

enum { LISTS_ON_A_PAGE = 100 };

/* The domain of the path as policy/ takes it. */
static enum status
domain_of_path(struct request *request, struct domain **domain_r)
{
    return domain_find(request->web->db, request, request->domain->name, domain_r, NULL);
}

static const char *
domain_path(struct request *request, const char *name)
{
    return mem_printf(request, "/admin/domains/%s/", name);
}

/* ---- all of them ---- */

enum status
page_domains(struct request *request, struct fault *fault)
{
    struct row_domain_of_user *domains;
    struct out *rows = out_rows(request->page, "domains");
    size_t count;
    enum status status = q_domain_of_user(request->web->db, request, request->me.user_id, request->standing.is_admin, &domains, &count);

    (void)fault;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "name", address_domain_unicode(row, domains[i].name));
        out_text(row, "path", domain_path(request, domains[i].name));
        out_text(row, "web_host", domains[i].web_host);
        out_text(row, "description", domains[i].description);
        out_int(row, "lists", domains[i].lists);
    }
    return status;
}

/* ---- one ---- */

static enum status
show_lists(struct request *request, const struct domain *domain)
{
    struct row_domain_lists *lists;
    struct out *rows = out_rows(request->page, "lists");
    size_t count;
    const char *after = request->route->method == ROUTE_GET && request_has(request, "after") ? request_text(request, "after") : NULL;
    enum status status = q_domain_lists(request->web->db, request, domain->id, after, LISTS_ON_A_PAGE + 1, &lists, &count);

    for (size_t i = 0; status == STATUS_OK && i < count && i < LISTS_ON_A_PAGE; i++) {
        struct out *row = out_row(rows);

        out_text(row, "name", lists[i].name);
        out_text(row, "title", lists[i].title);
        out_text(row, "path", mem_printf(row, "/lists/%s/", lists[i].slug));
    }
    out_bool(request->page, "is_first", after == NULL);
    if (status == STATUS_OK && count > LISTS_ON_A_PAGE)
        out_text(request->page, "next", mem_printf(request, "%s?after=%s#lists", domain_path(request, domain->name),
                                                   url_escape(request, lists[LISTS_ON_A_PAGE - 1].name)));
    return status;
}

/* A link to the page that asks before something is taken away. */
static const char *
drop_link(struct request *request, const struct domain *domain, const char *what, const char *value)
{
    return mem_printf(request, "%sremove?%s=%s", domain_path(request, domain->name), what, url_escape(request, value));
}

static enum status
show_people_and_names(struct request *request, const struct domain *domain)
{
    struct out *owners = out_rows(request->page, "owners"), *aliases = out_rows(request->page, "aliases");
    struct domain_owner *people;
    struct text_array names;
    size_t count;
    enum status status = domain_owners(request->web->db, request, domain, &people, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(owners);

        out_text(row, "name", people[i].name);
        out_text(row, "email", people[i].email);
        out_text(row, "drop", drop_link(request, domain, "owner", people[i].email));
    }
    if (status == STATUS_OK)
        status = domain_aliases(request->web->db, request, domain, &names);
    for (size_t i = 0; status == STATUS_OK && i < names.count; i++) {
        struct out *row = out_row(aliases);

        out_text(row, "name", address_domain_unicode(row, names.items[i]));
        out_text(row, "drop", drop_link(request, domain, "alias", names.items[i]));
    }
    return status;
}

static enum status
show_domain(struct request *request, const struct domain *domain)
{
    enum status status = show_people_and_names(request, domain);

    out_text(request->page, "name", address_domain_unicode(request, domain->name));
    out_text(request->page, "ascii", domain->name);
    out_text(request->page, "path", domain_path(request, domain->name));
    out_text(request->page, "web_host", domain->web_host);
    out_text(request->page, "token_domain", domain->token_domain);
    out_text(request->page, "description", domain->description);
    out_int(request->page, "list_count", domain->lists);
    if (status == STATUS_OK)
        status = key_show_records(request->web->db, request, domain, request->page);
    return status == STATUS_OK ? show_lists(request, domain) : status;
}

enum status
page_domain(struct request *request, struct fault *fault)
{
    struct domain *domain;
    enum status status = domain_of_path(request, &domain);

    (void)fault;
    out_bool(request->page, "is_done", request_has(request, "done"));
    return status == STATUS_OK ? show_domain(request, domain) : status;
}

enum status
page_domain_add(struct request *request, struct fault *fault)
{
    const char *owner = request_text(request, "owner"), *alias = request_text(request, "alias");
    struct actor actor = request_actor(request);
    struct domain *domain;
    enum status status = domain_of_path(request, &domain);

    if (status != STATUS_OK)
        return status;
    status = request_has(request, "alias") ? domain_alias_add(request->web->db, &actor, request, domain, alias, fault)
                                           : domain_owner_add(request->web->db, &actor, request, domain, owner, fault);
    if (status == STATUS_OK) {
        response_send_to(request->response, mem_printf(request, "%s?done=1", domain_path(request, domain->name)));
        return STATUS_OK;
    }
    if (status != STATUS_INVALID && status != STATUS_CONFLICT)
        return status;
    out_text(request->page, "owner", owner);
    out_text(request->page, "alias", alias);
    status = show_domain(request, domain);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

/* ---- making and changing ---- */

enum status
page_domain_new(struct request *request, struct fault *fault)
{
    (void)fault;
    out_bool(request->page, "is_new", true);
    return STATUS_OK;
}

static void
show_typed(struct request *request)
{
    static const char *const fields[] = {"web_host", "token_domain", "description"};

    for (size_t i = 0; i < COUNT_OF(fields); i++)
        out_text(request->page, fields[i], request_text(request, fields[i]));
}

/* What was typed; `otherwise` for a field that was left empty, NULL for one that the form did not have. */
static const char *
typed_or(const struct request *request, const char *name, const char *otherwise)
{
    const char *typed = request_text(request, name);

    return !request_has(request, name) ? NULL : *typed != '\0' ? typed : otherwise;
}

enum status
page_domain_create(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct change change;
    struct domain *domain;
    enum status status = change_begin(&change, request->web->db);

    if (status == STATUS_OK) {
        status = domain_create(request->web->db, &actor, request, request_text(request, "name"), typed_or(request, "web_host", NULL),
                               typed_or(request, "token_domain", NULL), &domain, fault);
        if (status == STATUS_OK)
            status = domain_set(request->web->db, &actor, request, domain, NULL, NULL, request_text(request, "description"), fault);
        status = change_end(&change, status);
    }
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%s?done=1", domain_path(request, domain->name)));
    if (status != STATUS_INVALID && status != STATUS_CONFLICT)
        return status;
    out_bool(request->page, "is_new", true);
    out_text(request->page, "name", request_text(request, "name"));
    show_typed(request);
    return form_refuse(request, fault);
}

static void
show_edit(struct request *request, const struct domain *domain)
{
    out_text(request->page, "title", address_domain_unicode(request, domain->name));
    out_text(request->page, "path", domain_path(request, domain->name));
}

enum status
page_domain_edit(struct request *request, struct fault *fault)
{
    struct domain *domain;
    enum status status = domain_of_path(request, &domain);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    show_edit(request, domain);
    out_text(request->page, "web_host", domain->web_host);
    out_text(request->page, "token_domain", domain->token_domain);
    out_text(request->page, "description", domain->description);
    return STATUS_OK;
}

/* Where pages and tokens of the domain live is the site's matter; what it is for is its owners'. */
enum status
page_domain_save(struct request *request, struct fault *fault)
{
    bool all = request->standing.is_admin;
    struct actor actor = request_actor(request);
    struct domain *domain;
    enum status status = domain_of_path(request, &domain);

    if (status == STATUS_OK)
        status = domain_set(request->web->db, &actor, request, domain, all ? typed_or(request, "web_host", domain->name) : NULL,
                            all ? typed_or(request, "token_domain", domain->name) : NULL, typed_or(request, "description", ""), fault);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%s?done=1", domain_path(request, domain->name)));
    if (status != STATUS_INVALID)
        return status;
    show_edit(request, domain);
    show_typed(request);
    return form_refuse(request, fault);
}

/* ---- taking away: an owner, another name, or the domain ---- */

static void
show_drop(struct request *request, const struct domain *domain)
{
    show_edit(request, domain);
    out_int(request->page, "list_count", domain->lists);
    out_text(request->page, "owner", request_text(request, "owner"));
    out_text(request->page, "alias", request_text(request, "alias"));
}

enum status
page_domain_drop(struct request *request, struct fault *fault)
{
    struct domain *domain;
    enum status status = domain_of_path(request, &domain);

    (void)fault;
    if (status == STATUS_OK)
        show_drop(request, domain);
    return status;
}

static enum status
drop(struct request *request, const struct domain *domain, struct fault *fault)
{
    const char *owner = request_text(request, "owner"), *alias = request_text(request, "alias");
    struct actor actor = request_actor(request);

    if (*owner != '\0')
        return domain_owner_remove(request->web->db, &actor, request, domain, owner, fault);
    if (*alias != '\0')
        return domain_alias_remove(request->web->db, &actor, request, domain, alias, fault);
    if (!str_eq(str_lower(request, request_text(request, "domain")), domain->name))
        return fault_set(fault, STATUS_INVALID, "domain", N_("This is not the domain's name. Type it as it stands above."));
    return domain_remove(request->web->db, &actor, request, domain, fault);
}

enum status
page_domain_drop_act(struct request *request, struct fault *fault)
{
    struct domain *domain;
    enum status status = domain_of_path(request, &domain);

    if (status != STATUS_OK)
        return status;
    status = drop(request, domain, fault);
    if (status == STATUS_OK)
        response_send_to(request->response, request_has(request, "domain") ? "/admin/domains/" : domain_path(request, domain->name));
    if (status != STATUS_INVALID && status != STATUS_CONFLICT && status != STATUS_NOT_FOUND)
        return status;
    show_drop(request, domain);
    fault->field = "domain";
    return form_refuse(request, fault);
}

/* command-domain.c - kairan domain and kairan dkim: mail domains and their keys */
#include <string.h>

#include "cli/command.h"
#include "policy/key.h"
#include "policy/setting.h"

static void
show_domain(struct out *out, const struct domain *domain)
{
    out_text(out, "name", domain->name);
    out_text(out, "web_host", domain->web_host);
    out_text(out, "token_domain", domain->token_domain);
    out_text(out, "description", domain->description);
    out_int(out, "lists", domain->lists);
    out_time(out, "created_at", domain->created_at);
}

enum status
command_domain_create(struct call *call)
{
    struct domain *domain;
    enum status status = domain_create(call->db, &call->actor, call->ctx, word(call, "NAME"), option(call, "--web-host"),
                                       option(call, "--token-domain"), &domain, &call->fault);

    if (status == STATUS_OK)
        show_domain(call->out, domain);
    return status;
}

enum status
command_domain_list(struct call *call)
{
    struct out *rows = out_rows(call->out, "domains");
    struct domain *domains;
    size_t count;
    enum status status = domain_all(call->db, call->ctx, &domains, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        show_domain(out_row(rows), &domains[i]);
    return status;
}

static enum status
show_aliases(struct call *call, const struct domain *domain)
{
    struct out *rows = out_rows(call->out, "aliases");
    struct text_array names;
    enum status status = domain_aliases(call->db, call->ctx, domain, &names);

    for (size_t i = 0; status == STATUS_OK && i < names.count; i++)
        out_row_text(rows, names.items[i]);
    return status;
}

static enum status
show_owners(struct call *call, const struct domain *domain)
{
    struct out *rows = out_rows(call->out, "owners");
    struct domain_owner *owners;
    size_t count;
    enum status status = domain_owners(call->db, call->ctx, domain, &owners, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        out_row_text(rows, owners[i].email);
    return status;
}

enum status
command_domain_show(struct call *call)
{
    struct setting_value *values;
    struct domain *domain;
    struct out *rows;
    size_t count;
    enum status status = domain_find(call->db, call->ctx, word(call, "NAME"), &domain, &call->fault);

    if (status != STATUS_OK)
        return status;
    show_domain(call->out, domain);
    status = show_aliases(call, domain);
    if (status == STATUS_OK)
        status = show_owners(call, domain);
    if (status == STATUS_OK)
        status = key_show_records(call->db, call->ctx, domain, call->out);
    if (status == STATUS_OK)
        status = setting_own(call->db, call->ctx, SCOPE_DOMAIN, domain->id, &values, &count);
    if (status != STATUS_OK)
        return status;
    rows = out_rows(call->out, "settings");
    for (size_t i = 0; i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "name", values[i].name);
        out_text(row, "value", values[i].value);
    }
    return STATUS_OK;
}

enum status
command_domain_set(struct call *call)
{
    struct domain *domain;
    enum status status = domain_find(call->db, call->ctx, word(call, "NAME"), &domain, &call->fault);

    if (status == STATUS_OK)
        status = domain_set(call->db, &call->actor, call->ctx, domain, option(call, "--web-host"), option(call, "--token-domain"),
                            option(call, "--description"), &call->fault);
    if (status == STATUS_OK)
        status = domain_find(call->db, call->ctx, domain->name, &domain, &call->fault);
    if (status == STATUS_OK)
        show_domain(call->out, domain);
    return status;
}

enum status
command_domain_alias_add(struct call *call)
{
    struct domain *domain;
    enum status status = domain_find(call->db, call->ctx, word(call, "NAME"), &domain, &call->fault);

    if (status == STATUS_OK)
        status = domain_alias_add(call->db, &call->actor, call->ctx, domain, word(call, "ALIAS"), &call->fault);
    return status == STATUS_OK ? show_aliases(call, domain) : status;
}

enum status
command_domain_alias_remove(struct call *call)
{
    struct domain *domain;
    enum status status = domain_find(call->db, call->ctx, word(call, "NAME"), &domain, &call->fault);

    if (status == STATUS_OK)
        status = domain_alias_remove(call->db, &call->actor, call->ctx, domain, word(call, "ALIAS"), &call->fault);
    return status == STATUS_OK ? show_aliases(call, domain) : status;
}

enum status
command_domain_owner_add(struct call *call)
{
    struct domain *domain;
    enum status status = domain_find(call->db, call->ctx, word(call, "NAME"), &domain, &call->fault);

    if (status == STATUS_OK)
        status = domain_owner_add(call->db, &call->actor, call->ctx, domain, word(call, "ADDRESS"), &call->fault);
    return status == STATUS_OK ? show_owners(call, domain) : status;
}

enum status
command_domain_owner_remove(struct call *call)
{
    struct domain *domain;
    enum status status = domain_find(call->db, call->ctx, word(call, "NAME"), &domain, &call->fault);

    if (status == STATUS_OK)
        status = domain_owner_remove(call->db, &call->actor, call->ctx, domain, word(call, "ADDRESS"), &call->fault);
    return status == STATUS_OK ? show_owners(call, domain) : status;
}

enum status
command_domain_remove(struct call *call)
{
    struct domain *domain;
    enum status status = domain_find(call->db, call->ctx, word(call, "NAME"), &domain, &call->fault);

    if (status == STATUS_OK)
        status = domain_remove(call->db, &call->actor, call->ctx, domain, &call->fault);
    if (status == STATUS_OK)
        out_text(call->out, "removed", domain->name);
    return status;
}

enum status
command_dkim_new(struct call *call)
{
    struct domain *domain;
    enum status status = domain_find(call->db, call->ctx, word(call, "DOMAIN"), &domain, &call->fault);

    if (status == STATUS_OK)
        status = key_new(call->db, &call->actor, call->ctx, call->conf->keys_dir, domain, option(call, "--selector"), &call->fault);
    if (status == STATUS_OK)
        status = key_show_records(call->db, call->ctx, domain, call->out);
    return status;
}

/* A TXT record as a zone file takes it: character strings of at most 255 bytes. */
static char *
zone_line(TALLOC_CTX *ctx, const struct dkim_record *record)
{
    struct str *line = str_new(ctx);
    const char *value = record->value;

    str_addf(line, "%s. IN TXT (", record->name);
    for (size_t left = strlen(value); left > 0;) {
        size_t n = left < 250 ? left : 250;

        str_addf(line, " \"%.*s\"", (int)n, value);
        value += n;
        left -= n;
    }
    str_add(line, " )");
    return line->s;
}

enum status
command_dkim_show(struct call *call)
{
    struct dkim_record *records;
    struct domain *domain;
    struct out *rows;
    size_t count;
    enum status status = domain_find(call->db, call->ctx, word(call, "DOMAIN"), &domain, &call->fault);

    if (status != STATUS_OK || call->json)
        return status == STATUS_OK ? key_show_records(call->db, call->ctx, domain, call->out) : status;
    status = key_records(call->db, call->ctx, domain, &records, &count);
    rows = out_rows(call->out, "records");
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        out_row_text(rows, zone_line(call->ctx, &records[i]));
    return status;
}

/* list-form.c - what the pages that make, rename, copy and end lists share */
#include <string.h>

#include "store/statements.h"
#include "web/common.h"
#include "web/list-form.h"
#include "web/list.h"

struct list_mail
request_list_mail(const struct request *request)
{
    return (struct list_mail){request->web->i18n, request->web->conf->site_url};
}

void
show_list_parts(struct request *request)
{
    struct out *rows = out_rows(request->page, "parts");

    for (const struct list_part_row *part = list_part_rows(); part->word != NULL; part++) {
        struct out *row = out_row(rows);

        out_int(row, "part", part->part);
        out_text(row, "label", tr(request->lang, part->label));
        out_bool(row, "is_settings", part->part == LIST_SETTINGS);
        out_bool(row, "is_chosen", part->part == LIST_SETTINGS);
    }
}

unsigned
asked_list_parts(const struct request *request)
{
    struct int_array parts = request_ids(request, (TALLOC_CTX *)request->input, "part");
    unsigned all = 0;

    for (size_t i = 0; i < parts.count; i++)
        for (const struct list_part_row *row = list_part_rows(); row->word != NULL; row++)
            if (parts.items[i] == (int64_t)row->part)
                all |= row->part;
    return all;
}

enum status
show_own_domains(struct request *request, const char *chosen, bool *found_r)
{
    struct row_domain_of_user *domains;
    struct out *rows = out_rows(request->page, "domains");
    size_t count;
    enum status status = q_domain_of_user(request->web->db, request, request->me.user_id, request->standing.is_admin, &domains, &count);

    *found_r = false;
    out_int(request->page, "domain_count", (int64_t)count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct out *row = out_row(rows);

        out_text(row, "name", domains[i].name);
        out_bool(row, "is_chosen", str_eq(domains[i].name, chosen));
        *found_r |= str_eq(domains[i].name, chosen);
    }
    return status;
}

enum status
list_of_asker(struct request *request, const char *address, struct list **list_r, struct fault *fault)
{
    struct standing standing = {0};
    enum status status = list_find(request->web->db, request, address, list_r, NULL);

    if (status == STATUS_OK)
        status = list_standing(request, (*list_r)->name, (*list_r)->domain, &standing);
    if (status == STATUS_NOT_FOUND || status == STATUS_INVALID || (status == STATUS_OK && !may(&standing, RIGHT_OWN)))
        return fault_set(fault, STATUS_INVALID, "like", N_("There is no list of this address that you own."));
    return status;
}

enum status
list_of_path(struct request *request, struct list **list_r)
{
    return list_by_id(request->web->db, request, request->list->id, list_r);
}

enum status
send_to_list(struct request *request, const struct list *list, const char *rest)
{
    const char *path = mem_printf(request, "/lists/%s/%s", list->slug, rest);
    const char *host = str_lower(request, request->raw.host != NULL ? request->raw.host : "");
    struct row_web_list_moved *here;
    enum status status = q_web_list_moved(request->web->db, request, host, mem_printf(request, "%s.%s", list->name, list->domain), &here);

    if (status != STATUS_OK)
        return status;
    if (here != NULL)
        response_send_to(request->response, path);
    else
        response_send_away(request->response, conf_url_of(request, request->web->conf->site_url, list->web_host), path);
    return STATUS_OK;
}

enum status
refuse_name(struct request *request, const struct fault *fault)
{
    bool asks = fault->hint != NULL && str_eq(fault->hint, "old_name");
    struct fault shown = {fault->field, fault->sentence, asks ? NULL : fault->hint};

    out_bool(request->page, "asks_to_take", asks);
    return form_refuse(request, &shown);
}

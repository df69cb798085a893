/* rule-place.c - whose bans and filters a page is about */
#include "web/rule-place.h"

struct rule_place
rule_place(const struct request *request)
{
    struct rule_place place = {0};

    if (request->list != NULL)
        place.list_id = request->list->id;
    else if (request->domain != NULL)
        place = (struct rule_place){.domain_id = request->domain->id, .domain = request->domain->name};
    return place;
}

const char *
rule_place_base(const struct request *request)
{
    if (request->domain != NULL)
        return mem_printf((TALLOC_CTX *)request, "/admin/domains/%s/", request->domain->name);
    return request->list != NULL ? request->list->path : "/admin/";
}

void
rule_place_show(struct request *request, const char *current)
{
    out_text(request->page, "base", rule_place_base(request));
    out_bool(request->page, "is_list", request->list != NULL);
    if (request->domain != NULL)
        out_text(request->page, "place", request->domain->name);
    out_text(request->page, "current", current);
}

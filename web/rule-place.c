/* rule-place.c - whose bans and filters a page is about */
#include "web/rule-place.h"

int64_t
rule_place_id(const struct request *request)
{
    return request->list != NULL ? request->list->id : 0;
}

const char *
rule_place_base(const struct request *request)
{
    return request->list != NULL ? request->list->path : "/admin/";
}

void
rule_place_show(struct request *request, const char *current)
{
    out_text(request->page, "base", rule_place_base(request));
    out_bool(request->page, "is_list", request->list != NULL);
    out_text(request->page, "current", current);
}

/* setting-place.c - the place whose settings a path speaks of: the site, a domain, or a list */
#include <string.h>

#include "web/setting-place.h"

enum { WORDS_MOST = 300 };

static void
find_place(struct request *request, struct shown_place *shown)
{
    shown->place = (struct setting_place){.scope = SCOPE_SITE};
    shown->base = "/admin/";
    if (request->list != NULL) {
        shown->place = (struct setting_place){SCOPE_LIST, request->list->domain_id, request->list->id, request->list->name};
        shown->base = request->list->path;
    } else if (request->domain != NULL) {
        shown->place = (struct setting_place){.scope = SCOPE_DOMAIN, .domain_id = request->domain->id};
        shown->base = mem_printf(request, "/admin/domains/%s/", request->domain->name);
        out_text(request->page, "place", request->domain->name);
    }
}

enum status
shown_place_load(struct request *request, struct shown_place *shown_r)
{
    find_place(request, shown_r);
    out_text(request->page, "base", shown_r->base);
    out_text(request->page, "scope", scope_word(shown_r->place.scope));
    return setting_sheet_load(request->web->db, request, &shown_r->place, &shown_r->sheet);
}

bool
setting_is_open(const struct request *request, const struct setting_row *row, const char **why_r)
{
    *why_r = setting_comes_with(row);
    if (*why_r == NULL && row->flags & SETTING_ADMIN && !request->standing.is_admin)
        *why_r = N_("Only a site administrator may change this.");
    return *why_r == NULL;
}

const char *
setting_words(const struct request *request, const struct setting_row *row, const char *value)
{
    if (value == NULL)
        return tr(request->lang, N_("inherited"));
    if (row->kind == SETTING_BOOL)
        return tr(request->lang, str_eq(value, "yes") ? N_("yes") : N_("no"));
    for (const struct setting_choice *choice = row->choices; choice != NULL && choice->value != NULL; choice++)
        if (str_eq(choice->value, value))
            return tr(request->lang, choice->label);
    if (str_is_empty(value))
        return tr(request->lang, N_("empty"));
    return strlen(value) <= WORDS_MOST ? value : mem_printf((TALLOC_CTX *)request, "%s…", utf8_cut((TALLOC_CTX *)request, value, WORDS_MOST / 3));
}

void
show_setting_groups(struct request *request, const char *current)
{
    struct out *rows = out_rows(request->page, "groups");

    for (const struct setting_group *group = setting_groups(); group->name != NULL; group++) {
        struct out *row = out_row(rows);

        out_text(row, "name", group->name);
        out_text(row, "title", tr(request->lang, group->title));
        out_bool(row, "is_current", str_eq(group->name, current));
    }
}

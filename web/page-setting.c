/* page-setting.c - one setting: where its value comes from, what was changed, and taking it back; and finding it by a word */
#include <ctype.h>
#include <string.h>

#include "util/clock.h"
#include "web/common.h"
#include "web/page.h"
#include "web/setting-place.h"

enum { HISTORY_PAGE = 50, SEARCH_MOST = 100 };

static void
show_setting(struct request *request, const struct setting_row *row, const struct shown_place *shown)
{
    struct out *field = out_object(request->page, "field");
    const struct setting_value *own = setting_at(&shown->sheet, shown->place.scope, row->name);
    const char *why;
    int from;

    show_setting_groups(request, row->group);
    out_text(request->page, "group", row->group);
    out_text(field, "name", row->name);
    out_text(field, "label", tr(request->lang, row->label));
    out_text(field, "help", tr(request->lang, row->help));
    out_bool(field, "is_own", own != NULL);
    out_text(field, "now", setting_words(request, row, setting_text(request, shown->sheet.effective, row)));
    out_text(field, "outer", setting_words(request, row, setting_outer(&shown->sheet, shown->place.scope, row, &from)));
    out_bool(field, "from_domain", from == SCOPE_DOMAIN);
    out_bool(field, "from_site", from == SCOPE_SITE);
    out_bool(field, "may_change", setting_is_open(request, row, &why));
}

/* ---- back to what the domain, the site or the program says; or pinned here ---- */

enum status
page_setting_restore(struct request *request, struct fault *fault)
{
    const struct setting_row *row = setting_row(request_text(request, "name"));
    struct shown_place shown;
    enum status status = row == NULL ? STATUS_NOT_FOUND : shown_place_load(request, &shown);

    (void)fault;
    if (status == STATUS_OK)
        show_setting(request, row, &shown);
    return status;
}

enum status
page_setting_restore_act(struct request *request, struct fault *fault)
{
    const struct setting_row *row = setting_row(request_text(request, "name"));
    struct actor actor = request_actor(request);
    struct shown_place shown;
    const char *why;
    enum status status = row == NULL ? STATUS_NOT_FOUND : shown_place_load(request, &shown);

    if (status == STATUS_OK && !setting_is_open(request, row, &why))
        status = STATUS_NOT_ALLOWED;
    if (status == STATUS_OK)
        status = setting_set(request->web->db, &actor, shown.place.scope, setting_place_id(&shown.place), row->name,
                             request_has(request, "keep") ? setting_text(request, shown.sheet.effective, row) : NULL, request, fault);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%ssettings/%s?saved=1#row-%s", shown.base, row->group, row->name));
    return status;
}

/* ---- history ---- */

static void
show_change(const struct request *request, struct out *out, const struct setting_change *change)
{
    const struct setting_row *row = setting_row(change->name);

    out_int(out, "id", change->id);
    out_text(out, "name", change->name);
    out_time(out, "at", change->changed_at);
    out_text(out, "who", change->changed_by);
    out_bool(out, "is_undone", change->is_undone);
    out_bool(out, "is_undo", change->undoes != 0);
    out_bool(out, "was_inherited", change->before == NULL);
    if (row == NULL)        /* of an older program */
        return;
    out_text(out, "label", tr(request->lang, row->label));
    out_text(out, "before", setting_words(request, row, change->before));
    out_text(out, "after", setting_words(request, row, change->after));
}

enum status
page_setting_history(struct request *request, struct fault *fault)
{
    const struct setting_row *row = setting_row(request_text(request, "name"));
    struct setting_change *changes;
    struct shown_place shown;
    size_t count;
    enum status status = shown_place_load(request, &shown);

    (void)fault;
    if (status == STATUS_OK && row == NULL && request_has(request, "name"))
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = setting_history(request->web->db, request, shown.place.scope, setting_place_id(&shown.place),
                                 row == NULL ? NULL : row->name, request_int(request, "before", 1, INT64_MAX, 0), HISTORY_PAGE + 1,
                                 &changes, &count);
    if (status != STATUS_OK)
        return status;
    if (row != NULL)
        show_setting(request, row, &shown);
    else
        show_setting_groups(request, NULL);
    for (size_t i = 0; i < count && i < HISTORY_PAGE; i++)
        show_change(request, out_row(out_rows(request->page, "changes")), &changes[i]);
    if (count > HISTORY_PAGE)
        out_int(request->page, "older", changes[HISTORY_PAGE - 1].id);
    out_bool(request->page, "is_done", request_has(request, "done"));
    return STATUS_OK;
}

/* The change that a form names; NOT_FOUND when it was made at another place. */
static enum status
find_change(struct request *request, const struct shown_place *shown, struct setting_change *change_r)
{
    enum status status = setting_change_find(request->web->db, request, request_int(request, "id", 1, INT64_MAX, 0), change_r);

    if (status == STATUS_OK && (change_r->scope != shown->place.scope || change_r->scope_id != setting_place_id(&shown->place) ||
                                setting_row(change_r->name) == NULL))
        status = STATUS_NOT_FOUND;
    return status;
}

enum status
page_setting_undo(struct request *request, struct fault *fault)
{
    struct setting_change change;
    struct shown_place shown;
    const struct setting_value *own;
    enum status status = shown_place_load(request, &shown);

    (void)fault;
    if (status == STATUS_OK)
        status = find_change(request, &shown, &change);
    if (status != STATUS_OK)
        return status;
    own = setting_at(&shown.sheet, shown.place.scope, change.name);
    show_setting(request, setting_row(change.name), &shown);
    show_change(request, out_object(request->page, "change"), &change);
    out_bool(request->page, "is_so_already", str_eq(own == NULL ? NULL : own->value, change.before));
    return STATUS_OK;
}

enum status
page_setting_undo_act(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct setting_change change;
    struct shown_place shown;
    const char *why;
    enum status status = shown_place_load(request, &shown);

    if (status == STATUS_OK)
        status = find_change(request, &shown, &change);
    if (status == STATUS_OK && !setting_is_open(request, setting_row(change.name), &why))
        status = STATUS_NOT_ALLOWED;
    if (status == STATUS_OK)
        status = setting_undo(request->web->db, &actor, &change, request, fault);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%ssetting/history?name=%s&done=1", shown.base, change.name));
    return status;
}

/* ---- finding one by a word ---- */

static bool
contains(TALLOC_CTX *ctx, const char *text, const char *wanted)
{
    return text != NULL && strstr(str_lower(ctx, text), wanted) != NULL;
}

static bool
is_about(const struct request *request, const struct setting_row *row, const char *wanted)
{
    TALLOC_CTX *ctx = (TALLOC_CTX *)request->input;
    const char *const texts[] = {row->name, row->label, row->help, tr(request->lang, row->label), tr(request->lang, row->help)};
    bool found = false;

    for (size_t i = 0; i < COUNT_OF(texts) && !found; i++)
        found = contains(ctx, texts[i], wanted);
    for (const struct setting_choice *choice = row->choices; choice != NULL && choice->value != NULL && !found; choice++)
        found = contains(ctx, choice->value, wanted) || contains(ctx, tr(request->lang, choice->label), wanted);
    return found;
}

enum status
page_setting_search(struct request *request, struct fault *fault)
{
    const char *wanted = str_lower(request, request_text(request, "q"));
    struct out *found = out_rows(request->page, "found");
    struct shown_place shown;
    size_t count = 0;
    enum status status = shown_place_load(request, &shown);

    (void)fault;
    show_setting_groups(request, NULL);
    out_text(request->page, "q", request_text(request, "q"));
    for (const struct setting_row *row = setting_rows(); row->name != NULL && *wanted != '\0' && count < SEARCH_MOST; row++) {
        struct out *out;

        if (status != STATUS_OK || !is_about(request, row, wanted))
            continue;
        out = out_row(found);
        out_text(out, "name", row->name);
        out_text(out, "group", row->group);
        out_text(out, "label", tr(request->lang, row->label));
        out_text(out, "title", tr(request->lang, setting_group(row->group)->title));
        out_text(out, "now", setting_words(request, row, setting_text(out, shown.sheet.effective, row)));
        count++;
    }
    return status;
}

#define SAME(name, as) \
    enum status page_##name(struct request *request, struct fault *fault) { return page_##as(request, fault); }
SAME(domain_setting_restore, setting_restore)
SAME(domain_setting_restore_act, setting_restore_act)
SAME(domain_setting_history, setting_history)
SAME(domain_setting_undo, setting_undo)
SAME(domain_setting_undo_act, setting_undo_act)
SAME(domain_setting_search, setting_search)
SAME(site_setting_restore, setting_restore)
SAME(site_setting_restore_act, setting_restore_act)
SAME(site_setting_history, setting_history)
SAME(site_setting_undo, setting_undo)
SAME(site_setting_undo_act, setting_undo_act)
SAME(site_setting_search, setting_search)
#undef SAME

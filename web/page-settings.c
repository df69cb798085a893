/* page-settings.c - a list's settings, one page a group, drawn from settings.def */
#include <string.h>

#include "policy/setting.h"
#include "store/statements.h"
#include "web/common.h"
#include "web/page.h"

/* All that is needed to draw or change one group. */
struct sheet {
    struct settings *effective;
    struct setting_value *own[3];       /* by enum setting_scope */
    size_t counts[3];
};

static enum status
sheet_load(struct request *request, struct sheet *sheet)
{
    const int64_t ids[] = {[SCOPE_SITE] = 0, [SCOPE_DOMAIN] = request->list->domain_id, [SCOPE_LIST] = request->list->id};
    enum status status = settings_load(request->web->db, request, request->list->id, &sheet->effective);

    for (int scope = SCOPE_SITE; status == STATUS_OK && scope <= SCOPE_LIST; scope++)
        status = setting_own(request->web->db, request, (enum setting_scope)scope, ids[scope], &sheet->own[scope],
                             &sheet->counts[scope]);
    return status;
}

static const char *
value_at(const struct sheet *sheet, enum setting_scope scope, const char *name)
{
    for (size_t i = 0; i < sheet->counts[scope]; i++)
        if (str_eq(sheet->own[scope][i].name, name))
            return sheet->own[scope][i].value;
    return NULL;
}

static const struct setting_group *
group_named(const char *name)
{
    for (const struct setting_group *group = setting_groups(); group->name != NULL; group++)
        if (str_eq(group->name, name))
            return group;
    return NULL;
}

static bool
may_change(const struct request *request, const struct setting_row *row)
{
    return (row->flags & SETTING_ADMIN) == 0 || request->standing.is_admin;
}

/* ---- showing ---- */

/* A stored value as people read it. */
static const char *
value_words(const struct request *request, const struct setting_row *row, const char *value)
{
    if (row->kind == SETTING_BOOL)
        return tr(request->lang, str_eq(value, "yes") || str_eq(value, "true") || str_eq(value, "1") ? N_("yes") : N_("no"));
    for (const struct setting_choice *choice = row->choices; choice != NULL && choice->value != NULL; choice++)
        if (str_eq(choice->value, value))
            return tr(request->lang, choice->label);
    return str_is_empty(value) ? tr(request->lang, N_("empty")) : value;
}

static void
show_choices(const struct request *request, struct out *field, const struct setting_row *row, const char *value)
{
    struct out *rows = out_rows(field, "choices");

    for (const struct setting_choice *choice = row->choices; choice->value != NULL; choice++) {
        struct out *out = out_row(rows);

        out_text(out, "value", choice->value);
        out_text(out, "label", tr(request->lang, choice->label));
        out_bool(out, "is_chosen", str_eq(choice->value, value));
    }
}

/* Where the value comes from, and what would count without the list's own. */
static void
show_origin(const struct request *request, struct out *field, const struct setting_row *row, const struct sheet *sheet)
{
    const char *own = value_at(sheet, SCOPE_LIST, row->name), *domain = value_at(sheet, SCOPE_DOMAIN, row->name);
    const char *site = value_at(sheet, SCOPE_SITE, row->name), *outer = domain != NULL ? domain : site != NULL ? site : row->fallback;

    out_bool(field, "is_own", own != NULL);
    out_bool(field, "has_outer", !str_is_empty(outer));
    out_text(field, "outer", value_words(request, row, outer));
    out_bool(field, "from_domain", domain != NULL);
    out_bool(field, "from_site", domain == NULL && site != NULL);
}

/* `typed` is what the form held, NULL to show what counts. */
static void
show_field(const struct request *request, struct out *field, const struct setting_row *row, const struct sheet *sheet,
           const char *typed)
{
    static const char *const kinds[] = {"bool", "int", "text", "long", "lines", "choice"};
    const char *value = typed != NULL ? typed : setting_text(field, sheet->effective, row);

    out_text(field, "name", row->name);
    out_text(field, "kind", kinds[row->kind]);
    out_text(field, "label", tr(request->lang, row->label));
    out_text(field, "help", tr(request->lang, row->help));
    out_text(field, "value", value);
    out_bool(field, "is_on", str_eq(value, "yes") || str_eq(value, "true") || str_eq(value, "1"));
    out_bool(field, "may_change", may_change(request, row));
    if (row->choices != NULL)
        show_choices(request, field, row, value);
    show_origin(request, field, row, sheet);
}

static void
show_groups(const struct request *request, const char *current)
{
    struct out *rows = out_rows(request->page, "groups");

    for (const struct setting_group *group = setting_groups(); group->name != NULL; group++) {
        struct out *row = out_row(rows);

        out_text(row, "name", group->name);
        out_text(row, "title", tr(request->lang, group->title));
        out_bool(row, "is_current", str_eq(group->name, current));
    }
}

static void
show_sheet(struct request *request, const struct setting_group *group, const struct sheet *sheet,
           const char *(*typed_of)(const struct request *, const struct setting_row *))
{
    struct out *fields = out_rows(request->page, "fields");

    show_groups(request, group->name);
    out_text(request->page, "group", group->name);
    out_text(request->page, "title", tr(request->lang, group->title));
    out_text(request->page, "help", tr(request->lang, group->help));
    for (const struct setting_row *row = setting_rows(); row->name != NULL; row++)
        if (str_eq(row->group, group->name))
            show_field(request, out_row(fields), row, sheet, typed_of != NULL ? typed_of(request, row) : NULL);
}

enum status
page_settings_first(struct request *request, struct fault *fault)
{
    (void)fault;
    response_send_to(request->response, mem_printf(request, "%ssettings/%s", request->list->path, setting_groups()->name));
    return STATUS_OK;
}

enum status
page_settings(struct request *request, struct fault *fault)
{
    const struct setting_group *group = group_named(request_param(request, "group"));
    struct sheet sheet;
    enum status status;

    (void)fault;
    if (group == NULL)
        return STATUS_NOT_FOUND;
    status = sheet_load(request, &sheet);
    if (status != STATUS_OK)
        return status;
    show_sheet(request, group, &sheet, NULL);
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return STATUS_OK;
}

/* ---- saving ---- */

/* A box that is not ticked is not sent; "has." says that it stood there. NULL: the form did not have the setting. */
static const char *
typed_of(const struct request *request, const struct setting_row *row)
{
    TALLOC_CTX *ctx = (TALLOC_CTX *)request->input;

    if (!request_has(request, mem_printf(ctx, "has.%s", row->name)))
        return NULL;
    if (row->kind == SETTING_BOOL)
        return request_has(request, mem_printf(ctx, "set.%s", row->name)) ? "yes" : "no";
    return request_text(request, mem_printf(ctx, "set.%s", row->name));
}

/* Only what differs from what counts now is written, so that what is inherited stays inherited. */
static enum status
save_row(struct request *request, const struct sheet *sheet, const struct setting_row *row, struct fault *fault)
{
    struct actor actor = request_actor(request);
    const char *typed = typed_of(request, row), *stored;
    enum status status;

    if (typed == NULL || !may_change(request, row))
        return STATUS_OK;
    status = setting_check(request, row, typed, &stored, fault);
    if (status != STATUS_OK || str_eq(stored, setting_text(request, sheet->effective, row)))
        return status;
    return setting_set(request->web->db, &actor, SCOPE_LIST, request->list->id, row->name, stored, request, fault);
}

enum status
page_settings_save(struct request *request, struct fault *fault)
{
    const struct setting_group *group = group_named(request_param(request, "group"));
    struct sheet sheet;
    enum status status;

    if (group == NULL)
        return STATUS_NOT_FOUND;
    status = sheet_load(request, &sheet);
    if (status == STATUS_OK)
        status = db_begin(request->web->db);
    for (const struct setting_row *row = setting_rows(); status == STATUS_OK && row->name != NULL; row++)
        if (str_eq(row->group, group->name))
            status = save_row(request, &sheet, row, fault);
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%ssettings/%s?saved=1", request->list->path, group->name));
    if (status != STATUS_INVALID)
        return status;
    db_rollback(request->web->db);
    show_sheet(request, group, &sheet, typed_of);
    return form_refuse(request, fault);
}

/* ---- back to what the domain, the site or the program says ---- */

enum status
page_setting_restore(struct request *request, struct fault *fault)
{
    const struct setting_row *row = setting_row(request_text(request, "name"));
    struct sheet sheet;
    enum status status;

    (void)fault;
    if (row == NULL)
        return STATUS_NOT_FOUND;
    status = sheet_load(request, &sheet);
    if (status != STATUS_OK)
        return status;
    show_groups(request, row->group);
    show_field(request, out_object(request->page, "field"), row, &sheet, NULL);
    out_text(out_object(request->page, "field"), "now", value_words(request, row, setting_text(request, sheet.effective, row)));
    out_text(request->page, "group", row->group);
    return STATUS_OK;
}

enum status
page_setting_restore_act(struct request *request, struct fault *fault)
{
    const struct setting_row *row = setting_row(request_text(request, "name"));
    struct actor actor = request_actor(request);
    enum status status;

    if (row == NULL)
        return STATUS_NOT_FOUND;
    if (!may_change(request, row))
        return STATUS_NOT_ALLOWED;
    status = setting_set(request->web->db, &actor, SCOPE_LIST, request->list->id, row->name, NULL, request, fault);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%ssettings/%s?saved=1", request->list->path, row->group));
    return status;
}

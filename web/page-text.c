/* page-text.c - texts that owners may change: all of them, one of them, its preview, and taking it back
 *
 * The same pages serve a list, a domain and the site; the path says which. */
#include <string.h>

#include "policy/text.h"
#include "store/statements.h"
#include "web/common.h"
#include "web/page.h"

/* Whose texts the path is about. */
struct place {
    enum setting_scope scope;
    int64_t id, list_id, domain_id;
    const char *base;               /* path of the page with all texts */
};

static struct place
place_of(struct request *request)
{
    if (request->list != NULL)
        return (struct place){SCOPE_LIST, request->list->id, request->list->id, request->list->domain_id,
                              mem_printf(request, "%stemplates", request->list->path)};
    if (request->domain != NULL)
        return (struct place){SCOPE_DOMAIN, request->domain->id, 0, request->domain->id,
                              mem_printf(request, "/admin/domains/%s/templates", request->domain->name)};
    return (struct place){SCOPE_SITE, 0, 0, 0, "/admin/templates"};
}

static void
show_place(struct request *request, const struct place *place)
{
    out_text(request->page, "base", place->base);
    out_bool(request->page, "is_list", place->scope == SCOPE_LIST);
    out_bool(request->page, "is_domain", place->scope == SCOPE_DOMAIN);
    out_bool(request->page, "is_site", place->scope == SCOPE_SITE);
    out_text(request->page, "domain", request->domain != NULL ? request->domain->name : "");
}

/* Where a text comes from, as conditions for the template. */
static void
show_origin(struct out *out, const struct place *place, bool is_shipped, enum setting_scope scope)
{
    out_bool(out, "is_own", !is_shipped && scope == place->scope);
    out_bool(out, "from_domain", !is_shipped && scope == SCOPE_DOMAIN && place->scope != SCOPE_DOMAIN);
    out_bool(out, "from_site", !is_shipped && scope == SCOPE_SITE && place->scope != SCOPE_SITE);
}

/* ---- all texts ---- */

static void
show_languages(struct request *request, struct out *row, const struct place *place, const struct text_row *text,
               const struct text_place *changed, size_t count)
{
    struct out *rows = out_rows(row, "languages");

    for (size_t n = 0; i18n_nth(request->web->i18n, n) != NULL; n++) {
        const struct lang *lang = i18n_nth(request->web->i18n, n);
        const struct text_place *found = NULL;
        struct out *out = out_row(rows);

        for (size_t i = 0; found == NULL && i < count; i++)     /* the innermost stands first */
            if (str_eq(changed[i].template, text->template) && str_eq(changed[i].language, lang_code(lang)))
                found = &changed[i];
        out_text(out, "code", lang_code(lang));
        out_text(out, "name", lang_name(lang));
        show_origin(out, place, found == NULL, found != NULL ? found->scope : SCOPE_SITE);
    }
}

static enum status
all_texts(struct request *request)
{
    static const struct { const char *beginning, *title; } groups[] = {
        {"list:user:", N_("To members, authors and guests")}, {"list:admin:", N_("To owners and moderators")},
        {"list:member:", N_("In every post")}, {"list:page:", N_("On pages")}, {"site:page:", N_("On pages of the site")},
        {"", N_("About the site")},
    };
    struct place place = place_of(request);
    struct text_place *changed;
    size_t count;
    enum status status = text_places(request->web->db, request, place.list_id, place.domain_id, &changed, &count);

    show_place(request, &place);
    for (size_t g = 0; status == STATUS_OK && g < COUNT_OF(groups); g++) {
        struct out *group = NULL;

        for (const struct text_row *text = text_rows(); text->name != NULL; text++) {
            struct out *row;

            if (!str_starts(text->template, groups[g].beginning)
                || (*groups[g].beginning == '\0' && (text_is_of_list(text) || text_is_page(text)))
                || (place.scope == SCOPE_LIST && !text_is_of_list(text)))
                continue;
            if (group == NULL) {
                group = out_row(out_rows(request->page, "groups"));
                out_text(group, "title", tr(request->lang, groups[g].title));
            }
            row = out_row(out_rows(group, "texts"));
            out_text(row, "name", text->name);
            out_text(row, "label", tr(request->lang, text->label));
            show_languages(request, row, &place, text, changed, count);
        }
    }
    return status;
}

/* ---- one text ---- */

struct sheet {
    struct place place;
    const struct text_row *row;
    const struct lang *lang;
    struct text text;               /* what counts */
};

/* NOT_FOUND: there is no such text, or it is not for lists. */
static enum status
sheet_load(struct request *request, struct sheet *sheet)
{
    const char *code = request_text(request, "language");

    sheet->place = place_of(request);
    sheet->row = text_row(request_param(request, "text"));
    sheet->lang = *code != '\0' ? i18n_lang(request->web->i18n, code) : request->lang;
    if (sheet->row == NULL || sheet->lang == NULL || (sheet->place.scope == SCOPE_LIST && !text_is_of_list(sheet->row)))
        return STATUS_NOT_FOUND;
    return text_load(request->web->db, request, sheet->row, sheet->place.list_id, sheet->place.domain_id, sheet->lang, &sheet->text);
}

/* What the names become in a preview: the list's own data, its newest post, whoever looks; else a sample. */
static enum status
preview_values(struct request *request, const struct sheet *sheet, struct text_values **values_r)
{
    struct text_values *values = *values_r = text_values_new(request);
    struct text_array own = text_variables(request, sheet->row);
    struct row_template_sample *sample;
    enum status status = q_template_sample(request->web->db, request, sheet->place.list_id, sheet->place.domain_id, &sample);

    if (status != STATUS_OK)
        return status;
    text_value_add(values, "site", request->web->conf->site_name);
    if (!str_is_empty(request->me.email))
        text_value_add(values, "user_email", request->me.email);
    if (sample != NULL && !str_is_empty(sample->subject)) {
        text_value_add(values, "subject", sample->subject);
        text_value_add(values, "number", mem_printf(request, "%lld", (long long)sample->number));
    }
    if (sample != NULL)
        status = text_values_of_list(request->web->db, values, sample->list_id, sheet->lang, request_site_url(request, request));
    for (size_t i = 0; i < own.count; i++)
        text_value_add(values, own.items[i], tr(sheet->lang, variable_row(own.items[i])->sample));
    return status;
}

static void
show_variable(struct request *request, struct out *rows, const struct variable_row *variable, const struct text_values *values)
{
    struct out *row = out_row(rows);

    out_text(row, "name", variable->name);
    out_text(row, "help", tr(request->lang, variable->help));
    out_text(row, "value", utf8_cut(request, text_fill(request, mem_printf(request, "${%s}", variable->name), values), 120));
}

static void
show_variables(struct request *request, const struct sheet *sheet, const struct text_values *values)
{
    struct out *rows = out_rows(request->page, "variables");
    struct text_array own = text_variables(request, sheet->row);

    for (size_t i = 0; i < own.count; i++)
        if (!variable_row(own.items[i])->is_common || !text_is_of_list(sheet->row))
            show_variable(request, rows, variable_row(own.items[i]), values);
    for (const struct variable_row *row = variable_rows(); text_is_of_list(sheet->row) && row->name != NULL; row++)
        if (row->is_common)
            show_variable(request, rows, row, values);
}

static void
show_other_languages(struct request *request, const struct sheet *sheet)
{
    struct out *rows = out_rows(request->page, "languages");

    for (size_t n = 0; i18n_nth(request->web->i18n, n) != NULL; n++) {
        const struct lang *lang = i18n_nth(request->web->i18n, n);
        struct out *row = out_row(rows);

        out_text(row, "code", lang_code(lang));
        out_text(row, "name", lang_name(lang));
        out_bool(row, "is_current", lang == sheet->lang);
    }
}

/* The form with what counts or what was typed, and the preview of it where that was asked. */
static enum status
show_sheet(struct request *request, const struct sheet *sheet, const char *subject, const char *body, bool with_preview)
{
    struct text_values *values;
    struct out *preview;
    enum status status = preview_values(request, sheet, &values);

    if (status != STATUS_OK)
        return status;
    show_place(request, &sheet->place);
    show_other_languages(request, sheet);
    show_variables(request, sheet, values);
    show_origin(request->page, &sheet->place, sheet->text.is_shipped, sheet->text.scope);
    out_text(request->page, "name", sheet->row->name);
    out_text(request->page, "label", tr(request->lang, sheet->row->label));
    out_text(request->page, "language", lang_code(sheet->lang));
    out_bool(request->page, "is_mail", text_is_mail(sheet->row));
    out_bool(request->page, "is_page", text_is_page(sheet->row));
    out_text(request->page, "subject", subject);
    out_text(request->page, "body", body);
    if (!with_preview)
        return STATUS_OK;
    preview = out_object(request->page, "preview");
    out_text(preview, "subject", text_fill(request, subject, values));
    out_text(preview, "body", text_fill(request, body, values));
    return STATUS_OK;
}

static enum status
one_text(struct request *request)
{
    struct sheet sheet;
    enum status status = sheet_load(request, &sheet);

    if (status != STATUS_OK)
        return status;
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return show_sheet(request, &sheet, sheet.text.subject, sheet.text.body, request_has(request, "saved"));
}

/* What is what already counts is not written, so that what is inherited stays inherited. */
static enum status
save(struct request *request, const struct sheet *sheet, const struct text *stored, struct fault *fault)
{
    struct actor actor = request_actor(request);

    if (str_eq(stored->subject, sheet->text.subject) && str_eq(stored->body, sheet->text.body))
        return STATUS_OK;
    return text_set(request->web->db, &actor, request, sheet->place.scope, sheet->place.id, sheet->row, sheet->lang, stored->subject,
                    stored->body, fault);
}

static enum status
one_text_save(struct request *request, struct fault *fault)
{
    const char *subject = request_text(request, "subject"), *body = request_text(request, "body");
    bool with_preview = str_eq(request_text(request, "act"), "preview");
    struct sheet sheet;
    struct text stored;
    enum status status = sheet_load(request, &sheet);

    if (status != STATUS_OK)
        return status;
    status = text_check(request, sheet.row, subject, body, &stored, fault);
    if (status == STATUS_OK && with_preview)
        return show_sheet(request, &sheet, stored.subject, stored.body, true);
    if (status == STATUS_OK)
        status = save(request, &sheet, &stored, fault);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%s/%s?language=%s&saved=1", sheet.place.base, sheet.row->name,
                                                       lang_code(sheet.lang)));
    if (status != STATUS_INVALID)
        return status;
    status = show_sheet(request, &sheet, subject, body, false);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

/* ---- taking it back ---- */

/* Shows what counts once it is taken back. */
static enum status
one_text_reset(struct request *request)
{
    struct sheet sheet;
    struct text own;
    enum status status = sheet_load(request, &sheet);

    if (status != STATUS_OK)
        return status;
    own = sheet.text;
    status = text_load(request->web->db, request, sheet.row, 0, sheet.place.scope == SCOPE_LIST ? sheet.place.domain_id : 0, sheet.lang,
                       &sheet.text);
    if (status == STATUS_OK && (own.is_shipped || own.scope != sheet.place.scope))
        sheet.text = own;
    else if (status == STATUS_OK && sheet.place.scope == SCOPE_SITE)
        sheet.text = text_shipped(sheet.row, sheet.lang);
    if (status == STATUS_OK)
        status = show_sheet(request, &sheet, sheet.text.subject, sheet.text.body, true);
    out_bool(request->page, "is_changed", !own.is_shipped && own.scope == sheet.place.scope);
    return status;
}

static enum status
one_text_reset_act(struct request *request)
{
    struct actor actor = request_actor(request);
    struct sheet sheet;
    enum status status = sheet_load(request, &sheet);

    if (status == STATUS_OK)
        status = text_reset(request->web->db, &actor, sheet.place.scope, sheet.place.id, sheet.row, sheet.lang);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%s/%s?language=%s", sheet.place.base, sheet.row->name,
                                                       lang_code(sheet.lang)));
    return status;
}

/* ---- the routes: a list's, a domain's, the site's ---- */

#define SHOWS(route, shows) \
    enum status page_##route(struct request *request, struct fault *fault) { (void)fault; return shows(request); }
#define TEXT_PAGES(owner) \
    SHOWS(owner##texts, all_texts) SHOWS(owner##text, one_text) SHOWS(owner##text_reset, one_text_reset) \
    SHOWS(owner##text_reset_act, one_text_reset_act) \
    enum status page_##owner##text_save(struct request *request, struct fault *fault) { return one_text_save(request, fault); }
TEXT_PAGES()
TEXT_PAGES(domain_)
TEXT_PAGES(site_)

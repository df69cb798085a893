/* command-template.c - kairan template: texts that lists, domains and the site may change */
#include "cli/common.h"
#include "policy/domain.h"
#include "policy/text.h"
#include "util/i18n.h"

enum { BODY_BYTES = 256 * 1024 };

/* Where a text is changed: a list, --domain or --site. */
struct place {
    enum setting_scope scope;
    int64_t id, list_id, domain_id;
};

static enum status
find_place(struct call *call, struct place *place_r)
{
    const char *list_name = word(call, "LIST"), *domain_name = option(call, "--domain");
    struct domain *domain;
    struct list *list;
    enum status status = STATUS_OK;

    if ((list_name != NULL) + (domain_name != NULL) + has_option(call, "--site") != 1)
        return fault_set(&call->fault, STATUS_INVALID, "LIST", N_("Name one list, or --domain DOMAIN, or --site."));
    *place_r = (struct place){.scope = SCOPE_SITE};
    if (list_name != NULL) {
        status = call_list(call, list_name, &list);
        if (status == STATUS_OK)
            *place_r = (struct place){SCOPE_LIST, list->id, list->id, list->domain_id};
    } else if (domain_name != NULL) {
        status = domain_find(call->db, call->ctx, domain_name, &domain, &call->fault);
        if (status == STATUS_OK)
            *place_r = (struct place){SCOPE_DOMAIN, domain->id, 0, domain->id};
    }
    return status;
}

/* The text and the language that the command names. */
static enum status
find_text(struct call *call, const struct text_row **row_r, const struct lang **lang_r)
{
    const struct i18n *i18n = i18n_open(call->ctx, i18n_dir(call->ctx, call->conf->site_data_dir));
    const char *name = word(call, "NAME"), *code = option(call, "--language");

    *row_r = text_row(name);
    if (*row_r == NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, "NAME", "There is no text %s; kairan template list shows all.", name);
    *lang_r = i18n_lang(i18n, code != NULL ? code : call->conf->site_language);
    if (*lang_r == NULL && code != NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "--language", "There is no language %s here.", code);
    if (*lang_r == NULL)
        *lang_r = i18n_nth(i18n, 0);
    return STATUS_OK;
}

static enum status
find_all(struct call *call, struct place *place_r, const struct text_row **row_r, const struct lang **lang_r)
{
    enum status status = find_place(call, place_r);

    return status == STATUS_OK ? find_text(call, row_r, lang_r) : status;
}

/* Innermost places stand first. */
static const struct text_place *
place_of(const struct text_place *places, size_t count, const struct text_row *row, const char *language)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(places[i].template, row->template) && str_eq(places[i].language, language))
            return &places[i];
    return NULL;
}

enum status
command_template_list(struct call *call)
{
    const struct i18n *i18n = i18n_open(call->ctx, i18n_dir(call->ctx, call->conf->site_data_dir));
    struct out *rows = out_rows(call->out, "texts");
    struct text_place *places;
    struct place place;
    size_t count = 0;
    enum status status = find_place(call, &place);

    if (status == STATUS_OK)
        status = text_places(call->db, call->ctx, place.list_id, place.domain_id, &places, &count);
    for (const struct text_row *text = text_rows(); status == STATUS_OK && text->name != NULL; text++)
        for (size_t n = 0; i18n_nth(i18n, n) != NULL; n++) {
            const char *language = lang_code(i18n_nth(i18n, n));
            const struct text_place *changed = place_of(places, count, text, language);
            struct out *row;

            if (place.scope == SCOPE_LIST && !text_is_of_list(text))
                continue;
            row = out_row(rows);
            out_text(row, "name", text->name);
            out_text(row, "template", text->template);
            out_text(row, "language", language);
            out_text(row, "from", changed != NULL ? scope_word(changed->scope) : "shipped");
            out_text(row, "changed_by", changed != NULL ? changed->changed_by : "");
        }
    return status;
}

enum status
command_template_show(struct call *call)
{
    const struct text_row *row;
    const struct lang *lang;
    struct text_array names;
    struct place place;
    struct text text;
    enum status status = find_all(call, &place, &row, &lang);

    if (status == STATUS_OK)
        status = text_load(call->db, call->ctx, row, place.list_id, place.domain_id, lang, &text);
    if (status != STATUS_OK)
        return status;
    names = text_variables(call->ctx, row);
    out_text(call->out, "name", row->name);
    out_text(call->out, "template", row->template);
    out_text(call->out, "language", lang_code(lang));
    out_text(call->out, "from", text.is_shipped ? "shipped" : scope_word(text.scope));
    if (text_is_mail(row))
        out_text(call->out, "subject", text.subject);
    out_text(call->out, "body", text.body);
    for (size_t i = 0; i < names.count; i++)
        out_row_text(out_rows(call->out, "variables"), mem_printf(call->ctx, "$%s", names.items[i]));
    for (const struct variable_row *common = variable_rows(); text_is_of_list(row) && common->name != NULL; common++)
        if (common->is_common)
            out_row_text(out_rows(call->out, "variables"), mem_printf(call->ctx, "$%s", common->name));
    return STATUS_OK;
}

/* The fault's sentence with the name it is about, for a terminal. */
static enum status
explain(struct call *call, enum status status)
{
    if (status == STATUS_INVALID && call->fault.hint != NULL)
        call->fault.hint = mem_printf(call->ctx, "%s: %s", call->fault.field, call->fault.hint);
    return status;
}

enum status
command_template_set(struct call *call)
{
    const char *subject = option(call, "--subject"), *body = option(call, "--body"), *file = option(call, "--file");
    const struct text_row *row;
    const struct lang *lang;
    struct place place;
    struct text text;
    struct blob bytes;
    enum status status = find_all(call, &place, &row, &lang);

    if (status == STATUS_OK)
        status = text_load(call->db, call->ctx, row, place.list_id, place.domain_id, lang, &text);
    if (status == STATUS_OK && file != NULL) {
        status = read_input(call, file, BODY_BYTES, &bytes);
        if (status == STATUS_OK)
            body = utf8_clean(call->ctx, bytes.data, bytes.len);
    }
    if (status == STATUS_OK)
        status = text_set(call->db, &call->actor, call->ctx, place.scope, place.id, row, lang,
                          subject != NULL ? subject : text.subject, body != NULL ? body : text.body, &call->fault);
    if (status == STATUS_OK)
        out_text(call->out, "changed", mem_printf(call->ctx, "%s (%s)", row->template, lang_code(lang)));
    return explain(call, status);
}

enum status
command_template_reset(struct call *call)
{
    const struct text_row *row;
    const struct lang *lang;
    struct place place;
    struct text text;
    enum status status = find_all(call, &place, &row, &lang);

    if (status == STATUS_OK)
        status = text_reset(call->db, &call->actor, place.scope, place.id, row, lang);
    if (status == STATUS_OK)
        status = text_load(call->db, call->ctx, row, place.list_id, place.domain_id, lang, &text);
    if (status == STATUS_OK)
        out_text(call->out, "from", text.is_shipped ? "shipped" : scope_word(text.scope));
    return status;
}

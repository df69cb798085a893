/* page-settings.c - the settings of a list, a domain or the site, one page a group, drawn from settings.def */
#include <string.h>

#include "policy/effect.h"
#include "web/common.h"
#include "web/page.h"
#include "web/setting-place.h"

/* ---- showing ---- */

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

/* Where the value comes from, and what would count without the place's own. */
static void
show_origin(const struct request *request, struct out *field, const struct setting_row *row, const struct shown_place *shown)
{
    const struct setting_value *own = setting_at(&shown->sheet, shown->place.scope, row->name);
    int from;
    const char *outer = setting_outer(&shown->sheet, shown->place.scope, row, &from);

    out_bool(field, "is_own", own != NULL);
    out_text(field, "outer", setting_words(request, row, outer));
    out_bool(field, "from_domain", from == SCOPE_DOMAIN);
    out_bool(field, "from_site", from == SCOPE_SITE);
}

/* `typed` is what the form held, NULL to show what counts. */
static void
show_field(const struct request *request, struct out *field, const struct setting_row *row, const struct shown_place *shown,
           const char *typed)
{
    static const char *const kinds[] = {"bool", "int", "text", "long", "lines", "choice"};
    const char *value = typed != NULL ? typed : setting_text(field, shown->sheet.effective, row), *why;
    bool is_open = setting_is_open(request, row, &why);

    out_text(field, "name", row->name);
    out_text(field, "kind", kinds[row->kind]);
    out_text(field, "label", tr(request->lang, row->label));
    out_text(field, "help", tr(request->lang, row->help));
    out_text(field, "value", value);
    out_bool(field, "is_on", str_eq(value, "yes"));
    out_bool(field, "may_change", is_open);
    out_bool(field, "has_effect", is_open && setting_has_effect(row));
    out_text(field, "why_closed", is_open ? NULL : tr(request->lang, why));
    if (row->choices != NULL)
        show_choices(request, field, row, value);
    show_origin(request, field, row, shown);
}

typedef const char *typed_reader(const struct request *request, const struct setting_row *row);

static void
show_sheet(struct request *request, const struct setting_group *group, const struct shown_place *shown, typed_reader *typed_of)
{
    struct out *fields = out_rows(request->page, "fields");

    show_setting_groups(request, group->name);
    out_text(request->page, "group", group->name);
    out_text(request->page, "title", tr(request->lang, group->title));
    out_text(request->page, "help", tr(request->lang, group->help));
    for (const struct setting_row *row = setting_rows(); row->name != NULL; row++)
        if (str_eq(row->group, group->name))
            show_field(request, out_row(fields), row, shown, typed_of != NULL ? typed_of(request, row) : NULL);
}

enum status
page_settings_first(struct request *request, struct fault *fault)
{
    struct shown_place shown;
    enum status status = shown_place_load(request, &shown);

    (void)fault;
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%ssettings/%s", shown.base, setting_groups()->name));
    return status;
}

enum status
page_settings(struct request *request, struct fault *fault)
{
    const struct setting_group *group = setting_group(request_param(request, "group"));
    struct shown_place shown;
    enum status status = group == NULL ? STATUS_NOT_FOUND : shown_place_load(request, &shown);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    show_sheet(request, group, &shown, NULL);
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
save_row(struct request *request, const struct shown_place *shown, const struct setting_row *row, struct fault *fault)
{
    struct actor actor = request_actor(request);
    const char *typed = typed_of(request, row), *stored, *why;
    enum status status;

    if (typed == NULL || !setting_is_open(request, row, &why))
        return STATUS_OK;
    status = setting_check(request, row, typed, &stored, fault);
    if (status != STATUS_OK || str_eq(stored, setting_text(request, shown->sheet.effective, row)))
        return status;
    return setting_set(request->web->db, &actor, shown->place.scope, setting_place_id(&shown->place), row->name, stored, request,
                       fault);
}

enum status
page_settings_save(struct request *request, struct fault *fault)
{
    const struct setting_group *group = setting_group(request_param(request, "group"));
    struct shown_place shown;
    enum status status = group == NULL ? STATUS_NOT_FOUND : shown_place_load(request, &shown);

    if (status == STATUS_OK)
        status = db_begin(request->web->db);
    for (const struct setting_row *row = setting_rows(); status == STATUS_OK && row->name != NULL; row++)
        if (str_eq(row->group, group->name))
            status = save_row(request, &shown, row, fault);
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%ssettings/%s?saved=1", shown.base, group->name));
    if (status != STATUS_INVALID)
        return status;
    db_rollback(request->web->db);
    show_sheet(request, group, &shown, typed_of);
    return form_refuse(request, fault);
}

/* ---- what would this change? ---- */

static void
say(struct request *request, const char *text, size_t count, size_t of)
{
    char *sentence = tr_fill(request, text, mem_printf(request, "%zu", count), mem_printf(request, "%zu", of), NULL);

    out_row_text(out_rows(out_object(request->page, "effect"), "sentences"), sentence);
}

static void
show_effect(struct request *request, const struct setting_row *row, const struct effect *effect)
{
    const struct { size_t count, of; const char *one, *many; } counts[] = {
        {effect->lose_from, effect->authors, N_("1 of your %2 authors would lose their own From."), N_("%1 of your %2 authors would lose their own From.")},
        {effect->keep_from, effect->authors, N_("1 of your %2 authors would keep their own From."), N_("%1 of your %2 authors would keep their own From.")},
        {effect->held, effect->posts, N_("1 of the last %2 posts would have been held."), N_("%1 of the last %2 posts would have been held.")},
        {effect->refused, effect->posts, N_("1 of the last %2 posts would have been refused."), N_("%1 of the last %2 posts would have been refused.")},
        {effect->discarded, effect->posts, N_("1 of the last %2 posts would have been discarded."), N_("%1 of the last %2 posts would have been discarded.")},
        {effect->passing, effect->waiting, N_("1 of the %2 waiting posts would have passed."), N_("%1 of the %2 waiting posts would have passed.")},
        {effect->too_long, effect->waiting, N_("1 of the %2 waiting posts has waited that long already."), N_("%1 of the %2 waiting posts have waited that long already.")},
        {effect->choosers, 0, N_("1 member has chosen topics."), N_("%1 members have chosen topics.")},
    };
    size_t said = 0;

    out_text(out_object(request->page, "effect"), "name", row->name);
    if (effect->is_too_much) {
        say(request, tr(request->lang, N_("There are more than %1 lists here. Please ask on the page of a list.")), EFFECT_LISTS_MOST, 0);
        return;
    }
    if (request->list == NULL && effect->lists > 0)
        say(request, tr(request->lang, effect->lists == 1 ? N_("One list has no nearer value of its own. Of its last posts:")
                                                          : N_("%1 lists have no nearer value of their own. Of their last posts:")), effect->lists, 0);
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        if (counts[i].count > 0)
            say(request, tr(request->lang, counts[i].count == 1 ? counts[i].one : counts[i].many), counts[i].count, counts[i].of);
        said += counts[i].count > 0;
    }
    if (said == 0 && effect->posts + effect->waiting == 0)
        say(request, tr(request->lang, N_("No posts yet: there is nothing to tell it from.")), 0, 0);
    else if (said == 0)
        say(request, tr(request->lang, N_("Nothing would have been different in the last %2 posts.")), 0, effect->posts);
}

/* Shows the form again as it was typed, with the answer beside the setting; nothing is saved. */
enum status
page_setting_effect(struct request *request, struct fault *fault)
{
    const struct setting_row *row = setting_row(request_text(request, "ask"));
    const char *typed = row == NULL || !setting_has_effect(row) ? NULL : typed_of(request, row), *stored = NULL;
    struct effect_question question;
    struct shown_place shown;
    struct effect effect;
    enum status status = typed == NULL ? STATUS_NOT_FOUND : shown_place_load(request, &shown);

    if (status != STATUS_OK)
        return status;
    status = setting_check(request, row, typed, &stored, fault);
    question = (struct effect_question){shown.place.scope, setting_place_id(&shown.place), shown.sheet.effective, row, stored,
                                        request->web->conf->smtp_transparent};
    if (status == STATUS_OK)
        status = effect_ask(request->web->db, request, &question, &effect);
    if (status != STATUS_OK && status != STATUS_INVALID)
        return status;
    show_sheet(request, setting_group(row->group), &shown, typed_of);
    if (status == STATUS_INVALID)
        return form_refuse(request, fault);
    show_effect(request, row, &effect);
    return STATUS_OK;
}

/* ---- the same below a domain and the site ---- */

#define SAME(name, as) \
    enum status page_##name(struct request *request, struct fault *fault) { return page_##as(request, fault); }
SAME(domain_settings_first, settings_first)
SAME(domain_settings, settings)
SAME(domain_settings_save, settings_save)
SAME(domain_setting_effect, setting_effect)
SAME(site_settings_first, settings_first)
SAME(site_settings, settings)
SAME(site_settings_save, settings_save)
SAME(site_setting_effect, setting_effect)
#undef SAME

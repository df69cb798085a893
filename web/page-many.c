/* page-many.c - many lists at once, for operators and owners of domains: found, changed as one act, as text */
#include <string.h>

#include "policy/roster.h"
#include "policy/setting-plan.h"
#include "web/common.h"
#include "web/page.h"
#include "web/setting-place.h"

enum { LISTS_ON_A_PAGE = 100, STEPS_SHOWN = 200, ACTS_SHOWN = 5 };

/* 0 for those who may change every list. */
static int64_t
owner_of(const struct request *request)
{
    return request->standing.is_admin ? 0 : request->me.user_id;
}

static const char *
or_null(const char *text)
{
    return str_is_empty(text) ? NULL : text;
}

/* ---- which lists ---- */

static enum status
filter_of_form(struct request *request, struct list_filter *filter, struct fault *fault)
{
    const char *setting = request_text(request, "setting"), *state = request_text(request, "state");

    *filter = (struct list_filter){
        .address = or_null(request_text(request, "q")), .domain = or_null(request_text(request, "domain")),
        .no_owner = str_eq(state, "no-owner"), .is_silent = str_eq(state, "silent"), .is_held = str_eq(state, "held")};
    if (filter->address != NULL && strstr(filter->address, " and ") != NULL)
        return fault_set(fault, STATUS_INVALID, "q", N_("\"and\" stands between conditions and cannot be looked for."));
    if (setting_row(setting) == NULL)
        return STATUS_OK;
    if (request_has(request, "own"))
        filter->own = setting_row(setting)->name;
    if (str_is_empty(request_text(request, "sign")))
        return STATUS_OK;
    return list_filter_add(request, filter, setting, request_text(request, "sign"), request_text(request, "value"), fault);
}

/* The form's conditions, or those that a link carries; never more lists than the asker's own. */
static enum status
read_filter(struct request *request, bool is_form, struct list_filter *filter, struct fault *fault)
{
    enum status status = is_form && !request_has(request, "where") ? filter_of_form(request, filter, fault)
                                                                   : list_filter_read(request, request_text(request, "where"), filter, fault);

    filter->user_id = owner_of(request);
    return status;
}

static void
show_settings_select(struct request *request, const char *chosen, bool with_later)
{
    struct out *rows = out_rows(request->page, "settings");

    for (const struct setting_row *row = setting_rows(); row->name != NULL; row++) {
        struct out *out;

        if (!with_later && setting_comes_with(row) != NULL)
            continue;
        out = out_row(rows);
        out_text(out, "name", row->name);
        out_text(out, "label", tr(request->lang, row->label));
        out_text(out, "group", tr(request->lang, setting_group(row->group)->title));
        out_bool(out, "is_chosen", str_eq(row->name, chosen));
    }
}

static void
show_form(struct request *request)
{
    static const struct { const char *name, *label; } states[] = {
        {"no-owner", N_("without an owner")}, {"silent", N_("no post for a year")}, {"held", N_("posts wait over 7 days")},
    };
    static const struct { const char *sign, *label; } signs[] = {
        {"=", N_("is")}, {"!=", N_("is not")}, {"~", N_("contains")}, {"<", N_("is less than")}, {">", N_("is more than")},
    };
    static const char *const kept[] = {"q", "domain", "value"};

    for (size_t i = 0; i < COUNT_OF(kept); i++)
        out_text(request->page, kept[i], request_text(request, kept[i]));
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        struct out *row = out_row(out_rows(request->page, "states"));

        out_text(row, "name", states[i].name);
        out_text(row, "label", tr(request->lang, states[i].label));
        out_bool(row, "is_chosen", str_eq(states[i].name, request_text(request, "state")));
    }
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        struct out *row = out_row(out_rows(request->page, "signs"));

        out_text(row, "sign", signs[i].sign);
        out_text(row, "label", tr(request->lang, signs[i].label));
        out_bool(row, "is_chosen", str_eq(signs[i].sign, request_text(request, "sign")));
    }
    out_bool(request->page, "own", request_has(request, "own"));
    show_settings_select(request, request_text(request, "setting"), true);
}

static enum status
show_acts(struct request *request)
{
    struct setting_act *acts;
    size_t count;
    enum status status = setting_acts(request->web->db, request, owner_of(request), ACTS_SHOWN, &acts, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(out_rows(request->page, "acts"));

        out_int(row, "id", acts[i].id);
        out_text(row, "words", acts[i].words);
        out_text(row, "who", acts[i].made_by);
        out_time(row, "at", acts[i].made_at);
        out_int(row, "changes", acts[i].changes);
        out_bool(row, "is_undone", acts[i].undone_at != 0);
    }
    return status;
}

static void
show_list(struct request *request, const struct list_found *list, const struct setting_row *shown)
{
    struct out *row = out_row(out_rows(request->page, "lists"));

    out_int(row, "id", list->id);
    out_text(row, "address", list->address);
    out_text(row, "title", list->title);
    out_text(row, "path", mem_printf(row, "/lists/%s.%s/", list->name, list->domain));
    show_list_counts(row, list);
    out_int(row, "owners", list->owners);
    out_time(row, "last_at", list->last_at);
    out_time(row, "created_at", list->created_at);
    if (shown != NULL)
        out_text(row, "value", setting_words(request, shown, list->value));
    out_bool(row, "is_own", list->own != NULL);
}

/* ---- in which order ---- */

/* A word that list_filter_sorts() has, or NULL: by address. */
static const char *
asked_sort(const struct request *request)
{
    for (const char *const *sort = list_filter_sorts(); *sort != NULL; sort++)
        if (str_eq(*sort, request_text(request, "sort")))
            return *sort;
    return NULL;
}

static char *
path_in_order(struct request *request, const struct list_filter *filter, const char *sort, bool is_down)
{
    const char *setting = request_text(request, "setting");

    return mem_printf(request, "/admin/lists?where=%s&setting=%s&sort=%s%s", url_escape(request, list_filter_text(request, filter)),
                      setting_row(setting) == NULL ? "" : setting, sort == NULL ? "" : sort, is_down ? "&back=1" : "");
}

static void
show_sort(struct request *request, const struct list_filter *filter, const char *sort, const struct list_filter_page *page)
{
    struct out *row = out_object(out_object(request->page, "sorts"), sort == NULL ? "address" : sort);
    bool is_current = str_eq(sort, page->sort);

    /* the largest and newest first; a second click turns the order round */
    out_text(row, "path", path_in_order(request, filter, sort, is_current ? !page->is_down : sort != NULL));
    out_bool(row, "is_current", is_current);
    out_bool(row, "is_down", is_current && page->is_down);
}

static void
show_sorts(struct request *request, const struct list_filter *filter, const struct list_filter_page *page)
{
    out_text(request->page, "sort", page->sort);
    out_bool(request->page, "is_down", page->is_down);
    show_sort(request, filter, NULL, page);
    for (const char *const *sort = list_filter_sorts(); *sort != NULL; sort++)
        show_sort(request, filter, *sort, page);
}

/* "KEY DOMAIN NAME" of the list after which the page begins. */
static void
read_after(struct request *request, struct list_filter_page *page)
{
    char **words = str_split(request, request_text(request, "after"), ' ', 3);

    if (words[0] == NULL || words[1] == NULL || words[2] == NULL || !str_to_int(words[0], INT64_MIN, INT64_MAX, &page->after_key))
        return;
    page->after_domain = words[1];
    page->after_name = words[2];
}

static enum status
show_found(struct request *request, const struct list_filter *filter)
{
    const struct setting_row *shown = setting_row(request_text(request, "setting"));
    struct list_filter_page page = {.most = LISTS_ON_A_PAGE + 1, .counted = ROSTER_EXACT + 1, .sort = asked_sort(request),
                                    .is_down = request_has(request, "back")};
    struct list_found *lists;
    size_t count;
    enum status status;

    read_after(request, &page);
    show_sorts(request, filter, &page);
    status = list_filter_find(request->web->db, request, filter, shown == NULL ? NULL : shown->name, &page, &lists, &count);
    for (size_t i = 0; status == STATUS_OK && i < count && i < LISTS_ON_A_PAGE; i++)
        show_list(request, &lists[i], shown);
    if (status == STATUS_OK && count > LISTS_ON_A_PAGE)
        out_text(request->page, "more", mem_printf(
            request, "%s&after=%s", path_in_order(request, filter, page.sort, page.is_down),
            url_escape(request, mem_printf(request, "%lld %s %s", (long long)lists[LISTS_ON_A_PAGE - 1].key,
                                           lists[LISTS_ON_A_PAGE - 1].domain, lists[LISTS_ON_A_PAGE - 1].name))));
    if (shown != NULL)
        out_text(request->page, "shown", tr(request->lang, shown->label));
    return status;
}

enum status
page_many_lists(struct request *request, struct fault *fault)
{
    struct list_filter filter;
    enum status status = read_filter(request, true, &filter, fault);

    show_form(request);
    if (status == STATUS_INVALID || status == STATUS_NOT_FOUND)
        return form_refuse(request, fault);
    if (status == STATUS_OK)
        status = show_found(request, &filter);
    if (status == STATUS_OK)
        status = show_acts(request);
    out_text(request->page, "where", list_filter_text(request, &filter));
    out_text(request->page, "where_url", url_escape(request, list_filter_text(request, &filter)));
    return status;
}

/* ---- changing ---- */

static void
show_widget(struct request *request, const struct setting_row *row)
{
    struct out *field = out_object(request->page, "field");
    bool is_choice = row->kind == SETTING_CHOICE, is_bool = row->kind == SETTING_BOOL;
    const char *typed = request_text(request, "value");

    out_text(field, "name", row->name);
    out_text(field, "label", tr(request->lang, row->label));
    out_text(field, "help", tr(request->lang, row->help));
    out_text(field, "kind", is_choice || is_bool ? "choice" : row->kind == SETTING_LONG || row->kind == SETTING_LINES ? "long"
                            : row->kind == SETTING_INT ? "int" : "text");
    out_text(field, "value", typed);
    for (const struct setting_choice *choice = row->choices; is_choice && choice->value != NULL; choice++) {
        struct out *out = out_row(out_rows(field, "choices"));

        out_text(out, "value", choice->value);
        out_text(out, "label", tr(request->lang, choice->label));
        out_bool(out, "is_chosen", str_eq(choice->value, typed));
    }
    for (int i = 0; is_bool && i < 2; i++) {
        struct out *out = out_row(out_rows(field, "choices"));

        out_text(out, "value", i == 0 ? "yes" : "no");
        out_text(out, "label", tr(request->lang, i == 0 ? N_("yes") : N_("no")));
        out_bool(out, "is_chosen", str_eq(i == 0 ? "yes" : "no", typed));
    }
    out_bool(field, "back", request_has(request, "back"));
}

static void
show_plan(struct request *request, const struct setting_plan *plan)
{
    size_t shown = 0;

    for (size_t i = 0; i < plan->count && shown < STEPS_SHOWN; i++) {
        const struct setting_step *step = &plan->steps[i];
        struct out *row;

        if (step->is_same)
            continue;
        row = out_row(out_rows(request->page, "steps"));
        out_text(row, "place", step->place);
        out_text(row, "label", tr(request->lang, step->row->label));
        out_text(row, "before", step->before == NULL && step->now != NULL
                                    ? mem_printf(row, "%s (%s)", setting_words(request, step->row, step->now), tr(request->lang, N_("inherited")))
                                    : setting_words(request, step->row, step->before));
        out_text(row, "after", setting_words(request, step->row, step->after));
        shown++;
    }
    out_int(request->page, "changes", (int64_t)plan->changes);
    out_int(request->page, "same", (int64_t)(plan->count - plan->changes));
    out_int(request->page, "hidden", (int64_t)(plan->changes - shown));
    out_bool(request->page, "is_planned", true);
}

static enum status
carry_out(struct request *request, const struct setting_plan *plan, const char *words, struct fault *fault)
{
    struct actor actor = request_actor(request);
    int64_t act_id;
    enum status status = setting_plan_do(request->web->db, &actor, plan, words, request, &act_id, fault);

    if (status == STATUS_OK)
        response_send_to(request->response, act_id == 0 ? "/admin/lists" : mem_printf(request, "/admin/lists/act/%lld?done=1", (long long)act_id));
    return status;
}

static void
keep_choice(struct request *request, const struct list_filter *filter)
{
    for (size_t i = 0; i < filter->ids.count; i++)
        out_int(out_row(out_rows(request->page, "ids")), "id", filter->ids.items[i]);
    out_bool(request->page, "all", request_has(request, "all"));
    out_text(request->page, "where", request_text(request, "where"));
}

/* Three steps of one form: what to set, what will change, done. */
enum status
page_many_apply(struct request *request, struct fault *fault)
{
    const struct setting_row *row = setting_row(request_text(request, "setting"));
    const char *step = request_text(request, "step"), *value = request_has(request, "back") ? NULL : request_text(request, "value");
    struct setting_plan plan = {0};
    struct list_filter filter;
    const char *why;
    enum status status = read_filter(request, false, &filter, fault);

    filter.ids = request_ids(request, request, "id");
    if (status != STATUS_OK)
        return status;
    if (row == NULL || !setting_is_open(request, row, &why) || (filter.ids.count == 0 && !request_has(request, "all"))) {
        response_send_to(request->response, "/admin/lists");
        return STATUS_OK;
    }
    if (request_has(request, "all"))
        filter.ids.count = 0;
    keep_choice(request, &filter);
    show_widget(request, row);
    if (!str_eq(step, "look") && !str_eq(step, "do"))
        return STATUS_OK;
    status = setting_plan_lists(request->web->db, request, &filter, row->name, value, &plan, fault);
    if (status == STATUS_INVALID)
        return form_refuse(request, fault);
    if (status == STATUS_OK && str_eq(step, "do"))
        return carry_out(request, &plan, value == NULL ? row->name : mem_printf(request, "%s=%s", row->name, value), fault);
    if (status == STATUS_OK)
        show_plan(request, &plan);
    return status;
}

/* ---- an act ---- */

static int64_t
act_id_of(const struct request *request)
{
    int64_t id;

    return str_to_int(request_param(request, "id"), 1, INT64_MAX, &id) ? id : 0;
}

enum status
page_many_act(struct request *request, struct fault *fault)
{
    int64_t id = act_id_of(request);
    struct setting_change *changes;
    struct setting_act act;
    size_t count, standing = 0;
    enum status status = setting_act_find(request->web->db, request, id, owner_of(request), &act);

    (void)fault;
    if (status == STATUS_OK)
        status = setting_act_changes(request->web->db, request, id, &changes, &count);
    if (status != STATUS_OK)
        return status;
    out_int(request->page, "id", id);
    out_text(request->page, "words", act.words);
    out_text(request->page, "who", act.made_by);
    out_time(request->page, "at", act.made_at);
    out_bool(request->page, "is_undone", act.undone_at != 0);
    out_bool(request->page, "is_done", request_has(request, "done"));
    for (size_t i = 0; i < count; i++) {
        const struct setting_row *row = setting_row(changes[i].name);
        struct out *out;

        standing += !changes[i].is_undone;
        if (row == NULL || i >= STEPS_SHOWN)
            continue;
        out = out_row(out_rows(request->page, "steps"));
        out_text(out, "place", changes[i].place);
        out_text(out, "label", tr(request->lang, row->label));
        out_text(out, "before", setting_words(request, row, changes[i].before));
        out_text(out, "after", setting_words(request, row, changes[i].after));
        out_bool(out, "is_undone", changes[i].is_undone);
    }
    out_int(request->page, "count", (int64_t)count);
    out_int(request->page, "standing", (int64_t)standing);
    return STATUS_OK;
}

enum status
page_many_undo(struct request *request, struct fault *fault)
{
    int64_t id = act_id_of(request), undone;
    struct actor actor = request_actor(request);
    struct setting_act act;
    enum status status = setting_act_find(request->web->db, request, id, owner_of(request), &act);

    if (status == STATUS_OK)
        status = setting_act_undo(request->web->db, &actor, id, request, &undone, fault);
    if (status == STATUS_OK || status == STATUS_CONFLICT) {
        response_send_to(request->response, mem_printf(request, "/admin/lists/act/%lld", (long long)id));
        return STATUS_OK;
    }
    return status;
}

/* ---- as text ---- */

enum status
page_many_export(struct request *request, struct fault *fault)
{
    struct list_filter filter;
    enum status status = read_filter(request, false, &filter, fault);

    if (status == STATUS_OK)
        status = setting_export_lists(request->web->db, request->response->body, &filter);
    if (status != STATUS_OK)
        return status;
    request->response->content_type = "text/plain; charset=utf-8";
    response_field(request->response, "Content-Disposition", "attachment; filename=\"settings.txt\"");
    return STATUS_OK;
}

enum status
page_many_import(struct request *request, struct fault *fault)
{
    (void)request;
    (void)fault;
    return STATUS_OK;
}

enum status
page_many_import_act(struct request *request, struct fault *fault)
{
    struct setting_plan plan;
    enum status status = setting_plan_text(request->web->db, request, request_text(request, "text"), owner_of(request), &plan, fault);

    out_text(request->page, "text", request_text(request, "text"));
    if (status == STATUS_INVALID)
        return form_refuse(request, fault);
    if (status == STATUS_OK && str_eq(request_text(request, "step"), "do"))
        return carry_out(request, &plan, "import", fault);
    if (status == STATUS_OK)
        show_plan(request, &plan);
    return status;
}

/* page-filters.c - header filters, of one list, of a domain or of the site: their order, one of them, tried on a message before it counts */
#include "policy/filter.h"
#include "policy/trial.h"
#include "web/common.h"
#include "web/page.h"
#include "web/rule-place.h"

enum { FOUND_MAX = 200 };

static const struct { const char *word, *label; } places[] = {
    {"", N_("A header field")}, {":any", N_("Any header field")}, {":text", N_("The text")},
    {":size", N_("Larger than, in KiB")}, {":spam", N_("Spam score from")},
};
static const struct { enum post_action action; const char *label; } actions[] = {
    {POST_HOLD, N_("Hold for a moderator")}, {POST_DISCARD, N_("Discard without a word")},
    {POST_REJECT, N_("Refuse with a notice to the author")}, {POST_ACCEPT, N_("Accept at once")},
};

/* ---- all of them ---- */

static void
show_condition_words(struct request *request, struct out *row, const struct filter *filter)
{
    struct out *rows = out_rows(row, "conditions");

    for (size_t i = 0; i < filter->count; i++) {
        struct out *condition = out_row(rows);

        out_text(condition, "place", filter->fields[i]);
        for (size_t k = 1; k < COUNT_OF(places); k++)
            if (str_eq(places[k].word, filter->fields[i]))
                out_text(condition, "place", tr(request->lang, places[k].label));
        out_text(condition, "pattern", filter->patterns[i]);
    }
}

static const char *
action_label(const struct request *request, enum post_action action)
{
    for (size_t i = 0; i < COUNT_OF(actions); i++)
        if (actions[i].action == action)
            return tr(request->lang, actions[i].label);
    return "";
}

enum status
page_filters(struct request *request, struct fault *fault)
{
    struct out *rows = out_rows(request->page, "filters");
    struct filter *filters;
    size_t count;
    enum status status = filter_list(request->web->db, request, rule_place(request), &filters, &count);

    (void)fault;
    rule_place_show(request, "filters");
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", filters[i].id);
        out_int(row, "place", (int64_t)i + 1);
        out_bool(row, "is_first", i == 0);
        out_bool(row, "is_last", i + 1 == count);
        show_condition_words(request, row, &filters[i]);
        out_text(row, "action", action_label(request, filters[i].action));
        out_text(row, "note", filters[i].note);
        out_int(row, "hits", filters[i].hits);
        out_time(row, "last_hit_at", filters[i].last_hit_at);
        out_int(row, "costly", filters[i].costly);
    }
    out_text(request->page, "done", request_text(request, "done"));
    return status;
}

/* "up" and "down" hold the id; its new place comes with it, so that a second press does no harm. */
enum status
page_filters_move(struct request *request, struct fault *fault)
{
    char **parts = str_split(request, request_text(request, "move"), '.', 2);
    struct actor actor = request_actor(request);
    int64_t id = 0, place = 0;
    enum status status;

    if (parts[0] == NULL || parts[1] == NULL || !str_to_int(parts[0], 1, INT64_MAX, &id)
        || !str_to_int(parts[1], 1, FILTERS_MAX, &place))
        return fault_set(fault, STATUS_INVALID, "move", N_("No filter was chosen."));
    status = filter_move(request->web->db, &actor, request, rule_place(request), id, (int)place);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%sfilters?done=moved", rule_place_base(request)));
    return status;
}

/* ---- one of them ---- */

static const char *
name_of(struct request *request, const char *field, size_t i)
{
    return mem_printf(request, "%s%zu", field, i + 1);
}

/* The form as it was sent: conditions without an expression are not there. */
static void
read_form(struct request *request, struct filter *filter)
{
    filter->place = rule_place(request);
    for (size_t i = 0; i < FILTER_CONDITIONS_MAX; i++) {
        const char *where = request_text(request, name_of(request, "where", i));
        const char *field = request_text(request, name_of(request, "field", i));
        const char *pattern = request_text(request, name_of(request, "pattern", i));

        if (i > 0 && str_is_empty(pattern) && str_is_empty(field))
            continue;
        filter->fields[filter->count] = *where == ':' ? where : field;
        filter->patterns[filter->count++] = pattern;
    }
    filter->action = post_action_of(request_text(request, "action"));
    if (!str_eq(post_action_word(filter->action), request_text(request, "action")))
        filter->action = POST_DEFER;
    filter->reject_text = request_text(request, "reject_text");
    filter->note = request_text(request, "note");
}

static void
show_condition(struct request *request, struct out *row, const struct filter *filter, size_t i)
{
    const char *field = i < filter->count ? filter->fields[i] : "";
    struct out *choices = out_rows(row, "places");

    out_int(row, "number", (int64_t)i + 1);
    out_text(row, "field_name", name_of(request, "field", i));
    out_text(row, "pattern_name", name_of(request, "pattern", i));
    out_text(row, "field", *field == ':' ? "" : field);
    out_text(row, "pattern", i < filter->count ? filter->patterns[i] : "");
    out_bool(row, "is_used", i < filter->count);
    for (size_t k = 0; k < COUNT_OF(places); k++) {
        struct out *choice = out_row(choices);

        out_text(choice, "word", places[k].word);
        out_text(choice, "label", tr(request->lang, places[k].label));
        out_bool(choice, "is_chosen", str_eq(places[k].word, field));
    }
}

static void
show_form(struct request *request, const struct filter *filter)
{
    struct out *conditions = out_rows(request->page, "conditions"), *choices = out_rows(request->page, "actions");

    rule_place_show(request, "filters");
    out_int(request->page, "id", filter->id);
    for (size_t i = 0; i < FILTER_CONDITIONS_MAX; i++)
        show_condition(request, out_row(conditions), filter, i);
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        struct out *choice = out_row(choices);

        out_text(choice, "word", post_action_word(actions[i].action));
        out_text(choice, "label", tr(request->lang, actions[i].label));
        out_bool(choice, "is_chosen", actions[i].action == filter->action);
    }
    out_bool(request->page, "has_more", filter->count > 1);
    out_text(request->page, "reject_text", filter->reject_text);
    out_text(request->page, "note", filter->note);
}

enum status
page_filter_new(struct request *request, struct fault *fault)
{
    static const struct filter empty = {.count = 1, .fields = {"Subject"}, .patterns = {""}, .action = POST_HOLD,
                                        .reject_text = "", .note = ""};

    (void)fault;
    show_form(request, &empty);
    return STATUS_OK;
}

static enum status
find(struct request *request, struct filter **filter_r)
{
    int64_t id = 0;

    if (!str_to_int(request_param(request, "id"), 1, INT64_MAX, &id))
        return STATUS_NOT_FOUND;
    return filter_one(request->web->db, request, rule_place(request), id, filter_r);
}

enum status
page_filter(struct request *request, struct fault *fault)
{
    struct filter *filter;
    enum status status = find(request, &filter);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    show_form(request, filter);
    out_int(request->page, "hits", filter->hits);
    out_time(request->page, "last_hit_at", filter->last_hit_at);
    out_int(request->page, "costly", filter->costly);
    out_text(request->page, "changed_by", filter->changed_by);
    out_time(request->page, "changed_at", filter->changed_at);
    return STATUS_OK;
}

/* What the filter, as it is typed, makes of the pasted message. Nothing is written. */
static enum status
try_it(struct request *request, struct filter *filter, struct fault *fault)
{
    struct out *out = out_object(request->page, "trial"), *rows;
    struct filter_answer answer;
    struct filter_input input;
    struct message *message;
    struct rule_scan scan;
    enum status status = filter_check(request, filter, fault);

    if (status == STATUS_OK)
        status = trial_message(request, request_text(request, "message"), &message, fault);
    if (status != STATUS_OK)
        return status;
    scan = rule_scan_read(request, message->header, settings_default(request));
    input = (struct filter_input){message, message_text(request, message, 65536), message->raw.len, scan.has_score, scan.score_tenths};
    answer = filter_set_ask(request, filter_set_new(request, filter, 1), &input);
    out_bool(out, "is_there", true);
    out_bool(out, "is_met", answer.filter != NULL);
    out_bool(out, "is_costly", answer.costly != NULL);
    rows = out_rows(out, "found");
    for (size_t i = 0; answer.filter != NULL && i < filter->count; i++)
        out_row_text(rows, utf8_cut(request, answer.found[i], FOUND_MAX));
    return STATUS_OK;
}

static enum status
show_again(struct request *request, const struct filter *filter, enum status status, struct fault *fault)
{
    show_form(request, filter);
    out_text(request->page, "message", request_text(request, "message"));
    return status == STATUS_OK ? status : form_refuse(request, fault);
}

static enum status
save(struct request *request, struct filter *filter, struct fault *fault)
{
    struct filter typed = {.id = filter != NULL ? filter->id : 0};
    struct actor actor = request_actor(request);
    enum status status;

    read_form(request, &typed);
    if (str_eq(request_text(request, "act"), "try"))
        return show_again(request, &typed, try_it(request, &typed, fault), fault);
    status = filter == NULL ? filter_add(request->web->db, &actor, request, &typed, fault)
                            : filter_change(request->web->db, &actor, request, &typed, fault);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%sfilters?done=saved", rule_place_base(request)));
    return fault->sentence != NULL ? show_again(request, &typed, status, fault) : status;
}

enum status
page_filter_make(struct request *request, struct fault *fault)
{
    return save(request, NULL, fault);
}

enum status
page_filter_save(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct filter *filter;
    enum status status = find(request, &filter);

    if (status != STATUS_OK || !str_eq(request_text(request, "act"), "remove"))
        return status == STATUS_OK ? save(request, filter, fault) : status;
    status = filter_remove(request->web->db, &actor, request, filter->place, filter->id);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%sfilters?done=removed", rule_place_base(request)));
    return status;
}

/* ---- the site's ---- */

enum status
page_site_filters(struct request *request, struct fault *fault)
{
    return page_filters(request, fault);
}

enum status
page_site_filters_move(struct request *request, struct fault *fault)
{
    return page_filters_move(request, fault);
}

enum status
page_site_filter_new(struct request *request, struct fault *fault)
{
    return page_filter_new(request, fault);
}

enum status
page_site_filter_make(struct request *request, struct fault *fault)
{
    return page_filter_make(request, fault);
}

enum status
page_site_filter(struct request *request, struct fault *fault)
{
    return page_filter(request, fault);
}

enum status
page_site_filter_save(struct request *request, struct fault *fault)
{
    return page_filter_save(request, fault);
}

/* ---- a domain's ---- */

enum status
page_domain_filters(struct request *request, struct fault *fault)
{
    return page_filters(request, fault);
}

enum status
page_domain_filters_move(struct request *request, struct fault *fault)
{
    return page_filters_move(request, fault);
}

enum status
page_domain_filter_new(struct request *request, struct fault *fault)
{
    return page_filter_new(request, fault);
}

enum status
page_domain_filter_make(struct request *request, struct fault *fault)
{
    return page_filter_make(request, fault);
}

enum status
page_domain_filter(struct request *request, struct fault *fault)
{
    return page_filter(request, fault);
}

enum status
page_domain_filter_save(struct request *request, struct fault *fault)
{
    return page_filter_save(request, fault);
}

/* command-many.c - many lists at once: found, changed as one act, exported, imported */
#include <string.h>

#include "cli/common.h"
#include "policy/domain.h"
#include "policy/setting-plan.h"

enum { LISTS_MOST = 10000, TEXT_MOST = 16 << 20, ACTS_SHOWN = 20, ACTS_MOST = 1000 };

static bool
is_sort(const char *word)
{
    for (const char *const *sort = list_filter_sorts(); *sort != NULL; sort++)
        if (str_eq(*sort, word))
            return true;
    return false;
}

enum status
command_list_find(struct call *call)
{
    struct out *rows = out_rows(call->out, "lists");
    const char *shown = option(call, "--show");
    const struct list_filter_page page = {.most = LISTS_MOST, .counted = INT64_MAX, .sort = option(call, "--sort"),
                                          .is_down = has_option(call, "--reverse")};
    struct list_filter filter;
    struct list_found *lists;
    size_t count;
    enum status status = list_filter_read(call->ctx, word(call, "CONDITIONS"), &filter, &call->fault);

    if (status == STATUS_OK && page.sort != NULL && !is_sort(page.sort))
        return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "--sort", "Lists are sorted by members, held, last or created.");
    if (status == STATUS_OK && shown != NULL && setting_row(shown) == NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, "--show", "There is no setting \"%s\".", shown);
    if (status == STATUS_OK)
        status = list_filter_find(call->db, call->ctx, &filter, shown, &page, &lists, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "address", lists[i].address);
        out_int(row, "members", lists[i].members);
        out_int(row, "owners", lists[i].owners);
        out_int(row, "held", lists[i].held);
        out_time(row, "last_post", lists[i].last_at);
        out_time(row, "created", lists[i].created_at);
        if (shown != NULL)
            out_text(row, "value", lists[i].value);
        if (shown != NULL)
            out_bool(row, "is_own", lists[i].own != NULL);
    }
    return call_explain(call, status);
}

/* --- changing --- */

static void
show_plan(struct call *call, const struct setting_plan *plan)
{
    struct out *rows = out_rows(call->out, "changes");

    for (size_t i = 0; i < plan->count; i++) {
        const struct setting_step *step = &plan->steps[i];
        struct out *row;

        if (step->is_same)
            continue;
        row = out_row(rows);
        out_text(row, "place", step->place);
        out_text(row, "name", step->row->name);
        out_text(row, "before", step->before);
        out_text(row, "after", step->after);
        if (step->after != NULL)
            call_note_later(call, step->row);
    }
    out_int(call->out, "changed", has_option(call, "--dry-run") ? 0 : (int64_t)plan->changes);
    out_int(call->out, "same", (int64_t)(plan->count - plan->changes));
}

static enum status
carry_out(struct call *call, const struct setting_plan *plan, const char *words)
{
    int64_t act_id = 0;
    enum status status = STATUS_OK;

    if (!has_option(call, "--dry-run"))
        status = setting_plan_do(call->db, &call->actor, plan, words, call->ctx, &act_id, &call->fault);
    if (status != STATUS_OK)
        return status;
    show_plan(call, plan);
    if (act_id != 0)
        out_int(call->out, "act", act_id);
    return STATUS_OK;
}

/* The steps of several settings, one plan after the other, in one. */
static void
join_plans(TALLOC_CTX *ctx, struct setting_plan *all, const struct setting_plan *more)
{
    all->steps = mem_resize(ctx, all->steps, struct setting_step, all->count + more->count + 1);
    if (more->count > 0)
        memcpy(all->steps + all->count, more->steps, more->count * sizeof *more->steps);
    all->count += more->count;
    all->changes += more->changes;
}

enum status
call_set_where(struct call *call, struct text_array pairs)
{
    struct str *words = str_new(call->ctx);
    struct setting_plan all = {0};
    struct list_filter filter;
    enum status status = STATUS_OK;

    if (has_option(call, "--domain") || has_option(call, "--site"))
        return fault_set(&call->fault, STATUS_INVALID, "--where", N_("--where is about lists; name the domain as domain=DOMAIN."));
    status = list_filter_read(call->ctx, option(call, "--where"), &filter, &call->fault);
    for (size_t i = 0; i < pairs.count && status == STATUS_OK; i++) {
        const char *equals = strchr(pairs.items[i], '=');
        size_t len = equals == NULL ? strlen(pairs.items[i]) : (size_t)(equals - pairs.items[i]);
        struct setting_plan plan = {0};

        status = setting_plan_lists(call->db, call->ctx, &filter, mem_strndup(call->ctx, pairs.items[i], len),
                                    equals == NULL ? NULL : equals + 1, &plan, &call->fault);
        if (status == STATUS_OK)
            join_plans(call->ctx, &all, &plan);
        str_addf(words, "%s%s", i > 0 ? " " : "", pairs.items[i]);
    }
    return call_explain(call, status == STATUS_OK ? carry_out(call, &all, words->s) : status);
}

enum status
command_list_import(struct call *call)
{
    const char *path = word(call, "FILE");
    struct setting_plan plan;
    struct blob text;
    enum status status = read_input(call, path == NULL ? "-" : path, TEXT_MOST, &text);

    if (status == STATUS_OK)
        status = setting_plan_text(call->db, call->ctx, mem_strndup(call->ctx, (const char *)text.data, text.len), 0, &plan,
                                   &call->fault);
    return status == STATUS_OK ? carry_out(call, &plan, "import") : status;
}

/* --- export --- */

static enum status
export_named(struct call *call, struct str *text)
{
    struct text_array names = words_rest(call);
    struct list *list;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < names.count && status == STATUS_OK; i++) {
        status = call_list(call, names.items[i], &list);
        if (status == STATUS_OK)
            status = setting_export(call->db, text, SCOPE_LIST, list->id, list->address);
    }
    return status;
}

enum status
command_list_export(struct call *call)
{
    const char *where = option(call, "--where"), *domain_name = option(call, "--domain");
    struct str *text = str_new(call->ctx);
    struct list_filter filter;
    struct domain *domain;
    enum status status = STATUS_OK;

    if (has_option(call, "--site"))
        status = setting_export(call->db, text, SCOPE_SITE, 0, "site");
    if (status == STATUS_OK && domain_name != NULL) {
        status = domain_find(call->db, call->ctx, domain_name, &domain, &call->fault);
        if (status == STATUS_OK)
            status = setting_export(call->db, text, SCOPE_DOMAIN, domain->id, domain->name);
    }
    if (status == STATUS_OK && words_rest(call).count > 0)
        status = export_named(call, text);
    else if (status == STATUS_OK && (where != NULL || (domain_name == NULL && !has_option(call, "--site")))) {
        status = list_filter_read(call->ctx, where, &filter, &call->fault);
        if (status == STATUS_OK)
            status = setting_export_lists(call->db, text, &filter);
    }
    if (status != STATUS_OK)
        return call_explain(call, status);
    if (call->json)
        out_text(call->out, "text", text->s);
    else
        fputs(text->s, stdout);
    return STATUS_OK;
}

/* --- acts --- */

enum status
command_setting_acts(struct call *call)
{
    struct out *rows = out_rows(call->out, "acts");
    const char *most_text = option(call, "--most");
    struct setting_act *acts;
    int64_t most = ACTS_SHOWN;
    size_t count;
    enum status status = most_text == NULL ? STATUS_OK : call_number(call, "--most", most_text, ACTS_MOST, &most);

    if (status == STATUS_OK)
        status = setting_acts(call->db, call->ctx, 0, most, &acts, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", acts[i].id);
        out_time(row, "at", acts[i].made_at);
        out_text(row, "who", acts[i].made_by);
        out_text(row, "what", acts[i].words);
        out_int(row, "changes", acts[i].changes);
        out_time(row, "undone_at", acts[i].undone_at);
    }
    return status;
}

enum status
command_setting_undo_act(struct call *call)
{
    int64_t id, undone = 0;
    enum status status = call_number(call, "ID", word(call, "ID"), INT64_MAX, &id);

    if (status == STATUS_OK)
        status = setting_act_undo(call->db, &call->actor, id, call->ctx, &undone, &call->fault);
    if (status == STATUS_OK)
        out_int(call->out, "taken_back", undone);
    return status;
}

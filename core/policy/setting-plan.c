/* setting-plan.c - changes of many settings, looked at before they are made */
#include <string.h>

#include "policy/domain.h"
#include "policy/list.h"
#include "policy/setting-plan.h"
#include "store/statements.h"
#include "util/str.h"

enum { LISTS_MOST = 10000, STEPS_MOST = 100000 };
static const struct list_filter_page all_lists = {.most = LISTS_MOST};      /* who is on them does not matter here */

/* --- of lists --- */

enum status
setting_plan_lists(struct db *db, TALLOC_CTX *ctx, const struct list_filter *filter, const char *name, const char *value,
                   struct setting_plan *plan_r, struct fault *fault)
{
    const struct setting_row *row = setting_row(name);
    struct list_found *lists;
    const char *after = NULL;
    enum status status = STATUS_OK;

    if (row == NULL)
        return fault_setf(fault, ctx, STATUS_NOT_FOUND, name, "There is no setting \"%s\".", name);
    if (value != NULL)
        status = setting_check(ctx, row, value, &after, fault);
    if (status == STATUS_OK)
        status = list_filter_find(db, ctx, filter, name, &all_lists, &lists, &plan_r->count);
    if (status != STATUS_OK)
        return status;
    plan_r->steps = mem_array(ctx, struct setting_step, plan_r->count + 1);
    plan_r->changes = 0;
    for (size_t i = 0; i < plan_r->count; i++) {
        plan_r->steps[i] = (struct setting_step){
            .scope = SCOPE_LIST, .scope_id = lists[i].id, .place = lists[i].address, .row = row, .before = lists[i].own,
            .now = lists[i].value, .after = after, .is_same = str_eq(lists[i].own, after)};
        plan_r->changes += !plan_r->steps[i].is_same;
    }
    return STATUS_OK;
}

/* --- of text --- */

struct reader {
    struct db *db;
    TALLOC_CTX *ctx;
    struct fault *fault;
    int64_t user_id;
    char **lines;
    int line;                   /* that is read; from 0 */
    struct setting_step here;   /* the section: scope, scope_id, place */
    bool has_section;
    struct setting_plan *plan;
    size_t room;
};

static enum status
trouble(struct reader *reader, const char *what)
{
    return fault_setf(reader->fault, reader->ctx, STATUS_INVALID, "text", "Line %d: %s", reader->line + 1, what);
}

/* Whether this account may change what the section names. */
static enum status
check_owner(struct reader *reader, int64_t domain_id)
{
    struct row_domain_is_owned *row;
    enum status status;

    if (reader->user_id == 0)
        return STATUS_OK;
    status = q_domain_is_owned(reader->db, reader->ctx, domain_id, reader->user_id, &row);
    if (status == STATUS_OK && (domain_id == 0 || row == NULL))
        return trouble(reader, "This is not a domain or list of yours.");
    return status;
}

static enum status
read_place(struct reader *reader, const char *kind, const char *name)
{
    struct fault unknown = {0};
    struct domain *domain;
    struct list *list;
    enum status status = STATUS_INVALID;
    int64_t domain_id = 0;

    if (str_eq(kind, "site") && str_is_empty(name)) {
        reader->here = (struct setting_step){.scope = SCOPE_SITE, .place = "site"};
        status = STATUS_OK;
    } else if (str_eq(kind, "domain") && (status = domain_find(reader->db, reader->ctx, name, &domain, &unknown)) == STATUS_OK) {
        reader->here = (struct setting_step){.scope = SCOPE_DOMAIN, .scope_id = domain->id, .place = domain->name};
        domain_id = domain->id;
    } else if (str_eq(kind, "list") && (status = list_find(reader->db, reader->ctx, name, &list, &unknown)) == STATUS_OK) {
        reader->here = (struct setting_step){.scope = SCOPE_LIST, .scope_id = list->id, .place = list->address};
        domain_id = list->domain_id;
    }
    if (status == STATUS_INVALID || status == STATUS_NOT_FOUND)
        return trouble(reader, unknown.sentence != NULL ? unknown.sentence : "A section is [site], [domain NAME] or [list ADDRESS].");
    reader->has_section = status == STATUS_OK;
    return status == STATUS_OK ? check_owner(reader, domain_id) : status;
}

static enum status
read_section(struct reader *reader, const char *line)
{
    char *inner = mem_strndup(reader->ctx, line + 1, strlen(line) - 2), *blank = strchr(inner, ' ');

    if (!str_ends(line, "]"))
        return trouble(reader, "A section ends with ].");
    if (blank != NULL)
        *blank++ = '\0';
    return read_place(reader, inner, blank == NULL ? "" : str_trim(reader->ctx, blank));
}

/* The lines after NAME: that begin with "|". */
static const char *
read_many(struct reader *reader)
{
    struct str *value = str_new(reader->ctx);
    bool first = true;

    while (reader->lines[reader->line + 1] != NULL && reader->lines[reader->line + 1][0] == '|') {
        const char *line = reader->lines[++reader->line] + 1;

        str_addf(value, "%s%s", first ? "" : "\n", line + (*line == ' '));
        first = false;
    }
    return value->s;
}

static enum status
add_step(struct reader *reader, const char *name, const char *value)
{
    struct setting_plan *plan = reader->plan;
    struct setting_step *step;
    struct row_setting_value *before;
    struct fault fault = {0};
    enum status status;

    if (plan->count == STEPS_MOST)
        return trouble(reader, "This is too much at once.");
    if (plan->count == reader->room) {
        reader->room = reader->room == 0 ? 64 : reader->room * 2;
        plan->steps = mem_resize(reader->ctx, plan->steps, struct setting_step, reader->room);
    }
    step = &plan->steps[plan->count];
    *step = reader->here;
    step->row = setting_row(name);
    step->line = reader->line + 1;
    if (step->row == NULL)
        return trouble(reader, mem_printf(reader->ctx, "There is no setting \"%s\".", name));
    if (value != NULL && setting_check(reader->ctx, step->row, value, &step->after, &fault) != STATUS_OK)
        return trouble(reader, mem_printf(reader->ctx, "%s: %s", name, fault.sentence));
    status = q_setting_value(reader->db, reader->ctx, scope_word(step->scope), step->scope_id, step->row->name, &before);
    if (status != STATUS_OK)
        return status;
    step->before = before == NULL ? NULL : before->value;
    step->is_same = str_eq(step->before, step->after);
    plan->count++;
    plan->changes += !step->is_same;
    return STATUS_OK;
}

static enum status
read_setting(struct reader *reader, const char *line)
{
    size_t len = strspn(line, "abcdefghijklmnopqrstuvwxyz_0123456789");
    char *name = mem_strndup(reader->ctx, line, len);
    const char *rest = str_trim(reader->ctx, line + len);

    if (len == 0 || (*rest != '\0' && *rest != '=' && !str_eq(rest, ":")))
        return trouble(reader, "This is neither NAME = VALUE, NAME: with lines below it, nor NAME alone.");
    if (!reader->has_section)
        return trouble(reader, "A section comes first: [site], [domain NAME] or [list ADDRESS].");
    return add_step(reader, name, *rest == '=' ? rest + 1 : *rest == ':' ? read_many(reader) : NULL);
}

enum status
setting_plan_text(struct db *db, TALLOC_CTX *ctx, const char *text, int64_t user_id, struct setting_plan *plan_r,
                  struct fault *fault)
{
    struct reader reader = {.db = db, .ctx = ctx, .fault = fault, .user_id = user_id, .plan = plan_r,
                            .lines = str_split(ctx, utf8_clean(ctx, text, strlen(text)), '\n', SIZE_MAX)};
    enum status status = STATUS_OK;

    *plan_r = (struct setting_plan){0};
    for (; reader.lines[reader.line] != NULL && status == STATUS_OK; reader.line++) {
        const char *line = str_trim(ctx, reader.lines[reader.line]);

        if (*line == '\0' || *line == '#')
            continue;
        status = *line == '[' ? read_section(&reader, line) : read_setting(&reader, line);
    }
    return status;
}

/* --- doing --- */

static enum status
do_steps(struct db *db, const struct actor *actor, const struct setting_plan *plan, const char *words, TALLOC_CTX *ctx,
         int64_t *act_id_r, struct fault *fault)
{
    struct setting_deed deed = {0};
    enum status status = setting_act_begin(db, actor, ctx, words, &deed.act_id);

    for (size_t i = 0; i < plan->count && status == STATUS_OK; i++) {
        const struct setting_step *step = &plan->steps[i];

        if (!step->is_same)
            status = setting_set_in(db, actor, &deed, step->scope, step->scope_id, step->row->name, step->after, ctx, fault);
    }
    *act_id_r = deed.act_id;
    return status;
}

enum status
setting_plan_do(struct db *db, const struct actor *actor, const struct setting_plan *plan, const char *words, TALLOC_CTX *ctx,
                int64_t *act_id_r, struct fault *fault)
{
    struct change change;
    enum status status = STATUS_OK;

    *act_id_r = 0;
    if (plan->changes == 0)
        return STATUS_OK;
    status = change_begin(&change, db);
    if (status == STATUS_OK)
        status = change_end(&change, do_steps(db, actor, plan, words, ctx, act_id_r, fault));
    return status;
}

/* --- writing --- */

static void
write_value(struct str *out, const char *name, const char *value)
{
    if (strchr(value, '\n') == NULL && *value != ' ') {
        str_addf(out, "%s = %s\n", name, value);
        return;
    }
    str_addf(out, "%s:\n", name);
    for (char **line = str_split(out, value, '\n', SIZE_MAX); *line != NULL; line++)
        str_addf(out, "| %s\n", *line);
}

enum status
setting_export(struct db *db, struct str *out, enum setting_scope scope, int64_t scope_id, const char *place)
{
    struct setting_value *values;
    size_t count;
    enum status status = setting_own(db, out, scope, scope_id, &values, &count);

    if (status != STATUS_OK)
        return status;
    if (scope == SCOPE_SITE)
        str_add(out, "[site]\n");
    else
        str_addf(out, "[%s %s]\n", scope_word(scope), place);
    for (size_t i = 0; i < count; i++)
        if (setting_row(values[i].name) != NULL)
            write_value(out, values[i].name, values[i].value);
    str_add(out, "\n");
    return STATUS_OK;
}

enum status
setting_export_lists(struct db *db, struct str *out, const struct list_filter *filter)
{
    struct list_found *lists;
    size_t count = 0;
    enum status status = list_filter_find(db, out, filter, NULL, &all_lists, &lists, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = setting_export(db, out, SCOPE_LIST, lists[i].id, lists[i].address);
    return status;
}

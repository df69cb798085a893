/* command-setting.c - kairan setting: the table, values and where they come from, what was changed */
#include <string.h>

#include "cli/common.h"
#include "policy/effect.h"

enum { HISTORY_SHOWN = 50, HISTORY_MOST = 10000 };

static const char *const kinds[] = {"yes or no", "number", "line", "text", "lines", "choice"};

enum status
command_setting_list(struct call *call)
{
    const char *group = word(call, "GROUP");
    struct out *rows = out_rows(call->out, "settings");

    if (group != NULL && setting_group(group) == NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, "GROUP", "There is no group \"%s\".", group);
    for (const struct setting_row *row = setting_rows(); row->name != NULL; row++) {
        struct out *out;

        if (group != NULL && !str_eq(group, row->group))
            continue;
        out = out_row(rows);
        out_text(out, "name", row->name);
        out_text(out, "group", row->group);
        out_text(out, "kind", kinds[row->kind]);
        out_text(out, "default", row->fallback);
        if (call->json && row->choices != NULL)
            for (const struct setting_choice *choice = row->choices; choice->value != NULL; choice++)
                out_row_text(out_rows(out, "choices"), choice->value);
        if (call->json && row->kind != SETTING_CHOICE) {
            out_int(out, "least", row->least);
            out_int(out, "most", row->most);
            out_bool(out, "is_address", row->flags & SETTING_ADDRESS);
            out_bool(out, "is_patterns", row->flags & SETTING_PATTERNS);
            out_bool(out, "is_zone", row->flags & SETTING_ZONE);
        }
        out_text(out, "comes_with", setting_comes_with(row));
        out_text(out, "label", row->label);
    }
    return STATUS_OK;
}

static const char *
origin(const struct setting_sheet *sheet, const struct setting_place *place, const struct setting_row *row)
{
    int from = (int)place->scope;

    if (setting_at(sheet, place->scope, row->name) == NULL)
        setting_outer(sheet, place->scope, row, &from);
    return from < 0 ? "default" : scope_word((enum setting_scope)from);
}

enum status
command_setting_show(struct call *call)
{
    struct out *rows = out_rows(call->out, "settings");
    struct setting_sheet sheet;
    struct setting_place place;
    enum status status = call_place(call, word(call, "LIST"), &place);

    if (status == STATUS_OK)
        status = setting_sheet_load(call->db, call->ctx, &place, &sheet);
    for (const struct setting_row *row = setting_rows(); status == STATUS_OK && row->name != NULL; row++) {
        struct out *out = out_row(rows);

        out_text(out, "name", row->name);
        out_text(out, "from", origin(&sheet, &place, row));
        out_text(out, "value", setting_text(call->ctx, sheet.effective, row));
    }
    return status;
}

enum status
command_setting_history(struct call *call)
{
    struct out *rows = out_rows(call->out, "changes");
    const char *most_text = option(call, "--most");
    struct setting_change *changes;
    struct setting_place place;
    int64_t most = HISTORY_SHOWN;
    size_t count;
    enum status status = call_place(call, word(call, "LIST"), &place);

    if (status == STATUS_OK && most_text != NULL)
        status = call_number(call, "--most", most_text, HISTORY_MOST, &most);
    if (status == STATUS_OK)
        status = setting_history(call->db, call->ctx, place.scope, setting_place_id(&place), option(call, "--name"), 0, most,
                                 &changes, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", changes[i].id);
        out_time(row, "at", changes[i].changed_at);
        out_text(row, "who", changes[i].changed_by);
        out_text(row, "name", changes[i].name);
        out_text(row, "before", changes[i].before);
        out_text(row, "after", changes[i].after);
        out_bool(row, "is_undone", changes[i].is_undone);
    }
    return status;
}

enum status
command_setting_undo(struct call *call)
{
    struct setting_change change;
    int64_t id;
    enum status status = call_number(call, "ID", word(call, "ID"), INT64_MAX, &id);

    if (status != STATUS_OK)
        return status;
    status = setting_change_find(call->db, call->ctx, id, &change);
    if (status == STATUS_NOT_FOUND)
        return fault_setf(&call->fault, call->ctx, status, "ID", "There is no change %lld.", (long long)id);
    if (status == STATUS_OK)
        status = setting_undo(call->db, &call->actor, &change, call->ctx, &call->fault);
    if (status != STATUS_OK)
        return call_explain(call, status);
    out_text(call->out, "name", change.name);
    out_text(call->out, "value", change.before);
    return STATUS_OK;
}

/* "NAME=VALUE" of a setting that tells its effect. */
static enum status
read_pair(struct call *call, const char *pair, const struct setting_row **row_r, const char **value_r)
{
    const char *equals = strchr(pair, '=');

    *row_r = equals == NULL ? NULL : setting_row(mem_strndup(call->ctx, pair, (size_t)(equals - pair)));
    if (*row_r == NULL || !setting_has_effect(*row_r))
        return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "NAME=VALUE", "\"%s\" is not NAME=VALUE of a setting whose effect "
                          "the last posts tell.", pair);
    return setting_check(call->ctx, *row_r, equals + 1, value_r, &call->fault);
}

enum status
command_setting_effect(struct call *call)
{
    const struct setting_row *row;
    struct effect_question question;
    struct setting_sheet sheet;
    struct setting_place place;
    struct effect effect;
    const char *value;
    enum status status = call_explain(call, read_pair(call, word(call, "NAME=VALUE"), &row, &value));

    if (status == STATUS_OK)
        status = call_place(call, word(call, "LIST"), &place);
    if (status == STATUS_OK)
        status = setting_sheet_load(call->db, call->ctx, &place, &sheet);
    if (status != STATUS_OK)
        return status;
    question = (struct effect_question){place.scope, setting_place_id(&place), sheet.effective, row, value, call->conf->smtp_transparent};
    status = effect_ask(call->db, call->ctx, &question, &effect);
    if (status != STATUS_OK)
        return status;
    if (effect.is_too_much)
        return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "LIST", "There are more than %d lists here; name one.", EFFECT_LISTS_MOST);
    out_int(call->out, "lists", (int64_t)effect.lists);
    out_int(call->out, "posts", (int64_t)effect.posts);
    out_int(call->out, "waiting", (int64_t)effect.waiting);
    out_int(call->out, "authors", (int64_t)effect.authors);
    out_int(call->out, "lose_from", (int64_t)effect.lose_from);
    out_int(call->out, "keep_from", (int64_t)effect.keep_from);
    out_int(call->out, "held", (int64_t)effect.held);
    out_int(call->out, "refused", (int64_t)effect.refused);
    out_int(call->out, "discarded", (int64_t)effect.discarded);
    out_int(call->out, "passing", (int64_t)effect.passing);
    out_int(call->out, "too_long", (int64_t)effect.too_long);
    out_int(call->out, "choosers", (int64_t)effect.choosers);
    return STATUS_OK;
}

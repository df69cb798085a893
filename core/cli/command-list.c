/* command-list.c - kairan list: lists and their settings */
#include <string.h>

#include "cli/common.h"
#include "store/statements.h"

static void
show_head(struct out *out, const struct list *list)
{
    out_int(out, "id", list->id);
    out_text(out, "address", list->address);
    out_text(out, "web_host", list->web_host);
    out_int(out, "posts", list->last_number);
    out_time(out, "created_at", list->created_at);
}

enum status
command_list_list(struct call *call)
{
    struct out *rows = out_rows(call->out, "lists");
    struct row_list_all *lists;
    size_t count;
    enum status status = q_list_all(call->db, call->ctx, word(call, "DOMAIN"), &lists, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct out *row = out_row(rows);

        out_text(row, "address", lists[i].address);
        out_text(row, "display_name", lists[i].display_name);
        out_text(row, "state", lists[i].is_removed ? "removed" : "active");
        out_int(row, "members", lists[i].members);
        out_int(row, "posts", lists[i].posts);
        out_int(row, "held", lists[i].held);
        out_time(row, "erase_at", lists[i].erase_at);
    }
    return status;
}

enum status
command_list_show(struct call *call)
{
    struct settings *settings;
    struct out *shown;
    struct list *list;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = settings_load(call->db, call->ctx, list->id, &settings);
    if (status != STATUS_OK)
        return status;
    show_head(call->out, list);
    shown = out_object(call->out, "settings");
    for (const struct setting_row *row = setting_rows(); row->name != NULL; row++)
        out_text(shown, row->name, setting_text(call->ctx, settings, row));
    return STATUS_OK;
}

/* With --domain or --site no list is named, and the first word is a setting like the others. */
static struct text_array
setting_words(struct call *call, const char **list_r)
{
    struct text_array rest = words_rest(call);
    const char **all = mem_array(call->ctx, const char *, rest.count + 1), *first = word(call, "LIST");
    size_t count = 0;
    bool elsewhere = has_option(call, "--domain") || has_option(call, "--site") || has_option(call, "--where");

    *list_r = elsewhere ? NULL : first;
    if (elsewhere && first != NULL)
        all[count++] = first;
    for (size_t i = 0; i < rest.count; i++)
        all[count++] = rest.items[i];
    return (struct text_array){all, count};
}

static enum status
set_all(struct call *call, enum setting_scope scope, int64_t id, struct text_array pairs)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < pairs.count && status == STATUS_OK; i++) {
        const char *equals = strchr(pairs.items[i], '=');
        const char *name = equals == NULL ? pairs.items[i]
                                          : mem_strndup(call->ctx, pairs.items[i], (size_t)(equals - pairs.items[i]));

        status = setting_set(call->db, &call->actor, scope, id, name, equals == NULL ? NULL : equals + 1, call->ctx, &call->fault);
        if (status == STATUS_OK)
            out_text(call->out, name, equals == NULL ? NULL : equals + 1);
        if (status == STATUS_OK && equals != NULL)
            call_note_later(call, setting_row(name));
    }
    return call_explain(call, status);
}

enum status
command_list_set(struct call *call)
{
    const char *list_name;
    struct text_array pairs = setting_words(call, &list_name);
    struct setting_place place;
    struct change change;
    enum status status;

    if (has_option(call, "--where"))
        return call_set_where(call, pairs);
    status = call_place(call, list_name, &place);
    if (status == STATUS_OK)
        status = change_begin(&change, call->db);
    if (status != STATUS_OK)
        return status;
    status = set_all(call, place.scope, setting_place_id(&place), pairs);
    if (has_option(call, "--dry-run") && status == STATUS_OK) {
        db_rollback(call->db);
        return STATUS_OK;
    }
    return change_end(&change, status);
}

/* command-held.c - kairan held, kairan ban: what a moderator decides, from the command line */
#include "cli/common.h"
#include "policy/ban.h"
#include "policy/held.h"
#include "store/statements.h"

enum status
command_held_list(struct call *call)
{
    struct out *rows = out_rows(call->out, "held");
    struct row_held_of_list *held;
    struct list *list;
    size_t count;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = q_held_of_list(call->db, call->ctx, list->id, &held, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", held[i].id);
        out_time(row, "held_at", held[i].held_at);
        out_text(row, "from", held[i].from_address);
        out_text(row, "authentication", held[i].authentication);
        out_text(row, "subject", held[i].subject);
        out_text(row, "reason", held[i].reason);
    }
    return status;
}

static enum status
find_held(struct call *call, struct list **list_r, int64_t *id_r)
{
    enum status status = call_list(call, word(call, "LIST"), list_r);

    return status == STATUS_OK ? call_number(call, "ID", word(call, "ID"), INT64_MAX, id_r) : status;
}

static enum status
say_decided(struct call *call, enum status status, const char *how, int64_t id)
{
    if (status == STATUS_OK)
        out_int(call->out, how, id);
    if (status == STATUS_GONE)
        return fault_set(&call->fault, status, "ID", N_("It is not held here: somebody has decided about it, or it never was."));
    return status;
}

enum status
command_held_accept(struct call *call)
{
    struct list *list;
    int64_t id = 0;
    enum status status = find_held(call, &list, &id);

    if (status == STATUS_OK)
        status = held_accept(call->db, &call->actor, list, id);
    return say_decided(call, status, "accepted", id);
}

enum status
command_held_discard(struct call *call)
{
    struct list *list;
    int64_t id = 0;
    enum status status = find_held(call, &list, &id);

    if (status == STATUS_OK)
        status = held_discard(call->db, &call->actor, list, id);
    return say_decided(call, status, "discarded", id);
}

enum status
command_held_reject(struct call *call)
{
    struct list *list;
    int64_t id = 0;
    bool told = false;
    enum status status = find_held(call, &list, &id);

    if (status == STATUS_OK)
        status = held_reject(call->db, &call->actor, list, i18n_open(call->ctx, i18n_dir(call->ctx, call->conf->site_data_dir)), id,
                             option(call, "--reason"), &told);
    status = say_decided(call, status, "refused", id);
    if (status == STATUS_OK)
        out_bool(call->out, "author_told", told);
    return status;
}

/* The list of --list, or 0 for all. */
static enum status
ban_place(struct call *call, int64_t *list_id_r)
{
    struct list *list;
    enum status status;

    *list_id_r = 0;
    if (!has_option(call, "--list"))
        return STATUS_OK;
    status = call_list(call, option(call, "--list"), &list);
    if (status == STATUS_OK)
        *list_id_r = list->id;
    return status;
}

enum status
command_ban_add(struct call *call)
{
    const char *reason = option(call, "--reason");
    int64_t list_id;
    enum status status = ban_place(call, &list_id);

    if (status == STATUS_OK)
        status = ban_add(call->db, &call->actor, call->ctx, list_id, word(call, "PATTERN"), reason != NULL ? reason : "",
                         &call->fault);
    if (status == STATUS_OK)
        out_text(call->out, "banned", word(call, "PATTERN"));
    return status;
}

enum status
command_ban_remove(struct call *call)
{
    int64_t list_id;
    enum status status = ban_place(call, &list_id);

    if (status == STATUS_OK)
        status = ban_remove(call->db, &call->actor, call->ctx, list_id, word(call, "PATTERN"), &call->fault);
    if (status == STATUS_OK)
        out_text(call->out, "removed", word(call, "PATTERN"));
    return status;
}

enum status
command_ban_list(struct call *call)
{
    struct out *rows = out_rows(call->out, "bans");
    struct ban *bans;
    int64_t list_id;
    size_t count;
    enum status status = ban_place(call, &list_id);

    if (status == STATUS_OK)
        status = ban_list(call->db, call->ctx, list_id, &bans, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "pattern", bans[i].pattern);
        out_text(row, "reason", bans[i].reason);
        out_text(row, "by", bans[i].created_by);
        out_time(row, "at", bans[i].created_at);
    }
    return status;
}

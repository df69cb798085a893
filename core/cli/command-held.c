/* command-held.c - kairan held, kairan ban: what a moderator decides, from the command line */
#include "cli/common.h"
#include "mime/part.h"
#include "policy/ban.h"
#include "policy/held.h"
#include "store/statements.h"
#include "util/str.h"

enum { HELD_LISTED = 10000, TEXT_SHOWN = 64 * 1024, TEXT_READ = 1 << 20 };

/* The list that is named, or all of them. */
static enum status
lists_asked(struct call *call, struct int_array *lists_r)
{
    const char *name = word(call, "LIST");
    struct row_held_all_lists *all;
    struct list *list;
    int64_t *ids;
    size_t count;
    enum status status;

    if (name != NULL) {
        status = call_list(call, name, &list);
        if (status == STATUS_OK)
            *lists_r = (struct int_array){&list->id, 1};
        return status;
    }
    if (!has_option(call, "--all"))
        return fault_set(&call->fault, STATUS_INVALID, "LIST", N_("Name a list, or say --all."));
    status = q_held_all_lists(call->db, call->ctx, &all, &count);
    ids = mem_array(call->ctx, int64_t, count + 1);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        ids[i] = all[i].id;
    *lists_r = (struct int_array){ids, count};
    return status;
}

static enum status
list_aside(struct call *call, struct int_array lists)
{
    struct row_aside_of_lists *aside;
    size_t count;
    enum status status = q_aside_of_lists(call->db, call->ctx, lists, &aside, &count);
    struct out *rows = status == STATUS_OK && count > 0 ? out_rows(call->out, "set_aside") : NULL;

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "message", aside[i].id);
        out_time(row, "received_at", aside[i].received_at);
        out_text(row, "from", aside[i].sender);
        out_text(row, "reason", aside[i].reason);
    }
    return status;
}

/* Those that hold the text; NULL finds all. */
static enum status
find_matching(struct call *call, struct int_array lists, const char *text, struct int_array *ids_r)
{
    struct row_held_match *matches;
    size_t count;
    enum status status = q_held_match(call->db, call->ctx, lists, text, INT64_MAX, HELD_LISTED, &matches, &count);
    int64_t *ids;

    if (status != STATUS_OK)
        return status;
    ids = mem_array(call->ctx, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = matches[i].id;
    *ids_r = (struct int_array){ids, count};
    return STATUS_OK;
}

enum status
command_held_list(struct call *call)
{
    struct out *rows = out_rows(call->out, "held");
    struct row_held_shown *held;
    struct int_array lists, ids;
    struct list *list = NULL;
    size_t count;
    enum status status = lists_asked(call, &lists);

    if (status == STATUS_OK)
        status = find_matching(call, lists, option(call, "--match"), &ids);
    if (status == STATUS_OK)
        status = q_held_shown(call->db, call->ctx, ids, &held, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", held[i].id);
        if (has_option(call, "--all") && (list == NULL || list->id != held[i].list_id))
            status = list_by_id(call->db, call->ctx, held[i].list_id, &list);
        if (status == STATUS_OK && list != NULL)
            out_text(row, "list", list->address);
        out_time(row, "held_at", held[i].held_at);
        out_text(row, "from", held[i].from_address);
        out_text(row, "authentication", held[i].authentication);
        out_text(row, "subject", held[i].subject);
        for (size_t n = 0; n < held[i].reasons.count && n < 1; n++)
            out_text(row, "reason", held[i].reasons.items[n]);
    }
    return status == STATUS_OK ? list_aside(call, lists) : status;
}

static enum status
no_such_post(struct call *call)
{
    return fault_set(&call->fault, STATUS_GONE, "ID", N_("It is not held here: somebody has decided about it, or it never was."));
}

static enum status
show_text(struct call *call, const struct row_held_get *held)
{
    struct row_held_bytes *row;
    enum status status = q_held_bytes(call->db, call->ctx, held->message_id, TEXT_READ, &row);

    if (status == STATUS_OK && row != NULL && row->bytes.data != NULL)
        out_text(call->out, "text", message_text(call->ctx, message_parse(call->ctx, row->bytes), TEXT_SHOWN));
    return status;
}

enum status
command_held_show(struct call *call)
{
    struct row_held_author *author = NULL;
    struct row_held_get *held;
    struct int_array lists;
    int64_t id = 0;
    enum status status = lists_asked(call, &lists);

    if (status == STATUS_OK)
        status = call_number(call, "ID", word(call, "ID"), INT64_MAX, &id);
    if (status == STATUS_OK)
        status = q_held_get(call->db, call->ctx, id, lists, &held);
    if (status == STATUS_OK && held == NULL)
        return no_such_post(call);
    if (status == STATUS_OK)
        status = q_held_author(call->db, call->ctx, held->list_id, held->author_key, &author);
    if (status != STATUS_OK)
        return status;
    out_int(call->out, "id", held->id);
    out_int(call->out, "message", held->message_id);
    out_text(call->out, "from", held->from_address);
    out_text(call->out, "subject", held->subject);
    out_time(call->out, "held_at", held->held_at);
    for (size_t i = 0; i < held->reasons.count; i++)
        out_text(call->out, "reason", held->reasons.items[i]);
    out_text(call->out, "authentication", held->authentication);
    out_text(call->out, "accepted_by", held->accepted_by);
    out_time(call->out, "goes_on_at", held->accept_at);
    if (author != NULL) {
        out_int(call->out, "posts_accepted_before", author->posts);
        out_int(call->out, "held_so_far", author->held);
        out_int(call->out, "turned_down", author->refused);
    }
    return show_text(call, held);
}

/* The IDs, or all that match, where the command takes --match. */
static enum status
ids_asked(struct call *call, struct int_array lists, const char *match, struct int_array *ids_r)
{
    struct text_array words = words_rest(call);
    int64_t *ids = mem_array(call->ctx, int64_t, words.count + 1);
    enum status status = STATUS_OK;

    for (size_t i = 0; i < words.count && status == STATUS_OK; i++)
        status = call_number(call, "ID", words.items[i], INT64_MAX, &ids[i]);
    if (status == STATUS_OK && (words.count == 0) != (match != NULL))
        return fault_set(&call->fault, STATUS_INVALID, "ID", N_("Name the posts by their IDs, or by --match TEXT."));
    *ids_r = (struct int_array){ids, words.count};
    return status == STATUS_OK && words.count == 0 ? find_matching(call, lists, match, ids_r) : status;
}

/* Who did what with those that were not there any more. */
static enum status
say_gone(struct call *call, struct int_array ids, struct int_array lists)
{
    struct row_held_fates *fates;
    struct out *rows = NULL;
    size_t count;
    enum status status = q_held_fates(call->db, call->ctx, ids, lists, &fates, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row;

        if (str_eq(fates[i].decided_by, call->actor.words))
            continue;
        rows = rows != NULL ? rows : out_rows(call->out, "decided_before");
        row = out_row(rows);
        out_int(row, "id", fates[i].id);
        out_text(row, "was", fates[i].action);
        out_text(row, "by", fates[i].decided_by);
        out_time(row, "at", fates[i].decided_at);
    }
    return status;
}

static enum status
decide(struct call *call, struct held_order order, const char *how)
{
    struct i18n *i18n = i18n_open(call->ctx, i18n_dir(call->ctx, call->conf->site_data_dir));
    struct held_done done = {0};
    struct int_array lists, ids;
    enum status status = lists_asked(call, &lists);

    i18n_set_site(i18n, call->conf->site_language);
    if (status == STATUS_OK)
        status = ids_asked(call, lists, order.act == HELD_UNDO ? NULL : option(call, "--match"), &ids);
    if (status == STATUS_OK)
        status = held_decide(call->db, &call->actor, i18n, ids, lists, &order, &done);
    if (status != STATUS_OK)
        return status;
    if (done.done == 0 && ids.count == 1) {
        status = say_gone(call, ids, lists);
        return status == STATUS_OK ? no_such_post(call) : status;
    }
    out_int(call->out, how, done.done);
    if (order.act == HELD_REJECT)
        out_int(call->out, "authors_told", done.told);
    return done.done < (int64_t)ids.count ? say_gone(call, ids, lists) : STATUS_OK;
}

enum status
command_held_accept(struct call *call)
{
    return decide(call, (struct held_order){
        .act = HELD_ACCEPT, .undo_s = has_option(call, "--now") ? 0 : (int)call->conf->moderation_undo_s,
        .future = has_option(call, "--always") ? "accept" : NULL}, "accepted");
}

enum status
command_held_undo(struct call *call)
{
    return decide(call, (struct held_order){.act = HELD_UNDO}, "waiting_again");
}

enum status
command_held_discard(struct call *call)
{
    return decide(call, (struct held_order){.act = HELD_DISCARD, .ban = has_option(call, "--ban")}, "discarded");
}

enum status
command_held_reject(struct call *call)
{
    return decide(call, (struct held_order){.act = HELD_REJECT, .reason = option(call, "--reason"), .ban = has_option(call, "--ban")},
                  "refused");
}

enum status
command_held_forward(struct call *call)
{
    struct i18n *i18n = i18n_open(call->ctx, i18n_dir(call->ctx, call->conf->site_data_dir));
    struct int_array lists, ids;
    int64_t told = 0;
    enum status status = lists_asked(call, &lists);

    if (status == STATUS_OK)
        status = ids_asked(call, lists, NULL, &ids);
    for (size_t i = 0; status == STATUS_OK && i < ids.count; i++)
        status = held_forward(call->db, &call->actor, i18n, ids.items[i], lists, &told);
    if (status == STATUS_NOT_FOUND)
        return no_such_post(call);
    if (status == STATUS_OK)
        out_int(call->out, "owners_told", told);
    return status;
}

enum status
command_ban_add(struct call *call)
{
    const char *reason = option(call, "--reason");
    struct rule_place place;
    enum status status = call_rule_place(call, &place);

    if (status == STATUS_OK)
        status = ban_add(call->db, &call->actor, call->ctx, place, word(call, "PATTERN"), reason != NULL ? reason : "",
                         &call->fault);
    if (status == STATUS_OK)
        out_text(call->out, "banned", word(call, "PATTERN"));
    return status;
}

enum status
command_ban_remove(struct call *call)
{
    struct rule_place place;
    enum status status = call_rule_place(call, &place);

    if (status == STATUS_OK)
        status = ban_remove(call->db, &call->actor, call->ctx, place, word(call, "PATTERN"), &call->fault);
    if (status == STATUS_OK)
        out_text(call->out, "removed", word(call, "PATTERN"));
    return status;
}

enum status
command_ban_list(struct call *call)
{
    struct out *rows = out_rows(call->out, "bans");
    struct ban *bans;
    struct rule_place place;
    size_t count;
    enum status status = call_rule_place(call, &place);

    if (status == STATUS_OK)
        status = ban_list(call->db, call->ctx, place, &bans, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "pattern", bans[i].pattern);
        out_text(row, "reason", bans[i].reason);
        out_text(row, "by", bans[i].created_by);
        out_time(row, "at", bans[i].created_at);
    }
    return status;
}

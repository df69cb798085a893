/* command-removal.c - kairan post hide, kairan person erase: what is taken out of the archive */
#include "cli/common.h"
#include "policy/removal.h"
#include "store/statements.h"
#include "util/when.h"

enum { ERASURES_SHOWN = 200, FINDS_SHOWN = 100000 };

/* ---- posts ---- */

static enum status
change_post(struct call *call, enum status (*act)(struct call *call, int64_t list_id, struct int_array posts, int64_t *done_r), const char *what,
            const char *otherwise)
{
    struct row_post_find *post;
    int64_t done = 0;
    enum status status = call_post(call, &post);

    if (status == STATUS_OK)
        status = act(call, post->list_id, (struct int_array){&post->id, 1}, &done);
    if (status == STATUS_OK && done == 0)
        return fault_set(&call->fault, STATUS_CONFLICT, "NUMBER|HASH", otherwise);
    out_int(call->out, what, done);
    return status;
}

static enum status
hide(struct call *call, int64_t list_id, struct int_array posts, int64_t *done_r)
{
    return removal_hide(call->db, &call->actor, list_id, posts, false, done_r);
}

static enum status
delete(struct call *call, int64_t list_id, struct int_array posts, int64_t *done_r)
{
    return removal_hide(call->db, &call->actor, list_id, posts, true, done_r);
}

static enum status
unhide(struct call *call, int64_t list_id, struct int_array posts, int64_t *done_r)
{
    return removal_show(call->db, &call->actor, list_id, posts, done_r);
}

enum status
command_post_hide(struct call *call)
{
    return change_post(call, hide, "hidden", "This post is not in the archive.");
}

enum status
command_post_delete(struct call *call)
{
    return change_post(call, delete, "deleted", "This post is not in the archive.");
}

enum status
command_post_unhide(struct call *call)
{
    return change_post(call, unhide, "shown", "This post is not hidden.");
}

/* What is deleted cannot come back: which posts are meant is said, never assumed. */
enum status
command_archive_delete(struct call *call)
{
    const char *before = option(call, "--before");
    int64_t before_us = 0, done = 0;
    struct list *list;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK && (before != NULL) == has_option(call, "--all"))
        return fault_set(&call->fault, STATUS_INVALID, "--before", "Say which posts: --before DAY, or --all.");
    if (status == STATUS_OK && before != NULL && !when_read_day(before, &before_us))
        return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "--before", "\"%s\" is no day; write it like 2026-11-21.", before);
    if (status == STATUS_OK)
        status = removal_clear(call->db, &call->actor, list->id, before_us, &done);
    out_int(call->out, "deleted", done);
    return status;
}

static char *
lines_of(struct call *call)
{
    struct text_array words = words_rest(call);
    struct str *lines = str_new(call->ctx);

    for (size_t i = 0; i < words.count; i++)
        str_addf(lines, "%s\n", words.items[i]);
    return lines->s;
}

enum status
command_post_redact(struct call *call)
{
    struct row_post_find *post;
    int64_t id = 0;
    enum status status = call_post(call, &post);

    if (status == STATUS_OK)
        status = removal_redact(call->db, &call->actor, call->ctx, post->list_id, post->id, lines_of(call), &id, &call->fault);
    out_int(call->out, "removal", id);
    return status;
}

/* ---- people ---- */

static enum status
list_id_of(struct call *call, int64_t *list_id_r)
{
    const char *name = option(call, "--list");
    struct list *list;
    enum status status = name == NULL ? STATUS_OK : call_list(call, name, &list);

    *list_id_r = name != NULL && status == STATUS_OK ? list->id : 0;
    return status;
}

enum status
command_person_erase(struct call *call)
{
    int64_t list_id, id = 0;
    enum status status = list_id_of(call, &list_id);

    if (status == STATUS_OK)
        status = removal_erase(call->db, &call->actor, call->ctx, list_id, lines_of(call), &id, &call->fault);
    out_int(call->out, "removal", id);
    return status;
}

static enum status
show_finds(struct call *call, struct out *row, int64_t id)
{
    struct out *rows = out_rows(row, "found");
    struct row_removal_finds *finds;
    size_t count;
    enum status status = q_removal_finds(call->db, call->ctx, id, 0, FINDS_SHOWN, &finds, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct out *found = out_row(rows);

        out_text(found, "list", finds[i].list);
        out_text(found, "hash", finds[i].hash);
        out_text(found, "subject", finds[i].subject);
        out_text(found, "from", finds[i].from_name);
        out_int(found, "hits", finds[i].hits);
    }
    return status;
}

enum status
command_person_erasures(struct call *call)
{
    struct out *rows = out_rows(call->out, "erasures");
    struct row_removal_all *all;
    int64_t list_id;
    size_t count = 0;
    enum status status = list_id_of(call, &list_id);

    if (status == STATUS_OK)
        status = q_removal_all(call->db, call->ctx, list_id, "erase", 0, ERASURES_SHOWN, &all, &count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", all[i].id);
        out_text(row, "state", all[i].state);
        out_int(row, "posts_changed", all[i].posts);
        out_text(row, "asked_by", all[i].made_by);
        out_time(row, "asked_at", all[i].created_at);
        if (str_eq(all[i].state, "review"))
            status = show_finds(call, row, all[i].id);
    }
    return status;
}

/* The posts that HASH... name, among those that were found. */
static enum status
chosen_finds(struct call *call, int64_t id, struct int_array *posts_r)
{
    struct text_array hashes = words_rest(call);
    int64_t *ids = mem_array(call->ctx, int64_t, hashes.count + 1);
    struct row_removal_finds *finds;
    size_t count;
    enum status status = q_removal_finds(call->db, call->ctx, id, 0, FINDS_SHOWN, &finds, &count);

    for (size_t i = 0; i < hashes.count && status == STATUS_OK; i++) {
        size_t k = 0;

        while (k < count && !str_eq(finds[k].hash, hashes.items[i]))
            k++;
        if (k == count)
            return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, "HASH", "%s is not among the posts that were found.", hashes.items[i]);
        ids[i] = finds[k].post_id;
    }
    *posts_r = (struct int_array){ids, hashes.count};
    return status;
}

enum status
command_person_decide(struct call *call)
{
    struct int_array posts = {NULL, 0};
    bool all = has_option(call, "--all");
    int64_t id;
    enum status status = call_number(call, "ID", word(call, "ID"), INT64_MAX, &id);

    if (status == STATUS_OK)
        status = chosen_finds(call, id, &posts);
    if (status == STATUS_OK && !all && posts.count == 0 && !has_option(call, "--none"))
        return fault_set(&call->fault, STATUS_INVALID, "HASH", "Name the posts that are to be changed too, or say --all or --none.");
    if (status == STATUS_OK)
        status = removal_decide(call->db, &call->actor, 0, id, posts, all);
    if (status == STATUS_CONFLICT)
        return fault_set(&call->fault, status, "ID", "Nothing waits to be decided there.");
    return status;
}

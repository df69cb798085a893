/* desk.c - a moderator's desk: the posts that wait, and one of them; desk-act.c decides about them */
#include <string.h>

#include "mime/part.h"
#include "policy/held.h"
#include "store/statements.h"
#include "util/clock.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/common.h"
#include "web/desk-private.h"
#include "web/page.h"

enum { TEXT_MOST = 64 * 1024, READ_MOST = 1 << 20, LOOK_S = 600, GONE_SHOWN = 20, HISTORY_MOST = 1000 };

struct int_array
desk_ids(TALLOC_CTX *ctx, const struct desk *desk)
{
    int64_t *ids = mem_array(ctx, int64_t, desk->list_count + 1);

    for (size_t i = 0; i < desk->list_count; i++)
        ids[i] = desk->lists[i].id;
    return (struct int_array){ids, desk->list_count};
}

static const struct desk_list *
list_of(const struct desk *desk, int64_t id)
{
    for (size_t i = 0; i < desk->list_count; i++)
        if (desk->lists[i].id == id)
            return &desk->lists[i];
    return NULL;
}

/* ---- what is told of a post everywhere ---- */

static void
show_reasons(const struct request *request, struct out *row, struct text_array reasons)
{
    struct out *rows = out_rows(row, "reasons");

    for (size_t i = 0; i < reasons.count; i++)
        out_text(out_row(rows), "text", tr(request->lang, reasons.items[i]));
}

static void
show_author(struct out *row, const char *name, const char *address, const char *authentication)
{
    out_text(row, "author", author_name(row, name, address, false));
    out_text(row, "address", address);
    out_bool(row, "has_name", !str_is_empty(name));
    out_bool(row, "passes", str_eq(authentication, "pass"));
    out_bool(row, "fails", str_eq(authentication, "fail"));
}

/* Where a post is opened, and on which list it is. */
static void
show_place(const struct desk *desk, struct out *row, int64_t list_id, int64_t id)
{
    const struct desk_list *list = list_of(desk, list_id);

    out_int(row, "id", id);
    out_text(row, "href", desk->by_link ? mem_printf(row, "%s?id=%lld", desk->base, (long long)id)
                                        : mem_printf(row, "%s/%lld", desk->base, (long long)id));
    if (desk->list_count > 1) {
        out_text(row, "list", list->title);
        out_text(row, "list_path", list->path);
    }
}

static void
show_fate(const struct request *request, struct out *row, const char *action, const char *by, int64_t at)
{
    static const struct { const char *action, *sentence; } sentences[] = {
        {"accepted", N_("%1 accepted it.")}, {"refused", N_("%1 refused it.")}, {"discarded", N_("%1 discarded it.")},
        {"cancelled", N_("Its author took it back.")},
    };

    for (size_t i = 0; i < COUNT_OF(sentences); i++)
        if (str_eq(sentences[i].action, action))
            out_text(row, "fate", tr_fill(row, tr(request->lang, sentences[i].sentence), by, NULL, NULL));
    out_time(row, "decided_at", at);
}

/* ---- the queue ---- */

static enum status
show_lookers(struct request *request, const struct desk *desk, struct out *rows, const struct row_held_shown *held, size_t count)
{
    int64_t *ids = mem_array(request, int64_t, count + 1);
    struct row_held_lookers *lookers;
    size_t found, i = 0;
    enum status status;

    for (size_t n = 0; n < count; n++)
        ids[n] = held[n].id;
    status = q_held_lookers(request->web->db, request, (struct int_array){ids, count}, desk->actor.words,
                            clock_now_us() - LOOK_S * US_PER_S, &lookers, &found);
    for (struct out *row = rows->first; status == STATUS_OK && row != NULL && i < count; row = row->next, i++)
        for (size_t n = 0; n < found; n++)
            if (lookers[n].held_id == held[i].id && out_get(row, "looker") == NULL)
                out_text(row, "looker", lookers[n].viewer);
    return status;
}

static int64_t
page_begins_after(const struct request *request)
{
    return request_int(request, "after", 1, INT64_MAX, 0);
}

/* One walk through what waits finds the page and counts, up to a thousand. */
static enum status
find_matching(struct request *request, const struct desk *desk, struct int_array lists, const char *search, int64_t *ids, size_t *count_r)
{
    struct row_held_found *found;
    size_t rows = 0;
    enum status status = q_held_found(request->web->db, request, lists, search, page_begins_after(request), desk->page + 1,
                                      HISTORY_MOST + 1, &found, &rows);

    *count_r = 0;
    for (size_t i = 0; status == STATUS_OK && i < rows; i++)
        if (found[i].id != 0)
            ids[(*count_r)++] = found[i].id;
    out_int(request->page, "count", rows > 0 ? found[0].count : 0);
    out_bool(request->page, "is_many", rows > 0 && found[0].count > HISTORY_MOST);
    return status;
}

/* How many wait, up to a thousand, then "more than". */
static enum status
show_count(struct request *request, const struct desk *desk, struct int_array lists)
{
    struct row_held_count *row;
    int64_t count = request->list != NULL && desk->list_count == 1 ? request->list->held : HISTORY_MOST;
    enum status status = STATUS_OK;

    if (count >= HISTORY_MOST) {
        status = q_held_count(request->web->db, request, lists, HISTORY_MOST + 1, &row);
        count = status == STATUS_OK ? row->count : 0;
    }
    out_int(request->page, "count", count);
    out_bool(request->page, "is_many", count > HISTORY_MOST);
    return status;
}

static enum status
find_waiting(struct request *request, const struct desk *desk, struct int_array lists, int64_t *ids, size_t *count_r)
{
    struct row_held_waiting *waiting;
    enum status status = q_held_waiting(request->web->db, request, lists, page_begins_after(request), desk->page + 1, &waiting, count_r);

    for (size_t i = 0; status == STATUS_OK && i < *count_r; i++)
        ids[i] = waiting[i].id;
    return status == STATUS_OK ? show_count(request, desk, lists) : status;
}

/* Some of them may have been decided about since they were found. */
static enum status
show_posts(struct request *request, const struct desk *desk, struct int_array ids)
{
    struct out *rows = out_rows(request->page, "held");
    struct row_held_shown *held;
    size_t count;
    enum status status = q_held_shown(request->web->db, request, ids, &held, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        show_place(desk, row, held[i].list_id, held[i].id);
        out_text(row, "subject", held[i].subject);
        out_text(row, "excerpt", held[i].excerpt);
        out_time(row, "held_at", held[i].held_at);
        show_author(row, held[i].from_name, held[i].from_address, held[i].authentication);
        show_reasons(request, row, held[i].reasons);
    }
    out_int(request->page, "shown", status == STATUS_OK ? (int64_t)count : 0);
    return status == STATUS_OK && count > 0 ? show_lookers(request, desk, rows, held, count) : status;
}

static enum status
show_waiting(struct request *request, const struct desk *desk, struct int_array lists, const char *search)
{
    size_t page = (size_t)desk->page, count = 0;
    int64_t *ids = mem_array(request, int64_t, page + 1);
    enum status status = str_is_empty(search) ? find_waiting(request, desk, lists, ids, &count)
                                              : find_matching(request, desk, lists, search, ids, &count);

    if (status != STATUS_OK)
        return status;
    if (count > page)
        out_text(request->page, "more", mem_printf(request, "%s?q=%s&after=%lld", desk->base, url_escape(request, search),
                                                   (long long)ids[page - 1]));
    out_bool(request->page, "is_first", page_begins_after(request) == 0);
    return show_posts(request, desk, (struct int_array){ids, count < page ? count : page});
}

static enum status
show_pending(struct request *request, const struct desk *desk, struct int_array lists)
{
    struct out *rows = out_rows(request->page, "pending");
    struct row_held_pending *pending;
    int64_t now = clock_now_us();
    size_t count;
    enum status status = q_held_pending(request->web->db, request, lists, &pending, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        show_place(desk, row, pending[i].list_id, pending[i].id);
        out_text(row, "subject", pending[i].subject);
        out_text(row, "by", pending[i].accepted_by);
        out_int(row, "seconds", pending[i].accept_at > now ? (pending[i].accept_at - now) / US_PER_S : 0);
    }
    return status;
}

/* What others did with posts that were to be decided just now. */
static enum status
show_gone(struct request *request, struct int_array lists)
{
    struct int_array gone = request_ids(request, request, "gone");
    struct out *rows = out_rows(request->page, "gone");
    struct row_held_fates *fates;
    size_t count = 0;
    enum status status = STATUS_OK;

    if (gone.count > 0)
        status = q_held_fates(request->web->db, request, gone, lists, &fates, &count);
    for (size_t i = 0; status == STATUS_OK && i < count && i < GONE_SHOWN; i++) {
        struct out *row = out_row(rows);

        out_text(row, "subject", fates[i].subject);
        show_fate(request, row, fates[i].action, fates[i].decided_by, fates[i].decided_at);
    }
    return status;
}

/* What the worker could not process: only what its row says, for its bytes may be what stopped the worker. */
static enum status
show_aside(struct request *request, const struct desk *desk, struct int_array lists)
{
    struct out *rows = out_rows(request->page, "aside");
    struct row_aside_of_lists *aside;
    size_t count;
    enum status status = q_aside_of_lists(request->web->db, request, lists, &aside, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", aside[i].id);
        out_text(row, "path", list_of(desk, aside[i].list_id)->path);
        out_text(row, "sender", aside[i].sender);
        out_text(row, "reason", aside[i].reason == NULL ? NULL : tr(request->lang, aside[i].reason));
        out_time(row, "received_at", aside[i].received_at);
        out_text(row, "size", size_words(request, (size_t)aside[i].size));
    }
    return status;
}

static void
show_desk(struct request *request, const struct desk *desk, const char *search)
{
    out_text(request->page, "base", desk->base);
    out_text(request->page, "q", search);
    out_bool(request->page, "by_link", desk->by_link);
    out_bool(request->page, "has_lists", desk->list_count > 1);
    out_bool(request->page, "may_ban", desk->may_ban);
    out_int(request->page, "undo_s", request->web->conf->moderation_undo_s);
}

enum status
desk_show(struct request *request, const struct desk *desk)
{
    const char *search = request_text(request, "q");
    struct int_array lists = desk_ids(request, desk);
    enum status status;

    show_desk(request, desk, search);
    out_int(request->page, "done", request_int(request, "done", 0, DESK_MATCH_MOST, 0));
    out_text(request->page, "act", request_text(request, "act"));
    status = show_waiting(request, desk, lists, search);
    if (status == STATUS_OK)
        status = show_pending(request, desk, lists);
    if (status == STATUS_OK)
        status = show_gone(request, lists);
    return status == STATUS_OK && !desk->by_link ? show_aside(request, desk, lists) : status;
}

/* ---- one post ---- */

static enum status
show_authentication(struct request *request, int64_t message_id)
{
    static const struct { const char *method, *result, *sentence; } sentences[] = {
        {"dmarc", "pass", N_("DMARC: the mail comes from %1.")},
        {"dmarc", "fail", N_("DMARC: %1 does not vouch for this mail.")},
        {"dmarc", NULL, N_("DMARC: %1 says nothing about its mail (%2).")},
        {"spf", "pass", N_("SPF: %1 lets this server send.")},
        {"spf", "fail", N_("SPF: %1 does not let this server send.")},
        {"spf", NULL, N_("SPF: %1 says nothing certain (%2).")},
        {"dkim", "pass", N_("DKIM: the signature of %1 is good.")},
        {"dkim", NULL, N_("DKIM: the signature of %1 does not prove anything (%2).")},
    };
    struct out *rows = out_rows(request->page, "authentication");
    struct row_held_authentication *results;
    size_t count;
    enum status status = q_held_authentication(request->web->db, request, message_id, &results, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        for (size_t n = 0; n < COUNT_OF(sentences); n++)
            if (str_eq(sentences[n].method, results[i].method) &&
                (sentences[n].result == NULL || str_eq(sentences[n].result, results[i].result))) {
                out_text(out_row(rows), "text", tr_fill(request, tr(request->lang, sentences[n].sentence),
                                                        str_is_empty(results[i].domain) ? "?" : results[i].domain,
                                                        results[i].result, NULL));
                break;
            }
    return status;
}

static enum status
show_history(struct request *request, const struct row_held_get *held)
{
    struct out *out = out_object(request->page, "history");
    struct row_held_author *author;
    enum status status;

    if (str_is_empty(held->author_key))
        return STATUS_OK;
    status = q_held_author(request->web->db, request, held->list_id, held->author_key, &author);
    if (status != STATUS_OK || author == NULL)
        return status;
    out_bool(out, "is_known", true);
    out_int(out, "posts", author->posts);
    out_int(out, "held", author->held);
    out_int(out, "refused", author->refused);
    out_time(out, "newest", author->newest);
    out_text(out, "role", author->role);
    out_text(out, "action", author->moderation_action);
    out_time(out, "joined_at", author->joined_at);
    return STATUS_OK;
}

static enum status
show_text(struct request *request, const struct row_held_get *held)
{
    struct row_held_bytes *row;
    struct message *message;
    enum status status = q_held_bytes(request->web->db, request, held->message_id, READ_MOST, &row);

    if (status != STATUS_OK || row == NULL || row->bytes.data == NULL)
        return status;
    message = message_parse(request, row->bytes);
    archive_show_view(request, request->page, view_of(request, message, TEXT_MOST), row->bytes.len < (size_t)held->size, false);
    return STATUS_OK;
}

static enum status
note_look(struct request *request, const struct desk *desk, int64_t id)
{
    struct out *rows = out_rows(request->page, "lookers");
    struct row_held_lookers *lookers;
    int64_t now = clock_now_us();
    size_t count;
    enum status status = q_held_lookers(request->web->db, request, (struct int_array){&id, 1}, desk->actor.words,
                                        now - LOOK_S * US_PER_S, &lookers, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "who", lookers[i].viewer);
        out_time(row, "at", lookers[i].looked_at);
    }
    return status == STATUS_OK ? q_held_look(request->web->db, id, desk->actor.words, now, NULL) : status;
}

static enum status
show_decided(struct request *request, struct int_array lists, int64_t id)
{
    struct row_held_fates *fates;
    size_t count;
    enum status status = q_held_fates(request->web->db, request, (struct int_array){&id, 1}, lists, &fates, &count);

    if (status != STATUS_OK || count == 0)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    out_bool(request->page, "is_decided", true);
    out_text(request->page, "subject", fates[0].subject);
    show_fate(request, request->page, fates[0].action, fates[0].decided_by, fates[0].decided_at);
    return STATUS_OK;
}

/* What the list has of it: the bytes as they came and, on the desk of several lists, the post beside the list's others. */
static void
show_at_list(const struct request *request, const struct desk *desk, const struct row_held_get *held)
{
    const struct desk_list *list = list_of(desk, held->list_id);
    const char *path = mem_printf(request->page, "%sheld/%lld", list->path, (long long)held->id);

    if (!desk->by_link)
        out_text(request->page, "raw", mem_printf(request->page, "%s/raw", path));
    if (request->list == NULL) {
        out_text(request->page, "list", list->title);
        out_text(request->page, "list_path", path);
    }
}

enum status
desk_show_one(struct request *request, const struct desk *desk, int64_t id)
{
    struct int_array lists = desk_ids(request, desk);
    struct row_held_get *held;
    enum status status = q_held_get(request->web->db, request, id, lists, &held);

    show_desk(request, desk, "");
    if (status != STATUS_OK)
        return status;
    if (held == NULL)
        return show_decided(request, lists, id);
    out_int(request->page, "id", held->id);
    out_text(request->page, "subject", held->subject);
    out_time(request->page, "held_at", held->held_at);
    out_text(request->page, "size", size_words(request, (size_t)held->size));
    show_at_list(request, desk, held);
    show_author(request->page, held->from_name, held->from_address, held->authentication);
    show_reasons(request, request->page, held->reasons);
    if (held->accept_at != 0) {
        out_bool(request->page, "is_pending", true);
        out_text(request->page, "accepted_by", held->accepted_by);
    }
    status = show_authentication(request, held->message_id);
    if (status == STATUS_OK)
        status = show_history(request, held);
    if (status == STATUS_OK)
        status = show_text(request, held);
    if (status == STATUS_OK)
        status = desk_show_reasons(request, held->list_id);
    return status == STATUS_OK && held->accept_at == 0 ? note_look(request, desk, id) : status;
}

/* desk-act.c - deciding about held posts, from whichever desk */
#include <string.h>

#include "policy/held.h"
#include "policy/setting.h"
#include "store/statements.h"
#include "web/common.h"
#include "web/desk-private.h"

enum { GONE_NAMED = 20 };

/* What a button means. */
struct button {
    const char *word;
    enum held_act act;
    const char *future;         /* for the author's posts from now on; NULL: as the form says */
    bool bans, asks;            /* asks: nothing brings the post back */
};
static const struct button buttons[] = {
    {"accept", HELD_ACCEPT, NULL, false, false},   {"always", HELD_ACCEPT, "accept", false, false},
    {"reject", HELD_REJECT, NULL, false, true},    {"discard", HELD_DISCARD, NULL, false, true},
    {"ban", HELD_DISCARD, NULL, true, true},       {"undo", HELD_UNDO, NULL, false, false},
};

static const struct button *
button_named(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(buttons); i++)
        if (str_eq(buttons[i].word, word))
            return &buttons[i];
    return NULL;
}

enum status
desk_show_reasons(struct request *request, int64_t list_id)
{
    const char *const *usual = held_reasons();
    struct out *rows = out_rows(request->page, "canned");
    struct settings *settings;
    enum status status = list_id == 0 ? STATUS_NOT_FOUND : settings_load(request->web->db, request, list_id, &settings);

    if (status == STATUS_OK && settings->rejection_reasons.count > 0) {
        for (size_t i = 0; i < settings->rejection_reasons.count; i++)
            out_text(out_row(rows), "text", settings->rejection_reasons.items[i]);
        return STATUS_OK;
    }
    for (size_t i = 0; usual[i] != NULL; i++) {
        struct out *row = out_row(rows);

        out_text(row, "text", usual[i]);
        out_text(row, "label", tr(request->lang, usual[i]));
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Those that were ticked, or all that match the search and were there when it was asked. */
static enum status
find_ids(struct request *request, struct int_array lists, struct int_array *ids_r)
{
    int64_t upto = request_int(request, "upto", 1, INT64_MAX, INT64_MAX), *ids;
    struct row_held_match *matches;
    size_t count;
    enum status status;

    *ids_r = request_ids(request, request, "id");
    if (!request_has(request, "match"))
        return STATUS_OK;
    status = q_held_match(request->web->db, request, lists, request_text(request, "q"), upto, DESK_MATCH_MOST,
                          &matches, &count);
    if (status != STATUS_OK)
        return status;
    ids = mem_array(request, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = matches[i].id;
    *ids_r = (struct int_array){ids, count};
    return STATUS_OK;
}

static const char *
reason_of(const struct request *request)
{
    const char *own = request_text(request, "reason");

    return str_is_empty(own) ? request_text(request, "canned") : own;
}

static bool
must_ask(const struct request *request, const struct button *button)
{
    if (request_has(request, "sure"))
        return false;
    if (button->act == HELD_REJECT && !request_has(request, "match"))
        return str_is_empty(reason_of(request));
    return button->asks || request_has(request, "match");
}

static enum status
ask_first(struct request *request, const struct desk *desk, const struct button *button, struct int_array ids)
{
    struct out *rows = out_rows(request->page, "ids");

    request->template = "held-ask";
    out_text(request->page, "base", desk->base);
    out_text(request->page, "act", button->word);
    out_int(request->page, "count", (int64_t)ids.count);
    out_bool(request->page, "may_ban", desk->may_ban);
    out_text(request->page, "future", request_text(request, "future"));
    if (request_has(request, "match")) {
        out_bool(request->page, "is_match", true);
        out_text(request->page, "q", request_text(request, "q"));
        out_int(request->page, "upto", ids.count > 0 ? ids.items[ids.count - 1] : 0);
    } else {
        for (size_t i = 0; i < ids.count; i++)
            out_int(out_row(rows), "id", ids.items[i]);
    }
    return button->act == HELD_REJECT ? desk_show_reasons(request, desk->list_count == 1 ? desk->lists[0].id : 0) : STATUS_OK;
}

/* Back to the desk, with what was done, and the ids of those that somebody else had decided about. */
static enum status
send_back(struct request *request, const struct desk *desk, const struct button *button, struct int_array ids, struct int_array lists,
          int64_t done)
{
    struct str *path = str_new(request);
    struct row_held_fates *fates;
    size_t count = 0;
    enum status status = STATUS_OK;

    str_addf(path, "%s?act=%s&done=%lld", desk->base, button->word, (long long)done);
    if (done < (int64_t)ids.count) {
        status = q_held_fates(request->web->db, request, ids, lists, &fates, &count);
        for (size_t i = 0, named = 0; status == STATUS_OK && i < count && named < GONE_NAMED; i++)
            if (button->act == HELD_UNDO || !str_eq(fates[i].decided_by, desk->actor.words)) {
                str_addf(path, "&gone=%lld", (long long)fates[i].id);
                named++;
            }
    }
    response_send_to(request->response, path->s);
    return status;
}

static enum status
forward(struct request *request, const struct desk *desk, struct int_array ids, struct int_array lists)
{
    int64_t told = 0, done = 0;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < ids.count && status == STATUS_OK; i++) {
        status = held_forward(request->web->db, &desk->actor, request->web->i18n, ids.items[i], lists, &told);
        done += status == STATUS_OK;
        if (status == STATUS_NOT_FOUND)
            status = STATUS_OK;
    }
    response_send_to(request->response, mem_printf(request, "%s?act=forward&done=%lld", desk->base, (long long)done));
    return status;
}

enum status
desk_act(struct request *request, const struct desk *desk, struct fault *fault)
{
    const char *act = request_text(request, "act"), *future = request_text(request, "future");
    const struct button *button = button_named(act);
    struct int_array lists = desk_ids(request, desk), ids;
    struct held_order order = {.undo_s = request->web->conf->moderation_undo_s};
    struct held_done done;
    enum status status = find_ids(request, lists, &ids);

    if (status != STATUS_OK)
        return status;
    if (ids.count == 0 || (button == NULL && !str_eq(act, "forward")))
        return fault_set(fault, STATUS_INVALID, "id", N_("No post was chosen. Please go back and tick the posts first."));
    if (button == NULL)
        return forward(request, desk, ids, lists);
    if ((button->bans || request_has(request, "ban")) && !desk->may_ban)
        return STATUS_NOT_ALLOWED;
    if (must_ask(request, button))
        return ask_first(request, desk, button, ids);
    order.act = button->act;
    order.reason = reason_of(request);
    order.future = button->future != NULL ? button->future : str_is_empty(future) ? NULL : future;
    order.ban = button->bans || request_has(request, "ban");
    status = held_decide(request->web->db, &desk->actor, request->web->i18n, ids, lists, &order, &done);
    return status == STATUS_OK ? send_back(request, desk, button, ids, lists, done.done) : status;
}

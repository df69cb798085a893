/* held.c - messages waiting for a moderator */
#include <string.h>

#include "mime/address.h"
#include "mime/summary.h"
#include "policy/held.h"
#include "policy/notice.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

enum { RELEASED_AT_ONCE = 1000, EXPIRED_AT_ONCE = 200, HEADER_READ = 64 << 10 };
#define DAY_US (INT64_C(86400) * US_PER_S)

/* One message that was decided, in whichever way. */
struct decided {
    int64_t id, list_id, message_id;
    const char *subject, *from_name, *from_address, *author_key;
    bool author_is_proved;
};
struct decision {
    TALLOC_CTX *ctx;
    struct db *db;
    const struct actor *actor;
    const struct i18n *i18n;
    const struct held_order *order;
    struct decided *rows;
    size_t count;
};

const char *const *
held_reasons(void)
{
    static const char *const reasons[] = {
        N_("It does not belong to what this list is about."),
        N_("Please write from the address with which you are a member of the list."),
        N_("It is too large for the list. Please put large files somewhere else and send their address."),
        N_("Advertising has no place on this list."),
        N_("It has been sent to the list before."),
        NULL,
    };

    return reasons;
}

/* --- taking the rows --- */

static struct decided *
room_for(struct decision *decision, size_t count)
{
    decision->count = count;
    return decision->rows = mem_array(decision->ctx, struct decided, count + 1);
}

static enum status
take_accepted(struct decision *decision, struct int_array ids, struct int_array lists)
{
    int64_t now = clock_now_us();
    struct row_held_accept *rows;
    size_t count;
    enum status status = q_held_accept(decision->db, decision->ctx, ids, lists, now, now + decision->order->undo_s * US_PER_S,
                                       decision->actor->words, decision->actor->user_id, &rows, &count);

    if (status != STATUS_OK)
        return status;
    room_for(decision, count);
    for (size_t i = 0; i < count; i++)
        decision->rows[i] = (struct decided){.id = rows[i].id, .list_id = rows[i].list_id, .from_name = rows[i].from_name,
                                             .from_address = rows[i].from_address, .author_key = rows[i].author_key};
    return decision->order->undo_s == 0 && count > 0 ? q_held_release(decision->db, now, RELEASED_AT_ONCE, NULL) : STATUS_OK;
}

static enum status
take_undone(struct decision *decision, struct int_array ids, struct int_array lists)
{
    struct row_held_undo *rows;
    size_t count;
    enum status status = q_held_undo(decision->db, decision->ctx, ids, lists, clock_now_us(), decision->actor->words,
                                     decision->actor->user_id, &rows, &count);

    if (status == STATUS_OK)
        room_for(decision, count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        decision->rows[i] = (struct decided){.id = rows[i].id, .list_id = rows[i].list_id, .from_name = rows[i].from_name,
                                             .from_address = rows[i].from_address, .author_key = rows[i].author_key};
    return status;
}

static enum status
take_ended(struct decision *decision, struct int_array ids, struct int_array lists)
{
    bool refuses = decision->order->act == HELD_REJECT;
    const char *reason = refuses && decision->order->reason != NULL ? decision->order->reason : "";
    struct row_held_end *rows;
    size_t count;
    enum status status = q_held_end(decision->db, decision->ctx, ids, lists, clock_now_us(), refuses ? "refused" : "discarded",
                                    refuses ? "refused" : "discarded", refuses ? "held_reject" : "held_discard", reason,
                                    decision->actor->words, decision->actor->user_id, &rows, &count);

    if (status == STATUS_OK)
        room_for(decision, count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        decision->rows[i] = (struct decided){rows[i].id, rows[i].list_id, rows[i].message_id, rows[i].subject, rows[i].from_name, rows[i].from_address,
                                             rows[i].author_key, rows[i].author_is_proved};
    return status;
}

/* --- what goes with it --- */

/* The Message-ID of the author's mail, for the answer to refer to; NULL where it has none. */
static enum status
message_id_of(const struct decision *decision, int64_t message_id, const char **id_r)
{
    struct row_held_bytes *row;
    const struct header_field *field = NULL;
    struct header *header;
    enum status status = q_held_bytes(decision->db, decision->ctx, message_id, HEADER_READ, &row);

    *id_r = NULL;
    if (status != STATUS_OK || row == NULL)
        return status;
    header = header_parse(decision->ctx, row->bytes);
    field = header_find(header, "Message-ID", 0);
    *id_r = field == NULL ? NULL : summary_message_id(decision->ctx, header_value(decision->ctx, field));
    return STATUS_OK;
}

static enum status
tell_author(const struct decision *decision, const struct decided *row, const struct list *list, const struct settings *settings)
{
    struct notice notice = {.kind = NOTICE_rejected, .domain_id = list->domain_id, .domain = list->domain, .list_id = list->id,
                            .list_name = list->name, .to = row->from_address, .is_reply = true,
                            .from_display = settings->display_name};
    const char *reason = !str_is_empty(decision->order->reason) ? decision->order->reason : N_("A moderator decided so.");
    struct row_person_language *own;
    enum status status = q_person_language(decision->db, decision->ctx, list->id, row->author_key, &own);

    if (status == STATUS_OK)
        status = message_id_of(decision, row->message_id, &notice.in_reply_to);
    if (status != STATUS_OK)
        return status;
    notice_languages(decision->i18n, own != NULL ? own->language : NULL, language_code(settings->preferred_language), &notice.lang,
                     &notice.also);
    notice.args[0] = settings->display_name;
    notice.args[1] = row->subject;
    notice.args[2] = tr(notice.lang, reason);
    notice.also_args[2] = notice.also != NULL ? tr(notice.also, reason) : NULL;
    return notice_add(decision->db, &notice);
}

static enum status
tell_authors(const struct decision *decision, int64_t *told_r)
{
    struct settings *settings = NULL;
    struct list *list = NULL;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < decision->count && status == STATUS_OK; i++) {
        const struct decided *row = &decision->rows[i];

        if (!row->author_is_proved)
            continue;
        if (list == NULL || list->id != row->list_id) {
            status = list_by_id(decision->db, decision->ctx, row->list_id, &list);
            if (status == STATUS_OK)
                status = settings_load(decision->db, decision->ctx, row->list_id, &settings);
        }
        if (status == STATUS_OK)
            status = tell_author(decision, row, list, settings);
        *told_r += status == STATUS_OK;
        if (status == STATUS_INVALID)       /* an address that we could not write to */
            status = STATUS_OK;
    }
    return status;
}

/* Of several messages of one author on one list the first speaks for all. */
static bool
is_first_of_author(const struct decision *decision, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (decision->rows[i].list_id == decision->rows[n].list_id &&
            str_eq(decision->rows[i].author_key, decision->rows[n].author_key))
            return false;
    return !str_is_empty(decision->rows[n].author_key);
}

static enum status
treat_authors(const struct decision *decision)
{
    const struct held_order *order = decision->order;
    enum status status = STATUS_OK;

    if (order->future == NULL && !order->ban)
        return STATUS_OK;
    for (size_t i = 0; i < decision->count && status == STATUS_OK; i++) {
        const struct decided *row = &decision->rows[i];

        if (!is_first_of_author(decision, i))
            continue;
        if (order->future != NULL)
            status = q_held_future(decision->db, row->list_id, row->author_key, row->from_address, row->from_name, order->future,
                                   clock_now_us(), decision->actor->words, decision->actor->user_id, NULL);
        if (status == STATUS_OK && order->ban)
            status = q_held_ban(decision->db, row->list_id, row->author_key, clock_now_us(), decision->actor->words,
                                decision->actor->user_id, NULL);
    }
    return status;
}

static bool
future_is_known(const char *word)
{
    for (int action = POST_DEFER; action <= POST_DISCARD; action++)
        if (str_eq(post_action_word((enum post_action)action), word))
            return true;
    return false;
}

enum status
held_decide(struct db *db, const struct actor *actor, const struct i18n *i18n, struct int_array ids, struct int_array lists,
            const struct held_order *order, struct held_done *done_r)
{
    static enum status (*const take[])(struct decision *, struct int_array, struct int_array) = {
        [HELD_ACCEPT] = take_accepted, [HELD_REJECT] = take_ended, [HELD_DISCARD] = take_ended, [HELD_UNDO] = take_undone};
    struct decision decision = {.db = db, .actor = actor, .i18n = i18n, .order = order};
    struct change change;
    enum status status;

    *done_r = (struct held_done){0};
    if (order->future != NULL && !future_is_known(order->future))
        return STATUS_INVALID;
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    decision.ctx = talloc_new(NULL);
    status = take[order->act](&decision, ids, lists);
    if (status == STATUS_OK && order->act == HELD_REJECT)
        status = tell_authors(&decision, &done_r->told);
    if (status == STATUS_OK)
        status = treat_authors(&decision);
    done_r->done = (int64_t)decision.count;
    talloc_free(decision.ctx);
    return change_end(&change, status);
}

enum status
held_release(struct db *db)
{
    return q_held_release(db, clock_now_us(), RELEASED_AT_ONCE, NULL);
}

enum status
held_cancel(struct db *db, int64_t held_id, int64_t list_id, const char *author)
{
    struct int_array ids = {&held_id, 1}, lists = {&list_id, 1};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_held_end *rows;
    size_t count;
    enum status status = q_held_end(db, ctx, ids, lists, clock_now_us(), "discarded", "cancelled", "held_cancel", "", author, 0,
                                    &rows, &count);

    talloc_free(ctx);
    return status == STATUS_OK && count == 0 ? STATUS_GONE : status;
}

/* --- waiting too long --- */

static enum status
expire_list(struct db *db, TALLOC_CTX *ctx, const struct i18n *i18n, int64_t list_id)
{
    static const enum held_act acts[] = {[AFTER_DISCARD] = HELD_DISCARD, [AFTER_REJECT] = HELD_REJECT, [AFTER_ACCEPT] = HELD_ACCEPT};
    static const struct actor clock = {.words = "max_days_to_hold"};
    struct held_order order = {.reason = N_("No moderator found the time to decide about it.")};
    struct settings *settings;
    struct row_held_older *older;
    struct held_done done;
    int64_t *ids;
    size_t count = 0;
    enum status status = settings_load(db, ctx, list_id, &settings);

    if (status != STATUS_OK || settings->max_days_to_hold == 0)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    order.act = acts[settings->max_days_to_hold_action];
    status = q_held_older(db, ctx, list_id, clock_now_us() - settings->max_days_to_hold * DAY_US, EXPIRED_AT_ONCE, &older, &count);
    if (status != STATUS_OK || count == 0)
        return status;
    ids = mem_array(ctx, int64_t, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = older[i].id;
    return held_decide(db, &clock, i18n, (struct int_array){ids, count}, (struct int_array){&list_id, 1}, &order, &done);
}

enum status
held_expire(struct db *db, const struct i18n *i18n)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_held_lists_older *lists;
    size_t count = 0;
    enum status status = q_held_lists_older(db, ctx, clock_now_us() - DAY_US, &lists, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        status = expire_list(db, ctx, i18n, lists[i].list_id);
    talloc_free(ctx);
    return status;
}

/* subscription-tell.c - gathered mails to owners and moderators: who waits for them, who joined and left */
#include "policy/subscription-private.h"
#include "util/clock.h"
#include "util/str.h"

#define GATHER_US (INT64_C(15) * 60 * US_PER_S)

enum { LINES_MOST = 50 };

static const struct actor clock_actor = {.words = "clock"};

/* A wish of nobody, for mails about the list as a whole. */
static enum status
load_list(const struct subscription_desk *desk, TALLOC_CTX *ctx, int64_t list_id, struct wish **wish_r)
{
    static const struct subscription_ask nobody = {.email = "", .key = "", .actor = &clock_actor};
    struct list *list;
    enum status status = list_by_id(desk->db, ctx, list_id, &list);

    return status == STATUS_OK ? wish_load(desk, ctx, list, &nobody, wish_r) : status;
}

static enum status
tell_waiting(struct wish *wish)
{
    int64_t now = clock_now_us();
    struct row_subscription_turn *turn;
    enum status status;

    if (!wish->settings->admin_immed_notify)        /* told by the daily summary, if at all */
        return q_subscription_told(wish->desk->db, wish->list->id, now, NULL);
    status = q_subscription_turn(wish->desk->db, wish->ctx, wish->list->id, now, now - GATHER_US, &turn);
    return status == STATUS_OK && turn != NULL ? wish_tell_waiting(wish) : status;
}

/* "hana@example.jp has joined (owner@example.jp)." */
static const char *
change_line(const struct wish *wish, const struct lang *lang, const struct row_subscription_changes *row)
{
    bool joined = str_eq(row->action, "member_add"), self = str_eq(row->actor, row->object) || str_eq(row->actor, "link in a mail");
    const char *text = joined ? (self ? N_("%1 has joined.") : N_("%1 has joined (%2)."))
                              : (self ? N_("%1 has left.") : N_("%1 has left (%2)."));

    return tr_fill(wish->ctx, tr(lang, text), row->object, row->actor, NULL);
}

static const char *
change_lines(const struct wish *wish, const struct lang *lang, const struct row_subscription_changes *rows, size_t count, int64_t total)
{
    struct str *lines = str_new(wish->ctx);

    for (size_t i = 0; i < count; i++)
        str_addf(lines, "%s%s", i > 0 ? "\n" : "", change_line(wish, lang, &rows[i]));
    if (total > (int64_t)count)
        str_addf(lines, "\n%s", tr_fill(wish->ctx, trn(lang, "And %1 more.", "And %1 more.", total - (int64_t)count),
                                        mem_printf(wish->ctx, "%lld", (long long)(total - (int64_t)count)), NULL, NULL));
    return lines->s;
}

static enum status
tell_changes(struct wish *wish)
{
    const struct lang *lang = i18n_lang(wish->desk->i18n, language_code(wish->settings->preferred_language));
    int64_t now = clock_now_us();
    struct row_subscription_changes_turn *turn;
    struct row_subscription_changes *rows;
    size_t count;
    enum status status = q_subscription_changes_turn(wish->desk->db, wish->ctx, wish->list->id, now, now - GATHER_US, &turn);

    if (status != STATUS_OK || turn == NULL)
        return status;
    status = q_subscription_changes(wish->desk->db, wish->ctx, wish->list->id, turn->after, LINES_MOST, &rows, &count);
    if (status == STATUS_OK && count > 0 && wish->settings->admin_notify_mchanges)
        status = wish_mail_owners(wish, NOTICE_members_changed, lang,
                                  change_lines(wish, lang, rows, count, rows[0].total));
    return status;
}

typedef enum status (*tell)(struct wish *wish);

static enum status
in_transaction(const struct subscription_desk *desk, int64_t list_id, tell tell_it)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct change change;
    struct wish *wish;
    enum status status = change_begin(&change, desk->db);

    if (status == STATUS_OK) {
        status = load_list(desk, ctx, list_id, &wish);
        if (status == STATUS_OK)
            status = tell_it(wish);
        status = change_end(&change, status == STATUS_NOT_FOUND ? STATUS_OK : status);
    }
    talloc_free(ctx);
    return status;
}

enum status
subscription_tell_owners(const struct subscription_desk *desk)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int64_t now = clock_now_us();
    struct row_subscription_tell_due *rows;
    size_t count;
    enum status status = q_subscription_tell_due(desk->db, ctx, now - GATHER_US, &rows, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        status = in_transaction(desk, rows[i].list_id, rows[i].about_changes ? tell_changes : tell_waiting);
    talloc_free(ctx);
    return status;
}

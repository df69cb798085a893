/* subscription-tell.c - gathered mails to owners: who joined and left */
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

/* "hana@example.jp has joined (owner@example.jp)." */
static const char *
change_line(const struct wish *wish, const struct lang *lang, const struct row_subscription_changes *row)
{
    bool joined = str_eq(row->action, "member_add"), self = str_eq(row->actor, row->object) || str_eq(row->actor, "link in a mail");
    const char *text = joined ? (self ? N_("%1 has joined.") : N_("%1 has joined (%2)."))
                              : (self ? N_("%1 has left.") : N_("%1 has left (%2)."));

    return tr_fill(wish->ctx, tr(lang, text), row->object, notice_actor(lang, row->actor), NULL);
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

/* To each owner in their language. */
static enum status
mail_changes(struct wish *wish, const struct row_subscription_changes *rows, size_t count)
{
    const char *of_list = language_code(wish->settings->preferred_language), *link = wish_list_page(wish, "members");
    struct row_subscription_owners *owners;
    size_t owner_count;
    enum status status = q_subscription_owners(wish->desk->db, wish->ctx, wish->list->id, &owners, &owner_count);

    for (size_t i = 0; status == STATUS_OK && i < owner_count; i++) {
        struct notice notice = {.kind = NOTICE_members_changed, .to = owners[i].email, .is_gathered = true};

        notice_languages(wish->desk->i18n, owners[i].language, of_list, &notice.lang, &notice.also);
        notice.also = NULL;     /* who runs a list reads its language */
        notice.args[0] = wish->title;
        notice.args[1] = change_lines(wish, notice.lang, rows, count, rows[0].total);
        notice.args[2] = wish->list->address;
        notice.args[3] = link;
        status = wish_mail(wish, notice);
    }
    return status;
}

static enum status
tell_changes(struct wish *wish)
{
    int64_t now = clock_now_us();
    struct row_subscription_changes_turn *turn;
    struct row_subscription_changes *rows;
    size_t count;
    enum status status = q_subscription_changes_turn(wish->desk->db, wish->ctx, wish->list->id, now, now - GATHER_US, &turn);

    if (status != STATUS_OK || turn == NULL)
        return status;
    status = q_subscription_changes(wish->desk->db, wish->ctx, wish->list->id, turn->after, LINES_MOST, &rows, &count);
    return status == STATUS_OK && count > 0 && wish->settings->admin_notify_mchanges ? mail_changes(wish, rows, count) : status;
}

static enum status
tell_of_list(const struct subscription_desk *desk, int64_t list_id)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct change change;
    struct wish *wish;
    enum status status = change_begin(&change, desk->db);

    if (status == STATUS_OK) {
        status = load_list(desk, ctx, list_id, &wish);
        if (status == STATUS_OK)
            status = tell_changes(wish);
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
        status = tell_of_list(desk, rows[i].list_id);
    talloc_free(ctx);
    return status;
}

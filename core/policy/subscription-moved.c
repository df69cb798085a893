/* subscription-moved.c - one new address for all memberships of an old one that its owner can no longer read
 *
 * Who proved the new address is asked about once; each list's owners get a request as if it had been asked for there, but one mail for
 * all their lists. The old address is told once, with one link that stops whatever is not decided yet. The worker does it, so that the
 * time it takes tells nobody whether the old address is known here. */
#include "mime/address.h"
#include "policy/subscription-private.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

#define DAY_US (INT64_C(86400) * US_PER_S)

enum { MODERATOR_DAYS = 180, KEEP_DAYS = 30, TOLD_A_DAY = 3 };

struct moved {
    const struct subscription_desk *desk;
    TALLOC_CTX *ctx;
    const char *old, *old_key;
    struct subscription_ask ask;            /* the new address */
    struct wish **wishes;                   /* of the lists whose owners are asked */
    int64_t *requests, *lists;
    size_t count;
};

/* One list's request; a list that does not take the new address, or has it already, is left as it is. */
static enum status
ask_list(struct moved *moved, const struct row_moved_memberships *membership)
{
    const struct subscription_ask *ask = &moved->ask;
    struct db *db = moved->desk->db;
    int64_t now = clock_now_us();
    struct row_subscription_wait *row;
    struct wish *wish;
    struct list *list;
    enum status status = list_by_id(db, moved->ctx, membership->list_id, &list);

    if (status == STATUS_OK)
        status = wish_load(moved->desk, moved->ctx, list, ask, &wish);
    if (status != STATUS_OK || wish->facts->is_banned || wish->facts->is_own || wish->facts->member_id != 0)
        return status;
    status = q_subscription_wait(db, moved->ctx, list->id, "change", ask->key, ask->email, moved->old, lang_code(wish->lang), membership->id,
                                 ask->actor->words, now, now + MODERATOR_DAYS * DAY_US, &row);
    if (status != STATUS_OK || !row->is_new)
        return status;
    moved->wishes[moved->count] = wish;
    moved->requests[moved->count] = row->id;
    moved->lists[moved->count++] = list->id;
    return audit_add(db, ask->actor, "change_ask", list->id, ask->email, mem_printf(moved->ctx, "%s -> %s", moved->old, ask->email));
}

static enum status
ask_lists(struct moved *moved)
{
    struct row_moved_memberships *rows;
    size_t count;
    enum status status = q_moved_memberships(moved->desk->db, moved->ctx, moved->old_key, &rows, &count);

    moved->wishes = mem_array(moved->ctx, struct wish *, count + 1);
    moved->requests = mem_array(moved->ctx, int64_t, count + 1);
    moved->lists = mem_array(moved->ctx, int64_t, count + 1);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        status = ask_list(moved, &rows[i]);
    return status == STATUS_OK
               ? q_moved_told(moved->desk->db, (struct int_array){moved->requests, moved->count}, clock_now_us(), NULL) : status;
}

/* A mail about several lists, in the language and from the domain of the first. An address that cannot be written to is no reason to
 * undo what was asked. */
static enum status
mail(const struct moved *moved, enum notice_kind kind, const struct wish *first, const char *to, const char *const args[4])
{
    const struct subscription_desk *desk = moved->desk;
    struct notice notice = {.kind = kind, .lang = i18n_lang(desk->i18n, language_code(first->settings->preferred_language)),
                            .domain_id = first->list->domain_id, .domain = first->list->domain, .from_display = desk->conf->site_name,
                            .to = to, .args = {args[0], args[1], args[2], args[3]}};
    enum status status = notice_add(desk->db, &notice);

    return status == STATUS_INVALID ? STATUS_OK : status;
}

static const char *
page(const struct moved *moved, const struct wish *wish, const char *rest)
{
    return mem_printf(moved->ctx, "%s%s", conf_url_of(moved->ctx, moved->desk->conf->site_url, wish->list->web_host), rest);
}

static enum status
tell_old_address(const struct moved *moved)
{
    const char *token = random_token(moved->ctx);
    struct str *titles = str_new(moved->ctx);
    int64_t now = clock_now_us();
    struct row_people_link_add *row;
    uint8_t hash[SHA256_LEN];
    enum status status;

    for (size_t i = 0; i < moved->count; i++)
        str_addf(titles, "%s%s", i > 0 ? "\n" : "", moved->wishes[i]->title);
    sha256(blob_of(token), hash);
    status = q_people_link_add(moved->desk->db, moved->ctx, (struct blob){hash, sizeof hash}, "moved_keep", moved->old, 0, moved->ask.email,
                               now, now + KEEP_DAYS * DAY_US, &row);
    return status != STATUS_OK ? status : mail(moved, NOTICE_moved_told, moved->wishes[0], moved->old, (const char *const[4]){
        moved->desk->conf->site_name, moved->ask.email, titles->s,
        page(moved, moved->wishes[0], mem_printf(moved->ctx, "/confirm/%s", token))});
}

static const struct wish *
wish_of(const struct moved *moved, int64_t list_id)
{
    size_t i = 0;

    while (i + 1 < moved->count && moved->lists[i] != list_id)
        i++;
    return moved->wishes[i];
}

/* Each of those who decide gets one mail about all their lists; a list whose owners want no such mails is in none. */
static enum status
tell_deciders(const struct moved *moved)
{
    struct row_moved_deciders *rows;
    enum status status;
    size_t count, next;

    status = q_moved_deciders(moved->desk->db, moved->ctx, (struct int_array){moved->lists, moved->count}, &rows, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i = next) {
        struct str *lines = str_new(moved->ctx);
        const struct wish *first = NULL;

        for (next = i; next < count && str_eq(rows[next].email, rows[i].email); next++) {
            const struct wish *wish = wish_of(moved, rows[next].list_id);

            if (!wish->settings->admin_immed_notify)
                continue;
            first = first != NULL ? first : wish;
            str_addf(lines, "%s%s:\n%s", lines->len > 0 ? "\n\n" : "", wish->title,
                     page(moved, wish, mem_printf(moved->ctx, "/lists/%s.%s/requests", wish->list->name, wish->list->domain)));
        }
        if (first != NULL)
            status = mail(moved, NOTICE_moved_asked, first, rows[i].email, (const char *const[4]){
                moved->ask.email, moved->old, moved->desk->conf->site_name, lines->s});
    }
    return status;
}

static enum status
carry_out(struct moved *moved, const struct row_moved_take *row)
{
    struct actor actor = {.words = row->email};
    bool may_tell;
    enum status status;

    moved->old = row->old;
    moved->old_key = address_key_of(moved->ctx, row->old);
    moved->ask = (struct subscription_ask){.email = row->email, .key = address_key_of(moved->ctx, row->email), .actor = &actor,
                                           .lang = i18n_lang(moved->desk->i18n, row->language), .is_proved = true};
    if (moved->old_key == NULL || moved->ask.key == NULL)
        return STATUS_OK;
    /* An old address that cannot be told any more today is not to be changed behind its back. */
    status = budget_take(moved->desk->db, "moved", moved->old_key, TOLD_A_DAY, DAY_US / US_PER_S, &may_tell);
    if (status == STATUS_OK && may_tell)
        status = ask_lists(moved);
    if (status == STATUS_OK && moved->count > 0)
        status = tell_old_address(moved);
    return status == STATUS_OK && moved->count > 0 ? tell_deciders(moved) : status;
}

enum status
subscription_moved_next(const struct subscription_desk *desk, bool *any_r)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct moved moved = {.desk = desk, .ctx = ctx};
    struct row_moved_take *row = NULL;
    struct change change;
    enum status status = change_begin(&change, desk->db);

    *any_r = false;
    if (status == STATUS_OK) {
        status = q_moved_take(desk->db, ctx, clock_now_us(), &row);
        if (status == STATUS_OK && row != NULL)
            status = carry_out(&moved, row);
        if (status == STATUS_OK && row != NULL)
            status = q_moved_end(desk->db, row->id, NULL);
        *any_r = status == STATUS_OK && row != NULL;
        status = change_end(&change, status);
    }
    talloc_free(ctx);
    return status;
}

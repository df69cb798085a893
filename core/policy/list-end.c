/* list-end.c - a list ends: removed, perhaps restored, erased */
#include "policy/list-private.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/conf.h"
#include "util/str.h"
#include "util/when.h"

enum { ERASE_AT_ONCE = 200 };

/* --- mail to the owners --- */

enum status
list_tell_owners(struct db *db, TALLOC_CTX *ctx, const struct list *list, const struct list_mail *mail, list_notice_fill *fill,
                 const void *about)
{
    struct settings *settings;
    struct row_list_people *people;
    size_t count = 0;
    enum status status = mail == NULL ? STATUS_OK : settings_load(db, ctx, list->id, &settings);

    if (status == STATUS_OK && mail != NULL)
        status = q_list_people(db, ctx, list->id, "owner", &people, &count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct notice notice = {
            .lang = i18n_lang(mail->i18n, people[i].language), .domain_id = list->domain_id, .domain = list->domain,
            .list_id = list->id, .list_name = list->name, .from_display = settings->display_name, .to = people[i].email};

        if (notice.lang == NULL)
            notice.lang = i18n_lang(mail->i18n, language_code(settings->preferred_language));
        fill(ctx, &notice, list, list_url(ctx, mail->site_url, list), about);
        status = notice_add(db, &notice);
    }
    return status;
}

/* --- removing --- */

struct ending { const struct actor *actor; int64_t erase_at; const char *site_url; };

static void
fill_removed(TALLOC_CTX *ctx, struct notice *notice, const struct list *list, const char *url, const void *about)
{
    const struct ending *ending = about;

    (void)url;
    notice->kind = NOTICE_list_removed;
    notice->args[0] = notice->from_display;
    notice->args[1] = list->address;
    notice->args[2] = when_full(ctx, notice->lang, ending->erase_at);
    notice->args[3] = mem_printf(ctx, "%s/ended/%lld", conf_url_of(ctx, ending->site_url, list->web_host), (long long)list->id);
    notice->args[4] = notice_actor(notice->lang, ending->actor->words);
}

static enum status
take_away(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *list, int64_t erase_at,
          const struct list_mail *mail)
{
    struct ending ending = {actor, erase_at, mail != NULL ? mail->site_url : NULL};
    int64_t changed = 0;
    enum status status = erase_at == 0 ? STATUS_OK : list_tell_owners(db, ctx, list, mail, fill_removed, &ending);

    if (status == STATUS_OK)
        status = q_list_remove(db, list->id, clock_now_us(), erase_at, &changed);
    if (status == STATUS_OK && changed == 0)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = q_list_effective_drop(db, list->id, NULL);
    return status == STATUS_OK ? audit_add(db, actor, "list_remove", list->id, list->address, "") : status;
}

enum status
list_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *list, int64_t erase_at,
            const struct list_mail *mail)
{
    struct change change;
    enum status status = change_begin(&change, db);

    return status == STATUS_OK ? change_end(&change, take_away(db, actor, ctx, list, erase_at, mail)) : status;
}

/* --- restoring --- */

static enum status
bring_back(struct db *db, const struct actor *actor, const struct list *list)
{
    int64_t changed = 0;
    enum status status = q_list_restore(db, list->id, clock_now_us(), &changed);

    if (status == STATUS_OK && changed == 0)
        status = STATUS_GONE;
    if (status == STATUS_OK)
        status = setting_rewrite_effective(db, SCOPE_LIST, list->id);
    return status == STATUS_OK ? audit_add(db, actor, "list_restore", list->id, list->address, "") : status;
}

enum status
list_restore(struct db *db, const struct actor *actor, const struct list *list)
{
    struct change change;
    enum status status = change_begin(&change, db);

    return status == STATUS_OK ? change_end(&change, bring_back(db, actor, list)) : status;
}

/* --- erasing --- */

static enum status
set_end(struct db *db, const struct actor *actor, const struct list *list)
{
    int64_t changed = 0;
    enum status status = q_list_erase_now(db, list->id, clock_now_us(), &changed);

    if (status == STATUS_OK && changed == 0)
        status = STATUS_NOT_FOUND;
    return status == STATUS_OK ? audit_add(db, actor, "list_erase", list->id, list->address, "") : status;
}

enum status
list_erase_begin(struct db *db, const struct actor *actor, const struct list *list)
{
    struct change change;
    enum status status = change_begin(&change, db);

    return status == STATUS_OK ? change_end(&change, set_end(db, actor, list)) : status;
}

enum status
list_erase_part(struct db *db, TALLOC_CTX *ctx, int64_t list_id, bool *done_r)
{
    struct row_list_erase_part *row;
    enum status status = q_list_erase_part(db, ctx, list_id, ERASE_AT_ONCE, &row);

    *done_r = status == STATUS_OK && row->done;
    return status;
}

/* held-forward.c - a held post sent to the owners, as it came */
#include "mime/address.h"
#include "mime/compose-attach.h"
#include "policy/held.h"
#include "policy/notice.h"
#include "store/statements.h"
#include "util/clock.h"

enum { FORWARDED_MOST = 4 << 20 };

static enum status
forward_to(struct db *db, TALLOC_CTX *ctx, struct notice *notice, const struct row_held_get *held, int64_t *told_r)
{
    struct row_held_owners *owners;
    struct row_held_bytes *bytes;
    size_t count = 0;
    enum status status = q_held_owners(db, ctx, held->list_id, &owners, &count);

    if (status == STATUS_OK)
        status = q_held_bytes(db, ctx, held->message_id, FORWARDED_MOST, &bytes);
    for (size_t i = 0; status == STATUS_OK && bytes != NULL && i < count; i++) {
        struct address to;
        struct blob mail;

        notice->to = owners[i].email;
        if (!address_parse(ctx, notice->to, &to))
            continue;
        status = notice_compose(db, ctx, notice, clock_now_us(), &mail);
        if (status == STATUS_OK)
            status = q_notice_add(db, notice->domain_id, notice->list_id, notice_kind_word(notice->kind), notice->to,
                                  compose_attach(ctx, mail, bytes->bytes), clock_now_us(), false, NULL);
        *told_r += status == STATUS_OK;
    }
    return status;
}

enum status
held_forward(struct db *db, const struct actor *actor, const struct i18n *i18n, int64_t held_id, struct int_array lists,
             int64_t *told_r)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct notice notice = {.kind = NOTICE_held_forward};
    struct row_held_get *held;
    struct settings *settings;
    struct change change;
    struct list *list;
    enum status status = change_begin(&change, db);

    *told_r = 0;
    if (status != STATUS_OK) {
        talloc_free(ctx);
        return status;
    }
    status = q_held_get(db, ctx, held_id, lists, &held);
    if (status == STATUS_OK && held == NULL)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = list_by_id(db, ctx, held->list_id, &list);
    if (status == STATUS_OK)
        status = settings_load(db, ctx, held->list_id, &settings);
    if (status == STATUS_OK) {
        notice.lang = i18n_lang(i18n, language_code(settings->preferred_language));
        notice.domain_id = list->domain_id;
        notice.domain = list->domain;
        notice.list_id = list->id;
        notice.list_name = list->name;
        notice.from_display = notice.args[0] = settings->display_name;
        notice.args[1] = held->subject;
        notice.args[2] = notice_actor(notice.lang, actor->words);
        status = forward_to(db, ctx, &notice, held, told_r);
    }
    if (status == STATUS_OK)
        status = audit_add(db, actor, "held_forward", held->list_id, held->subject, held->from_address);
    talloc_free(ctx);
    return change_end(&change, status);
}

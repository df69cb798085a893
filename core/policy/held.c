/* held.c - messages waiting for a moderator */
#include "policy/held.h"
#include "policy/notice.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

/* Takes the row away, so that nobody else can; NULL subject: it was taken already. */
static enum status
take(struct db *db, TALLOC_CTX *ctx, const struct list *list, int64_t held_id, struct row_held_take **row_r)
{
    enum status status = q_held_take(db, ctx, held_id, list->id, row_r);

    return status == STATUS_OK && *row_r == NULL ? STATUS_GONE : status;
}

enum status
held_accept(struct db *db, const struct actor *actor, const struct list *list, int64_t held_id)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_held_take *held;
    struct change change;
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK) {
        talloc_free(ctx);
        return status;
    }
    status = take(db, ctx, list, held_id, &held);
    if (status == STATUS_OK)
        status = q_held_back_to_incoming(db, held->message_id, actor->words, clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "held_accept", list->id, held->subject, held->from_address);
    talloc_free(ctx);
    return change_end(&change, status);
}

enum status
held_discard(struct db *db, const struct actor *actor, const struct list *list, int64_t held_id)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_held_take *held;
    struct change change;
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK) {
        talloc_free(ctx);
        return status;
    }
    status = take(db, ctx, list, held_id, &held);
    if (status == STATUS_OK)
        status = q_held_message_end(db, held->message_id, "discarded", clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "held_discard", list->id, held->subject, held->from_address);
    talloc_free(ctx);
    return change_end(&change, status);
}

static enum status
tell_author(struct db *db, TALLOC_CTX *ctx, const struct list *list, const struct i18n *i18n, const struct row_held_take *held,
            const char *reason)
{
    struct settings *settings;
    struct notice notice = {.kind = NOTICE_rejected, .domain_id = list->domain_id, .domain = list->domain, .list_id = list->id,
                            .list_name = list->name, .to = held->from_address, .is_reply = true};
    enum status status = settings_load(db, ctx, list->id, &settings);

    if (status != STATUS_OK)
        return status;
    notice.lang = i18n_lang(i18n, language_code(settings->preferred_language));
    notice.from_display = settings->display_name;
    notice.args[0] = settings->display_name;
    notice.args[1] = held->subject;
    notice.args[2] = !str_is_empty(reason) ? reason : tr(notice.lang, N_("A moderator decided so."));
    return notice_add(db, &notice);
}

enum status
held_reject(struct db *db, const struct actor *actor, const struct list *list, const struct i18n *i18n, int64_t held_id,
            const char *reason, bool *told_r)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_held_take *held;
    struct change change;
    enum status status = change_begin(&change, db);

    *told_r = false;
    if (status != STATUS_OK) {
        talloc_free(ctx);
        return status;
    }
    status = take(db, ctx, list, held_id, &held);
    if (status == STATUS_OK)
        status = q_held_message_end(db, held->message_id, "refused", clock_now_us(), NULL);
    if (status == STATUS_OK && held->author_is_proved) {
        status = tell_author(db, ctx, list, i18n, held, reason);
        *told_r = status == STATUS_OK;
        if (status == STATUS_INVALID)       /* an address that we could not write to */
            status = STATUS_OK;
    }
    if (status == STATUS_OK)
        status = audit_add(db, actor, "held_reject", list->id, held->subject, held->from_address);
    talloc_free(ctx);
    return change_end(&change, status);
}

/* held-aside.c - messages that could not be processed: tried again, or thrown away */
#include "policy/held.h"
#include "store/statements.h"
#include "util/clock.h"

static enum status
act_on_aside(struct db *db, const struct actor *actor, int64_t message_id, struct int_array lists, const char *action,
             enum status (*act)(struct db *, int64_t, int64_t, int64_t *))
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_aside_find *row;
    struct change change;
    int64_t changed = 0;
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK) {
        talloc_free(ctx);
        return status;
    }
    status = q_aside_find(db, ctx, message_id, lists, &row);
    if (status == STATUS_OK && row == NULL)
        status = STATUS_GONE;
    if (status == STATUS_OK)
        status = act(db, message_id, clock_now_us(), &changed);
    if (status == STATUS_OK && changed == 0)
        status = STATUS_GONE;
    if (status == STATUS_OK)
        status = audit_add(db, actor, action, row->list_id, mem_printf(ctx, "%lld", (long long)message_id), row->sender);
    talloc_free(ctx);
    return change_end(&change, status);
}

enum status
aside_retry(struct db *db, const struct actor *actor, int64_t message_id, struct int_array lists)
{
    return act_on_aside(db, actor, message_id, lists, "queue_retry", q_aside_retry);
}

enum status
aside_discard(struct db *db, const struct actor *actor, int64_t message_id, struct int_array lists)
{
    return act_on_aside(db, actor, message_id, lists, "queue_discard", q_aside_discard);
}

/* change.c - a change by a person: one transaction, one line in the audit log */
#include "policy/change.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

enum { DETAIL_CHARACTERS = 500 };

enum status
change_begin(struct change *change, struct db *db)
{
    *change = (struct change){.db = db, .own = !db_in_transaction(db)};
    return change->own ? db_begin(db) : STATUS_OK;
}

enum status
change_end(struct change *change, enum status status)
{
    if (!change->own)
        return status;
    if (status == STATUS_OK)
        return db_commit(change->db);
    db_rollback(change->db);
    return status;
}

enum status
audit_add(struct db *db, const struct actor *actor, const char *action, int64_t list_id, const char *object,
          const char *detail)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    enum status status = q_audit_add(db, clock_now_us(), actor->words, actor->user_id, action, list_id,
                                     utf8_cut(ctx, object, DETAIL_CHARACTERS), utf8_cut(ctx, detail, DETAIL_CHARACTERS), NULL);

    talloc_free(ctx);
    return status;
}

#define AUDIT(action, label) {action, label},
static const struct audit_word audits[] = {
#include "policy/audits.def"
    {NULL, NULL},
};
#undef AUDIT

const struct audit_word *
audit_words(void)
{
    return audits;
}

const char *
audit_label(const char *action)
{
    for (const struct audit_word *row = audits; row->action != NULL; row++)
        if (str_eq(row->action, action))
            return row->label;
    return action;
}

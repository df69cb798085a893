/* ban.c - who may neither post nor join */
#include "mime/address.h"
#include "policy/ban.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

/* The form in which it is stored and compared; NULL when it is none. */
static char *
pattern_key(TALLOC_CTX *ctx, const char *pattern)
{
    char *text = str_trim(ctx, pattern), *domain;

    if (*text != '@')
        return address_key_of(ctx, text);
    domain = address_domain_ascii(ctx, text + 1);
    return domain == NULL ? NULL : mem_printf(ctx, "@%s", domain);
}

enum status
ban_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *pattern, const char *reason,
        struct fault *fault)
{
    const char *key = pattern_key(ctx, pattern);
    struct change change;
    enum status status;

    if (key == NULL)
        return fault_setf(fault, ctx, STATUS_INVALID, "pattern", "\"%s\" is neither an address nor @domain.", pattern);
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = q_ban_add(db, list_id, key, reason, actor->words, clock_now_us(), NULL);
    if (status == STATUS_CONFLICT)
        fault_setf(fault, ctx, status, "pattern", "%s is banned already.", key);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "ban_add", list_id, key, reason);
    return change_end(&change, status);
}

enum status
ban_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *pattern,
           struct fault *fault)
{
    const char *key = pattern_key(ctx, pattern);
    struct change change;
    int64_t changed = 0;
    enum status status;

    if (key == NULL)
        return fault_setf(fault, ctx, STATUS_INVALID, "pattern", "\"%s\" is neither an address nor @domain.", pattern);
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = q_ban_remove(db, list_id, key, &changed);
    if (status == STATUS_OK && changed == 0)
        status = fault_setf(fault, ctx, STATUS_NOT_FOUND, "pattern", "%s is not banned.", key);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "ban_remove", list_id, key, "");
    return change_end(&change, status);
}

enum status
ban_list(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct ban **bans_r, size_t *count_r)
{
    struct row_ban_list *rows;
    enum status status = q_ban_list(db, ctx, list_id, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *bans_r = mem_array(ctx, struct ban, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*bans_r)[i] = (struct ban){rows[i].pattern, rows[i].reason, rows[i].created_by, rows[i].created_at};
    return STATUS_OK;
}

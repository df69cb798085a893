/* user.c - accounts: who owns an address, and links that sign in */
#include <string.h>

#include "mime/address.h"
#include "policy/user.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

enum status
user_ensure(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *key, const char *email, int64_t *user_id_r)
{
    struct row_address_ensure *address;
    struct row_user_add *user;
    enum status status = q_address_ensure(db, ctx, key, email, "", clock_now_us(), &address);

    if (status != STATUS_OK)
        return status;
    *user_id_r = address->user_id;
    if (address->user_id != 0)
        return STATUS_OK;
    status = q_user_add(db, ctx, address->name, clock_now_us(), &user);
    if (status == STATUS_OK)
        status = q_address_give(db, address->id, user->id, clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "user_create", 0, email, "");
    if (status == STATUS_OK)
        *user_id_r = user->id;
    return status;
}

static enum status
raise_to_admin(struct db *db, const struct actor *actor, int64_t user_id, const char *email)
{
    int64_t changed = 0;
    enum status status = q_user_make_admin(db, user_id, &changed);

    return status == STATUS_OK && changed > 0 ? audit_add(db, actor, "user_admin", 0, email, "no -> yes") : status;
}

static enum status
write_link(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *key, const char *email, bool admin,
           int64_t seconds, const char **token_r)
{
    int64_t user_id, now = clock_now_us();
    char *token;
    enum status status = user_ensure(db, actor, ctx, key, email, &user_id);

    if (status == STATUS_OK && admin)
        status = raise_to_admin(db, actor, user_id, email);
    if (status != STATUS_OK)
        return status;
    token = random_token(ctx);
    status = q_mail_link_add_login(db, secret_hash(ctx, token), email, now, now + seconds * US_PER_S, NULL);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "login_link", 0, email, "");
    *token_r = token;
    return status;
}

enum status
user_login_link(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *address, bool admin, int64_t seconds,
                const char **token_r, struct fault *fault)
{
    struct address parsed;
    const char *key = address_parse(ctx, address, &parsed) ? address_key(ctx, &parsed) : NULL;
    struct change change;
    enum status status;

    if (key == NULL)
        return fault_setf(fault, ctx, STATUS_INVALID, "ADDRESS", "\"%s\" is not a mail address.", address);
    status = change_begin(&change, db);
    if (status == STATUS_OK)
        status = change_end(&change, write_link(db, actor, ctx, key, address_text(ctx, &parsed), admin, seconds, token_r));
    return status;
}

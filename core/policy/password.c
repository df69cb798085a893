/* password.c - the moderators' password of a list */
#include <string.h>

#include "policy/password.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

static const int64_t PERIOD_US = 3600 * US_PER_S;

static bool
is_writable(const char *password)
{
    size_t len = strlen(password);

    for (const char *s = password; *s != '\0'; s++)
        if (*s < ' ' || *s > '~')
            return false;
    return len > 0 && password[0] != ' ' && password[len - 1] != ' ';
}

enum status
password_set(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *password,
             struct fault *fault)
{
    size_t len = strlen(password);
    struct change change;
    enum status status;

    if (len < PASSWORD_LEAST || len > PASSWORD_MOST)
        return fault_set(fault, STATUS_INVALID, "password", N_("A password has 8 to 100 characters."));
    if (!is_writable(password))
        return fault_set(fault, STATUS_INVALID, "password",
                         N_("This password may not survive mail programs: please use letters, digits and signs of the English keyboard, without blanks at the ends."));
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = q_password_set(db, list_id, password_hash(ctx, password), actor->words, clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "moderator_password_set", list_id, "", "");
    return change_end(&change, status);
}

enum status
password_remove(struct db *db, const struct actor *actor, int64_t list_id)
{
    struct change change;
    int64_t changed = 0;
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK)
        return status;
    status = q_password_remove(db, list_id, &changed);
    if (status == STATUS_OK && changed == 0)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = audit_add(db, actor, "moderator_password_remove", list_id, "", "");
    return change_end(&change, status);
}

enum status
password_who(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char **changed_by_r, int64_t *changed_at_r)
{
    struct row_password_who *row;
    enum status status = q_password_who(db, ctx, list_id, &row);

    *changed_by_r = status == STATUS_OK && row != NULL ? row->changed_by : NULL;
    *changed_at_r = status == STATUS_OK && row != NULL ? row->changed_at : 0;
    return status;
}

enum status
password_exists(struct db *db, int64_t list_id, bool *exists_r)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    const char *who;
    int64_t at;
    enum status status = password_who(db, scratch, list_id, &who, &at);

    *exists_r = at != 0;
    talloc_free(scratch);
    return status;
}

static enum status
count_wrong(struct db *db, TALLOC_CTX *ctx, const char *key, int64_t period)
{
    struct row_web_rate *row;

    return q_web_rate(db, ctx, key, period, &row);
}

enum status
password_ask(struct db *db, int64_t list_id, const char *password, enum password_state *state_r)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    int64_t now = clock_now_us(), period = now - now % PERIOD_US;
    const char *key = mem_printf(scratch, "approved:%lld", (long long)list_id);
    struct row_password_get *row;
    struct row_rate_count *wrong;
    enum status status = q_password_get(db, scratch, list_id, &row);

    *state_r = PASSWORD_NONE;
    if (status == STATUS_OK && row != NULL) {
        status = q_rate_count(db, scratch, key, period, &wrong);
        if (status == STATUS_OK && wrong != NULL && wrong->count >= PASSWORD_WRONG_MAX) {
            *state_r = PASSWORD_LIMITED;
        } else if (status == STATUS_OK) {
            *state_r = password_verify(row->hash, password) ? PASSWORD_RIGHT : PASSWORD_WRONG;
            if (*state_r == PASSWORD_WRONG)
                status = count_wrong(db, scratch, key, period);
        }
    }
    talloc_free(scratch);
    return status;
}

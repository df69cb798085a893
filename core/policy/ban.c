/* ban.c - who may neither post nor join */
#include <string.h>

#include "policy/ban.h"
#include "policy/pattern.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/regex.h"
#include "util/str.h"

enum { REASON_MAX = 500 };

/* The form in which it is stored and compared; NULL when it is none. The members of a list cannot be banned as such. */
static char *
ban_key(TALLOC_CTX *ctx, const char *pattern)
{
    char *key = strlen(pattern) <= REGEX_MAX ? pattern_key(ctx, pattern) : NULL;

    return key != NULL && pattern_list(key) == NULL ? key : NULL;
}

/* "lists.example.jp: sends advertisements" */
static const char *
in_log(TALLOC_CTX *ctx, struct rule_place place, const char *reason)
{
    if (place.domain_id == 0)
        return reason;
    return *reason == '\0' ? place.domain : mem_printf(ctx, "%s: %s", place.domain, reason);
}

static enum status
no_pattern(struct fault *fault)
{
    return fault_set(fault, STATUS_INVALID, "pattern", N_("This is neither an address nor @domain nor a ^regular expression."));
}

enum status
ban_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct rule_place place, const char *pattern, const char *reason,
        struct fault *fault)
{
    const char *key = ban_key(ctx, pattern);
    struct change change;
    enum status status;

    if (key == NULL)
        return no_pattern(fault);
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = q_ban_add(db, place.list_id, place.domain_id, key, utf8_cut(ctx, reason, REASON_MAX), actor->words, clock_now_us(), NULL);
    if (status == STATUS_CONFLICT)
        fault_set(fault, status, "pattern", N_("This is banned already."));
    if (status == STATUS_OK)
        status = audit_add(db, actor, "ban_add", place.list_id, key, in_log(ctx, place, reason));
    return change_end(&change, status);
}

enum status
ban_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct rule_place place, const char *pattern,
           struct fault *fault)
{
    const char *key = ban_key(ctx, pattern);
    struct change change;
    int64_t changed = 0;
    enum status status;

    if (key == NULL)
        return no_pattern(fault);
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = q_ban_remove(db, place.list_id, place.domain_id, key, &changed);
    if (status == STATUS_OK && changed == 0)
        status = fault_set(fault, STATUS_NOT_FOUND, "pattern", N_("This is not banned."));
    if (status == STATUS_OK)
        status = audit_add(db, actor, "ban_remove", place.list_id, key, in_log(ctx, place, ""));
    return change_end(&change, status);
}

enum status
ban_list(struct db *db, TALLOC_CTX *ctx, struct rule_place place, struct ban **bans_r, size_t *count_r)
{
    struct row_ban_list *rows;
    enum status status = q_ban_list(db, ctx, place.list_id, place.domain_id, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *bans_r = mem_array(ctx, struct ban, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*bans_r)[i] = (struct ban){rows[i].pattern, rows[i].reason, rows[i].created_by, rows[i].created_at};
    return STATUS_OK;
}

enum status
ban_page(struct db *db, TALLOC_CTX *ctx, struct rule_place place, const char *wanted, const char *after, int most,
         struct ban **bans_r, size_t *count_r)
{
    struct row_ban_page *rows;
    enum status status = q_ban_page(db, ctx, place.list_id, place.domain_id, wanted, after, most, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *bans_r = mem_array(ctx, struct ban, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*bans_r)[i] = (struct ban){rows[i].pattern, rows[i].reason, rows[i].created_by, rows[i].created_at};
    return STATUS_OK;
}

/* --- asking --- */

enum status
ban_expressions(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct pattern_set **set_r)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct row_ban_expressions *rows;
    const char **patterns;
    size_t count;
    enum status status = q_ban_expressions(db, scratch, list_id, &rows, &count);

    if (status == STATUS_OK) {
        patterns = mem_array(scratch, const char *, count + 1);
        for (size_t i = 0; i < count; i++)
            patterns[i] = rows[i].pattern;
        *set_r = pattern_set_new(ctx, (struct text_array){patterns, count});
    }
    talloc_free(scratch);
    return status;
}

enum status
ban_find(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct text_array keys, const struct pattern_set *expressions,
         const char **key_r, const char **pattern_r)
{
    struct row_facts_ban *row;
    struct pattern_set *read;
    enum status status = q_facts_ban(db, ctx, list_id, keys, &row);

    *key_r = *pattern_r = NULL;
    if (status == STATUS_OK && row != NULL) {
        *key_r = row->key;
        *pattern_r = row->pattern;
        return STATUS_OK;
    }
    if (status == STATUS_OK && expressions == NULL) {
        status = ban_expressions(db, ctx, list_id, &read);
        expressions = status == STATUS_OK ? read : NULL;
    }
    for (size_t i = 0; status == STATUS_OK && *pattern_r == NULL && i < keys.count; i++) {
        *pattern_r = pattern_set_find(expressions, keys.items[i], (struct text_array){NULL, 0});
        *key_r = *pattern_r != NULL ? keys.items[i] : NULL;
    }
    return status;
}

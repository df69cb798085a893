/* ban.h - who may neither post nor join: an address, a whole @domain or a ^regular expression, on one list, on those of a domain, or
 * on all
 *
 * Addresses and domains are found by the index. Expressions are few and compiled; rule-cache.h keeps them for those who ask
 * often. Bounds: a pattern is at most REGEX_MAX bytes, a reason 500 characters. */
#ifndef KAIRAN_POLICY_BAN_H
#define KAIRAN_POLICY_BAN_H

#include "policy/change.h"
#include "policy/pattern.h"

struct ban { const char *pattern, *reason, *created_by; int64_t created_at; };

/* INVALID: none of the three; CONFLICT: banned already. */
enum status ban_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct rule_place place,
                    const char *pattern, const char *reason, struct fault *fault);
/* NOT_FOUND when it was not banned here. */
enum status ban_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct rule_place place,
                    const char *pattern, struct fault *fault);
enum status ban_list(struct db *db, TALLOC_CTX *ctx, struct rule_place place, struct ban **bans_r, size_t *count_r);
/* At most `most` of those that contain `wanted` ("" for all), behind the pattern `after`. */
enum status ban_page(struct db *db, TALLOC_CTX *ctx, struct rule_place place, const char *wanted, const char *after, int most,
                     struct ban **bans_r, size_t *count_r);

/* Whether one of these keys is banned on the list or everywhere: key_r is that one and pattern_r what bans it, both NULL when
 * none is. `expressions` (may be NULL) spares reading them. */
enum status ban_find(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct text_array keys,
                     const struct pattern_set *expressions, const char **key_r, const char **pattern_r);
/* The expressions that count on a list, compiled. */
enum status ban_expressions(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct pattern_set **set_r);

#endif

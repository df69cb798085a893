/* pattern.h - addresses as owners write them down
 *
 * "hana@example.jp" is compared by its key (mime/address.h), "@example.jp" with the whole domain part, "^.*@example\.(jp|com)$"
 * with the key, letters in either case; "@club@lists.example.jp" stands for the members of another list here.
 *
 * Who asks often, or has thousands of lines, makes a struct pattern_set once: addresses and domains are found by hash, so only
 * regular expressions cost more with their number. Bounds: regex.h for each expression; all of them together end after
 * PATTERN_CPU_US of our time, and what is left then counts as no match. */
#ifndef KAIRAN_POLICY_PATTERN_H
#define KAIRAN_POLICY_PATTERN_H

#include "store/db.h"

enum { PATTERN_CPU_US = 200000 };

/* Whose bans or filters: of one list, of a domain for all its lists, or (neither) of the site. */
struct rule_place { int64_t list_id, domain_id; const char *domain; };

bool pattern_is_valid(const char *pattern);
/* Its one stored form, or NULL when it is none of the four. */
char *pattern_key(TALLOC_CTX *ctx, const char *pattern);
/* "@club@lists.example.jp": the list's address, in its form for comparing, behind the first @; NULL for other patterns. */
const char *pattern_list(const char *pattern);
/* `key` is an address in its form for comparing. What stands for a list matches nobody here. */
bool pattern_matches(const char *pattern, const char *key);
/* The first that matches, or NULL. */
const char *pattern_find(struct text_array patterns, const char *key);

struct pattern_set;                         /* everything in it lives and ends with it */
struct pattern_set *pattern_set_new(TALLOC_CTX *ctx, struct text_array patterns);
/* It was made of these very lines. */
bool pattern_set_is_of(const struct pattern_set *set, struct text_array patterns);
/* The lists that stand in it, as addresses. */
struct text_array pattern_set_lists(const struct pattern_set *set);
/* The line that matches, as written, or NULL. `memberships` names lists that the address is a member of. Addresses win over
 * domains, domains over lists, lists over expressions. */
const char *pattern_set_find(const struct pattern_set *set, const char *key, struct text_array memberships);

#endif

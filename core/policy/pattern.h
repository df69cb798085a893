/* pattern.h - addresses as owners write them down: one address, a whole domain, or a ^regular expression
 *
 * "hana@example.jp" is compared by its key (mime/address.h), "@example.jp" with the whole domain part, "^.*@example\.(jp|com)$"
 * with the key, letters in either case. */
#ifndef KAIRAN_POLICY_PATTERN_H
#define KAIRAN_POLICY_PATTERN_H

#include "store/db.h"

bool pattern_is_valid(const char *pattern);
/* `key` is an address in its form for comparing. */
bool pattern_matches(const char *pattern, const char *key);
/* The first that matches, or NULL. */
const char *pattern_find(struct text_array patterns, const char *key);

#endif

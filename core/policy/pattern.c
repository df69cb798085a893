/* pattern.c - addresses as owners write them down */
#include <string.h>

#include "mime/address.h"
#include "policy/pattern.h"
#include "util/regex.h"
#include "util/str.h"

bool
pattern_is_valid(const char *pattern)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    bool valid;

    if (*pattern == '^')
        valid = regex_new(ctx, pattern, NULL) != NULL;
    else if (*pattern == '@')
        valid = address_domain_ascii(ctx, pattern + 1) != NULL;
    else
        valid = address_key_of(ctx, pattern) != NULL;
    talloc_free(ctx);
    return valid;
}

static bool
domain_matches(TALLOC_CTX *ctx, const char *domain, const char *key)
{
    const char *at = strrchr(key, '@');

    return at != NULL && str_eq(address_domain_ascii(ctx, domain), at + 1);
}

bool
pattern_matches(const char *pattern, const char *key)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct regex *regex;
    bool matches;

    if (*pattern == '^') {
        regex = regex_new(ctx, pattern, NULL);
        matches = regex != NULL && regex_matches(regex, key);
    } else if (*pattern == '@') {
        matches = domain_matches(ctx, pattern + 1, key);
    } else {
        matches = str_eq(address_key_of(ctx, pattern), key);
    }
    talloc_free(ctx);
    return matches;
}

const char *
pattern_find(struct text_array patterns, const char *key)
{
    for (size_t i = 0; i < patterns.count; i++)
        if (pattern_matches(patterns.items[i], key))
            return patterns.items[i];
    return NULL;
}

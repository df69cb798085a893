/* pattern.c - addresses as owners write them down */
#include <ctype.h>
#include <string.h>

#include "mime/address.h"
#include "policy/pattern.h"
#include "util/clock.h"
#include "util/regex.h"
#include "util/str.h"

const char *
pattern_list(const char *pattern)
{
    return *pattern == '@' && strchr(pattern + 1, '@') != NULL ? pattern + 1 : NULL;
}

/* Most lines are plain ASCII and their own key but for the case: thousands of them are read at once. */
static char *
plain_key(TALLOC_CTX *ctx, const char *text)
{
    const char *at = strchr(text, '@');
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-@");

    if (at == NULL || at == text || text[len] != '\0' || strchr(at + 1, '@') != NULL || at - text > ADDRESS_LOCAL_MAX
        || len > ADDRESS_MAX || !isalnum((unsigned char)at[1]) || strpbrk(at + 1, "_+") != NULL || strstr(at, "..") != NULL
        || strstr(at, "xn--") != NULL || !isalnum((unsigned char)text[len - 1]))
        return NULL;
    return str_lower(ctx, text);
}

static char *
address_form(TALLOC_CTX *ctx, const char *text)
{
    char *key = plain_key(ctx, text);

    return key != NULL ? key : address_key_of(ctx, text);
}

char *
pattern_key(TALLOC_CTX *ctx, const char *pattern)
{
    char *text = str_trim(ctx, pattern), *form;

    if (*text == '^')
        return regex_new(text, text, NULL) != NULL ? text : NULL;
    if (*text != '@')
        return address_form(ctx, text);
    form = pattern_list(text) != NULL ? address_key_of(ctx, text + 1) : address_domain_ascii(ctx, text + 1);
    return form == NULL ? NULL : mem_printf(ctx, "@%s", form);
}

bool
pattern_is_valid(const char *pattern)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    bool valid = pattern_key(ctx, pattern) != NULL;

    talloc_free(ctx);
    return valid;
}

static const char *
domain_of(const char *key)
{
    const char *at = strrchr(key, '@');

    return at != NULL ? at : "";
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
        matches = pattern_list(pattern) == NULL && str_eq(pattern_key(ctx, pattern), domain_of(key));
    } else {
        matches = str_eq(address_form(ctx, pattern), key);
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

/* --- many --- */

struct entry { const char *key; uint32_t line; };
struct expression { struct regex *regex; uint32_t line; };

struct pattern_set {
    const char **lines;             /* as written */
    size_t count;
    struct entry *entries;          /* open addressing; a NULL key is a free place */
    size_t room;                    /* a power of two, at least twice the number of entries */
    struct expression *expressions;
    size_t expression_count;
    const char **lists;
    uint32_t *list_lines;
    size_t list_count;
};

/* FNV-1a: the keys are owners' own lines, nobody gains by making them collide. */
static size_t
place_of(const struct pattern_set *set, const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (; *key != '\0'; key++)
        hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
    return (size_t)(hash ^ hash >> 32) & (set->room - 1);
}

static const struct entry *
entry_find(const struct pattern_set *set, const char *key)
{
    size_t place = place_of(set, key);

    while (set->entries[place].key != NULL && !str_eq(set->entries[place].key, key))
        place = (place + 1) & (set->room - 1);
    return &set->entries[place];
}

static void
set_add(struct pattern_set *set, const char *line, uint32_t number)
{
    char *key;
    struct entry *entry;

    if (*line == '^') {
        struct regex *regex = regex_new(set, line, NULL);

        if (regex != NULL)
            set->expressions[set->expression_count++] = (struct expression){regex, number};
        return;
    }
    key = pattern_key(set, line);
    if (key == NULL)
        return;
    if (pattern_list(key) != NULL) {
        set->lists[set->list_count] = key + 1;
        set->list_lines[set->list_count++] = number;
        return;
    }
    entry = (struct entry *)entry_find(set, key);
    if (entry->key == NULL)
        *entry = (struct entry){key, number};
}

struct pattern_set *
pattern_set_new(TALLOC_CTX *ctx, struct text_array patterns)
{
    struct pattern_set *set = mem_new(ctx, struct pattern_set);

    set->count = patterns.count;
    set->lines = mem_array(set, const char *, patterns.count + 1);
    set->expressions = mem_array(set, struct expression, patterns.count + 1);
    set->lists = mem_array(set, const char *, patterns.count + 1);
    set->list_lines = mem_array(set, uint32_t, patterns.count + 1);
    set->room = 16;
    while (set->room < patterns.count * 2)
        set->room *= 2;
    set->entries = mem_array(set, struct entry, set->room);
    for (size_t i = 0; i < patterns.count; i++) {
        set->lines[i] = mem_strdup(set, patterns.items[i]);
        set_add(set, set->lines[i], (uint32_t)i);
    }
    return set;
}

bool
pattern_set_is_of(const struct pattern_set *set, struct text_array patterns)
{
    bool same = set->count == patterns.count;

    for (size_t i = 0; same && i < patterns.count; i++)
        same = str_eq(set->lines[i], patterns.items[i]);
    return same;
}

struct text_array
pattern_set_lists(const struct pattern_set *set)
{
    return (struct text_array){set->lists, set->list_count};
}

static const char *
find_membership(const struct pattern_set *set, struct text_array memberships)
{
    for (size_t i = 0; i < set->list_count; i++)
        for (size_t k = 0; k < memberships.count; k++)
            if (str_eq(set->lists[i], memberships.items[k]))
                return set->lines[set->list_lines[i]];
    return NULL;
}

const char *
pattern_set_find(const struct pattern_set *set, const char *key, struct text_array memberships)
{
    const struct entry *entry = entry_find(set, key);
    const char *found;
    int64_t end;

    if (entry->key == NULL)
        entry = entry_find(set, domain_of(key));
    if (entry->key != NULL)
        return set->lines[entry->line];
    found = find_membership(set, memberships);
    end = clock_cpu_us() + PATTERN_CPU_US;
    for (size_t i = 0; found == NULL && i < set->expression_count; i++) {
        if (regex_matches(set->expressions[i].regex, key))
            found = set->lines[set->expressions[i].line];
        if (i % 64 == 63 && clock_cpu_us() > end)
            break;
    }
    return found;
}

/* rule-cache.h - what deciding about posts costs only once a process: compiled filters, bans and lists of nonmembers
 *
 * Every use asks whether it is still what the database has, or compares the lines themselves: an old answer is never given.
 * Bounds: the last RULE_CACHE_LISTS lists are kept. A cache is one process's and lives in the context given. */
#ifndef KAIRAN_POLICY_RULE_CACHE_H
#define KAIRAN_POLICY_RULE_CACHE_H

#include "policy/filter.h"
#include "policy/pattern.h"

enum { RULE_CACHE_LISTS = 32 };
enum rule_lines { LINES_ACCEPT, LINES_HOLD, LINES_REJECT, LINES_DISCARD, LINES_COUNT };

struct rule_cache;
struct rule_cached {                        /* of one list; good until the cache is asked for another */
    int64_t list_id, filters, filter_sum, bans, ban_sum, used;
    struct filter_set *filter_set;
    struct pattern_set *ban_set, *lines[LINES_COUNT];
};

struct rule_cache *rule_cache_new(TALLOC_CTX *ctx);
/* One statement where nothing changed. */
enum status rule_cache_get(struct db *db, struct rule_cache *cache, int64_t list_id, struct rule_cached **cached_r);
const struct pattern_set *rule_cache_lines(struct rule_cached *cached, enum rule_lines which, struct text_array lines);

#endif

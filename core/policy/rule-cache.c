/* rule-cache.c - compiled filters, bans and lists of nonmembers, kept for a while */
#include "policy/ban.h"
#include "policy/rule-cache.h"
#include "store/statements.h"

struct rule_cache {
    struct rule_cached *rows[RULE_CACHE_LISTS];
    int64_t turn;
};

struct rule_cache *
rule_cache_new(TALLOC_CTX *ctx)
{
    return mem_new(ctx, struct rule_cache);
}

/* The list's, or a new one in the place of the one that was not used for longest. */
static struct rule_cached *
row_for(struct rule_cache *cache, int64_t list_id)
{
    size_t oldest = 0;

    for (size_t i = 0; i < RULE_CACHE_LISTS; i++) {
        if (cache->rows[i] != NULL && cache->rows[i]->list_id == list_id)
            return cache->rows[i];
        if (cache->rows[i] == NULL || (cache->rows[oldest] != NULL && cache->rows[i]->used < cache->rows[oldest]->used))
            oldest = i;
    }
    talloc_free(cache->rows[oldest]);
    cache->rows[oldest] = mem_new(cache, struct rule_cached);
    cache->rows[oldest]->list_id = list_id;
    return cache->rows[oldest];
}

enum status
rule_cache_get(struct db *db, struct rule_cache *cache, int64_t list_id, struct rule_cached **cached_r)
{
    struct rule_cached *row = *cached_r = row_for(cache, list_id);
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct row_filter_stamp *stamp;
    enum status status = q_filter_stamp(db, scratch, list_id, &stamp);

    row->used = ++cache->turn;
    if (status == STATUS_OK
        && (row->filter_set == NULL || stamp->filters != row->filters || stamp->filter_sum != row->filter_sum)) {
        TALLOC_FREE(row->filter_set);
        status = filter_set_load(db, row, (struct rule_place){.list_id = list_id}, &row->filter_set);
        row->filters = stamp->filters;
        row->filter_sum = stamp->filter_sum;
    }
    if (status == STATUS_OK && (row->ban_set == NULL || stamp->bans != row->bans || stamp->ban_sum != row->ban_sum)) {
        TALLOC_FREE(row->ban_set);
        status = ban_expressions(db, row, list_id, &row->ban_set);
        row->bans = stamp->bans;
        row->ban_sum = stamp->ban_sum;
    }
    talloc_free(scratch);
    return status;
}

const struct pattern_set *
rule_cache_lines(struct rule_cached *cached, enum rule_lines which, struct text_array lines)
{
    struct pattern_set **set = &cached->lines[which];

    if (*set != NULL && !pattern_set_is_of(*set, lines))
        TALLOC_FREE(*set);
    if (*set == NULL)
        *set = pattern_set_new(cached, lines);
    return *set;
}

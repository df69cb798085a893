/* search.h - finding posts
 *
 * Newest first. A question is asked of a stretch of time at a time, from new to old, by marks in the index: first of a short one, which
 * fills a page with what is common, then of stretches as long as what was found makes them need to be, for those that are counted. So
 * what is common is found at once and nothing older than is counted is touched, and what is rare is found after
 * three or four questions. Where the index alone cannot tell, the hit is proved on its folded text.
 *
 * The scope says which lists may be read: nothing of others is found, counted or looked at. Ranks and counts by year and author are
 * made of the newest 5,000 hits. Bounds: 20,000 posts are proved; what is older is left, and is_cut says so.
 * Memory: results live in ctx. */
#ifndef KAIRAN_ARCHIVE_SEARCH_H
#define KAIRAN_ARCHIVE_SEARCH_H

#include "archive/search-query.h"
#include "store/db.h"

enum { SEARCH_COUNT_MOST = 1000, SEARCH_RANK_MOST = 5000, SEARCH_PROVED_MOST = 20000 };

struct search_scope {
    struct int_array lists;             /* that may be read, sorted */
    struct int_array belongs;           /* those of them whose members' addresses are shown, sorted */
    int64_t posts, everywhere;          /* of these lists and, about, of all; everywhere 0: not known */
    int64_t oldest_us, newest_us;
};
/* Everything that somebody (0: a guest) may read on a host. */
enum status search_scope_of(struct db *db, TALLOC_CTX *ctx, const char *host, int64_t user_id, bool is_admin,
                            struct search_scope *scope_r);
/* One list that may be read. */
enum status search_scope_list(struct db *db, TALLOC_CTX *ctx, int64_t list_id, bool belongs, struct search_scope *scope_r);
/* All lists, for the operator. */
enum status search_scope_all(struct db *db, TALLOC_CTX *ctx, struct search_scope *scope_r);
/* Of a scope the lists that are wanted, too; none of them: nothing will be found. */
enum status search_scope_narrow(struct db *db, TALLOC_CTX *ctx, struct search_scope *scope, struct int_array wanted);
/* Whether addresses in posts of a list are shown. */
bool search_scope_belongs(const struct search_scope *scope, int64_t list_id);

/* What the query says of lists by name gets their ids, as far as the scope has them. */
enum status search_name_lists(struct db *db, TALLOC_CTX *ctx, const struct search_scope *scope, struct query *query);

struct search_key { int64_t at_us, post_id; };      /* what stands behind it; all 0: from the newest */
struct search_hit { int64_t post_id, list_id, at_us; int score; };
struct search_found {
    struct search_hit *hits;
    size_t count;
    int64_t total;              /* as far as was counted */
    int64_t about;              /* when there are more: how many there may be; else 0 */
    bool is_cut;                /* there may be more, older than `last` */
    struct search_key last;     /* the oldest that was looked at */
};

/* At most `shown` hits behind a place, counted up to `counted`. */
enum status search_newest(struct db *db, TALLOC_CTX *ctx, const struct search_scope *scope, const struct query *query,
                          struct search_key before, size_t shown, size_t counted, struct search_found *found_r);
/* The newest SEARCH_RANK_MOST hits, the best first. */
enum status search_best(struct db *db, TALLOC_CTX *ctx, const struct search_scope *scope, const struct query *query,
                        struct search_found *found_r);

#endif

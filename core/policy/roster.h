/* roster.h - who is on a list, a page at a time
 *
 * Pages of 50 by key: where to go on is a member, never a number of rows to step over, so that each page costs the same. Sorted by
 * address, name, joined or last bounce, either way; or searched for addresses and names that begin with a text (addresses first,
 * in their order, then names in theirs); or filtered. Searching and filtering go forward only and have their own order.
 *
 * Whoever may only see the roster (RIGHT_ROSTER) and does not moderate gets it through roster_hide(): names, and addresses of those who
 * do not hide them; a guest gets no address at all.
 *
 * Memory: in ctx. */
#ifndef KAIRAN_POLICY_ROSTER_H
#define KAIRAN_POLICY_ROSTER_H

#include "policy/right.h"
#include "store/db.h"

enum { ROSTER_PAGE = 50, ROSTER_EXACT = 1000 };

enum roster_sort { ROSTER_BY_ADDRESS, ROSTER_BY_NAME, ROSTER_BY_JOINED, ROSTER_BY_BOUNCE, ROSTER_SORTS };
const char *roster_sort_word(enum roster_sort sort);                    /* "address" */
enum roster_sort roster_sort_of(const char *word);                      /* BY_ADDRESS for an unknown one */

struct roster_query {
    int64_t list_id;
    const char *role;
    enum roster_sort sort;
    bool is_backward;           /* this order turned round */
    int64_t after, before;      /* the member behind, or in front of whom the page is; 0: from the beginning */
    bool is_last;               /* the last page */
    const char *search;         /* NULL or "": none */
    bool names;                 /* of a search: `after` was found by its name */
    const char *filter;         /* NULL, or a row of roster_filters() */
};

struct roster_row {
    int64_t id;
    const char *email, *name, *delivery_status, *delivery_mode, *moderation_action;
    bool hide_address, is_verified;
    int64_t joined_at, last_bounce_at;
    bool by_name;               /* found by its name */
};

struct roster {
    struct roster_row *rows;
    size_t count;
    bool has_more, has_less;    /* there are rows behind, or in front */
};

/* Delivery stopped by somebody, digests, a moderation of their own: words and labels, ended by NULL. */
struct roster_filter { const char *word, *label; };
const struct roster_filter *roster_filters(void);

enum status roster_read(struct db *db, TALLOC_CTX *ctx, const struct roster_query *query, struct roster *roster_r);

/* How many there are: exact up to ROSTER_EXACT; above, is_about, and members is 0 when nobody has counted yet. */
struct roster_count { int64_t members; bool is_about; };
enum status roster_count(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *role, struct roster_count *count_r);
enum status roster_count_found(struct db *db, TALLOC_CTX *ctx, const struct roster_query *query, struct roster_count *count_r);
/* A number that is only about right, as people say it: 99,990 is 100,000. */
int64_t roster_round(int64_t members);
/* What to say where `counted` of them were counted, one beyond ROSTER_EXACT at most, and `tally` were there some time ago. */
struct roster_count roster_count_of(int64_t counted, int64_t tally);

/* Whether nothing is hidden from this standing: owners, and moderators whatever their rights. */
bool roster_sees_all(const struct standing *standing);
/* Takes from a row what somebody with this standing may not see. */
void roster_hide(TALLOC_CTX *ctx, const struct standing *standing, struct roster_row *row);

#endif

/* list-filter.h - which of many lists: by settings, state, domain, a part of the address
 *
 * Written as terms joined by " and ":
 *     NAME=VALUE NAME!=VALUE NAME~TEXT NAME<NUMBER NAME>NUMBER      what counts on the list, wherever it is set
 *     own:NAME                                                      the list itself has a value for it
 *     domain=DOMAIN  address~TEXT                                   where, and what its address or name holds
 *     no-owner  silent  held                                        nobody owns it; no post for a year; posts held over 7 days */
#ifndef KAIRAN_POLICY_LIST_FILTER_H
#define KAIRAN_POLICY_LIST_FILTER_H

#include "policy/setting.h"

enum { LIST_FILTER_TERMS = 20 };

struct list_filter {
    int64_t user_id;                    /* lists of domains that this account owns; 0: all */
    struct int_array ids;               /* these alone; count 0 for all */
    const char *address, *domain, *own; /* NULL for any */
    bool no_owner, is_silent, is_held;
    const char *names[LIST_FILTER_TERMS], *signs[LIST_FILTER_TERMS], *values[LIST_FILTER_TERMS], *defaults[LIST_FILTER_TERMS];
    size_t count;                       /* of terms about settings */
};

/* INVALID with a sentence that names the term. NULL or "" takes all lists. */
enum status list_filter_read(TALLOC_CTX *ctx, const char *text, struct list_filter *filter_r, struct fault *fault);
/* One more term; sign is one of = != ~ < >. */
enum status list_filter_add(TALLOC_CTX *ctx, struct list_filter *filter, const char *name, const char *sign, const char *value,
                            struct fault *fault);
/* The filter as list_filter_read() takes it; "" for all lists. */
char *list_filter_text(TALLOC_CTX *ctx, const struct list_filter *filter);

struct list_found {
    int64_t id, members, owners, held;              /* of each no more than `counted` */
    int64_t tally;                                  /* members some time ago; 0 where nobody counted */
    int64_t posts, last_at, created_at;             /* last_at: of its newest post, 0 for none */
    int64_t key;                                    /* its place in the order asked for */
    const char *name, *domain, *address, *title;
    const char *own, *value;            /* of the setting that was asked for: set on the list itself (or NULL), and what counts */
};
/* At most `most`, after this list (NULL domain: from the first), sorted by domain and name, or before that by `sort`: one of
 * list_filter_sorts(), the largest or newest first with is_down; by members as far as somebody counted. `shown` names a setting, or is NULL.
 * Members, owners and held messages are counted as far as `counted` and no further: a page need not go through 100,000 members. */
struct list_filter_page { const char *after_domain, *after_name; int64_t most, counted; const char *sort; bool is_down; int64_t after_key; };
const char *const *list_filter_sorts(void);             /* "members", "held" ...; ended by NULL */
enum status list_filter_find(struct db *db, TALLOC_CTX *ctx, const struct list_filter *filter, const char *shown,
                             const struct list_filter_page *page, struct list_found **lists_r, size_t *count_r);

#endif

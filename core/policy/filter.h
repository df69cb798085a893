/* filter.h - header filters: what a field of a post decides, in order, before anybody's rights are looked at
 *
 * A filter has one to three conditions, all of which must be met, and says what becomes of the post. A condition looks into a field
 * by its name, into any field (":any"), into the text (":text"), at the size (":size", KiB it must exceed) or at the spam score
 * (":spam", the score it must reach). Fields are those of the message and of every part inside it, decoded; letters match in
 * either case. The site's filters come first, then the domain's, then the list's; the first that is met wins.
 *
 * Bounds: 500 filters of a list; of a message 1,000 fields, of a field 8 KiB, of the text 16 KiB. regex.h bounds each match; a
 * filter that uses more than FILTER_CPU_US on one message, or all together FILTERS_CPU_US, is stopped and named in `costly`: the
 * post is then held, as nobody knows what the filter would have said.
 * Sources: mailman3-features 1.6. */
#ifndef KAIRAN_POLICY_FILTER_H
#define KAIRAN_POLICY_FILTER_H

#include "mime/part.h"
#include "policy/pattern.h"
#include "policy/setting.h"

enum { FILTER_CONDITIONS_MAX = 3, FILTERS_MAX = 500, FILTER_CPU_US = 50000, FILTERS_CPU_US = 500000 };

struct filter {
    int64_t id;                             /* 0: not stored yet */
    struct rule_place place;
    const char *fields[FILTER_CONDITIONS_MAX], *patterns[FILTER_CONDITIONS_MAX];
    size_t count;
    enum post_action action;                /* accept, hold, reject, discard */
    const char *reject_text, *note;
    int64_t hits, last_hit_at, costly, changed_at;
    const char *changed_by;
};

/* The table allows more conditions than this release makes. */
static inline size_t
filter_row_count(size_t count)
{
    return count < FILTER_CONDITIONS_MAX ? count : FILTER_CONDITIONS_MAX;
}

/* --- keeping --- */

/* Brings what a person typed into its stored form. INVALID: fault->field is "field1".."pattern3", "action" or "reject_text". */
enum status filter_check(TALLOC_CTX *ctx, struct filter *filter, struct fault *fault);
/* Those of one place, in their order. */
enum status filter_list(struct db *db, TALLOC_CTX *ctx, struct rule_place place, struct filter **filters_r, size_t *count_r);
enum status filter_one(struct db *db, TALLOC_CTX *ctx, struct rule_place place, int64_t id, struct filter **filter_r);
/* At the end of the order. Checks as well; TOO_MANY beyond FILTERS_MAX. */
enum status filter_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct filter *filter, struct fault *fault);
enum status filter_change(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct filter *filter, struct fault *fault);
enum status filter_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct rule_place place, int64_t id);
/* To a number (1 is the first) in its place's order; beyond the end is the end. */
enum status filter_move(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct rule_place place, int64_t id, int number);

/* "Subject: ^\[spam\]" and the other conditions, for people. */
char *filter_words(TALLOC_CTX *ctx, const struct filter *filter);

/* --- asking --- */

struct filter_set;                          /* compiled */
/* Of filters that filter_check() passed; what no longer compiles is left out. */
struct filter_set *filter_set_new(TALLOC_CTX *ctx, const struct filter *filters, size_t count);
/* All that are asked at a place: of a list the site's, its domain's and its own. */
enum status filter_set_load(struct db *db, TALLOC_CTX *ctx, struct rule_place place, struct filter_set **set_r);
size_t filter_set_count(const struct filter_set *set);

struct filter_input {
    const struct message *message;
    const char *text;
    size_t size;
    bool has_score;
    int score_tenths;
};
struct filter_answer {
    const struct filter *filter;            /* that was met, or NULL; lives with the set */
    const struct filter *costly;            /* that was stopped before any was met, or NULL */
    const char *found[FILTER_CONDITIONS_MAX];   /* the value in which each condition was met; lives in ctx */
};
struct filter_answer filter_set_ask(TALLOC_CTX *ctx, const struct filter_set *set, const struct filter_input *input);

#endif

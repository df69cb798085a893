/* search.c - finding posts */
#include <stdlib.h>
#include <string.h>

#include "archive/search.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

/* STRETCH_POSTS: about so many posts lie in the first stretch of time. The next is as long as wanted by what was found, at most
 * STRETCH_GROWS times as long and at least a part in STRETCH_SHRINKS. LISTS_WORK: the index of words is asked for lists while they times
 * their posts are no more, as it asks each list about each post, and where they are less than LISTS_SHARE percent of all; else a hit's row
 * tells its list. UNMARKED_SHARE: of a stretch that is longer than this share of all time, marks are not asked for where no more than
 * UNMARKED_HITS are expected in all. PROVED_TIMES: so often one stretch is asked for texts to prove. COUNTED_OVER: at most so many times
 * what is wanted is counted. */
enum { STRETCH_POSTS = 200, STRETCH_GROWS = 64, STRETCH_SHRINKS = 16, LISTS_WORK = 100 * 1000, LISTS_SHARE = 25, MARKS_MOST = 5,
       UNMARKED_SHARE = 16, UNMARKED_HITS = 1000, PROVED_AT_ONCE = 200, PROVED_TIMES = 4, COUNTED_OVER = 3, NAMED_MOST = 2000,
       RANKED_AT_ONCE = 1000, RANKED_LETTERS = 4000, ALL_LETTERS = 1 << 30 };
#define FOREVER_US (INT64_C(7258118400) * US_PER_S)      /* 2200 */
#define LEAST_US ((INT64_C(1) << SEARCH_LEVELS[0]) * US_PER_S)

/* ---- scopes ---- */

static struct int_array
copied(TALLOC_CTX *ctx, struct int_array ids)
{
    int64_t *items = mem_array(ctx, int64_t, ids.count + 1);

    if (ids.count > 0)
        memcpy(items, ids.items, ids.count * sizeof(*items));
    return (struct int_array){items, ids.count};
}

enum status
search_scope_of(struct db *db, TALLOC_CTX *ctx, const char *host, int64_t user_id, bool is_admin, struct search_scope *scope_r)
{
    struct row_search_scope *row;
    enum status status = q_search_scope(db, ctx, host, user_id, is_admin, &row);

    if (status == STATUS_OK)
        *scope_r = (struct search_scope){row->lists, row->belongs, row->posts, row->everywhere, row->oldest, row->newest};
    return status;
}

enum status
search_scope_list(struct db *db, TALLOC_CTX *ctx, int64_t list_id, bool belongs, struct search_scope *scope_r)
{
    struct row_search_extent_of *row;
    struct int_array one = copied(ctx, (struct int_array){&list_id, 1});
    enum status status = q_search_extent_of(db, ctx, list_id, &row);

    if (status != STATUS_OK)
        return status;
    if (row == NULL)
        return STATUS_NOT_FOUND;
    *scope_r = (struct search_scope){one, {one.items, belongs ? 1 : 0}, row->posts, row->everywhere, row->oldest, row->newest};
    return STATUS_OK;
}

enum status
search_scope_all(struct db *db, TALLOC_CTX *ctx, struct search_scope *scope_r)
{
    struct row_search_lists_all *row;
    enum status status = q_search_lists_all(db, ctx, &row);

    if (status == STATUS_OK)
        *scope_r = (struct search_scope){row->lists, row->lists, row->posts, row->everywhere, row->oldest, row->newest};
    return status;
}

bool
search_scope_belongs(const struct search_scope *scope, int64_t list_id)
{
    struct int_array sorted = scope->belongs;
    size_t low = 0, high = sorted.count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (sorted.items[middle] == list_id)
            return true;
        if (sorted.items[middle] < list_id)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static struct int_array
both(TALLOC_CTX *ctx, struct int_array sorted, struct int_array wanted)
{
    int64_t *items = mem_array(ctx, int64_t, sorted.count + 1);
    size_t count = 0;

    for (size_t i = 0; i < sorted.count; i++) {
        bool is_wanted = false;

        for (size_t k = 0; k < wanted.count && !is_wanted; k++)
            is_wanted = wanted.items[k] == sorted.items[i];
        if (is_wanted)
            items[count++] = sorted.items[i];
    }
    return (struct int_array){items, count};
}

enum status
search_scope_narrow(struct db *db, TALLOC_CTX *ctx, struct search_scope *scope, struct int_array wanted)
{
    struct row_search_extent_together *row;
    enum status status;

    scope->lists = both(ctx, scope->lists, wanted);
    scope->belongs = both(ctx, scope->belongs, wanted);
    status = q_search_extent_together(db, ctx, scope->lists, &row);
    if (status != STATUS_OK)
        return status;
    scope->posts = row->posts;
    scope->oldest_us = row->oldest;
    scope->newest_us = row->newest;
    return STATUS_OK;
}

enum status
search_name_lists(struct db *db, TALLOC_CTX *ctx, const struct search_scope *scope, struct query *query)
{
    struct row_search_list_names *rows;
    struct query_list *lists;
    size_t count;
    enum status status;

    if (!query_has_lists(query))
        return STATUS_OK;
    status = q_search_list_names(db, ctx, scope->lists, &rows, &count);
    if (status != STATUS_OK)
        return status;
    lists = mem_array(ctx, struct query_list, count + 1);
    for (size_t i = 0; i < count; i++)
        lists[i] = (struct query_list){rows[i].name, rows[i].domain, rows[i].id};
    query_name_lists(query, lists, count);
    return STATUS_OK;
}

/* ---- stretches of time ---- */

struct walk {
    struct db *db;
    TALLOC_CTX *ctx;
    const struct search_scope *scope;
    const struct query *query;
    const char *question;       /* of the query alone */
    bool is_exact, is_ranked;
    bool is_over;               /* the present stretch holds too much: a shorter one is asked instead */
    struct search_key before;   /* what comes next stands behind this */
    int64_t from_us, stretch_us;
    int64_t over_us;            /* from here on there was too much; 0: not known */
    size_t shown, counted, proved;
    struct search_found *found;
};

/* What the index brought so far: of what it cannot tell, the hits that were proved are the fewest. */
static int64_t
looked_at(const struct walk *walk)
{
    return (int64_t)walk->proved > walk->found->total ? (int64_t)walk->proved : walk->found->total;
}

/* One that cannot be shorter is looked at whatever it holds. */
static bool
is_least(const struct walk *walk)
{
    return walk->stretch_us <= LEAST_US;
}

/* Whether marks would say little: of so long a stretch, of words that were found so seldom that all of their posts may be looked at. What
 * leaves words out ("!") is asked of a time. */
static bool
is_unmarked(const struct walk *walk, int64_t since_us)
{
    double span = (double)(walk->scope->newest_us - walk->scope->oldest_us), seen = (double)(walk->scope->newest_us - walk->before.at_us);
    double met = (double)looked_at(walk);

    if (*walk->question == '\0' || strchr(walk->question, '!') != NULL)
        return false;
    return (double)(walk->before.at_us - since_us) * UNMARKED_SHARE >= span && met * span <= seen * UNMARKED_HITS;
}

/* The marks of the times from since_us to the walk's place; since_r is where to begin then. Few marks, as each is looked up about each
 * hit: of the coarsest level that is no longer than the stretch, and where that makes many, of the next. NULL: none. */
static char *
times(const struct walk *walk, int64_t since_us, int64_t *since_r)
{
    int64_t from = since_us / US_PER_S, until = walk->before.at_us / US_PER_S;
    const int *level = SEARCH_LEVELS;
    struct str *out = str_new(walk->ctx);

    *since_r = since_us;
    if (is_unmarked(walk, since_us))
        return NULL;
    while (level[1] != 0 && INT64_C(1) << level[1] <= until - from)
        level++;
    if (level[1] != 0 && (until >> *level) - (from >> *level) >= MARKS_MOST)
        level++;
    else
        *since_r = ((from >> *level) << *level) * US_PER_S;
    for (int64_t i = from >> *level; i <= until >> *level; i++)
        str_addf(out, "%s'B%d.%lld'", out->len > 0 ? " | " : "", *level, (long long)i);
    return out->s;
}

static bool
asks_lists(const struct search_scope *scope)
{
    if (scope->everywhere > 0 && scope->posts * 100 >= scope->everywhere * LISTS_SHARE)
        return false;
    return scope->lists.count == 1 || scope->posts * (int64_t)scope->lists.count <= LISTS_WORK;
}

/* Those that the rows are asked for: none where the index was. */
static struct int_array
lists_of_rows(const struct walk *walk)
{
    return asks_lists(walk->scope) ? (struct int_array){NULL, 0} : walk->scope->lists;
}

/* "lists & times & question" */
static char *
question_for(const struct walk *walk, const char *marks)
{
    struct int_array lists = walk->scope->lists;
    struct str *out = str_new(walk->ctx);

    for (size_t i = 0; i < lists.count && asks_lists(walk->scope); i++)
        str_addf(out, "%s'L%lld'%s", i == 0 ? "(" : " | ", (long long)lists.items[i], i + 1 == lists.count ? ")" : "");
    if (marks != NULL)
        str_addf(out, "%s(%s)", out->len > 0 ? " & " : "", marks);
    if (*walk->question != '\0')
        str_addf(out, "%s%s", out->len > 0 ? " & " : "", walk->question);
    return out->s;
}

static void
add_hit(struct walk *walk, struct search_hit hit)
{
    if (walk->found->count < walk->shown)
        walk->found->hits[walk->found->count++] = hit;
    walk->found->last = (struct search_key){hit.at_us, hit.post_id};
}

/* Enough are named: the others are only counted, from the end of the last stretch on. */
static enum status
count_more(struct walk *walk, const char *question, int64_t since_us)
{
    int64_t wanted = (int64_t)walk->counted - walk->found->total;
    struct row_search_count *row;
    enum status status = q_search_count(walk->db, walk->ctx, question, lists_of_rows(walk), walk->before.at_us, since_us,
                                        wanted * COUNTED_OVER, &row);

    if (status == STATUS_OK && row->total > 0) {
        walk->found->total += row->total;
        walk->found->last = (struct search_key){since_us, 0};
    }
    return status;
}

/* How many hits of a stretch are looked at to name the newest. Where posts are many behind a time without any, a stretch can hold far more
 * than was wanted. */
static int64_t
named_most(const struct walk *walk)
{
    return is_least(walk) ? INT32_MAX : NAMED_MOST + COUNTED_OVER * ((int64_t)walk->counted - walk->found->total);
}

/* The index tells all: the first that are found are named. */
static enum status
name_hits(struct walk *walk, const char *question, int64_t since_us)
{
    struct search_found *found = walk->found;
    size_t room = walk->shown - found->count;
    int64_t most = named_most(walk);
    struct row_search_hits *rows;
    size_t count;
    enum status status = q_search_hits(walk->db, walk->ctx, question, lists_of_rows(walk), walk->before.at_us, walk->before.post_id, since_us,
                                       most, (int64_t)room, &rows, &count);

    if (status != STATUS_OK || count == 0)
        return status;
    walk->is_over = rows[0].total >= most;
    if (walk->is_over)
        return STATUS_OK;
    for (size_t i = 0; i < count && i < room; i++)
        add_hit(walk, (struct search_hit){rows[i].post_id, rows[i].list_id, rows[i].at, 0});
    found->total += rows[0].total;
    if (rows[0].last_at < found->last.at_us || found->last.at_us == 0)
        found->last = (struct search_key){rows[0].last_at, 0};
    return STATUS_OK;
}

static void
take(struct walk *walk, const struct row_search_candidates *row)
{
    struct query_candidate candidate = {row->folded, row->at, row->list_id, search_scope_belongs(walk->scope, row->list_id)};
    struct search_hit hit = {row->post_id, row->list_id, row->at, 0};

    walk->proved++;
    if (!walk->is_exact && !query_meets(walk->query, &candidate)) {
        walk->found->last = (struct search_key){row->at, row->post_id};
        return;
    }
    if (walk->is_ranked)
        hit.score = query_score(walk->query, &candidate);
    add_hit(walk, hit);
    walk->found->total++;
}

/* Of how many hits the text is read together; none where the index tells all. */
static size_t
read_at_once(const struct walk *walk)
{
    return walk->is_ranked ? RANKED_AT_ONCE : walk->is_exact ? 0 : PROVED_AT_ONCE;
}

/* Hits are proved, or weighed, some at a time. Each time the index is asked for all of the stretch: of one that holds far more than was
 * thought a shorter part is asked next, behind what was looked at. */
static enum status
prove_hits(struct walk *walk, const char *question, int64_t since_us)
{
    size_t at_once = read_at_once(walk), count = at_once, times = 0;
    int letters = walk->is_exact ? RANKED_LETTERS : ALL_LETTERS;
    struct search_key key = walk->before;

    while (count == at_once && (size_t)walk->found->total < walk->counted && walk->proved < SEARCH_PROVED_MOST) {
        TALLOC_CTX *scratch = talloc_new(walk->ctx);
        struct row_search_candidates *rows;
        enum status status = q_search_candidates(walk->db, scratch, question, lists_of_rows(walk), key.at_us, key.post_id, since_us,
                                                 (int64_t)at_once, letters, &rows, &count);

        for (size_t i = 0; status == STATUS_OK && i < count && (size_t)walk->found->total < walk->counted; i++) {
            take(walk, &rows[i]);
            key = (struct search_key){rows[i].at, rows[i].post_id};
        }
        talloc_free(scratch);
        if (status != STATUS_OK)
            return status;
        walk->is_over = ++times == PROVED_TIMES && count == at_once && !is_least(walk);
        if (walk->is_over)
            break;
    }
    if (walk->is_over)
        walk->before = key;
    walk->found->is_cut = walk->proved >= SEARCH_PROVED_MOST;
    return STATUS_OK;
}

static bool
is_enough(const struct walk *walk)
{
    return (size_t)walk->found->total >= walk->counted || walk->found->is_cut;
}

/* From what a stretch of some length brought: how long the next should be. */
static int64_t
next_stretch(const struct walk *walk, int64_t length, int64_t brought)
{
    double wanted = (double)((int64_t)walk->counted - walk->found->total), grows = STRETCH_GROWS;
    double spare = brought < 30 ? 1.6 : brought < 300 ? 1.25 : 1.1;     /* the fewer, the more by chance */
    double most = 2 * (double)read_at_once(walk);       /* the index is asked again for each time that texts are read */

    if (most > 0 && wanted > most)
        wanted = most;
    if (brought > 0 && wanted * spare / (double)brought < grows)
        grows = wanted * spare / (double)brought;
    if (grows < 1.0 / STRETCH_SHRINKS)
        grows = 1.0 / STRETCH_SHRINKS;
    return (double)length * grows > (double)FOREVER_US ? FOREVER_US : (int64_t)((double)length * grows);
}

/* Where the present stretch begins. Behind a time without posts, what was too much lies: of the way there half at a time. */
static int64_t
begin_stretch(struct walk *walk)
{
    int64_t since_us = walk->before.at_us - walk->stretch_us, half = (walk->before.at_us - walk->over_us) / 2;

    if (looked_at(walk) > 0 || half < LEAST_US)
        walk->over_us = 0;
    if (walk->over_us != 0 && since_us < walk->before.at_us - half)
        return walk->before.at_us - half;
    return since_us;
}

static enum status
walk_back(struct walk *walk)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && !is_enough(walk) && walk->before.at_us > walk->from_us) {
        int64_t since_us = begin_stretch(walk), before = looked_at(walk);
        char *marks = times(walk, since_us > walk->from_us ? since_us : walk->from_us, &since_us);
        char *question = question_for(walk, marks);

        if (since_us < walk->query->from_us)
            since_us = walk->query->from_us;
        walk->is_over = false;
        if (read_at_once(walk) > 0)
            status = prove_hits(walk, question, since_us);
        else
            status = walk->found->count < walk->shown ? name_hits(walk, question, since_us) : count_more(walk, question, since_us);
        if (walk->is_over) {
            walk->over_us = since_us;
            walk->stretch_us = (walk->before.at_us - since_us) / STRETCH_SHRINKS;
            if (walk->stretch_us < LEAST_US)
                walk->stretch_us = LEAST_US;
            continue;
        }
        walk->stretch_us = next_stretch(walk, walk->before.at_us - since_us, looked_at(walk) - before);
        walk->before = (struct search_key){since_us, 0};
    }
    return status;
}

/* To plan a question costs more than to answer it, and there is one good plan: the index of words, as each stretch is short for what
 * is common. */
static enum status
walk_planned(struct walk *walk)
{
    bool is_own = !db_in_transaction(walk->db);
    struct row_search_plan *plan;
    enum status status = is_own ? db_begin(walk->db) : STATUS_OK;

    if (status == STATUS_OK)
        status = q_search_plan(walk->db, walk->ctx, &plan);
    if (status == STATUS_OK)
        status = walk_back(walk);
    if (is_own && status == STATUS_OK)
        status = db_commit(walk->db);
    else if (is_own)
        db_rollback(walk->db);
    return status;
}

static enum query_belonging
belonging(const struct search_scope *scope)
{
    return scope->belongs.count == 0 ? BELONGS_NOWHERE : scope->belongs.count == scope->lists.count ? BELONGS_EVERYWHERE : BELONGS_TO_SOME;
}

static int64_t
first_stretch(const struct search_scope *scope)
{
    int64_t span = scope->newest_us - scope->oldest_us;
    int64_t stretch = scope->posts > STRETCH_POSTS ? span / (scope->posts / STRETCH_POSTS) : span;

    return stretch > LEAST_US ? stretch : LEAST_US;
}

/* As many again as time goes back behind the oldest that was counted. */
static void
guess_total(const struct walk *walk, int64_t newest_us)
{
    int64_t seen = newest_us - walk->found->last.at_us, rest = walk->found->last.at_us - walk->from_us;

    if ((size_t)walk->found->total < walk->counted)
        return;
    if (seen < US_PER_S)
        seen = US_PER_S;
    walk->found->about = walk->found->total + (rest > 0 ? (int64_t)((double)walk->found->total * (double)rest / (double)seen) : 0);
    if (walk->found->about > walk->scope->posts)
        walk->found->about = walk->scope->posts;
    walk->found->total = (int64_t)walk->counted;
}

static enum status
search(struct walk *walk, struct search_key before)
{
    const struct search_scope *scope = walk->scope;
    int64_t until_us = walk->query->until_us < FOREVER_US ? walk->query->until_us : FOREVER_US, newest_us;
    enum status status;

    walk->question = query_question(walk->ctx, walk->query, belonging(scope), &walk->is_exact);
    if (walk->question == NULL || scope->lists.count == 0 || scope->newest_us == 0)
        return STATUS_OK;
    walk->from_us = walk->query->from_us > scope->oldest_us ? walk->query->from_us : scope->oldest_us;
    newest_us = until_us < scope->newest_us + 1 ? until_us : scope->newest_us + 1;
    walk->before = (struct search_key){newest_us, 0};
    if (before.at_us != 0 && before.at_us < newest_us)
        walk->before = before;
    if (walk->before.at_us == walk->from_us)        /* posts of that very moment are left */
        walk->from_us--;
    walk->stretch_us = first_stretch(scope);
    status = walk_planned(walk);
    guess_total(walk, newest_us);
    return status;
}

static struct walk
walk_of(struct db *db, TALLOC_CTX *ctx, const struct search_scope *scope, const struct query *query, size_t shown, size_t counted,
        struct search_found *found)
{
    *found = (struct search_found){.hits = mem_array(ctx, struct search_hit, shown + 1)};
    return (struct walk){.db = db, .ctx = talloc_new(ctx), .scope = scope, .query = query, .shown = shown, .counted = counted,
                         .found = found};
}

enum status
search_newest(struct db *db, TALLOC_CTX *ctx, const struct search_scope *scope, const struct query *query, struct search_key before,
              size_t shown, size_t counted, struct search_found *found_r)
{
    struct walk walk = walk_of(db, ctx, scope, query, shown, counted, found_r);
    enum status status = search(&walk, before);

    talloc_free(walk.ctx);
    return status;
}

/* The better first; of equals the newer. */
static int
compare_hits(const void *one, const void *two)
{
    const struct search_hit *a = one, *b = two;

    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->at_us != b->at_us)
        return a->at_us > b->at_us ? -1 : 1;
    return a->post_id > b->post_id ? -1 : a->post_id < b->post_id;
}

enum status
search_best(struct db *db, TALLOC_CTX *ctx, const struct search_scope *scope, const struct query *query, struct search_found *found_r)
{
    struct walk walk = walk_of(db, ctx, scope, query, SEARCH_RANK_MOST, SEARCH_RANK_MOST, found_r);
    enum status status;

    walk.is_ranked = true;
    status = search(&walk, (struct search_key){0, 0});
    qsort(found_r->hits, found_r->count, sizeof(*found_r->hits), compare_hits);
    talloc_free(walk.ctx);
    return status;
}

/* thread-loose.c - where messages belong that answer nothing that is here */
#include <stdlib.h>

#include "archive/thread-private.h"
#include "util/str.h"

/* For each node the one above all; after cut_circles(). */
static size_t *
find_tops(const struct places *places, TALLOC_CTX *ctx)
{
    size_t *tops = mem_array(ctx, size_t, places->node_count + 1);

    for (size_t i = 0; i < places->node_count; i++)
        tops[i] = THREAD_NONE;
    for (size_t i = 0; i < places->node_count; i++) {
        size_t at = i, top;

        while (tops[at] == THREAD_NONE && places->nodes[at].parent != THREAD_NONE)
            at = places->nodes[at].parent;
        top = tops[at] != THREAD_NONE ? tops[at] : at;
        for (at = i; tops[at] == THREAD_NONE; at = places->nodes[at].parent) {
            tops[at] = top;
            if (at == top)
                break;
        }
    }
    return tops;
}

/* ---- loose messages ---- */

struct vote { size_t set, anchor; bool is_order; };
struct votes { struct vote *rows; size_t count; };

static int
compare_votes(const void *a, const void *b)
{
    const struct vote *x = a, *y = b;

    if (x->set != y->set)
        return x->set < y->set ? -1 : 1;
    if (x->is_order != y->is_order)
        return x->is_order ? -1 : 1;
    return (x->anchor > y->anchor) - (x->anchor < y->anchor);
}

static void
join_by_names(struct places *places)
{
    for (size_t i = 0; i < places->node_count; i++) {
        const struct thread_row *row = places->nodes[i].is_loose ? thread_words(places, &places->nodes[i]) : NULL;

        for (size_t k = 0; row != NULL && k < row->answers.count; k++)
            thread_join_sets(places, i, thread_find(places, row->answers.items[k]));
    }
}

/* What those who have their place say of absent messages: whose answer they are. */
static void
collect_votes(struct places *places, struct votes *votes)
{
    for (size_t i = 0; i < places->node_count; i++) {
        const struct node *node = &places->nodes[i];
        const struct thread_row *row = node->link == LINK_OWN ? thread_words(places, node) : NULL;

        if (node->row == THREAD_NONE && node->order != NULL && node->order->under != NULL)
            votes->rows[votes->count++] = (struct vote){thread_set(places, i), thread_find(places, node->order->under), true};
        for (size_t k = 0; row != NULL && k < row->answers.count; k++) {
            size_t named = thread_find(places, row->answers.items[k]);

            if (named == node->parent)
                break;
            if (!thread_is_here(places, named))
                votes->rows[votes->count++] = (struct vote){thread_set(places, named), node->parent, false};
        }
    }
}

/* For each set the anchor with an owner's order, or with the most votes; those that hang on the set itself do not count. */
static size_t *
count_votes(struct places *places, TALLOC_CTX *ctx, struct votes *votes)
{
    size_t *anchors = mem_array(ctx, size_t, places->node_count + 1), *tops = find_tops(places, ctx), most = 0, run;

    for (size_t i = 0; i < places->node_count; i++)
        anchors[i] = THREAD_NONE;
    qsort(votes->rows, votes->count, sizeof *votes->rows, compare_votes);
    for (size_t i = 0; i < votes->count; i += run) {
        const struct vote *vote = &votes->rows[i];

        for (run = 1; i + run < votes->count && compare_votes(vote, vote + run) == 0; run++)
            ;
        if (places->nodes[tops[vote->anchor]].is_loose && thread_set(places, tops[vote->anchor]) == vote->set)
            continue;
        if (anchors[vote->set] == THREAD_NONE)
            most = 0;
        if (run + (vote->is_order ? votes->count : 0) > most) {
            most = run + (vote->is_order ? votes->count : 0);
            anchors[vote->set] = vote->anchor;
        }
    }
    return anchors;
}

void
thread_hang_by_names(struct places *places, TALLOC_CTX *ctx)
{
    size_t room = 1, *anchors;
    struct votes votes = {NULL, 0};

    join_by_names(places);
    for (size_t i = 0; i < places->row_count; i++)
        room += places->rows[i].answers.count;
    votes.rows = mem_array(ctx, struct vote, room + places->node_count);
    collect_votes(places, &votes);
    anchors = count_votes(places, ctx, &votes);
    for (size_t i = 0; i < places->node_count; i++) {
        struct node *node = &places->nodes[i];

        if (!node->is_loose || anchors[thread_set(places, i)] == THREAD_NONE)
            continue;
        node->parent = anchors[thread_set(places, i)];
        node->link = LINK_MISSING;
        node->to_anchor = true;
    }
}

/* ---- Thread-Index ---- */

struct indexed { struct blob index; size_t node; };
struct indexes { struct indexed *rows; size_t count; };

static int
compare_indexed(const void *a, const void *b)
{
    const struct indexed *x = a, *y = b;
    int order = thread_compare(x->index, y->index);

    return order != 0 ? order : (x->node > y->node) - (x->node < y->node);
}

static struct indexes
sort_indexes(const struct places *places, TALLOC_CTX *ctx)
{
    struct indexes indexes = {mem_array(ctx, struct indexed, places->node_count + 1), 0};

    for (size_t i = 0; i < places->node_count; i++)
        if (thread_is_here(places, i) && thread_words(places, &places->nodes[i])->index.len >= THREAD_INDEX_ROOT)
            indexes.rows[indexes.count++] = (struct indexed){thread_words(places, &places->nodes[i])->index, i};
    qsort(indexes.rows, indexes.count, sizeof *indexes.rows, compare_indexed);
    return indexes;
}

/* The first that is not less. */
static size_t
seek_index(const struct indexes *indexes, struct blob index)
{
    size_t low = 0, high = indexes->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (thread_compare(indexes->rows[middle].index, index) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool
waits(const struct node *node)
{
    return node->is_loose && node->link == LINK_NONE;
}

static bool
shares_root(struct blob a, struct blob b)
{
    return thread_compare(thread_index_root(a), thread_index_root(b)) == 0;
}

/* The message whose index is the longest beginning of this one; else any of the conversation that has its place. */
static size_t
find_hint(const struct places *places, const struct indexes *indexes, struct blob index)
{
    for (size_t len = index.len - THREAD_INDEX_STEP; len >= THREAD_INDEX_ROOT; len -= THREAD_INDEX_STEP) {
        struct blob shorter = {index.data, len};
        size_t at = seek_index(indexes, shorter);

        if (at < indexes->count && thread_compare(indexes->rows[at].index, shorter) == 0)
            return indexes->rows[at].node;
    }
    for (size_t at = seek_index(indexes, thread_index_root(index)); at < indexes->count && shares_root(indexes->rows[at].index, index); at++)
        if (!waits(&places->nodes[indexes->rows[at].node]))
            return indexes->rows[at].node;
    return THREAD_NONE;
}

static void
find_hints(struct places *places, const struct indexes *indexes)
{
    size_t last = THREAD_NONE;      /* that waits, has an index and no hint */

    for (size_t i = 0; i < indexes->count; i++) {
        size_t at = indexes->rows[i].node;
        struct node *node = &places->nodes[at];

        if (!waits(node) || indexes->rows[i].index.len == THREAD_INDEX_ROOT)
            continue;
        node->hint = find_hint(places, indexes, indexes->rows[i].index);
        if (node->missing == NULL)
            node->missing = THREAD_UNNAMED;
        if (node->hint != THREAD_NONE)
            continue;
        if (last != THREAD_NONE && shares_root(thread_words(places, &places->nodes[last])->index, indexes->rows[i].index))
            thread_join_sets(places, last, at);
        last = at;
    }
}

void
thread_hang_by_hints(struct places *places, TALLOC_CTX *ctx)
{
    struct indexes indexes = sort_indexes(places, ctx);
    struct votes votes = {mem_array(ctx, struct vote, places->node_count + 1), 0};
    size_t *anchors, *tops;

    find_hints(places, &indexes);
    for (size_t i = 0; i < places->node_count; i++)
        if (places->nodes[i].hint != THREAD_NONE)
            votes.rows[votes.count++] = (struct vote){thread_set(places, i), places->nodes[i].hint, false};
    if (votes.count == 0)
        return;
    tops = find_tops(places, ctx);
    anchors = count_votes(places, ctx, &votes);
    for (size_t i = 0; i < places->node_count; i++) {
        struct node *node = &places->nodes[i];
        size_t set = thread_set(places, i), anchor = anchors[set], own = node->hint;
        bool is_within = own != THREAD_NONE && places->nodes[tops[own]].is_loose && thread_set(places, tops[own]) == set;

        if (!waits(node) || (anchor == THREAD_NONE && !is_within))
            continue;
        node->to_anchor = !is_within;
        node->parent = is_within || (own != THREAD_NONE && tops[own] == tops[anchor]) ? own : anchor;
        if (own != THREAD_NONE && node->parent == own && str_eq(node->missing, THREAD_UNNAMED))
            node->missing = NULL;
        node->link = LINK_HINT;
    }
}

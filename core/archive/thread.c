/* thread.c - which message answers which */
#include <stdlib.h>
#include <string.h>

#include "archive/thread-private.h"

/* ---- names ---- */

static int
compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
thread_compare(struct blob a, struct blob b)
{
    size_t least = a.len < b.len ? a.len : b.len;
    int order = least > 0 ? memcmp(a.data, b.data, least) : 0;

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

size_t
thread_find(const struct places *places, const char *id)
{
    size_t low = 0, high = places->node_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(places->nodes[middle].id, id);

        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return THREAD_NONE;
}

bool
thread_is_here(const struct places *places, size_t node)
{
    return node != THREAD_NONE && places->nodes[node].row != THREAD_NONE;
}

const struct thread_row *
thread_words(const struct places *places, const struct node *node)
{
    return &places->rows[node->row];
}

static void
name_nodes(struct places *places, TALLOC_CTX *ctx, const struct thread_order *orders, size_t order_count)
{
    size_t all = order_count, count = 0;
    const char **ids;

    for (size_t i = 0; i < places->row_count; i++)
        all += 1 + places->rows[i].answers.count;
    ids = mem_array(ctx, const char *, all + 1);
    for (size_t i = 0; i < places->row_count; i++) {
        ids[count++] = places->rows[i].id;
        for (size_t k = 0; k < places->rows[i].answers.count; k++)
            ids[count++] = places->rows[i].answers.items[k];
    }
    for (size_t i = 0; i < order_count; i++)
        ids[count++] = orders[i].id;
    qsort(ids, count, sizeof *ids, compare_texts);
    places->nodes = mem_array(ctx, struct node, count + 1);
    for (size_t i = 0; i < count; i++)
        if (places->node_count == 0 || strcmp(ids[i], places->nodes[places->node_count - 1].id) != 0) {
            places->nodes[places->node_count] = (struct node){.id = ids[i], .row = THREAD_NONE, .parent = THREAD_NONE,
                                                              .set = places->node_count, .hint = THREAD_NONE};
            places->node_count++;
        }
}

static void
fill_nodes(struct places *places, TALLOC_CTX *ctx, const struct thread_order *orders, size_t order_count)
{
    places->row_nodes = mem_array(ctx, size_t, places->row_count + 1);
    for (size_t i = 0; i < places->row_count; i++) {
        struct node *node = &places->nodes[places->row_nodes[i] = thread_find(places, places->rows[i].id)];

        if (node->row == THREAD_NONE || thread_compare(places->rows[i].mark, places->rows[node->row].mark) < 0)
            node->row = i;
    }
    for (size_t i = 0; i < order_count; i++) {
        struct node *node = &places->nodes[thread_find(places, orders[i].id)];

        if (orders[i].under == NULL || thread_is_here(places, thread_find(places, orders[i].under)))
            node->order = &orders[i];
    }
}

/* ---- what each says of itself ---- */

static void
place_by_own_words(struct places *places, struct node *node)
{
    const struct thread_row *row = thread_words(places, node);

    if (node->order != NULL) {
        node->link = LINK_ORDER;
        if (node->order->under != NULL)
            node->parent = thread_find(places, node->order->under);
        return;
    }
    for (size_t i = 0; i < row->answers.count; i++) {
        size_t named = thread_find(places, row->answers.items[i]);

        if (i == 0 && !thread_is_here(places, named))
            node->missing = row->answers.items[0];
        if (!thread_is_here(places, named) || &places->nodes[named] == node)
            continue;
        node->link = LINK_OWN;
        node->parent = named;
        return;
    }
    node->is_loose = row->answers.count > 0 || row->index.len > THREAD_INDEX_ROOT;
}

/* ---- circles ---- */

static bool
is_weaker(const struct places *places, size_t a, size_t b)
{
    return places->nodes[a].link != places->nodes[b].link ? places->nodes[a].link < places->nodes[b].link : a > b;
}

size_t
thread_set(struct places *places, size_t node)
{
    while (places->nodes[node].set != node) {
        places->nodes[node].set = places->nodes[places->nodes[node].set].set;
        node = places->nodes[node].set;
    }
    return node;
}

void
thread_join_sets(struct places *places, size_t a, size_t b)
{
    a = thread_set(places, a);
    b = thread_set(places, b);
    places->nodes[a > b ? a : b].set = a < b ? a : b;
}

static void
cut_link(struct places *places, size_t node)
{
    size_t set = thread_set(places, node);
    bool all = places->nodes[node].to_anchor;

    /* Loose messages of one set stay together: they leave the place that was found for them together. */
    for (size_t i = all ? 0 : node; i < (all ? places->node_count : node + 1); i++)
        if (i == node || (places->nodes[i].to_anchor && thread_set(places, i) == set)) {
            places->nodes[i].parent = THREAD_NONE;
            places->nodes[i].link = LINK_NONE;
            places->nodes[i].to_anchor = false;
        }
}

static void
cut_circles(struct places *places, TALLOC_CTX *ctx)
{
    size_t *seen = mem_array(ctx, size_t, places->node_count + 1);      /* in which walk, from 1 */

    for (size_t start = 0; start < places->node_count; start++) {
        size_t at = start, weakest;

        while (at != THREAD_NONE && seen[at] == 0) {
            seen[at] = start + 1;
            at = places->nodes[at].parent;
        }
        if (at == THREAD_NONE || seen[at] != start + 1)
            continue;
        weakest = at;
        for (size_t k = places->nodes[at].parent; k != at; k = places->nodes[k].parent)
            if (is_weaker(places, k, weakest))
                weakest = k;
        cut_link(places, weakest);
    }
    talloc_free(seen);
}

/* ---- all together ---- */

static struct thread_spot *
spots_of(struct places *places, TALLOC_CTX *ctx)
{
    struct thread_spot *spots = mem_array(ctx, struct thread_spot, places->row_count + 1);
    size_t *firsts = mem_array(places->nodes, size_t, places->node_count + 1);

    for (size_t i = 0; i < places->node_count; i++)
        if (places->nodes[i].parent != THREAD_NONE)
            thread_join_sets(places, i, places->nodes[i].parent);
    for (size_t i = places->node_count; i-- > 0;)
        if (thread_is_here(places, i))
            firsts[thread_set(places, i)] = places->nodes[i].row;
    for (size_t i = 0; i < places->row_count; i++) {
        const struct node *node = &places->nodes[places->row_nodes[i]];

        spots[i] = (struct thread_spot){
            .parent = node->parent == THREAD_NONE ? THREAD_NONE : places->nodes[node->parent].row,
            .thread = firsts[thread_set(places, places->row_nodes[i])],
            .missing = node->missing, .is_loose = node->is_loose, .is_copy = node->row != i,
        };
    }
    return spots;
}

struct thread_spot *
thread_place(TALLOC_CTX *ctx, const struct thread_row *rows, size_t count, const struct thread_order *orders, size_t order_count)
{
    TALLOC_CTX *scratch = talloc_new(ctx);
    struct places places = {.rows = rows, .row_count = count};
    struct thread_spot *spots;

    name_nodes(&places, scratch, orders, order_count);
    fill_nodes(&places, scratch, orders, order_count);
    for (size_t i = 0; i < places.node_count; i++)
        if (thread_is_here(&places, i))
            place_by_own_words(&places, &places.nodes[i]);
    cut_circles(&places, scratch);
    thread_hang_by_names(&places, scratch);
    cut_circles(&places, scratch);
    thread_hang_by_hints(&places, scratch);
    cut_circles(&places, scratch);
    spots = spots_of(&places, ctx);
    talloc_free(scratch);
    return spots;
}

/* thread-tree.c - the lines of a thread, from above */
#include <stdlib.h>
#include <string.h>

#include "archive/thread.h"
#include "util/str.h"

struct twig {                       /* a leaf with what hangs on it, or a message that is not here */
    size_t leaf, up, first, last, next;
    const char *missing;
};
struct ordered { const struct thread_leaf *leaf; size_t at, parent, group; };
struct tree {
    const struct thread_leaf *leaves;
    size_t count, top, used;
    struct twig *twigs;             /* the leaves, those that are not here, and the top */
    struct ordered *ordered;
};

static int
compare_ids(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;

    return (x->leaf->id > y->leaf->id) - (x->leaf->id < y->leaf->id);
}

static int
compare_dates(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;

    if (x->leaf->written_us != y->leaf->written_us)
        return x->leaf->written_us < y->leaf->written_us ? -1 : 1;
    if (x->leaf->is_copy != y->leaf->is_copy)
        return x->leaf->is_copy ? 1 : -1;
    return strcmp(x->leaf->hash, y->leaf->hash);
}

/* Those that answer the same absent message side by side; at the top all that answer one. */
static int
compare_missing(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;

    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    if ((x->leaf->missing == NULL) != (y->leaf->missing == NULL))
        return x->leaf->missing == NULL ? -1 : 1;
    return x->leaf->missing == NULL || x->parent == THREAD_NONE ? 0 : strcmp(x->leaf->missing, y->leaf->missing);
}

/* Parents in a ring, which thread_place() does not make, would not be shown at all: the first that comes round begins a tree. */
static void
cut_rings(const struct tree *tree, size_t *parents)
{
    size_t *seen = mem_array(parents, size_t, tree->count + 1);     /* in which walk, from 1 */

    for (size_t start = 0; start < tree->count; start++)
        for (size_t at = start; seen[at] == 0;) {
            size_t above = parents[at];

            seen[at] = start + 1;
            if (above == THREAD_NONE || seen[above] == start + 1)
                parents[at] = THREAD_NONE;
            else
                at = above;
        }
    talloc_free(seen);
}

static void
find_parents(struct tree *tree)
{
    size_t *parents = mem_array(tree->twigs, size_t, tree->count + 1);

    for (size_t i = 0; i < tree->count; i++)
        tree->ordered[i] = (struct ordered){&tree->leaves[i], i, THREAD_NONE, THREAD_NONE};
    qsort(tree->ordered, tree->count, sizeof *tree->ordered, compare_ids);
    for (size_t i = 0; i < tree->count; i++) {
        struct thread_leaf wanted = {.id = tree->ordered[i].leaf->parent_id};
        const struct ordered key = {.leaf = &wanted};
        const struct ordered *found = wanted.id == 0 ? NULL : bsearch(&key, tree->ordered, tree->count, sizeof key, compare_ids);

        parents[tree->ordered[i].at] = found != NULL ? found->at : THREAD_NONE;
    }
    cut_rings(tree, parents);
    for (size_t i = 0; i < tree->count; i++)
        tree->ordered[i].parent = parents[tree->ordered[i].at];
    talloc_free(parents);
}

/* Is a line worth it? In the middle of a thread two answers show that they answer the same; at the top one is enough to say that
 * the beginning is not here, unless it is only a hint that says so. */
static bool
is_worth_a_line(const struct ordered *run, size_t count)
{
    return count > 1 || (run->parent == THREAD_NONE && !str_eq(run->leaf->missing, THREAD_UNNAMED));
}

static void
find_groups(struct tree *tree)
{
    size_t run;

    qsort(tree->ordered, tree->count, sizeof *tree->ordered, compare_missing);
    for (size_t i = 0; i < tree->count; i += run) {
        struct ordered *first = &tree->ordered[i];
        bool is_one = true;

        for (run = 1; i + run < tree->count && compare_missing(first, first + run) == 0; run++)
            is_one = is_one && str_eq(first[run].leaf->missing, first->leaf->missing);
        if (first->leaf->missing == NULL || !is_worth_a_line(first, run))
            continue;
        tree->twigs[tree->used] = (struct twig){THREAD_NONE, THREAD_NONE, THREAD_NONE, THREAD_NONE, THREAD_NONE,
                                                is_one && !str_eq(first->leaf->missing, THREAD_UNNAMED) ? first->leaf->missing : NULL};
        for (size_t k = 0; k < run; k++)
            first[k].group = tree->used;
        tree->used++;
    }
}

static void
hang(struct tree *tree, size_t twig, size_t on)
{
    struct twig *above = &tree->twigs[on];

    tree->twigs[twig].up = on;
    if (above->last == THREAD_NONE)
        above->first = twig;
    else
        tree->twigs[above->last].next = twig;
    above->last = twig;
}

static void
hang_all(struct tree *tree)
{
    qsort(tree->ordered, tree->count, sizeof *tree->ordered, compare_dates);
    for (size_t i = 0; i < tree->count; i++) {
        const struct ordered *at = &tree->ordered[i];
        size_t on = at->parent == THREAD_NONE ? tree->top : at->parent;

        if (at->group != THREAD_NONE) {
            if (tree->twigs[at->group].up == THREAD_NONE)
                hang(tree, at->group, on);
            on = at->group;
        }
        hang(tree, at->at, on);
    }
}

static size_t
walk(const struct tree *tree, struct thread_line *lines)
{
    size_t count = 0, depth = 0, at = tree->twigs[tree->top].first;

    while (at != THREAD_NONE && at != tree->top) {
        const struct twig *twig = &tree->twigs[at];
        bool is_hidden = twig->leaf == THREAD_NONE || tree->leaves[twig->leaf].is_hidden;

        lines[count++] = (struct thread_line){is_hidden ? THREAD_NONE : twig->leaf, depth, twig->missing};
        if (twig->first != THREAD_NONE) {
            at = twig->first;
            depth++;
            continue;
        }
        for (; at != tree->top && tree->twigs[at].next == THREAD_NONE; depth--)
            at = tree->twigs[at].up;
        if (at != tree->top)
            at = tree->twigs[at].next;
    }
    return count;
}

/* What is not here and has nothing below it needs no line. */
static size_t
drop_bare(struct thread_line *lines, size_t count)
{
    size_t kept = count;            /* the lines that stay are the last: from here */

    for (size_t i = count; i-- > 0;)
        if (lines[i].leaf != THREAD_NONE || (kept < count && lines[kept].depth > lines[i].depth))
            lines[--kept] = lines[i];
    memmove(lines, lines + kept, (count - kept) * sizeof *lines);
    return count - kept;
}

struct thread_line *
thread_tree(TALLOC_CTX *ctx, const struct thread_leaf *leaves, size_t count, size_t *lines_r)
{
    struct thread_line *lines = mem_array(ctx, struct thread_line, 2 * count + 1);
    struct tree tree = {.leaves = leaves, .count = count, .top = 2 * count, .used = count,
                        .twigs = mem_array(lines, struct twig, 2 * count + 1),
                        .ordered = mem_array(lines, struct ordered, count + 1)};

    for (size_t i = 0; i <= 2 * count; i++)
        tree.twigs[i] = (struct twig){i < count ? i : THREAD_NONE, THREAD_NONE, THREAD_NONE, THREAD_NONE, THREAD_NONE, NULL};
    find_parents(&tree);
    find_groups(&tree);
    hang_all(&tree);
    *lines_r = drop_bare(lines, walk(&tree, lines));
    talloc_free(tree.twigs);
    talloc_free(tree.ordered);
    return lines;
}

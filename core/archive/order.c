/* order.c - the posts of a thread in the order in which they are read */
#include <stdlib.h>
#include <string.h>

#include "archive/order.h"

static int
by_date(const void *a, const void *b)
{
    const struct order_post *x = a, *y = b;

    if (x->at_us != y->at_us)
        return x->at_us < y->at_us ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

void
order_by_date(struct order_post *posts, size_t count)
{
    if (count > 0)
        qsort(posts, count, sizeof(*posts), by_date);
    for (size_t i = 0; i < count; i++)
        posts[i].depth = 0;
}

enum { NONE = 0 };      /* places below count from 1 */

struct known { int64_t id; size_t place; };
struct links { size_t newest_child, older_sibling; bool is_done; };

static int
by_id(const void *a, const void *b)
{
    const struct known *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static size_t
place_of(const struct known *known, size_t count, int64_t id)
{
    struct known wanted = {id, NONE}, *found = id == 0 ? NULL : bsearch(&wanted, known, count, sizeof(*known), by_id);

    return found != NULL ? found->place : NONE;
}

/* Ties every post to its parent; `roots` are those that have none here. */
static void
link_all(TALLOC_CTX *scratch, const struct order_post *posts, size_t count, struct links *links, bool *is_root)
{
    struct known *known = mem_array(scratch, struct known, count);

    for (size_t i = 0; i < count; i++)
        known[i] = (struct known){posts[i].id, i + 1};
    qsort(known, count, sizeof(*known), by_id);
    for (size_t place = 1; place <= count; place++) {
        size_t parent = place_of(known, count, posts[place - 1].parent_id);

        is_root[place] = parent == NONE || parent == place;
        if (is_root[place])
            continue;
        links[place].older_sibling = links[parent].newest_child;
        links[parent].newest_child = place;
    }
}

struct walk { struct order_post *posts, *out; struct links *links; size_t *stack, done; };

/* What hangs below a post, after it. Younger answers wait on the stack below older ones. */
static void
take_tree(struct walk *walk, size_t root)
{
    size_t waiting = 0;

    if (walk->links[root].is_done)
        return;
    walk->posts[root - 1].depth = 0;
    walk->stack[waiting++] = root;
    while (waiting > 0) {
        size_t place = walk->stack[--waiting];
        struct links *links = &walk->links[place];

        links->is_done = true;
        walk->out[walk->done++] = walk->posts[place - 1];
        for (size_t child = links->newest_child; child != NONE; child = walk->links[child].older_sibling) {
            if (walk->links[child].is_done)
                continue;
            walk->posts[child - 1].depth = walk->posts[place - 1].depth + 1;
            walk->stack[waiting++] = child;
        }
    }
}

void
order_as_tree(struct order_post *posts, size_t count)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct walk walk = {posts, mem_array(scratch, struct order_post, count + 1), mem_array(scratch, struct links, count + 1),
                        mem_array(scratch, size_t, count + 1), 0};
    bool *is_root = mem_array(scratch, bool, count + 1);

    order_by_date(posts, count);
    if (count > 0)
        link_all(scratch, posts, count, walk.links, is_root);
    for (size_t place = 1; place <= count; place++)
        if (is_root[place])
            take_tree(&walk, place);
    for (size_t place = 1; place <= count; place++)
        take_tree(&walk, place);
    must(walk.done == count);
    if (count > 0)
        memcpy(posts, walk.out, count * sizeof(*posts));
    talloc_free(scratch);
}

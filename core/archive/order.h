/* order.h - the posts of a thread in the order in which they are read
 *
 * As a tree: an answer stands below what it answers, answers to one post in the order of their arrival. Posts whose parent is not
 * among them begin trees of their own. Parents that go in a circle, which no mail should make, are cut open at the oldest.
 *
 * n log n; no recursion. Memory: only what is given, and a scratch that is gone at the end. */
#ifndef KAIRAN_ARCHIVE_ORDER_H
#define KAIRAN_ARCHIVE_ORDER_H

#include "util/mem.h"

struct order_post {
    int64_t id, parent_id, at_us;   /* parent_id 0: none */
    size_t index;                   /* the caller's, carried along */
    unsigned depth;                 /* set by order_as_tree(): 0 for what begins a tree */
};

/* Both put the array itself in order; ids differ from one another. */
void order_by_date(struct order_post *posts, size_t count);
void order_as_tree(struct order_post *posts, size_t count);

#endif

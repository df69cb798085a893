/* order.h - the posts of a thread in the order in which they are read
 *
 * By date, the older id first where two came at once; as a tree it is archive/thread.h's thread_tree(). */
#ifndef KAIRAN_ARCHIVE_ORDER_H
#define KAIRAN_ARCHIVE_ORDER_H

#include "util/mem.h"

struct order_post {
    int64_t id, parent_id, at_us;   /* parent_id 0: none */
    size_t index;                   /* the caller's, carried along */
    unsigned depth;                 /* 0 for what begins a tree, and by date */
};

/* Puts the array itself in order; ids differ from one another. */
void order_by_date(struct order_post *posts, size_t count);

#endif

/* order.c - the posts of a thread by date */
#include <stdlib.h>

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

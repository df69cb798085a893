/* forest.h - messages in, the lines of their threads out, as text: what the tests of archive/thread.h compare */
#ifndef KAIRAN_TESTS_ARCHIVE_FOREST_H
#define KAIRAN_TESTS_ARCHIVE_FOREST_H

#include "archive/thread.h"

struct sent {                       /* a message */
    const char *name, *id;          /* name: what the text says of it; NULL: the id */
    struct text_array answers;
    struct blob index, mark;
    int64_t written_us;
};

/* One line a message: two blanks a level, "-" for one that is not here; threads by the dates of their first messages.
 * `order` (NULL: as they stand) is the order of arrival. */
char *forest_text(TALLOC_CTX *ctx, const struct sent *sent, size_t count, const struct thread_order *orders, size_t order_count,
                  const size_t *order);

/* The same of messages whose places are known: a leaf each, and a number for the thread, below count. */
char *forest_say(TALLOC_CTX *ctx, const struct sent *sent, const struct thread_leaf *leaves, const size_t *threads, size_t count);

/* Another order of the numbers below count, the same for the same seed. */
size_t *forest_order(TALLOC_CTX *ctx, size_t count, uint32_t seed);

/* The same text whatever the order of arrival: fails where it is not, saying with which. Returns it. */
char *forest_checked(TALLOC_CTX *ctx, const char *what, const struct sent *sent, size_t count, const struct thread_order *orders,
                     size_t order_count, int times);

#endif

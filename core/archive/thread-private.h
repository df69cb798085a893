/* thread-private.h - what the files of thread.h share: the Message-IDs of a set of messages, and how they hang together */
#ifndef KAIRAN_ARCHIVE_THREAD_PRIVATE_H
#define KAIRAN_ARCHIVE_THREAD_PRIVATE_H

#include "archive/thread.h"

/* From the weakest: a circle is cut where it is least sure. */
enum link { LINK_NONE, LINK_HINT, LINK_MISSING, LINK_OWN, LINK_ORDER };

struct node {                       /* one Message-ID, here or only named */
    const char *id;
    size_t row;                     /* the copy that speaks; THREAD_NONE: not here */
    size_t parent;                  /* a node */
    enum link link;
    size_t set;                     /* of loose messages and what they name: towards the one that stands for all */
    size_t hint;                    /* a node that Thread-Index points to */
    const char *missing;
    const struct thread_order *order;
    bool is_loose, to_anchor;
};

struct places {
    const struct thread_row *rows;
    size_t row_count;
    struct node *nodes;             /* by id */
    size_t node_count;
    size_t *row_nodes;              /* the node of each row */
};

/* A node; THREAD_NONE when nobody names it. */
size_t thread_find(const struct places *places, const char *id);
bool thread_is_here(const struct places *places, size_t node);
/* What a node that is here says of itself. */
const struct thread_row *thread_words(const struct places *places, const struct node *node);
int thread_compare(struct blob a, struct blob b);
size_t thread_set(struct places *places, size_t node);
void thread_join_sets(struct places *places, size_t a, size_t b);

/* Places for loose messages: by what they name, then by Thread-Index. What is above them may be below them afterwards. */
void thread_hang_by_names(struct places *places, TALLOC_CTX *ctx);
void thread_hang_by_hints(struct places *places, TALLOC_CTX *ctx);

#endif

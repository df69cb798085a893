/* jobs-archive.c - what the archive keeps of posts, to show and to find them */
#include "archive/index.h"
#include "worker/jobs.h"

enum { INDEX_TURNS = 20 };

/* Some hundred posts a turn: other work waits, and what is left waits for a second. */
enum status
index_posts(struct child *child, const struct i18n *i18n)
{
    enum status status = STATUS_OK;
    struct index_walk walk = {0};
    size_t done = 1;

    (void)i18n;
    for (int turn = 0; turn < INDEX_TURNS && done > 0 && status == STATUS_OK && !child_is_stopping(); turn++)
        status = index_next(child->db, &walk, &done);
    return status == STATUS_OK ? index_stop(child->db, &walk) : status;
}

/* thread-change.h - owners say where messages stand
 *
 * A change is kept as orders about Message-IDs, which archive/thread.h obeys from then on, whatever comes later; taking it back
 * takes the orders away, and everything stands where the mail itself puts it, or an earlier order. Each is one transaction with
 * its line in the log. Nothing is renumbered: every message's address finds its thread, whichever that is by then. */
#ifndef KAIRAN_ARCHIVE_THREAD_CHANGE_H
#define KAIRAN_ARCHIVE_THREAD_CHANGE_H

#include "archive/thread-load.h"

enum thread_act {
    THREAD_SPLIT,       /* the message begins a thread; its answers go with it */
    THREAD_JOIN,        /* the message's whole thread goes under the beginning of another's */
    THREAD_REATTACH,    /* the message goes under another, with its answers */
    THREAD_ACTS,        /* none */
};
/* split, join, reattach; THREAD_ACTS for any other word. */
enum thread_act thread_act_of(const char *word);
const char *thread_act_word(enum thread_act act);

struct thread_who { const char *words; int64_t user_id; };      /* for the log */

struct thread_wish {
    enum thread_act act;
    const struct row_thread_post *post, *under;     /* under: NULL for a split */
    bool is_trial;                                  /* only says whether it can be done */
};
/* INVALID with a sentence when it would change nothing or make a circle; the fields are "post" and "under". */
enum status thread_change(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const struct thread_wish *wish, const struct thread_who *who,
                          int64_t *change_id_r, struct fault *fault);
/* NOT_FOUND when the list has no such change that stands. post_r: the hash of a post that it was about. */
enum status thread_undo(struct db *db, TALLOC_CTX *ctx, int64_t list_id, int64_t change_id, const struct thread_who *who,
                        const char **hash_r);

#endif

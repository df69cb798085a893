/* thread.h - which message answers which: rows in, threads out
 *
 * A pure function of a set of messages: the order in which they came, or stand in the rows, changes nothing. The accepting path
 * (place.h), owners' changes and every rebuild ask it, so they cannot disagree.
 *
 * A message stands where its own header puts it: under the nearest message of In-Reply-To and References (in that order) that is
 * here. Nobody else's header moves it, and a subject never does. What it names before that and is not here is its `missing`: a
 * place for a message that comes later or never. A message that names nothing that is here is loose:
 *   - loose messages that name the same absent message, directly or by others, are one thread;
 *   - where a message that is here stands behind the same absent one, they go to its parent: of several the most named;
 *   - where nothing of that is known, Outlook's Thread-Index is a hint.
 * Owners' orders go before all of it. Circles are cut at the weakest link. Of several copies under one Message-ID that with the
 * least mark speaks and has the answers; the others stand beside it.
 *
 * Rows may be a part of a list, when they hold with every message the whole of its thread and with every name of an absent
 * message all who name it. Sources: RFC 5256 REFERENCES, whose links made by others' headers we leave out; MS-OXOMSG 2.2.1.3. */
#ifndef KAIRAN_ARCHIVE_THREAD_H
#define KAIRAN_ARCHIVE_THREAD_H

#include "mime/summary.h"
#include "store/db.h"

enum { THREAD_ANSWERS_MOST = 50, THREAD_INDEX_ROOT = 22, THREAD_INDEX_STEP = 5, THREAD_INDEX_MOST = 22 + 5 * 100 };
#define THREAD_NONE SIZE_MAX
#define THREAD_UNNAMED "?"          /* the missing message of those whom only Thread-Index joins */

struct thread_row {
    const char *id;                 /* Message-ID without <> */
    struct text_array answers;      /* as thread_answers() makes them */
    struct blob index;              /* as thread_index() makes it */
    struct blob mark;               /* tells copies of one Message-ID apart: their digest */
};

/* What an owner said of a Message-ID. Under one that is not here: as if it had not been said. */
struct thread_order { const char *id, *under; };    /* under NULL: it begins a thread */

struct thread_spot {
    size_t parent;                  /* a row; THREAD_NONE */
    size_t thread;                  /* the same number for all of a thread: a row of it */
    const char *missing;            /* what it answers when that is not here; NULL: its parent, or nothing */
    bool is_loose, is_copy;
};

/* What a message answers, nearest first, nothing twice, itself not: In-Reply-To, then References from the end. Of more than
 * THREAD_ANSWERS_MOST the nearest and the first. */
struct text_array thread_answers(TALLOC_CTX *ctx, const struct summary *summary, const char *own_id);
/* The bytes of a Thread-Index field; no bytes when it is none. */
struct blob thread_index(TALLOC_CTX *ctx, const char *value);
/* Its beginning, which a conversation's messages share. */
struct blob thread_index_root(struct blob index);

struct thread_spot *thread_place(TALLOC_CTX *ctx, const struct thread_row *rows, size_t count,
                                 const struct thread_order *orders, size_t order_count);

/* --- a thread as it is shown --- */

struct thread_leaf {
    int64_t id, parent_id;
    const char *missing, *hash;
    int64_t written_us;
    bool is_copy;                   /* beside the one that has the answers, after it */
    bool is_hidden;                 /* shown as a message that is not here, and only when something hangs on it */
};
struct thread_line {
    size_t leaf;                    /* THREAD_NONE: a message that is not here */
    size_t depth;                   /* 0: begins the thread */
    const char *missing;            /* of a message that is not here: its Message-ID where one is known and may be said, else NULL */
};

/* The lines of a thread from above: answers under what they answer, by their dates. */
struct thread_line *thread_tree(TALLOC_CTX *ctx, const struct thread_leaf *leaves, size_t count, size_t *lines_r);

#endif

/* place-again.c - threads are read, placed by archive/thread.h, and what moved is written */
#include "archive/place.h"
#include "archive/thread.h"
#include "store/statements.h"
#include "util/log.h"
#include "util/str.h"

enum { ROUNDS_MOST = 8, FLAG_LOOSE = 1, FLAG_COPY = 2 };

struct again {
    struct db *db;
    TALLOC_CTX *ctx;
    int64_t list_id;
    struct int_array threads;       /* all that hang together */
    struct row_thread_rows *rows;   /* their posts, oldest first */
    size_t count;
    struct thread_spot *spots;
    int64_t *threads_of;            /* the thread of each row from now on */
};

/* The threads that the posts touch, and those that hang together with them. */
static enum status
find_threads(struct again *again, struct int_array posts)
{
    struct row_thread_seeds *seeds;
    struct row_thread_near *near;
    int64_t *ids;
    size_t count = 0, before = SIZE_MAX;
    enum status status = q_thread_seeds(again->db, again->ctx, again->list_id, posts, &seeds, &count);

    if (status != STATUS_OK)
        return status;
    ids = mem_array(again->ctx, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = seeds[i].id;
    again->threads = (struct int_array){ids, count};
    for (int round = 0; round < ROUNDS_MOST && count != before; round++) {
        before = count;
        status = q_thread_near(again->db, again->ctx, again->list_id, again->threads, &near, &count);
        if (status != STATUS_OK)
            return status;
        ids = mem_array(again->ctx, int64_t, count + 1);
        for (size_t i = 0; i < count; i++)
            ids[i] = near[i].id;
        again->threads = (struct int_array){ids, count};
    }
    return STATUS_OK;
}

static enum status
place_rows(struct again *again)
{
    struct thread_row *rows = mem_array(again->ctx, struct thread_row, again->count + 1);
    struct row_thread_orders *found;
    struct thread_order *orders;
    size_t count;
    enum status status = q_thread_orders(again->db, again->ctx, again->list_id, again->threads, &found, &count);

    if (status != STATUS_OK)
        return status;
    orders = mem_array(again->ctx, struct thread_order, count + 1);
    for (size_t i = 0; i < count; i++)
        orders[i] = (struct thread_order){found[i].mid, found[i].under};
    for (size_t i = 0; i < again->count; i++)
        rows[i] = (struct thread_row){again->rows[i].mid, again->rows[i].answers, again->rows[i].thread_index, again->rows[i].sha256};
    again->spots = thread_place(again->ctx, rows, again->count, orders, count);
    return STATUS_OK;
}

/* A thread goes on where its oldest post is; of several that become one the oldest goes on. What split off gets a row of its own. */
static enum status
choose_threads(struct again *again)
{
    int64_t *chosen = mem_array(again->ctx, int64_t, again->count + 1);
    enum status status = STATUS_OK;

    for (size_t k = 0; k < again->threads.count; k++)
        for (size_t i = 0; i < again->count; i++)
            if (again->rows[i].thread == again->threads.items[k]) {
                int64_t *here = &chosen[again->spots[i].thread];

                if (*here == 0 || again->rows[i].thread < *here)
                    *here = again->rows[i].thread;
                break;
            }
    again->threads_of = mem_array(again->ctx, int64_t, again->count + 1);
    for (size_t i = 0; i < again->count && status == STATUS_OK; i++) {
        struct row_thread_add *added;
        int64_t *here = &chosen[again->spots[i].thread];

        if (*here == 0) {
            status = q_thread_add(again->db, again->ctx, again->list_id, "", 1, &added);
            *here = status == STATUS_OK ? added->id : 0;
        }
        again->threads_of[i] = *here;
    }
    return status;
}

static bool
has_moved(const struct again *again, size_t i)
{
    const struct thread_spot *spot = &again->spots[i];
    const struct row_thread_rows *row = &again->rows[i];

    return row->thread != again->threads_of[i] || row->parent != (spot->parent == THREAD_NONE ? 0 : again->rows[spot->parent].id) ||
           !str_eq(row->missing, spot->missing) || row->loose != spot->is_loose || row->copy != spot->is_copy;
}

static enum status
write_moves(struct again *again)
{
    size_t room = again->count + 1, moved = 0, touched = 0;
    int64_t *posts = mem_array(again->ctx, int64_t, room), *threads = mem_array(again->ctx, int64_t, room),
            *parents = mem_array(again->ctx, int64_t, room), *flags = mem_array(again->ctx, int64_t, room),
            *counted = mem_array(again->ctx, int64_t, 2 * room);
    const char **missings = mem_array(again->ctx, const char *, room);
    enum status status;

    for (size_t i = 0; i < again->count; i++) {
        const struct thread_spot *spot = &again->spots[i];

        if (!has_moved(again, i))
            continue;
        posts[moved] = again->rows[i].id;
        threads[moved] = again->threads_of[i];
        parents[moved] = spot->parent == THREAD_NONE ? 0 : again->rows[spot->parent].id;
        missings[moved] = spot->missing != NULL ? spot->missing : "";
        flags[moved++] = (spot->is_loose ? FLAG_LOOSE : 0) | (spot->is_copy ? FLAG_COPY : 0);
        counted[touched++] = again->rows[i].thread;
        counted[touched++] = again->threads_of[i];
    }
    if (moved == 0)
        return STATUS_OK;
    status = q_thread_move(again->db, (struct int_array){posts, moved}, (struct int_array){threads, moved},
                           (struct int_array){parents, moved}, (struct text_array){missings, moved}, (struct int_array){flags, moved}, NULL);
    if (status == STATUS_OK)
        status = q_thread_count(again->db, (struct int_array){counted, touched}, NULL);
    return status == STATUS_OK ? q_thread_remove_empty(again->db, (struct int_array){counted, touched}, NULL) : status;
}

/* Too many to be read at once: perhaps not for half of the posts. */
static enum status
place_halves(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct int_array posts)
{
    size_t half = posts.count / 2;
    enum status status;

    if (half == 0) {
        log_event(EVENT_THREAD_TOO_LONG, "list", "%lld", (long long)list_id, "post", "%lld", (long long)posts.items[0]);
        return STATUS_OK;
    }
    status = place_again(db, ctx, list_id, (struct int_array){posts.items, half});
    return status == STATUS_OK ? place_again(db, ctx, list_id, (struct int_array){posts.items + half, posts.count - half}) : status;
}

enum status
place_again(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct int_array posts)
{
    TALLOC_CTX *scratch = talloc_new(ctx);
    struct again again = {.db = db, .ctx = scratch, .list_id = list_id};
    enum status status = find_threads(&again, posts);

    if (status == STATUS_OK)
        status = q_thread_rows(db, scratch, again.threads, PLACE_ROWS_MOST + 1, &again.rows, &again.count);
    if (status == STATUS_OK && again.count > PLACE_ROWS_MOST) {
        talloc_free(scratch);
        return place_halves(db, ctx, list_id, posts);
    }
    if (status == STATUS_OK)
        status = place_rows(&again);
    if (status == STATUS_OK)
        status = choose_threads(&again);
    if (status == STATUS_OK)
        status = write_moves(&again);
    if (status == STATUS_OK)
        status = q_post_reference_drop(db, list_id, posts, NULL);
    talloc_free(scratch);
    return status;
}

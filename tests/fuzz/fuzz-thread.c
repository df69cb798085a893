/* fuzz-thread.c - any set of messages: each is placed, nobody stands above himself, and the order changes nothing */
#include "archive/thread.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { ROWS_MOST = 64, NAMES = 40, INDEXES = 5 };

struct set { struct thread_row rows[ROWS_MOST]; struct thread_order orders[8]; size_t count, order_count; };

static const char *
name_of(TALLOC_CTX *ctx, uint8_t byte)
{
    return mem_printf(ctx, "m%02d", byte % NAMES);
}

/* A byte says how many answers follow and what else: 0-3 answers, a Thread-Index, an order instead of a row. */
static void
read_set(TALLOC_CTX *ctx, const uint8_t *data, size_t len, struct set *set)
{
    for (size_t i = 0; i + 6 < len && set->count < ROWS_MOST; i += 6) {
        struct thread_row *row = &set->rows[set->count];
        const char **answers = mem_array(ctx, const char *, 4);
        size_t count = 0;

        if (data[i] >= 240 && set->order_count < COUNT_OF(set->orders)) {
            set->orders[set->order_count++] = (struct thread_order){name_of(ctx, data[i + 1]), data[i] % 2 ? name_of(ctx, data[i + 2]) : NULL};
            continue;
        }
        row->id = name_of(ctx, data[i + 1]);
        for (size_t k = 0; k < data[i] % 4u; k++)
            if (data[i + 2 + k] % NAMES != data[i + 1] % NAMES)
                answers[count++] = name_of(ctx, data[i + 2 + k]);
        row->answers = (struct text_array){answers, count};
        row->mark = (struct blob){&data[i], 6};
        if (data[i] & 64)
            row->index = blob_of(mem_printf(ctx, "%c%021d%05d", data[i + 5] % 2 ? 'R' : 'S', 0, data[i + 5] % INDEXES));
        if (data[i] & 32 && row->index.len > 0)
            row->index.len -= THREAD_INDEX_STEP;
        set->count++;
    }
}

static void
check_forest(const struct set *set, const struct thread_spot *spots)
{
    for (size_t i = 0; i < set->count; i++) {
        size_t at = i, steps = 0;

        must(spots[i].thread < set->count && spots[spots[i].thread].thread == spots[i].thread);
        while (spots[at].parent != THREAD_NONE) {
            must(spots[spots[at].parent].thread == spots[i].thread && ++steps <= set->count);
            at = spots[at].parent;
        }
    }
}

static void
check_tree(TALLOC_CTX *ctx, const struct set *set, const struct thread_spot *spots)
{
    struct thread_leaf *leaves = mem_array(ctx, struct thread_leaf, set->count + 1);
    struct thread_line *lines;
    size_t count, shown = 0;

    for (size_t i = 0; i < set->count; i++)
        leaves[i] = (struct thread_leaf){(int64_t)i + 1, spots[i].parent == THREAD_NONE ? 0 : (int64_t)spots[i].parent + 1, spots[i].missing,
                                         set->rows[i].id, (int64_t)(i % 7), spots[i].is_copy, false};
    lines = thread_tree(ctx, leaves, set->count, &count);
    for (size_t i = 0; i < count; i++) {
        shown += lines[i].leaf != THREAD_NONE;
        must(i == 0 ? lines[i].depth == 0 : lines[i].depth <= lines[i - 1].depth + 1);
    }
    must(shown == set->count);
}

/* The same rows from the end give the same places. */
static void
check_order(TALLOC_CTX *ctx, struct set *set, const struct thread_spot *spots)
{
    struct thread_row *turned = mem_array(ctx, struct thread_row, set->count + 1);
    struct thread_spot *others;

    for (size_t i = 0; i < set->count; i++)
        turned[i] = set->rows[set->count - 1 - i];
    others = thread_place(ctx, turned, set->count, set->orders, set->order_count);
    for (size_t i = 0; i < set->count; i++) {
        const struct thread_spot *other = &others[set->count - 1 - i];

        must((spots[i].parent == THREAD_NONE) == (other->parent == THREAD_NONE));
        must(spots[i].parent == THREAD_NONE || str_eq(set->rows[spots[i].parent].id, turned[other->parent].id));
        must(str_eq(set->rows[spots[i].thread].id, turned[other->thread].id));
        must(str_eq(spots[i].missing, other->missing) && spots[i].is_loose == other->is_loose);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct set *set = mem_new(ctx, struct set);
    struct thread_spot *spots;

    read_set(ctx, data, len, set);
    spots = thread_place(ctx, set->rows, set->count, set->orders, set->order_count);
    check_forest(set, spots);
    check_tree(ctx, set, spots);
    check_order(ctx, set, spots);
    talloc_free(ctx);
    return 0;
}

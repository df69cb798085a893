/* forest.c - messages in, the lines of their threads out */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "forest.h"
#include "util/str.h"

struct threads { const struct sent *sent; const struct thread_leaf *leaves; const size_t *threads; size_t count; };
struct grown { char *text; int64_t at; };

static int
compare_grown(const void *a, const void *b)
{
    const struct grown *x = a, *y = b;

    return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : strcmp(x->text, y->text);
}

static struct grown
grow(TALLOC_CTX *ctx, const struct threads *all, size_t thread)
{
    struct thread_leaf *leaves = mem_array(ctx, struct thread_leaf, all->count + 1);
    struct thread_line *lines;
    struct str *text = str_new(ctx);
    size_t *from = mem_array(ctx, size_t, all->count + 1), count = 0, line_count;
    int64_t at = INT64_MAX;

    for (size_t i = 0; i < all->count; i++)
        if (all->threads[i] == thread) {
            from[count] = i;
            leaves[count++] = all->leaves[i];
            at = all->leaves[i].written_us < at ? all->leaves[i].written_us : at;
        }
    lines = thread_tree(ctx, leaves, count, &line_count);
    for (size_t i = 0; i < line_count; i++) {
        const struct sent *sent = lines[i].leaf == THREAD_NONE ? NULL : &all->sent[from[lines[i].leaf]];

        str_addf(text, "%*s%s\n", (int)lines[i].depth * 2, "", sent == NULL ? "-" : sent->name != NULL ? sent->name : sent->id);
    }
    return (struct grown){text->s, at};
}

char *
forest_say(TALLOC_CTX *ctx, const struct sent *sent, const struct thread_leaf *leaves, const size_t *threads, size_t count)
{
    struct threads all = {sent, leaves, threads, count};
    struct grown *grown = mem_array(ctx, struct grown, count + 1);
    bool *seen = mem_array(ctx, bool, count + 1);
    struct str *text = str_new(ctx);
    size_t used = 0;

    for (size_t i = 0; i < count; i++)
        if (!seen[threads[i]]) {
            seen[threads[i]] = true;
            grown[used++] = grow(ctx, &all, threads[i]);
        }
    qsort(grown, used, sizeof *grown, compare_grown);
    for (size_t i = 0; i < used; i++)
        str_add(text, grown[i].text);
    return text->s;
}

char *
forest_text(TALLOC_CTX *ctx, const struct sent *sent, size_t count, const struct thread_order *orders, size_t order_count,
            const size_t *order)
{
    struct thread_row *rows = mem_array(ctx, struct thread_row, count + 1);
    struct sent *ordered = mem_array(ctx, struct sent, count + 1);
    struct thread_leaf *leaves = mem_array(ctx, struct thread_leaf, count + 1);
    size_t *threads = mem_array(ctx, size_t, count + 1);
    struct thread_spot *spots;

    for (size_t i = 0; i < count; i++) {
        ordered[i] = sent[order != NULL ? order[i] : i];
        rows[i] = (struct thread_row){ordered[i].id, ordered[i].answers, ordered[i].index, ordered[i].mark};
    }
    spots = thread_place(ctx, rows, count, orders, order_count);
    for (size_t i = 0; i < count; i++) {
        threads[i] = spots[i].thread;
        leaves[i] = (struct thread_leaf){(int64_t)i + 1, spots[i].parent == THREAD_NONE ? 0 : (int64_t)spots[i].parent + 1, spots[i].missing,
                                         mem_printf(ctx, "%s %s", ordered[i].id, ordered[i].name != NULL ? ordered[i].name : ""),
                                         ordered[i].written_us, spots[i].is_copy, false};
    }
    return forest_say(ctx, ordered, leaves, threads, count);
}

size_t *
forest_order(TALLOC_CTX *ctx, size_t count, uint32_t seed)
{
    size_t *order = mem_array(ctx, size_t, count + 1);

    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count; i > 1; i--) {
        size_t other, kept = order[i - 1];

        seed = seed * 1664525 + 1013904223;
        other = (seed >> 8) % i;
        order[i - 1] = order[other];
        order[other] = kept;
    }
    return order;
}

char *
forest_checked(TALLOC_CTX *ctx, const char *what, const struct sent *sent, size_t count, const struct thread_order *orders,
               size_t order_count, int times)
{
    char *first = forest_text(ctx, sent, count, orders, order_count, NULL);

    for (int i = 1; i <= times; i++) {
        TALLOC_CTX *own = talloc_new(NULL);
        char *other = forest_text(own, sent, count, orders, order_count, forest_order(own, count, (uint32_t)i));

        if (strcmp(first, other) != 0)
            fail_msg("%s: order %d gives\n%s, not\n%s", what, i, other, first);
        talloc_free(own);
    }
    return first;
}

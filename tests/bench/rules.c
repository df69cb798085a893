/* rules.c - what it costs to decide about one post: settings, facts and rules, as the worker does it
 *
 *     rules DATABASE LIST ROUNDS
 *
 * Each round reads the list's settings anew, loads the facts of another stranger's post and asks every rule; what a process keeps
 * is kept. Printed as JSON, in milliseconds of wall time: the first decision of a process, the median, the 99th of 100, and this
 * process's own processor time. Nothing else goes on, so the rest of the wall time is PostgreSQL's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mime/summary.h"
#include "policy/rule.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

static double
wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void
decide(struct db *db, const struct list *list, struct rule_cache *cache, int round, const char *expected)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *author = mem_printf(ctx, "stranger%d@nowhere.example", round);
    struct message *message = message_parse(ctx, blob_of(mem_printf(ctx,
        "Received: from a.example by mx.lists.example.jp; Sat, 21 Nov 2026 12:00:00 +0000\r\nFrom: A Stranger <%s>\r\nTo: %s\r\n"
        "Subject: =?utf-8?B?5p2l6YCx44Gu57e057+S44Gr44Gk44GE44Gm?=\r\nMessage-ID: <%d@nowhere.example>\r\nX-Mailer: Mailer 5\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello everybody.\r\n", author, list->address, round)));
    struct rule_auth auth = {.dmarc = "none"};
    struct settings *settings;
    struct facts *facts;

    must(settings_load(db, ctx, list->id, &settings) == STATUS_OK);
    must(facts_load(db, ctx, list, settings, rule_message_read(ctx, message, summary_read(ctx, message), author), &auth, cache,
                    &facts) == STATUS_OK);
    must(str_eq(rules_judge(ctx, facts)->rule, expected));
    talloc_free(ctx);
}

int
main(int argc, char **argv)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int rounds = argc == 4 ? atoi(argv[3]) : 0;
    double *times, begun;
    struct rule_cache *cache = rule_cache_new(ctx);
    struct fault fault = {0};
    struct list *list;
    struct db *db;
    int64_t cpu;

    mem_init();
    crypto_init();
    if (rounds < 1)
        return 64;
    db = db_open(ctx, argv[1], "bench rules");
    must(list_find(db, ctx, argv[2], &list, &fault) == STATUS_OK);
    times = mem_array(ctx, double, rounds);
    begun = wall_ms();
    decide(db, list, cache, 0, "nonmember-moderation");
    printf("{\"first_ms\": %.3f, ", wall_ms() - begun);
    cpu = clock_cpu_us();
    for (int i = 0; i < rounds; i++) {
        begun = wall_ms();
        decide(db, list, cache, i, "nonmember-moderation");
        times[i] = wall_ms() - begun;
    }
    cpu = clock_cpu_us() - cpu;
    qsort(times, (size_t)rounds, sizeof *times, compare);
    printf("\"median_ms\": %.3f, \"p99_ms\": %.3f, \"own_cpu_ms\": %.3f}\n", times[rounds / 2], times[rounds * 99 / 100],
           (double)cpu / 1000 / rounds);
    talloc_free(ctx);
    return 0;
}

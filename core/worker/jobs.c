/* jobs.c - the jobs role: work of the clock */
#include <string.h>
#include <time.h>

#include "policy/list.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/str.h"
#include "worker/child.h"

enum { SEEN_DAYS = 14, LINK_DAYS = 30, RATE_DAYS = 2, WAIT_MS = 1000, PARTITIONS = 4, PARTS_A_TURN = 50 };

#define DAY_US (INT64_C(86400) * US_PER_S)

/* The first day of the month `ahead` months from now. */
static char *
month_ahead(TALLOC_CTX *ctx, int ahead)
{
    time_t now = (time_t)(clock_now_us() / US_PER_S);
    struct tm tm;
    int month;

    gmtime_r(&now, &tm);
    month = tm.tm_mon + ahead;
    return mem_printf(ctx, "%04d-%02d-01", tm.tm_year + 1900 + month / 12, month % 12 + 1);
}

static enum status
make_partitions(struct db *db)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *months[PARTITIONS];
    enum status status;

    for (int i = 0; i < PARTITIONS; i++)
        months[i] = month_ahead(ctx, i);
    status = q_outcome_partitions(db, months[0], months[1], months[2], months[3], NULL);
    talloc_free(ctx);
    return status;
}

static enum status
forget_seen(struct db *db)
{
    return q_seen_forget(db, clock_now_us() - SEEN_DAYS * DAY_US, NULL);
}

static enum status
forget_dns(struct db *db)
{
    return q_dns_cache_forget(db, clock_now_us(), NULL);
}

static enum status
forget_rates(struct db *db)
{
    return q_rate_forget(db, clock_now_us() - RATE_DAYS * DAY_US, NULL);
}

static enum status
forget_links(struct db *db)
{
    return q_mail_link_forget(db, clock_now_us() - LINK_DAYS * DAY_US, NULL);
}

static enum status
forget_batches(struct db *db)
{
    return q_member_batch_forget(db, clock_now_us(), NULL);
}

static enum status
count_members(struct db *db)
{
    return q_member_tally_all(db, clock_now_us(), NULL);
}

static enum status
release_bytes(struct db *db)
{
    return q_message_release(db, clock_now_us() - DAY_US, NULL);
}

/* Part by part, so that no transaction is long; what is left at the end of the turn waits for the next. */
static enum status
erase_lists(struct db *db)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_list_erase_due *rows;
    size_t count;
    enum status status = q_list_erase_due(db, ctx, clock_now_us(), &rows, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        bool done = false;

        for (int part = 0; part < PARTS_A_TURN && !done && status == STATUS_OK; part++)
            status = list_erase_part(db, ctx, rows[i].id, &done);
        if (done)
            log_info("list_erased", "list", "%s", rows[i].address);
    }
    talloc_free(ctx);
    return status;
}

struct periodic {
    const char *name;
    int every_s;
    enum status (*run)(struct db *db);
};

#define PERIODIC(name, every_s, function, help) {#name, every_s, function},
static const struct periodic periodics[] = {
#include "worker/jobs.def"
};
#undef PERIODIC

int
jobs_child(struct child *child)
{
    int64_t due_ms[COUNT_OF(periodics)] = {0};

    while (!child_is_stopping()) {
        int64_t now = clock_monotonic_ms();

        for (size_t i = 0; i < COUNT_OF(periodics) && child_ready(child); i++) {
            enum status status;

            if (due_ms[i] > now)
                continue;
            status = periodics[i].run(child->db);
            if (status != STATUS_OK)
                log_warning("job", "name", "%s", periodics[i].name, "status", "%s", status_row(status)->name);
            due_ms[i] = now + (status == STATUS_OK ? (int64_t)periodics[i].every_s * 1000 : 10000);
        }
        child_sleep(child, WAIT_MS, -1);
    }
    return 0;
}

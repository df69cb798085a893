/* metric-rows.c - the metrics that are rows of the database */
#include "store/metric-rows.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/metrics.h"

/* The samples of one metric stand together, in the order of metrics.def; a value that has no row is 0. */
static void
write_metric(struct str *out, enum metric metric, const struct row_metric_rows *rows, size_t count)
{
    const char *name = metric_row(metric)->name;

    metric_begin(out, metric);
    if (metric == METRIC_OF_BUILD)
        metric_sample(out, metric, PACKAGE_VERSION, 1);
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].name, name))
            metric_sample(out, metric, rows[i].value, rows[i].number);
}

enum status
metric_rows(struct db *db, struct str *out)
{
    TALLOC_CTX *ctx = talloc_new(out);
    struct row_metric_rows *rows;
    size_t count;
    enum status status = q_metric_rows(db, ctx, clock_now_us(), &rows, &count);

    for (int metric = 0; status == STATUS_OK && metric < METRIC_COUNT; metric++)
        if (metric_row((enum metric)metric)->source == METRIC_ROWS)
            write_metric(out, (enum metric)metric, rows, count);
    talloc_free(ctx);
    return status;
}

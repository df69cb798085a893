/* metric-rows.c - the metrics that are rows of the database */
#include "store/metric-rows.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/metrics.h"

static bool
has_row(const char *name, const char *value, const struct row_metric_rows *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].name, name) && str_eq(rows[i].value, value))
            return true;
    return false;
}

/* What is counted and has no row is none: 0. An age without a row is none at all, and has no sample. */
static void
write_missing(struct str *out, enum metric metric, const struct row_metric_rows *rows, size_t count)
{
    const struct metric_row *row = metric_row(metric);
    char **values = str_split(out, row->values, ' ', SIZE_MAX);

    for (size_t i = 0; *row->values != '\0' && values[i] != NULL && !str_ends(row->name, "_seconds"); i++)
        if (!has_row(row->name, values[i], rows, count))
            metric_sample(out, metric, values[i], 0);
    talloc_free(values);
}

/* The samples of one metric stand together, in the order of metrics.def. */
static void
write_metric(struct str *out, enum metric metric, const struct row_metric_rows *rows, size_t count)
{
    const char *name = metric_row(metric)->name;

    metric_begin(out, metric);
    if (metric == METRIC_OF_BUILD) {
        metric_sample(out, metric, PACKAGE_VERSION, 1);
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].name, name))
            metric_sample(out, metric, rows[i].value, rows[i].number);
    write_missing(out, metric, rows, count);
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

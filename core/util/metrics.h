/* metrics.h - numbers about an installation, in Prometheus' text format 0.0.4
 *
 * metrics.def has a row for each. Here they are written; where they come from is told by their source: rows of the database
 * (store/metric-rows.h), or counts in shared memory (util/tally.h). Values are whole numbers; those of metrics in seconds are microseconds.
 * Source: prometheus.io/docs/instrumenting/exposition_formats. */
#ifndef KAIRAN_UTIL_METRICS_H
#define KAIRAN_UTIL_METRICS_H

#include "util/str.h"

enum metric_type { METRIC_COUNTER, METRIC_GAUGE };
enum metric_source { METRIC_ROWS, METRIC_WORKER, METRIC_WEB, METRIC_COMMAND };

#define METRIC(id, type, name, label, values, source, help) METRIC_OF_##id,
enum metric {
#include "util/metrics.def"
    METRIC_COUNT
};
#undef METRIC

struct metric_row {
    enum metric_type type;
    const char *name, *label, *values;
    enum metric_source source;
    const char *help;
};
const struct metric_row *metric_row(enum metric metric);
/* By its name; METRIC_COUNT when there is none. */
enum metric metric_find(const char *name);
/* The place of a value among those of a label ("a b c"), or -1. No label: 0. */
int metric_value_place(const char *values, const char *value);

/* # HELP and # TYPE; then the samples of that metric must follow. */
void metric_begin(struct str *out, enum metric metric);
void metric_sample(struct str *out, enum metric metric, const char *value, int64_t number);

/* The number of a sample in such a text, in the units of metric_sample; false when it is not there. */
bool metric_read(const char *text, enum metric metric, const char *value, int64_t *number_r);

#endif

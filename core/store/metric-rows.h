/* metric-rows.h - the metrics that are rows of the database (util/metrics.def, source ROWS) */
#ifndef KAIRAN_STORE_METRIC_ROWS_H
#define KAIRAN_STORE_METRIC_ROWS_H

#include "store/db.h"
#include "util/str.h"

/* Adds them to `out`; where the database cannot be asked nothing is added, and the status says why. */
enum status metric_rows(struct db *db, struct str *out);

#endif

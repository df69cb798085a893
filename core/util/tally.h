/* tally.h - what the processes of one program count together
 *
 * A program opens the tally before it forks; all its processes then count in the same memory, without locks. The counts begin at 0 with
 * the program and live as long as its master, whatever becomes of a child. What is not opened counts nothing: the command line, tests.
 * Beside them: which children have something in hand, and the newest warnings of the log, for "kairan status". */
#ifndef KAIRAN_UTIL_TALLY_H
#define KAIRAN_UTIL_TALLY_H

#include "util/metrics.h"

enum { TALLY_VALUES = 80, TALLY_CHILDREN = 2000, TALLY_RECENT = 8, TALLY_LINE = 400 };

/* Counts for the metrics of this source; the lines of the log under `log_lines`, busy children under `busy`. */
void tally_open(enum metric_source source, enum metric log_lines, enum metric busy);
/* The values of a label that metrics.def leaves to the program, "a b c"; before forking. They must outlive it. */
void tally_values(enum metric metric, const char *values);

/* A value that the label does not have is a mistake of ours. NULL where there is no label. */
void tally_add(enum metric metric, const char *value, int64_t count);
void tally_set(enum metric metric, const char *value, int64_t number);
int64_t tally_get(enum metric metric, const char *value);       /* 0 where nothing is counted */

/* Child number `child` has something in hand, as the one of that value of the label ("" without a label); NULL: it has nothing. */
void tally_busy(size_t child, const char *value);

/* All metrics of the source that was opened. A time that is 0 has not been yet, and is left out. */
void tally_write(struct str *out);
/* The newest warnings and errors, the oldest first: "2026-11-21T09:12:00Z pid=... event=...". */
void tally_recent(struct str *out);

#endif

/* clock.h - what time it is
 *
 * SQL gets the time as a parameter from here, never from now(): so tests can move it. Wall time is microseconds since
 * 1970 UTC; 0 stands for "no time" (SQL NULL). Intervals inside a process are taken from the monotonic clock. */
#ifndef KAIRAN_UTIL_CLOCK_H
#define KAIRAN_UTIL_CLOCK_H

#include "util/mem.h"

#define US_PER_S INT64_C(1000000)

void clock_shift(int64_t offset_s);     /* from configuration [clock] offset: for tests */
int64_t clock_now_us(void);
int64_t clock_monotonic_ms(void);
int64_t clock_cpu_us(void);             /* what this process has used: for bounds on work that others make us do */

/* For whoever has to know that somebody moved the machine's clock, or that the machine slept: a stopped machine's clock goes on, and is right
 * afterwards. All 0: nobody has looked yet. */
struct clock_seen { int64_t wall_us, monotonic_ms, boot_ms; };
struct clock_change { int64_t moved_s, slept_s; };      /* since the last look; 0 where it is not more than a minute */
struct clock_change clock_look(struct clock_seen *seen);

/* "2026-11-21T09:12:00Z" */
char *clock_iso(TALLOC_CTX *ctx, int64_t time_us);
/* RFC 5322 3.3, always +0000: "Sat, 21 Nov 2026 09:12:00 +0000" */
char *clock_rfc5322(TALLOC_CTX *ctx, int64_t time_us);

#endif

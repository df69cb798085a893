/* when.h - a time as people read it, in their language
 *
 * Times are shown in the process's time zone (when_zone sets it: one zone at a time, as libc has it). The forms are texts of the
 * catalogue in which %Y %m %d %H %M %b are replaced: year, month and day without a leading zero, hour, minute, short English
 * name of the month. */
#ifndef KAIRAN_UTIL_WHEN_H
#define KAIRAN_UTIL_WHEN_H

#include "util/i18n.h"

/* "Asia/Tokyo"; NULL or "" is the system's. A zone that libc does not know is UTC. */
void when_zone(const char *zone);
/* The system's tz database has a zone of this name ("Asia/Tokyo", "UTC"), written so. */
bool when_zone_is_known(const char *zone);
const char *when_zone_name(int64_t time_us);                                                /* "JST" */
char *when_full(TALLOC_CTX *ctx, const struct lang *lang, int64_t time_us);                 /* 21 Nov 2026, 09:12 */
char *when_day(TALLOC_CTX *ctx, const struct lang *lang, int64_t time_us);                  /* 21 Nov 2026 */
char *when_month(TALLOC_CTX *ctx, const struct lang *lang, int year, int month);            /* November 2026 */
/* "5 minutes ago" up to a day, then the day. For pages that are made for one person now, never for cached ones. */
char *when_ago(TALLOC_CTX *ctx, const struct lang *lang, int64_t time_us, int64_t now_us);
/* "2026-12-24": its first second here. False when it is no day. */
bool when_read_day(const char *text, int64_t *time_us_r);
void when_parts(int64_t time_us, int *year_r, int *month_r, int *day_r);
/* The month that an archive counts a post to (post.month): in UTC, whatever the zone, as its address lasts. */
void when_archive_month(int64_t time_us, int *year_r, int *month_r);

#endif

/* view-calendar.h - what an invitation says: what, when, where, who
 *
 * A reader of iCalendar that keeps a few lines of the first events and forgets the rest. Times are told as they are written, with
 * the zone they name: nothing is converted, because zones in mail are names that everybody makes up.
 *
 * Bounds: the first MiB, CALENDAR_EVENTS_MAX events, texts of CALENDAR_TEXT_MAX bytes, CALENDAR_PEOPLE_MAX people; linear.
 * Memory: all in ctx. Sources: RFC 5545, 5546; RFC 6868 for parameters. */
#ifndef KAIRAN_MIME_VIEW_CALENDAR_H
#define KAIRAN_MIME_VIEW_CALENDAR_H

#include "util/mem.h"

enum { CALENDAR_EVENTS_MAX = 20, CALENDAR_TEXT_MAX = 2000, CALENDAR_PEOPLE_MAX = 20 };

struct calendar_event {
    const char *what, *where;           /* "" when not said */
    const char *when;                   /* "2026-11-21 10:00 – 12:00 (Asia/Tokyo)"; "" when not said */
    const char *organizer;              /* "Name <address>", or either; "" */
    const char *people[CALENDAR_PEOPLE_MAX];
    size_t people_count;                /* of those kept */
    size_t people_all;
    bool repeats, is_cancelled;
};

struct calendar {
    const char *method;                 /* "request", "cancel", "reply" ..., small letters; "" when not said */
    struct calendar_event *events;
    size_t count;
    bool is_cut;                        /* there are more events */
};

/* `charset` is the part's label or NULL. NULL when there is no event in it. */
struct calendar *calendar_read(TALLOC_CTX *ctx, const char *charset, struct blob bytes);

#endif

/* log.h - one line per event, key=value, on standard error
 *
 * log.def has one row for each event; nothing else can be logged. A line begins with <priority> as journald reads it (sd-daemon(3)).
 * Values with blanks, quotes, controls or non-ASCII letters are quoted; controls, bytes that are no UTF-8 and what turns the direction
 * of writing are escaped, long values are cut with "...", so that one event is one whole line whatever mail or people put into a field
 * (class C9).
 *
 * Mail addresses: whatever looks like one in a text is shown as [log] addresses says - not at all (*), its domain (*@example.org), or
 * whole - also in the middle of a server's answer. So no caller can forget it. An address of a list or of this installation is no
 * person's and is given as %l, which shows it as it is. Secrets and tokens are never given to this file. */
#ifndef KAIRAN_UTIL_LOG_H
#define KAIRAN_UTIL_LOG_H

#include <stddef.h>

enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARNING = 4, LOG_LEVEL_INFO = 6, LOG_LEVEL_DEBUG = 7 };
enum log_addresses { LOG_ADDRESSES_NONE, LOG_ADDRESSES_DOMAIN, LOG_ADDRESSES_FULL };

#define EVENT(name, level, meaning, todo) EVENT_##name,
enum log_event {
#include "util/log.def"
    EVENT_COUNT
};
#undef EVENT

struct log_row { enum log_level level; const char *name, *meaning, *todo; };
const struct log_row *log_row(enum log_event event);

void log_open(const char *program);     /* program=... in each line; must outlive it */
void log_role(const char *role);        /* role=... in each line of this process; must outlive it */
void log_show(enum log_level least, enum log_addresses addresses);      /* before: INFO and DOMAIN */
/* Is called with each line that is written, without its priority: for what counts and shows them (util/tally.h). */
void log_tell(void (*told)(enum log_event event, const char *line));

/* log_event(EVENT_HELD, "list", "%l", address, "post", "%lld", id): triples of key, format with exactly one conversion, value.
 * Conversions: %s text, %l a list's name or address, %d %u %lld %llu %zu. */
#define log_event(...) log_write(__VA_ARGS__, NULL)
void log_write(enum log_event event, ...) __attribute__((sentinel));

#endif

/* log.h - one line per event, key=value, on standard error
 *
 * A line begins with <priority> as journald reads it (sd-daemon(3)). Values with blanks, quotes, controls or non-ASCII
 * bytes are quoted and escaped, so that one event is one line whatever mail or people put into a field (class C9).
 * Secrets, tokens and members' addresses are never given to this file; ids are. */
#ifndef KAIRAN_UTIL_LOG_H
#define KAIRAN_UTIL_LOG_H

#include <stddef.h>

enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARNING = 4, LOG_LEVEL_INFO = 6, LOG_LEVEL_DEBUG = 7 };

void log_open(const char *program, enum log_level least);
void log_role(const char *role);    /* shown as role=... in each line of this process; must outlive it */

/* log_event(LOG_LEVEL_INFO, "held", "list", "%s", name, "post", "%lld", id, NULL): the event's name, then triples of
 * key, printf format with exactly one conversion, value; ended by NULL. Conversions: %s %d %u %lld %llu %zu. */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));

#define log_info(...) log_event(LOG_LEVEL_INFO, __VA_ARGS__, NULL)
#define log_warning(...) log_event(LOG_LEVEL_WARNING, __VA_ARGS__, NULL)
#define log_error(...) log_event(LOG_LEVEL_ERROR, __VA_ARGS__, NULL)
#define log_debug(...) log_event(LOG_LEVEL_DEBUG, __VA_ARGS__, NULL)

#endif

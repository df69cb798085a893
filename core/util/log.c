/* log.c - one line per event, key=value, on standard error */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/log.h"
#include "util/mem.h"

enum { LINE_MAX_BYTES = 4000 };

/* The log is the one thing every function may use without being handed it. */
static struct { const char *program, *role; enum log_level least; } log_state = {"kairan", "", LOG_LEVEL_INFO};

struct line { char text[LINE_MAX_BYTES + 8]; size_t len; };

static void
line_put(struct line *line, char c)
{
    if (line->len < LINE_MAX_BYTES)
        line->text[line->len++] = c;
}

static void
line_puts(struct line *line, const char *s)
{
    while (*s != '\0')
        line_put(line, *s++);
}

static bool
is_plain(const char *value)
{
    if (*value == '\0')
        return false;
    for (const char *p = value; *p != '\0'; p++)
        if (*p <= ' ' || *p >= 0x7f || *p == '"' || *p == '=' || *p == '\\')
            return false;
    return true;
}

static void
line_put_value(struct line *line, const char *value)
{
    static const char hex[] = "0123456789abcdef";

    if (is_plain(value)) {
        line_puts(line, value);
        return;
    }
    line_put(line, '"');
    for (const unsigned char *p = (const unsigned char *)value; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\') {
            line_put(line, '\\');
            line_put(line, (char)*p);
        } else if (*p < 0x20 || *p == 0x7f) {
            line_puts(line, "\\x");
            line_put(line, hex[*p >> 4]);
            line_put(line, hex[*p & 15]);
        } else {
            line_put(line, (char)*p);
        }
    }
    line_put(line, '"');
}

void
log_open(const char *program, enum log_level least)
{
    log_state.program = program;
    log_state.least = least;
}

void
log_role(const char *role)
{
    log_state.role = role;
}

static void
line_put_arg(struct line *line, const char *format, va_list *args)
{
    char number[32];

    if (strcmp(format, "%s") == 0) {
        const char *s = va_arg(*args, const char *);

        line_put_value(line, s == NULL ? "-" : s);
        return;
    }
    if (strcmp(format, "%d") == 0)
        snprintf(number, sizeof number, "%d", va_arg(*args, int));
    else if (strcmp(format, "%u") == 0)
        snprintf(number, sizeof number, "%u", va_arg(*args, unsigned));
    else if (strcmp(format, "%lld") == 0)
        snprintf(number, sizeof number, "%lld", va_arg(*args, long long));
    else if (strcmp(format, "%llu") == 0)
        snprintf(number, sizeof number, "%llu", va_arg(*args, unsigned long long));
    else {
        must(strcmp(format, "%zu") == 0);
        snprintf(number, sizeof number, "%zu", va_arg(*args, size_t));
    }
    line_puts(line, number);
}

void
log_event(enum log_level level, const char *event, ...)
{
    struct line line = {.len = 0};
    const char *key;
    char head[64];
    va_list args;

    if (level > log_state.least)
        return;
    snprintf(head, sizeof head, "<%d>pid=%d ", (int)level, (int)getpid());
    line_puts(&line, head);
    line_puts(&line, log_state.program);
    if (*log_state.role != '\0') {
        line_put(&line, '-');
        line_puts(&line, log_state.role);
    }
    line_puts(&line, " event=");
    line_put_value(&line, event);
    va_start(args, event);
    while ((key = va_arg(args, const char *)) != NULL) {
        const char *format = va_arg(args, const char *);

        line_put(&line, ' ');
        line_puts(&line, key);
        line_put(&line, '=');
        line_put_arg(&line, format, &args);
    }
    va_end(args);
    line.text[line.len++] = '\n';
    /* One write, so that lines of several processes do not mix; a log that cannot be written stops nothing. */
    if (write(STDERR_FILENO, line.text, line.len) < 0)
        return;
}

/* log.c - one line per event, key=value, on standard error */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/log.h"
#include "util/status.h"
#include "util/str.h"

enum { LINE_MAX_BYTES = 4000, VALUE_MAX_BYTES = 600, NAME_MAX_BYTES = 32 };

#define EVENT(name, level, meaning, todo) {LOG_LEVEL_##level, #name, meaning, todo},
static const struct log_row events[] = {
#include "util/log.def"
};
#undef EVENT

/* The log is the one thing every function may use without being handed it. */
static struct {
    const char *program, *role;
    enum log_level least;
    enum log_addresses addresses;
    void (*told)(enum log_event event, const char *line);
} log_state = {"kairan", "", LOG_LEVEL_INFO, LOG_ADDRESSES_DOMAIN, NULL};

/* What fits, and never a part of a piece: an escape is whole or not there. */
struct line { char text[LINE_MAX_BYTES + 8]; size_t len, limit; bool cut; };

const struct log_row *
log_row(enum log_event event)
{
    must((unsigned)event < COUNT_OF(events));
    return &events[event];
}

void
log_open(const char *program)
{
    log_state.program = program;
}

void
log_role(const char *role)
{
    log_state.role = role;
}

void
log_show(enum log_level least, enum log_addresses addresses)
{
    log_state.least = least;
    log_state.addresses = addresses;
}

void
log_tell(void (*told)(enum log_event event, const char *line))
{
    log_state.told = told;
}

/* --- pieces of a line --- */

static void
put(struct line *line, const char *bytes, size_t len)
{
    line->cut = line->cut || line->len + len > line->limit;
    if (line->cut)
        return;
    memcpy(line->text + line->len, bytes, len);
    line->len += len;
}

static void
put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
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
put_escaped(struct line *line, unsigned char byte)
{
    char hex[8];

    snprintf(hex, sizeof hex, "\\x%02x", byte);
    put_text(line, hex);
}

/* How many bytes at s are one letter that may stand in a line as it is; 0: its first byte is to be escaped. Not C1 controls (U+0080 to
 * U+009F), nor the separators and direction marks of U+200B..U+200F, U+2028..U+202E, U+2060..U+206F and U+FEFF. */
static size_t
letter_len(const unsigned char *s)
{
    size_t len = *s < 0x80 ? 1 : *s >= 0xf0 ? 4 : *s >= 0xe0 ? 3 : 2;

    if (*s < 0x20 || *s == 0x7f || strnlen((const char *)s, len) < len || !utf8_is_valid(s, len))
        return 0;
    if ((s[0] == 0xc2 && s[1] < 0xa0) || (s[0] == 0xd8 && s[1] == 0x9c))
        return 0;
    if (s[0] == 0xe2 && s[1] == 0x80 && ((s[2] >= 0x8b && s[2] <= 0x8f) || (s[2] >= 0xa8 && s[2] <= 0xae)))
        return 0;
    if ((s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa0 && s[2] <= 0xaf) || (s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf))
        return 0;
    return len;
}

static void
put_quoted(struct line *line, const char *value)
{
    size_t len, line_end = line->limit;

    if (line->cut)
        return;
    put_text(line, "\"");
    line->limit = line->len + VALUE_MAX_BYTES < line_end ? line->len + VALUE_MAX_BYTES : line_end;
    for (const unsigned char *p = (const unsigned char *)value; *p != '\0' && !line->cut; p += len == 0 ? 1 : len) {
        char escaped[3] = {'\\', (char)*p, '\0'};

        len = letter_len(p);
        if (len == 0)
            put_escaped(line, *p);
        else if (*p == '"' || *p == '\\')
            put_text(line, escaped);
        else
            put(line, (const char *)p, len);
    }
    line->limit = LINE_MAX_BYTES + 4;       /* room for the end of a value, however long the line is */
    if (line->cut) {
        line->cut = false;
        put_text(line, "...");
    }
    put_text(line, "\"");
    line->limit = line_end;
}

static void
put_value(struct line *line, const char *value)
{
    if (is_plain(value) && strlen(value) <= VALUE_MAX_BYTES)
        put_text(line, value);
    else
        put_quoted(line, value);
}

/* --- addresses --- */

static bool
is_local_byte(unsigned char c)
{
    return isalnum(c) || c >= 0x80 || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static bool
is_domain_byte(unsigned char c)
{
    return isalnum(c) || c >= 0x80 || c == '.' || c == '-' || c == '[' || c == ']' || c == ':';
}

/* The byte has an odd number of backslashes before it. */
static bool
is_escaped(const char *text, const char *byte)
{
    size_t count = 0;

    while (byte - count > text && byte[-1 - (ptrdiff_t)count] == '\\')
        count++;
    return count % 2 == 1;
}

/* Where the quoted string that ends before `end` begins; NULL: it is none. */
static const char *
quoted_begin(const char *text, const char *end)
{
    if (end == text || end[-1] != '"' || is_escaped(text, end - 1))
        return NULL;
    for (const char *begin = end - 1; begin > text; begin--)
        if (begin[-1] == '"' && !is_escaped(text, begin - 1))
            return begin - 1;
    return NULL;
}

/* Where the local part that ends before `at` begins: of atoms, or quoted. What is neither, such as one with a comment or half a
 * quotation, is hidden back to the last blank. */
static const char *
local_begin(const char *text, const char *at)
{
    const char *begin = quoted_begin(text, at);

    if (begin != NULL)
        return begin;
    for (begin = at; begin > text && is_local_byte((unsigned char)begin[-1]);)
        begin--;
    if (begin < at && (begin == text || strchr("\\\")", begin[-1]) == NULL))
        return begin;
    for (begin = at; begin > text && (unsigned char)begin[-1] > ' ';)
        begin--;
    return begin;
}

/* A text without what people would be known by. */
static void
hide_addresses(const char *text, char *out, size_t room)
{
    const char *done = text, *at = text;
    size_t len = 0;

    while ((at = strchr(at, '@')) != NULL) {
        const char *begin = local_begin(done, at), *end = at + 1;

        while (is_domain_byte((unsigned char)*end))
            end++;
        if (begin < at && end > at + 1) {
            bool shows_domain = log_state.addresses == LOG_ADDRESSES_DOMAIN;

            len += (size_t)snprintf(out + len, room - len, "%.*s*%.*s", (int)(begin - done), done,
                                    shows_domain ? (int)(end - at) : 0, at);
            done = end;
            if (len >= room)
                return;
        }
        at = end;
    }
    snprintf(out + len, room - len, "%s", done);
}

static void
put_shown(struct line *line, const char *value)
{
    char shown[2 * VALUE_MAX_BYTES], cut[2 * VALUE_MAX_BYTES];

    if (log_state.addresses == LOG_ADDRESSES_FULL || strchr(value, '@') == NULL) {
        put_value(line, value);
        return;
    }
    /* Cut before it is looked through, so that work is bounded; and between two words, so that no half of an address is left. */
    if ((size_t)snprintf(cut, sizeof cut, "%s", value) >= sizeof cut)
        for (size_t len = strlen(cut); len > 0 && cut[len] != ' '; len--)
            cut[len] = '\0';
    hide_addresses(cut, shown, sizeof shown);
    put_value(line, shown);
}

/* --- a line --- */

static void
put_arg(struct line *line, const char *format, va_list *args)
{
    char number[32];

    if (strcmp(format, "%s") == 0 || strcmp(format, "%l") == 0) {
        const char *text = va_arg(*args, const char *);

        if (text == NULL)
            put_text(line, "-");
        else if (format[1] == 'l')
            put_value(line, text);
        else
            put_shown(line, text);
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
    put_text(line, number);
}

static void
put_head(struct line *line, enum log_event event)
{
    char head[64], name[NAME_MAX_BYTES];
    size_t len = 0;

    snprintf(head, sizeof head, "<%d>pid=%d program=", (int)events[event].level, (int)getpid());
    put_text(line, head);
    put_text(line, log_state.program);
    if (*log_state.role != '\0') {
        put_text(line, " role=");
        put_text(line, log_state.role);
    }
    for (const char *p = events[event].name; *p != '\0' && len < sizeof name - 1; p++)
        name[len++] = (char)tolower((unsigned char)*p);
    put_text(line, " event=");
    put(line, name, len);
}

void
log_write(enum log_event event, ...)
{
    struct line line = {.limit = LINE_MAX_BYTES};
    const char *key;
    va_list args;

    must((unsigned)event < COUNT_OF(events));
    if (events[event].level > log_state.least)
        return;
    put_head(&line, event);
    va_start(args, event);
    while ((key = va_arg(args, const char *)) != NULL) {
        const char *format = va_arg(args, const char *);

        put_text(&line, " ");
        put_text(&line, key);
        put_text(&line, "=");
        put_arg(&line, format, &args);
    }
    va_end(args);
    line.text[line.len] = '\0';
    if (log_state.told != NULL)
        log_state.told(event, strchr(line.text, '>') + 1);
    line.text[line.len++] = '\n';
    /* One write, so that lines of several processes do not mix; a log that cannot be written stops nothing. */
    if (write(STDERR_FILENO, line.text, line.len) < 0)
        return;
}

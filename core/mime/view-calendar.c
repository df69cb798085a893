/* view-calendar.c - the few lines of an invitation that people read */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "mime/charset.h"
#include "mime/mask.h"
#include "mime/view-calendar.h"
#include "util/str.h"

enum { READ_MOST = 1 << 20, STAMP_MOST = 40 };

struct reader {
    TALLOC_CTX *ctx;
    struct calendar *calendar;
    struct calendar_event *event;       /* the open one */
    int inner;                          /* depth of components inside it (alarms), whose lines are not its own */
    char start[STAMP_MOST], end[STAMP_MOST], zone[STAMP_MOST * 2];
};

/* NAME;PARAM=VALUE;...:VALUE */
struct property { const char *name, *params, *value; };

/* Lines that go on in the next are joined as bytes: mailers fold in the middle of a letter. */
static struct blob
unfold(TALLOC_CTX *ctx, struct blob bytes)
{
    struct str *out = str_new(ctx);
    const uint8_t *p = bytes.data, *end = p + (bytes.len < READ_MOST ? bytes.len : READ_MOST);

    while (p < end) {
        const uint8_t *lf = memchr(p, '\n', (size_t)(end - p)), *stop = lf != NULL ? lf : end;
        bool goes_on = lf != NULL && lf + 1 < end && (lf[1] == ' ' || lf[1] == '\t');

        if (stop > p && stop[-1] == '\r')
            stop--;
        str_addn(out, p, (size_t)(stop - p));
        if (!goes_on)
            str_addc(out, '\n');
        p = lf == NULL ? end : lf + 1 + goes_on;
    }
    return str_blob(out);
}

/* Cuts the line in place; a colon within quotation marks belongs to a parameter. */
static bool
cut_line(char *line, struct property *property_r)
{
    bool quoted = false;
    char *s = line;

    *property_r = (struct property){.name = line, .params = ""};
    for (; *s != '\0' && (quoted || *s != ':'); s++) {
        if (*s == '"')
            quoted = !quoted;
        else if (*s == ';' && property_r->params[0] == '\0' && !quoted) {
            *s = '\0';
            property_r->params = s + 1;
        }
    }
    if (*s == '\0')
        return false;
    *s = '\0';
    property_r->value = s + 1;
    return true;
}

/* A parameter's value without its quotation marks, "" when it is not there. */
static char *
parameter(TALLOC_CTX *ctx, const char *params, const char *name)
{
    size_t len = strlen(name);

    while (*params != '\0') {
        const char *value = strncasecmp(params, name, len) == 0 && params[len] == '=' ? params + len + 1 : NULL;
        const char *s = params;
        bool quoted = false;

        for (; *s != '\0' && (quoted || *s != ';'); s++)
            quoted = quoted != (*s == '"');
        if (value != NULL && *value == '"')
            return mem_strndup(ctx, value + 1, strcspn(value + 1, "\""));
        if (value != NULL)
            return mem_strndup(ctx, value, (size_t)(s - value));
        params = *s == ';' ? s + 1 : s;
    }
    return mem_strdup(ctx, "");
}

/* TEXT: "\n" is a line end, "\," a comma. */
static char *
plain_text(TALLOC_CTX *ctx, const char *value)
{
    struct str *out = str_new(NULL);
    char *text;

    for (const char *s = value; *s != '\0'; s++) {
        if (*s != '\\' || s[1] == '\0')
            str_addc(out, *s);
        else {
            s++;
            str_addc(out, *s == 'n' || *s == 'N' ? '\n' : *s);
        }
    }
    text = utf8_cut_bytes(ctx, str_trim(out, out->s), CALENDAR_TEXT_MAX);
    mask_tokens(text, strlen(text));
    talloc_free(out);
    return text;
}

/* 20261121T100000 as "2026-11-21 10:00", 20261121 as "2026-11-21"; "" when it is neither. */
static void
stamp(const char *value, char out[STAMP_MOST])
{
    size_t digits = strspn(value, "0123456789");
    bool timed = digits == 8 && value[8] == 'T' && strspn(value + 9, "0123456789") >= 4;

    out[0] = '\0';
    if (digits != 8)
        return;
    snprintf(out, STAMP_MOST, "%.4s-%.2s-%.2s", value, value + 4, value + 6);
    if (timed)
        snprintf(out + 10, STAMP_MOST - 10, " %.2s:%.2s", value + 9, value + 11);
}

static void
take_time(struct reader *reader, const struct property *property, char out[STAMP_MOST])
{
    char *zone = parameter(reader->ctx, property->params, "TZID");

    stamp(property->value, out);
    if (str_ends(property->value, "Z"))
        snprintf(reader->zone, sizeof(reader->zone), "UTC");
    else if (*zone != '\0' && strlen(zone) < sizeof(reader->zone))
        snprintf(reader->zone, sizeof(reader->zone), "%s", zone);
}

static char *
person(TALLOC_CTX *ctx, const struct property *property)
{
    const char *address = property->value;
    char *name = parameter(ctx, property->params, "CN");

    if (str_starts_nocase(address, "mailto:"))
        address += 7;
    if (strchr(address, '@') == NULL)
        address = "";
    if (*name == '\0' || str_eq(name, address))
        return utf8_cut_bytes(ctx, address, CALENDAR_TEXT_MAX);
    name = utf8_cut_bytes(ctx, name, CALENDAR_TEXT_MAX / 2);
    return *address == '\0' ? name : mem_printf(ctx, "%s <%s>", name, utf8_cut_bytes(ctx, address, CALENDAR_TEXT_MAX / 2));
}

static void
take_person(struct reader *reader, const struct property *property)
{
    struct calendar_event *event = reader->event;

    event->people_all++;
    if (event->people_count < CALENDAR_PEOPLE_MAX)
        event->people[event->people_count++] = person(reader->ctx, property);
}

static bool
is_named(const struct property *property, const char *name)
{
    return str_eq_nocase(property->name, name);
}

static void
event_line(struct reader *reader, const struct property *property)
{
    struct calendar_event *event = reader->event;

    if (is_named(property, "SUMMARY"))
        event->what = plain_text(reader->ctx, property->value);
    else if (is_named(property, "LOCATION"))
        event->where = plain_text(reader->ctx, property->value);
    else if (is_named(property, "DTSTART") || is_named(property, "DUE"))
        take_time(reader, property, reader->start);
    else if (is_named(property, "DTEND"))
        take_time(reader, property, reader->end);
    else if (is_named(property, "ORGANIZER"))
        event->organizer = person(reader->ctx, property);
    else if (is_named(property, "ATTENDEE"))
        take_person(reader, property);
    else if (is_named(property, "RRULE"))
        event->repeats = true;
    else if (is_named(property, "STATUS"))
        event->is_cancelled = str_eq_nocase(property->value, "CANCELLED");
}

/* The same day is said once. */
static char *
when_text(const struct reader *reader)
{
    struct str *out = str_new(reader->ctx);
    bool same_day = strncmp(reader->start, reader->end, 10) == 0;

    str_add(out, reader->start);
    if (reader->end[0] != '\0' && !str_eq(reader->start, reader->end)) {
        str_add(out, " – ");
        str_add(out, same_day && strlen(reader->end) > 11 ? reader->end + 11 : reader->end);
    }
    if (reader->zone[0] != '\0' && strlen(reader->start) > 10)
        str_addf(out, " (%s)", reader->zone);
    return out->s;
}

static void
begin_event(struct reader *reader)
{
    struct calendar *calendar = reader->calendar;

    if (calendar->count == CALENDAR_EVENTS_MAX) {
        calendar->is_cut = true;
        return;
    }
    reader->event = &calendar->events[calendar->count++];
    *reader->event = (struct calendar_event){.what = "", .where = "", .when = "", .organizer = ""};
    reader->start[0] = reader->end[0] = reader->zone[0] = '\0';
    reader->inner = 0;
}

static bool
is_event(const char *value)
{
    return str_eq_nocase(value, "VEVENT") || str_eq_nocase(value, "VTODO");
}

static void
take_line(struct reader *reader, const struct property *property)
{
    bool begins = is_named(property, "BEGIN"), ends = is_named(property, "END");

    if (reader->event == NULL) {
        if (begins && is_event(property->value))
            begin_event(reader);
        else if (is_named(property, "METHOD"))
            reader->calendar->method = str_lower(reader->ctx, property->value);
    } else if (begins) {
        reader->inner++;
    } else if (ends && reader->inner > 0) {
        reader->inner--;
    } else if (ends) {
        reader->event->when = when_text(reader);
        reader->event = NULL;
    } else if (reader->inner == 0) {
        event_line(reader, property);
    }
}

struct calendar *
calendar_read(TALLOC_CTX *ctx, const char *charset, struct blob bytes)
{
    struct calendar *calendar = mem_new(ctx, struct calendar);
    struct reader reader = {.ctx = calendar, .calendar = calendar};
    TALLOC_CTX *scratch = talloc_new(NULL);
    char *line = charset_to_utf8(scratch, charset, unfold(scratch, bytes)), *next;
    struct property property;

    calendar->method = "";
    calendar->events = mem_array(calendar, struct calendar_event, CALENDAR_EVENTS_MAX);
    for (; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        if (cut_line(line, &property))
            take_line(&reader, &property);
    }
    if (reader.event != NULL)
        reader.event->when = when_text(&reader);
    talloc_free(scratch);
    if (calendar->count > 0)
        return calendar;
    talloc_free(calendar);
    return NULL;
}

/* header.c - one pass over the lines of a header */
#include <string.h>
#include <strings.h>

#include "mime/header.h"

static bool
is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

/* The line at p with its end; `len` without it. */
struct line {
    const uint8_t *p;
    size_t len;
    size_t whole;
};

static struct line
line_at(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *lf = memchr(p, '\n', (size_t)(end - p));
    struct line line = {p, (size_t)((lf != NULL ? lf : end) - p), (size_t)((lf != NULL ? lf + 1 : end) - p)};

    if (lf != NULL && line.len > 0 && p[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* RFC 5322 3.6.8 with blanks before the colon as 4.5 allows. Returns the length of the name or 0; colon_r is its place. */
static size_t
name_at(const struct line *line, size_t *colon_r)
{
    size_t name = 0, colon;

    while (name < line->len && line->p[name] > 32 && line->p[name] < 127 && line->p[name] != ':')
        name++;
    for (colon = name; colon < line->len && is_blank(line->p[colon]); colon++)
        ;
    if (name == 0 || colon >= line->len || line->p[colon] != ':')
        return 0;
    *colon_r = colon;
    return name;
}

static void
field_add(struct header *header, size_t *room, const struct header_field *field)
{
    if (header->count == HEADER_FIELDS_MAX) {
        header->defects |= HEADER_CUT;
        return;
    }
    if (header->count == *room) {
        *room = *room == 0 ? 32 : *room * 2;
        header->fields = mem_resize(header, header->fields, struct header_field, *room);
    }
    header->fields[header->count++] = *field;
}

/* The line belongs to the field before it. */
static void
field_extend(struct header *header, struct header_field *field, const struct line *line)
{
    size_t value = (size_t)(line->p + line->len - field->value);

    field->len += line->whole;
    if (value > HEADER_FIELD_MAX) {
        value = HEADER_FIELD_MAX;
        header->defects |= HEADER_VALUE_CUT;
    }
    field->value_len = value;
}

/* What parse() knows between two lines. */
struct scan {
    struct header *header;
    size_t room;
    bool open;                  /* `field` is being read */
    struct header_field field;
    const uint8_t *defect;      /* the first line that is no field, and how many fields stand before it */
    size_t before_defect;
};

static void
scan_flush(struct scan *scan)
{
    if (scan->open)
        field_add(scan->header, &scan->room, &scan->field);
    scan->open = false;
}

static void
scan_line(struct scan *scan, const struct line *line)
{
    size_t colon = 0, name;

    if (is_blank(line->p[0]) && scan->open) {
        field_extend(scan->header, &scan->field, line);
        return;
    }
    scan_flush(scan);
    name = name_at(line, &colon);
    if (name == 0) {
        if (scan->defect == NULL) {
            scan->defect = line->p;
            scan->before_defect = scan->header->count;
        }
        scan->header->defects |= HEADER_NO_COLON;
        return;
    }
    scan->field = (struct header_field){.start = line->p, .name_len = name, .value = line->p + colon + 1};
    field_extend(scan->header, &scan->field, line);
    scan->open = true;
}

/* Forwarded messages begin with the quoted form, where somebody kept them in an mbox. */
static bool
is_mbox_line(const struct line *line)
{
    size_t quoted = line->len > 0 && line->p[0] == '>', colon;

    return line->len >= quoted + 5 && memcmp(line->p + quoted, "From ", 5) == 0 && name_at(line, &colon) == 0;
}

/* Where the fields begin: after an mbox line; at the end, when what follows is no header but text. */
static bool
header_starts(struct header *header, const uint8_t **p, const uint8_t *end)
{
    struct line line;
    size_t colon;

    if (*p == end)
        return true;
    line = line_at(*p, end);
    if (is_mbox_line(&line)) {
        header->defects |= HEADER_MBOX_LINE;
        *p += line.whole;
        if (*p == end)
            return true;
        line = line_at(*p, end);
    }
    return line.len == 0 || name_at(&line, &colon) > 0;
}

/* The first line that was no field began the body. */
static void
end_at_defect(struct scan *scan)
{
    struct header *header = scan->header;

    header->count = scan->before_defect;
    header->body_offset = (size_t)(scan->defect - header->message.data);
    header->defects &= ~(unsigned)HEADER_UNENDED;
}

/* One line; beyond the bound only what continues a field still counts. */
static void
scan_bounded(struct scan *scan, const struct line *line)
{
    struct header *header = scan->header;

    if ((size_t)(line->p - header->message.data) < HEADER_BYTES_MAX)
        scan_line(scan, line);
    else if (scan->open && is_blank(line->p[0]))
        field_extend(header, &scan->field, line);
    else {
        scan_flush(scan);
        header->defects |= HEADER_CUT;
    }
}

static struct header *
parse(TALLOC_CTX *ctx, struct blob message, bool is_part)
{
    struct header *header = mem_new(ctx, struct header);
    const uint8_t *p = message.data, *end = p + message.len;
    struct scan scan = {.header = header};

    header->message = message;
    if (!header_starts(header, &p, end)) {
        header->defects |= HEADER_NO_COLON;
        header->body_offset = (size_t)(p - message.data);
        return header;
    }
    header->body_offset = message.len;
    header->defects |= HEADER_UNENDED;
    while (p < end && (header->defects & HEADER_UNENDED) && !(is_part && scan.defect != NULL)) {
        struct line line = line_at(p, end);

        p += line.whole;
        if (line.len == 0) {
            header->body_offset = (size_t)(p - message.data);
            header->defects &= ~(unsigned)HEADER_UNENDED;
        } else
            scan_bounded(&scan, &line);
    }
    scan_flush(&scan);
    if ((header->defects & HEADER_UNENDED) && scan.defect != NULL)
        end_at_defect(&scan);
    return header;
}

struct header *
header_parse(TALLOC_CTX *ctx, struct blob message)
{
    return parse(ctx, message, false);
}

struct header *
header_parse_part(TALLOC_CTX *ctx, struct blob part)
{
    return parse(ctx, part, true);
}

bool
header_field_is(const struct header_field *field, const char *name)
{
    return field->name_len == strlen(name) && strncasecmp((const char *)field->start, name, field->name_len) == 0;
}

bool
header_field_is_among(const struct header_field *field, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (header_field_is(field, names[i]))
            return true;
    return false;
}

const struct header_field *
header_find(const struct header *header, const char *name, size_t nth)
{
    for (size_t i = 0; i < header->count; i++)
        if (header_field_is(&header->fields[i], name) && nth-- == 0)
            return &header->fields[i];
    return NULL;
}

size_t
header_count(const struct header *header, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < header->count; i++)
        count += header_field_is(&header->fields[i], name);
    return count;
}

struct blob
header_raw(const struct header_field *field)
{
    if (field == NULL)
        return blob_of("");
    return (struct blob){field->value, field->value_len};
}

char *
header_value(TALLOC_CTX *ctx, const struct header_field *field)
{
    char *value, *to;
    size_t skip = 0;

    if (field == NULL)
        return NULL;
    while (skip < field->value_len && strchr(" \t\r\n", field->value[skip]) != NULL && field->value[skip] != '\0')
        skip++;
    to = value = mem_array(ctx, char, field->value_len - skip + 1);
    for (size_t i = skip; i < field->value_len; i++)
        if (field->value[i] != '\r' && field->value[i] != '\n' && field->value[i] != '\0')
            *to++ = (char)field->value[i];
    while (to > value && is_blank((uint8_t)to[-1]))
        to--;
    *to = '\0';
    return value;
}

char *
header_get(TALLOC_CTX *ctx, const struct header *header, const char *name)
{
    return header_value(ctx, header_find(header, name, 0));
}

/* part.c - one pass over the lines of a message, a tree of ranges */
#include <string.h>

#include "mime/params.h"
#include "mime/part.h"
#include "mime/transfer.h"
#include "util/str.h"

struct walk {
    struct message *message;
    const uint8_t *start, *p, *end;
    struct part *open;          /* the innermost part that is not ended */
};

/* Where the next line begins, and the length of this one without its end. */
static const uint8_t *
next_line(const uint8_t *p, const uint8_t *end, size_t *len_r)
{
    const uint8_t *lf = memchr(p, '\n', (size_t)(end - p)), *stop = lf != NULL ? lf : end;

    *len_r = (size_t)(stop - p);
    if (lf != NULL && *len_r > 0 && p[*len_r - 1] == '\r')
        --*len_r;
    return lf != NULL ? lf + 1 : end;
}

/* The line is "--boundary" or "--boundary--", blanks behind it allowed. */
static bool
is_boundary(const char *boundary, const uint8_t *line, size_t len, bool *closes_r)
{
    size_t want = strlen(boundary);

    while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    if (len < want + 2 || memcmp(line + 2, boundary, want) != 0)
        return false;
    *closes_r = len == want + 4 && memcmp(line + want + 2, "--", 2) == 0;
    return *closes_r || len == want + 2;
}

/* Which open multipart this line is a boundary of, the innermost first; NULL when it is none. */
static struct part *
boundary_of(struct part *open, const uint8_t *line, size_t len, bool *closes_r)
{
    if (len < 3 || line[0] != '-' || line[1] != '-')
        return NULL;
    for (struct part *part = open; part != NULL; part = part->parent)
        if (part->boundary != NULL && part->close_start == SIZE_MAX && is_boundary(part->boundary, line, len, closes_r))
            return part;
    return NULL;
}

/* The line end before `at` belongs to the boundary there. */
static size_t
end_before(const struct walk *walk, size_t at, size_t body_start)
{
    if (at > body_start && walk->start[at - 1] == '\n')
        at--;
    if (at > body_start && walk->start[at - 1] == '\r')
        at--;
    return at;
}

static char *
clean_lower(TALLOC_CTX *ctx, const char *value)
{
    char *clean = utf8_clean(NULL, value, strlen(value)), *lower = str_lower(ctx, clean);

    talloc_free(clean);
    return lower;
}

/* "Text / Plain" is text/plain; what follows in another word is forgotten punctuation; what has no subtype is taken for
 * text (RFC 2045 5.2). */
static char *
type_text(TALLOC_CTX *ctx, const char *value)
{
    static const char blanks[] = " \t";
    char *type = clean_lower(NULL, value), *slash = strchr(type, '/'), *subtype, *result;

    if (slash == NULL)
        result = mem_strdup(ctx, "text/plain");
    else {
        subtype = slash + 1 + strspn(slash + 1, blanks);
        subtype[strcspn(subtype, blanks)] = '\0';
        type[strcspn(type, " \t/")] = '\0';
        result = mem_printf(ctx, "%s/%s", type, subtype);
    }
    talloc_free(type);
    return result;
}

static void
read_type(struct part *part)
{
    const struct header_field *field = header_find(part->header, "Content-Type", 0);
    struct params *params;
    const char *format, *delsp;

    if (field == NULL) {
        bool digest = part->parent != NULL && str_eq(part->parent->type, "multipart/digest");

        part->type = digest ? "message/rfc822" : "text/plain";
        return;
    }
    params = params_parse(part, header_raw(field));
    part->type = type_text(part, params->value);
    if (params_get(params, "charset") != NULL)
        part->charset = clean_lower(part, params_get(params, "charset"));
    if (part_is_multipart(part) && !str_is_empty(params_get(params, "boundary")))
        part->boundary = params_get(params, "boundary");
    format = params_get(params, "format");
    delsp = params_get(params, "delsp");
    part->flowed = format != NULL && str_eq_nocase(format, "flowed") && str_eq(part->type, "text/plain");
    part->delsp = delsp != NULL && str_eq_nocase(delsp, "yes");
    part->file_name = params_get(params, "name");
}

/* A name without folders, as the sender's machine wrote them. */
static const char *
base_name(const char *name)
{
    for (const char *p = name; *p != '\0'; p++)
        if ((*p == '/' || *p == '\\') && p[1] != '\0')
            name = p + 1;
    return name;
}

static void
read_disposition(struct part *part)
{
    const struct header_field *field = header_find(part->header, "Content-Disposition", 0);

    if (field != NULL) {
        struct params *params = params_parse(part, header_raw(field));

        part->disposition = clean_lower(part, params->value);
        if (!str_is_empty(params_get(params, "filename")))
            part->file_name = params_get(params, "filename");
    }
    if (part->file_name != NULL)
        part->file_name = *part->file_name != '\0' ? base_name(part->file_name) : NULL;
}

static void
read_encoding(struct part *part)
{
    const struct header_field *field = header_find(part->header, "Content-Transfer-Encoding", 0);
    struct params *params = field != NULL ? params_parse(part, header_raw(field)) : NULL;
    char *id = header_get(part, part->header, "Content-ID");

    part->cte = params != NULL && *params->value != '\0' ? clean_lower(part, params->value) : "7bit";
    if (id != NULL && id[0] == '<' && str_ends(id, ">"))
        id = mem_strndup(part, id + 1, strlen(id) - 2);
    part->content_id = id != NULL ? utf8_clean(part, id, strlen(id)) : NULL;
}

static struct part *
part_add(struct walk *walk, struct part *parent, size_t at)
{
    struct message *message = walk->message;
    struct part *part = mem_new(message, struct part);

    part->header_start = part->body_start = part->body_end = at;
    part->close_start = SIZE_MAX;
    part->index = message->count;
    part->parent = parent;
    if (parent != NULL) {
        part->depth = parent->depth + 1;
        if (parent->last != NULL)
            parent->last->next = part;
        else
            parent->first = part;
        parent->last = part;
    } else
        message->root = part;
    if ((message->count & (message->count - 1)) == 0)
        message->parts = mem_resize(message, message->parts, struct part *, message->count == 0 ? 1 : message->count * 2);
    message->parts[message->count++] = part;
    return part;
}

/* Up to and with the empty line, or up to a boundary of a part around it. */
static const uint8_t *
header_end(const struct walk *walk, struct part *parent)
{
    const uint8_t *p = walk->p;

    while (p < walk->end) {
        size_t len;
        const uint8_t *next = next_line(p, walk->end, &len);
        bool closes;

        if (len == 0)
            return next;
        if (boundary_of(parent, p, len, &closes) != NULL)
            return p;
        p = next;
    }
    return p;
}

static bool
holds_message(const struct part *part)
{
    static const char *const types[] = {"message/rfc822", "message/global", "message/news"};

    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strcmp(part->type, types[i]) == 0)
            return transfer_is_identity(part->cte);
    return false;
}

/* Reads the header at walk->p as a new part's; walk->p is then at its body. */
static void
begin_part(struct walk *walk, struct part *parent)
{
    struct part *part = part_add(walk, parent, (size_t)(walk->p - walk->start));
    const uint8_t *end = header_end(walk, parent);

    if (parent != NULL)
        part->header = header_parse_part(part, (struct blob){walk->p, (size_t)(end - walk->p)});
    else
        part->header = header_parse(part, (struct blob){walk->p, (size_t)(end - walk->p)});
    walk->p += part->header->body_offset;
    part->body_start = (size_t)(walk->p - walk->start);
    read_type(part);
    read_disposition(part);
    read_encoding(part);
    walk->open = part;
    if (part->depth == PART_DEPTH_MAX && (part->boundary != NULL || holds_message(part))) {
        part->boundary = NULL;
        walk->message->cut = true;
    }
}

static bool
is_full(struct walk *walk)
{
    if (walk->message->count < PART_COUNT_MAX)
        return false;
    walk->message->cut = true;
    return true;
}

/* A part, and the messages that begin where it does. False when there may be no more parts. */
static bool
begin_parts(struct walk *walk, struct part *parent)
{
    do {
        if (is_full(walk))
            return false;
        begin_part(walk, parent);
        parent = walk->open;
    } while (holds_message(parent) && parent->depth < PART_DEPTH_MAX);
    return true;
}

static void
end_parts(struct walk *walk, const struct part *keep, size_t at)
{
    size_t inner = 0;

    for (struct part *part = walk->open; part != keep; part = part->parent) {
        part->body_end = end_before(walk, at, part->body_start);
        if (part->body_end < inner)     /* a message inside that is only a header keeps its empty line */
            part->body_end = inner;
        inner = part->body_end;
    }
}

static void
walk_lines(struct walk *walk)
{
    bool more = begin_parts(walk, NULL);

    while (more && walk->p < walk->end) {
        const uint8_t *line = walk->p;
        bool closes = false;
        size_t len;
        struct part *owner;

        walk->p = next_line(line, walk->end, &len);
        owner = boundary_of(walk->open, line, len, &closes);
        if (owner == NULL)
            continue;
        end_parts(walk, owner, (size_t)(line - walk->start));
        walk->open = owner;
        if (closes)
            owner->close_start = (size_t)(line - walk->start);
        else
            more = begin_parts(walk, owner);
    }
    for (struct part *part = walk->open; part != NULL; part = part->parent)
        part->body_end = (size_t)(walk->end - walk->start);
}

static void
measure(struct message *message, struct part *part)
{
    const uint8_t *p = message->raw.data + part->body_start, *end = message->raw.data + part->body_end;
    struct blob body = {p, (size_t)(end - p)};

    while (p < end) {
        size_t len;

        p = next_line(p, end, &len);
        if (len > part->longest_line)
            part->longest_line = len;
    }
    part->has_8bit = blob_has_8bit(body);
    part->size = transfer_size(part->cte, body);
}

struct message *
message_parse(TALLOC_CTX *ctx, struct blob raw)
{
    struct message *message = mem_new(ctx, struct message);
    struct walk walk = {message, raw.data, raw.data, raw.data + raw.len, NULL};

    message->raw = raw;
    walk_lines(&walk);
    message->header = message->root->header;
    message->header->message = raw;
    for (size_t i = 0; i < message->count; i++)
        if (part_is_leaf(message->parts[i]))
            measure(message, message->parts[i]);
    return message;
}

bool
part_is_leaf(const struct part *part)
{
    return part->first == NULL;
}

bool
part_is_multipart(const struct part *part)
{
    return str_starts(part->type, "multipart/");
}

bool
part_is_signed(const struct part *part)
{
    for (; part != NULL; part = part->parent)
        if (str_eq(part->type, "multipart/signed") || str_eq(part->type, "multipart/encrypted"))
            return true;
    return false;
}

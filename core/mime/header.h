/* header.h - the fields of a message, found in its raw bytes
 *
 * Nothing is copied or changed: a field points into the message, so that signatures and edits work on exactly the bytes
 * received. The header ends after the first empty line. A line that is neither a field nor a continuation is a defect and is
 * stepped over (a message may not hide a second From behind it), unless no empty line follows: then it begins the body. A
 * message whose first line is no field has no header at all. An mbox "From " or ">From " line at the beginning is stepped over.
 *
 * Bounds: fields are taken from the first 1 MiB of header, at most 10,000 of them, and of one value the first 64 KiB;
 * body_offset is right all the same. Linear. Lines may also end in a lone LF (files under test); nothing else is lenient.
 * Memory: the result lives in ctx and points into `message`. Sources: RFC 5322 2.2, 4.5.8; CVE-2024-23185. */
#ifndef KAIRAN_MIME_HEADER_H
#define KAIRAN_MIME_HEADER_H

#include "util/mem.h"

enum { HEADER_BYTES_MAX = 1 << 20, HEADER_FIELD_MAX = 64 << 10, HEADER_FIELDS_MAX = 10000 };

enum header_defect {
    HEADER_CUT = 1,             /* fields beyond a bound are not in the list */
    HEADER_VALUE_CUT = 2,       /* some value is longer than HEADER_FIELD_MAX */
    HEADER_NO_COLON = 4,        /* a line that is no field */
    HEADER_MBOX_LINE = 8,       /* begins with "From " or ">From " */
    HEADER_UNENDED = 16         /* no empty line: there is no body */
};

struct header_field {
    const uint8_t *start;       /* the whole field: name, folded lines, its last line end */
    size_t len;
    size_t name_len;            /* of the name at start, without blanks before the colon */
    const uint8_t *value;       /* after the colon, folds as they are, without the last line end */
    size_t value_len;           /* at most HEADER_FIELD_MAX */
};

struct header {
    struct blob message;
    struct header_field *fields;
    size_t count;
    size_t body_offset;         /* message.len when there is no body */
    unsigned defects;           /* of enum header_defect */
};

struct header *header_parse(TALLOC_CTX *ctx, struct blob message);
/* Of a part inside a message: here the first line that is no field begins the body, for mailers forget the empty line. */
struct header *header_parse_part(TALLOC_CTX *ctx, struct blob part);

/* Names are compared without regard to case. The nth (0 is the first) or NULL. */
const struct header_field *header_find(const struct header *header, const char *name, size_t nth);
size_t header_count(const struct header *header, const char *name);
bool header_field_is(const struct header_field *field, const char *name);
bool header_field_is_among(const struct header_field *field, const char *const *names, size_t count);

/* The raw value, for parsers. A NULL field gives an empty blob. */
struct blob header_raw(const struct header_field *field);
/* Unfolded (line ends removed, NUL too) and without blanks at both ends; bytes, not yet decoded: see word.h. NULL for NULL. */
char *header_value(TALLOC_CTX *ctx, const struct header_field *field);
/* header_value of the first field of that name, or NULL. */
char *header_get(TALLOC_CTX *ctx, const struct header *header, const char *name);

#endif

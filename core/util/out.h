/* out.h - what a handler answers, before anybody decides how it looks
 *
 * A handler fills one tree of named values; a page, JSON and the terminal are printers of it. Names are ours and plain
 * (letters, digits, underscore), never made from a person's text. Values are copied and live with the tree. */
#ifndef KAIRAN_UTIL_OUT_H
#define KAIRAN_UTIL_OUT_H

#include <stdio.h>

#include "util/str.h"

enum out_kind { OUT_OBJECT, OUT_ROWS, OUT_TEXT, OUT_INT, OUT_BOOL, OUT_TIME, OUT_NULL };

struct out {
    enum out_kind kind;
    const char *name;       /* NULL for a row and for the root */
    const char *text;       /* OUT_TEXT: valid UTF-8 */
    int64_t number;         /* OUT_INT, OUT_BOOL, OUT_TIME (microseconds, clock.h) */
    struct out *first, *last, *next;
};

struct out *out_new(TALLOC_CTX *ctx);                               /* an object */
struct out *out_object(struct out *parent, const char *name);       /* found again when it exists */
struct out *out_rows(struct out *parent, const char *name);
struct out *out_row(struct out *rows);                              /* a new object at the end */
void out_text(struct out *object, const char *name, const char *value);     /* cleaned (utf8_clean); NULL is null */
void out_int(struct out *object, const char *name, int64_t value);
void out_bool(struct out *object, const char *name, bool value);
void out_time(struct out *object, const char *name, int64_t time_us);       /* 0 is null */
/* Finished HTML of ours (mime/view-print.h), for uvar in _parts.cs alone: clean already, and not copied. */
void out_markup(struct out *object, const char *name, const char *html);
/* A row that is only a value. */
void out_row_text(struct out *rows, const char *value);
const struct out *out_get(const struct out *object, const char *name);      /* NULL when absent */

void out_json(struct str *json, const struct out *tree);            /* RFC 8259; times as ISO 8601 */
/* For people at a terminal: "name: value" lines, rows as aligned columns. */
void out_terminal(FILE *file, const struct out *tree);

#endif

/* csv.h - tables as spreadsheets write and read them
 *
 * Reading: separated by comma, tab or semicolon; cells may be quoted, with "" for a quotation mark and line breaks inside. A quote
 * that never ends, or runs over more than CSV_LINES_IN_CELL lines, is told and costs its own line, not the rest of the file.
 * Writing: cells are quoted where they must be. What a spreadsheet would run as a formula gets an apostrophe in front, and
 * csv_plain() takes it off again.
 *
 * Bounds: CSV_CELLS_MAX cells a row, further ones are left out; linear. Memory: rows live in the ctx given.
 * Sources: RFC 4180; OWASP "CSV injection" for the formula characters. */
#ifndef KAIRAN_UTIL_CSV_H
#define KAIRAN_UTIL_CSV_H

#include "util/str.h"

enum { CSV_CELLS_MAX = 64, CSV_LINES_IN_CELL = 10 };

struct csv {
    const char *next;       /* what is not read yet; UTF-8, line ends LF */
    char separator;
    size_t line;            /* number of the line at `next`, from 1 */
};

struct csv_row {
    const char *cells[CSV_CELLS_MAX];   /* blanks around them taken off */
    size_t count;
    size_t line;            /* where it begins */
    const char *text;       /* its first line as it stands */
    bool is_torn;           /* a quotation mark is not closed; its quotes were then read as letters */
};

/* The separator that the first line with any uses most; a comma when there is none. */
char csv_separator(const char *text);
void csv_start(struct csv *csv, const char *text, char separator);
/* The next row that is not empty; false at the end. */
bool csv_next(struct csv *csv, TALLOC_CTX *ctx, struct csv_row *row_r);

/* Adds one cell; `first` of its row or not. Rows end with CR LF, which the caller adds. */
void csv_put(struct str *out, char separator, bool first, const char *text);
/* A cell as it was before csv_put() made a formula harmless. */
const char *csv_plain(const char *cell);

#endif

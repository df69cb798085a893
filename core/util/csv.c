/* csv.c - tables as spreadsheets write and read them */
#include <string.h>

#include "util/csv.h"

static const char formulas[] = "=+-@\t";

char
csv_separator(const char *text)
{
    static const char separators[] = ",\t;";
    size_t counts[3] = {0}, best = 0;
    bool quoted = false;

    for (const char *s = text; *s != '\0' && (*s != '\n' || counts[0] + counts[1] + counts[2] == 0); s++) {
        const char *found = strchr(separators, *s);

        if (*s == '"')
            quoted = !quoted;
        else if (*s == '\n')
            quoted = false;
        else if (!quoted && found != NULL)
            counts[found - separators]++;
    }
    for (size_t i = 1; i < COUNT_OF(counts); i++)
        if (counts[i] > counts[best])
            best = i;
    return separators[best];
}

void
csv_start(struct csv *csv, const char *text, char separator)
{
    *csv = (struct csv){text, separator, 1};
}

/* After the closing quote of the cell whose opening one is at s; NULL when it has none: torn_r when that is a mistake that may have
 * swallowed lines, not when somebody wrote "Hana" Sato. */
static const char *
quote_end(const char *s, char separator, bool *torn_r)
{
    int lines = 0;

    for (s++; *s != '\0'; s++) {
        if (*s == '"' && s[1] == '"') {
            s++;
        } else if (*s == '"') {
            const char *next = s + 1 + strspn(s + 1, separator == '\t' ? " " : " \t");

            if (*next == separator || *next == '\n' || *next == '\0')
                return s + 1;
            *torn_r = *torn_r || lines > 0;
            return NULL;
        } else if (*s == '\n' && ++lines > CSV_LINES_IN_CELL) {
            break;
        }
    }
    *torn_r = true;
    return NULL;
}

/* Reads a cell at s and returns what follows it: a separator, a line end or the end. */
static const char *
read_cell(TALLOC_CTX *ctx, const char *s, char separator, bool with_quotes, const char **cell_r, bool *torn_r)
{
    struct str *cell = str_new(ctx);
    const char *start = s + strspn(s, separator == '\t' ? " " : " \t"), *end = NULL;

    if (with_quotes && *start == '"')
        end = quote_end(start, separator, torn_r);
    if (end != NULL) {
        for (s = start + 1; s < end - 1; s++) {
            str_addc(cell, *s);
            s += *s == '"';
        }
        s = end;
    }
    while (*s != '\0' && *s != '\n' && *s != separator)
        str_addc(cell, *s++);
    *cell_r = str_trim(ctx, cell->s);
    return s;
}

/* One row at `s`; returns what follows its line end. */
static const char *
read_row(TALLOC_CTX *ctx, const char *s, char separator, bool with_quotes, struct csv_row *row)
{
    row->count = 0;
    for (;;) {
        const char *cell;

        s = read_cell(ctx, s, separator, with_quotes, &cell, &row->is_torn);
        if (row->count < CSV_CELLS_MAX)
            row->cells[row->count++] = cell;
        if (*s != separator)
            break;
        s++;
    }
    return *s == '\n' ? s + 1 : s;
}

static bool
is_empty(const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (*row->cells[i] != '\0')
            return false;
    return true;
}

bool
csv_next(struct csv *csv, TALLOC_CTX *ctx, struct csv_row *row_r)
{
    while (*csv->next != '\0') {
        const char *begin = csv->next;

        row_r->is_torn = false;
        row_r->line = csv->line;
        csv->next = read_row(ctx, begin, csv->separator, true, row_r);
        if (row_r->is_torn)
            csv->next = read_row(ctx, begin, csv->separator, false, row_r);
        for (const char *s = begin; s < csv->next; s++)
            csv->line += *s == '\n';
        if (!is_empty(row_r)) {
            row_r->text = mem_strndup(ctx, begin, strcspn(begin, "\n"));
            return true;
        }
    }
    return false;
}

void
csv_put(struct str *out, char separator, bool first, const char *text)
{
    char special[] = {separator, '"', '\n', '\r', '\t', '\0'};
    bool harmless = *text == '\0' || strchr(formulas, *text) == NULL, quoted = strpbrk(text, special) != NULL;

    if (!first)
        str_addc(out, separator);
    if (quoted)
        str_addc(out, '"');
    if (!harmless)
        str_addc(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            str_addc(out, '"');
        str_addc(out, *text);
    }
    if (quoted)
        str_addc(out, '"');
}

const char *
csv_plain(const char *cell)
{
    return cell[0] == '\'' && cell[1] != '\0' && strchr(formulas, cell[1]) != NULL ? cell + 1 : cell;
}

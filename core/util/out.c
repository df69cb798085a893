/* out.c - a tree of named values, and two of its printers (templates are the third) */
#include <string.h>
#include <wchar.h>

#include "util/clock.h"
#include "util/out.h"

static struct out *
child_new(struct out *parent, const char *name, enum out_kind kind)
{
    struct out *child = mem_new(parent, struct out);

    must(parent->kind == (name == NULL ? OUT_ROWS : OUT_OBJECT));
    child->kind = kind;
    child->name = mem_strdup(child, name);
    if (parent->last != NULL)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    return child;
}

struct out *
out_new(TALLOC_CTX *ctx)
{
    return mem_new(ctx, struct out);
}

const struct out *
out_get(const struct out *object, const char *name)
{
    for (const struct out *child = object->first; child != NULL; child = child->next)
        if (str_eq(child->name, name))
            return child;
    return NULL;
}

struct out *
out_object(struct out *parent, const char *name)
{
    struct out *found = (struct out *)out_get(parent, name);

    return found != NULL ? found : child_new(parent, name, OUT_OBJECT);
}

struct out *
out_rows(struct out *parent, const char *name)
{
    struct out *found = (struct out *)out_get(parent, name);

    return found != NULL ? found : child_new(parent, name, OUT_ROWS);
}

struct out *
out_row(struct out *rows)
{
    return child_new(rows, NULL, OUT_OBJECT);
}

void
out_text(struct out *object, const char *name, const char *value)
{
    struct out *child = child_new(object, name, value == NULL ? OUT_NULL : OUT_TEXT);

    if (value != NULL)
        child->text = utf8_clean(child, value, strlen(value));
}

void
out_markup(struct out *object, const char *name, const char *html)
{
    child_new(object, name, OUT_TEXT)->text = html;
}

void
out_row_text(struct out *rows, const char *value)
{
    out_text(rows, NULL, value);
}

void
out_int(struct out *object, const char *name, int64_t value)
{
    child_new(object, name, OUT_INT)->number = value;
}

void
out_bool(struct out *object, const char *name, bool value)
{
    child_new(object, name, OUT_BOOL)->number = value;
}

void
out_time(struct out *object, const char *name, int64_t time_us)
{
    child_new(object, name, time_us == 0 ? OUT_NULL : OUT_TIME)->number = time_us;
}

static void
json_text(struct str *json, const char *text)
{
    str_addc(json, '"');
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            str_addf(json, "\\%c", *p);
        else if (*p == '\n')
            str_add(json, "\\n");
        else if (*p < 0x20)
            str_addf(json, "\\u%04x", *p);
        else
            str_addc(json, (char)*p);
    }
    str_addc(json, '"');
}

void
out_json(struct str *json, const struct out *tree)
{
    switch (tree->kind) {
    case OUT_OBJECT:
    case OUT_ROWS:
        str_addc(json, tree->kind == OUT_ROWS ? '[' : '{');
        for (const struct out *child = tree->first; child != NULL; child = child->next) {
            if (child != tree->first)
                str_add(json, ", ");
            if (child->name != NULL) {
                json_text(json, child->name);
                str_add(json, ": ");
            }
            out_json(json, child);
        }
        str_addc(json, tree->kind == OUT_ROWS ? ']' : '}');
        return;
    case OUT_TEXT:
        json_text(json, tree->text);
        return;
    case OUT_INT:
        str_addf(json, "%lld", (long long)tree->number);
        return;
    case OUT_BOOL:
        str_add(json, tree->number ? "true" : "false");
        return;
    case OUT_TIME:
        json_text(json, clock_iso(json, tree->number));
        return;
    case OUT_NULL:
        str_add(json, "null");
        return;
    }
}

static const char *
cell(TALLOC_CTX *ctx, const struct out *value)
{
    switch (value->kind) {
    case OUT_TEXT: return value->text;
    case OUT_INT: return mem_printf(ctx, "%lld", (long long)value->number);
    case OUT_BOOL: return value->number ? "yes" : "no";
    case OUT_TIME: return clock_iso(ctx, value->number);
    default: return "-";
    }
}

/* Columns on a terminal; East Asian letters take two. */
static int
width(const char *s)
{
    int columns = 0;

    while (*s != '\0') {
        unsigned char c = (unsigned char)*s++;
        unsigned long code = c;

        if (c >= 0xf0) { code = 0x1f300; s += 3; }
        else if (c >= 0xe0) { code = (c & 15u) << 12 | ((unsigned char)s[0] & 63u) << 6; s += 2; }
        else if (c >= 0xc0) { s += 1; }
        columns += code >= 0x1100 ? 2 : 1;
    }
    return columns;
}

enum { MAX_COLUMNS = 16 };

static void
print_table(FILE *file, TALLOC_CTX *ctx, const struct out *rows)
{
    int widths[MAX_COLUMNS] = {0};
    const struct out *row, *value;
    int i;

    for (row = rows->first; row != NULL; row = row->next)
        for (value = row->first, i = 0; value != NULL && i < MAX_COLUMNS; value = value->next, i++) {
            int name_width = width(value->name), cell_width = width(cell(ctx, value));

            widths[i] = name_width > widths[i] ? name_width : widths[i];
            widths[i] = cell_width > widths[i] ? cell_width : widths[i];
        }
    for (value = rows->first->first, i = 0; value != NULL && i < MAX_COLUMNS; value = value->next, i++)
        fprintf(file, "%s%*s", value->name, value->next ? widths[i] - width(value->name) + 2 : 0, "");
    fputc('\n', file);
    for (row = rows->first; row != NULL; row = row->next) {
        for (value = row->first, i = 0; value != NULL && i < MAX_COLUMNS; value = value->next, i++) {
            const char *text = cell(ctx, value);

            fprintf(file, "%s%*s", text, value->next ? widths[i] - width(text) + 2 : 0, "");
        }
        fputc('\n', file);
    }
}

static void
print_rows(FILE *file, TALLOC_CTX *ctx, const struct out *rows)
{
    if (rows->first == NULL)
        fputs("(none)\n", file);
    else if (rows->first->kind == OUT_OBJECT)
        print_table(file, ctx, rows);
    else
        for (const struct out *row = rows->first; row != NULL; row = row->next)
            fprintf(file, "%s\n", cell(ctx, row));
}

void
out_terminal(FILE *file, const struct out *tree)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (const struct out *child = tree->first; child != NULL; child = child->next) {
        if (child->kind == OUT_ROWS) {
            if (tree->first->next != NULL)
                fprintf(file, "%s:\n", child->name);
            print_rows(file, ctx, child);
        } else if (child->kind == OUT_OBJECT) {
            fprintf(file, "%s:\n", child->name);
            out_terminal(file, child);
        } else {
            fprintf(file, "%s: %s\n", child->name, cell(ctx, child));
        }
    }
    talloc_free(ctx);
}

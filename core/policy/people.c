/* people.c - people as operators and owners write them down */
#include <string.h>

#include "mime/address.h"
#include "policy/people-private.h"
#include "util/csv.h"
#include "util/str.h"

enum { NAME_CHARACTERS = 200, PEOPLE_IN_LINE = 60 };

/* ---- one person ---- */

/* Without what copying brings along: half and full width, no-break blanks, marks of no width, "mailto:". */
static char *
tidy_address(TALLOC_CTX *ctx, const char *text)
{
    static const char *const nothing[] = {"\u00a0", "\u200b", "\u200e", "\u200f", "\u2060", "\ufeff"};
    struct str *out = str_new(ctx);
    const char *folded = utf8_fold_width(ctx, text);

    while (*folded != '\0') {
        size_t i = 0;

        while (i < COUNT_OF(nothing) && !str_starts(folded, nothing[i]))
            i++;
        if (i < COUNT_OF(nothing))
            folded += strlen(nothing[i]);
        else
            str_addc(out, *folded++);
    }
    folded = str_trim(ctx, out->s);
    return mem_strdup(ctx, str_starts_nocase(folded, "mailto:") ? folded + 7 : folded);
}

/* The name before "<": without quotes and their backslashes. */
static char *
plain_name(TALLOC_CTX *ctx, const char *text, size_t len)
{
    char *name = str_trim(ctx, mem_strndup(ctx, text, len));
    size_t n = strlen(name), out = 0;

    if (n >= 2 && name[0] == '"' && name[n - 1] == '"') {
        for (size_t i = 1; i < n - 1; i++) {
            if (name[i] == '\\' && i + 1 < n - 1)
                i++;
            name[out++] = name[i];
        }
        name[out] = '\0';
    }
    for (char *s = name; *s != '\0'; s++)
        if (*s == '\n' || *s == '\t')
            *s = ' ';
    return utf8_cut(ctx, name, NAME_CHARACTERS);
}

/* "address" or "Name <address>"; false when it is neither, and nothing is changed. */
static bool
read_one(TALLOC_CTX *ctx, const char *text, struct person *person)
{
    struct address address;
    const char *name = "", *open = strrchr(text, '<');
    char *key;
    size_t len = strlen(text);

    if (open != NULL && text[len - 1] == '>') {
        if (memchr(text, '<', (size_t)(open - text)) != NULL)
            return false;
        name = plain_name(ctx, text, (size_t)(open - text));
        text = mem_strndup(ctx, open + 1, len - 1 - (size_t)(open + 1 - text));
    }
    if (!address_parse(ctx, tidy_address(ctx, text), &address) || (key = address_key(ctx, &address)) == NULL)
        return false;
    if (*name != '\0')
        person->name = name;
    person->key = key;
    person->email = address_text(ctx, &address);
    return true;
}

static void
refuse(struct person *person, const char *reason, const char *cell)
{
    person->key = person->email = NULL;
    person->reason = reason;
    person->cell = cell;
}

static struct person *
add_person(struct people *people, const struct csv_row *row)
{
    struct person *person;

    if (people->count == PEOPLE_MAX) {
        people->is_cut = true;
        return NULL;
    }
    if ((people->count & (people->count - 1)) == 0)
        people->rows = mem_resize(people, people->rows, struct person, people->count == 0 ? 1 : 2 * people->count);
    person = &people->rows[people->count++];
    *person = (struct person){.text = row->text, .line = row->line, .name = "", .outcome = PERSON_INVALID};
    for (size_t i = 0; i < WISH_COUNT; i++)
        person->wishes[i] = "";
    return person;
}

/* ---- columns ---- */

struct columns {
    enum column kinds[CSV_CELLS_MAX];
    enum person_wish wishes[CSV_CELLS_MAX];
    bool family_first;              /* 姓 and 名, rather than first and last name */
};

static char *
plain_title(TALLOC_CTX *ctx, const char *cell)
{
    char *title = str_lower(ctx, tidy_address(ctx, cell)), *to = title;

    for (const char *s = title; *s != '\0'; s++)
        if (strchr(" _-()[]/.:", *s) == NULL)
            *to++ = *s;
    *to = '\0';
    return title;
}

/* Whether the row names columns: one of them must be the address. */
static bool
read_titles(TALLOC_CTX *ctx, const struct csv_row *row, struct columns *columns)
{
    bool has_address = false;

    *columns = (struct columns){0};
    for (size_t i = 0; i < row->count; i++) {
        const char *title = plain_title(ctx, row->cells[i]);
        enum column column;
        enum person_wish wish;

        if (!people_column(title, &column, &wish) || (column == COLUMN_ADDRESS && has_address))
            continue;
        columns->kinds[i] = column;
        columns->wishes[i] = wish;
        has_address = has_address || column == COLUMN_ADDRESS;
        columns->family_first = columns->family_first || str_eq(title, "姓");
    }
    return has_address;
}

static void
note_unused(struct people *people, const struct csv_row *row, const struct columns *columns)
{
    people->unused = mem_array(people, const char *, row->count + 1);
    for (size_t i = 0; i < row->count; i++)
        if (columns->kinds[i] == COLUMN_UNKNOWN && *row->cells[i] != '\0')
            people->unused[people->unused_count++] = utf8_cut(people, row->cells[i], 60);
}

static void
join_names(TALLOC_CTX *ctx, const struct columns *columns, const char *first, const char *last, struct person *person)
{
    const char *before = columns->family_first ? last : first, *after = columns->family_first ? first : last;

    if (*person->name == '\0' && (*first != '\0' || *last != '\0'))
        person->name = utf8_cut(ctx, str_trim(ctx, mem_printf(ctx, "%s %s", before, after)), NAME_CHARACTERS);
}

static void
read_table_row(struct people *people, const struct csv_row *row, const struct columns *columns)
{
    struct person *person = add_person(people, row);
    const char *address = "", *first = "", *last = "", *name = "";

    if (person == NULL)
        return;
    for (size_t i = 0; i < row->count; i++) {
        const char *cell = csv_plain(row->cells[i]), *value;

        if (columns->kinds[i] == COLUMN_ADDRESS)
            address = cell;
        else if (columns->kinds[i] == COLUMN_NAME)
            name = *name == '\0' ? plain_name(people, cell, strlen(cell)) : name;
        else if (columns->kinds[i] == COLUMN_FIRST_NAME)
            first = cell;
        else if (columns->kinds[i] == COLUMN_LAST_NAME)
            last = cell;
        else if (columns->kinds[i] == COLUMN_WISH) {
            value = people_wish_value(columns->wishes[i], str_lower(people, utf8_fold_width(people, cell)));
            if (value == NULL)
                refuse(person, N_("\"%1\" is not a word that this column knows"), utf8_cut(people, cell, 60));
            else
                person->wishes[columns->wishes[i]] = value;
        }
    }
    if (person->reason != NULL)
        return;
    if (!read_one(people, address, person))
        refuse(person, *address == '\0' ? N_("There is no address in this line") : N_("\"%1\" is not a mail address"),
               utf8_cut(people, address, 100));
    if (*name != '\0')
        person->name = name;
    join_names(people, columns, first, last, person);
}

/* ---- lines without named columns ---- */

/* A line of cells, none of which was announced: one address and perhaps a name, or addresses alone as they are pasted. */
static void
read_loose_cells(struct people *people, const struct csv_row *row)
{
    struct person found = {.name = ""}, *person;
    const char *name = "";
    size_t good = 0, filled = 0;

    for (size_t i = 0; i < row->count && i < PEOPLE_IN_LINE; i++) {
        const char *cell = csv_plain(row->cells[i]);

        filled += *cell != '\0';
        if (*cell != '\0' && read_one(people, cell, &found))
            good++;
        else if (*cell != '\0' && *name == '\0')
            name = plain_name(people, cell, strlen(cell));
    }
    if (good == filled || good == 0) {
        for (size_t i = 0; i < row->count && i < PEOPLE_IN_LINE; i++)
            if (*row->cells[i] != '\0' && (person = add_person(people, row)) != NULL) {
                if (good > 0 && read_one(people, csv_plain(row->cells[i]), person))
                    continue;
                refuse(person, N_("\"%1\" is not a mail address"), utf8_cut(people, row->text, 100));
                return;
            }
        return;
    }
    person = add_person(people, row);
    if (person == NULL)
        return;
    person->name = *found.name != '\0' ? found.name : name;
    person->key = found.key;
    person->email = found.email;
    if (good > 1)
        refuse(person, N_("This line holds several addresses beside other text"), NULL);
}

static void
read_line(struct people *people, const struct csv_row *row, const char *line, char separator)
{
    struct person probe = {.name = ""}, *person;
    struct csv csv;
    struct csv_row cells;

    if (*line == '#')
        return;
    if (read_one(people, line, &probe)) {
        person = add_person(people, row);
        if (person != NULL) {
            person->name = probe.name;
            person->email = probe.email;
            person->key = probe.key;
        }
        return;
    }
    csv_start(&csv, line, separator);
    if (!csv_next(&csv, people, &cells))
        return;
    cells.line = row->line;
    cells.text = row->text;
    read_loose_cells(people, &cells);
    if (cells.is_torn && people->count > 0 && people->rows[people->count - 1].line == row->line)
        refuse(&people->rows[people->count - 1], N_("A quotation mark is not closed"), NULL);
}

static void
read_lines(struct people *people, const char *text)
{
    struct csv_row row = {.line = 0};

    while (*text != '\0' && !people->is_cut) {
        size_t len = strcspn(text, "\n");
        char *line = mem_strndup(people, text, len);

        row.line++;
        row.text = str_trim(people, line);
        if (*row.text != '\0') {
            /* "hana@example.jp," as mail programs leave it at the end of a line */
            while ((len = strlen(row.text)) > 0 && strchr(",;", row.text[len - 1]) != NULL)
                row.text = str_trim(people, mem_strndup(people, row.text, len - 1));
            read_line(people, &row, row.text, csv_separator(row.text));
        }
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
}

static bool
read_table(struct people *people, const char *text)
{
    struct columns columns;
    struct csv csv;
    struct csv_row row;
    size_t count;

    csv_start(&csv, text, csv_separator(text));
    if (!csv_next(&csv, people, &row) || !read_titles(people, &row, &columns))
        return false;
    people->is_table = true;
    note_unused(people, &row, &columns);
    while (!people->is_cut && csv_next(&csv, people, &row)) {
        if (row.cells[0][0] == '#' && strchr(row.cells[0], '@') == NULL)
            continue;       /* a remark, such as the last line of roster-table.h */
        count = people->count;
        read_table_row(people, &row, &columns);
        if (row.is_torn && people->count > count)
            refuse(&people->rows[count], N_("A quotation mark is not closed"), NULL);
    }
    return true;
}

struct people *
people_read(TALLOC_CTX *ctx, struct blob bytes, const char *charset, const char *language)
{
    struct people *people = mem_new(ctx, struct people);
    const char *text = people_text(people, bytes, charset, language, &people->charset);

    if (!read_table(people, text))
        read_lines(people, text);
    for (size_t i = 0; i < people->count; i++)
        if (strstr(people->rows[i].text, "\ufffd") != NULL && people->rows[i].key != NULL)
            refuse(&people->rows[i], N_("Some letters of this line cannot be read: the file's encoding may be another one"), NULL);
    return people;
}

struct person *
person_read(TALLOC_CTX *ctx, const char *text, size_t *count_r)
{
    struct people *people = people_read(ctx, blob_of(text), "utf-8", NULL);

    *count_r = people->count;
    return people->rows;
}

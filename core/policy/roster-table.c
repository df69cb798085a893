/* roster-table.c - everybody in a role as a table for spreadsheets */
#include <string.h>

#include "mime/charset.h"
#include "policy/roster-table.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/csv.h"
#include "util/when.h"

struct roster_table {
    struct db *db;
    int64_t list_id, after;
    const char *role;
    bool is_cp932, is_begun;
    size_t lost;
};

static const char *const titles[] = {
    "address", "name", "role", "delivery_status", "delivery_mode", "preferred_language", "moderation_action", "hide_address",
    "acknowledge_posts", "receive_own_postings", "receive_list_copy", "joined", "last_bounce",
};

struct roster_table *
roster_table_new(TALLOC_CTX *ctx, struct db *db, int64_t list_id, const char *role, bool is_cp932)
{
    struct roster_table *table = mem_new(ctx, struct roster_table);

    *table = (struct roster_table){.db = db, .list_id = list_id, .role = mem_strdup(table, role), .is_cp932 = is_cp932};
    return table;
}

size_t
roster_table_lost(const struct roster_table *table)
{
    return table->lost;
}

/* One character at a time; what has no place becomes "?". */
static void
add_what_fits(TALLOC_CTX *ctx, struct str *piece, const char *line)
{
    while (*line != '\0') {
        char *one = utf8_cut(ctx, line, 1);
        struct blob bytes;

        if (charset_from_utf8(ctx, "cp932", one, &bytes))
            str_addn(piece, bytes.data, bytes.len);
        else
            str_addc(piece, '?');
        line += strlen(one);
    }
}

static void
add_line(struct roster_table *table, struct str *piece, struct str *line)
{
    struct blob bytes;

    str_add(line, "\r\n");
    if (!table->is_cp932) {
        str_addn(piece, line->s, line->len);
    } else if (charset_from_utf8(line, "cp932", line->s, &bytes)) {
        str_addn(piece, bytes.data, bytes.len);
    } else {
        table->lost++;
        add_what_fits(line, piece, line->s);
    }
    talloc_free(line);
}

/* "2026-11-22 09:12", in the process's time zone, as spreadsheets understand it. */
static char *
moment(TALLOC_CTX *ctx, int64_t time_us)
{
    int year, month, day;

    if (time_us == 0)
        return mem_strdup(ctx, "");
    when_parts(time_us, &year, &month, &day);
    return mem_printf(ctx, "%04d-%02d-%02d", year, month, day);
}

static void
add_row(struct roster_table *table, struct str *piece, const struct row_roster_export *row)
{
    struct str *line = str_new(piece);
    const char *const cells[] = {
        row->email, row->name, table->role, row->delivery_status, row->delivery_mode, row->preferred_language, row->moderation_action,
        row->hide_address, row->acknowledge_posts, row->receive_own_postings, row->receive_list_copy, moment(line, row->joined_at),
        moment(line, row->last_bounce_at)};

    for (size_t i = 0; i < COUNT_OF(cells); i++)
        csv_put(line, ',', i == 0, cells[i] != NULL ? cells[i] : "");
    add_line(table, piece, line);
}

static void
add_titles(struct roster_table *table, struct str *piece)
{
    struct str *line = str_new(piece);

    if (!table->is_cp932)
        str_add(piece, "\xef\xbb\xbf");
    for (size_t i = 0; i < COUNT_OF(titles); i++)
        csv_put(line, ',', i == 0, titles[i]);
    add_line(table, piece, line);
    table->is_begun = true;
}

enum status
roster_table_next(struct roster_table *table, struct str *piece, bool *end_r)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_roster_export *rows;
    size_t count = 0;
    enum status status = q_roster_export(table->db, ctx, table->list_id, table->role, table->after, clock_now_us(), &rows, &count);

    if (status == STATUS_OK && !table->is_begun)
        add_titles(table, piece);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        add_row(table, piece, &rows[i]);
        table->after = rows[i].id;
    }
    *end_r = status != STATUS_OK || count == 0;
    if (status == STATUS_OK && count == 0 && table->lost > 0)
        str_addf(piece, "# %zu rows hold letters that Shift_JIS does not have; they are written as ?\r\n", table->lost);
    talloc_free(ctx);
    return status;
}

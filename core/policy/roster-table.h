/* roster-table.h - everybody in a role as a table for spreadsheets, a thousand rows at a time
 *
 * UTF-8 with a mark, or CP932; letters that CP932 does not have become "?" and a last line, which people.h steps over, says how many
 * rows that concerns. The columns are those that people.h reads; cells that a spreadsheet would run begin with an apostrophe.
 *
 * Memory: the table lives in ctx; what a piece needs goes with it. */
#ifndef KAIRAN_POLICY_ROSTER_TABLE_H
#define KAIRAN_POLICY_ROSTER_TABLE_H

#include "store/db.h"
#include "util/str.h"

struct roster_table;

struct roster_table *roster_table_new(TALLOC_CTX *ctx, struct db *db, int64_t list_id, const char *role, bool is_cp932);
/* Adds the next piece, the first with the titles; end_r after the last. */
enum status roster_table_next(struct roster_table *table, struct str *piece, bool *end_r);
/* How many rows so far hold a letter that CP932 does not have. */
size_t roster_table_lost(const struct roster_table *table);

#endif

/* keep.h - what kairan backup and kairan restore share: PostgreSQL's programs, and the sums of tables
 *
 * A backup is taken in one snapshot: every table's sum first, which also keeps anybody from changing the tables, then pg_dump. It is
 * restored in one transaction of pg_restore, and then held against the sums; the schema's number comes after that. */
#ifndef KAIRAN_CLI_KEEP_H
#define KAIRAN_CLI_KEEP_H

#include "cli/manifest.h"
#include "cli/progress.h"

/* The table that says which schema this is. A restore fills it last: until then no program of ours works with the database. */
#define KEEP_NUMBER_TABLE "schema_migration"

/* Copies that a restored database would send are due then: never, until somebody says "kairan queue release". A wait that is that long
 * has no other cause. */
int64_t keep_never_us(void);

/* Runs pg_dump or pg_restore (keep-program.h says which) for the database of call->db, and shows how far it is in `tables`. */
struct keep_order {
    const char *name;
    const char *const *words;   /* argv without the first, ended by NULL */
    struct blob input;
    const char *verb;           /* COPY's, as pg_stat_progress_copy says it */
};
enum status keep_run(struct call *call, const struct keep_order *order, const struct manifest *tables, const char **output_r);

/* Rows and sum of every table, into the manifest; on call->db, in its transaction. */
enum status keep_sum_tables(struct call *call, struct manifest *manifest);
/* The same of the database as it is now, held against the manifest: BROKEN with a sentence that names the first table that differs. The
 * rows of KEEP_NUMBER_TABLE are not looked at. */
enum status keep_compare_tables(struct call *call, const struct manifest *manifest);

#endif

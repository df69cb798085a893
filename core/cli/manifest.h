/* manifest.h - what a backup consists of: the file "manifest" in its folder
 *
 * Lines of words between tabs, the first word says of what. The last line has the SHA-256 of all before it, so that a manifest that was
 * cut or changed is not believed. It is written last: a folder without one is no backup. Tables' sums and the dump were taken in one
 * snapshot, so that what was restored can be held against them, row for row.
 *
 *     kairan-backup 1 | program NAME | schema NUMBER | server VERSION | taken MICROSECONDS TIME
 *     table NAME ROWS BYTES SUM
 *     file KIND PATH SIZE SHA-256 MODE USER GROUP PLACE        kind: database, configuration, key; place: where it was
 *     end SHA-256
 *
 * Memory: everything lives in the context given. */
#ifndef KAIRAN_CLI_MANIFEST_H
#define KAIRAN_CLI_MANIFEST_H

#include "util/status.h"

struct manifest_table {
    const char *name, *sum;
    int64_t rows, bytes;                /* bytes: about, for guessing how long it takes */
};

struct manifest_file {
    const char *kind, *path;            /* below the backup's folder */
    const char *sha256;                 /* as hex */
    const char *user, *group, *place;   /* of the original; place of a key: below [keys] dir */
    int64_t size;
    int mode;
};

struct manifest {
    const char *program, *server;
    int schema;
    int64_t taken_us;
    struct manifest_table *tables;
    struct manifest_file *files;
    size_t table_count, file_count;
};

void manifest_add_table(TALLOC_CTX *ctx, struct manifest *manifest, struct manifest_table table);
void manifest_add_file(TALLOC_CTX *ctx, struct manifest *manifest, struct manifest_file file);
/* FOLDER/manifest, on the disk when this returns OK. */
enum status manifest_write(TALLOC_CTX *ctx, const struct manifest *manifest, const char *folder, struct fault *fault);
/* INVALID or NOT_FOUND with a sentence where there is none that can be believed. Does not look at the files. */
enum status manifest_read(TALLOC_CTX *ctx, const char *folder, struct manifest **manifest_r, struct fault *fault);
/* A file of the backup, held against its row: NULL, or the sentence that says what is wrong. */
const char *manifest_file_trouble(TALLOC_CTX *ctx, const char *folder, const struct manifest_file *file);
/* The row of a kind; NULL when there is none. */
const struct manifest_file *manifest_find(const struct manifest *manifest, const char *kind);

#endif

/* db-generated.h - what the generated statements and the files behind db.h use; nobody else includes this */
#ifndef KAIRAN_STORE_DB_GENERATED_H
#define KAIRAN_STORE_DB_GENERATED_H

#include "store/db.h"

enum { DB_MAX_PARAMS = 32, DB_MAX_COLUMNS = 48 };

struct statement_row {
    const char *name;
    int params;
    unsigned types[DB_MAX_PARAMS];
    int columns;
    unsigned column_types[DB_MAX_COLUMNS];
    const char *sql;
};
extern const struct statement_row statement_rows[];
extern const size_t statement_count;

extern const struct migration migrations[];             /* ended by a NULL name */
extern const char grants_sql[];

/* Parameters in PostgreSQL's binary form. Small ones live in `small`, arrays in `ctx` until the statement has been sent. */
struct db_put {
    int count;
    const char *values[DB_MAX_PARAMS];
    int lengths[DB_MAX_PARAMS];
    int formats[DB_MAX_PARAMS];
    uint8_t small[DB_MAX_PARAMS][8];
    TALLOC_CTX *ctx;
};
void db_put_int8(struct db_put *put, int64_t value);    /* 0 is NULL */
void db_put_int4(struct db_put *put, int64_t value);
void db_put_bool(struct db_put *put, bool value);
void db_put_text(struct db_put *put, const char *value);
void db_put_date(struct db_put *put, const char *iso);
void db_put_blob(struct db_put *put, struct blob value);
void db_put_time(struct db_put *put, int64_t time_us);  /* 0 is NULL */
void db_put_ints(struct db_put *put, struct int_array value);
void db_put_texts(struct db_put *put, struct text_array value);
void db_put_blobs(struct db_put *put, struct blob_array value);
void db_put_vectors(struct db_put *put, struct text_array value);    /* of each one lexeme a line, each ended, in the order of their bytes */
void db_put_times(struct db_put *put, struct int_array value);  /* microseconds; 0 is NULL */

struct db_result;
enum status db_query(struct db *db, int statement, struct db_put *put, bool one, struct db_result **result_r,
                     size_t *count_r);
enum status db_exec(struct db *db, int statement, struct db_put *put, int64_t *changed_r);
enum status db_send(struct db *db, int statement, struct db_put *put);
void db_result_free(struct db_result *result);
int64_t db_get_int(struct db_result *result, size_t row, int column);
bool db_get_bool(struct db_result *result, size_t row, int column);
const char *db_get_text(TALLOC_CTX *ctx, struct db_result *result, size_t row, int column);
struct blob db_get_blob(TALLOC_CTX *ctx, struct db_result *result, size_t row, int column);
int64_t db_get_time(struct db_result *result, size_t row, int column);
struct int_array db_get_ints(TALLOC_CTX *ctx, struct db_result *result, size_t row, int column);
struct text_array db_get_texts(TALLOC_CTX *ctx, struct db_result *result, size_t row, int column);

#endif

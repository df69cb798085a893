/* db-value.c - values as PostgreSQL sends them, in its binary form: into parameters, out of columns */
#include <endian.h>
#include <string.h>

#include <libpq-fe.h>

#include "store/db-private.h"
#include "util/str.h"

/* PostgreSQL counts microseconds from 2000-01-01. */
static const int64_t epoch_2000_us = INT64_C(946684800) * 1000000;

/* --- parameters --- */

static void
put_raw(struct db_put *put, const void *value, size_t len, int format)
{
    must(put->count < DB_MAX_PARAMS && len < INT32_MAX);
    put->values[put->count] = value;
    put->lengths[put->count] = (int)len;
    put->formats[put->count] = format;
    put->count++;
}

static TALLOC_CTX *
put_ctx(struct db_put *put)
{
    if (put->ctx == NULL)
        put->ctx = talloc_new(NULL);
    return put->ctx;
}

static void
put_number(struct db_put *put, int64_t value)
{
    uint64_t big = htobe64((uint64_t)value);
    uint8_t *small = put->small[put->count];

    memcpy(small, &big, 8);
    put_raw(put, small, 8, 1);
}

void
db_put_int8(struct db_put *put, int64_t value)
{
    if (value == 0)
        put_raw(put, NULL, 0, 1);
    else
        put_number(put, value);
}

void
db_put_int4(struct db_put *put, int64_t value)
{
    uint32_t big = htobe32((uint32_t)(int32_t)value);
    uint8_t *small = put->small[put->count];

    must(value >= INT32_MIN && value <= INT32_MAX);
    memcpy(small, &big, 4);
    put_raw(put, small, 4, 1);
}

void
db_put_bool(struct db_put *put, bool value)
{
    uint8_t *small = put->small[put->count];

    small[0] = value;
    put_raw(put, small, 1, 1);
}

void
db_put_text(struct db_put *put, const char *value)
{
    /* PostgreSQL refuses invalid UTF-8; a value that is not text has been cleaned at its door, or is refused there. */
    put_raw(put, value, value == NULL ? 0 : strlen(value), 1);
}

void
db_put_date(struct db_put *put, const char *iso)
{
    put_raw(put, iso, iso == NULL ? 0 : strlen(iso), 0);
}

void
db_put_blob(struct db_put *put, struct blob value)
{
    put_raw(put, value.data, value.len, 1);
}

void
db_put_time(struct db_put *put, int64_t time_us)
{
    if (time_us == 0)
        put_raw(put, NULL, 0, 1);
    else
        put_number(put, time_us - epoch_2000_us);
}

/* One-dimensional array in binary form: dimensions, has-null, element type, count, lower bound, then (length, bytes)... */
static void
array_head(struct str *out, uint32_t type, size_t count)
{
    uint32_t head[5] = {htobe32(1), 0, htobe32(type), htobe32((uint32_t)count), htobe32(1)};

    if (count == 0)
        head[0] = 0;
    str_addn(out, head, count == 0 ? 12 : 20);
}

static void
array_item(struct str *out, const void *data, size_t len)
{
    uint32_t head = htobe32((uint32_t)len);

    must(len < INT32_MAX);
    str_addn(out, &head, 4);
    str_addn(out, data, len);
}

static void
array_null(struct str *out)
{
    uint32_t head = UINT32_MAX;

    str_addn(out, &head, 4);
}

void
db_put_ints(struct db_put *put, struct int_array value)
{
    struct str *out = str_new(put_ctx(put));

    array_head(out, 20, value.count);
    for (size_t i = 0; i < value.count; i++) {
        uint64_t item = htobe64((uint64_t)value.items[i]);

        array_item(out, &item, 8);
    }
    put_raw(put, out->s, out->len, 1);
}

void
db_put_texts(struct db_put *put, struct text_array value)
{
    struct str *out = str_new(put_ctx(put));

    array_head(out, 25, value.count);
    for (size_t i = 0; i < value.count; i++)
        array_item(out, value.items[i], strlen(value.items[i]));
    put_raw(put, out->s, out->len, 1);
}

void
db_put_blobs(struct db_put *put, struct blob_array value)
{
    struct str *out = str_new(put_ctx(put));

    array_head(out, 17, value.count);
    for (size_t i = 0; i < value.count; i++)
        array_item(out, value.items[i].data, value.items[i].len);
    put_raw(put, out->s, out->len, 1);
}

void
db_put_times(struct db_put *put, struct int_array value)
{
    struct str *out = str_new(put_ctx(put));

    array_head(out, 1184, value.count);
    for (size_t i = 0; i < value.count; i++) {
        uint64_t item = htobe64((uint64_t)(value.items[i] - epoch_2000_us));

        if (value.items[i] == 0)
            array_null(out);
        else
            array_item(out, &item, 8);
    }
    put_raw(put, out->s, out->len, 1);
}

/* As tsvectors are sent: how many lexemes, then each with a NUL behind it and no positions. */
static void
add_vector(struct str *out, struct str *room, const char *lines)
{
    uint32_t count = 0;

    str_clear(room);
    str_addn(room, &count, 4);
    for (const char *end; (end = strchr(lines, '\n')) != NULL; lines = end + 1, count++) {
        str_addn(room, lines, (size_t)(end - lines));
        str_addn(room, "\0\0", 3);
    }
    count = htobe32(count);
    memcpy(room->s, &count, 4);
    array_item(out, room->s, room->len);
}

void
db_put_vectors(struct db_put *put, struct text_array value)
{
    struct str *out = str_new(put_ctx(put)), *room = str_new(put_ctx(put));

    array_head(out, 3614, value.count);
    for (size_t i = 0; i < value.count; i++)
        add_vector(out, room, value.items[i]);
    put_raw(put, out->s, out->len, 1);
}

/* --- columns --- */

void
db_result_free(struct db_result *result)
{
    PQclear(result->pg);
    talloc_free(result);
}

static uint32_t
read_u32(const void *p)
{
    uint32_t value;

    memcpy(&value, p, 4);
    return be32toh(value);
}

static int64_t
read_i64(const void *p)
{
    uint64_t value;

    memcpy(&value, p, 8);
    return (int64_t)be64toh(value);
}

int64_t
db_get_int(struct db_result *result, size_t row, int column)
{
    const char *value = PQgetvalue(result->pg, (int)row, column);
    int len = PQgetlength(result->pg, (int)row, column);

    if (PQgetisnull(result->pg, (int)row, column))
        return 0;
    if (len == 2)
        return (int16_t)((uint8_t)value[0] << 8 | (uint8_t)value[1]);
    return len == 4 ? (int32_t)read_u32(value) : read_i64(value);
}

bool
db_get_bool(struct db_result *result, size_t row, int column)
{
    return !PQgetisnull(result->pg, (int)row, column) && *PQgetvalue(result->pg, (int)row, column) != 0;
}

const char *
db_get_text(TALLOC_CTX *ctx, struct db_result *result, size_t row, int column)
{
    if (PQgetisnull(result->pg, (int)row, column))
        return NULL;
    return mem_strndup(ctx, PQgetvalue(result->pg, (int)row, column), (size_t)PQgetlength(result->pg, (int)row, column));
}

struct blob
db_get_blob(TALLOC_CTX *ctx, struct db_result *result, size_t row, int column)
{
    if (PQgetisnull(result->pg, (int)row, column))
        return (struct blob){NULL, 0};
    return blob_copy(ctx, PQgetvalue(result->pg, (int)row, column), (size_t)PQgetlength(result->pg, (int)row, column));
}

int64_t
db_get_time(struct db_result *result, size_t row, int column)
{
    if (PQgetisnull(result->pg, (int)row, column))
        return 0;
    return read_i64(PQgetvalue(result->pg, (int)row, column)) + epoch_2000_us;
}

static size_t
array_count(const char *value)
{
    return read_u32(value) == 0 ? 0 : read_u32(value + 12);
}

struct int_array
db_get_ints(TALLOC_CTX *ctx, struct db_result *result, size_t row, int column)
{
    const char *value = PQgetvalue(result->pg, (int)row, column);
    size_t count = PQgetisnull(result->pg, (int)row, column) ? 0 : array_count(value);
    int64_t *items = mem_array(ctx, int64_t, count + 1);

    value += 20;
    for (size_t i = 0; i < count; i++, value += 12)
        items[i] = read_i64(value + 4);
    return (struct int_array){items, count};
}

struct text_array
db_get_texts(TALLOC_CTX *ctx, struct db_result *result, size_t row, int column)
{
    const char *value = PQgetvalue(result->pg, (int)row, column);
    size_t count = PQgetisnull(result->pg, (int)row, column) ? 0 : array_count(value);
    const char **items = mem_array(ctx, const char *, count + 1);

    value += 20;
    for (size_t i = 0; i < count; i++) {
        uint32_t len = read_u32(value);

        if (len == UINT32_MAX)      /* a NULL among the items */
            len = 0;
        items[i] = mem_strndup(items, value + 4, len);
        value += 4 + len;
    }
    return (struct text_array){items, count};
}

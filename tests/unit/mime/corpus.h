/* corpus.h - foreign test data: where it is, its files, its JSON
 *
 * The data is beside the repository and not part of it; a test that does not find it skips. */
#ifndef KAIRAN_TESTS_MIME_CORPUS_H
#define KAIRAN_TESTS_MIME_CORPUS_H

#include "util/mem.h"

/* $KAIRAN_CORPORA, else "$srcdir/../shared/corpora"; NULL when there is none. */
const char *corpus_dir(void);
/* A file below it; data is NULL when it is not there. */
struct blob corpus_read(TALLOC_CTX *ctx, const char *path);
/* The same with lines ending in LF alone, as offsets of others were taken. */
struct blob corpus_with_lf(TALLOC_CTX *ctx, struct blob raw);
/* Calls `each` with every file below `dir` whose name is not SOURCES or an answer (.json, .xml); returns how many. */
size_t corpus_walk(const char *dir, void (*each)(const char *path, void *context), void *context);

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };
struct json {
    enum json_kind kind;
    bool truth;
    long number;
    struct blob text;           /* UTF-8; may hold NUL */
    const char *name;           /* in an object */
    struct json *first, *next;
    size_t count;
};
/* NULL when it is not JSON. */
struct json *json_parse(TALLOC_CTX *ctx, struct blob text);
const struct json *json_get(const struct json *object, const char *name);
const char *json_text(const struct json *object, const char *name);     /* NULL when absent or no text */

#endif

/* str.h - a text that grows, and small questions about text
 *
 * ASCII rules only: letters outside ASCII are bytes here. Unicode folding lives in util/unicode when it is needed.
 * Memory: a struct str owns its bytes; str_text() stays valid until the next addition. */
#ifndef KAIRAN_UTIL_STR_H
#define KAIRAN_UTIL_STR_H

#include "util/mem.h"

struct str {
    char *s;    /* always ended by a NUL that `len` does not count */
    size_t len;
    size_t cap;
};

struct str *str_new(TALLOC_CTX *ctx);
void str_add(struct str *str, const char *s);                       /* NULL adds nothing */
void str_addn(struct str *str, const void *data, size_t len);
void str_addc(struct str *str, char c);
void str_addf(struct str *str, const char *format, ...) __attribute__((format(printf, 2, 3)));
void str_clear(struct str *str);                                    /* keeps the room */
const char *str_text(const struct str *str);
struct blob str_blob(const struct str *str);

bool str_eq(const char *a, const char *b);                          /* NULL equals NULL only */
bool str_eq_nocase(const char *a, const char *b);
bool str_starts(const char *s, const char *prefix);
bool str_starts_nocase(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
bool str_is_empty(const char *s);                                   /* NULL or "" */
bool str_has_control(const char *s);                                /* a byte below blank, or DEL */
bool str_has_8bit(const char *s);                                   /* a byte above 127 */
bool blob_has_8bit(struct blob bytes);
char *str_lower(TALLOC_CTX *ctx, const char *s);
char *str_trim(TALLOC_CTX *ctx, const char *s);                     /* blank, tab, CR and LF at both ends */

/* Decimal digits with an optional minus only; false and *value_r untouched for anything else or out of [min, max]. */
bool str_to_int(const char *s, int64_t min, int64_t max, int64_t *value_r);

/* Parts of s between separators, empty ones kept, NULL-terminated; at most `max` parts, the last keeps the rest. */
char **str_split(TALLOC_CTX *ctx, const char *s, char separator, size_t max);

bool utf8_is_valid(const void *data, size_t len);                   /* RFC 3629; NUL is not valid text here */
/* Text fit for people and for PostgreSQL: invalid bytes become U+FFFD, controls other than tab and LF go,
 * CR LF becomes LF. */
char *utf8_clean(TALLOC_CTX *ctx, const void *data, size_t len);
size_t utf8_length(const char *s);                                   /* characters (code points) */
/* The first `max` characters of s. */
char *utf8_cut(TALLOC_CTX *ctx, const char *s, size_t max);
/* Of s as many whole characters as fit into `max` bytes. */
char *utf8_cut_bytes(TALLOC_CTX *ctx, const char *s, size_t max);
/* Full-width ASCII and the ideographic blank become what people meant by them. */
char *utf8_fold_width(TALLOC_CTX *ctx, const char *text);

#endif

/* mem.h - lifetimes, and the one way to say "this cannot be"
 *
 * Memory is libtalloc's: a context is a lifetime (process, connection, request, message, job, loop turn) and freeing it
 * is the only free. A TALLOC_CTX as first parameter means that the result lives there.
 *
 * Allocation does not fail: sizes are checked at the door, and mem_init() makes talloc stop the process otherwise. */
#ifndef KAIRAN_UTIL_MEM_H
#define KAIRAN_UTIL_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

/* Bytes that may hold NUL. Never owned through this struct; `data` lives where its maker said. NULL data means "none". */
struct blob {
    const uint8_t *data;
    size_t len;
};

/* Once per program, before anything else. */
void mem_init(void);

/* Our own bug: stops the process with file and line, in releases too. */
#define must(condition) ((condition) ? (void)0 : must_failed(#condition, __FILE__, __LINE__))
void must_failed(const char *condition, const char *file, int line) __attribute__((noreturn));

/* talloc returns NULL only when memory is gone or a size is absurd: both end here. */
void *mem_check(void *ptr);
#define mem_new(ctx, type) ((type *)mem_check(talloc_zero((ctx), type)))
#define mem_array(ctx, type, count) ((type *)mem_check(talloc_zero_array((ctx), type, (unsigned)(count))))
#define mem_resize(ctx, ptr, type, count) ((type *)mem_check(talloc_realloc((ctx), (ptr), type, (unsigned)(count))))
char *mem_strdup(TALLOC_CTX *ctx, const char *s);                /* NULL stays NULL */
char *mem_strndup(TALLOC_CTX *ctx, const char *s, size_t len);
char *mem_printf(TALLOC_CTX *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct blob blob_copy(TALLOC_CTX *ctx, const void *data, size_t len); /* a NUL is put after it, not counted */
struct blob blob_of(const char *s);                                   /* views s, without its NUL */

/* A secret: like talloc_size, wiped when freed. */
void *mem_secret(TALLOC_CTX *ctx, size_t len);

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif

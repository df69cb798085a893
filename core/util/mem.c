/* mem.c - talloc with the failure cases taken out */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

/* Read by jemalloc, where it is linked. A process of ours has one thread; what a request freed goes back to the system within seconds. */
extern const char *malloc_conf;
const char *malloc_conf = "narenas:1,dirty_decay_ms:2000,muzzy_decay_ms:0";

void
must_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "<2>event=bug must=\"%s\" at=%s:%d\n", condition, file, line);
    abort();
}

static void
on_talloc_abort(const char *reason)
{
    fprintf(stderr, "<2>event=bug talloc=\"%s\"\n", reason);
    abort();
}

void
mem_init(void)
{
    talloc_set_abort_fn(on_talloc_abort);
}

void *
mem_check(void *ptr)
{
    must(ptr != NULL);
    return ptr;
}

char *
mem_strdup(TALLOC_CTX *ctx, const char *s)
{
    return s == NULL ? NULL : mem_check(talloc_strdup(ctx, s));
}

char *
mem_strndup(TALLOC_CTX *ctx, const char *s, size_t len)
{
    char *copy = mem_check(talloc_size(ctx, len + 1));

    if (len > 0)
        memcpy(copy, s, len);
    copy[len] = '\0';
    talloc_set_name_const(copy, "char");
    return copy;
}

char *
mem_printf(TALLOC_CTX *ctx, const char *format, ...)
{
    va_list args;
    char *s;

    va_start(args, format);
    s = mem_check(talloc_vasprintf(ctx, format, args));
    va_end(args);
    return s;
}

struct blob
blob_copy(TALLOC_CTX *ctx, const void *data, size_t len)
{
    uint8_t *copy = mem_check(talloc_size(ctx, len + 1));

    if (len > 0)
        memcpy(copy, data, len);
    copy[len] = 0;
    return (struct blob){copy, len};
}

struct blob
blob_of(const char *s)
{
    return (struct blob){(const uint8_t *)s, s == NULL ? 0 : strlen(s)};
}

static int
wipe(void *secret)
{
    explicit_bzero(secret, talloc_get_size(secret));
    return 0;
}

void *
mem_secret(TALLOC_CTX *ctx, size_t len)
{
    void *secret = mem_check(talloc_zero_size(ctx, len == 0 ? 1 : len));

    talloc_set_destructor(secret, wipe);
    return secret;
}

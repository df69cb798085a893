/* fuzz-socketmap.c - any bytes, cut in any way: the same answers, each a netstring */
#include <stdlib.h>
#include <string.h>

#include "worker/socketmap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum socketmap_answer
on_lookup(void *user, TALLOC_CTX *ctx, const char *name, const char *key, const char **value_r)
{
    (void)user;
    must(strpbrk(name, " \r\n") == NULL && strpbrk(key, "\r\n") == NULL);
    *value_r = mem_printf(ctx, "%s:%s", name, key);
    return (enum socketmap_answer)(strlen(key) % 4);
}

static const struct socketmap_handler handler = {on_lookup};

static struct socketmap *
run(TALLOC_CTX *ctx, const uint8_t *data, size_t size, size_t step)
{
    struct socketmap *map = socketmap_new(ctx, &handler, NULL);

    for (size_t at = 0; at < size; at += step)
        socketmap_feed(map, data + at, at + step < size ? step : size - at);
    return map;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *whole = socketmap_output(run(ctx, data, size, size + 1));
    char *p = whole->s;

    must(strcmp(whole->s, socketmap_output(run(ctx, data, size, size > 0 ? 1 + data[0] % 7 : 1))->s) == 0);
    while (*p != '\0') {
        size_t len = strtoul(p, &p, 10);

        must(p[0] == ':' && strlen(p) > len + 1 && p[len + 1] == ',');
        p += len + 2;
    }
    talloc_free(ctx);
    return 0;
}

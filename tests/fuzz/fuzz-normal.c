/* fuzz-normal.c - normal form does not depend on chunks, holds no lone CR or LF, and is left alone by itself */
#include <string.h>

#include "mime/normal.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
sink(void *context, const uint8_t *bytes, size_t len)
{
    str_addn(context, bytes, len);
}

static void
check_form(const struct str *out)
{
    must(out->len == 0 || out->s[out->len - 1] == '\n');
    for (size_t i = 0; i < out->len; i++) {
        must(out->s[i] != '\0');
        must(out->s[i] != '\n' || (i > 0 && out->s[i - 1] == '\r'));
        must(out->s[i] != '\r' || (i + 1 < out->len && out->s[i + 1] == '\n'));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *out = str_new(ctx);
    struct normal normal;
    uint64_t changed;
    struct blob whole = normal_copy(ctx, (struct blob){data, len}, &changed);

    normal_begin(&normal, sink, out);
    for (size_t at = 0, step = len > 0 ? data[0] % 7 + 1 : 1; at < len; at += step)
        normal_add(&normal, data + at, len - at < step ? len - at : step);
    normal_end(&normal);
    must(out->len == whole.len && memcmp(out->s, whole.data, out->len) == 0);
    must(normal.changed == changed && normal.written == out->len);
    check_form(out);
    normal_copy(ctx, whole, &changed);
    must(changed == 0);
    talloc_free(ctx);
    return 0;
}

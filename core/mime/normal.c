/* normal.c - the normal form of a message, as a small state machine */
#include <string.h>

#include "mime/normal.h"
#include "util/str.h"

void
normal_begin(struct normal *normal, void (*sink)(void *context, const uint8_t *data, size_t len), void *context)
{
    *normal = (struct normal){.sink = sink, .context = context};
}

static void
put(struct normal *normal, const void *data, size_t len)
{
    if (len == 0)
        return;
    normal->sink(normal->context, data, len);
    normal->written += len;
}

static bool
is_plain(uint8_t byte)
{
    return byte != '\r' && byte != '\n' && byte != '\0';
}

/* How many bytes at p are passed on as they are. Eight at a time as long as none is below 0x0e: whole messages go through here. */
static size_t
plain_len(const uint8_t *p, size_t left)
{
    size_t len = 0;
    uint64_t eight;

    for (; left - len >= sizeof eight; len += sizeof eight) {
        memcpy(&eight, p + len, sizeof eight);
        if (((eight - UINT64_C(0x0e0e0e0e0e0e0e0e)) & ~eight & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    while (len < left && is_plain(p[len]))
        len++;
    return len;
}

/* The held CR was followed by something other than LF, so it is a blank. */
static void
put_lone_cr(struct normal *normal)
{
    if (!normal->cr_held)
        return;
    put(normal, " ", 1);
    normal->changed++;
    normal->line_open = true;
    normal->cr_held = false;
}

static void
put_line_end(struct normal *normal)
{
    put(normal, "\r\n", 2);
    if (!normal->cr_held)
        normal->changed++;
    normal->cr_held = false;
    normal->line_open = false;
}

void
normal_add(struct normal *normal, const void *data, size_t len)
{
    const uint8_t *p = data, *end = p + len;

    while (p < end) {
        size_t run = plain_len(p, (size_t)(end - p));

        if (run > 0) {
            put_lone_cr(normal);
            put(normal, p, run);
            normal->line_open = true;
            p += run;
            continue;
        }
        if (*p == '\n')
            put_line_end(normal);
        else if (*p == '\0')
            normal->changed++;
        else {
            put_lone_cr(normal);
            normal->cr_held = true;
        }
        p++;
    }
}

void
normal_end(struct normal *normal)
{
    put_lone_cr(normal);
    if (normal->line_open) {
        put_line_end(normal);
        normal->changed++;      /* both bytes are new */
    }
}

static void
add_to_str(void *context, const uint8_t *data, size_t len)
{
    str_addn(context, data, len);
}

struct blob
normal_copy(TALLOC_CTX *ctx, struct blob raw, uint64_t *changed_r)
{
    struct str *out = str_new(ctx);
    struct normal normal;

    normal_begin(&normal, add_to_str, out);
    normal_add(&normal, raw.data, raw.len);
    normal_end(&normal);
    if (changed_r != NULL)
        *changed_r = normal.changed;
    return str_blob(out);
}

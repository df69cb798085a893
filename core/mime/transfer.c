/* transfer.c - base64, quoted-printable, uuencode */
#include <string.h>

#include "mime/transfer.h"

static int
hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int
transfer_hex_pair(const void *p, size_t left)
{
    const uint8_t *digits = p;
    int high = left >= 2 ? hex_value(digits[0]) : -1, low = high >= 0 ? hex_value(digits[1]) : -1;

    return low >= 0 ? high << 4 | low : -1;
}

/* One more than the value of each digit, so that 0 is none; and -1 for the padding. */
static const int8_t base64_digits[256] = {
    ['A'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
    ['a'] = 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52,
    ['0'] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, ['+'] = 63, ['/'] = 64, ['='] = -1,
};

struct base64_state { uint32_t bits; unsigned count; };

/* Padding ends a run of base64; another may follow, as some mailers join them. */
static void
base64_add(struct base64_state *state, struct str *out, struct blob in)
{
    uint8_t chunk[1024];
    size_t filled = 0;

    for (size_t i = 0; i < in.len; i++) {
        int digit = base64_digits[in.data[i]];

        if (digit < 0)
            state->count = 0;
        if (digit <= 0)
            continue;
        state->bits = state->bits << 6 | (uint32_t)(digit - 1);
        state->count += 6;
        if (state->count < 8)
            continue;
        state->count -= 8;
        chunk[filled++] = (uint8_t)(state->bits >> state->count & 0xff);
        if (filled == sizeof(chunk)) {
            str_addn(out, chunk, filled);
            filled = 0;
        }
    }
    str_addn(out, chunk, filled);
}

void
transfer_base64(struct str *out, struct blob in)
{
    struct base64_state state = {0, 0};

    base64_add(&state, out, in);
}

/* What base64_add() would give, counted by runs between paddings. */
static size_t
base64_size(struct blob in)
{
    size_t size = 0, digits = 0;

    for (size_t i = 0; i < in.len; i++) {
        int digit = base64_digits[in.data[i]];

        digits += digit > 0;
        if (digit < 0) {
            size += digits * 6 / 8;
            digits = 0;
        }
    }
    return size + digits * 6 / 8;
}

/* A line without its end and without the blanks before it; true when a soft break joins it to the next. */
static bool
qp_line(struct str *out, const uint8_t *p, size_t len)
{
    while (len > 0 && (p[len - 1] == ' ' || p[len - 1] == '\t'))
        len--;
    for (size_t i = 0; i < len; i++) {
        int byte;

        if (p[i] != '=') {
            str_addc(out, (char)p[i]);
            continue;
        }
        if (i + 1 == len)
            return true;
        byte = transfer_hex_pair(p + i + 1, len - i - 1);
        str_addc(out, byte >= 0 ? (char)byte : '=');
        i += byte >= 0 ? 2 : 0;
    }
    return false;
}

void
transfer_quoted_printable(struct str *out, struct blob in)
{
    const uint8_t *p = in.data, *end = p + in.len;

    while (p < end) {
        const uint8_t *lf = memchr(p, '\n', (size_t)(end - p)), *stop = lf != NULL ? lf : end;
        bool crlf = lf != NULL && lf > p && lf[-1] == '\r';

        if (!qp_line(out, p, (size_t)(stop - p) - crlf) && lf != NULL)
            str_add(out, crlf ? "\r\n" : "\n");
        p = lf != NULL ? lf + 1 : end;
    }
}

static void
uu_line(struct str *out, const uint8_t *p, size_t len)
{
    size_t want = len > 0 ? (size_t)((p[0] - 32) & 63) : 0, made = 0;
    uint32_t bits = 0;
    unsigned count = 0;

    for (size_t i = 1; i < len && made < want; i++) {
        bits = bits << 6 | (uint32_t)((p[i] - 32) & 63);
        count += 6;
        if (count >= 8) {
            count -= 8;
            str_addc(out, (char)(bits >> count & 0xff));
            made++;
        }
    }
}

struct uu_state { bool has_begun, has_ended; };

/* Whole lines. */
static void
uu_add(struct uu_state *state, struct str *out, struct blob in)
{
    const uint8_t *p = in.data, *end = p + in.len;

    while (p < end && !state->has_ended) {
        const uint8_t *lf = memchr(p, '\n', (size_t)(end - p)), *stop = lf != NULL ? lf : end;
        size_t len = (size_t)(stop - p);

        len -= len > 0 && p[len - 1] == '\r';
        if (state->has_begun && len == 3 && memcmp(p, "end", 3) == 0)
            state->has_ended = true;
        else if (state->has_begun)
            uu_line(out, p, len);
        else
            state->has_begun = len > 6 && memcmp(p, "begin ", 6) == 0;
        p = lf != NULL ? lf + 1 : end;
    }
}

void
transfer_uuencode(struct str *out, struct blob in)
{
    struct uu_state state = {false, false};

    uu_add(&state, out, in);
}

static const struct { const char *name; void (*decode)(struct str *out, struct blob in); } encodings[] = {
    {"base64", transfer_base64},
    {"quoted-printable", transfer_quoted_printable},
    {"x-uuencode", transfer_uuencode},
    {"uuencode", transfer_uuencode},
    {"x-uue", transfer_uuencode},
};

bool
transfer_is_identity(const char *cte)
{
    for (size_t i = 0; i < COUNT_OF(encodings); i++)
        if (strcmp(encodings[i].name, cte) == 0)
            return false;
    return true;
}

void
transfer_decode(struct str *out, const char *cte, struct blob in)
{
    for (size_t i = 0; i < COUNT_OF(encodings); i++)
        if (strcmp(encodings[i].name, cte) == 0) {
            encodings[i].decode(out, in);
            return;
        }
    str_addn(out, in.data, in.len);
}

size_t
transfer_size(const char *cte, struct blob in)
{
    struct str *out;
    size_t size;

    if (transfer_is_identity(cte))
        return in.len;
    if (strcmp(cte, "base64") == 0)
        return base64_size(in);
    out = str_new(NULL);
    transfer_decode(out, cte, in);
    size = out->len;
    talloc_free(out);
    return size;
}

/* ---- piece by piece ---- */

enum { LINE_HELD = 64 * 1024 };

struct transfer_flow {
    void (*decode)(struct str *out, struct blob in);    /* NULL: nothing to be taken off */
    struct base64_state base64;
    struct uu_state uu;
    struct str *held;       /* the line that has not ended yet */
};

struct transfer_flow *
transfer_flow_new(TALLOC_CTX *ctx, const char *cte)
{
    struct transfer_flow *flow = mem_new(ctx, struct transfer_flow);

    for (size_t i = 0; i < COUNT_OF(encodings); i++)
        if (strcmp(encodings[i].name, cte) == 0)
            flow->decode = encodings[i].decode;
    flow->held = str_new(flow);
    return flow;
}

static void
flow_lines(struct transfer_flow *flow, struct str *out, struct blob lines)
{
    if (flow->decode == transfer_uuencode)
        uu_add(&flow->uu, out, lines);
    else
        flow->decode(out, lines);
}

/* How much of the text can be decoded: whole lines, or of a line without end what is not in the middle of an escape. */
static size_t
flow_ready(const struct transfer_flow *flow, const uint8_t *text, size_t len)
{
    const uint8_t *lf = memrchr(text, '\n', len);
    size_t ready = lf != NULL ? (size_t)(lf - text) + 1 : 0;

    if (flow->decode == transfer_uuencode || len - ready <= LINE_HELD)
        return ready;
    for (ready = len - 2; ready > 2 && (memchr(text + ready - 2, '=', 2) != NULL || text[ready - 1] == ' ' || text[ready - 1] == '\t');)
        ready--;
    return ready > 2 ? ready : len;
}

void
transfer_flow_add(struct transfer_flow *flow, struct str *out, struct blob in)
{
    size_t ready;

    if (flow->decode == NULL || flow->decode == transfer_base64) {
        if (flow->decode != NULL)
            base64_add(&flow->base64, out, in);
        else
            str_addn(out, in.data, in.len);
        return;
    }
    str_addn(flow->held, in.data, in.len);
    ready = flow_ready(flow, (const uint8_t *)flow->held->s, flow->held->len);
    flow_lines(flow, out, (struct blob){(const uint8_t *)flow->held->s, ready});
    memmove(flow->held->s, flow->held->s + ready, flow->held->len - ready + 1);
    flow->held->len -= ready;
}

void
transfer_flow_end(struct transfer_flow *flow, struct str *out)
{
    if (flow->held->len > 0)
        flow_lines(flow, out, str_blob(flow->held));
    str_clear(flow->held);
}

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

static int
base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '/')
        return c == '+' ? 62 : 63;
    return -1;
}

/* Padding ends a run of base64; another may follow, as some mailers join them. */
void
transfer_base64(struct str *out, struct blob in)
{
    uint8_t chunk[1024];
    uint32_t bits = 0;
    unsigned count = 0;
    size_t filled = 0;

    for (size_t i = 0; i < in.len; i++) {
        int value = base64_value(in.data[i]);

        if (in.data[i] == '=')
            count = 0;
        if (value < 0)
            continue;
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count < 8)
            continue;
        count -= 8;
        chunk[filled++] = (uint8_t)(bits >> count & 0xff);
        if (filled == sizeof(chunk)) {
            str_addn(out, chunk, filled);
            filled = 0;
        }
    }
    str_addn(out, chunk, filled);
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

void
transfer_uuencode(struct str *out, struct blob in)
{
    const uint8_t *p = in.data, *end = p + in.len;
    bool begun = false;

    while (p < end) {
        const uint8_t *lf = memchr(p, '\n', (size_t)(end - p)), *stop = lf != NULL ? lf : end;
        size_t len = (size_t)(stop - p);

        len -= len > 0 && p[len - 1] == '\r';
        if (begun && len == 3 && memcmp(p, "end", 3) == 0)
            return;
        if (begun)
            uu_line(out, p, len);
        else
            begun = len > 6 && memcmp(p, "begin ", 6) == 0;
        p = lf != NULL ? lf + 1 : end;
    }
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

/* str.c - a text that grows, and small questions about text */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/str.h"

struct str *
str_new(TALLOC_CTX *ctx)
{
    struct str *str = mem_new(ctx, struct str);

    str->cap = 64;
    str->s = mem_array(str, char, str->cap);
    return str;
}

static void
str_room(struct str *str, size_t more)
{
    must(more < SIZE_MAX / 2 && str->len < SIZE_MAX / 2);
    if (str->len + more + 1 <= str->cap)
        return;
    while (str->cap < str->len + more + 1)
        str->cap *= 2;
    str->s = mem_check(talloc_realloc_size(str, str->s, str->cap));
}

void
str_addn(struct str *str, const void *data, size_t len)
{
    str_room(str, len);
    if (len > 0)
        memcpy(str->s + str->len, data, len);
    str->len += len;
    str->s[str->len] = '\0';
}

void
str_add(struct str *str, const char *s)
{
    if (s != NULL)
        str_addn(str, s, strlen(s));
}

void
str_addc(struct str *str, char c)
{
    if (str->len + 1 >= str->cap)
        str_room(str, 1);
    str->s[str->len++] = c;
    str->s[str->len] = '\0';
}

void
str_addf(struct str *str, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    must(len >= 0);
    str_room(str, (size_t)len);
    va_start(args, format);
    vsnprintf(str->s + str->len, (size_t)len + 1, format, args);
    va_end(args);
    str->len += (size_t)len;
}

void
str_clear(struct str *str)
{
    str->len = 0;
    str->s[0] = '\0';
}

const char *
str_text(const struct str *str)
{
    return str->s;
}

struct blob
str_blob(const struct str *str)
{
    return (struct blob){(const uint8_t *)str->s, str->len};
}

bool
str_eq(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool
str_eq_nocase(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcasecmp(a, b) == 0);
}

bool
str_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
str_starts_nocase(const char *s, const char *prefix)
{
    return strncasecmp(s, prefix, strlen(prefix)) == 0;
}

bool
str_ends(const char *s, const char *suffix)
{
    size_t len = strlen(s), tail = strlen(suffix);

    return len >= tail && strcmp(s + len - tail, suffix) == 0;
}

bool
str_is_empty(const char *s)
{
    return s == NULL || *s == '\0';
}

bool
str_has_control(const char *s)
{
    for (; *s != '\0'; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7f)
            return true;
    return false;
}

bool
str_has_8bit(const char *s)
{
    return blob_has_8bit(blob_of(s));
}

/* Eight bytes at a time: whole messages are asked. */
bool
blob_has_8bit(struct blob bytes)
{
    uint64_t all = 0, eight;

    for (; bytes.len >= sizeof eight; bytes.data += sizeof eight, bytes.len -= sizeof eight) {
        memcpy(&eight, bytes.data, sizeof eight);
        all |= eight;
    }
    for (; bytes.len > 0; bytes.data++, bytes.len--)
        all |= *bytes.data;
    return (all & UINT64_C(0x8080808080808080)) != 0;
}

char *
str_lower(TALLOC_CTX *ctx, const char *s)
{
    char *copy = mem_strdup(ctx, s);

    for (char *p = copy; p != NULL && *p != '\0'; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p += 'a' - 'A';
    return copy;
}

char *
str_trim(TALLOC_CTX *ctx, const char *s)
{
    size_t len;

    s += strspn(s, " \t\r\n");
    for (len = strlen(s); len > 0 && strchr(" \t\r\n", s[len - 1]) != NULL; len--)
        ;
    return mem_strndup(ctx, s, len);
}

bool
str_to_int(const char *s, int64_t min, int64_t max, int64_t *value_r)
{
    const char *digits = s != NULL && *s == '-' ? s + 1 : s;
    long long value;

    if (digits == NULL || *digits == '\0' || strspn(digits, "0123456789") != strlen(digits))
        return false;
    errno = 0;
    value = strtoll(s, NULL, 10);
    if (errno != 0 || value < min || value > max)
        return false;
    *value_r = value;
    return true;
}

char **
str_split(TALLOC_CTX *ctx, const char *s, char separator, size_t max)
{
    char **parts = mem_array(ctx, char *, 2);
    size_t count = 0;

    for (;;) {
        const char *end = count + 1 < max ? strchr(s, separator) : NULL;
        size_t len = end != NULL ? (size_t)(end - s) : strlen(s);

        parts = mem_resize(ctx, parts, char *, count + 2);
        parts[count] = mem_strndup(parts, s, len);
        parts[++count] = NULL;
        if (end == NULL)
            return parts;
        s = end + 1;
    }
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* How many bytes at p, eight by eight, are ASCII from blank to "~". */
static size_t
plain_len(const uint8_t *p, size_t left)
{
    size_t len = 0;
    uint64_t eight;

    for (; left - len >= sizeof eight; len += sizeof eight) {
        memcpy(&eight, p + len, sizeof eight);
        /* The high bit of a byte: it is not ASCII; with one added, it was DEL; with a blank's worth taken off, it was less. */
        if (((eight | (eight + EACH(1)) | (eight - EACH(0x20))) & EACH(0x80)) != 0)
            break;
    }
    return len;
}

/* Length of the valid UTF-8 character at p, or 0. */
static size_t
utf8_len(const uint8_t *p, size_t left)
{
    static const struct { uint8_t first, last, low, high; uint8_t len; } forms[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
        {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    if (p[0] < 0x80)
        return p[0] != 0;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        size_t len = forms[i].len;

        if (p[0] < forms[i].first || p[0] > forms[i].last)
            continue;
        if (left < len || p[1] < forms[i].low || p[1] > forms[i].high)
            return 0;
        for (size_t k = 2; k < len; k++)
            if ((p[k] & 0xc0) != 0x80)
                return 0;
        return len;
    }
    return 0;
}

bool
utf8_is_valid(const void *data, size_t len)
{
    const uint8_t *p = data, *end = p + len;

    while (p < end) {
        size_t step = plain_len(p, (size_t)(end - p));

        if (step == 0)
            step = utf8_len(p, (size_t)(end - p));
        if (step == 0)
            return false;
        p += step;
    }
    return true;
}

/* How many bytes at p are fit as they are. */
static size_t
fit_len(const uint8_t *p, size_t left)
{
    size_t len = 0;

    while (len < left) {
        size_t step = plain_len(p + len, left - len);

        if (step == 0)
            step = utf8_len(p + len, left - len);
        if (step == 0 || (step == 1 && (p[len] < 0x20 || p[len] == 0x7f) && p[len] != '\t' && p[len] != '\n') ||
            (step == 2 && p[len] == 0xc2 && p[len + 1] < 0xa0))
            break;
        len += step;
    }
    return len;
}

char *
utf8_clean(TALLOC_CTX *ctx, const void *data, size_t len)
{
    const uint8_t *p = data, *end = p + len;
    struct str *out = str_new(NULL);
    char *clean;

    while (p < end) {
        size_t fit = fit_len(p, (size_t)(end - p));

        str_addn(out, p, fit);
        p += fit;
        if (p == end)
            break;
        fit = utf8_len(p, (size_t)(end - p));
        if (fit == 0 && *p != 0)
            str_add(out, "\xef\xbf\xbd");
        p += fit == 0 ? 1 : fit;
    }
    clean = mem_strndup(ctx, out->s, out->len);
    talloc_free(out);
    return clean;
}

size_t
utf8_length(const char *s)
{
    size_t count = 0;

    for (; *s != '\0'; s++)
        count += ((unsigned char)*s & 0xc0) != 0x80;
    return count;
}

char *
utf8_cut(TALLOC_CTX *ctx, const char *s, size_t max)
{
    const char *p = s;

    while (*p != '\0' && max > 0) {
        p++;
        while (((unsigned char)*p & 0xc0) == 0x80)
            p++;
        max--;
    }
    return mem_strndup(ctx, s, (size_t)(p - s));
}

char *
utf8_cut_bytes(TALLOC_CTX *ctx, const char *s, size_t max)
{
    size_t len = strnlen(s, max);

    if (s[len] != '\0')
        while (len > 0 && ((unsigned char)s[len] & 0xc0) == 0x80)
            len--;
    return mem_strndup(ctx, s, len);
}

char *
utf8_fold_width(TALLOC_CTX *ctx, const char *text)
{
    struct str *out = str_new(ctx);

    for (const unsigned char *s = (const unsigned char *)text; *s != '\0'; s++) {
        if (s[0] == 0xef && (s[1] == 0xbc || s[1] == 0xbd) && s[2] != '\0') {
            unsigned code = (unsigned)((s[0] & 0x0f) << 12 | (s[1] & 0x3f) << 6 | (s[2] & 0x3f));

            if (code >= 0xff01 && code <= 0xff5e) {
                str_addc(out, (char)(code - 0xff01 + '!'));
                s += 2;
                continue;
            }
        }
        if (s[0] == 0xe3 && s[1] == 0x80 && s[2] == 0x80) {
            str_addc(out, ' ');
            s += 2;
            continue;
        }
        str_addc(out, (char)*s);
    }
    return out->s;
}

/* html-entity.c - a number, or the longest name of a sorted table that begins the text */
#include <string.h>

#include "mime/html-entity.h"

static const struct { const char *name, *text; } entities[] = {
#define ENTITY(name, text) {name, text},
#include "mime/html-entities.def"
#undef ENTITY
};

/* &#128; to &#159; as Windows-1252 has them; 0: it has none. */
static const uint16_t windows[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
    0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

/* One that is none becomes U+FFFD. */
static void
add_code_point(struct str *to, uint32_t code)
{
    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        code = 0xfffd;
    if (code < 0x80) {
        str_addc(to, (char)code);
        return;
    }
    if (code < 0x800)
        str_addc(to, (char)(0xc0 | code >> 6));
    else {
        if (code < 0x10000)
            str_addc(to, (char)(0xe0 | code >> 12));
        else {
            str_addc(to, (char)(0xf0 | code >> 18));
            str_addc(to, (char)(0x80 | (code >> 12 & 0x3f)));
        }
        str_addc(to, (char)(0x80 | (code >> 6 & 0x3f)));
    }
    str_addc(to, (char)(0x80 | (code & 0x3f)));
}

static bool
is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The value of a digit, 99 for what is none. */
static uint32_t
digit_value(char c)
{
    return c >= '0' && c <= '9' ? (uint32_t)(c - '0') : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
        : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10 : 99;
}

static size_t
numeric(struct str *to, const char *p, const char *end)
{
    const char *q = p + 2, *digits;
    uint32_t base = 10, code = 0;

    if (q < end && (*q == 'x' || *q == 'X')) {
        base = 16;
        q++;
    }
    for (digits = q; q < end && digit_value(*q) < base; q++)
        if (code <= 0x10ffff)
            code = code * base + digit_value(*q);
    if (q == digits)
        return 0;
    if (code >= 0x80 && code <= 0x9f && windows[code - 0x80] != 0)
        code = windows[code - 0x80];
    add_code_point(to, code);
    return (size_t)(q - p) + (q < end && *q == ';');
}

/* The first row in [low, high) whose letter at `at` is not below (or, `above`, is above) `letter`. */
static size_t
bound(size_t low, size_t high, size_t at, char letter, bool above)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = (unsigned char)entities[middle].name[at] - (unsigned char)letter;

        if (order < 0 || (above && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Letter by letter the rows that begin so become fewer; the last that ended on the way is the longest. */
static size_t
named(struct str *to, const char *p, const char *end, bool in_value)
{
    size_t low = 0, high = COUNT_OF(entities), best = COUNT_OF(entities), best_len = 0;
    const char *name = p + 1;

    for (size_t at = 0; name + at < end && name[at] != '\0' && low < high; at++) {
        low = bound(low, high, at, name[at], false);
        high = bound(low, high, at, name[at], true);
        if (low < high && entities[low].name[at + 1] == '\0') {
            best = low;
            best_len = at + 1;
        }
    }
    if (best == COUNT_OF(entities))
        return 0;
    if (in_value && name[best_len - 1] != ';' && name + best_len < end && (name[best_len] == '=' || is_alnum(name[best_len])))
        return 0;
    str_add(to, entities[best].text);
    return best_len + 1;
}

size_t
html_reference(struct str *to, const char *p, const char *end, bool in_value)
{
    if (p + 1 >= end)
        return 0;
    if (p[1] == '#')
        return numeric(to, p, end);
    return is_alnum(p[1]) ? named(to, p, end, in_value) : 0;
}

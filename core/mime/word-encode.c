/* word-encode.c - writing encoded words */
#include <string.h>

#include "mime/word.h"
#include "util/crypto.h"
#include "util/str.h"

enum { WORD_TEXT_MAX = 75, LINE_TEXT_MAX = 78, PLAIN_MAX = 850 };

/* Not plain ASCII, or what a reader would take for a word, or too long for any line. */
static bool
needs_encoding(const char *p, const char *end)
{
    if (end - p > PLAIN_MAX)
        return true;
    for (const char *c = p; c < end; c++)
        if ((unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7f)
            return true;
    return memmem(p, (size_t)(end - p), "=?", 2) != NULL;
}

static bool
q_is_plain(char c)
{
    /* RFC 2047 5 (3): what may stand in a phrase may stand anywhere. */
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("!*+-/", c) != NULL;
}

static size_t
q_len(const char *p, size_t len)
{
    size_t sum = 0;

    for (size_t i = 0; i < len; i++)
        sum += p[i] == ' ' || q_is_plain(p[i]) ? 1 : 3;
    return sum;
}

static size_t
b_len(size_t len)
{
    return (len + 2) / 3 * 4;
}

static size_t
character_len(const char *p, const char *end)
{
    size_t len = 1;

    while (p + len < end && ((unsigned char)p[len] & 0xc0) == 0x80 && len < 4)
        len++;
    return len;
}

static void
add_word(struct str *out, bool q, const char *p, size_t len)
{
    static const char hex[] = "0123456789ABCDEF";

    str_add(out, q ? "=?UTF-8?Q?" : "=?UTF-8?B?");
    if (q) {
        for (size_t i = 0; i < len; i++) {
            unsigned char c = (unsigned char)p[i];

            if (c == ' ')
                str_addc(out, '_');
            else if (q_is_plain((char)c))
                str_addc(out, (char)c);
            else {
                str_addc(out, '=');
                str_addc(out, hex[c >> 4]);
                str_addc(out, hex[c & 15]);
            }
        }
    } else {
        char *base64 = base64_encode(NULL, (struct blob){(const uint8_t *)p, len});

        str_add(out, base64);
        talloc_free(base64);
    }
    str_add(out, "?=");
}

/* How much of p fits into a word of `room` letters, whole characters only; one at least. */
static size_t
word_fit(bool q, const char *p, const char *end, size_t room)
{
    size_t len = character_len(p, end), payload = room - 12;

    for (;;) {
        size_t more = p + len < end ? character_len(p + len, end) : 0;

        if (more == 0 || (q ? q_len(p, len + more) : b_len(len + more)) > payload)
            return len;
        len += more;
    }
}

enum { WORD_ROOM_MIN = 12 + 12 };   /* the frame, and one character of four bytes in Q */

static void
str_clip(struct str *out, size_t len)
{
    out->len -= len;
    out->s[out->len] = '\0';
}

static void
encode_stretch(struct str *out, size_t *column, const char *p, const char *end)
{
    bool q = q_len(p, (size_t)(end - p)) <= b_len((size_t)(end - p));
    bool first = true;

    while (p < end) {
        size_t room = *column < LINE_TEXT_MAX ? LINE_TEXT_MAX - *column : 0, len, before;

        if (!first || room < WORD_ROOM_MIN) {
            if (first && out->len > 0)
                str_clip(out, 1);       /* the blank before it moves to the next line */
            str_add(out, "\r\n ");
            *column = 1;
            room = LINE_TEXT_MAX - 1;
        }
        len = word_fit(q, p, end, room < WORD_TEXT_MAX ? room : WORD_TEXT_MAX);
        before = out->len;
        add_word(out, q, p, len);
        *column += out->len - before;
        p += len;
        first = false;
    }
}

/* Text for one line: what ends or bends a line is a blank, invalid UTF-8 is U+FFFD. */
static char *
line_text(TALLOC_CTX *ctx, const char *text)
{
    char *copy = mem_strdup(NULL, text), *clean;

    for (char *p = copy; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = ' ';
    clean = utf8_clean(ctx, copy, strlen(copy));
    talloc_free(copy);
    return clean;
}

/* First and end of the words (between blanks) that need encoding; false when none does. */
static bool
find_stretch(const char *text, const char **from_r, const char **to_r)
{
    const char *p = text;

    *from_r = NULL;
    while (*p != '\0') {
        const char *word = p;

        while (*p != '\0' && *p != ' ')
            p++;
        if (needs_encoding(word, p)) {
            if (*from_r == NULL)
                *from_r = word;
            *to_r = p;
        }
        while (*p == ' ')
            p++;
    }
    return *from_r != NULL;
}

char *
word_encode(TALLOC_CTX *ctx, const char *text, size_t prefix_len)
{
    char *clean = line_text(NULL, text), *result;
    struct str *out = str_new(NULL);
    const char *from, *to;
    size_t column;

    if (!find_stretch(clean, &from, &to)) {
        result = mem_strdup(ctx, clean);
    } else {
        str_addn(out, clean, (size_t)(from - clean));
        column = prefix_len + out->len;
        encode_stretch(out, &column, from, to);
        str_add(out, to);
        result = mem_strndup(ctx, out->s, out->len);
    }
    talloc_free(out);
    talloc_free(clean);
    return result;
}

static bool
is_atoms(const char *text)
{
    if (*text == '\0' || *text == ' ' || text[strlen(text) - 1] == ' ' || strstr(text, "  ") != NULL)
        return false;
    for (const char *p = text; *p != '\0'; p++)
        if (!(*p >= 'a' && *p <= 'z') && !(*p >= 'A' && *p <= 'Z') && !(*p >= '0' && *p <= '9') &&
            strchr(" !#$%&'*+-/=?^_`{|}~", *p) == NULL)
            return false;
    return true;
}

char *
word_encode_phrase(TALLOC_CTX *ctx, const char *text, size_t prefix_len)
{
    char *clean = line_text(NULL, text), *result;
    struct str *out = str_new(NULL);
    size_t column = prefix_len;

    if (needs_encoding(clean, clean + strlen(clean)))
        encode_stretch(out, &column, clean, clean + strlen(clean));
    else if (is_atoms(clean))
        str_add(out, clean);
    else {
        str_addc(out, '"');
        for (const char *p = clean; *p != '\0'; p++) {
            if (*p == '"' || *p == '\\')
                str_addc(out, '\\');
            str_addc(out, *p);
        }
        str_addc(out, '"');
    }
    result = mem_strndup(ctx, out->s, out->len);
    talloc_free(out);
    talloc_free(clean);
    return result;
}

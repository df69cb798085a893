/* people-bytes.c - a file from a spreadsheet or an editor, as text */
#include <string.h>

#include "mime/charset.h"
#include "policy/people.h"
#include "util/str.h"

static bool
begins(struct blob bytes, const char *mark, size_t len)
{
    return bytes.len >= len && memcmp(bytes.data, mark, len) == 0;
}

/* UTF-16 without a mark has NULs, most of them on one side. */
static const char *
utf16_guess(struct blob bytes)
{
    size_t side[2] = {0, 0}, look = bytes.len < 4000 ? bytes.len : 4000;

    for (size_t i = 0; i < look; i++)
        side[i & 1] += bytes.data[i] == 0;
    if (side[0] + side[1] < look / 20 + 1)
        return NULL;
    return side[1] > 4 * side[0] ? "utf-16le" : side[0] > 4 * side[1] ? "utf-16be" : NULL;
}

/* Latin letters with accents are possible characters of CP932 too: there the reader's language decides. */
static const char *
charset_of(struct blob bytes, const char *language)
{
    const char *guess = utf16_guess(bytes);

    if (guess == NULL)
        guess = charset_guess(bytes);
    return str_eq(guess, "windows-1252") && str_eq(language, "ja") ? "cp932" : guess;
}

/* Tables of old Macintosh programs end lines by CR alone, which conversion would take away as it does with other controls. */
static struct blob
with_line_ends(TALLOC_CTX *ctx, struct blob bytes, const char *charset)
{
    size_t unit = str_starts_nocase(charset, "utf-16") ? 2 : 1, low = str_eq_nocase(charset, "utf-16be");
    uint8_t *copy;

    if (bytes.len == 0 || memchr(bytes.data, '\r', bytes.len) == NULL)
        return bytes;
    copy = (uint8_t *)(uintptr_t)(bytes = blob_copy(ctx, bytes.data, bytes.len)).data;
    for (size_t i = 0; i + unit <= bytes.len; i += unit) {
        const uint8_t *next = i + 2 * unit <= bytes.len ? copy + i + unit : NULL;

        if (copy[i + low] != '\r' || (unit == 2 && copy[i + 1 - low] != 0))
            continue;
        if (next == NULL || next[low] != '\n' || (unit == 2 && next[1 - low] != 0))
            copy[i + low] = '\n';
    }
    return bytes;
}

char *
people_text(TALLOC_CTX *ctx, struct blob bytes, const char *charset, const char *language, const char **charset_r)
{
    static const struct { const char *mark; size_t len; const char *charset; } marks[] = {
        {"\xef\xbb\xbf", 3, "utf-8"}, {"\xff\xfe", 2, "utf-16le"}, {"\xfe\xff", 2, "utf-16be"},
    };
    char *text;

    *charset_r = str_is_empty(charset) ? NULL : charset;
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (begins(bytes, marks[i].mark, marks[i].len)) {
            *charset_r = marks[i].charset;
            bytes.data += marks[i].len;
            bytes.len -= marks[i].len;
            break;
        }
    if (*charset_r == NULL)
        *charset_r = charset_of(bytes, language);
    text = charset_to_utf8(ctx, *charset_r, with_line_ends(ctx, bytes, *charset_r));
    for (char *s = text; *s != '\0'; s++)
        if (*s == '\v' || *s == '\f')
            *s = ' ';
    return text;
}

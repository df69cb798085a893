/* view-reaction.c - a part that is nothing but a sign of how somebody feels about a message */
#include <stdlib.h>
#include <string.h>

#include "mime/transfer.h"
#include "mime/view-private.h"

enum { SIGN_MOST = 64 };

/* The first byte of a letter: of what begins so in UTF-8, signs are U+00A9 and its like and what is from U+2000 on, but no kana,
 * no Han and no Hangul. */
static bool
is_letter_byte(const unsigned char *s)
{
    return (s[0] >= 0xc0 && s[0] < 0xe2 && s[0] != 0xc2) || (s[0] >= 0xe4 && s[0] < 0xee) || (s[0] == 0xe3 && s[1] >= 0x81 && s[1] < 0x84);
}

/* One or more signs with blanks between them: no letters, no digits, nothing that could be a sentence. */
static bool
is_sign(const char *text)
{
    bool any = false;

    if (strlen(text) > SIGN_MOST)
        return false;
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0'; s++) {
        if (*s < 0x80 ? strchr(" 0123456789#*", *s) == NULL : is_letter_byte(s))
            return false;
        any = any || *s >= 0xc0;
    }
    return any;
}

static void
add_code(struct str *out, unsigned code)
{
    if (code < 0x800)
        str_addf(out, "%c%c", (int)(0xc0 | code >> 6), (int)(0x80 | (code & 0x3f)));
    else if (code < 0x10000)
        str_addf(out, "%c%c%c", (int)(0xe0 | code >> 12), (int)(0x80 | (code >> 6 & 0x3f)), (int)(0x80 | (code & 0x3f)));
    else
        str_addf(out, "%c%c%c%c", (int)(0xf0 | code >> 18), (int)(0x80 | (code >> 12 & 0x3f)), (int)(0x80 | (code >> 6 & 0x3f)),
                 (int)(0x80 | (code & 0x3f)));
}

static unsigned
four_digits(const char *s)
{
    int high = transfer_hex_pair(s, strnlen(s, 2)), low = high >= 0 ? transfer_hex_pair(s + 2, strnlen(s + 2, 2)) : -1;

    return low >= 0 ? (unsigned)(high << 8 | low) : 0;
}

/* The value of "emoji" in {"version":1,"emoji":"..."}: Gmail's form. */
static char *
emoji_of(TALLOC_CTX *ctx, const char *json)
{
    const char *s = strstr(json, "\"emoji\"");
    struct str *out = str_new(ctx);

    s = s != NULL ? s + 7 + strspn(s + 7, " \t\r\n") : "";
    s = *s == ':' ? s + 1 + strspn(s + 1, " \t\r\n") : "";
    for (s = *s == '"' ? s + 1 : ""; *s != '\0' && *s != '"' && out->len <= SIGN_MOST; s++) {
        unsigned code = s[0] == '\\' && s[1] == 'u' ? four_digits(s + 2) : 0, low;

        if (code < 0x80) {
            str_addc(out, *s);
            continue;
        }
        s += 5;
        low = code >= 0xd800 && code < 0xdc00 && s[1] == '\\' && s[2] == 'u' ? four_digits(s + 3) : 0;
        if (low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff));
            s += 6;
        }
        add_code(out, code);
    }
    return utf8_clean(ctx, out->s, out->len);
}

char *
view_reaction(TALLOC_CTX *ctx, const struct message *message, const struct part *part)
{
    bool is_gmail = str_eq(part->type, "text/vnd.google.email-reaction+json");
    char *text;

    if (!part_is_leaf(part) || part->size > 10 * SIGN_MOST)
        return NULL;
    if (!is_gmail && !(str_eq(part->disposition, "reaction") && str_eq(part->type, "text/plain")))
        return NULL;
    text = part_text(ctx, message, part);
    text = str_trim(ctx, is_gmail ? emoji_of(ctx, text) : text);
    return is_sign(text) ? text : NULL;
}

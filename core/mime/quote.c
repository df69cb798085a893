/* quote.c - what an answer begins with: the text it answers, and the subject */
#include <string.h>

#include "mime/quote.h"
#include "util/str.h"

enum { MARK_DIGITS_MAX = 4 };

char *
quote_text(TALLOC_CTX *ctx, const char *text)
{
    struct str *out = str_new(ctx);
    size_t lines = 0;

    text += strspn(text, "\n");
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");

        if ((len == 3 && memcmp(text, "-- ", 3) == 0) || (len == 2 && memcmp(text, "--", 2) == 0))
            break;
        if (lines == QUOTE_LINES_MAX || out->len + len > QUOTE_BYTES_MAX) {
            str_add(out, "> [...]\n");
            break;
        }
        str_add(out, *text == '>' || len == 0 ? ">" : "> ");
        str_addn(out, text, len);
        str_addc(out, '\n');
        text += len + (text[len] == '\n');
        lines++;
    }
    while (out->len >= 2 && memcmp(out->s + out->len - 2, ">\n", 2) == 0 && (out->len == 2 || out->s[out->len - 3] == '\n'))
        out->s[out->len -= 2] = '\0';
    return out->s;
}

/* The length of "Re:", "RE[2]:", "Aw: " at s, 0 when there is none. */
static size_t
answer_mark(const char *s)
{
    static const char *const words[] = {"re", "aw", "sv", "vs", "antw", "ref"};
    static const char wide_colon[] = "\xef\xbc\x9a";

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        size_t len = strlen(words[i]), digits;

        if (!str_starts_nocase(s, words[i]))
            continue;
        if (s[len] == '[' || s[len] == '^') {
            digits = strspn(s + len + 1, "0123456789");
            if (digits == 0 || digits > MARK_DIGITS_MAX || (s[len] == '[' && s[len + 1 + digits] != ']'))
                continue;
            len += 1 + digits + (s[len] == '[');
        }
        if (s[len] == ':')
            return len + 1;
        if (str_starts(s + len, wide_colon))
            return len + strlen(wide_colon);
    }
    return 0;
}

char *
quote_subject(TALLOC_CTX *ctx, const char *subject)
{
    const char *s = subject + strspn(subject, " ");
    size_t len;

    while ((len = answer_mark(s)) > 0) {
        s += len;
        s += strspn(s, " ");
    }
    return *s == '\0' ? mem_strdup(ctx, "") : mem_printf(ctx, "Re: %s", s);
}

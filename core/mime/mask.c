/* mask.c - what a text does not show to everybody */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "mime/mask.h"
#include "util/str.h"

enum { TOKEN_LEAST = 26 };

static bool
is_token_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
}

/* Each form ends in "." or "/", and there the search begins. */
void
mask_tokens(char *text, size_t len)
{
    static const char *const before[] = {"u.", "b.", "r.", "/u/", "/login/", "/confirm/", "/m/", "/cancel/", "/f/"};

    for (size_t i = 0; i < len; i++) {
        size_t end = i + 1;

        if (text[i] != '.' && text[i] != '/')
            continue;
        while (end < len && is_token_letter(text[end]))
            end++;
        if (end - i - 1 < TOKEN_LEAST)
            continue;
        for (size_t k = 0; k < COUNT_OF(before); k++) {
            size_t back = strlen(before[k]);

            if (back <= i + 1 && strncasecmp(text + i + 1 - back, before[k], back) == 0)
                memset(text + i + 1, 'x', end - i - 1);
        }
    }
}

static bool
is_address_letter(char c)
{
    return isalnum((unsigned char)c) || (c & 0x80) != 0 || (c != '\0' && strchr("._+-!#$%&'*/=?^`{|}~", c) != NULL);
}

static bool
is_ascii_address_letter(char c)
{
    return (c & 0x80) == 0 && is_address_letter(c);
}

static bool
is_domain_letter(char c, bool is_wide)
{
    return isalnum((unsigned char)c) || (is_wide && (c & 0x80) != 0);
}

/* A domain of other letters than ASCII counts only behind an ASCII local part: Japanese text goes on without a blank. */
size_t
mask_domain(const char *text, size_t at)
{
    const char *domain = text + at + 1;
    bool is_wide = at > 0 && is_ascii_address_letter(text[at - 1]) && (*domain & 0x80) != 0;
    size_t len = 0;

    if (at == 0 || !is_address_letter(text[at - 1]) || !is_domain_letter(*domain, is_wide))
        return 0;
    while (is_domain_letter(domain[len], is_wide) ||
           ((domain[len] == '.' || domain[len] == '-') && is_domain_letter(domain[len + 1], is_wide)))
        len++;
    return len;
}

char *
mask_addresses(TALLOC_CTX *ctx, const char *text)
{
    struct str *out = str_new(ctx);
    size_t from = 0;

    for (const char *s = strchr(text, '@'); s != NULL; s = strchr(s + 1, '@')) {
        size_t at = (size_t)(s - text), len = mask_domain(text, at);

        if (len == 0 || at < from)
            continue;
        str_addn(out, text + from, at + 1 - from);
        str_add(out, "…");
        from = at + 1 + len;
    }
    str_add(out, text + from);
    return out->s;
}

/* guest.c - hides addresses as pages do for guests */
#include <ctype.h>

#include "guest.h"

char *
guest_mask(TALLOC_CTX *ctx, const char *text)
{
    struct str *out = str_new(ctx);

    for (const char *s = text; *s != '\0'; s++) {
        str_addc(out, *s);
        if (*s != '@' || s == text || isspace((unsigned char)s[-1]) || !isalnum((unsigned char)s[1]))
            continue;
        str_add(out, "…");
        while (isalnum((unsigned char)s[1]) || ((s[1] == '.' || s[1] == '-') && isalnum((unsigned char)s[2])))
            s++;
    }
    return out->s;
}

/* mailto.c - a link that opens a mail program with an answer begun */
#include <string.h>

#include "util/str.h"
#include "web/form.h"
#include "web/mailto.h"

/* Addresses with commas between; "@" and "," stand as they are, for mail programs that decode too late. */
static void
add_addresses(struct str *out, const char *addresses)
{
    for (const char *s = url_escape(out, addresses); *s != '\0'; s++) {
        if (str_starts(s, "%40") || str_starts(s, "%2C")) {
            str_addc(out, s[1] == '4' ? '@' : ',');
            s += 2;
        } else {
            str_addc(out, *s);
        }
    }
}

char *
mailto_link(TALLOC_CTX *ctx, const struct mailto *mailto)
{
    struct str *out = str_new(ctx);
    char sign = '?';

    str_add(out, "mailto:");
    add_addresses(out, mailto->to);
    if (!str_is_empty(mailto->in_reply_to)) {
        str_addf(out, "?In-Reply-To=%s", url_escape(out, mem_printf(out, "<%s>", mailto->in_reply_to)));
        sign = '&';
    }
    if (!str_is_empty(mailto->cc)) {
        str_addf(out, "%cCc=", sign);
        add_addresses(out, mailto->cc);
        sign = '&';
    }
    if (!str_is_empty(mailto->subject))
        str_addf(out, "%cSubject=%s", sign, url_escape(out, mailto->subject));
    return out->s;
}

/* body.c - the text of a mail or of an owner, on a page */
#include <string.h>

#include "mime/view-html.h"
#include "mime/view-print.h"
#include "web/body.h"

const char *
author_name(TALLOC_CTX *ctx, const char *name, const char *address, bool hide_address)
{
    const char *shown = str_is_empty(name) ? address : name;

    if (str_is_empty(shown))
        return "?";
    return hide_address ? mask_addresses(ctx, shown) : mem_strdup(ctx, shown);
}

const char *
words_shown(TALLOC_CTX *ctx, const char *words, bool hide_addresses)
{
    return hide_addresses && words != NULL ? mask_addresses(ctx, words) : words;
}

void
body_show_fragment(struct out *row, const struct lang *lang, const char *fragment, bool hide_addresses)
{
    struct str *html = str_new(row);

    view_print(html, fragment, lang, hide_addresses);
    out_markup(row, "body", html->s);
}

void
body_show(struct out *row, const struct lang *lang, const char *text, bool hide_addresses)
{
    char *shown = mem_strdup(row, text);

    mask_tokens(shown, strlen(shown));
    body_show_fragment(row, lang, view_html_text(row, shown), hide_addresses);
}

void
body_show_with_links(struct out *row, const struct lang *lang, const char *text)
{
    body_show_fragment(row, lang, view_html_text(row, text), false);
}

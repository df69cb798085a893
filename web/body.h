/* body.h - the text of a mail or of an owner, on a page
 *
 * core/mime/view*.h knows what stands where in a text; here it is put into a row for the macro body() of _parts.cs, as HTML that is
 * finished. For guests addresses are cut to "name@…"; our own secret links are masked for everybody (DESIGN, P8). Linear. */
#ifndef KAIRAN_WEB_BODY_H
#define KAIRAN_WEB_BODY_H

#include "mime/mask.h"
#include "util/i18n.h"
#include "util/out.h"

/* Adds "body" to `row`. */
void body_show(struct out *row, const struct lang *lang, const char *text, bool hide_addresses);
/* The same with nothing hidden: for the demo's mailbox, whose links are there to be followed. */
void body_show_with_links(struct out *row, const struct lang *lang, const char *text);
/* What view_html() made. */
void body_show_fragment(struct out *row, const struct lang *lang, const char *fragment, bool hide_addresses);

/* How an author is called: the name, else the address (cut for those who may not see it). */
const char *author_name(TALLOC_CTX *ctx, const char *name, const char *address, bool hide_address);

/* Plain words of a post: its subject, its first lines. */
const char *words_shown(TALLOC_CTX *ctx, const char *words, bool hide_addresses);

#endif

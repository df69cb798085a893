/* body.h - the text of a mail, made ready for a page
 *
 * Plain text becomes blocks: text, quotation, signature; and pieces within: text and links. Nothing is HTML here: the template
 * escapes each piece once and lets each link through href(). What is a link is decided by letters that a URL may have, so
 * Japanese text may follow one without a blank.
 *
 * For guests addresses are cut to "name@…"; our own secret links are masked for everybody (DESIGN, P8). Linear. */
#ifndef KAIRAN_WEB_BODY_H
#define KAIRAN_WEB_BODY_H

#include "mime/mask.h"
#include "util/out.h"

/* Adds rows "blocks" (kind, is_fixed, is_folded, lines, pieces) to `message`. */
void body_show(struct out *message, const char *text, bool hide_addresses);

/* The same with nothing hidden: for the demo's mailbox, whose links are there to be followed. */
void body_show_with_links(struct out *message, const char *text);

/* How an author is called: the name, else the address (cut for those who may not see it). */
const char *author_name(TALLOC_CTX *ctx, const char *name, const char *address, bool hide_address);

#endif

/* html-seen.h - the tokens of an HTML document that a reader is shown
 *
 * What is not for the eye is left out with all it holds: comments, script, style, title, svg and math, templates, frames, and elements
 * that are hidden, as newsletters hide the line that a mailbox shows behind the subject. A hidden element that never ends, ends
 * where its surroundings do. Both readers of HTML, html-text and html-clean, see the same thing.
 *
 * This decides what is worth showing and is no wall: html-clean lets nothing through that it does not know.
 * Memory: as html-token.h. Bounds: linear, no recursion. */
#ifndef KAIRAN_MIME_HTML_SEEN_H
#define KAIRAN_MIME_HTML_SEEN_H

#include "mime/html-token.h"

struct html_seen;

struct html_seen *html_seen_new(TALLOC_CTX *ctx, const char *html, size_t len);
/* Only text, start tags and end tags come. */
bool html_seen_next(struct html_seen *seen, struct html_token *token_r);
/* Pictures, style sheets, frames and other things that a browser would have fetched from elsewhere, up to here. */
size_t html_seen_remote(const struct html_seen *seen);
size_t html_seen_steps(const struct html_seen *seen);

/* Has no content and no end tag: br, img ... */
bool html_is_void(const char *element);

#endif

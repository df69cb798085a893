/* view-markdown.h - a text with its Markdown turned into headings, lists and emphasis; the door to cmark
 *
 * The tree of the text is walked and printed here, element by element: cmark's own HTML is not used, so there is none to clean. HTML in
 * the text is shown as text. Links are those of http and https, pictures are links to them; addresses stand between the marks of
 * view-html.h, also where emphasis cuts one in two.
 *
 * Bounds: MARKDOWN_MOST bytes; what is nested deeper than MARKDOWN_DEPTH loses its elements, not its text. Sources: CommonMark 0.30. */
#ifndef KAIRAN_MIME_VIEW_MARKDOWN_H
#define KAIRAN_MIME_VIEW_MARKDOWN_H

#include "util/str.h"

enum { MARKDOWN_MOST = 64 << 10, MARKDOWN_DEPTH = 30 };

/* Clean UTF-8, MARKDOWN_MOST bytes at most. */
void view_markdown(struct str *out, const char *text, size_t len);

#endif

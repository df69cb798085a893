/* view-html.h - a view as a piece of HTML that is kept and printed for many readers
 *
 * Finished and escaped: nothing of a mail is left to escape, and every element is one of ours (Markdown: view-markdown.h). What depends
 * on who reads stands between marks, which clean UTF-8 never holds; view-print.h puts there what a reader gets:
 *     \x01 N \x02                      the sentence "N quoted lines"
 *     \x03 LOCAL \x04 DOMAIN \x05      an address of plain letters: for guests "local@…", for others whole, a link to write to
 *     \x06 WORD \x02                   a sentence of view-words.def
 *     \x0e TEXT \x0f                   behind an "@", also within an attribute: for guests "…"
 * Changing any of this raises VIEW_VERSION. Bounds: as many bytes as are asked for, and one element more. Linear. */
#ifndef KAIRAN_MIME_VIEW_HTML_H
#define KAIRAN_MIME_VIEW_HTML_H

#include "mime/view.h"

enum { VIEW_HTML_MOST = 96 << 10 };     /* of what is kept */

/* At about `most` bytes it ends, after a whole element; is_cut_r (may be NULL): then, or when the view itself was cut. */
char *view_html(TALLOC_CTX *ctx, const struct view *view, size_t most, bool *is_cut_r);
/* The same of a text that is no mail: what owners write. Nothing in it is masked. */
char *view_html_text(TALLOC_CTX *ctx, const char *text);

#endif

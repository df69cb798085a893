/* html-text.h - HTML as plain text, for reading, searching and quoting
 *
 * This gives no HTML: tags are dropped, blocks become lines, links stand behind their text, lists get dashes or numbers, tables that
 * are tables bars between their cells, quotations ">" before each line, as in plain mail. What a browser would not show is not in
 * the text (html-seen.h). One pass, no tree, linear. */
#ifndef KAIRAN_MIME_HTML_TEXT_H
#define KAIRAN_MIME_HTML_TEXT_H

#include "util/mem.h"

/* `html` is UTF-8; the result is clean UTF-8 with LF, no more than two line ends in a row, none at its beginning. */
char *html_to_text(TALLOC_CTX *ctx, const char *html);
/* The charset that a <meta> within the first 1,024 bytes names, or NULL. */
char *html_charset(TALLOC_CTX *ctx, struct blob html);

#endif

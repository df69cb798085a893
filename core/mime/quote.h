/* quote.h - what an answer begins with: the text it answers, and the subject
 *
 * Every line gets "> " in front (lines that are quotations already one more ">"); the signature is left out, and blank lines at
 * both ends. Of a long text the beginning is taken, and "[...]" says so. Sources: RFC 3676 4.5, RFC 5322 3.6.5. */
#ifndef KAIRAN_MIME_QUOTE_H
#define KAIRAN_MIME_QUOTE_H

#include "util/mem.h"

enum { QUOTE_LINES_MAX = 200, QUOTE_BYTES_MAX = 20000 };

/* `text` is clean UTF-8 with LF, as message_text() gives it. "" when there is nothing to quote. */
char *quote_text(TALLOC_CTX *ctx, const char *text);
/* "Re: " and what stands behind the same already; "" stays "". Re[2]:, Aw:, Sv: and the like count as the same. */
char *quote_subject(TALLOC_CTX *ctx, const char *subject);

#endif

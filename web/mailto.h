/* mailto.h - a link that opens a mail program with an answer begun (RFC 6068)
 *
 * Whoever answers so stays in the thread: the link carries In-Reply-To. */
#ifndef KAIRAN_WEB_MAILTO_H
#define KAIRAN_WEB_MAILTO_H

#include "util/mem.h"

struct mailto { const char *to, *cc, *subject, *in_reply_to; };    /* all but `to` may be NULL; in_reply_to without <> */
char *mailto_link(TALLOC_CTX *ctx, const struct mailto *mailto);

#endif

/* fcgi.h - requests from the web server; the door to libfcgi
 *
 * One process, one request at a time. The listening socket is ours and non-blocking: fcgi_accept() waits for it with the
 * signals in `mask` let in, so that a SIGTERM is never lost between a test and a wait, and never cuts a request short.
 * Sources: reference/dependencies 2. */
#ifndef KAIRAN_WEB_FCGI_H
#define KAIRAN_WEB_FCGI_H

#include <signal.h>

#include "util/mem.h"

struct fcgi;

struct fcgi *fcgi_new(TALLOC_CTX *ctx, int listening);
enum fcgi_event { FCGI_REQUEST, FCGI_NOTHING, FCGI_SIGNAL, FCGI_LOST };
/* Waits. FCGI_NOTHING: another process was faster. FCGI_SIGNAL: a signal of `mask`'s complement came. `began` is called when
 * a connection is there, before a byte of it is read. FCGI_LOST: the socket is of no use any more. */
enum fcgi_event fcgi_accept(struct fcgi *fcgi, const sigset_t *mask, void (*began)(void));
const char *fcgi_param(const struct fcgi *fcgi, const char *name);  /* NULL when absent; lives until fcgi_finish */
size_t fcgi_read(void *fcgi, void *buffer, size_t len);             /* short at the end or when the peer is gone */
bool fcgi_write(struct fcgi *fcgi, const void *data, size_t len);   /* false: the peer is gone */
void fcgi_finish(struct fcgi *fcgi);
/* Instead of fcgi_finish: the answer is not whole. A web server that looks for the end of the request sees that. */
void fcgi_break(struct fcgi *fcgi);

#endif

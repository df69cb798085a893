/* serve.h - from a raw request to an answer
 *
 * The life of a request: find the route, know who asks, read and check the form, load the list and ask the right, run the
 * handler, render, add the header fields that every answer has. What fails on the way becomes the error page. */
#ifndef KAIRAN_WEB_SERVE_H
#define KAIRAN_WEB_SERVE_H

#include "web/request.h"

/* Opens what a process needs; the database is connected at the first request. BROKEN: a template does not compile. */
enum status web_open(TALLOC_CTX *ctx, const struct conf *conf, struct web **web_r, struct fault *fault);

/* The answer in CGI form; it lives in ctx. It is the whole of it, unless response_r has more (response.h). */
struct str *web_answer(TALLOC_CTX *ctx, struct web *web, const struct raw_request *raw, const struct response **response_r);

#endif

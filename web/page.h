/* page.h - the handlers of routes.def, one for each row
 *
 * A handler reads as a few lines of prose: what they sent, what the rule says, what changed, what to show. It fills
 * request->page for its template, or sends the browser elsewhere. Any other status than OK shows the error page; `fault` may say
 * more. page-*.c holds the handlers of one subject each. */
#ifndef KAIRAN_WEB_PAGE_H
#define KAIRAN_WEB_PAGE_H

#include "web/request.h"

#define ROUTE(name, method, pattern, right, template, body, fields, form, label) \
    enum status page_##name(struct request *request, struct fault *fault);
#include "web/routes.def"
#undef ROUTE

#endif

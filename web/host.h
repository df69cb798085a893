/* host.h - under which name the site was asked for
 *
 * A domain has one web host, and each host shows the lists of its domains. The site's own address ([site] url) shows all of them.
 * Where all domains have one web host, any name leads to it: a try-out behind a tunnel, an address. Where there are several, a name
 * that is none of them is foreign: it is sent on to the site's own address. */
#ifndef KAIRAN_WEB_HOST_H
#define KAIRAN_WEB_HOST_H

#include "web/request.h"

/* What a process knows of the hosts; at most a few seconds old. */
struct hosts;

bool host_is_foreign(struct request *request);
/* Whether the request came to this web host. */
bool host_is_asked(const struct request *request, const char *web_host);

#endif

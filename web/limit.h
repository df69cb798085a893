/* limit.h - how often something may be asked for
 *
 * Counted in table rate, so that all processes agree. Keys are hashed: the table names nobody. */
#ifndef KAIRAN_WEB_LIMIT_H
#define KAIRAN_WEB_LIMIT_H

#include "web/request.h"

/* Counts one, and answers TOO_MANY when it is more than `most` in the present period of `period_s`. NULL counts for all together. */
enum status limit_take(struct request *request, const char *what, const char *who, int most, int period_s);
/* The asker's network: /24 of IPv4, /56 of IPv6. */
const char *limit_net(struct request *request);

#endif

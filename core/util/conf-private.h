/* conf-private.h - what conf.c and conf-check.c share */
#ifndef KAIRAN_UTIL_CONF_PRIVATE_H
#define KAIRAN_UTIL_CONF_PRIVATE_H

#include "util/conf.h"

/* Whether each value can be what it says: an address, a path, a language. What only the running system can tell (files, users,
 * databases) is looked at by who uses it. The sentence names file, section, name and what would do. */
enum status conf_check(TALLOC_CTX *ctx, const struct conf *conf, struct fault *fault);

#endif

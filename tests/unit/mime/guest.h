/* guest.h - hides addresses as pages do for guests, for tests of what is cleaned */
#ifndef KAIRAN_TESTS_MIME_GUEST_H
#define KAIRAN_TESTS_MIME_GUEST_H

#include "util/str.h"

/* "local@" and no more: "…" for what stands behind it. */
char *guest_mask(TALLOC_CTX *ctx, const char *text);

#endif

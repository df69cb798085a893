/* psl.h - the public suffix list, for those who still go by it; the door to libpsl
 *
 * DMARC no longer needs the list, but receivers that follow RFC 7489 do: an author's From is kept only where both agree.
 * The list is the system's (package publicsuffix) when it is newer than libpsl's own. */
#ifndef KAIRAN_AUTH_PSL_H
#define KAIRAN_AUTH_PSL_H

#include "util/mem.h"

/* The registrable domain: "example.co.jp" for "a.b.example.co.jp"; NULL when the domain is a public suffix or no domain.
 * Small letters, A-labels or U-labels alike. */
char *psl_organizational_domain(TALLOC_CTX *ctx, const char *domain);
/* Of one organization by the list; a name that has no registrable domain is only its own. */
bool psl_same_organization(const char *a, const char *b);

#endif

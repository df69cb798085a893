/* mask.h - what a text does not show to everybody: other people's addresses, links of ours
 *
 * Addresses are hidden by what looks like one, not by what is one: a Message-ID is cut too. Linear. */
#ifndef KAIRAN_MIME_MASK_H
#define KAIRAN_MIME_MASK_H

#include "util/mem.h"

/* u.TOKEN, b.TOKEN, r.TOKEN and /u/TOKEN and the like: their letters become "x", so that lengths stay. */
void mask_tokens(char *text, size_t len);
/* "hana@example.jp" becomes "hana@…" wherever something like an address stands. */
char *mask_addresses(TALLOC_CTX *ctx, const char *text);
/* The length of what is hidden behind the "@" at text[at], 0 when nothing is: no address stands there. */
size_t mask_domain(const char *text, size_t at);

#endif

/* address-private.h - what the readers of addresses share: address.c, address-list.c. Nobody else includes this. */
#ifndef KAIRAN_MIME_ADDRESS_PRIVATE_H
#define KAIRAN_MIME_ADDRESS_PRIVATE_H

#include "mime/address.h"

bool address_is_atext(uint8_t c);       /* RFC 5322 3.2.3: may stand in an atom, the dot not among them */
/* Labels of letters, digits, hyphens, underscores (and 8-bit), 1 to 63 bytes, no hyphen at either end. */
bool address_domain_is_plain(const char *domain);
/* "[192.0.2.1]", "[IPv6:2001:db8::1]" */
bool address_domain_is_literal(const char *domain);

#endif

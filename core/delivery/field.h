/* field.h - an author's field in a copy: byte for byte, unless no server would pass it on
 *
 * Two things a field may have make receivers refuse the whole mail: a line of more than 998 bytes, and raw 8-bit bytes, which
 * only SMTPUTF8 allows. Such a field is written anew, with the same meaning: text in encoded words (RFC 2047), addresses as
 * mailboxes, parameters by RFC 2231. A signature over it is then lost, and From by proof sees that. */
#ifndef KAIRAN_DELIVERY_FIELD_H
#define KAIRAN_DELIVERY_FIELD_H

#include "mime/address.h"
#include "mime/header.h"
#include "util/str.h"

/* Addresses that only SMTPUTF8 can carry are left out (RFC 6783 knows no other way); a field of nothing else is. */
void field_add(struct str *head, const struct header_field *field);
/* What field_add() writes, unfolded, without the name; NULL when that is nothing, and for NULL. */
char *field_value(TALLOC_CTX *ctx, const struct header_field *field);
/* "Name <address>" in ASCII; NULL for an address that cannot be read or needs SMTPUTF8. */
char *field_mailbox(TALLOC_CTX *ctx, const struct address *address);

#endif

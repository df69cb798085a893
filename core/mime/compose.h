/* compose.h - the only writer of header lines, and of whole mails of ours
 *
 * Whatever the value, one call writes one field: CR, LF, NUL and other controls become blanks, non-ASCII becomes encoded
 * words, lines are folded at 78 where there is a place to fold and never exceed 998. A name that is none is our bug; one of
 * more than 100 bytes (from somebody's mail) writes nothing.
 *
 * Sources: RFC 5322 2.2.3, RFC 2047, RFC 2369, RFC 3834; class C10 (nothing from outside ends a line). */
#ifndef KAIRAN_MIME_COMPOSE_H
#define KAIRAN_MIME_COMPOSE_H

#include "mime/address.h"
#include "mime/params.h"
#include "util/str.h"

/* "Name: value\r\n" with text for people (UTF-8): Subject, Comments, descriptions. */
void compose_field(struct str *out, const char *name, const char *value);
/* A structured value made by us: folded at blanks outside quotes, not encoded. Non-ASCII passes only as valid UTF-8 (SMTPUTF8
 * addresses), else as "?". */
void compose_structured(struct str *out, const char *name, const char *value);
/* "Name: <uri>, <uri>\r\n", one on each line where they do not fit; a character that may not stand in a URI is %-encoded. */
void compose_list_field(struct str *out, const char *name, const char *const *uris, size_t count);
/* "Name: value; a=b; c*=UTF-8''...\r\n": a structured value and its parameters, encoded by RFC 2231 where they are not ASCII. */
void compose_params(struct str *out, const char *name, const struct params *params);
/* "Name: display <address>\r\n"; `address` is written as address_quote() wrote it. */
void compose_address_field(struct str *out, const char *name, const char *display, const char *address);
/* One mailbox as it may stand in a structured value; display may be NULL or "". */
char *compose_mailbox(TALLOC_CTX *ctx, const char *display, const char *address);

struct mail_header { const char *name, *value; bool structured; };
struct mail_text {
    const char *from_display, *from;    /* the address as address_quote() wrote it */
    const char *to_display, *to;
    const char *subject;
    const char *body;                   /* UTF-8, lines of any length and end */
    int64_t date_us;
    const char *message_id;             /* with <>; must be set */
    const char *auto_submitted;         /* "auto-generated" or "auto-replied"; NULL for none */
    const struct mail_header *headers;  /* further ones, written before MIME's */
    size_t header_count;
};
/* A complete mail in normal form, text/plain in UTF-8: as 7bit where it is ASCII with short lines, else quoted-printable or base64. */
struct blob compose_text_mail(TALLOC_CTX *ctx, const struct mail_text *mail);

/* A text/plain part in UTF-8: its Content- fields, the empty line, the body with every line ended. */
void compose_text_part(struct str *out, const char *text);

/* Bodies, for edits too. */
void compose_quoted_printable(struct str *out, struct blob text);       /* lines end CRLF; soft breaks at 76 */
void compose_base64(struct str *out, struct blob data);                 /* lines of 76 */

#endif

/* address.h - who: mail addresses in fields, in envelopes and typed by people; the door to libidn2
 *
 * Three readers. address_list_parse() reads From, To, Cc as mailers write them and never fails. address_path_parse() reads
 * the path of MAIL and RCPT strictly. address_parse() reads what a person typed into a form or a list of members.
 * Rights are judged on local part and domain as bytes, never on a display name.
 *
 * An address is written out in two forms: address_text() for people and rows (docomo's `a..b@docomo.ne.jp` as its owner writes
 * it), address_quote() for the wire (`"a..b"@docomo.ne.jp`). address_key() is the form in which two addresses are compared.
 * No result ever holds CR, LF, NUL or another ASCII control.
 *
 * Bounds: 10,000 addresses a field, 64 bytes of local part (in fields: 255), 255 of domain, 254 of both; linear, no recursion.
 * Memory: results live in ctx. Sources: RFC 5322 3.4 and 4.4, RFC 5321 4.1.2, RFC 6531; CVE-2024-23184, -2026-27857, -2020-10967. */
#ifndef KAIRAN_MIME_ADDRESS_H
#define KAIRAN_MIME_ADDRESS_H

#include "util/status.h"

enum { ADDRESS_LIST_MAX = 10000, ADDRESS_LOCAL_MAX = 64, ADDRESS_DOMAIN_MAX = 255, ADDRESS_MAX = 254 };

struct address {
    const char *display;    /* decoded name, or the comment that stood for it; "" when none. For people only */
    const char *local;      /* unquoted bytes; "" in the null path */
    const char *domain;     /* as written, without dots at its end; an address literal with its brackets */
    const char *group;      /* the decoded name of the group it stands in, or NULL */
    bool ok;                /* local and domain were both read and are within bounds; otherwise both are "" */
};

struct address_list {
    struct address *rows;
    size_t count;           /* readable or not: what a reader might take for an address counts */
    size_t groups;
    bool cut;               /* there are more than ADDRESS_LIST_MAX */
};

/* The raw value of a field (header_raw). `undisclosed:;` has no rows and one group. */
struct address_list *address_list_parse(TALLOC_CTX *ctx, struct blob value);

/* Reads "<...>" at the beginning of `text` (len bytes): "<>" gives local and domain "". Source routes are dropped; quoted
 * local parts, address literals and, where `utf8` allows, RFC 6531 forms are taken, and local parts with dots in odd places.
 * used_r is what was read, up to and with ">". False: not a path, or too long. */
bool address_path_parse(TALLOC_CTX *ctx, const char *text, size_t len, bool utf8, struct address *address_r, size_t *used_r);

/* A bare address, blanks around it allowed; no comments, no route, a domain (no literal). UTF-8 is taken when valid. */
bool address_parse(TALLOC_CTX *ctx, const char *text, struct address *address_r);

char *address_text(TALLOC_CTX *ctx, const struct address *address);
char *address_quote(TALLOC_CTX *ctx, const struct address *address);
/* Local part in small letters (ASCII), domain as A-labels in small letters. NULL when the domain is no domain name. */
char *address_key(TALLOC_CTX *ctx, const struct address *address);
/* address_parse and address_key in one; NULL when it is no address. */
char *address_key_of(TALLOC_CTX *ctx, const char *text);
/* A domain name as A-labels in small letters, LDH only, without a dot at its end; NULL when it is none. */
char *address_domain_ascii(TALLOC_CTX *ctx, const char *domain);
/* The A-label domain as people read it; itself when it cannot be shown otherwise. */
char *address_domain_unicode(TALLOC_CTX *ctx, const char *domain);
/* Needs SMTPUTF8: the local part is not ASCII (a domain can always be written in ASCII). */
bool address_is_utf8(const struct address *address);

#endif

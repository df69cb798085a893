/* canon.h - one message in the two spellings that DKIM and ARC hash
 *
 * Ours serves signing, From-by-proof and later ARC; libopendkim is its oracle in the tests. Input is in normal form
 * (mime/normal.h): every line end is CRLF. White space is blank and tab only, as RFC 6376 has it (libopendkim folds form
 * feed and vertical tab in fields too; such a field is the one place where both differ).
 *
 * Sources: RFC 6376 3.4, RFC 8617 4.1.1. */
#ifndef KAIRAN_AUTH_CANON_H
#define KAIRAN_AUTH_CANON_H

#include "util/crypto.h"
#include "util/str.h"

enum canon { CANON_SIMPLE, CANON_RELAXED };

/* Adds the canonical form of one whole field ("Name: value", folds and line end included or not), ended by CRLF unless
 * `last`, as the signature's own field is hashed. */
void canon_field(struct str *out, enum canon canon, struct blob field);
void canon_field_last(struct str *out, enum canon canon, struct blob field);

/* Adds the fields that an h= list names, in its order, a name met again taking the next field upwards (RFC 6376 5.4.2);
 * names without a field add nothing. Linear in names x fields. */
void canon_header(struct str *out, enum canon canon, const struct blob *fields, size_t count,
                  const char *const *names, size_t name_count);
/* The field's name without blanks before its colon; len 0 when there is no colon. */
struct blob canon_field_name(struct blob field);

/* A body's running hash. limit is the l= tag's number of canonical bytes, or CANON_NO_LIMIT. How the body is cut into pieces
 * changes nothing. Freed with ctx. */
#define CANON_NO_LIMIT INT64_MAX
struct canon_body;
struct canon_body *canon_body_new(TALLOC_CTX *ctx, enum canon canon, int64_t limit);
void canon_body_add(struct canon_body *body, const void *data, size_t len);
/* Returns how many canonical bytes the body has in all, so that the caller can tell an l= larger than that. */
int64_t canon_body_end(struct canon_body *body, uint8_t digest_r[SHA256_LEN]);
/* All of it at once. */
void canon_body_hash(enum canon canon, struct blob body, uint8_t digest_r[SHA256_LEN]);

#endif

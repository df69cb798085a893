/* transfer.h - taking transfer encodings off
 *
 * Lenient as mail needs it: what is not in the alphabet is stepped over, a bad escape stays as text. (Putting them on is
 * compose.h.) Sources: RFC 2045 6.7 and 6.8. */
#ifndef KAIRAN_MIME_TRANSFER_H
#define KAIRAN_MIME_TRANSFER_H

#include "util/str.h"

void transfer_base64(struct str *out, struct blob in);
void transfer_quoted_printable(struct str *out, struct blob in);
void transfer_uuencode(struct str *out, struct blob in);
/* By the name of the encoding; an unknown one passes unchanged. */
void transfer_decode(struct str *out, const char *cte, struct blob in);
/* How many bytes that gives. */
size_t transfer_size(const char *cte, struct blob in);
/* The same piece by piece, for what is too long to hold: what cannot be decoded yet waits for the next piece. However the pieces are
 * cut, together they say what the whole says; only of lines longer than 64 KiB, which no encoder makes, blanks may go. */
struct transfer_flow *transfer_flow_new(TALLOC_CTX *ctx, const char *cte);
void transfer_flow_add(struct transfer_flow *flow, struct str *out, struct blob in);
void transfer_flow_end(struct transfer_flow *flow, struct str *out);
/* The encoding changes nothing: 7bit, 8bit, binary, or an unknown one. */
bool transfer_is_identity(const char *cte);
/* What the two hex digits at p say; -1 when there are no two among the `left` bytes. */
int transfer_hex_pair(const void *p, size_t left);

#endif

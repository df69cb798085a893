/* signed.h - what is inside an S/MIME envelope that is signed and not locked (RFC 8551 3.5.2)
 *
 * Such a part holds a whole message in the bytes that are signed; programs that know no S/MIME show nothing of it. Here it is read and
 * the signature is left alone: whoever shows it says so. Envelopes that are locked are none of this.
 * Bounds: SIGNED_MOST bytes of an envelope; SIGNED_DEPTH of them in one another. */
#ifndef KAIRAN_MIME_SIGNED_H
#define KAIRAN_MIME_SIGNED_H

#include "mime/part.h"

enum { SIGNED_MOST = 8 << 20, SIGNED_DEPTH = 3 };

/* By its label; what it holds is known when it is opened. */
bool signed_may_be(const struct part *part);
/* What is inside, in ctx; NULL when it is no such envelope. */
struct message *signed_open(TALLOC_CTX *ctx, const struct message *message, const struct part *part);

#endif

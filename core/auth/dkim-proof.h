/* dkim-proof.h - may the author's From stay on exactly these bytes?
 *
 * It may if one of the author's own signatures verifies on the variant that is about to be sent, so that every receiver can
 * see for itself, whatever its policy. Nothing is guessed from settings: the bytes are judged. No network is used; the keys are
 * those that were found when the message came in.
 *
 * A signature counts if it passed on arrival and still does, is rsa-sha256 with at least 1024 bits (Ed25519 is not yet read by
 * all large receivers), is aligned with From by tree walk and by suffix list, is not under test (t=y), has no l=, covers none
 * of the fields that each copy adds, and does not expire before the last attempt that the smarthost may make.
 *
 * Memory: results live in ctx. Sources: DESIGN 4.6; RFC 9989 7.4; reference C.2. */
#ifndef KAIRAN_AUTH_DKIM_PROOF_H
#define KAIRAN_AUTH_DKIM_PROOF_H

#include "auth/dkim-verify.h"

struct author_proof {
    bool is_kept;
    const struct dkim_row *row;     /* the signature that proves it, or NULL */
    const char *reason;             /* one sentence for people: why kept, or why each signature was not enough */
};

/* `rows` as auth_check() judged them (or from the database). variant: the bytes as they are sent, but for the per-copy fields,
 * whose names are given, NULL at the end; DKIM-Signature is always thought among them. needed_until_s: the last moment at
 * which a receiver may see the copy. */
struct author_proof author_proof(TALLOC_CTX *ctx, const struct dkim_row *rows, size_t count, struct blob variant,
                                 const char *const *copy_fields, int64_t now_s, int64_t needed_until_s);

/* Whether a proof given before still lasts; for each later attempt, where the bytes are the same. */
bool author_proof_lasts(int64_t expires_s, int64_t needed_until_s);

#endif

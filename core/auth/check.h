/* check.h - who is this mail from, as far as anybody can prove it: one call for the worker and for `kairan auth check`
 *
 * Reads the header, asks everything that is needed at once, and judges: every DKIM signature, SPF, DMARC. It never fails and
 * waits at most for the deadline of the struct dns; what could not be found out says so. Nothing here decides about the mail.
 *
 * SPF and ARC come with a later issue. Their place is kept: struct auth_spf says "none" until then and DMARC goes by DKIM
 * alone, which is the safe side; the envelope is taken already, so that callers need not change.
 *
 * Memory: the result lives in ctx and does not point into the message, save dkim's `parsed`.
 * Sources: DESIGN 4.2; RFC 8601; "Composition kills" (two From fields, two addresses, a domain that is none). */
#ifndef KAIRAN_AUTH_CHECK_H
#define KAIRAN_AUTH_CHECK_H

#include "auth/dkim-verify.h"
#include "auth/dmarc.h"
#include "util/out.h"

/* From XFORWARD; each may be NULL. */
struct auth_envelope { const char *ip, *helo, *mail_from; };

struct auth_spf {
    enum auth_verdict result;       /* AUTH_NONE: not looked at */
    const char *domain;             /* of MAIL FROM, else of HELO; NULL: neither */
    const char *reason;
};

struct auth_result {
    const char *author;             /* the address in From, for showing; "" when there is not exactly one */
    const char *author_domain;      /* as A-labels; "" likewise */
    const char *author_problem;     /* why there is none, in words; NULL when there is */
    struct dkim_rows *dkim;
    struct auth_spf spf;
    struct dmarc_result dmarc;
    bool was_normal;                /* the bytes were in normal form; otherwise a normal copy was judged */
};

/* `message`: whole, normally in normal form (mime/normal.h). now_s: seconds since 1970. */
struct auth_result *auth_check(TALLOC_CTX *ctx, struct dns *dns, struct blob message, const struct auth_envelope *envelope,
                               int64_t now_s);

/* The same as named values, for JSON and the terminal. */
void auth_result_out(const struct auth_result *result, struct out *out);

#endif

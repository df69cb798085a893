/* verdict.h - how a proof of identity came out, in RFC 8601's words for every method */
#ifndef KAIRAN_AUTH_VERDICT_H
#define KAIRAN_AUTH_VERDICT_H

enum auth_verdict {
    AUTH_NONE,          /* nothing was there to be checked */
    AUTH_PASS,
    AUTH_FAIL,
    AUTH_NEUTRAL,
    AUTH_POLICY,        /* it may fit, but is of a kind that we do not accept */
    AUTH_TEMPERROR,     /* could not be found out now */
    AUTH_PERMERROR      /* cannot be found out: what was published or written is broken */
};

const char *auth_verdict_name(enum auth_verdict verdict);   /* "pass", ... */

#endif

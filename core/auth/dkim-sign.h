/* dkim-sign.h - signatures of ours, made in two steps so that the key stays in another process
 *
 * dkim_sign_fields() chooses and hashes a copy's fields once; dkim_sign_input() writes the DKIM-Signature field of one key as
 * far as its b= and gives the digest; the digest alone goes to the signer (signer.h); dkim_sign_finish() puts the signature in.
 * Always c=relaxed/relaxed, sha256, no l=. Spelling and folding are libopendkim's, so that its b= is ours, byte for byte.
 *
 * Which fields: everything a reader sees or acts on. The first eight names are listed once more than they occur, so that
 * nobody can add a second one; List-*, Content-*, CFBL-* and the names of the table as often as they occur.
 *
 * Memory: results live in ctx. Sources: RFC 6376 3.5, 5.4; RFC 8301; RFC 8463; RFC 8058 4 (one-click inside h=). */
#ifndef KAIRAN_AUTH_DKIM_SIGN_H
#define KAIRAN_AUTH_DKIM_SIGN_H

#include "auth/canon.h"

struct dkim_sign {
    const char *domain;             /* A-labels */
    const char *selector;
    enum key_algorithm algorithm;
    int64_t t_s;                    /* t=, seconds since 1970 */
    int64_t x_s;                    /* x=; 0 for none */
};

/* The fields of one copy, from the top, whole and in normal form. No field may be missing that the copy will have below the
 * signature; those above it (Received) do not matter. The result keeps no pointer into them. */
struct dkim_fields;
struct dkim_fields *dkim_sign_fields(TALLOC_CTX *ctx, const struct blob *fields, size_t count);
/* The h= list as it will be written, for tests and for showing. */
char *dkim_sign_names(TALLOC_CTX *ctx, const struct dkim_fields *fields);

struct dkim_input {
    const char *text;               /* "DKIM-Signature: ...; b=" */
    uint8_t digest[SHA256_LEN];     /* what is to be signed */
};
struct dkim_input *dkim_sign_input(TALLOC_CTX *ctx, const struct dkim_sign *sign, const struct dkim_fields *fields,
                                   const uint8_t body_hash[SHA256_LEN]);
/* "DKIM-Signature: ...\r\n", lines of at most 78. */
char *dkim_sign_finish(TALLOC_CTX *ctx, const struct dkim_input *input, struct blob signature);

#endif

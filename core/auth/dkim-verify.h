/* dkim-verify.h - every signature of a message judged; the door to libopendkim
 *
 * Three steps, because all of a message's questions go to the resolver at once: dkim_rows_read() finds the signatures,
 * dkim_rows_ask() says which keys are needed, dkim_rows_judge() takes the answers. A signature passes only if libopendkim and
 * our own check (dkim-tags.h) both say so: neither's mistake alone can make a forgery good.
 *
 * A row keeps what is needed to judge it again without the network: the key's record and the signature's b=.
 * dkim_rows_survive() does that on other bytes, which is how From by proof (dkim-proof.h) looks at a variant.
 *
 * Bounds: the first DKIM_ROWS_MAX signatures; a key record of 1000 bytes (libopendkim's buffer). Times are given, not taken.
 * Memory: rows live in ctx; the library's own is freed before return (what it loses with Ed25519, OpenDKIM#321, it loses when
 * signing, which we do not let it do). dkim_ohdrs() is never called (OpenDKIM#433).
 * Sources: RFC 6376 6, RFC 8301, RFC 8601 2.7.1. */
#ifndef KAIRAN_AUTH_DKIM_VERIFY_H
#define KAIRAN_AUTH_DKIM_VERIFY_H

#include "auth/dkim-tags.h"
#include "auth/dns.h"
#include "auth/verdict.h"
#include "mime/header.h"

enum { DKIM_ROWS_MAX = 20, DKIM_KEY_RECORD_MAX = 1000 };

struct dkim_row {
    const char *domain, *selector;      /* "" when unreadable */
    const char *identity;               /* i= */
    const char *algorithm;              /* "rsa-sha256"; "" when unreadable */
    const char *canonicalisation;       /* "relaxed/simple" */
    const char *names;                  /* h=, colons between */
    const char *signature;              /* b= without blanks: finds this signature again in other bytes */
    const char *key_record;             /* NULL: there is none */
    unsigned key_bits;                  /* 256 for Ed25519 */
    bool is_testing;                    /* t=y in the key record */
    bool has_length;                    /* l= */
    int64_t signed_s, expires_s;        /* t=, x=; 0: absent */
    enum auth_verdict result;
    const char *reason;                 /* in words, "" for a pass */
    bool is_aligned;                    /* with the author's domain by tree walk and by suffix list; set by auth/check */

    const struct dkim_signature *parsed;    /* inside; NULL in rows that came from the database */
};

struct dkim_rows {
    struct dkim_row *rows;
    size_t count;
    size_t beyond;                      /* signatures that were not looked at */
};

/* Rows in the message's order, from the top. Those that cannot pass have their result already. */
struct dkim_rows *dkim_rows_read(TALLOC_CTX *ctx, const struct header *header, int64_t now_s);
/* Adds one question for each row that needs a key; returns how many (at most DKIM_ROWS_MAX). */
size_t dkim_rows_ask(TALLOC_CTX *ctx, const struct dkim_rows *rows, struct dns_question *questions);
/* `questions` as dkim_rows_ask() made them, answered. Sets result and reason of every row. */
void dkim_rows_judge(struct dkim_rows *rows, const struct header *header, const struct dns_question *questions,
                     size_t question_count, int64_t now_s);

/* Does the signature of `row`, under the key record kept in it, verify on exactly these bytes? Needs neither `parsed` nor the
 * network. NULL when it does, else why not. */
const char *dkim_row_survives(TALLOC_CTX *ctx, const struct dkim_row *row, struct blob message, int64_t now_s);

#endif

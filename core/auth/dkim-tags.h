/* dkim-tags.h - signature fields and key records, read before anybody believes them
 *
 * A tag list is read as RFC 6376 3.2 has it, blanks and folds inside values removed. A signature or key that is not as it must
 * be comes back with `problem` set, one sentence for people; it is then not to be used, though what could be read is there.
 *
 * Bounds: DKIM_TAGS_MAX tags, DKIM_NAMES_MAX names in h=. Memory: results live in ctx, and hold no control character.
 * Sources: RFC 6376 3.2, 3.5, 3.6.1; RFC 8301 (no sha1, 1024 bits); RFC 8463; CVE-2020-12272 (d= must be a host name). */
#ifndef KAIRAN_AUTH_DKIM_TAGS_H
#define KAIRAN_AUTH_DKIM_TAGS_H

#include "auth/canon.h"
#include "util/crypto.h"

enum { DKIM_TAGS_MAX = 100, DKIM_NAMES_MAX = 200 };

struct dkim_tag { const char *name, *value; };
struct dkim_tags {
    struct dkim_tag *rows;
    size_t count;
};

/* NULL: not a tag list, a tag twice, a control character, or too many tags. */
struct dkim_tags *dkim_tags_parse(TALLOC_CTX *ctx, struct blob text);
const char *dkim_tags_get(const struct dkim_tags *tags, const char *name);  /* NULL when absent */

struct dkim_signature {
    struct blob field;              /* whole, as it stands in the message */
    const char *domain, *selector;  /* d=, s= in small letters */
    const char *identity;           /* i= as written; "@" and d= when absent */
    const char *algorithm_name;     /* a= */
    const char *canonicalisation;   /* c= as "relaxed/simple", defaults written out */
    const char *names_text;         /* h= */
    const char *signature_text;     /* b= without blanks */
    enum key_algorithm algorithm;
    enum canon header_canon, body_canon;
    const char **names;
    size_t name_count;
    struct blob body_hash, signature;
    bool has_length;
    int64_t length;                 /* l=, else CANON_NO_LIMIT */
    int64_t t_s, x_s;               /* 0 when absent */
    const char *problem;            /* NULL: well-formed and of a kind that we accept */
    bool is_refused;                /* `problem` is a matter of policy (sha1), not of syntax */
};

struct dkim_signature *dkim_signature_parse(TALLOC_CTX *ctx, struct blob field);

struct dkim_key {
    enum key_algorithm algorithm;
    struct verify_key *key;
    unsigned bits;
    bool is_testing;                /* t=y */
    bool is_strict;                 /* t=s: i= must be of d= itself */
    const char *problem;            /* NULL: may be used */
    bool is_refused;                /* `problem` is a matter of policy (too few bits) */
};

struct dkim_key *dkim_key_parse(TALLOC_CTX *ctx, const char *record);

/* Does this signature fit these bytes under this key? In our own hands alone: canon.h and util/crypto. NULL when it does,
 * else the reason in words. `fields` is the header that the message has, the signature's own field among it or not. */
const char *dkim_signature_check(const struct dkim_signature *signature, const struct dkim_key *key,
                                 const struct blob *fields, size_t count, struct blob body);

#endif

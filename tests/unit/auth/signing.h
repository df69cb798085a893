/* signing.h - messages signed as a test wants them, and a resolver that knows their keys */
#ifndef TEST_AUTH_SIGNING_H
#define TEST_AUTH_SIGNING_H

#include <string.h>

#include "auth/canon.h"
#include "auth/dns.h"
#include "mime/header.h"
#include "util/str.h"

enum { NOW = 1800000000 };

/* One key for all domains of a test; its record may be prefixed ("t=y; "). */
struct test_key {
    struct signing_key *key;
    const char *record;
};

static inline struct test_key
test_key_new(TALLOC_CTX *ctx, enum key_algorithm algorithm, unsigned bits, const char *prefix)
{
    struct signing_key *key = key_generate(ctx, algorithm, bits);

    return (struct test_key){key, mem_printf(ctx, "v=DKIM1; k=%s; %sp=%s", algorithm == KEY_RSA ? "rsa" : "ed25519", prefix,
                                             key_public_base64(ctx, key))};
}

struct test_signature {
    const char *tags;       /* all but h=, bh= and b=: "d=a.example; s=s; c=relaxed/relaxed; a=rsa-sha256; " */
    const char *names;      /* h= */
    enum canon header_canon, body_canon;
    int64_t limit;          /* what tags say in l=; 0: nothing */
};

/* The message with one more signature on top. */
static inline char *
test_sign(TALLOC_CTX *ctx, const struct test_key *key, const struct test_signature *signature, const char *message)
{
    struct header *header = header_parse(ctx, blob_of(message));
    struct blob *fields = mem_array(ctx, struct blob, header->count + 1);
    struct canon_body *body = canon_body_new(ctx, signature->body_canon, signature->limit ? signature->limit : CANON_NO_LIMIT);
    char **names = str_split(ctx, signature->names, ':', 100);
    struct str *canonical = str_new(ctx);
    uint8_t digest[SHA256_LEN];
    size_t count = 0;
    char *field;

    for (size_t i = 0; i < header->count; i++)
        fields[i] = (struct blob){header->fields[i].start, header->fields[i].len};
    while (names[count] != NULL)
        count++;
    canon_body_add(body, message + header->body_offset, strlen(message) - header->body_offset);
    canon_body_end(body, digest);
    field = mem_printf(ctx, "DKIM-Signature: v=1; %sh=%s;\r\n\tbh=%s; b=", signature->tags, signature->names,
                       base64_encode(ctx, (struct blob){digest, SHA256_LEN}));
    canon_header(canonical, signature->header_canon, fields, header->count, (const char *const *)names, count);
    canon_field_last(canonical, signature->header_canon, blob_of(field));
    sha256(str_blob(canonical), digest);
    return mem_printf(ctx, "%s%s\r\n%s", field, base64_encode(ctx, key_sign_digest(ctx, key->key, digest)), message);
}

/* A resolver for tests: `rows` of name and TXT value, ended by NULL; "TEMPERROR" is one; other names do not exist. */
struct test_zone { const char *name, *value; };

static inline bool
test_zone_get(void *data, TALLOC_CTX *ctx, const char *name, enum dns_type type, struct dns_answer *answer)
{
    *answer = (struct dns_answer){.status = DNS_NXDOMAIN, .values = mem_array(ctx, const char *, 20)};
    for (const struct test_zone *row = data; row->name != NULL; row++) {
        if (!str_eq_nocase(row->name, name))
            continue;
        if (type != DNS_TXT) {
            answer->status = DNS_NODATA;
        } else if (str_eq(row->value, "TEMPERROR")) {
            *answer = (struct dns_answer){.status = DNS_TEMPERROR, .reason = "no answer came in time"};
            return true;
        } else {
            answer->status = DNS_FOUND;
            answer->values[answer->count++] = row->value;
        }
    }
    return true;
}

static inline struct dns *
test_zone_open(TALLOC_CTX *ctx, const struct test_zone *rows)
{
    struct dns_cache cache = {(void *)rows, test_zone_get, NULL};
    struct dns *dns;

    must(dns_open(ctx, "127.0.0.1:1", 1000, &dns, NULL) == STATUS_OK);
    dns_use_cache(dns, &cache);
    return dns;
}

#endif

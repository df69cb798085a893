/* test-check.c - signatures, DMARC and From by proof on messages made for the purpose, good ones and attacks */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "auth/check.h"
#include "auth/dkim-proof.h"
#include "signing.h"

static const char plain[] =
    "Received: from mx.author.example by us; Sat, 21 Nov 2026 09:12:01 +0000\r\n"
    "From: Taro <taro@author.example>\r\nTo: list@lists.example.jp\r\nSubject: hello\r\n"
    "Date: Sat, 21 Nov 2026 09:12:00 +0000\r\nMessage-ID: <1@author.example>\r\n\r\nA body.\r\nTwo lines.\r\n";

static const char names[] = "from:to:subject:date:message-id";

struct stage {
    TALLOC_CTX *ctx;
    struct test_key rsa, rsa_testing, ed25519, small;
    struct test_zone zone[20];
    struct dns *dns;
};

static int
setup(void **state)
{
    struct stage *stage = mem_new(NULL, struct stage);

    crypto_init();
    stage->ctx = talloc_new(stage);
    stage->rsa = test_key_new(stage, KEY_RSA, 2048, "");
    stage->rsa_testing = (struct test_key){stage->rsa.key, mem_printf(stage, "t=y; %s", stage->rsa.record + 9)};
    stage->ed25519 = test_key_new(stage, KEY_ED25519, 0, "");
    stage->small = test_key_new(stage, KEY_RSA, 512, "");
    memcpy(stage->zone, (struct test_zone[]){
        {"r._domainkey.author.example", stage->rsa.record}, {"e._domainkey.author.example", stage->ed25519.record},
        {"y._domainkey.author.example", stage->rsa_testing.record}, {"small._domainkey.author.example", stage->small.record},
        {"silent._domainkey.author.example", "TEMPERROR"}, {"r._domainkey.other.example", stage->rsa.record},
        {"r._domainkey.mail.author.example", stage->rsa.record},
        {"twice._domainkey.author.example", stage->rsa.record}, {"twice._domainkey.author.example", stage->ed25519.record},
        {"silent._domainkey.other.example", "TEMPERROR"},
        {"_dmarc.author.example", "v=DMARC1; p=reject; sp=quarantine"}, {NULL, NULL}}, 12 * sizeof(struct test_zone));
    stage->dns = test_zone_open(stage, stage->zone);
    *state = stage;
    return 0;
}

static int
teardown(void **state)
{
    talloc_free(*state);
    return 0;
}

static struct auth_result *
check(struct stage *stage, const char *message)
{
    return auth_check(stage->ctx, stage->dns, blob_of(message), NULL, NOW);
}

/* ---- one signature ---- */

static const struct {
    const char *tags, *names;
    enum canon header_canon, body_canon;
    int64_t limit;
    bool ed25519, small;
    enum auth_verdict result, dmarc;
    const char *reason;
} rows[] = {
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; ", names, 1, 1, 0, 0, 0, AUTH_PASS, AUTH_PASS, ""},
    {"a=rsa-sha256; d=author.example; s=r; c=simple/simple; ", names, 0, 0, 0, 0, 0, AUTH_PASS, AUTH_PASS, ""},
    {"a=rsa-sha256; d=author.example; s=r; ", names, 0, 0, 0, 0, 0, AUTH_PASS, AUTH_PASS, ""},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed; ", names, 1, 0, 0, 0, 0, AUTH_PASS, AUTH_PASS, ""},
    {"a=rsa-sha256; d=Author.Example; s=R; c=simple/relaxed; ", names, 0, 1, 0, 0, 0, AUTH_PASS, AUTH_PASS, ""},
    {"a=ed25519-sha256; d=author.example; s=e; c=relaxed/relaxed; ", names, 1, 1, 0, 1, 0, AUTH_PASS, AUTH_PASS, ""},
    {"a=rsa-sha256; d=author.example; s=y; c=relaxed/relaxed; ", names, 1, 1, 0, 0, 0, AUTH_PASS, AUTH_PASS, ""},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; l=8; ", names, 1, 1, 8, 0, 0, AUTH_PASS, AUTH_PASS, ""},
    {"a=rsa-sha256; d=mail.author.example; s=r; c=relaxed/relaxed; ", names, 1, 1, 0, 0, 0, AUTH_PASS, AUTH_PASS, ""},
    {"a=rsa-sha256; d=other.example; s=r; c=relaxed/relaxed; ", names, 1, 1, 0, 0, 0, AUTH_PASS, AUTH_FAIL, ""},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; x=1799999999; ", names, 1, 1, 0, 0, 0, AUTH_POLICY, AUTH_FAIL,
     "it has expired (x=)"},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; t=1900000000; x=1900001000; ", names, 1, 1, 0, 0, 0, AUTH_PASS,
     AUTH_PASS, ""},
    {"a=rsa-sha256; d=author.example; s=r; t=1700000000; x=1600000000; ", names, 0, 0, 0, 0, 0, AUTH_PERMERROR, AUTH_FAIL,
     "it expired before it was made (x=, t=)"},
    {"a=rsa-sha1; d=author.example; s=r; ", names, 0, 0, 0, 0, 0, AUTH_POLICY, AUTH_FAIL,
     "it uses sha1, which proves nothing any more"},
    {"a=rsa-md5; d=author.example; s=r; ", names, 0, 0, 0, 0, 0, AUTH_PERMERROR, AUTH_FAIL, "its algorithm (a=) is not known"},
    {"a=rsa-sha256; d=author.example; s=small; ", names, 0, 0, 0, 0, 1, AUTH_POLICY, AUTH_FAIL,
     "the key has fewer than 1024 bits"},
    {"a=rsa-sha256; d=author.example; s=e; ", names, 0, 0, 0, 0, 0, AUTH_FAIL, AUTH_FAIL,
     "the key is of another kind than the signature"},
    {"a=rsa-sha256; d=author.example; s=gone; ", names, 0, 0, 0, 0, 0, AUTH_PERMERROR, AUTH_FAIL, "there is no key in DNS"},
    {"a=rsa-sha256; d=author.example; s=twice; ", names, 0, 0, 0, 0, 0, AUTH_PERMERROR, AUTH_FAIL,
     "there are several keys under one name"},
    {"a=rsa-sha256; d=author.example; s=silent; ", names, 0, 0, 0, 0, 0, AUTH_TEMPERROR, AUTH_TEMPERROR,
     "no answer came in time"},
    {"a=rsa-sha256; d=other.example; s=silent; ", names, 0, 0, 0, 0, 0, AUTH_TEMPERROR, AUTH_FAIL, "no answer came in time"},
    {"a=rsa-sha256; d=author.example(.other.example; s=r; ", names, 0, 0, 0, 0, 0, AUTH_PERMERROR, AUTH_FAIL,
     "its domain or selector is no domain name (d=, s=)"},
    {"a=rsa-sha256; d=example; s=r; ", names, 0, 0, 0, 0, 0, AUTH_PERMERROR, AUTH_FAIL,
     "its domain or selector is no domain name (d=, s=)"},
    {"a=rsa-sha256; d=author.example; s=r; i=@evilauthor.example; ", names, 0, 0, 0, 0, 0, AUTH_PERMERROR, AUTH_FAIL,
     "its identity (i=) lies outside its domain"},
    {"a=rsa-sha256; d=author.example; s=r; i=taro@news.author.example; ", names, 0, 0, 0, 0, 0, AUTH_PASS, AUTH_PASS, ""},
    {"a=rsa-sha256; d=author.example; s=r; ", "to:subject", 0, 0, 0, 0, 0, AUTH_PERMERROR, AUTH_FAIL, "it does not cover From"},
    {"a=rsa-sha256; d=author.example; s=r; l=9999; ", names, 0, 0, 9999, 0, 0, AUTH_FAIL, AUTH_FAIL,
     "the body is shorter than its length (l=)"},
    {"a=rsa-sha256; d=author.example; s=r; l=-1; ", names, 0, 0, 0, 0, 0, AUTH_PERMERROR, AUTH_FAIL,
     "its length (l=) is no number"},
    {"a=rsa-sha256; d=author.example; d=other.example; s=r; ", names, 0, 0, 0, 0, 0, AUTH_PERMERROR, AUTH_FAIL,
     "it is no list of tags"},
    {"a=rsa-sha256; d=author.example; s=r; c=nowsp; ", names, 0, 0, 0, 0, 0, AUTH_PERMERROR, AUTH_FAIL,
     "its canonicalisation (c=) is not known"},
    {"a=rsa-sha256; d=author.example; s=r; q=http/txt; ", names, 0, 0, 0, 0, 0, AUTH_PERMERROR, AUTH_FAIL,
     "its key is not to be had by DNS (q=)"},
};

static void
test_one_signature(void **state)
{
    struct stage *stage = *state;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct test_signature signature = {rows[i].tags, rows[i].names, rows[i].header_canon, rows[i].body_canon, rows[i].limit};
        const struct test_key *key = rows[i].ed25519 ? &stage->ed25519 : rows[i].small ? &stage->small : &stage->rsa;
        struct auth_result *result = check(stage, test_sign(stage->ctx, key, &signature, plain));

        assert_int_equal(result->dkim->count, 1);
        if (result->dkim->rows[0].result != rows[i].result || strcmp(result->dkim->rows[0].reason, rows[i].reason) != 0
            || result->dmarc.result != rows[i].dmarc)
            fail_msg("row %zu: dkim=%s (%s) dmarc=%s (%s)", i, auth_verdict_name(result->dkim->rows[0].result),
                     result->dkim->rows[0].reason, auth_verdict_name(result->dmarc.result), result->dmarc.reason);
        if (rows[i].result == AUTH_PASS && result->dkim->rows[0].key_bits != (rows[i].ed25519 ? 256 : 2048))
            fail_msg("row %zu: %u bits", i, result->dkim->rows[0].key_bits);
    }
}

static const struct test_signature usual = {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; ", names, 1, 1, 0};

static char *
replaced(TALLOC_CTX *ctx, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);

    must(at != NULL);
    return mem_printf(ctx, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void
test_changes(void **state)
{
    static const struct { const char *from, *to; const char *reason; } changes[] = {
        {"Subject: hello", "Subject: hello ", ""},      /* white space does not count */
        {"Subject: hello", "SUBJECT:\r\n hello", ""},
        {"A body.", "A body.  ", ""},
        {"Two lines.\r\n", "Two lines.\r\n\r\n\r\n", ""},
        {"Received:", "X-Other: y\r\nReceived:", ""},
        {"Subject: hello", "Subject: hullo", "the signature does not fit the header"},
        {"Subject: hello", "Subject: [a] hello", "the signature does not fit the header"},
        {"A body.", "A buddy.", "the body was changed"},
        {"Two lines.\r\n", "Two lines.\r\n--\r\nfooter\r\n", "the body was changed"},
        {"Subject: hello", "Subject: hello\r\nSubject: two", "the signature does not fit the header"},
        {"bh=", "bh=A", "its hashes (b=, bh=) are not as they must be"},
        {"; b=", "; b=AAAA", "the signature does not fit the header"},
        {"From: Taro", "From: Jiro", "the signature does not fit the header"},
    };
    struct stage *stage = *state;
    char *signed_ = test_sign(stage->ctx, &stage->rsa, &usual, plain);

    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct auth_result *result = check(stage, replaced(stage->ctx, signed_, changes[i].from, changes[i].to));

        if (strcmp(result->dkim->rows[0].reason, changes[i].reason) != 0
            || (result->dkim->rows[0].result == AUTH_PASS) != (*changes[i].reason == '\0'))
            fail_msg("row %zu: %s (%s)", i, auth_verdict_name(result->dkim->rows[0].result), result->dkim->rows[0].reason);
    }
}

/* In older libopendkim the l= of one signature counted for the next, so that a lengthened body passed. */
static void
test_length_of_another(void **state)
{
    struct stage *stage = *state;
    char *signed_ = test_sign(stage->ctx, &stage->rsa, &usual, plain), *attacked;
    struct test_signature by_other = {"a=rsa-sha256; d=other.example; s=r; c=relaxed/relaxed; l=21; ", names, 1, 1, 21};
    struct auth_result *result;

    attacked = test_sign(stage->ctx, &stage->rsa, &by_other, mem_printf(stage->ctx, "%sAdded by the attacker.\r\n", signed_));
    result = check(stage, attacked);
    assert_int_equal(result->dkim->count, 2);
    assert_string_equal(result->dkim->rows[0].domain, "other.example");
    assert_int_equal(result->dkim->rows[0].result, AUTH_PASS);
    assert_int_equal(result->dkim->rows[1].result, AUTH_FAIL);
    assert_int_equal(result->dmarc.result, AUTH_FAIL);

    /* and a good one beside it stays good */
    result = check(stage, test_sign(stage->ctx, &stage->rsa, &by_other, signed_));
    assert_int_equal(result->dkim->rows[0].result, AUTH_PASS);
    assert_int_equal(result->dkim->rows[1].result, AUTH_PASS);
    assert_int_equal(result->dmarc.result, AUTH_PASS);
}

static void
test_many_signatures(void **state)
{
    struct stage *stage = *state;
    struct str *message = str_new(stage->ctx);
    struct auth_result *result;

    for (int i = 0; i < 300; i++)
        str_addf(message, "DKIM-Signature: v=1; a=rsa-sha256; d=d%d.example; s=s; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NM"
                 "pJWZG3hSuFU=; b=AAAA\r\n", i);
    str_add(message, test_sign(stage->ctx, &stage->rsa, &usual, plain));
    result = check(stage, message->s);
    assert_int_equal(result->dkim->count, DKIM_ROWS_MAX);
    assert_int_equal(result->dkim->beyond, 281);
    for (size_t i = 0; i < result->dkim->count; i++)
        assert_int_equal(result->dkim->rows[i].result, AUTH_PERMERROR);
}

static void
test_broken_among_good(void **state)
{
    struct stage *stage = *state;
    char *signed_ = test_sign(stage->ctx, &stage->rsa, &usual, plain);
    struct auth_result *result = check(stage, mem_printf(stage->ctx,
        "DKIM-Signature: \x01\r\nDKIM-Signature:\r\nDKIM-Signature: v=1; a=rsa-sha256\r\n: empty name\r\nno colon\r\n"
        "X;Y: odd name\r\n%s", signed_));

    assert_int_equal(result->dkim->count, 4);
    for (int i = 0; i < 3; i++)
        assert_int_equal(result->dkim->rows[i].result, AUTH_PERMERROR);
    assert_int_equal(result->dkim->rows[3].result, AUTH_PASS);
}

/* ---- who is the author ---- */

static void
test_author(void **state)
{
    static const struct { const char *from, *domain, *problem; } authors[] = {
        {"From: a@author.example\r\n", "author.example", NULL},
        {"From: \"x@evil.example\" <a@AUTHOR.example>\r\n", "author.example", NULL},
        {"From: =?UTF-8?Q?a=40evil.example?= <a@author.example>\r\n", "author.example", NULL},
        {"", "", "there is no From field"},
        {"From: a@author.example\r\nFrom: b@author.example\r\n", "", "there are several From fields"},
        {"From: a@author.example, b@author.example\r\n", "", "From has several addresses"},
        {"From: nobody\r\n", "", "From has no readable address"},
        {"From: \r\n", "", "From has no address"},
        {"From: a@[192.0.2.1]\r\n", "", "From has no domain name"},
    };
    struct stage *stage = *state;

    for (size_t i = 0; i < COUNT_OF(authors); i++) {
        struct auth_result *result = check(stage, mem_printf(stage->ctx, "%sTo: x@y.example\r\n\r\nbody\r\n", authors[i].from));

        if (strcmp(result->author_domain, authors[i].domain) != 0 || !str_eq(result->author_problem, authors[i].problem))
            fail_msg("row %zu: %s, %s", i, result->author_domain, result->author_problem);
        assert_int_equal(result->dmarc.result, authors[i].problem == NULL ? AUTH_FAIL : AUTH_PERMERROR);
    }
}

/* What hides beyond a bound is not judged by what stands before it. */
static void
test_too_large(void **state)
{
    struct stage *stage = *state;
    struct str *message = str_new(stage->ctx);
    struct auth_result *result;

    str_add(message, "From: a@author.example");
    while (message->len <= HEADER_FIELD_MAX)
        str_add(message, "\r\n (a long comment)");
    str_add(message, ",\r\n b@evil.example\r\n\r\nbody\r\n");
    result = check(stage, message->s);
    assert_string_equal(result->author_problem, "From is too long to be judged");
    str_clear(message);
    str_add(message, test_sign(stage->ctx, &stage->rsa, &usual, plain));
    message->len = (size_t)(strstr(message->s, "\r\n\r\n") + 2 - message->s);
    for (int i = 0; i < HEADER_FIELDS_MAX; i++)
        str_add(message, "X-Padding: y\r\n");
    str_add(message, "From: b@evil.example\r\n\r\nA body.\r\nTwo lines.\r\n");
    result = check(stage, message->s);
    assert_string_equal(result->author_problem, "the header is too large to be judged");
    assert_int_equal(result->dkim->rows[0].result, AUTH_PERMERROR);
    assert_int_equal(result->dmarc.result, AUTH_PERMERROR);
}

static void
test_not_normal(void **state)
{
    struct stage *stage = *state;
    char *signed_ = test_sign(stage->ctx, &stage->rsa, &usual, plain), *to = mem_strdup(stage->ctx, signed_), *out = to;
    struct auth_result *result;

    for (const char *p = signed_; *p != '\0'; p++)      /* a file with LF */
        if (*p != '\r')
            *out++ = *p;
    *out = '\0';
    result = check(stage, to);
    assert_false(result->was_normal);
    assert_int_equal(result->dkim->rows[0].result, AUTH_PASS);
}

/* ---- From by proof ---- */

static const char *const copy_fields[] = {"List-Unsubscribe", "List-Unsubscribe-Post", NULL};

static struct author_proof
prove(struct stage *stage, const struct auth_result *result, const char *variant)
{
    return author_proof(stage->ctx, result->dkim->rows, result->dkim->count, blob_of(variant), copy_fields, NOW,
                        NOW + 5 * 86400);
}

static const struct {
    const char *tags, *names;
    int64_t limit;
    bool ed25519;
    const char *from, *to;      /* the variant's change */
    bool kept;
    const char *reason;
} proofs[] = {
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; ", names, 0, 0, "Received", "List-Id: <l.example.jp>\r\nReceived",
     true, "The signature of author.example (s=r) verifies on what is sent."},
    {"a=rsa-sha256; d=mail.author.example; s=r; c=relaxed/relaxed; ", names, 0, 0, "Received", "Received", true, "verifies"},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; ", names, 0, 0, "Subject: ", "Subject: [l] ", false,
     "it does not verify on what is sent: the signature does not fit the header."},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; ", names, 0, 0, "Two lines.", "Two lines.\r\n--\r\nfooter", false,
     "it does not verify on what is sent: the body was changed."},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; ", "from:list-id", 0, 0, "Received",
     "List-Id: <l.example.jp>\r\nReceived", false, "it does not verify on what is sent"},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; ", "from:list-unsubscribe", 0, 0, "Received", "Received", false,
     "it covers List-Unsubscribe, which each copy adds."},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; ", "from:received:received", 0, 0, "Received", "Received", false,
     "it covers Received, which each copy adds."},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; ", "from:received", 0, 0, "Received", "Received", true, ""},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; x=1800100000; ", names, 0, 0, "Received", "Received", false,
     "it expires too soon (x=)."},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; x=1800864000; ", names, 0, 0, "Received", "Received", true, ""},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; l=21; ", names, 21, 0, "Received", "Received", false,
     "it covers only a part of the body (l=)."},
    {"a=rsa-sha256; d=author.example; s=y; c=relaxed/relaxed; ", names, 0, 0, "Received", "Received", false,
     "its key is under test (t=y)."},
    {"a=ed25519-sha256; d=author.example; s=e; c=relaxed/relaxed; ", names, 0, 1, "Received", "Received", false,
     "it is not rsa-sha256 with at least 1024 bits."},
    {"a=rsa-sha256; d=other.example; s=r; c=relaxed/relaxed; ", names, 0, 0, "Received", "Received", false,
     "it is not the author's domain's."},
    {"a=rsa-sha256; d=author.example; s=r; c=relaxed/relaxed; ", names, 0, 0, "Received", "no field\r\nReceived", false,
     "its header has lines that are no fields."},
    {"a=rsa-sha256; d=author.example; s=silent; c=relaxed/relaxed; ", names, 0, 0, "Received", "Received", false,
     "it did not verify on arrival: no answer came in time."},
};

static void
test_proof(void **state)
{
    struct stage *stage = *state;

    for (size_t i = 0; i < COUNT_OF(proofs); i++) {
        struct test_signature signature = {proofs[i].tags, proofs[i].names, 1, 1, proofs[i].limit};
        char *signed_ = test_sign(stage->ctx, proofs[i].ed25519 ? &stage->ed25519 : &stage->rsa, &signature, plain);
        struct author_proof proof = prove(stage, check(stage, signed_),
                                          replaced(stage->ctx, signed_, proofs[i].from, proofs[i].to));

        if (proof.is_kept != proofs[i].kept || strstr(proof.reason, proofs[i].reason) == NULL)
            fail_msg("row %zu: %d, %s", i, proof.is_kept, proof.reason);
    }
}

/* A row as it comes back from the database: texts only. */
static void
test_proof_from_rows(void **state)
{
    struct stage *stage = *state;
    char *signed_ = test_sign(stage->ctx, &stage->rsa, &usual, plain);
    struct auth_result *result = check(stage, signed_);
    struct author_proof proof;

    result->dkim->rows[0].parsed = NULL;
    proof = prove(stage, result, signed_);
    assert_true(proof.is_kept);
    assert_ptr_equal(proof.row, &result->dkim->rows[0]);
    result->dkim->rows[0].key_record = stage->ed25519.record;
    proof = prove(stage, result, signed_);
    assert_false(proof.is_kept);
    proof = prove(stage, result, plain);
    assert_non_null(strstr(proof.reason, "it is not among the fields any more"));
    proof = prove(stage, check(stage, plain), plain);
    assert_string_equal(proof.reason, "The message has no signature.");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_signature, setup, teardown),
        cmocka_unit_test_setup_teardown(test_changes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_length_of_another, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_signatures, setup, teardown),
        cmocka_unit_test_setup_teardown(test_broken_among_good, setup, teardown),
        cmocka_unit_test_setup_teardown(test_author, setup, teardown),
        cmocka_unit_test_setup_teardown(test_too_large, setup, teardown),
        cmocka_unit_test_setup_teardown(test_not_normal, setup, teardown),
        cmocka_unit_test_setup_teardown(test_proof, setup, teardown),
        cmocka_unit_test_setup_teardown(test_proof_from_rows, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

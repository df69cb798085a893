/* test-dkim-sign.c - our signatures against libopendkim's, byte for byte, over every message of the corpora */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <opendkim/dkim.h>

#include "auth/dkim-sign.h"
#include "corpus.h"

enum { T = 1700000000, TTL = 864000 };

/* The library's own tables, as its options want them; they say what dkim-sign.c's tables say. */
static const char *sign_names[] = {
    "From", "Subject", "Date", "To", "Cc", "Reply-To", "Content-*", "MIME-Version", "Message-ID", "In-Reply-To", "References",
    "Sender", "Author", "X-Original-From", "Archived-At", "Feedback-ID", "Auto-Submitted", "List-*", "CFBL-*", NULL,
};
static const char *over_names[] = {"From", "Subject", "Date", "To", "Cc", "Reply-To", "Content-Type", "MIME-Version", NULL};

struct oracle {
    TALLOC_CTX *ctx;
    DKIM_LIB *lib;
    struct signing_key *key;
    const char *pem;
    unsigned compared, skipped;
};

static struct oracle *
oracle_new(void)
{
    struct oracle *oracle = mem_new(NULL, struct oracle);
    uint64_t t = T, ttl = TTL;

    oracle->key = key_generate(oracle, KEY_RSA, 1024);
    oracle->pem = key_write_pem(oracle, oracle->key);
    oracle->lib = dkim_init(NULL, NULL);
    assert_non_null(oracle->lib);
    assert_int_equal(dkim_options(oracle->lib, DKIM_OP_SETOPT, DKIM_OPTS_FIXEDTIME, &t, sizeof t), DKIM_STAT_OK);
    assert_int_equal(dkim_options(oracle->lib, DKIM_OP_SETOPT, DKIM_OPTS_SIGNATURETTL, &ttl, sizeof ttl), DKIM_STAT_OK);
    assert_int_equal(dkim_options(oracle->lib, DKIM_OP_SETOPT, DKIM_OPTS_SIGNHDRS, sign_names, sizeof(char **)),
                     DKIM_STAT_OK);
    assert_int_equal(dkim_options(oracle->lib, DKIM_OP_SETOPT, DKIM_OPTS_OVERSIGNHDRS, over_names, sizeof(char **)),
                     DKIM_STAT_OK);
    return oracle;
}

static void
oracle_free(struct oracle *oracle)
{
    dkim_close(oracle->lib);
    talloc_free(oracle);
}

/* What both are fed: the fields that the library takes at all. Form feed and vertical tab are left out: canon.h says why. */
static size_t
usable_fields(const struct header *header, struct blob *fields)
{
    size_t count = 0;

    for (size_t i = 0; i < header->count; i++) {
        const struct header_field *field = &header->fields[i];
        bool usable = true;

        for (size_t j = 0; j < field->len; j++)
            usable = usable && field->start[j] != '\f' && field->start[j] != '\v';
        for (size_t j = 0; j < field->name_len; j++)
            usable = usable && field->start[j] > 32 && field->start[j] < 127 && field->start[j] != ';';
        if (usable && !header_field_is(field, "DKIM-Signature"))
            fields[count++] = (struct blob){field->start, field->len};
    }
    return count;
}

/* The library's signature field, its b= included, or NULL when it does not sign this. */
static char *
library_sign(struct oracle *oracle, TALLOC_CTX *ctx, dkim_canon_t canon, const struct blob *fields, size_t count,
             struct blob body)
{
    DKIM_STAT status;
    DKIM *dkim = dkim_sign(oracle->lib, (const u_char *)"test", NULL, (dkim_sigkey_t)oracle->pem, (const u_char *)"sel",
                           (const u_char *)"lists.example.jp", canon, canon, DKIM_SIGN_RSASHA256, -1, &status);
    char *text = NULL;
    u_char *header;
    size_t len;

    assert_non_null(dkim);
    for (size_t i = 0; i < count; i++) {
        size_t field_len = fields[i].len - (fields[i].len > 1 && fields[i].data[fields[i].len - 2] == '\r' ? 2 : 1);

        assert_int_equal(dkim_header(dkim, (u_char *)fields[i].data, field_len), DKIM_STAT_OK);
    }
    if (dkim_eoh(dkim) == DKIM_STAT_OK && (body.len == 0 || dkim_body(dkim, (u_char *)body.data, body.len) == DKIM_STAT_OK)
        && dkim_eom(dkim, NULL) == DKIM_STAT_OK
        && dkim_getsighdr_d(dkim, strlen("DKIM-Signature: "), &header, &len) == DKIM_STAT_OK)
        text = mem_printf(ctx, "DKIM-Signature: %.*s\r\n", (int)len, header);
    dkim_free(dkim);
    return text;
}

static void
compare_relaxed(struct oracle *oracle, TALLOC_CTX *ctx, const char *path, const char *library, const struct blob *fields,
                size_t count, struct blob body)
{
    struct dkim_sign sign = {"lists.example.jp", "sel", KEY_RSA, T, T + TTL};
    struct dkim_input *input;
    uint8_t body_hash[SHA256_LEN];
    const char *ours;

    canon_body_hash(CANON_RELAXED, body, body_hash);
    input = dkim_sign_input(ctx, &sign, dkim_sign_fields(ctx, fields, count), body_hash);
    ours = dkim_sign_finish(ctx, input, key_sign_digest(ctx, oracle->key, input->digest));
    if (strcmp(ours, library) != 0)
        fail_msg("%s\nours    %s\nlibrary %s", path, ours, library);
    for (const char *line = ours; *line != '\0'; line = strchr(line, '\n') + 1)
        if (strchr(line, '\n') - line > 79)
            fail_msg("%s: a line of %td", path, strchr(line, '\n') - line);
}

/* Simple: we do not sign so, but judge such signatures. Our hash of what the library signed must be what it signed. */
static void
compare_simple(struct oracle *oracle, TALLOC_CTX *ctx, const char *path, const char *library, const struct blob *fields,
               size_t count, struct blob body)
{
    const char *b = strstr(library, "\tb=") + 3, *bh = strstr(library, "bh=") + 3;
    char *names = str_trim(ctx, dkim_sign_names(ctx, dkim_sign_fields(ctx, fields, count)));
    char **list = str_split(ctx, names, ':', 1000);
    struct str *canonical = str_new(ctx);
    uint8_t digest[SHA256_LEN];
    struct blob signature;
    size_t n = 0;

    canon_body_hash(CANON_SIMPLE, body, digest);
    if (strncmp(bh, base64_encode(ctx, (struct blob){digest, SHA256_LEN}), 44) != 0)
        fail_msg("%s: simple body", path);
    while (list[n] != NULL)
        n++;
    canon_header(canonical, CANON_SIMPLE, fields, count, (const char *const *)list, n);
    canon_field_last(canonical, CANON_SIMPLE, (struct blob){(const uint8_t *)library, (size_t)(b - library)});
    sha256(str_blob(canonical), digest);
    assert_true(base64_decode(ctx, b, strlen(b), &signature));
    if (memcmp(signature.data, key_sign_digest(ctx, oracle->key, digest).data, signature.len) != 0)
        fail_msg("%s: simple header", path);
}

static void
compare(void *data, const char *path, struct blob message)
{
    struct oracle *oracle = data;
    TALLOC_CTX *ctx = talloc_new(oracle);
    struct header *header = header_parse(ctx, message);
    struct blob *fields = mem_array(ctx, struct blob, header->count + 1);
    struct blob body = {message.data + header->body_offset, message.len - header->body_offset};
    size_t count = usable_fields(header, fields);
    char *relaxed = library_sign(oracle, ctx, DKIM_CANON_RELAXED, fields, count, body);

    if (relaxed == NULL) {
        oracle->skipped++;
    } else {
        compare_relaxed(oracle, ctx, path, relaxed, fields, count, body);
        compare_simple(oracle, ctx, path, library_sign(oracle, ctx, DKIM_CANON_SIMPLE, fields, count, body), fields, count,
                       body);
        oracle->compared++;
    }
    talloc_free(ctx);
}

static void
test_corpora(void **state)
{
    static const char *const folders[] = {"mime", "threading", "auth"};
    struct oracle *oracle = oracle_new();
    const char *dir = corpus_dir(oracle);

    (void)state;
    if (dir == NULL) {
        oracle_free(oracle);
        skip();
    }
    for (size_t i = 0; i < COUNT_OF(folders); i++)
        corpus_walk(mem_printf(oracle, "%s/%s", dir, folders[i]), compare, oracle);
    print_message("%u messages equal, %u not signed by libopendkim (no From)\n", oracle->compared, oracle->skipped);
    assert_true(oracle->compared > 100);
    oracle_free(oracle);
}

static const char sample[] =
    "List-Unsubscribe: <https://lists.example.jp/u/x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    "List-Id: <a.lists.example.jp>\r\nFeedback-ID: a:lists.example.jp::kairan\r\nReceived: from x\r\n"
    "From: a@example.jp\r\nTo: b@example.jp\r\nTo: c@example.jp\r\nSubject: x\r\nList-Evil;b=x: y\r\nPrecedence: list\r\n"
    "Content-Type: text/plain\r\n\r\nhello\r\n";

static void
test_names(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct header *header = header_parse(ctx, blob_of(sample));
    struct blob fields[20];

    (void)state;
    for (size_t i = 0; i < header->count; i++)
        fields[i] = (struct blob){header->fields[i].start, header->fields[i].len};
    assert_string_equal(dkim_sign_names(ctx, dkim_sign_fields(ctx, fields, header->count)),
                        "List-Unsubscribe:List-Unsubscribe-Post:List-Id:Feedback-ID:From:To:To:Subject:Content-Type:"
                        "From:Subject:Date:To:Cc:Reply-To:Content-Type:MIME-Version");
    talloc_free(ctx);
}

/* A hostile header must not grow h= beyond what verifiers read. */
static void
test_many_names(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct blob *fields = mem_array(ctx, struct blob, 5000);

    (void)state;
    for (size_t i = 0; i < 5000; i++)
        fields[i] = blob_of("List-Unsubscribe-Something-Long-Indeed: x\r\n");
    assert_in_range(strlen(dkim_sign_names(ctx, dkim_sign_fields(ctx, fields, 5000))), 100, 4000);
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names), cmocka_unit_test(test_many_names), cmocka_unit_test(test_corpora),
    };

    crypto_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

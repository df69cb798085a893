/* test-canon.c - both spellings, by rows of RFC 6376 and by hand; libopendkim as oracle is in test-dkim-sign.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "auth/canon.h"

static const struct { const char *field, *simple, *relaxed; } field_rows[] = {
    {"A: X\r\n", "A: X\r\n", "a:X\r\n"},                                        /* RFC 6376 3.4.5 */
    {"B : Y\t\r\n\tZ  \r\n", "B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n"},
    {"Subject:\r\n", "Subject:\r\n", "subject:\r\n"},
    {"Subject: \r\n \r\n", "Subject: \r\n \r\n", "subject:\r\n"},
    {"X-ABC:a", "X-ABC:a\r\n", "x-abc:a\r\n"},
    {"x: a\fb \v c", "x: a\fb \v c\r\n", "x:a\fb \v c\r\n"},                    /* neither is WSP */
    {"Subject: \xe5\x9b\x9e: b", "Subject: \xe5\x9b\x9e: b\r\n", "subject:\xe5\x9b\x9e: b\r\n"},
};

static void
test_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(field_rows); i++) {
        struct str *out = str_new(NULL);

        canon_field(out, CANON_SIMPLE, blob_of(field_rows[i].field));
        if (strcmp(out->s, field_rows[i].simple) != 0)
            fail_msg("row %zu simple: %s", i, out->s);
        str_clear(out);
        canon_field(out, CANON_RELAXED, blob_of(field_rows[i].field));
        if (strcmp(out->s, field_rows[i].relaxed) != 0)
            fail_msg("row %zu relaxed: %s", i, out->s);
        talloc_free(out);
    }
}

static const struct { const char *body, *simple, *relaxed; } body_rows[] = {
    {" C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n"},        /* RFC 6376 3.4.5 */
    {"", "\r\n", ""},
    {"\r\n\r\n", "\r\n", ""},
    {" \t\r\n \r\n", " \t\r\n \r\n", ""},
    {"a", "a\r\n", "a\r\n"},
    {"a\r\n \r\n\r\nb  ", "a\r\n \r\n\r\nb  \r\n", "a\r\n\r\n\r\nb\r\n"},
    {"a \r b\r\n", "a \r b\r\n", "a \r b\r\n"},
    {"\r\na\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\nb", "\r\na\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\nb\r\n",
     "\r\na\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\nb\r\n"},
};

static void
assert_body(size_t row, enum canon canon, struct blob body, const char *expected)
{
    uint8_t want[SHA256_LEN], got[SHA256_LEN];

    sha256(blob_of(expected), want);
    /* cut at every place, and in single bytes */
    for (size_t cut = 0; cut <= body.len + 1; cut++) {
        struct canon_body *hash = canon_body_new(NULL, canon, CANON_NO_LIMIT);

        if (cut <= body.len) {
            canon_body_add(hash, body.data, cut);
            canon_body_add(hash, body.data + cut, body.len - cut);
        } else {
            for (size_t i = 0; i < body.len; i++)
                canon_body_add(hash, body.data + i, 1);
        }
        assert_int_equal(canon_body_end(hash, got), strlen(expected));
        if (memcmp(want, got, SHA256_LEN) != 0)
            fail_msg("row %zu cut at %zu, %s", row, cut, canon == CANON_SIMPLE ? "simple" : "relaxed");
        talloc_free(hash);
    }
}

static void
test_body(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(body_rows); i++) {
        assert_body(i, CANON_SIMPLE, blob_of(body_rows[i].body), body_rows[i].simple);
        assert_body(i, CANON_RELAXED, blob_of(body_rows[i].body), body_rows[i].relaxed);
    }
}

static void
test_limit(void **state)
{
    static const char body[] = "ab  c\r\n\r\nd\r\n";
    uint8_t want[SHA256_LEN], got[SHA256_LEN];

    (void)state;
    for (int64_t limit = 0; limit <= 11; limit++) {
        struct canon_body *hash = canon_body_new(NULL, CANON_RELAXED, limit);

        canon_body_add(hash, body, strlen(body));
        assert_int_equal(canon_body_end(hash, got), strlen("ab c\r\n\r\nd\r\n"));
        sha256((struct blob){(const uint8_t *)"ab c\r\n\r\nd\r\n", (size_t)limit}, want);
        assert_memory_equal(want, got, SHA256_LEN);
        talloc_free(hash);
    }
}

static void
test_header(void **state)
{
    static const char *const names[] = {"to", "From", "to", "to", "Missing", "TO"};
    struct blob fields[] = {blob_of("To: 1\r\n"), blob_of("To : 2\r\n"), blob_of("no colon\r\n"), blob_of("From: f\r\n"),
                            blob_of("Tox: x\r\n"), blob_of("To: 3\r\n")};
    struct str *out = str_new(NULL);

    (void)state;
    canon_header(out, CANON_RELAXED, fields, COUNT_OF(fields), names, COUNT_OF(names));
    assert_string_equal(out->s, "to:3\r\nfrom:f\r\nto:2\r\nto:1\r\n");
    talloc_free(out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_field), cmocka_unit_test(test_body), cmocka_unit_test(test_limit), cmocka_unit_test(test_header),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

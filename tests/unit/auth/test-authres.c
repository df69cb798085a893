/* test-authres.c - our field cannot be broken out of, others' cannot pass for ours */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "auth/authres.h"
#include "mime/header.h"

static void
test_write(void **state)
{
    struct dkim_row rows[] = {
        {.domain = "author.example", .selector = "s1", .algorithm = "rsa-sha256", .signature = "abcdefghijkl", .result = AUTH_PASS,
         .reason = ""},
        {.domain = "x\r\nEvil: y; dkim=pass", .selector = "\"\\", .algorithm = "", .signature = "a b", .result = AUTH_PERMERROR,
         .reason = "broken) dkim=pass (\r\n"},
    };
    struct dkim_rows dkim = {rows, 2, 0};
    struct auth_result result = {
        .author_domain = "author.example", .dkim = &dkim, .spf = {AUTH_NONE, "bounce.example", ""},
        .dmarc = {.result = AUTH_PASS, .record_domain = "author.example", .policy = DMARC_REJECT},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *field = authres_write(ctx, "mx.example.jp", &result);
    struct header *header = header_parse(ctx, blob_of(mem_printf(ctx, "%s\r\n", field)));
    struct authres authres;

    (void)state;
    assert_string_equal(field,
        "Authentication-Results: mx.example.jp;\r\n\tdkim=pass\r\n\t header.d=author.example\r\n\t header.s=s1\r\n"
        "\t header.a=rsa-sha256\r\n\t header.b=abcdefgh;\r\n"
        "\tdkim=permerror (broken  dkim=pass    )\r\n\t header.d=\"x??Evil: y; dkim=pass\"\r\n\t header.s=\"\\\"\\\\\"\r\n"
        "\t header.b=\"a b\";\r\n\tspf=none\r\n\t smtp.mailfrom=bounce.example;\r\n"
        "\tdmarc=pass (p=reject)\r\n\t header.from=author.example\r\n");
    assert_int_equal(header->count, 1);
    assert_true(authres_parse(ctx, header_raw(&header->fields[0]), &authres));
    assert_string_equal(authres.id, "mx.example.jp");
    assert_int_equal(authres.count, 4);
    assert_string_equal(authres.items[1].result, "permerror");
    assert_string_equal(authres.items[1].properties[0].value, "x??Evil: y; dkim=pass");
    assert_string_equal(authres.items[3].method, "dmarc");
    assert_true(authres_is_ours(header_raw(&header->fields[0]), "mx.example.jp"));
    talloc_free(ctx);
}

static void
test_parse(void **state)
{
    static const struct { const char *value; bool good; const char *id, *items; } rows[] = {
        {" example.com; none", true, "example.com", ""},                                     /* RFC 8601 B */
        {" example.com;\r\n spf=pass smtp.mailfrom=example.net", true, "example.com", "spf=pass smtp.mailfrom=example.net "},
        {" example.com 1; auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n spf=fail smtp.mailfrom=example.net", true,
         "example.com", "auth=pass smtp.auth=sender@example.net spf=fail smtp.mailfrom=example.net "},
        {"foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
         " policy (A dot can go here) . (like that) expired\r\n (this surprised me) = (as I wasn't expecting it) 1362471462",
         true, "foo.example.net", "dkim=fail policy.expired=1362471462 "},                   /* RFC 8601 B.7 */
        {"\"Example.COM\"; dkim=pass reason=\"good; really\" header.d=a.example", true, "example.com",
         "dkim=pass header.d=a.example "},
        {"a.example; dkim=pass;", true, "a.example", "dkim=pass "},
        {"a.example; DKIM=Pass Header.D=X", true, "a.example", "dkim=pass header.d=X "},
        {"a.example", true, "a.example", ""},
        {"", false, NULL, ""}, {" ; dkim=pass", false, NULL, ""}, {"a.example; dkim", false, "a.example", ""},
        {"a.example; dkim=", false, "a.example", ""}, {"a.example; (dkim=pass", false, "a.example", ""},
        {"a.example; dkim=pass \"x", false, "a.example", ""}, {"a.example; dkim=pass header.d=\"x\\", false, "a.example", ""},
        {"a.example dkim=pass", false, "a.example", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct str *items = str_new(ctx);
        struct authres authres;
        bool good = authres_parse(ctx, blob_of(rows[i].value), &authres);

        for (size_t j = 0; good && j < authres.count; j++) {
            str_addf(items, "%s=%s ", authres.items[j].method, authres.items[j].result);
            for (size_t p = 0; p < authres.items[j].property_count; p++)
                str_addf(items, "%s.%s=%s ", authres.items[j].properties[p].type, authres.items[j].properties[p].name,
                         authres.items[j].properties[p].value);
        }
        if (good != rows[i].good || !str_eq(authres.id, rows[i].id) || strcmp(items->s, rows[i].items) != 0)
            fail_msg("row %zu: %d %s: %s", i, good, authres.id, items->s);
        talloc_free(ctx);
    }
}

static void
test_ours(void **state)
{
    static const struct { const char *value; bool ours; } rows[] = {
        {"mx.example.jp; dkim=pass", true}, {" MX.Example.JP ; dkim=pass", true}, {"(x) mx.example.jp 1; none", true},
        {"\"mx.example.jp\"; dkim=pass", true}, {"\"mx\\.example.jp\"; dkim=pass", true}, {"mx.example.jp", true},
        {"mx.example.jp dkim=pass", true}, {"<mx.example.jp>; dkim=\"pass", true}, {"mx.example.jp (; dkim=pass", true},
        {"mx.example.jp2; dkim=pass", false}, {"other.example; dkim=pass header.d=mx.example.jp", false},
        {"other.example; dkim=pass \"mx.example.jp", false}, {"", false}, {"example.jp; dkim=pass", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (authres_is_ours(blob_of(rows[i].value), "mx.example.jp") != rows[i].ours)
            fail_msg("row %zu: %s", i, rows[i].value);
}

/* The 17th result overflowed somebody's stack. */
static void
test_bounds(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *value = str_new(ctx);
    struct authres authres;

    (void)state;
    str_add(value, "a.example");
    for (int i = 0; i < AUTHRES_ITEMS_MAX; i++)
        str_add(value, "; dkim=pass header.d=x.example");
    assert_true(authres_parse(ctx, str_blob(value), &authres));
    assert_int_equal(authres.count, AUTHRES_ITEMS_MAX);
    str_add(value, "; dkim=pass");
    assert_false(authres_parse(ctx, str_blob(value), &authres));
    str_clear(value);
    str_add(value, "a.example; dkim=pass");
    for (int i = 0; i <= AUTHRES_PROPERTIES_MAX; i++)
        str_add(value, " header.d=x");
    assert_false(authres_parse(ctx, str_blob(value), &authres));
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write), cmocka_unit_test(test_parse), cmocka_unit_test(test_ours), cmocka_unit_test(test_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

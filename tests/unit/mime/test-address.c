/* test-address.c - addresses in fields, in envelopes and typed by people */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/address.h"
#include "util/str.h"

/* Rows are written "display|local|domain" with a blank "!" for one that could not be read, ";" between them. */
static const struct { const char *in, *out; size_t groups; } lists[] = {
    {"", "", 0},
    {" ", "", 0},
    {",,;,", "", 0},
    {"(only a comment)", "", 0},
    {"a@b", "|a|b", 0},
    {"<a@b>", "|a|b", 0},
    {"Joe <a@b.c>", "Joe|a|b.c", 0},
    {"Joe  Q. \"Pub, lic\" <a@b.c>", "Joe Q. Pub, lic|a|b.c", 0},
    {"a@b (Joe (the) man)", "Joe (the) man|a|b", 0},
    {"a@b, c@d", "|a|b;|c|d", 0},
    {"a@b; c@d", "|a|b;|c|d", 0},
    {"undisclosed-recipients:;", "", 1},
    {"G: a@b, X <c@d>; e@f", "|a|b;X|c|d;|e|f", 1},
    {"G:;, H: a@b;", "|a|b", 2},
    {"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?= <a@b>", "日本|a|b", 0},
    {"\"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\" <a@b>", "日本|a|b", 0},
    {"\x1b$BF|\"<\x1b(B <a@b>", "日⊆|a|b", 0},
    {"\"\x1b$BF|K\\\x1b(B\" <a@b>", "日本|a|b", 0},
    {"\x93\xfa\x96\x7b\x8c\xea <a@b>", "日本語|a|b", 0},
    {"<@x,@y:a@b>", "|a|b", 0},
    {"<@x:a@b>, c@d", "|a|b;|c|d", 0},
    {"\"a b\"@c", "|a b|c", 0},
    {"\"a\\\"b\"@c", "|a\"b|c", 0},
    {"a..b@docomo.ne.jp", "|a..b|docomo.ne.jp", 0},
    {".ab.@ezweb.ne.jp", "|.ab.|ezweb.ne.jp", 0},
    {"a . b @ c . d", "|a.b|c.d", 0},
    {"a(x)@(y)b(z)", "z|a|b", 0},
    {"a@b.", "|a|b", 0},
    {"a@[192.0.2.1]", "|a|[192.0.2.1]", 0},
    {"a@[IPv6:2001:db8::1]", "|a|[IPv6:2001:db8::1]", 0},
    {"日@日本.jp", "|日|日本.jp", 0},
    /* not readable: they count, but nobody is named */
    {"No address", "!No address", 0},
    {"<>", "!", 0},
    {"Joe <not an address>", "!Joe", 0},
    {"root", "!root", 0},
    {"a@b@c", "!a@b@c", 0},
    {"Joe a@b", "!Joe a@b", 0},
    {"<a@b> x", "!", 0},
    {"<a@b> <c@d>", "!", 0},
    {"Joe <a@b>, <c@d>", "Joe|a|b;|c|d", 0},
    {"\"\"@b", "!@b", 0},
    {"a@", "!a@", 0},
    {"@b", "!@b", 0},
    {"a@b\x01", "!a@b", 0},
    {"\"a\x01\"@b", "!a@b", 0},
    {"a\xff@b", "!aÿ@b", 0},
    {"a@-b", "!a@-b", 0},
    {"a@[x]", "!a@[x]", 0},
    /* unended things */
    {"(((", "", 0},
    {"\"a", "!a", 0},
    {"<a@b", "|a|b", 0},
    {"a@b, \"c", "|a|b;!c", 0},
    {"\x1b$B", "!", 0},
    {"a@b\r\n c", "!a@b c", 0},
    {"a@b,\r\n c@d", "|a|b;|c|d", 0},
    {"http://x/y", "!//x/y", 1},
};

static char *
list_text(TALLOC_CTX *ctx, const struct address_list *list)
{
    struct str *out = str_new(ctx);

    for (size_t i = 0; i < list->count; i++) {
        const struct address *row = &list->rows[i];

        str_add(out, i > 0 ? ";" : "");
        if (row->ok)
            str_addf(out, "%s|%s|%s", row->display, row->local, row->domain);
        else
            str_addf(out, "!%s", row->display);
    }
    return out->s;
}

static void
test_lists(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        struct address_list *list = address_list_parse(NULL, blob_of(lists[i].in));
        char *text = list_text(list, list);

        if (strcmp(text, lists[i].out) != 0 || list->groups != lists[i].groups)
            fail_msg("row %zu (%s): \"%s\" groups %zu, not \"%s\"", i, lists[i].in, text, list->groups, lists[i].out);
        talloc_free(list);
    }
}

static const struct { const char *in; bool utf8, ok; const char *local, *domain; size_t used; } paths[] = {
    {"<>", false, true, "", "", 2},
    {"<> SIZE=1", false, true, "", "", 2},
    {"<a@b> X", false, true, "a", "b", 5},
    {"<@x,@y:a@b>", false, true, "a", "b", 11},
    {"<@x:a@b>", false, true, "a", "b", 8},
    {"<\"a b\"@c>", false, true, "a b", "c", 9},
    {"<\"a\\\"\\\\>\"@c>", false, true, "a\"\\>", "c", 12},
    {"<a..b@docomo.ne.jp>", false, true, "a..b", "docomo.ne.jp", 19},
    {"<ab.@ezweb.ne.jp>", false, true, "ab.", "ezweb.ne.jp", 17},
    {"<a@[127.0.0.1]>", false, true, "a", "[127.0.0.1]", 15},
    {"<a@[IPv6:::1]>", false, true, "a", "[IPv6:::1]", 14},
    {"<postmaster>", false, true, "postmaster", "", 12},
    {"<日@日本.jp>", true, true, "日", "日本.jp", 15},
    {"<日@日本.jp>", false, false, NULL, NULL, 0},
    {"<a\xff@b>", true, false, NULL, NULL, 0},
    {"a@b", false, false, NULL, NULL, 0},
    {"<a@b", false, false, NULL, NULL, 0},
    {"<a>", false, false, NULL, NULL, 0},
    {"<@b>", false, false, NULL, NULL, 0},
    {"<\"\"@b>", false, false, NULL, NULL, 0},
    {"<a@>", false, false, NULL, NULL, 0},
    {"<a b@c>", false, false, NULL, NULL, 0},
    {"< a@b>", false, false, NULL, NULL, 0},
    {"<a@b >", false, false, NULL, NULL, 0},
    {"<a@b@c>", false, false, NULL, NULL, 0},
    {"<a@b\r\nRCPT TO:<c@d>>", false, false, NULL, NULL, 0},
    {"<\"a\r\"@b>", false, false, NULL, NULL, 0},
    {"<\"a\\\n\"@b>", false, false, NULL, NULL, 0},
    {"<a@b..c>", false, false, NULL, NULL, 0},
    {"<a@.b>", false, false, NULL, NULL, 0},
    {"<a@[x]>", false, false, NULL, NULL, 0},
    {"<a@[127.0.0.1>", false, false, NULL, NULL, 0},
    {"<a@[127.0.0.1]x>", false, false, NULL, NULL, 0},
    {"<a(c)@b>", false, false, NULL, NULL, 0},
    {"<abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcde@b>", false, false, NULL, NULL, 0},
};

/* Each row, and each row cut at every byte. */
static void
test_paths(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct address out;
        size_t used = 0, len = strlen(paths[i].in);
        bool ok = address_path_parse(ctx, paths[i].in, len, paths[i].utf8, &out, &used);

        if (ok != paths[i].ok || used != paths[i].used)
            fail_msg("row %zu (%s): %d used %zu", i, paths[i].in, ok, used);
        if (ok && (strcmp(out.local, paths[i].local) != 0 || strcmp(out.domain, paths[i].domain) != 0))
            fail_msg("row %zu: %s at %s", i, out.local, out.domain);
        for (size_t cut = 0; cut < len; cut++) {
            char *copy = malloc(cut + 1);

            memcpy(copy, paths[i].in, cut);
            if (address_path_parse(ctx, copy, cut, paths[i].utf8, &out, &used) && (!paths[i].ok || cut < paths[i].used))
                fail_msg("row %zu cut at %zu was taken", i, cut);
            free(copy);
        }
        talloc_free(ctx);
    }
}

static const struct { const char *in, *text, *quoted, *key; } forms[] = {
    {"Joe@Example.COM", "Joe@Example.COM", "Joe@Example.COM", "joe@example.com"},
    {" a@b ", "a@b", "a@b", "a@b"},
    {"a..B@docomo.ne.jp", "a..B@docomo.ne.jp", "\"a..B\"@docomo.ne.jp", "a..b@docomo.ne.jp"},
    {"\"a..b\"@docomo.ne.jp", "a..b@docomo.ne.jp", "\"a..b\"@docomo.ne.jp", "a..b@docomo.ne.jp"},
    {"ab.@ezweb.ne.jp", "ab.@ezweb.ne.jp", "\"ab.\"@ezweb.ne.jp", "ab.@ezweb.ne.jp"},
    {"\"a\"@b", "a@b", "a@b", "a@b"},
    {"\"A b\"@c", "\"A b\"@c", "\"A b\"@c", "\"a b\"@c"},
    {"\"a@x\"@c", "\"a@x\"@c", "\"a@x\"@c", "\"a@x\"@c"},
    {"a@日本.jp", "a@日本.jp", "a@xn--wgv71a.jp", "a@xn--wgv71a.jp"},
    {"a@Bücher.example", "a@Bücher.example", "a@xn--bcher-kva.example", "a@xn--bcher-kva.example"},
    {"日@x.jp", "日@x.jp", "日@x.jp", "日@x.jp"},
    {"a", NULL, NULL, NULL},
    {"a@", NULL, NULL, NULL},
    {"@b", NULL, NULL, NULL},
    {"a@b c", NULL, NULL, NULL},
    {"a@b\nc", NULL, NULL, NULL},
    {"a@b, c@d", NULL, NULL, NULL},
    {"<a@b>", NULL, NULL, NULL},
    {"a@[127.0.0.1]", NULL, NULL, NULL},
    {"a@127.0.0.1", NULL, NULL, NULL},
    {"a@b.", NULL, NULL, NULL},
    {"", NULL, NULL, NULL},
    {"postmaster", NULL, NULL, NULL},
    {"postmaster>", NULL, NULL, NULL},
    {"a\xff@b", NULL, NULL, NULL},
};

static void
test_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct address address;
        bool ok = address_parse(ctx, forms[i].in, &address);

        if (ok != (forms[i].text != NULL))
            fail_msg("row %zu (%s): taken %d", i, forms[i].in, ok);
        if (ok && (strcmp(address_text(ctx, &address), forms[i].text) != 0 ||
                   strcmp(address_quote(ctx, &address), forms[i].quoted) != 0 ||
                   !str_eq(address_key(ctx, &address), forms[i].key)))
            fail_msg("row %zu: %s %s %s", i, address_text(ctx, &address), address_quote(ctx, &address),
                     address_key(ctx, &address));
        if (!str_eq(address_key_of(ctx, forms[i].in), forms[i].key))
            fail_msg("row %zu: key_of", i);
        talloc_free(ctx);
    }
}

static void
test_domains(void **state)
{
    char *domain = address_domain_unicode(NULL, "xn--wgv71a.jp");

    (void)state;
    assert_string_equal(domain, "日本.jp");
    talloc_free(domain);
    assert_null(address_domain_ascii(NULL, "a b"));
    assert_null(address_domain_ascii(NULL, "a@b"));
}

static void
test_bounds(void **state)
{
    struct str *text = str_new(NULL);
    struct address_list *list;

    (void)state;
    for (int i = 0; i < 1000000; i++)
        str_add(text, "a@b.c, ");
    list = address_list_parse(text, str_blob(text));
    assert_int_equal(list->count, ADDRESS_LIST_MAX);
    assert_true(list->cut);

    str_clear(text);
    for (int i = 0; i < 100000; i++)
        str_addc(text, '(');
    for (int i = 0; i < 100000; i++)
        str_addc(text, ')');
    str_add(text, " a@b");
    list = address_list_parse(text, str_blob(text));
    assert_int_equal(list->count, 1);
    assert_string_equal(list->rows[0].domain, "b");

    str_clear(text);
    for (int i = 0; i < 200000; i++)
        str_add(text, "\x1b$B\"<");
    list = address_list_parse(text, str_blob(text));
    assert_int_equal(list->count, 1);
    talloc_free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lists), cmocka_unit_test(test_paths),
                                       cmocka_unit_test(test_forms), cmocka_unit_test(test_domains), cmocka_unit_test(test_bounds)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

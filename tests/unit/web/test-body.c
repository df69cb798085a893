/* test-body.c - the text of a mail falls into the right pieces, and what is secret is hidden */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "util/str.h"
#include "web/body.h"

/* Blocks as "kind(piece|[link])", folded and fixed ones marked. */
static const char *
written(TALLOC_CTX *ctx, const char *text, bool hide)
{
    struct out *message = out_new(ctx);
    struct str *out = str_new(ctx);

    body_show(message, text, hide);
    for (const struct out *block = out_get(message, "blocks")->first; block != NULL; block = block->next) {
        str_addf(out, "%s%s%s(", out_get(block, "kind")->text, out_get(block, "is_folded")->number ? "+" : "",
                 out_get(block, "is_fixed")->number ? "=" : "");
        for (const struct out *piece = out_get(block, "pieces")->first; piece != NULL; piece = piece->next)
            str_addf(out, out_get(piece, "url") != NULL ? "[%s]" : out_get(piece, "ends_line")->number ? "%s\n" : "%s",
                     out_get(piece, "text")->text);
        str_add(out, ")");
    }
    return out->s;
}

static void
texts_fall_into_pieces(void **state)
{
    static const struct { const char *in, *out; } rows[] = {
        {"", ""},
        {"\n\n", ""},
        {"Hello\n\nyou\n", "text(Hello\n\nyou)"},
        {"a\n> b\n>> c\nd", "text(a)quote(> b\n>> c)text(d)"},
        {"> 1\n> 2\n> 3\n> 4\n> 5\nx", "quote+(> 1\n> 2\n> 3\n> 4\n> 5)text(x)"},
        {"a\n-- \nme\n> not a quotation", "text(a)signature(-- \nme\n> not a quotation)"},
        {"see https://example.jp/a?b=1&c=d.", "text(see [https://example.jp/a?b=1&c=d].)"},
        {"見てhttps://example.jp/練習、と", "text(見て[https://example.jp/]練習、と)"},
        {"(http://a.example/x)", "text(([http://a.example/x]))"},
        {"http://a.example/x_(y)", "text([http://a.example/x_(y)])"},
        {"http:// https://, javascript:alert(1)", "text(http:// https://, javascript:alert(1))"},
        {"http://a.example/\"onclick", "text([http://a.example/]\"onclick)"},
        {"http://a.example/<b>", "text([http://a.example/]<b>)"},
        {"a   b   c\nd   e   f\n", "text=(a   b   c\nd   e   f)"},
        {"a   b\nplain", "text(a   b\nplain)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);

        if (!str_eq(written(ctx, rows[i].in, false), rows[i].out))
            fail_msg("row %zu: %s", i, written(ctx, rows[i].in, false));
        talloc_free(ctx);
    }
}

static void
addresses_are_cut_for_guests(void **state)
{
    static const struct { const char *in, *out; } rows[] = {
        {"hana@example.jp", "hana@…"}, {"<a.b+c@x-y.example.co.jp>, d@e.f.", "<a.b+c@…>, d@…."}, {"a @ b", "a @ b"},
        {"@home", "@home"}, {"漢字@example.jp", "漢字@…"}, {"x@y@z", "x@…@…"}, {"x@", "x@"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);

        if (!str_eq(mask_addresses(ctx, rows[i].in), rows[i].out))
            fail_msg("row %zu: %s", i, mask_addresses(ctx, rows[i].in));
        talloc_free(ctx);
    }
}

static void
tokens_are_masked_and_nothing_else(void **state)
{
    static const struct { const char *in, *out; } rows[] = {
        {"u.abcdefghijklmnopqrstuvwxyz@x", "u.xxxxxxxxxxxxxxxxxxxxxxxxxx@x"},
        {"http://x/u/ABCDEFGHIJKLMNOPQRSTUVWXYZ234567 y", "http://x/u/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx y"},
        {"/login/abcdefghijklmnopqrstuvwxyz234567", "/login/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        {"u.s. government", "u.s. government"}, {"b.short", "b.short"}, {"", ""}, {"u.", "u."},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *text = mem_strdup(NULL, rows[i].in);

        mask_tokens(text, strlen(text));
        if (!str_eq(text, rows[i].out))
            fail_msg("row %zu: %s", i, text);
        talloc_free(text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_fall_into_pieces), cmocka_unit_test(addresses_are_cut_for_guests),
        cmocka_unit_test(tokens_are_masked_and_nothing_else),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

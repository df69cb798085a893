/* test-body.c - what owners write is shown, and what is secret is hidden */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "util/str.h"
#include "web/body.h"

static void
owners_texts_are_shown(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct lang *lang = i18n_nth(i18n_open(ctx, "po"), 0);
    struct out *row = out_new(ctx), *demo = out_new(ctx);
    static const char text[] = "a@b.example <i> /u/abcdefghijklmnopqrstuvwxyz";

    (void)state;
    body_show(row, lang, text, true);
    assert_string_equal(out_get(row, "body")->text, "<div class=\"text\">a@… &lt;i&gt; /u/xxxxxxxxxxxxxxxxxxxxxxxxxx</div>\n");
    body_show_with_links(demo, lang, text);
    assert_string_equal(out_get(demo, "body")->text, "<div class=\"text\"><a href=\"mailto:a@b.example\">a@b.example</a> &lt;i&gt; "
                                                     "/u/abcdefghijklmnopqrstuvwxyz</div>\n");
    talloc_free(ctx);
}

static void
addresses_are_cut_for_guests(void **state)
{
    static const struct { const char *in, *out; } rows[] = {
        {"hana@example.jp", "hana@…"}, {"<a.b+c@x-y.example.co.jp>, d@e.f.", "<a.b+c@…>, d@…."}, {"a @ b", "a @ b"},
        {"@home", "@home"}, {"漢字@example.jp", "漢字@…"}, {"x@y@z", "x@…@…"}, {"x@", "x@"}, {"a@例え.jp b", "a@… b"},
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
        {"https://x/f/abcdefghijklmnopqrstuvwxyz.atom", "https://x/f/xxxxxxxxxxxxxxxxxxxxxxxxxx.atom"},
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
        cmocka_unit_test(owners_texts_are_shown), cmocka_unit_test(addresses_are_cut_for_guests),
        cmocka_unit_test(tokens_are_masked_and_nothing_else),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

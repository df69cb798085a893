/* test-text.c - the table of texts, names in them, and what may be saved */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "policy/text.h"
#include "util/str.h"

static const struct { const char *text, *expected; } fills[] = {
    {"", ""},
    {"$link", "https://x/"},
    {"${link}s", "https://x/s"},
    {"$links $link", "$links https://x/"},
    {"「$display_nameさん」", "「合唱団 $linkさん」"},
    {"$$link $$$link$", "$link $https://x/$"},
    {"${link ${} $ $1 $Link", "${link ${} $ $1 $Link"},
    {"5$", "5$"},
    {"$empty|", "|"},
};

static void
names_become_values(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct text_values *values = text_values_new(ctx);

    (void)state;
    text_value_add(values, "link", "https://x/");
    text_value_add(values, "link", "the first counts");
    text_value_add(values, "display_name", "合唱団 $link");
    text_value_add(values, "empty", NULL);
    for (size_t i = 0; i < COUNT_OF(fills); i++)
        if (!str_eq(text_fill(ctx, fills[i].text, values), fills[i].expected))
            fail_msg("row %zu: %s", i, text_fill(ctx, fills[i].text, values));
    talloc_free(ctx);
}

static const struct { const char *row, *subject, *body, *field, *hint; } checks[] = {
    {"join", "Join $display_name", "Here: ${link}\r\n\r\n", NULL, NULL},
    {"join", "  a\t", "$link $$5 $description", NULL, NULL},
    {"join", "", "$link", "subject", NULL},
    {"join", "a\nb", "$link", "subject", NULL},
    {"join", "$subject", "$link", "subject", "$subject"},
    {"join", "a", " \n", "body", NULL},
    {"join", "a", "$linkk $link", "body", "$linkk"},
    {"join", "a", "costs 5$ $link", "body", "$ $link"},
    {"join", "a", "$listname", "body", "$link"},
    {"join", "a", "$$link", "body", "$link"},
    {"held", "$subject", "$reasons $list_id", NULL, NULL},
    {"post_footer", "", "$listname\n", NULL, NULL},
    {"post_footer", "not looked at $x", "", NULL, NULL},
    {"post_footer", "", "$link", "body", "$link"},
    {"login", "$site", "$link", NULL, NULL},
    {"login", "$site", "$link $listname", "body", "$listname"},
};

static void
unknown_names_are_refused(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        struct fault fault = {0};
        struct text stored;
        enum status status = text_check(ctx, text_row(checks[i].row), checks[i].subject, checks[i].body, &stored, &fault);

        if ((status == STATUS_OK) != (checks[i].field == NULL) || !str_eq(fault.field, checks[i].field)
            || !str_eq(fault.hint, checks[i].hint))
            fail_msg("row %zu: %d %s %s", i, (int)status, fault.field, fault.hint);
    }
    talloc_free(ctx);
}

/* Each shipped text, in each language, could be saved as it is; each variable is explained. */
static void
shipped_texts_are_sound(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct i18n *i18n = i18n_open(ctx, "po");

    (void)state;
    for (const struct text_row *row = text_rows(); row->name != NULL; row++) {
        struct text_array names = text_variables(ctx, row);

        assert_ptr_equal(text_row(row->template), row);
        for (size_t i = 0; i < names.count; i++)
            if (variable_row(names.items[i]) == NULL)
                fail_msg("notice %s: its variable %s has no row in variables.def", row->name, names.items[i]);
        for (size_t n = 0; text_is_mail(row) && i18n_nth(i18n, n) != NULL; n++) {
            const struct lang *lang = i18n_nth(i18n, n);
            struct fault fault = {0};
            struct text stored;

            if (text_check(ctx, row, tr(lang, row->subject), tr(lang, row->body), &stored, &fault) != STATUS_OK)
                fail_msg("notice %s (%s): %s: %s %s", row->name, lang_code(lang), fault.field, fault.sentence, fault.hint);
        }
    }
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_become_values),
        cmocka_unit_test(unknown_names_are_refused),
        cmocka_unit_test(shipped_texts_are_sound),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

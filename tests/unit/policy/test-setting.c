/* test-setting.c - the table of settings: defaults fit, values are checked, names of lists are sound */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/list.h"
#include "util/str.h"

static void
defaults_fit_their_rows(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct settings *settings = settings_default(ctx);

    (void)state;
    for (const struct setting_row *row = setting_rows(); row->name != NULL; row++) {
        const struct setting_group *group = setting_groups();
        const char *stored;
        struct fault fault = {0};

        if (setting_check(ctx, row, row->fallback, &stored, &fault) != STATUS_OK)
            fail_msg("%s: %s", row->name, fault.sentence);
        assert_string_equal(stored, row->fallback);
        assert_string_equal(setting_text(ctx, settings, row), row->fallback);
        while (group->name != NULL && !str_eq(group->name, row->group))
            group++;
        if (group->name == NULL)
            fail_msg("%s: no group %s", row->name, row->group);
        assert_true(strlen(row->label) > 0 && strlen(row->help) > 0);
    }
    assert_int_equal(settings->max_message_size, 1024);
    assert_true(settings->advertised);
    assert_int_equal(settings->default_nonmember_action, POST_HOLD);
    assert_string_equal(language_code(settings->preferred_language), "en");
    talloc_free(ctx);
}

static const struct { const char *name, *value, *stored; } values[] = {
    {"advertised", "yes", "yes"}, {"advertised", " TRUE ", "yes"}, {"advertised", "0", "no"}, {"advertised", "maybe", NULL},
    {"advertised", "", NULL},
    {"max_message_size", "0", "0"}, {"max_message_size", " 40 ", "40"}, {"max_message_size", "-1", NULL},
    {"max_message_size", "100001", NULL}, {"max_message_size", "4O", NULL}, {"max_message_size", "1.5", NULL},
    {"description", "  A list  ", "A list"}, {"description", "two\nlines", NULL}, {"description", "tab\there", "tab here"},
    {"description", "\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"}, {"description", "回覧", "回覧"},
    {"info", "a\r\nb\r\n\r\n", "a\nb"},
    {"archive_policy", "Private", "private"}, {"archive_policy", "secret", NULL}, {"archive_policy", "", NULL},
    {"reply_to_address", "", ""}, {"reply_to_address", "hana@example.jp", "hana@example.jp"}, {"reply_to_address", "hana", NULL},
    {"time_zone", "", ""}, {"time_zone", " Asia/Tokyo ", "Asia/Tokyo"}, {"time_zone", "UTC", "UTC"}, {"time_zone", "America/Argentina/Ushuaia",
     "America/Argentina/Ushuaia"}, {"time_zone", "Etc/GMT+5", "Etc/GMT+5"}, {"time_zone", "asia/tokyo", NULL}, {"time_zone", "Asia", NULL},
    {"time_zone", "Mars/Olympus", NULL}, {"time_zone", "JST", NULL}, {"time_zone", "right/Asia/Tokyo", NULL}, {"time_zone", "posixrules", NULL},
    {"time_zone", "Asia/../Asia/Tokyo", NULL}, {"time_zone", "/usr/share/zoneinfo/Asia/Tokyo", NULL}, {"time_zone", ":/etc/localtime", NULL},
    {"acceptable_aliases", " a@example.org \n\n^b.*$\n@c.example\n", "a@example.org\n^b.*$\n@c.example"},
    {"acceptable_aliases", "^(", NULL}, {"acceptable_aliases", "nobody", NULL}, {"acceptable_aliases", "@", NULL},
};

static void
values_are_checked(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        const struct setting_row *row = setting_row(values[i].name);
        const char *stored = NULL;
        struct fault fault = {0};
        enum status status;

        assert_non_null(row);
        status = setting_check(ctx, row, values[i].value, &stored, &fault);
        if ((status == STATUS_OK) != (values[i].stored != NULL)
            || (status == STATUS_OK && !str_eq(stored, values[i].stored)))
            fail_msg("row %zu: %s = \"%s\" gave %s", i, values[i].name, values[i].value, stored != NULL ? stored : "(refused)");
        if (status != STATUS_OK)
            assert_string_equal(fault.field, values[i].name);
    }
    talloc_free(ctx);
}

static void
texts_have_an_end(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct setting_row *row = setting_row("subject_prefix");
    struct str *text = str_new(ctx);
    const char *stored;

    (void)state;
    for (int i = 0; i < row->most; i++)
        str_add(text, "回");
    assert_int_equal(setting_check(ctx, row, str_text(text), &stored, NULL), STATUS_OK);
    str_add(text, "回");
    assert_int_equal(setting_check(ctx, row, str_text(text), &stored, NULL), STATUS_INVALID);
    talloc_free(ctx);
}

static const struct { const char *name; bool good; } names[] = {
    {"test", true}, {"a", true}, {"club-2026", true}, {"a.b", true}, {"x_y", true}, {"owners", true}, {"b-team", true},
    {"", false}, {"Test", false}, {"-a", false}, {".a", false}, {"a b", false}, {"a@b", false}, {"a/b", false}, {"回覧", false},
    {"a.", false}, {"a..b", false}, {"a+b", false},
    {"b.team", false}, {"u.x", false}, {"r.r", false},
    {"test-owner", false}, {"test-request", false}, {"test-bounces", false}, {"test-confirm", false}, {"test-join", false},
    {"test-subscribe", false}, {"test-leave", false}, {"test-unsubscribe", false},
    {"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", true},
    {"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyza", false},
};

static void
names_of_lists(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if ((list_name_trouble(names[i].name) == NULL) != names[i].good)
            fail_msg("row %zu: \"%s\"", i, names[i].name);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_fit_their_rows),
        cmocka_unit_test(values_are_checked),
        cmocka_unit_test(texts_have_an_end),
        cmocka_unit_test(names_of_lists),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

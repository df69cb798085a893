/* test-mail-command.c - what is a command in a mail, and what is not */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "policy/mail-command.h"
#include "util/str.h"

/* expected: names of commands with their words in (), then "|" and the ignored lines with ";" behind each */
static const struct { const char *subject, *text, *expected; } rows[] = {
    {"", "", "|"},
    {"help", "", "help|"},
    {"Re: RE: Help", "", "help|"},
    {"Ｒｅ：　Ｓｕｂｓｃｒｉｂｅ", "", "join|"},
    {"", "help\nwho\n\n  lists  \n", "help who lists|"},
    {"Hello", "help", "help|"},
    {"Hello", "", "|Hello;"},
    {"Hello", "nothing here", "|Hello;nothing here;"},
    {"unsubscribe", "Dear list,\nplease.", "leave|Dear list,;please.;"},
    {"", "leave me alone please", "|leave me alone please;"},
    {"", "set delivery off\nset\nset a b c d", "set(delivery,off) set|set a b c d;"},
    {"confirm", "confirm abc", "confirm(abc)|"},
    {"", "> leave\nhelp\n> who", "help|"},
    {"", "who\nend\nleave", "who end|"},
    {"", "who\n-- \nleave", "who|"},
    {"", "echo Ａ　b 日本", "echo(A,b,日本)|"},
    {"参加", "", "join|"},
    {"参加希望です。", "", "join|"},
    {"Re: 退会", "お世話になっております。", "leave|お世話になっております。;"},
    {"", "退会します\n", "leave|"},
    {"", "退会しない", "|退会しない;"},
    {"", "参加者", "who|"},
    {"", "設定　配送　停止", "set(配送,停止)|"},
    {"", "ＨＥＬＰ", "help|"},
    {"ヘルプ", "終了\n退会", "help end|"},
    {"", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nleave", "|a;b;c;d;e;f;g;h;i;j;"},
    {"", "help\nhelp\nhelp\nhelp\nhelp\nhelp\nhelp\nhelp\nhelp\nhelp\nleave", "help help help help help help help help help help|"},
    {"?", "", "help|"},
    {".", "!", "|.;!;"},
    {"join!", "", "join|"},
};

static char *
as_text(TALLOC_CTX *ctx, const struct mail_commands *read)
{
    struct str *out = str_new(ctx);

    for (size_t i = 0; i < read->count; i++) {
        str_addf(out, "%s%s", i > 0 ? " " : "", mail_command_rows()[read->rows[i].kind].name);
        for (size_t w = 0; w < read->rows[i].word_count; w++)
            str_addf(out, "%s%s%s", w == 0 ? "(" : ",", read->rows[i].words[w], w + 1 == read->rows[i].word_count ? ")" : "");
    }
    str_addc(out, '|');
    for (size_t i = 0; i < read->ignored_count; i++)
        str_addf(out, "%s;", read->ignored[i]);
    return out->s;
}

static void
commands_are_read(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *found = as_text(ctx, mail_commands_read(ctx, rows[i].subject, rows[i].text));

        if (!str_eq(found, rows[i].expected))
            fail_msg("row %zu: \"%s\", not \"%s\"", i, found, rows[i].expected);
    }
    talloc_free(ctx);
}

static void
the_language_is_seen(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_true(mail_commands_read(ctx, "退会", "")->is_japanese);
    assert_true(mail_commands_read(ctx, "help", "よろしくお願いします")->is_japanese);
    assert_false(mail_commands_read(ctx, "help", "Grüße – naïve")->is_japanese);
    talloc_free(ctx);
}

/* No word of one command is another's, and all are told. */
static void
every_word_has_one_meaning(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (int kind = 0; kind < MAIL_COMMAND_COUNT; kind++) {
        const struct mail_command_row *row = &mail_command_rows()[kind];

        for (char **word = str_split(ctx, row->words, ' ', 32); *word != NULL; word++) {
            const struct mail_commands *read = mail_commands_read(ctx, "", row->least == 0 ? *word : mem_printf(ctx, "%s x", *word));

            if (read->count != 1 || (int)read->rows[0].kind != kind)
                fail_msg("%s: %s", row->name, *word);
        }
        assert_true(*row->usage != '\0' && *row->help != '\0');
    }
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_read), cmocka_unit_test(the_language_is_seen), cmocka_unit_test(every_word_has_one_meaning),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

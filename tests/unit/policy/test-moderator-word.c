/* test-moderator-word.c - a moderator's answer by mail */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "policy/moderator-word.h"
#include "util/str.h"

/* "A1,2" accepts the first and second; R refuses, D discards; "A?" does not say which. Reasons stand behind a slash. */
static char *
understood(TALLOC_CTX *ctx, const char *text, size_t posts)
{
    static const char letters[] = {[HELD_ACCEPT] = 'A', [HELD_REJECT] = 'R', [HELD_DISCARD] = 'D'};
    struct moderator_word words[MODERATOR_WORDS_MAX];
    size_t count = moderator_words(ctx, text, posts, words);
    struct str *out = str_new(ctx);

    for (size_t i = 0; i < count; i++) {
        str_addf(out, "%s%c", i > 0 ? " " : "", letters[words[i].act]);
        if (words[i].count == 0)
            str_addc(out, '?');
        for (size_t n = 0; n < words[i].count; n++)
            str_addf(out, "%s%zu", n > 0 ? "," : "", words[i].items[n] + 1);
        if (words[i].reason != NULL)
            str_addf(out, "/%s", words[i].reason);
    }
    return out->s;
}

static void
answers_are_understood(void **state)
{
    static const struct { const char *text; size_t posts; const char *expected; } rows[] = {
        {"accept\n", 1, "A1"},
        {"ACCEPT.\n\nThanks!\nHana\n", 1, "A1"},
        {"  Approve\r\n", 1, "A1"},
        {"accept\n", 3, "A?"},
        {"accept 1 3\n", 3, "A1,3"},
        {"accept 1, 2\ndiscard #3\n", 3, "A1,2 D3"},
        {"discard all\n", 3, "D1,2,3"},
        {"reject 2: Please be kind.\n", 2, "R2/Please be kind."},
        {"reject: too long\n", 1, "R1/too long"},
        {"承認\n", 1, "A1"},
        {"承認　１、３\n却下２：宣伝です\n", 3, "A1,3 R2/宣伝です"},
        {"却下２：話題が違います。次は、１０日に。\n", 2, "R2/話題が違います。次は、１０日に。"},
        {"reject 1: not here: no, never\n", 1, "R1/not here: no, never"},
        {"破棄 全部\n", 2, "D1,2"},
        {"accept 4\n", 3, ""},
        {"accept 0\n", 3, ""},
        {"accept -1\n", 3, ""},
        {"accept this one please\n", 1, ""},
        {"acceptable\n", 1, ""},
        {"I would accept it\n", 1, ""},
        {"Hello,\n\naccept\n", 1, "A1"},
        {"> accept\n", 1, ""},
        {"On Monday Kairan wrote:\n> accept\naccept\n", 1, ""},
        {"-- \naccept\n", 1, ""},
        {"accept\nsome prose\ndiscard\n", 1, "A1"},
        {"", 1, ""},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *found = understood(ctx, rows[i].text, rows[i].posts);

        if (!str_eq(found, rows[i].expected))
            fail_msg("row %zu: \"%s\", not \"%s\"", i, found, rows[i].expected);
    }
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_are_understood)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test-quote.c - what an answer begins with */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "mime/quote.h"
#include "util/str.h"

static void
texts_are_quoted(void **state)
{
    static const struct { const char *in, *out; } rows[] = {
        {"", ""}, {"\n\n", ""}, {"Hello", "> Hello\n"}, {"\nHello\n\nyou\n\n", "> Hello\n>\n> you\n"},
        {"> old\n>> older\nnew\n", ">> old\n>>> older\n> new\n"},
        {"Text\n-- \nHana\n03-1234\n", "> Text\n"}, {"Text\n--\nHana\n", "> Text\n"}, {"-- \nHana\n", ""},
        {"---\nnot a signature\n", "> ---\n> not a signature\n"}, {"来週の練習\n", "> 来週の練習\n"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(quote_text(ctx, rows[i].in), rows[i].out) != 0)
            fail_msg("row %zu: \"%s\"", i, quote_text(ctx, rows[i].in));
    talloc_free(ctx);
}

static void
long_texts_are_cut(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *lines = str_new(ctx), *line = str_new(ctx);
    const char *quoted;

    (void)state;
    for (int i = 0; i < QUOTE_LINES_MAX + 50; i++)
        str_add(lines, "line\n");
    quoted = quote_text(ctx, lines->s);
    assert_int_equal(strlen(quoted), QUOTE_LINES_MAX * strlen("> line\n") + strlen("> [...]\n"));
    assert_true(str_ends(quoted, "> line\n> [...]\n"));
    for (int i = 0; i < QUOTE_BYTES_MAX + 1; i++)
        str_addc(line, 'x');
    assert_string_equal(quote_text(ctx, line->s), "> [...]\n");
    talloc_free(ctx);
}

static void
subjects_are_answered(void **state)
{
    static const struct { const char *in, *out; } rows[] = {
        {"", ""}, {"  ", ""}, {"Re:", ""}, {"Hall", "Re: Hall"}, {"Re: Hall", "Re: Hall"}, {"RE:RE: re:Hall", "Re: Hall"},
        {"Re[2]: Hall", "Re: Hall"}, {"Re^3: Hall", "Re: Hall"}, {"Re[x]: Hall", "Re: Re[x]: Hall"}, {"Aw: Hall", "Re: Hall"},
        {"Re：練習", "Re: 練習"}, {"Request: room", "Re: Request: room"}, {"Fwd: Hall", "Re: Fwd: Hall"},
        {"Re[99999]: Hall", "Re: Re[99999]: Hall"}, {"Regarding", "Re: Regarding"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(quote_subject(ctx, rows[i].in), rows[i].out) != 0)
            fail_msg("row %zu: \"%s\"", i, quote_subject(ctx, rows[i].in));
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_are_quoted), cmocka_unit_test(long_texts_are_cut),
                                       cmocka_unit_test(subjects_are_answered)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test-mailto.c - links that begin an answer in a mail program */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "util/str.h"
#include "util/template.h"
#include "web/mailto.h"

static void
links_are_as_the_rfc_has_them(void **state)
{
    static const struct { struct mailto mail; const char *link; } rows[] = {
        {{"list@x.example", NULL, NULL, NULL}, "mailto:list@x.example"},
        {{"list@x.example", NULL, "Re: A & B?", NULL}, "mailto:list@x.example?Subject=Re%3A%20A%20%26%20B%3F"},
        {{"a+b@x.example", NULL, NULL, "1.2@y.example"}, "mailto:a%2Bb@x.example?In-Reply-To=%3C1.2%40y.example%3E"},
        {{"a@x.example,b@x.example", "list@x.example", "練習", "1@y"},
         "mailto:a@x.example,b@x.example?In-Reply-To=%3C1%40y%3E&Cc=list@x.example&Subject=%E7%B7%B4%E7%BF%92"},
        {{"x@y?bcc=z@w", NULL, "a\r\nBcc: z@w", ""}, "mailto:x@y%3Fbcc%3Dz@w?Subject=a%0D%0ABcc%3A%20z%40w"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *link = mailto_link(ctx, &rows[i].mail);

        if (!str_eq(link, rows[i].link) || !url_is_plain(link))
            fail_msg("row %zu: %s", i, link);
    }
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(links_are_as_the_rfc_has_them)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test-html-text.c - HTML as it reads */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/html-text.h"
#include "util/str.h"

static const struct { const char *html, *text; } rows[] = {
    {"", ""},
    {"plain", "plain\n"},
    {"<p>one</p><p>two</p>", "one\n\ntwo\n"},
    {"a<br>b<br/>c<br><br><br><br>d", "a\nb\nc\n\nd\n"},
    {"  a \n b  <b> c</b>d", "a b cd\n"},
    {"<ul><li>a<li>b</ul>c", "- a\n- b\nc\n"},
    {"<a href=\"https://x.example/?a=1&amp;b=2\">here</a>.", "here <https://x.example/?a=1&b=2>.\n"},
    {"<a href='https://x.example/'>https://x.example/</a>", "https://x.example/\n"},
    {"<a href=mailto:a@b>a@b</a> <a href=javascript:x>y</a>", "a@b y\n"},
    {"<style>p{a>b}</style><script>if(a<b)</script>x<!-- <b>no</b> -->y", "xy\n"},
    {"<title>t</title><body>b</body>", "b\n"},
    {"a<!-- unended", "a\n"},
    {"a<script>unended", "a\n"},
    {"&lt;b&gt; &amp;amp; &#233;&#xe9; &nbsp;x &unknown; & &#; &#0; &#xd800;", "<b> &amp; éé  x &unknown; & &#; \ufffd \ufffd\n"},
    {"a < b > c <", "a < b > c <\n"},
    {"<img alt=\"a>b\" src=x>c <img src=x>", "[a>b]c\n"},
    {"<p title='a>b'>x</p><p title=\"never>ended", "x\n\nended\n"},
    {"<blockquote>a<br>b<blockquote>c</blockquote></blockquote>d", "> a\n> b\n\n> > c\n\nd\n"},
    {"<pre>a\r\n  b\r\n\r\n\r\n\r\nc</pre>", "a\n  b\n\nc\n"},
    {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n"},
    {"a<hr>b", "a\n----\nb\n"},
    {"日本<wbr>語", "日本語\n"},
    {"<", "<\n"},
    {"</", "</\n"},
    {"<a", "<a\n"},
    {"&", "&\n"},
    {"x\x1b[31m", "x[31m\n"},
};

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *text = html_to_text(NULL, rows[i].html);

        if (strcmp(text, rows[i].text) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, text, rows[i].text);
        talloc_free(text);
    }
}

/* Beginnings without ends, many of them: linear. */
static void
test_bounds(void **state)
{
    static const char *const pieces[] = {"<a href=\"", "<a href='x'>y", "<!--", "<script>", "<", "&", "<blockquote>", "<b \"", "<img alt="};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        struct str *text = str_new(NULL);

        for (int k = 0; k < 100000; k++)
            str_add(text, pieces[i]);
        html_to_text(text, text->s);
        talloc_free(text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_bounds)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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
    {"<p title='a>b'>x</p><p title=\"never>ended", "x\n"},
    {"<blockquote>a<br>b<blockquote>c</blockquote></blockquote>d", "> a\n> b\n>\n> > c\n\nd\n"},
    {"<pre>a\r\n  b\r\n\r\n\r\n\r\nc</pre>", "a\n  b\n\nc\n"},
    {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n"},
    {"a<hr>b", "a\n----\nb\n"},
    {"日本<wbr>語", "日本語\n"},
    {"<", "<\n"},
    {"</", "</\n"},
    {"<a", ""},
    {"&", "&\n"},
    {"x\x1b[31m", "x[31m\n"},
    /* lists */
    {"<ol><li>a<li>b<ul><li>c</ul><li>d</ol>", "1. a\n2. b\n  - c\n3. d\n"},
    {"<ol start=5><li>a<li value=9>b<li>c</ol>", "5. a\n9. b\n10. c\n"},
    /* tables that are tables, and those that arrange a page */
    {"<table><tr><th>Name<th>Age</tr><tr><td>Hana<td>84</table>", "Name | Age\nHana | 84\n"},
    {"<table border=1><tr><td><p>a</p></td><td><p>b</p></td></tr><tr><td></td><td><p>c</p></td></tr></table>d", "a | b\n| c\nd\n"},
    {"<table border=0><tr><td>a<td><p>b</p></table>", "a\n\nb\n"},
    /* quotations as mailers write them */
    {"<div>Thanks!</div><div class=gmail_quote><div class=gmail_attr>On Monday Hana wrote:<br></div><blockquote class=gmail_quote "
     "style='margin:0'><div>See you<div><br></div>there</div></blockquote></div>",
     "Thanks!\nOn Monday Hana wrote:\n\n> See you\n>\n> there\n"},
    {"<p>x</p><span class=gmail_signature_prefix>-- </span><br><div class=gmail_signature>Hana</div>", "x\n\n-- \nHana\n"},
    /* what is hidden */
    {"<div style='display:none;max-height:0'>Preheader <div>more</div></div><p>Text</p>", "Text\n"},
    {"<span STYLE=' Display : none !important'>pre</span>x<p hidden>y<p>z", "x\n\nz\n"},
    {"<table><tr><td style='display:none'>a<td>b</table>c", "b\nc\n"},
    {"<div><p style='max-height:0px;overflow:hidden'>pre</div>x", "x\n"},
    {"<svg><title>t</title><text>x</text></svg>y<svg><p>z", "y\n\nz\n"},
    {"<!--[if mso]><p>Outlook</p><![endif]--><![if !mso]>others<![endif]>", "others\n"},
    /* blanks */
    {"<p>a</p><p>&nbsp;</p><p>&nbsp;&nbsp;b&nbsp;&nbsp;&nbsp;&nbsp;c&#8203;d</p>", "a\n\n  b  cd\n"},
    {"<p>a</p><p>&#x81;&#1;</p><p>b", "a\n\nb\n"},
    {"<pre>if (x)\n\ty();</pre>z", "if (x)\n\ty();\nz\n"},
    /* links */
    {"<a href='https://www.example.jp/a/'>www.example.jp/a</a>", "www.example.jp/a\n"},
    {"<p>x</p><a href='https://example.jp/'><img src=x></a><p>y</p>", "x\n\ny\n"},
    {"<a href=' java\nscript:alert(1)'>y</a>", "y\n"},
    {"&copy;2026 &NotEqualTilde; &hearts; &copycat", "\u00a92026 \u2242\u0338 \u2665 \u00a9cat\n"},
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
    static const char *const pieces[] = {"<a href=\"", "<a href='x'>y", "<!--", "<script>", "<", "&", "<blockquote>", "<b \"", "<img alt=", "<li>", "<table border=1><td>", "<p hidden>",
                                         "<svg>", "<div style=display:none>", "</div>"};

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

/* test-html-clean.c - HTML written anew: what stays, what goes, and how much work it is */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/html-check.h"
#include "mime/html-clean.h"

static const struct { const char *html, *clean; size_t remote; } rows[] = {
    {"", "", 0},
    {"a < b & \"c\" > d", "a &lt; b &amp; &quot;c&quot; &gt; d", 0},
    {"<P CLASS=x ID=y STYLE='COLOR: Red; position:fixed'>a<BR/>b", "<p style=\"color:red\">a<br>b</p>", 0},
    {"<b><i>x</b>y</i>", "<b><i>x</i></b>y", 0},
    {"<p>a<p>b<div>c", "<p>a</p><p>b</p><div>c</div>", 0},
    {"<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>", 0},
    {"<table><tr><td>a<td>b<tr><td><table><tr><td>c</table>d</table>",
     "<table><tr><td>a</td><td>b</td></tr><tr><td><table><tr><td>c</td></tr></table>d</td></tr></table>", 0},
    {"<table><tr><td></div></b>x</table>", "<table><tr><td>x</td></tr></table>", 0},
    {"<colgroup><col width=10><col span=999></colgroup>", "<colgroup><col width=\"10\"><col></colgroup>", 0},
    {"<a href=' HTTPS://example.jp/a b?x=1&amp;y=\"2\"' target=_top>x</a>",
     "<a href=\"HTTPS://example.jp/a%20b?x=1&amp;y=&quot;2&quot;\" rel=\"nofollow noopener noreferrer\">x</a>", 0},
    {"<a href=mailto:hana@example.jp>x<a href=//example.jp/>y", "<a href=\"mailto:hana@example.jp\" rel=\"nofollow noopener noreferrer\">x</a><a>y</a>", 0},
    {"<a href='java&#10;script:alert(1)'>x</a>", "<a>x</a>", 0},
    {"<img src=https://example.jp/a.png alt='A \"picture\"'>", "[A &quot;picture&quot;]", 1},
    {"<img src=cid:x><img src=data:image/svg+xml;base64,PHN2Zz4=><img src=data:image/png;base64,iVBORw0KGgo= width=3 onerror=x>",
     "<img src=\"data:image/png;base64,iVBORw0KGgo=\" width=\"3\">", 0},
    {"<img src=data:image/png;base64,R0lGODlh>", "", 0},
    {"<form action=x>a<input value=b><button>c</button><select><option>d</select><textarea>e<b></textarea></form>", "acde&lt;b&gt;", 0},
    {"<script>a</script><style>b{c:url(d)}</style><title>e</title><!-- f -->g", "g", 1},
    {"<div style='display:none'>a</div><p hidden>b<p>c", "<p>c</p>", 0},
    {"<font color=#FF0000 size=+2 face=x>a</font>", "<font color=\"#ff0000\" size=\"+2\">a</font>", 0},
    {"<td width=50% height=1.5em bgcolor='url(x)' colspan=1000 rowspan=2>", "<td rowspan=\"2\" width=\"50%\"></td>", 0},
    {"<p style='margin:0 auto 1em;padding:-1px;border:1px solid #ccc !important;font:x;font-family:Courier New'>",
     "<p style=\"margin:0 auto 1em;border:1px solid #ccc;font-family:monospace\"></p>", 0},
    {"<p style='background:url(http://x.example/)'>a<td background=http://x.example/>", "<p>a<td></td></p>", 2},
    {"&#27;[31m&#0;\x01\xc2\x85&#x85;&#128;", "[31m\ufffd\u2026\u20ac", 0},
    {"<p lang=ja dir=RTL title='a&#10;b'>x</p>", "<p dir=\"rtl\" lang=\"ja\" title=\"a\nb\">x</p>", 0},
    {"</p></br>x</table>", "<br>x", 0},
    {"<plaintext>a</plaintext><b>", "a&lt;/plaintext&gt;&lt;b&gt;", 0},
};

static const struct html_clean_rules plain = {0};

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct html_cleaned *once = html_clean(NULL, rows[i].html, &plain), *twice = html_clean(once, once->html, &plain);

        if (strcmp(once->html, rows[i].clean) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, once->html, rows[i].clean);
        if (strcmp(once->html, twice->html) != 0)
            fail_msg("row %zu: again \"%s\"", i, twice->html);
        if (once->remote != rows[i].remote)
            fail_msg("row %zu: %zu things from elsewhere", i, once->remote);
        talloc_free(once);
    }
}

/* What stands behind "@" becomes a dash; "secret" goes everywhere. */
static char *
mask(TALLOC_CTX *ctx, const char *text)
{
    struct str *out = str_new(ctx);

    for (const char *p = text; *p != '\0'; p++) {
        bool is_address = *p == '@' && p > text && p[-1] != ' ' && p[1] >= 'a' && p[1] <= 'z';

        if (strncmp(p, "secret", 6) == 0) {
            str_add(out, "xxxxxx");
            p += 5;
            continue;
        }
        str_addc(out, *p);
        str_add(out, is_address ? "-" : "");
        while (is_address && ((p[1] >= 'a' && p[1] <= 'z') || p[1] == '.'))
            p++;
    }
    return out->s;
}

static char *
mask_link(TALLOC_CTX *ctx, const char *url)
{
    (void)ctx;
    return mem_strdup(ctx, strstr(url, "secret") != NULL ? "https://hidden.example/" : url);
}

static const struct { const char *html, *clean; } masked[] = {
    {"a@b.jp <i title=c@d.jp>e</i>", "a@- <i title=\"c@-\">e</i>"},
    {"a@<b>b.jp</b>, c", "a@<b>-</b>, c"},
    {"a<b>@b</b>.jp<p>x.jp", "a<b>@-</b><p>x.jp</p>"},
    {"a@b<wbr>c.jp d.jp", "a@-<wbr> d.jp"},
    {"a@<x>b.jp</x>", "a@-"},
    {"a@<br>b.jp", "a@<br>b.jp"},
    {"a@&#1;b.jp <i title='a@&#x81;b.jp'>x</i>", "a@- <i title=\"a@-\">x</i>"},
    {"<a href=mailto:a@b.jp>x</a><a href=https://x.jp/?a%40b>y</a><a href=https://x.jp/@b>z</a>",
     "<a>x</a><a>y</a><a href=\"https://x.jp/@b\" rel=\"nofollow noopener noreferrer\">z</a>"},
    {"<a href=https://x.jp/secret>sec<x>ret</a><img alt=secret>", "<a href=\"https://hidden.example/\" rel=\"nofollow noopener noreferrer\">xxxxxx</a>[xxxxxx]"},
};

static void
test_masks(void **state)
{
    const struct html_clean_rules rules = {.mask = mask, .mask_link = mask_link, .hides_addresses = true};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(masked); i++) {
        struct html_cleaned *cleaned = html_clean(NULL, masked[i].html, &rules);

        if (strcmp(cleaned->html, masked[i].clean) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, cleaned->html, masked[i].clean);
        talloc_free(cleaned);
    }
}

static const char related[] =
    "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=c\n\n"
    "--c\nContent-Type: text/plain\n\nx\n--c\nContent-Type: text/html; charset=iso-2022-jp\n\n"
    "<p>\x1b$BF|K\\\x1b(B<img src=\"cid:one%40x\" alt=a><img src=cid:two@x alt=b><img src=cid:three@x alt=c></p>\n--c--\n"
    "--b\nContent-Type: image/gif\nContent-ID: <one@x>\nContent-Transfer-Encoding: base64\n\nR0lGODlhAQABAAAAACw=\n"
    "--b\nContent-Type: image/png\nContent-ID: <two@x>\n\n<svg onload=alert(1)>\n"
    "--b\nContent-Type: text/html; name=a.html\nContent-Disposition: attachment\n\n<p>no\n"
    "--b\nContent-Type: text/html\nContent-Disposition: inline\n\n<p>more\n--b--\n";

static void
test_message(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct html_cleaned *cleaned = html_clean_message(ctx, message_parse(ctx, blob_of(related)), &plain);

    (void)state;
    assert_non_null(cleaned);
    assert_string_equal(cleaned->html, "<p>日本<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\" alt=\"a\">[b][c]</p><hr><p>more</p>");
    assert_int_equal(cleaned->missing, 2);
    assert_null(html_clean_message(ctx, message_parse(ctx, blob_of("Subject: x\n\n<p>plain</p>\n")), &plain));
    talloc_free(ctx);
}

/* ---- monsters ---- */

static const struct { const char *piece; size_t count; } monsters[] = {
    {"<div>", 200000},
    {"<b><i>", 100000},
    {"<div><p>", 20000},
    {"<table><tr><td>", 20000},
    {"<a href=x>", 200000},
    {"<font color=red style='color:red' ", 20000},
    {"<p a b c d e f g h i j k l m n o p q r s t u v w x y z>", 20000},
    {"<img src=cid:x alt=y>", 100000},
    {"</div>", 200000},
    {"<li>", 200000},
    {"<svg>", 200000},
    {"<!--", 200000},
    {"<x y='", 200000},
    {"&ampx&#x3c;", 200000},
    {"<p style='color:red;", 100000},
    {"<div hidden><div>", 100000},
    {"@a", 200000},
};

/* Twice the input is twice the work, whatever it is. */
static void
test_monsters(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(monsters); i++) {
        struct str *text = str_new(NULL);
        size_t before = 0;

        for (size_t half = 0; half < 2; half++) {
            struct html_cleaned *cleaned;

            for (size_t k = 0; k < monsters[i].count / 2; k++)
                str_add(text, monsters[i].piece);
            cleaned = html_clean(text, text->s, &plain);
            if (cleaned->steps > 200 * text->len + 1000 || (half == 1 && cleaned->steps > 2 * before + before / 4 + 100000))
                fail_msg("row %zu: %zu steps for %zu bytes, %zu for half", i, cleaned->steps, text->len, before);
            before = cleaned->steps;
            talloc_free(cleaned);
        }
        talloc_free(text);
    }
}

/* What is deeper than the bound loses its tags, not its text. */
static void
test_depth(void **state)
{
    struct str *text = str_new(NULL);
    struct html_cleaned *cleaned;
    size_t opened = 0;

    (void)state;
    for (size_t i = 0; i < 20000; i++)
        str_add(text, "<blockquote>");
    str_add(text, "deep");
    for (size_t i = 0; i < 20000; i++)
        str_add(text, "</blockquote>");
    str_add(text, "<p>after");
    cleaned = html_clean(text, text->s, &plain);
    for (const char *p = cleaned->html; (p = strstr(p, "<blockquote>")) != NULL; p++)
        opened++;
    assert_int_equal(opened, HTML_DEPTH_MAX);
    assert_non_null(strstr(cleaned->html, "<blockquote>deep</blockquote>"));
    assert_non_null(strstr(cleaned->html, "</blockquote><p>after</p>"));
    talloc_free(text);
}

static void
test_cut(void **state)
{
    struct str *text = str_new(NULL);
    struct html_cleaned *cleaned;

    (void)state;
    for (size_t i = 0; i < HTML_CLEAN_MAX / 300 + 1000; i++)
        str_add(text, "<p>\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"");
    cleaned = html_clean(text, text->s, &plain);
    assert_true(cleaned->is_cut);
    assert_true(strlen(cleaned->html) < HTML_CLEAN_MAX + 1000);
    talloc_free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows),     cmocka_unit_test(test_masks), cmocka_unit_test(test_message),
                                       cmocka_unit_test(test_monsters), cmocka_unit_test(test_depth), cmocka_unit_test(test_cut)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

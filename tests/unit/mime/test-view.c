/* test-view.c - a message as people read it: blocks, attachments, what is more than a text, what is broken */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/view-html.h"
#include "mime/view-markdown.h"
#include "mime/view-print.h"
#include "util/str.h"

#include "signed-sample.h"

/* ---- blocks ---- */

/* Blocks as "kind(text)", folded ones with "+", fixed ones with "=". */
static const struct { const char *in, *out; } splits[] = {
    {"", ""},
    {"\n\n", ""},
    {"Hello\n\nyou\n", "text(Hello\n\nyou)"},
    {"a\n> b\n>> c\nd", "text(a)quote(> b\n>> c)text(d)"},
    {"> 1\n> 2\n> 3\n> 4\n> 5\nx", "quote+(> 1\n> 2\n> 3\n> 4\n> 5)text(x)"},
    {"> 1\n> 2\n> 3\n> 4\n> 5\n", "quote(> 1\n> 2\n> 3\n> 4\n> 5)"},
    {"> 1\n> 2\n\n> 3\n> 4\n> 5\n\nx", "quote+(> 1\n> 2\n\n> 3\n> 4\n> 5)text(x)"},
    {"＞ 引用です\n本文", "quote(＞ 引用です)text(本文)"},
    {"a\n>From here on\nb", "text(a\n>From here on\nb)"},
    {"a\n> b\n>From c\nd", "text(a)quote(> b\n>From c)text(d)"},
    {"a\n-- \nme\n> not a quotation", "text(a)signature(-- \nme\n> not a quotation)"},
    {"a\n--\nme\n", "text(a)signature(--\nme)"},
    {"a\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n", "text(a\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13)"},
    {"a\n_______________________________________________\nlist mailing list\nlist@example.jp\n",
     "text(a)signature(_______________________________________________\nlist mailing list\nlist@example.jp)"},
    {"yes\n\n-----Original Message-----\nFrom: A\nTo: B\n\nold\ntext\n-- \nhers\n",
     "text(yes)quote+(-----Original Message-----\nFrom: A\nTo: B\n\nold\ntext\n-- \nhers)"},
    {"はい\n-----元のメッセージ-----\n差出人: 花子\n古い本文\n三行目\n四行目\n", "text(はい)quote+(-----元のメッセージ-----\n差出人: 花子\n古い本文\n三行目\n四行目)"},
    {"x\n-----Original Message-----\nFrom: A\n\n> old\nmy answer\n", "text(x)quote(-----Original Message-----\nFrom: A\n\n> old)text(my answer)"},
    {"ok\n\n________________________________\nFrom: A <a@b>\nSent: Monday\nTo: B\nSubject: s\n\nold\n",
     "text(ok)quote+(________________________________\nFrom: A <a@b>\nSent: Monday\nTo: B\nSubject: s\n\nold)"},
    {"ok\n*差出人:* A\n*送信日時:* 2020\n*件名:* s\n\nold\n", "text(ok)quote+(*差出人:* A\n*送信日時:* 2020\n*件名:* s\n\nold)"},
    {"From: here you see\nthe sea\n", "text(From: here you see\nthe sea)"},
    {"look\n---------- Forwarded message ---------\nFrom: A\nDate: Mon\nSubject: s\nTo: b\n\nnews\n",
     "text(look\n---------- Forwarded message ---------\nFrom: A\nDate: Mon\nSubject: s\nTo: b\n\nnews)"},
    {"a\n-- \nme\n-----Original Message-----\nFrom: x\n1\n2\n3", "text(a)signature(-- \nme)quote+(-----Original Message-----\nFrom: x\n1\n2\n3)"},
    {"a   b   c\nd   e   f\n", "text=(a   b   c\nd   e   f)"},
    {"a   b\nplain", "text(a   b\nplain)"},
    {"See:\n\na   b   c\nd   e   f\n\nThat is all,\nI think.\n\n\nBye\n", "text(See:)text=(a   b   c\nd   e   f)text(That is all,\nI think.\n\n\nBye)"},
    {"a   b\n\nplain\n\nc   d\n\ne   f", "text=(a   b)text(plain)text=(c   d\n\ne   f)"},
    {" \n\na   b\nc   d", "text=( \n\na   b\nc   d)"},
    {"What it does.\n\nindex 1\n@@ -1 +1 @@\n\n+new\n\n old\n-- \n2.30", "text(What it does.)text=(index 1\n@@ -1 +1 @@\n\n+new\n\n old)signature(-- \n2.30)"},
    {"x     Fri     Sat\ny       1       2\n", "text=(x     Fri     Sat\ny       1       2)"},
    {"口座　　3,000円\n郵便　　　500円\n", "text=(口座　　3,000円\n郵便　　　500円)"},
    {"　一つ目の段落。　次の文\n　二つ目\n     in\n     deep   \n", "text(　一つ目の段落。　次の文\n　二つ目\n     in\n     deep   )"},
    {"diff --git a b\n", "text=(diff --git a b)"},
    {"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhello\n- --x\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\nafter\n",
     "text(hello\n--x)armor(-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----)text(after)"},
    {"see\n-----BEGIN PGP MESSAGE-----\nxyz\n", "text(see)armor(-----BEGIN PGP MESSAGE-----\nxyz)"},
};

static void
add_blocks(struct str *out, const struct view_block *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        str_addf(out, "%s%s%s(%s)", view_kind_name(blocks[i].kind), blocks[i].is_folded ? "+" : "", blocks[i].is_fixed ? "=" : "",
                 blocks[i].text);
}

static void
texts_fall_into_blocks(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(splits); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct str *out = str_new(ctx);
        size_t count;
        struct view_block *blocks = view_split(ctx, splits[i].in, &count);

        add_blocks(out, blocks, count);
        if (!str_eq(out->s, splits[i].out))
            fail_msg("row %zu: %s", i, out->s);
        talloc_free(ctx);
    }
}

/* ---- HTML ---- */

static const struct lang *english;

/* As a guest and as a member get it, without the element around it. */
static const struct { const char *in, *guest, *member; } pages[] = {
    {"a & <b>\n\"c\" 'd'", "a &amp; &lt;b&gt;<br>&quot;c&quot; &#39;d&#39;", NULL},
    {"see https://example.jp/a?b=1&c=d.", "see <a href=\"https://example.jp/a?b=1&amp;c=d\" rel=\"nofollow noopener\">https://example.jp/a?b=1&amp;c=d</a>.", NULL},
    {"見てhttps://example.jp/練習、と", "見て<a href=\"https://example.jp/\" rel=\"nofollow noopener\">https://example.jp/</a>練習、と", NULL},
    {"(http://a.example/x)", "(<a href=\"http://a.example/x\" rel=\"nofollow noopener\">http://a.example/x</a>)", NULL},
    {"(http://a.example/x_(y)).", "(<a href=\"http://a.example/x_(y)\" rel=\"nofollow noopener\">http://a.example/x_(y)</a>).", NULL},
    {"http:// https://, javascript:alert(1)", "http:// https://, javascript:alert(1)", NULL},
    {"http://a.example/\"onclick", "<a href=\"http://a.example/\" rel=\"nofollow noopener\">http://a.example/</a>&quot;onclick", NULL},
    {"http://a.example/<b>", "<a href=\"http://a.example/\" rel=\"nofollow noopener\">http://a.example/</a>&lt;b&gt;", NULL},
    {"www.example.jp, awww.b.c www.", "<a href=\"http://www.example.jp\" rel=\"nofollow noopener\">www.example.jp</a>, awww.b.c www.", NULL},
    {"Hana <hana+x@example.jp>, you", "Hana &lt;hana+x@…&gt;, you", "Hana &lt;<a href=\"mailto:hana+x@example.jp\">hana+x@example.jp</a>&gt;, you"},
    {"'a&b'@example.jp", "&#39;a&amp;b&#39;@…", "&#39;a&amp;b&#39;@example.jp"},
    {"x@host", "x@…", "x@host"},
    {"漢字@example.jp", "漢字@…", "漢字@example.jp"},
    {"hana@例え.jp", "hana@…", "hana@例え.jp"},
    {"こちらhana@example.jpです", "こちらhana@…です", "こちら<a href=\"mailto:hana@example.jp\">hana@example.jp</a>です"},
    {"@home x@ @", "@home x@ @", "@home x@ @"},
    {"http://a.example/?to=hana@example.jp&x", "<a href=\"http://a.example/?to=hana@…&amp;x\" rel=\"nofollow noopener\">http://a.example/?to=hana@…&amp;x</a>",
     "<a href=\"http://a.example/?to=hana@example.jp&amp;x\" rel=\"nofollow noopener\">http://a.example/?to=hana@example.jp&amp;x</a>"},
    {"http://a.example/?to=hana%40example.jp", "<a href=\"http://a.example/?to=hana%40…\" rel=\"nofollow noopener\">http://a.example/?to=hana%40…</a>",
     "<a href=\"http://a.example/?to=hana%40example.jp\" rel=\"nofollow noopener\">http://a.example/?to=hana%40example.jp</a>"},
    {"http://a.example/@hana/1", "<a href=\"http://a.example/@hana/1\" rel=\"nofollow noopener\">http://a.example/@hana/1</a>", NULL},
};

static const char *
printed(TALLOC_CTX *ctx, const char *fragment, bool hide)
{
    struct str *out = str_new(ctx);

    view_print(out, fragment, english, hide);
    return out->s;
}

static void
texts_become_html(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *fragment = view_html_text(ctx, pages[i].in);
        const char *guest = printed(ctx, fragment, true), *member = printed(ctx, fragment, false);

        if (!str_eq(guest, mem_printf(ctx, "<div class=\"text\">%s</div>\n", pages[i].guest)))
            fail_msg("row %zu: %s", i, guest);
        if (!str_eq(member, mem_printf(ctx, "<div class=\"text\">%s</div>\n", pages[i].member != NULL ? pages[i].member : pages[i].guest)))
            fail_msg("row %zu, member: %s", i, member);
        talloc_free(ctx);
    }
}

static void
blocks_become_html(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_string_equal(printed(ctx, view_html_text(ctx, "a\n> b\n-- \nc"), true),
                        "<div class=\"text\">a</div>\n<div class=\"quote\"><div class=\"text\">&gt; b</div></div>\n"
                        "<div class=\"text muted small\">-- <br>c</div>\n");
    assert_string_equal(printed(ctx, view_html_text(ctx, "> 1\n> 2\n> 3\n> 4\n> 5\nx"), true),
                        "<details class=\"quote\"><summary>5 quoted lines</summary><div class=\"text\">&gt; 1<br>&gt; 2<br>&gt; 3<br>&gt; 4<br>&gt; 5"
                        "</div></details>\n<div class=\"text\">x</div>\n");
    talloc_free(ctx);
}

static void
html_ends_where_it_must(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct message *message = message_parse(ctx, blob_of("Subject: a\r\n\r\none\r\ntwo\r\n> three\r\n"));
    struct view *view = view_of(ctx, message, 1000);
    bool is_cut;

    (void)state;
    assert_string_equal(view_html(ctx, view, 1000, &is_cut), "<div class=\"text\">one<br>two</div>\n<div class=\"quote\"><div class=\"text\">&gt; three</div></div>\n");
    assert_false(is_cut);
    assert_string_equal(view_html(ctx, view, 5, &is_cut), "<div class=\"text\">one</div>\n");
    assert_true(is_cut);
    view = view_of(ctx, message, 5);
    assert_true(view->is_cut);
    assert_string_equal(view->text, "one\nt");
    talloc_free(ctx);
}

/* ---- Markdown ---- */

/* As guests get it; as members do where that is not the same. */
static const struct { const char *in, *guest, *member; } markdown[] = {
    {"# One\n\ntwo\nthree *four* __five__ `six`\n### Seven", "<h3>One</h3><p>two three <em>four</em> <strong>five</strong> <code>six</code></p><p><strong>Seven</strong></p>", NULL},
    {"- a\n- b\n  1. c\n\n     d\n\n3. e\n4. f", "<ul><li>a</li><li>b<ol><li><p>c</p><p>d</p></li></ol></li></ul><ol start=\"3\"><li>e</li><li>f</li></ol>", NULL},
    {"a  \nb\n\n---\n\n```c\nint *a;\n\n  b\n```", "<p>a<br>b</p><hr><div class=\"text fixed\" tabindex=\"0\">int *a;<br><br>  b</div>", NULL},
    {"日本語の\n文章と\n*強調*と\nABC\nです", "<p>日本語の文章と<em>強調</em>と ABC です</p>", NULL},
    {"[a *b*](https://a.example/?x&y \"t\") http://b.example/x_y_z <http://c.example>", "<p><a href=\"https://a.example/?x&amp;y\" rel=\"nofollow noopener\">a <em>b</em></a> "
     "<a href=\"http://b.example/x_y_z\" rel=\"nofollow noopener\">http://b.example/x_y_z</a> "
     "<a href=\"http://c.example\" rel=\"nofollow noopener\">http://c.example</a></p>", NULL},
    {"![see](http://a.example/track.gif) ![](http://a.example/2) [![in](http://a.example/3)](http://a.example/4)",
     "<p><a href=\"http://a.example/track.gif\" rel=\"nofollow noopener\">see</a> <a href=\"http://a.example/2\" rel=\"nofollow noopener\">http://a.example/2</a> "
     "<a href=\"http://a.example/4\" rel=\"nofollow noopener\">in</a></p>", NULL},
    {"[a](javascript:alert(1)) [b](JaVa&#9;Script:x) [c](data:text/html,x) [d](vbscript:x) [e](//f.example/) <javascript:x>",
     "<p>a b c d e javascript:x</p>", NULL},
    {"[a](http://b.example/\"onclick=\"x) [a](<http://b.example/ onclick=x>)", "<p><a href=\"http://b.example/&quot;onclick=&quot;x\" rel=\"nofollow noopener\">a</a> "
     "<a href=\"http://b.example/%20onclick=x\" rel=\"nofollow noopener\">a</a></p>", NULL},
    {"<script>alert(1)</script>\n\n<b onmouseover=x>y</b> &lt;i&gt; &#60;u>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p><p>&lt;b onmouseover=x&gt;y&lt;/b&gt; &lt;i&gt; &lt;u&gt;</p>", NULL},
    {"&#1;5&#2; &#3;a&#4;b&#5; &#x6;attached&#2; &#14;x&#15; [a](http://b.example/&#14;x&#15;)", "<p>5 ab attached x <a href=\"http://b.example/x\" rel=\"nofollow noopener\">a</a></p>", NULL},
    {"hana@example.jp <hana@example.jp>", "<p>hana@… hana@…</p>", "<p><a href=\"mailto:hana@example.jp\">hana@example.jp</a> <a href=\"mailto:hana@example.jp\">hana@example.jp</a></p>"},
    {"hana@*example*.jp `hana`@example.jp hana*@*example.jp *hana*&#64;example.jp", "<p>hana@<em>…</em>… <code>hana</code>@… hana*@*example.jp <em>hana</em>@…</p>",
     "<p>hana@<em>example</em>.jp <code>hana</code>@example.jp hana*@*example.jp <em>hana</em>@example.jp</p>"},
    {"[hana@example.jp](http://a.example/?hana@example.jp) `hana@example.jp`\n\n    hana@example.jp", "<p><a href=\"http://a.example/?hana@…\" rel=\"nofollow noopener\">hana@…</a> <code>hana@…</code></p>"
     "<div class=\"text fixed\" tabindex=\"0\">hana@…</div>", "<p><a href=\"http://a.example/?hana@example.jp\" rel=\"nofollow noopener\">hana@example.jp</a> <code>hana@example.jp</code></p>"
     "<div class=\"text fixed\" tabindex=\"0\">hana@example.jp</div>"},
    {"<p>hana@example.jp</p>", "<p>&lt;p&gt;hana@…&lt;/p&gt;</p>", "<p>&lt;p&gt;<a href=\"mailto:hana@example.jp\">hana@example.jp</a>&lt;/p&gt;</p>"},
    {"https://lists.example.jp/u&#47;ABCDEFGHIJKLMNOPQRSTUVWXYZ", "<p><a href=\"https://lists.example.jp/u/xxxxxxxxxxxxxxxxxxxxxxxxxx\" rel=\"nofollow noopener\">"
     "https://lists.example.jp/u/xxxxxxxxxxxxxxxxxxxxxxxxxx</a></p>", NULL},
};

static const char *
as_markdown(TALLOC_CTX *ctx, const char *text, bool hide)
{
    struct str *mail = str_new(ctx);

    str_addf(mail, "Content-Type: text/plain; charset=utf-8\r\n\r\n%s", text);
    return printed(ctx, view_html(ctx, view_as(ctx, message_parse(ctx, str_blob(mail)), 1 << 20, true), 1 << 20, NULL), hide);
}

static void
markdown_becomes_html(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(markdown); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        const char *guest = as_markdown(ctx, markdown[i].in, true), *member = as_markdown(ctx, markdown[i].in, false);

        if (!str_eq(guest, mem_printf(ctx, "<div class=\"text\">%s</div>\n", markdown[i].guest)))
            fail_msg("row %zu: %s", i, guest);
        if (!str_eq(member, mem_printf(ctx, "<div class=\"text\">%s</div>\n", markdown[i].member != NULL ? markdown[i].member : markdown[i].guest)))
            fail_msg("row %zu, member: %s", i, member);
        talloc_free(ctx);
    }
}

/* Only what somebody wrote in plain text; code may look like a quotation; a patch is none of it. */
static void
markdown_is_for_own_words(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_string_equal(as_markdown(ctx, "*a*\n> *b*\n\n*c*\n-- \n*me*\n", true),
                        "<div class=\"text\"><p><em>a</em></p></div>\n<div class=\"quote\"><div class=\"text\">&gt; *b*</div></div>\n"
                        "<div class=\"text\"><p><em>c</em></p></div>\n<div class=\"text muted small\">-- <br>*me*</div>\n");
    assert_string_equal(as_markdown(ctx, "```\n> a\n-- \nb\n```\n> c\n```\n> d", true),
                        "<div class=\"text\"><div class=\"text fixed\" tabindex=\"0\">&gt; a<br>-- <br>b</div></div>\n"
                        "<div class=\"quote\"><div class=\"text\">&gt; c</div></div>\n<div class=\"text\"><div class=\"text fixed\" tabindex=\"0\"></div></div>\n"
                        "<div class=\"quote\"><div class=\"text\">&gt; d</div></div>\n");
    assert_string_equal(as_markdown(ctx, "@@ -1 +1 @@\n*a*", true), "<div class=\"text fixed\" tabindex=\"0\">@@ -1 +1 @@<br>*a*</div>\n");
    assert_non_null(strstr(printed(ctx, view_html(ctx, view_as(ctx, message_parse(ctx, blob_of("Content-Type: text/html\r\n\r\n<p>*a*")), 1000, true), 1000, NULL), true), "*a*"));
    talloc_free(ctx);
}

/* Texts that are costly for those who read Markdown carelessly. */
static void
markdown_stays_within_bounds(void **state)
{
    static const char *const pieces[] = {"> ", "- ", "* ", "1. ", "[", "![", "![[]()", "[a](", "*a ", "_a_", "**a __b ", "`", "```\n", "<!--", "<![CDATA[", "<?", "<a ", "&#", "a@*",
                                         "[a]: b\n", "[a]", "\\", "    ", "> - ", "a\n=\n", "<x y='", "&lt;", "*_", "`a", "\t- "};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct str *text = str_new(ctx);

        while (text->len + strlen(pieces[i]) <= MARKDOWN_MOST)
            str_add(text, pieces[i]);
        assert_in_range(strlen(as_markdown(ctx, text->s, true)), 0, 40 * MARKDOWN_MOST);
        str_add(text, "too much then");
        assert_non_null(strstr(as_markdown(ctx, text->s, true), "too much then"));
        talloc_free(ctx);
    }
}

/* ---- messages ---- */

static void
describe(struct str *out, const struct view *view)
{
    add_blocks(out, view->blocks, view->block_count);
    if (view->language != NULL)
        str_addf(out, " lang=%s", view->language);
    if (view->reaction != NULL)
        str_addf(out, " reaction=%s", view->reaction);
    if (view->is_signed)
        str_add(out, " signed");
    if (view->sealed != NULL)
        str_addf(out, " sealed=%s", view->sealed);
    for (size_t i = 0; i < view->part_count; i++) {
        const struct view_part *part = &view->parts[i];

        str_addf(out, " [%s \"%s\" %s", view_part_kind_name(part->kind), part->name, part->type);
        if (part->summary != NULL)
            str_addf(out, " %s", part->summary);
        if (part->inner != NULL) {
            str_add(out, ": ");
            describe(out, part->inner);
        }
        str_add(out, "]");
    }
    for (int fault = 0; fault < VIEW_FAULT_COUNT; fault++)
        if ((view->faults & 1u << fault) != 0)
            str_addf(out, " !%s", view_fault_name(fault));
}

#define MIXED "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
#define PART(type, body) "--b\r\nContent-Type: " type "\r\n\r\n" body "\r\n"
#define FILE_PART(name, body) "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"" name "\"\r\n\r\n" body "\r\n"
#define END "--b--\r\n"
/* In an S/MIME envelope: "I signed this." and a file; with lengths, without them, and locked. */
#define SIGNED_HEAD(name) "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=" name "\r\nContent-Transfer-Encoding: base64\r\n\r\n"
#define SIGNED_STREAM \
    "MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgASBwENv\r\n" \
    "bnRlbnQtVHlwZTogbXVsdGlwYXJ0L21peGVkOyBib3VuZGFyeT1pDQoNCi0taQ0KQ29udGVudC1U\r\n" \
    "eXBlOiB0ZXh0L3BsYWluDQoNCkkgc2lnbmVkIHRoaXMuDQotLWkNCkNvbnRlbnQtVHlwZTogdGV4\r\n" \
    "dC9wbGFpbg0KQ29udGVudC1EaXNwb3NpdGlvbjogYXR0YWNobWVudDsgZmlsZW5hbWU9ImEudHh0\r\n" \
    "Ig0KDQppbiBpdA0KLS1pLS0NCgAAAAAAADGBjzCBjAIBATAkMAwxCjAIBgNVBAMMAXQCFFLvKZY2\r\n" \
    "48w6x5skn1z7idumNXb8MAsGCWCGSAFlAwQCATAKBggqhkjOPQQDAgRIMEYCIQDDGVvQfJFgr3LL\r\n" \
    "YfpJuakC7XeC4Q/6digHztN2ZALivQIhAMNl8yH5qbUeBPd0JbtrpMHxR/doWith3QYt4xie52zQ\r\n" \
    "AAAAAAAA\r\n"
#define LOCKED \
    "MIICSQYJKoZIhvcNAQcDoIICOjCCAjYCAQAxggFAMIIBPAIBADAkMAwxCjAIBgNVBAMMAXQCFAQZ\r\n" \
    "G+KGq9H0yW+bJFpyBqQnN+0pMA0GCSqGSIb3DQEBAQUABIIBAL9dyoDqmyzGXUi0vIIfh4sOzR0Z\r\n" \
    "6kwlqr2P9KbE7S+cZ3nGC9w06P/QaLtzlL4kyNkXf+JjxWTdeML62W8vP6odal+r5fSYIYNR9heb\r\n" \
    "jWmOR1UTDtoGfrnaAISsMX3brN1Fd2ml9qryRT71lcjF6TMpuZun0eUxChyDM5HbWkUGbE2rhFzO\r\n" \
    "LV8abUJx1npnxAzVhc4+Ir1dqdoWXZh9MzhqOQQT+bj4vEtgngDdzhP17xktf3UHC+gEzqJVYOga\r\n" \
    "w/y9TWtUFPo+wTocFcOA8S0z3kmMFtr1sK3r5JBRmp9EzDL05Ub7gdwSxYrh0FjtoZajkH2jihgv\r\n" \
    "HF5o0347sgAwgewGCSqGSIb3DQEHATAUBggqhkiG9w0DBwQImVnY4sXFzViAgch2ZfsvxAqegZ9j\r\n" \
    "/hTorvAdncJUPCm3a+Wjjl/7krA9KXvv956YJVXw8w7LzfRJQfIGrTH5JnSVaJYFMe01qbv5avTb\r\n" \
    "RppxPRqNG7CtT81cwwwHPfuhflghUb3HnLRzhfLVrXc+VxbvZ4irHwx1Z7jTitubz9fVGp9kCC0+\r\n" \
    "ofUe5nFaNPzZca6rN/okPHxU2F8KNU8YSFOLqyxk5h0QqDPIu+kSnHc2u0aAiEiGrdb4JE6e/Le1\r\n" \
    "MSZqp4ZQOxMIsFdeBDGhwjpI8Q==\r\n"
#define INNER_MIXED "Content-Type: multipart/mixed; boundary=c\r\n\r\n"
#define INNER_FILE(name) "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=" name "\r\n\r\n"
#define FORWARDED(body) "Content-Type: message/rfc822\r\n\r\n" body

static const struct { const char *message, *view; } messages[] = {
    {"Subject: a\r\n\r\nHello\r\n", "text(Hello)"},
    {"", ""},
    /* honest types, safe names */
    {MIXED FILE_PART("a.txt", "%PDF-1.4") END, " [file \"a.txt\" application/pdf]"},
    {MIXED FILE_PART("x.jpg", "GIF89a....") END, " [image \"x.jpg\" image/gif]"},
    {MIXED PART("image/png; name=x.png", "<script>alert(1)</script>") END, " [file \"x.png\" text/html]"},
    {MIXED PART("image/png; name=x.png", "no picture") END, " [file \"x.png\" application/octet-stream]"},
    {MIXED PART("image/svg+xml; name=x.svg", "<svg/>") END, " [file \"x.svg\" image/svg+xml]"},
    {MIXED FILE_PART("readme.txt", "MZ is how it begins") END, " [file \"readme.txt\" text/plain]"},
    {MIXED FILE_PART("report.docx", "PK\003\004....") END, " [file \"report.docx\" application/vnd.openxmlformats-officedocument.wordprocessingml.document]"},
    {MIXED FILE_PART("=?utf-8?Q?a=E2=80=AEgpj.exe?=", "x") END, " [file \"agpj.exe\" application/octet-stream]"},
    {MIXED FILE_PART("..\\\\..\\\\evil.txt", "x") END, " [file \"evil.txt\" text/plain]"},
    {MIXED FILE_PART(".htaccess", "x") END, " [file \"_htaccess\" application/octet-stream]"},
    {MIXED "--b\r\nContent-Disposition: attachment;\r\n filename*=utf-8''%2e%2e%2fa%0d%0ab\r\n\r\nx\r\n" END, " [file \"a b\" text/plain]"},
    /* forwarded messages */
    {MIXED PART("text/plain", "look") PART("message/rfc822", "Subject: in\r\n\r\nInner text") END,
     "text(look) [message \"\" message/rfc822 in: text(Inner text)]"},
    {MIXED PART("text/plain", "look") "--b\r\n" FORWARDED("Subject: in\r\n" INNER_MIXED "--c\r\n\r\nInner\r\n--c\r\n" FORWARDED(INNER_FILE("x.bin") "zz") "\r\n--c\r\n"
     INNER_FILE("y.txt") "yy\r\n--c--\r\n") END,
     "text(look) [message \"\" message/rfc822 in: text(Inner) [message \"\" message/rfc822:  [file \"x.bin\" application/octet-stream]]"
     " [file \"y.txt\" text/plain]] [file \"x.bin\" application/octet-stream] [file \"y.txt\" text/plain]"},
    {FORWARDED(FORWARDED(FORWARDED(FORWARDED("Subject: x\r\n\r\ndeep")))),
     " [message \"\" message/rfc822:  [message \"\" message/rfc822:  [message \"\" message/rfc822:  [message \"\" message/rfc822] !deep]]]"},
    {MIXED "--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogeA0KDQpoaQ==\r\n" END,
     " [message \"\" message/rfc822 x: text(hi)]"},
    /* invitations */
    {"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Meet\\, all\r\n"
     "DTSTART:20261121T010000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", " [calendar \"\" text/calendar Meet, all]"},
    {"Content-Type: text/calendar\r\n\r\nnonsense\r\n", " [calendar \"\" text/calendar] !calendar"},
    {MIXED FILE_PART("meet.ics", "BEGIN:VEVENT\r\nSUMMARY:x") END, " [calendar \"meet.ics\" text/calendar x]"},
    /* reactions */
    {"Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: reaction\r\n\r\n👍\r\n", "text(👍) reaction=👍"},
    {"Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: reaction\r\n\r\n了解\r\n", "text(了解)"},
    {"Content-Type: text/plain\r\nContent-Disposition: reaction\r\n\r\nlike\r\n", "text(like)"},
    {"Content-Type: multipart/alternative; boundary=b\r\n\r\n" PART("text/plain", "A reacted")
     PART("text/vnd.google.email-reaction+json", "{\"version\": 1, \"emoji\": \"\\ud83d\\udc4d\"}") END, "text(A reacted) reaction=👍"},
    {MIXED PART("text/plain", "long talk") "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: reaction\r\n\r\n👍\r\n" PART("text/plain", "more") END,
     "text(long talk)text(👍)text(more)"},
    /* sealed */
    {"Content-Type: multipart/encrypted; boundary=b\r\n\r\n" PART("application/pgp-encrypted", "Version: 1") PART("application/octet-stream", "-----BEGIN PGP MESSAGE-----") END,
     " sealed=pgp [sealed \"\" application/pgp-encrypted] [sealed \"\" application/octet-stream]"},
    {"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\nxx\r\n", " sealed=smime [sealed \"smime.p7m\" application/pkcs7-mime]"},
    {SIGNED_HEAD("smime.p7m") SIGNED, "text(I signed this.) signed [sealed \"smime.p7m\" application/pkcs7-mime] [file \"a.txt\" text/plain]"},
    {SIGNED_HEAD("x") SIGNED_STREAM, "text(I signed this.) signed [sealed \"x\" application/pkcs7-mime] [file \"a.txt\" text/plain]"},
    {MIXED "--b\r\nContent-Type: application/octet-stream; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n" SIGNED PART("text/plain", "footer") END,
     "text(I signed this.)text(footer) signed [sealed \"smime.p7m\" application/octet-stream] [file \"a.txt\" text/plain]"},
    {SIGNED_HEAD("smime.p7m") LOCKED, " sealed=smime [sealed \"smime.p7m\" application/pkcs7-mime]"},
    {SIGNED_HEAD("smime.p7m") "MIIBiwYJKoZIhvcNAQcCoIIBfDCCAXgCAQExDTALBglghkgBZQMEAgEwgdEG\r\n", " sealed=smime [sealed \"smime.p7m\" application/pkcs7-mime]"},
    {"Content-Type: multipart/signed; boundary=b\r\n\r\n" PART("text/plain", "hi") PART("application/pgp-signature", "x") END,
     "text(hi) [sealed \"\" application/pgp-signature]"},
    /* files inside text */
    {"\r\nsee\r\nbegin 644 a.txt\r\n#86)C\r\n`\r\nend\r\nafter\r\n", "text(see\nafter) [file \"a.txt\" text/plain]"},
    {"\r\nbegin 644 a.txt\r\nno data at all\r\nend\r\n", "text(begin 644 a.txt\nno data at all\nend)"},
    /* damage */
    {MIXED PART("text/plain", "one"), "text(one) !unended"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\nnothing\r\n", "text(nothing) !boundary"},
    {"Content-Type: text/plain; charset=utf-8\r\n\r\na\xff\xfe b\r\n", "text(a\ufffd\ufffd b) !letters"},
    {"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$BF|K\r\n", "text(日\ufffd) !letters"},
    {"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n___ !!\r\n", "text(hello) !encoding"},
    {"Subject: x\r\nno colon here\r\nTo: y\r\n\r\nhi\r\n", "text(hi) !header"},
    /* languages */
    {"\r\nこれは日本語です\r\n", "text(これは日本語です) lang=ja"},
    {"\r\n\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4\r\n", "text(한국어) lang=ko"},
    {"\r\n这是一封用中文写的信请看\r\n", "text(这是一封用中文写的信请看) lang=zh"},
    {"\r\nПривет всем\r\n", "text(Привет всем) lang=ru"},
    {"\r\nΚαλημέρα\r\n", "text(Καλημέρα) lang=el"},
    {"\r\nThis is the day that you and I have waited for.\r\n", "text(This is the day that you and I have waited for.) lang=en"},
    {"\r\nDas ist nicht der Tag und die Stunde.\r\n", "text(Das ist nicht der Tag und die Stunde.) lang=de"},
    {"\r\nok\r\n> これは引用\r\n", "text(ok)quote(> これは引用)"},
    /* secrets of ours */
    {"\r\nhttp://x/u/abcdefghijklmnopqrstuvwxyz\r\n", "text(http://x/u/xxxxxxxxxxxxxxxxxxxxxxxxxx)"},
};

static void
messages_become_views(void **state)
{
    int missed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(messages); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct str *out = str_new(ctx);

        describe(out, view_of(ctx, message_parse(ctx, blob_of(messages[i].message)), 10000));
        if (!str_eq(out->s, messages[i].view)) {
            print_message("row %zu: \"%s\"\n", i, out->s);
            missed++;
        }
        talloc_free(ctx);
    }
    assert_int_equal(missed, 0);
}

/* Files inside a forwarded message and inside an S/MIME envelope can be had by their numbers, and it is said that nobody checked. */
static void
files_inside_can_be_had(void **state)
{
    static const struct { const char *mail, *name, *bytes; } rows[] = {
        {MIXED "--b\r\n" FORWARDED(INNER_MIXED "--c\r\n" INNER_FILE("y.txt") "yy\r\n--c--\r\n") END, "y.txt", "yy"},
        {SIGNED_HEAD("smime.p7m") SIGNED, "a.txt", "in it"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct message *message = message_parse(ctx, blob_of(rows[i].mail));
        struct view *view = view_of(ctx, message, 1000);
        const struct view_part *last = &view->parts[view->part_count - 1];
        struct blob data = view_part_data(ctx, message, last->part);

        assert_string_equal(last->name, rows[i].name);
        assert_int_equal(data.len, strlen(rows[i].bytes));
        assert_memory_equal(data.data, rows[i].bytes, data.len);
        assert_int_equal(strstr(printed(ctx, view_html(ctx, view, 10000, NULL), true), "the signature was not checked") != NULL, i == 1);
        assert_string_equal(message_text(ctx, message, 100), i == 1 ? "I signed this." : "");
        talloc_free(ctx);
    }
}

static void
an_invitation_says_what_when_where_and_who(void **state)
{
    static const char mail[] =
        "Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n"
        "BEGIN:VTIMEZONE\r\nTZID:Tokyo\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
        "BEGIN:VEVENT\r\nSUMMARY;LANGUAGE=ja:練習\xe3\r\n \x81\xae日\r\nDTSTART;TZID=Asia/Tokyo:20261121T100000\r\nDTEND;TZID=Asia/Tokyo:20261121T123000\r\n"
        "LOCATION:公民館\\, 2階\r\nORGANIZER;CN=\"花子: 長\":MAILTO:hana@example.jp\r\nATTENDEE;CN=太郎;RSVP=TRUE:mailto:taro@example.jp\r\n"
        "RRULE:FREQ=WEEKLY\r\nBEGIN:VALARM\r\nSUMMARY:not this\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct view *view = view_of(ctx, message_parse(ctx, blob_of(mail)), 10000);

    (void)state;
    assert_string_equal(printed(ctx, view_html(ctx, view, 10000, NULL), true),
                        "<dl class=\"facts\"><dt>Invitation</dt><dd><bdi>練習の日</bdi></dd>"
                        "<dt>When</dt><dd>2026-11-21 10:00 – 12:30 (Asia/Tokyo), again and again</dd>"
                        "<dt>Where</dt><dd><bdi>公民館, 2階</bdi></dd><dt>Asked by</dt><dd><bdi>花子: 長 &lt;hana@…&gt;</bdi></dd>"
                        "<dt>Asked</dt><dd><bdi>太郎 &lt;taro@…&gt;</bdi></dd></dl>\n");
    talloc_free(ctx);
}

/* ---- winmail.dat ---- */

static void
add_number(struct str *out, uint32_t number, size_t len)
{
    for (; len > 0; len--, number >>= 8)
        str_addc(out, (char)(number & 0xff));
}

static void
add_attribute(struct str *out, uint8_t level, uint32_t id, const void *data, size_t len)
{
    add_number(out, level, 1);
    add_number(out, id, 4);
    add_number(out, (uint32_t)len, 4);
    str_addn(out, data, len);
    add_number(out, 0, 2);
}

/* A long name in UTF-16, as Outlook gives it. */
static void
add_long_name(struct str *out)
{
    struct str *properties = str_new(out);

    add_number(properties, 1, 4);
    add_number(properties, 0x3707001f, 4);
    add_number(properties, 1, 4);
    add_number(properties, 12, 4);
    str_addn(properties, "\x30\x57\xf3\x56.\0p\0n\0g\0", 12);
    add_attribute(out, 2, 0x00069005, properties->s, properties->len);
}

static void
winmail_is_unpacked(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *tnef = str_new(ctx), *mail = str_new(ctx), *got = str_new(ctx);
    struct message *message;
    struct view *view;

    (void)state;
    add_number(tnef, 0x223e9f78, 4);
    add_number(tnef, 1, 2);
    add_attribute(tnef, 1, 0x00069007, "\xa4\x03\0\0\0\0\0\0", 8);
    add_attribute(tnef, 1, 0x0002800c, "\x93\xfa\x96\x7b\x8c\xea\x82\xcc", 8);
    add_attribute(tnef, 2, 0x00069002, "\0\0", 2);
    add_attribute(tnef, 2, 0x00018010, "short.png", 10);
    add_attribute(tnef, 2, 0x0006800f, "\x89PNG\r\n\x1a\n....", 12);
    add_long_name(tnef);
    add_attribute(tnef, 2, 0x00069002, "\0\0", 2);
    add_attribute(tnef, 2, 0x00018010, "\x96\x7b.txt", 7);
    add_attribute(tnef, 2, 0x0006800f, "hello", 5);
    str_add(mail, "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: binary\r\n\r\n");
    str_addn(mail, tnef->s, tnef->len);
    message = message_parse(ctx, str_blob(mail));
    view = view_of(ctx, message, 1000);
    describe(got, view);
    assert_string_equal(got->s, "text(日本語の) lang=ja [image \"地図.png\" image/png] [file \"本.txt\" text/plain]");
    assert_memory_equal(view_part_data(ctx, message, view->parts[1].part).data, "hello", 5);
    str_addn(mail, "\x02\0\0", 3);
    str_clear(got);
    describe(got, view_of(ctx, message_parse(ctx, str_blob(mail)), 1000));
    assert_string_equal(got->s, "text(日本語の) lang=ja [image \"地図.png\" image/png] [file \"本.txt\" text/plain] !packed");
    talloc_free(ctx);
}

/* A link that goes on behind where a text is cut is none, and neither is what begins within it. */
static void
cut_links_are_text(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *mail = str_new(ctx);
    char *html;
    bool is_cut;

    (void)state;
    str_add(mail, "Content-Type: text/plain\r\n\r\nhttp://a.example/ ");
    for (int i = 0; i < 100 * 1000; i++)
        str_add(mail, "http://a");
    html = view_html(ctx, view_of(ctx, message_parse(ctx, str_blob(mail)), 1 << 20), 100 * 1000, &is_cut);
    assert_true(is_cut);
    assert_non_null(strstr(html, "<a href=\"http://a.example/\""));
    assert_null(strstr(strstr(html, "</a>"), "<a "));
    talloc_free(ctx);
}

/* ---- monsters: whatever comes, what is kept is small ---- */

static void
monsters_stay_within_bounds(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *parts = str_new(ctx), *text = str_new(ctx), *deep = str_new(ctx), *marks = str_new(ctx);
    struct blob mails[4];

    (void)state;
    str_add(parts, MIXED);
    for (int i = 0; i < 100000; i++)
        str_add(parts, FILE_PART("a", "x"));
    str_add(text, "\r\n");
    while (text->len < 20 << 20)
        str_add(text, "-- \r\n> hana@example.jp http://a.example/(((\r\n--\r\nFrom: begin 644 x\r\n");
    for (int i = 0; i < 1000; i++)
        str_add(deep, "Content-Type: message/rfc822\r\n\r\n");
    str_add(marks, "\r\nhttp://a.example/");
    for (int i = 0; i < 2000000; i++)
        str_add(marks, ")");
    mails[0] = str_blob(parts);
    mails[1] = str_blob(text);
    mails[2] = str_blob(deep);
    mails[3] = str_blob(marks);
    for (size_t i = 0; i < COUNT_OF(mails); i++) {
        TALLOC_CTX *scratch = talloc_new(ctx);
        struct view *view = view_of(ctx, message_parse(scratch, mails[i]), 1 << 20);
        char *html = view_html(scratch, view, VIEW_HTML_MOST, NULL);

        talloc_steal(scratch, view);
        assert_true(view->part_count <= VIEW_PARTS_MAX);
        assert_true(strlen(view->text) <= 1 << 20);
        assert_true(talloc_total_size(view) < 64 << 20);
        assert_true(strlen(html) <= 8 * VIEW_HTML_MOST);
        assert_true(view->faults != 0 || view->is_cut);
        talloc_free(scratch);
    }
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_fall_into_blocks), cmocka_unit_test(texts_become_html), cmocka_unit_test(blocks_become_html),
        cmocka_unit_test(markdown_becomes_html), cmocka_unit_test(markdown_is_for_own_words), cmocka_unit_test(markdown_stays_within_bounds),
        cmocka_unit_test(html_ends_where_it_must), cmocka_unit_test(messages_become_views),
        cmocka_unit_test(files_inside_can_be_had), cmocka_unit_test(an_invitation_says_what_when_where_and_who), cmocka_unit_test(winmail_is_unpacked), cmocka_unit_test(cut_links_are_text),
        cmocka_unit_test(monsters_stay_within_bounds),
    };

    mem_init();
    english = i18n_nth(i18n_open(NULL, "po"), 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

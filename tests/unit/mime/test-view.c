/* test-view.c - a message as people read it: blocks, attachments, what is more than a text, what is broken */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/view-html.h"
#include "mime/view-print.h"
#include "util/str.h"

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

    view_print(out, fragment, i18n_nth(i18n_open(ctx, "po"), 0), hide);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_fall_into_blocks), cmocka_unit_test(texts_become_html), cmocka_unit_test(blocks_become_html),
        cmocka_unit_test(html_ends_where_it_must),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

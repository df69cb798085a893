/* test-part.c - trees of parts, their ranges, their text */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/part.h"
#include "util/str.h"

/* A tree is written "type(child child)"; a leaf with its raw body in brackets. */
static const struct { const char *message, *tree; } trees[] = {
    {"", "text/plain[]"},
    {"Subject: a\r\n\r\nbody\r\n", "text/plain[body\r\n]"},
    {"no header\r\n", "text/plain[no header\r\n]"},
    {"Content-Type: nonsense\r\n\r\nx", "text/plain[x]"},
    {"Content-Type: TEXT / HTML\r\n\r\nx", "text/html[x]"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\npre\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: text/html\r\n\r\ntwo\r\n--b--\r\nepi\r\n",
     "multipart/mixed(text/plain[one] text/html[two])"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b  \r\n\r\none\r\n--b-- \r\n", "multipart/mixed(text/plain[one])"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none", "multipart/mixed(text/plain[one])"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n--b\r\n\r\n--b--", "multipart/mixed(text/plain[] text/plain[])"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nno header here\r\n--b--", "multipart/mixed(text/plain[no header here])"},
    {"Content-Type: application/pdf name=x\r\n\r\n", "application/pdf[]"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\ntext\r\n\r\nmore\r\n--b--",
     "multipart/mixed(text/html[text\r\n\r\nmore])"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n--b--", "multipart/mixed(text/html[])"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--bc\r\n--b\r\n\r\n--bc\r\n--b--c\r\n--b--", "multipart/mixed(text/plain[--bc\r\n--b--c])"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b--\r\n--b\r\n\r\nlate\r\n", "multipart/mixed(text/plain[one])"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\nnothing\r\n", "multipart/mixed[nothing\r\n]"},
    {"Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\none\r\n--b--", "multipart/mixed[--b\r\n\r\none\r\n--b--]"},
    {"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n--a\r\n\r\n3\r\n--a--",
     "multipart/mixed(multipart/alternative(text/plain[1] text/plain[2]) text/plain[3])"},
    {"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=a-b\r\n\r\n--a-b\r\n\r\n1\r\n--a-b--\r\n\r\n--a\r\n\r\n2\r\n--a--",
     "multipart/mixed(multipart/mixed(text/plain[1]) text/plain[2])"},
    {"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ninner\r\n", "message/rfc822(text/plain[inner\r\n])"},
    {"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogeA==\r\n", "message/rfc822[U3ViamVjdDogeA==\r\n]"},
    {"Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: a\r\n\r\n1\r\n--b\r\n\r\nSubject: b\r\n\r\n2\r\n--b--",
     "multipart/digest(message/rfc822(text/plain[1]) message/rfc822(text/plain[2]))"},
    {"Content-Type: multipart/mixed; boundary=\"=_ ?\"\r\n\r\n--=_ ?\r\n\r\n1\r\n--=_ ?--", "multipart/mixed(text/plain[1])"},
    {"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n", "multipart/mixed(text/plain[one])"},
};

static void
tree_text(struct str *out, const struct message *message, const struct part *part)
{
    str_add(out, part->type);
    if (part_is_leaf(part)) {
        str_addf(out, "[%.*s]", (int)(part->body_end - part->body_start), message->raw.data + part->body_start);
        return;
    }
    str_addc(out, '(');
    for (const struct part *child = part->first; child != NULL; child = child->next) {
        tree_text(out, message, child);
        str_add(out, child->next != NULL ? " " : ")");
    }
}

static void
test_trees(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(trees); i++) {
        struct message *message = message_parse(NULL, blob_of(trees[i].message));
        struct str *out = str_new(message);

        tree_text(out, message, message->root);
        if (strcmp(out->s, trees[i].tree) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, out->s, trees[i].tree);
        talloc_free(message);
    }
}

static const struct { const char *message, *text; size_t attachments; } texts[] = {
    {"Subject: a\r\n\r\nbody\r\n", "body\n", 0},
    {"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$BF|K\\\x1b(B\r\n", "日本\n", 0},
    {"Content-Type: text/plain\r\n\r\n\x93\xfa\x96\x7b\x8c\xea\r\n", "日本語\n", 0},
    {"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5pel\r\n5pys\r\n", "日本", 0},
    {"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: QUOTED-PRINTABLE\r\n\r\na=E6=97=\r\n=A5 \r\nb=3D=\r\n", "a日\nb=", 0},
    {"Content-Type: text/html\r\n\r\n<p>a &amp; b</p>", "a & b\n", 0},
    {"Content-Type: text/html\r\n\r\n<meta charset=\"shift_jis\"><p>\x93\xfa</p>", "日\n", 0},
    {"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nplain\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>html</b>\r\n--b--", "plain", 0},
    {"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n  \r\n--b\r\nContent-Type: text/html\r\n\r\n<b>html</b>\r\n--b--", "html\n", 0},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b\r\nContent-Type: text/plain; name=x.txt\r\n\r\nthree\r\n--b\r\nContent-Type: image/png\r\n\r\n\r\n--b--",
     "one\n\ntwo", 2},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ninner\r\n--b--",
     "one", 1},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\nno parts\r\n", "no parts\n", 0},
    {"Content-Type: text/plain; format=flowed\r\n\r\na \r\nb\r\n> q \r\n> r\r\nc \r\n>d\r\n-- \r\nsig\r\n", "a b\n> q r\nc \n> d\n-- \nsig\n", 0},
    {"Content-Type: text/plain; format=flowed; delsp=yes; charset=utf-8\r\n\r\n日 \r\n本\r\n  x\r\n", "日本\n x\n", 0},
    {"Content-Type: text/plain; name=\"root.txt\"\r\n\r\nbody", "body", 0},
    {"Content-Disposition: attachment\r\n\r\nbody", "", 1},
};

static void
test_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct message *message = message_parse(NULL, blob_of(texts[i].message));
        char *text = message_text(message, message, 1000);
        size_t count;

        message_attachments(message, message, &count);
        if (strcmp(text, texts[i].text) != 0 || count != texts[i].attachments)
            fail_msg("row %zu: \"%s\" and %zu attachments, not \"%s\"", i, text, count, texts[i].text);
        talloc_free(message);
    }
}

static void
test_fields(void **state)
{
    const char *raw = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
                      "Content-Type: application/pdf; name=\"wrong.pdf\"\r\n"
                      "Content-Disposition: attachment;\r\n filename*=iso-2022-jp''%1B%24BF%7CK%5C%1B%28B.pdf\r\n"
                      "Content-Transfer-Encoding: base64 (x)\r\nContent-ID: <a@b>\r\n\r\nQUJD\r\nREU=\r\n--b\r\n"
                      "Content-Disposition: inline; filename=\"C:\\\\tmp\\\\../x y.txt\"\r\n\r\n\xff\r\n--b--\r\n";
    struct message *message = message_parse(NULL, blob_of(raw));
    const struct part *pdf = message->parts[1], *text = message->parts[2];

    (void)state;
    assert_int_equal(message->count, 3);
    assert_string_equal(pdf->file_name, "日本.pdf");
    assert_string_equal(pdf->cte, "base64");
    assert_string_equal(pdf->content_id, "a@b");
    assert_int_equal(pdf->size, 5);
    assert_memory_equal(part_data(message, message, pdf).data, "ABCDE", 5);
    assert_string_equal(text->file_name, "x y.txt");
    assert_true(text->has_8bit && !pdf->has_8bit);
    assert_memory_equal(raw + message->root->close_start, "--b--", 5);
    assert_memory_equal(raw + pdf->header_start, "Content-Type: application/pdf", 20);
    assert_null(message_html(message));
    talloc_free(message);
}

/* 100,000 parts, 10,000 levels: cut, and quickly. */
static void
test_bounds(void **state)
{
    struct str *text = str_new(NULL);
    struct message *message;

    (void)state;
    str_add(text, "Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    for (int i = 0; i < 100000; i++)
        str_add(text, "--b\r\n\r\nx\r\n");
    message = message_parse(text, str_blob(text));
    assert_int_equal(message->count, PART_COUNT_MAX);
    assert_true(message->cut);
    assert_int_equal(message->root->body_end, text->len);

    str_clear(text);
    for (int i = 0; i < 10000; i++)
        str_addf(text, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i);
    message = message_parse(text, str_blob(text));
    assert_int_equal(message->count, PART_DEPTH_MAX + 1);
    assert_true(message->cut);
    talloc_free(message_text(NULL, message, 100));

    str_clear(text);
    for (int i = 0; i < 20000; i++)
        str_add(text, "Content-Type: message/rfc822\r\n\r\n");
    message = message_parse(text, str_blob(text));
    assert_int_equal(message->count, PART_DEPTH_MAX + 1);

    str_clear(text);
    str_add(text, "Content-Type: multipart/digest; boundary=b\r\n\r\n");
    for (int i = 0; i < 20000; i++)
        str_add(text, "--b\r\n\r\n--b\r\nx");
    message = message_parse(text, str_blob(text));
    assert_true(message->count <= PART_COUNT_MAX);
    talloc_free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_trees), cmocka_unit_test(test_texts),
                                       cmocka_unit_test(test_fields), cmocka_unit_test(test_bounds)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

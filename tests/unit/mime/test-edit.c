/* test-edit.c - what is changed, and that nothing else is */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/edit.h"
#include "mime/word.h"
#include "util/str.h"

static const struct { const char *subject, *prefix, *out; } subjects[] = {
    {"Subject: hello\r\n", "[l]", "Subject: [l] hello\r\n"},
    {"Subject: hello\r\n", "[l] ", "Subject: [l] hello\r\n"},
    {"Subject:hello\r\n", "[l]", "Subject: [l] hello\r\n"},
    {"SUBJECT : hello\r\n", "[l]", "SUBJECT : [l] hello\r\n"},
    {"Subject: Re: hello\r\n", "[l]", "Subject: [l] Re: hello\r\n"},
    {"Subject: Re: [l] hello\r\n", "[l]", "Subject: [l] Re: hello\r\n"},
    {"Subject: [l] hello\r\n", "[l]", "Subject: [l] hello\r\n"},
    {"Subject: [l 4] Re: hello\r\n", "[l 12]", "Subject: [l 12] Re: hello\r\n"},
    {"Subject: Re: [L 4] RE: [l 3] hello\r\n", "[l 5]", "Subject: [l 5] Re: hello\r\n"},
    {"Subject: Re[2]: AW: hello\r\n", "[l]", "Subject: [l] Re[2]: hello\r\n"},
    {"Subject: [m 4] hello\r\n", "[l 5]", "Subject: [l 5] [m 4] hello\r\n"},
    {"Subject: \r\n", "[l]", "Subject: [l]\r\n"},
    {"Subject:\r\n", "[l]", "Subject: [l]\r\n"},
    {"Subject: [l]\r\n", "[l]", "Subject: [l]\r\n"},
    {"Subject: Regards: x\r\n", "[l]", "Subject: [l] Regards: x\r\n"},
    {"", "[l]", "Subject: [l]\r\n"},
    {"Subject: hello\r\n", "", "Subject: hello\r\n"},
    /* the rest keeps its bytes */
    {"Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\n =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\n", "[l 1]",
     "Subject: [l 1] =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\n =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\n"},
    {"Subject: \xff\xfe raw\r\n", "[l]", "Subject: [l] \xff\xfe raw\r\n"},
    {"Subject: a very long subject, nearly as long as a line, that has just enough to it\r\n", "[long-list-name 4]",
     "Subject: [long-list-name 4]\r\n a very long subject, nearly as long as a line, that has just enough to it\r\n"},
    {"Subject:\r\n folded\r\n", "[l]", "Subject: [l] folded\r\n"},
    /* a prefix that is not ASCII keeps its blank */
    {"Subject: =?utf-8?Q?=C3=A9?=\r\n", "[\u56de]", "Subject: =?UTF-8?B?W+Wbnl0g?= =?utf-8?Q?=C3=A9?=\r\n"},
    /* the old prefix was encoded with the rest */
    {"Subject: =?utf-8?B?UmU6IFtsIDRdIOaXpeacrA==?=\r\n", "[l 5]", "Subject: [l 5] Re: =?UTF-8?B?5pel5pys?=\r\n"},
    {"Subject: Re: =?utf-8?B?W2wgNF0g5pel5pys?=\r\n", "[l 5]", "Subject: [l 5] Re: =?UTF-8?B?5pel5pys?=\r\n"},
    {"Subject: =?utf-8?B?UmU6IOaXpeacrA==?=\r\n", "[l 5]", "Subject: [l 5] =?utf-8?B?UmU6IOaXpeacrA==?=\r\n"},
};

static void
test_subjects(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(subjects); i++) {
        char *raw = mem_printf(NULL, "X: 1\r\n%sY: 2\r\n\r\nbody\r\n", subjects[i].subject);
        char *want = *subjects[i].subject != '\0' ? mem_printf(raw, "X: 1\r\n%sY: 2\r\n\r\nbody\r\n", subjects[i].out)
                                                  : mem_printf(raw, "X: 1\r\nY: 2\r\n%s\r\nbody\r\n", subjects[i].out);
        struct edit_list *edits = edit_new(raw, message_parse(raw, blob_of(raw)));
        const char *out;

        edit_subject_prefix(edits, subjects[i].prefix);
        out = (const char *)edit_apply(raw, edits).data;
        if (strcmp(out, want) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, out, want);
        talloc_free(raw);
    }
}

static const struct { const char *raw, *out; } prepends[] = {
    {"A: 1\r\n\r\nbody\r\n", "N: 2\r\nM: 1\r\nA: 1\r\nL: 3\r\n\r\nbody\r\n"},
    {"\r\nbody\r\n", "N: 2\r\nM: 1\r\nL: 3\r\n\r\nbody\r\n"},
    {"body\r\n", "N: 2\r\nM: 1\r\nL: 3\r\n\r\nbody\r\n"},
    {"", "N: 2\r\nM: 1\r\nL: 3\r\n"},
    {"A: 1\r\n", "N: 2\r\nM: 1\r\nA: 1\r\nL: 3\r\n"},
    {"A: 1\r\nno field\r\n", "N: 2\r\nM: 1\r\nA: 1\r\nL: 3\r\n\r\nno field\r\n"},
    {"From x Mon\r\nA: 1\r\n\r\nbody\r\n", "N: 2\r\nM: 1\r\nA: 1\r\nL: 3\r\n\r\nbody\r\n"},
    {"From x Mon\r\nbody\r\n", "N: 2\r\nM: 1\r\nL: 3\r\n\r\nbody\r\n"},
    {"From x Mon\r\n\r\nbody\r\n", "N: 2\r\nM: 1\r\nL: 3\r\n\r\nbody\r\n"},
    {"A: 1\r\nno colon\r\nB: 2\r\n\r\nbody\r\n", "N: 2\r\nM: 1\r\nA: 1\r\nno colon\r\nB: 2\r\nL: 3\r\n\r\nbody\r\n"},
};

static void
test_prepends(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(prepends); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct edit_list *edits = edit_new(ctx, message_parse(ctx, blob_of(prepends[i].raw)));
        const char *out;

        edit_prepend(edits, blob_of("M: 1\r\n"));
        edit_append(edits, blob_of("L: 3\r\n"));
        edit_prepend(edits, blob_of("N: 2\r\n"));
        out = (const char *)edit_apply(ctx, edits).data;
        if (strcmp(out, prepends[i].out) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, out, prepends[i].out);
        talloc_free(ctx);
    }
}

static void
test_fields(void **state)
{
    const char *raw = "A: 1\r\n 2\r\nB: x\r\na: 3\r\n\r\nbody";
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct message *message = message_parse(ctx, blob_of(raw));
    struct edit_list *edits = edit_new(ctx, message);

    (void)state;
    assert_true(edit_is_empty(edits));
    assert_memory_equal(edit_apply(ctx, edits).data, raw, strlen(raw));
    edit_replace_field(edits, header_find(message->header, "B", 0), blob_of("C: y\r\nD: z\r\n"));
    assert_int_equal(edit_remove_fields(edits, "A"), 2);
    edit_prepend(edits, blob_of("N: 1\r\n"));
    assert_string_equal((const char *)edit_apply(ctx, edits).data, "N: 1\r\nC: y\r\nD: z\r\n\r\nbody");
    talloc_free(ctx);
}

/* Header, footer, what comes out; NULL: not possible. B stands for the boundary made. */
static const struct { const char *raw, *footer, *out; } footers[] = {
    {"A: 1\r\n\r\nbody\r\n", "foot\n", "A: 1\r\n\r\nbody\r\nfoot\r\n"},
    {"A: 1\r\n\r\n", "foot", "A: 1\r\n\r\nfoot\r\n"},
    {"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n日\r\n", "本",
     "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n日\r\n本\r\n"},
    {"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\na\r\n", "é",
     "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na\r\n=C3=A9\r\n"},
    {"Content-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\x1b$BF|\x1b(B\r\n", "日本",
     "Content-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\x1b$BF|\x1b(B\r\n\x1b$BF|K\\\x1b(B\r\n"},
    {"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E9\r\n", "é=",
     "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E9\r\n=E9=3D\r\n"},
    {"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E9=\r\n", "x",
     "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E9=\r\n\r\nx\r\n"},
    {"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5pel\r\n", "本",
     "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5pelDQrmnKwNCg==\r\n"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\npre\r\n--b\r\n\r\none\r\n--b--\r\nepi\r\n", "foot",
     "Content-Type: multipart/mixed; boundary=b\r\n\r\npre\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
     "Content-Transfer-Encoding: 7bit\r\n\r\nfoot\r\n--b--\r\nepi\r\n"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n", "foot",
     "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
     "Content-Transfer-Encoding: 7bit\r\n\r\nfoot\r\n--b--\r\n"},
    {"A: 1\r\nMIME-Version: 1.0\r\nContent-Type: text/html;\r\n charset=utf-8\r\nZ: 2\r\ncontent-transfer-encoding: 8bit\r\n\r\n<b>\r\n", "foot",
     "A: 1\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"B\"\r\nContent-Transfer-Encoding: 8bit\r\nZ: 2\r\n\r\n"
     "--B\r\nContent-Type: text/html;\r\n charset=utf-8\r\ncontent-transfer-encoding: 8bit\r\n\r\n<b>\r\n\r\n--B\r\n"
     "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\nfoot\r\n--B--\r\n"},
    {"A: 1\r\n\r\nbody\r\n", "é",
     "A: 1\r\nContent-Type: text/plain; charset=utf-8\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
     "body\r\n=C3=A9\r\n"},
    {"just text\r\n", "é",
     "Content-Type: text/plain; charset=utf-8\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
     "just text\r\n=C3=A9\r\n"},
    {"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-2022-jp; format=flowed\r\n\r\n\033$BF|K\\\033(B\r\n", "①👋",
     "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: base64\r\n\r\n"
     "5pel5pysDQrikaDwn5GLDQo=\r\n"},
    /* what cannot be read with certainty stays as it is */
    {"A: 1\r\n\r\nb\xe4" "h\r\n", "é",
     "A: 1\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"B\"\r\n\r\n--B\r\n\r\nb\xe4" "h\r\n\r\n--B\r\n"
     "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nw6kNCg==\r\n--B--\r\n"},
    {"A: 1\r\n", "foot", NULL},
    {"A: 1\r\n\r\nbody\r\n", "\xff", NULL},
};

/* The boundary that an edit made, replaced by B. */
static char *
plain_boundary(TALLOC_CTX *ctx, const char *text)
{
    struct str *out = str_new(ctx);
    const char *at;

    while ((at = strstr(text, "=_kairan_")) != NULL) {
        str_addn(out, text, (size_t)(at - text));
        str_addc(out, 'B');
        text = at + strspn(at, "=_kairnbcdef0123456789");
    }
    str_add(out, text);
    return out->s;
}

static void
test_footers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(footers); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct edit_list *edits = edit_new(ctx, message_parse(ctx, blob_of(footers[i].raw)));
        const char *reason = NULL, *out;
        bool ok = edit_footer_text(edits, footers[i].footer, &reason);

        out = plain_boundary(ctx, (const char *)edit_apply(ctx, edits).data);
        if (ok != (footers[i].out != NULL) || ok == (reason != NULL))
            fail_msg("row %zu: %d, %s", i, ok, reason != NULL ? reason : "no reason");
        if (strcmp(out, ok ? footers[i].out : footers[i].raw) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, out, footers[i].out);
        talloc_free(ctx);
    }
}

static const struct { const char *raw, *header, *out; } headers[] = {
    {"A: 1\r\n\r\nbody\r\n", "head", "A: 1\r\n\r\nhead\r\nbody\r\n"},
    {"A: 1\r\n\r\nbody", "head\n", "A: 1\r\n\r\nhead\r\nbody"},
    {"Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n\x1b$BF|\x1b(B\r\n", "日本\n",
     "Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n\x1b$BF|K\\\x1b(B\r\n\x1b$BF|\x1b(B\r\n"},
    {"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E9=\r\n", "é=",
     "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E9=3D\r\n=E9=\r\n"},
    {"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5pel\r\n", "本",
     "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5pysDQrml6U=\r\n"},
    {"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\na\r\n", "é",
     "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A9\r\na\r\n"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\npre\r\n--b\r\n\r\none\r\n--b--\r\nepi\r\n", "head",
     "Content-Type: multipart/mixed; boundary=b\r\n\r\npre\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
     "Content-Transfer-Encoding: 7bit\r\n\r\nhead\r\n--b\r\n\r\none\r\n--b--\r\nepi\r\n"},
    {"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<b>", "head",
     "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"B\"\r\n\r\n"
     "--B\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\nhead\r\n"
     "--B\r\nContent-Type: text/html\r\n\r\n<b>\r\n--B--\r\n"},
    {"A: 1\r\n", "head", NULL},
};

static void
test_headers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct edit_list *edits = edit_new(ctx, message_parse(ctx, blob_of(headers[i].raw)));
        const char *reason = NULL, *out;
        bool ok = edit_header_text(edits, headers[i].header, &reason);

        out = plain_boundary(ctx, (const char *)edit_apply(ctx, edits).data);
        if (strcmp(out, ok ? headers[i].out : headers[i].raw) != 0 || ok == (headers[i].out == NULL))
            fail_msg("row %zu: \"%s\", not \"%s\"", i, out, headers[i].out);
        talloc_free(ctx);
    }
}

/* Whatever wraps it, the inner message is read as before and the footer is read behind it. */
static void
test_footer_reads(void **state)
{
    static const char *const types[] = {"multipart/alternative", "multipart/signed", "multipart/related", "multipart/mixed"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        char *raw = mem_printf(NULL, "Content-Type: %s; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>\r\n--b--\r\n",
                               types[i]);
        struct edit_list *edits = edit_new(raw, message_parse(raw, blob_of(raw)));
        const char *reason;
        struct message *after;
        char *text;

        assert_true(edit_footer_text(edits, "日本\n", &reason));
        after = message_parse(raw, edit_apply(raw, edits));
        text = message_text(raw, after, 1000);
        assert_non_null(strstr(text, "one"));
        assert_true(str_ends(text, "日本\n") || str_ends(text, "日本"));
        assert_non_null(memmem(after->raw.data, after->raw.len, strstr(raw, "--b\r\n"),
                               strlen(strstr(raw, "--b\r\n")) - strlen("--b--\r\n")));
        talloc_free(raw);
    }
}

static char *
long_line(TALLOC_CTX *ctx, const char *head, const char *tail)
{
    struct str *out = str_new(ctx);

    str_add(out, head);
    for (int i = 0; i < 1200; i++)
        str_addc(out, 'x');
    str_add(out, tail);
    return out->s;
}

static const struct { const char *head, *tail; bool ok; } longs[] = {
    {"A: 1\r\n\r\n", "\r\n", true},
    {"A: 1\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xe9", "\r\n", true},
    {"Content-Transfer-Encoding: quoted-printable\r\n\r\n=E9", "\r\n", true},
    {"Content-Transfer-Encoding: base64\r\n\r\n", "\r\n", true},
    {"Content-Type: image/png\r\n\r\n", "\r\n", true},
    {"", "\r\n", true},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n", "\r\n--b--\r\n", true},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", "\r\n--b--\r\n", true},
    {"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n", "\r\n--b--\r\n", false},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n", "\r\n--b\r\n\r\nx\r\n--b--\r\n", false},
    {"Content-Type: message/delivery-status\r\n\r\n", "\r\n", false},
};

/* Afterwards no line is too long, and the part says the same as before. */
static void
test_long_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(longs); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct message *before = message_parse(ctx, blob_of(long_line(ctx, longs[i].head, longs[i].tail))), *after;
        struct edit_list *edits = edit_new(ctx, before);
        const char *reason = NULL;
        bool ok = edit_long_lines(edits, &reason);

        if (!edit_has_long_lines(before) || ok != longs[i].ok || edit_is_empty(edits) == ok)
            fail_msg("row %zu: %d (%s)", i, ok, reason != NULL ? reason : "no reason");
        after = message_parse(ctx, edit_apply(ctx, edits));
        if (ok && edit_has_long_lines(after))
            fail_msg("row %zu: \"%s\"", i, after->raw.data);
        if (ok && strcmp(message_text(ctx, before, 5000), message_text(ctx, after, 5000)) != 0)
            fail_msg("row %zu: other text in \"%s\"", i, after->raw.data);
        talloc_free(ctx);
    }
}

static const struct { const char *raw; bool ok; const char *has; } eights[] = {
    {"A: 1\r\n\r\ncaf\xc3\xa9\r\n", true,
     "A: 1\r\nContent-Type: text/plain; charset=utf-8\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ncaf=C3=A9\r\n"},
    {"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: 8bit\r\nZ: 1\r\n\r\n\xc4\r\n", true,
     "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: quoted-printable\r\nZ: 1\r\n\r\n=C4\r\n"},
    {"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--b\r\n"
     "Content-Type: image/x\r\nContent-Transfer-Encoding: binary\r\n\r\n\xff\r\n--b\r\n\r\nx\r\n--b--\r\n", true,
     "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 7bit\r\n\r\n--b\r\n"
     "Content-Type: image/x\r\nContent-Transfer-Encoding: base64\r\n\r\n/w==\r\n--b\r\n\r\nx\r\n--b--\r\n"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/x; name=\"a b\"; x=\xe9\r\n"
     "Content-Disposition: attachment; filename=\"\xe6\x97\xa5 1.txt\"\r\nContent-Description: \xe6\x97\xa5\r\n\r\nx\r\n--b--\r\n", true,
     "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/x; name=\"a b\"; x*=UTF-8''%C3%A9\r\n"
     "Content-Disposition: attachment; filename*=UTF-8''%E6%97%A5%201.txt\r\nContent-Description: =?UTF-8?B?5pel?=\r\n\r\nx\r\n--b--\r\n"},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: \xff\r\n"
     "\r\nx\r\n--b\r\nContent-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: \xff\r\n\r\nQQ==\r\n--b--\r\n", true,
     "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: 7bit\r\n"
     "\r\nx\r\n--b\r\nContent-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: base64\r\n\r\nQQ==\r\n--b--\r\n"},
    {"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\nContent-Description: \xff\r\n\r\nx\r\n--b--\r\n", false, NULL},
    {"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n\xff\r\n--b--\r\n", false, NULL},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n\xff\r\n--b\r\n\r\nx\r\n--b--\r\n", false, NULL},
};

static void
test_7bit(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(eights); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct message *before = message_parse(ctx, blob_of(eights[i].raw));
        struct edit_list *edits = edit_new(ctx, before);
        const char *reason = NULL;
        bool ok = edit_7bit(edits, &reason);
        struct blob out = edit_apply(ctx, edits);

        if (!edit_has_8bit(before) || ok != eights[i].ok || (ok && strcmp((const char *)out.data, eights[i].has) != 0))
            fail_msg("row %zu: %d \"%s\"", i, ok, out.data);
        assert_int_equal(edit_has_8bit(message_parse(ctx, out)), !ok);
        talloc_free(ctx);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_subjects), cmocka_unit_test(test_prepends),     cmocka_unit_test(test_fields),
        cmocka_unit_test(test_footers),  cmocka_unit_test(test_footer_reads), cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_7bit)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

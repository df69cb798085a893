/* test-mbox-write.c - messages in an mbox, and the file made small */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "archive/mbox-write.h"
#include "util/gzip.h"

#define AT INT64_C(1795252320000000)     /* Sat, 21 Nov 2026 09:12:00 UTC */

static const struct { const char *from, *in, *out; } rows[] = {
    {"hana@example.jp", "Subject: a\r\n\r\ntext\r\n", "From hana@example.jp Sat Nov 21 09:12:00 2026\nSubject: a\n\ntext\n\n"},
    {"", "a\r\n", "From MAILER-DAEMON Sat Nov 21 09:12:00 2026\na\n\n"},
    {"two words@example.jp", "a\r\n", "From MAILER-DAEMON Sat Nov 21 09:12:00 2026\na\n\n"},
    {"a@b\nFrom x", "a\r\n", "From MAILER-DAEMON Sat Nov 21 09:12:00 2026\na\n\n"},
    {"a@b", "From here\r\n>From there\r\n>>From\r\nFrom\r\n From \r\n",
     "From a@b Sat Nov 21 09:12:00 2026\n>From here\n>>From there\n>>From\nFrom\n From \n\n"},
    {"a@b", "no end", "From a@b Sat Nov 21 09:12:00 2026\nno end\n\n"},
    {"a@b", "a\rb\r\r\nFro", "From a@b Sat Nov 21 09:12:00 2026\na\rb\r\nFro\n\n"},
    {"a@b", "", "From a@b Sat Nov 21 09:12:00 2026\n\n"},
};

static void
lines_that_begin_a_message_are_quoted(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str *out = str_new(NULL);

        mbox_put(out, rows[i].from, AT, blob_of(rows[i].in));
        if (!str_eq(out->s, rows[i].out))
            fail_msg("row %zu: %s", i, out->s);
        talloc_free(out);
    }
}

static void
packed_bytes_are_the_same_each_time(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *first = str_new(ctx), *second = str_new(ctx);

    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        struct str *out = turn == 0 ? first : second;
        struct gzip *gzip = gzip_new(ctx);

        for (int i = 0; i < 20000; i++)
            gzip_add(gzip, "the same line again\n", 20, out);
        gzip_end(gzip, out);
    }
    assert_int_equal(first->len, second->len);
    assert_memory_equal(first->s, second->s, first->len);
    assert_true(first->len > 20 && first->len < 10000);
    assert_memory_equal(first->s, "\x1f\x8b\x08\0\0\0\0\0", 8);     /* no name, no time */
    talloc_free(ctx);
}

/* What zlib reads is what was put in, whatever the pieces. */
static void
packed_bytes_say_what_was_packed(void **state)
{
    static const size_t pieces[] = {1, 7, 1000, 65535, 65536, 300000, 1 << 20};

    (void)state;
    for (size_t row = 0; row < COUNT_OF(pieces); row++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct str *text = str_new(ctx), *out = str_new(ctx);
        struct gzip *gzip = gzip_new(ctx);
        uint8_t *read = mem_array(ctx, uint8_t, 1 << 21);
        z_stream stream = {0};
        uint32_t noise = 1;

        while (text->len < (row == 0 ? 5000 : 700000))      /* half of it cannot be packed */
            str_addf(text, "%u lines like this\n%c", (unsigned)text->len, (int)((noise = noise * 1664525 + 1013904223) >> 24 | 1));
        for (size_t at = 0; at < text->len; at += pieces[row])
            gzip_add(gzip, text->s + at, at + pieces[row] < text->len ? pieces[row] : text->len - at, out);
        gzip_end(gzip, out);
        assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
        stream.next_in = (uint8_t *)out->s;
        stream.avail_in = (uInt)out->len;
        stream.next_out = read;
        stream.avail_out = 1 << 21;
        assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
        assert_int_equal(stream.avail_in, 0);
        assert_int_equal(stream.total_out, text->len);
        assert_memory_equal(read, text->s, text->len);
        inflateEnd(&stream);
        talloc_free(ctx);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_that_begin_a_message_are_quoted),
                                       cmocka_unit_test(packed_bytes_are_the_same_each_time),
                                       cmocka_unit_test(packed_bytes_say_what_was_packed)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

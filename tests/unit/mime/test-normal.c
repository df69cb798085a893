/* test-normal.c - the normal form, whatever the chunks */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/normal.h"
#include "util/str.h"

#define BYTES(text) {(const uint8_t *)(text), sizeof(text) - 1}

static const struct { struct blob in, out; uint64_t changed; } rows[] = {
    {BYTES(""), BYTES(""), 0},
    {BYTES("a\r\nb\r\n"), BYTES("a\r\nb\r\n"), 0},
    {BYTES("a\nb\n"), BYTES("a\r\nb\r\n"), 2},
    {BYTES("a"), BYTES("a\r\n"), 2},
    {BYTES("a\r"), BYTES("a \r\n"), 3},
    {BYTES("\r"), BYTES(" \r\n"), 3},
    {BYTES("a\rb\r\n"), BYTES("a b\r\n"), 1},
    {BYTES("a\r\r\n"), BYTES("a \r\n"), 1},
    {BYTES("a\r\r\r\nb"), BYTES("a  \r\nb\r\n"), 4},
    {BYTES("a\0b\r\n"), BYTES("ab\r\n"), 1},
    {BYTES("a\r\0\nb\r\n"), BYTES("a\r\nb\r\n"), 1},
    {BYTES("\0"), BYTES(""), 1},
    {BYTES("\n.\n"), BYTES("\r\n.\r\n"), 2},
    {BYTES("\r.\r"), BYTES(" . \r\n"), 4},
    {BYTES("twelve bytes\tand\vmore\rof \x01them\r\nand \0so\non, all along"),
     BYTES("twelve bytes\tand\vmore of \x01them\r\nand so\r\non, all along\r\n"), 5},
    {BYTES("\n\r.\r\n"), BYTES("\r\n .\r\n"), 2},
};

static void
sink(void *context, const uint8_t *data, size_t len)
{
    str_addn(context, data, len);
}

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t changed;
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct blob out = normal_copy(ctx, rows[i].in, &changed);

        if (out.len != rows[i].out.len || memcmp(out.data, rows[i].out.data, out.len) != 0 || changed != rows[i].changed)
            fail_msg("row %zu: got \"%.*s\" changed %d", i, (int)out.len, out.data, (int)changed);
        talloc_free(ctx);
    }
}

/* Every cut of every row into three chunks gives the same bytes and the same count. */
static void
test_chunks(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t a = 0; a <= rows[i].in.len; a++)
            for (size_t b = a; b <= rows[i].in.len; b++) {
                struct str *out = str_new(NULL);
                struct normal normal;

                normal_begin(&normal, sink, out);
                normal_add(&normal, rows[i].in.data, a);
                normal_add(&normal, rows[i].in.data + a, b - a);
                normal_add(&normal, rows[i].in.data + b, rows[i].in.len - b);
                normal_end(&normal);
                if (out->len != rows[i].out.len || memcmp(out->s, rows[i].out.data, out->len) != 0)
                    fail_msg("row %zu cut at %zu, %zu", i, a, b);
                assert_int_equal(normal.changed, rows[i].changed);
                assert_int_equal(normal.written, out->len);
                talloc_free(out);
            }
}

/* Normal form is left alone. */
static void
test_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t changed;
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct blob again = normal_copy(ctx, rows[i].out, &changed);

        assert_int_equal(changed, 0);
        assert_int_equal(again.len, rows[i].out.len);
        talloc_free(ctx);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows), cmocka_unit_test(test_chunks), cmocka_unit_test(test_again)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

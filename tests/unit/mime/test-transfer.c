/* test-transfer.c - what is decoded piece by piece says what the whole says, wherever it is cut */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "mime/transfer.h"

static void
pieces_say_what_the_whole_says(void **state)
{
    static const struct { const char *cte, *text; } rows[] = {
        {"7bit", "Hello\r\n\r\nyou"},
        {"base64", "SGVsbG8sIHdvcmxkLiBUaGlzIGlz\r\nIGEgdGVz\ndC4=\r\nSGVsbG8="},
        {"base64", "S G-V*sbG8"},
        {"base64", "SGVsb=8gaGk=SA==bA=a"},
        {"base64", ""},
        {"quoted-printable", "caf=C3=A9 =\r\nand tea   \r\n=20=\n=3d=zz=4"},
        {"quoted-printable", "no end = 41"},
        {"x-uuencode", "before\r\nbegin 644 a.txt\r\n%2&5L;&\\\r\n%2&5L;&\\\r\n`\r\nend\r\nafter\r\n"},
        {"uuencode", "begin 644 a\n%2&5L;&\\"},
        {"nonsense", "as it is =41"},
    };

    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        size_t len = strlen(rows[row].text);
        struct str *whole = str_new(ctx);

        transfer_decode(whole, rows[row].cte, blob_of(rows[row].text));
        if (transfer_size(rows[row].cte, blob_of(rows[row].text)) != whole->len)
            fail_msg("row %zu: %zu bytes, not %zu", row, transfer_size(rows[row].cte, blob_of(rows[row].text)), whole->len);
        for (size_t step = 1; step <= len; step++) {
            struct transfer_flow *flow = transfer_flow_new(ctx, rows[row].cte);
            struct str *out = str_new(ctx);

            for (size_t at = 0; at < len; at += step)
                transfer_flow_add(flow, out, (struct blob){(const uint8_t *)rows[row].text + at, at + step < len ? step : len - at});
            transfer_flow_end(flow, out);
            if (out->len != whole->len || memcmp(out->s, whole->s, whole->len) != 0)
                fail_msg("row %zu in pieces of %zu: %s", row, step, out->s);
        }
        talloc_free(ctx);
    }
    (void)state;
}

/* Quoted-printable that never breaks a line is not held until its end, and no escape is cut. */
static void
a_line_without_end_flows(void **state)
{
    enum { ESCAPES = 200000 };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct transfer_flow *flow = transfer_flow_new(ctx, "quoted-printable");
    struct str *out = str_new(ctx);
    size_t before_end;

    for (size_t i = 0; i < ESCAPES; i++)
        transfer_flow_add(flow, out, blob_of(i % 2 == 0 ? "=C3=A" : "9x"));
    before_end = out->len;
    transfer_flow_end(flow, out);
    assert_in_range(before_end, ESCAPES / 2 * 3 - 100000, ESCAPES / 2 * 3);
    assert_int_equal(out->len, ESCAPES / 2 * 3);
    for (size_t i = 0; i < out->len; i += 3)
        if (memcmp(out->s + i, "\xc3\xa9x", 3) != 0)
            fail_msg("at %zu", i);
    talloc_free(ctx);
    (void)state;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_say_what_the_whole_says), cmocka_unit_test(a_line_without_end_flows),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test-token.c - tokens come back as they were made, and nothing else passes */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "delivery/token.h"

static const uint8_t secret[32] = "0123456789abcdef0123456789abcde";
static const uint8_t other_secret[32] = "0123456789abcdef0123456789abcdf";

static const struct token rows[] = {
    {TOKEN_BOUNCE, 1, 1},
    {TOKEN_BOUNCE, 127, 128},
    {TOKEN_LEAVE, 4821, 3},
    {TOKEN_LEAVE, INT64_C(9007199254740993), 2147483647},
    {TOKEN_RELAY, INT64_MAX, INT64_MAX},
};

static void
comes_back_in_any_case(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct token_keys *keys = token_keys_from(ctx, (struct blob){secret, 32});

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *text = token_make(ctx, keys, &rows[i]);
        struct token token;

        if (strlen(text) > 62 || !token_read(keys, rows[i].kind, text, &token) || token.first != rows[i].first
            || token.second != rows[i].second)
            fail_msg("row %zu: %s", i, text);
        for (char *p = text; *p != '\0'; p++)
            if (*p >= 'a' && *p <= 'z')
                *p -= 32;
        if (!token_read(keys, rows[i].kind, text, &token))
            fail_msg("row %zu in capitals", i);
    }
    talloc_free(ctx);
}

static void
nothing_else_passes(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct token_keys *keys = token_keys_from(ctx, (struct blob){secret, 32});
    struct token_keys *others = token_keys_from(ctx, (struct blob){other_secret, 32});
    char *text = token_make(ctx, keys, &rows[2]);
    struct token token;

    (void)state;
    assert_false(token_read(keys, TOKEN_BOUNCE, text, &token));
    assert_false(token_read(others, TOKEN_LEAVE, text, &token));
    assert_false(token_read(keys, TOKEN_LEAVE, "", &token));
    assert_false(token_read(keys, TOKEN_LEAVE, NULL, &token));
    for (size_t i = 0; text[i] != '\0'; i++) {
        char saved = text[i];

        text[i] = saved == 'a' ? 'b' : 'a';
        if (token_read(keys, TOKEN_LEAVE, text, &token))
            fail_msg("letter %zu changed and still read", i);
        text[i] = '\0';
        if (token_read(keys, TOKEN_LEAVE, text, &token))
            fail_msg("cut at %zu and still read", i);
        text[i] = saved;
    }
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_in_any_case),
        cmocka_unit_test(nothing_else_passes),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

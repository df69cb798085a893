/* test-socketmap.c - Postfix's questions, and what is none */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "worker/socketmap.h"

#define BYTES(text) {(const uint8_t *)(text), sizeof(text) - 1}

static enum socketmap_answer
on_lookup(void *user, TALLOC_CTX *ctx, const char *name, const char *key, const char **value_r)
{
    (void)user;
    if (!str_eq(name, "recipients"))
        return SOCKETMAP_PERM;
    if (str_eq(key, "later@x")) {
        *value_r = "come back";
        return SOCKETMAP_TEMP;
    }
    *value_r = mem_printf(ctx, "[%s]", key);
    return str_starts(key, "list") ? SOCKETMAP_OK : SOCKETMAP_NOTFOUND;
}

static const struct socketmap_handler handler = {on_lookup};

static const struct { struct blob in; const char *out; bool over; } rows[] = {
    {BYTES(""), "", false},
    {BYTES("17:recipients list@x,"), "11:OK [list@x],", false},
    {BYTES("17:recipients list@x,17:recipients list@y,"), "11:OK [list@x],11:OK [list@y],", false},
    {BYTES("15:recipients no@x,"), "15:NOTFOUND [no@x],", false},
    {BYTES("18:recipients later@x,"), "14:TEMP come back,", false},
    {BYTES("11:colours red,"), "5:PERM ,", false},
    {BYTES("17:recipients list x,"), "11:OK [list x],", false},
    {BYTES("11:recipients ,"), "11:NOTFOUND [],", false},
    {BYTES("10:recipients,"), "43:PERM a request is a name, a blank and a key,", false},
    {BYTES("0:,"), "43:PERM a request is a name, a blank and a key,", false},
    /* who asks about these means no good */
    {BYTES("18:recipients list\0@x,"), "9:NOTFOUND ,", false},
    {BYTES("18:recipients list\n@x,"), "9:NOTFOUND ,", false},
    /* nobody can say where the next request begins */
    {BYTES(":"), "", true},
    {BYTES("x"), "", true},
    {BYTES("-1:"), "", true},
    {BYTES("017:recipients list@x,"), "", true},
    {BYTES("00:,"), "", true},
    {BYTES(" 1:x,"), "", true},
    {BYTES("4097:"), "", true},
    {BYTES("99999999999999999999999999:"), "", true},
    {BYTES("3:a bc,"), "", true},
    {BYTES("17:recipients list@x;17:recipients list@x,"), "", true},
    {BYTES("17:recipients list@x,x17:recipients list@x,"), "11:OK [list@x],", true},
};

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t step = 1; step <= rows[i].in.len + 1; step++) {
            struct socketmap *map = socketmap_new(NULL, &handler, NULL);

            for (size_t at = 0; at < rows[i].in.len; at += step)
                socketmap_feed(map, rows[i].in.data + at, at + step < rows[i].in.len ? step : rows[i].in.len - at);
            if (!str_eq(str_text(socketmap_output(map)), rows[i].out) || socketmap_is_over(map) != rows[i].over)
                fail_msg("row %zu in pieces of %zu: %s%s, expected %s", i, step, str_text(socketmap_output(map)),
                         socketmap_is_over(map) ? " over" : "", rows[i].out);
            talloc_free(map);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

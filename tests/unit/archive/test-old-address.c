/* test-old-address.c - what addresses of earlier archives were of */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive/old-address.h"
#include "util/str.h"

#define HASH "5RMYCBNTWPNBYVXBHJSH4GYUIAMZNKJ7"

static const struct { bool is_pipermail; const char *rest; enum old_kind kind; int year, month; bool has_hash; } rows[] = {
    {false, "", OLD_LIST, 0, 0, false},
    {false, "latest", OLD_LIST, 0, 0, false},
    {false, "latest/", OLD_LIST, 0, 0, false},
    {false, "latest/x", OLD_UNKNOWN, 0, 0, false},
    {false, "top-posters", OLD_LIST, 0, 0, false},
    {false, "feed/", OLD_FEED, 0, 0, false},
    {false, "2024/5/", OLD_MONTH, 2024, 5, false},
    {false, "2024/05", OLD_MONTH, 2024, 5, false},
    {false, "2024/5/17/", OLD_MONTH, 2024, 5, false},
    {false, "2024/13/", OLD_UNKNOWN, 0, 0, false},
    {false, "2024/0/", OLD_UNKNOWN, 0, 0, false},
    {false, "1024/5/", OLD_UNKNOWN, 0, 0, false},
    {false, "2024", OLD_UNKNOWN, 0, 0, false},
    {false, "2024/", OLD_UNKNOWN, 0, 0, false},
    {false, "20245/5/", OLD_UNKNOWN, 0, 0, false},
    {false, "thread/" HASH "/", OLD_THREAD, 0, 0, true},
    {false, "thread/" HASH, OLD_THREAD, 0, 0, true},
    {false, "thread/" HASH "/?sort=date", OLD_THREAD, 0, 0, true},
    {false, "thread/" HASH "7/", OLD_UNKNOWN, 0, 0, false},
    {false, "thread/short/", OLD_UNKNOWN, 0, 0, false},
    {false, "message/" HASH "/", OLD_MESSAGE, 0, 0, true},
    {false, "message/" HASH "/attachment/2/map.pdf", OLD_MESSAGE, 0, 0, true},
    {false, "export/all.mbox.gz", OLD_UNKNOWN, 0, 0, false},
    {true, "", OLD_LIST, 0, 0, false},
    {true, "index.html", OLD_LIST, 0, 0, false},
    {true, "2024-May/", OLD_MONTH, 2024, 5, false},
    {true, "2024-May", OLD_MONTH, 2024, 5, false},
    {true, "2024-May/date.html", OLD_MONTH, 2024, 5, false},
    {true, "2024-May/thread.html", OLD_MONTH, 2024, 5, false},
    {true, "2024-December/author.html", OLD_MONTH, 2024, 12, false},
    {true, "2024-May.txt.gz", OLD_MONTH_MBOX, 2024, 5, false},
    {true, "2024-May.txt", OLD_MONTH_MBOX, 2024, 5, false},
    {true, "2024-May/012345.html", OLD_UNKNOWN, 0, 0, false},
    {true, "2024-Mai/date.html", OLD_UNKNOWN, 0, 0, false},
    {true, "2024-Mayor/date.html", OLD_UNKNOWN, 0, 0, false},
    {true, "2024q2/thread.html", OLD_MONTH, 2024, 4, false},
    {true, "2024q5/thread.html", OLD_UNKNOWN, 0, 0, false},
    {true, "2024/date.html", OLD_MONTH, 2024, 1, false},
    {true, "Week-of-Mon-20240506/date.html", OLD_MONTH, 2024, 5, false},
    {true, "Week-of-Mon-May/date.html", OLD_UNKNOWN, 0, 0, false},
    {true, "20240517/date.html", OLD_MONTH, 2024, 5, false},
    {true, "20241317/date.html", OLD_UNKNOWN, 0, 0, false},
    {true, "0000-May/", OLD_UNKNOWN, 0, 0, false},
    {true, "../../etc/passwd", OLD_UNKNOWN, 0, 0, false},
};

static void
addresses_say_what_they_were_of(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct old_address old = rows[i].is_pipermail ? old_address_pipermail(rows[i].rest) : old_address_hyperkitty(ctx, rows[i].rest);

        if (old.kind != rows[i].kind || old.year != rows[i].year || old.month != rows[i].month ||
            str_eq(old.hash, HASH) != rows[i].has_hash)
            fail_msg("row %zu: %s is kind %d, %d/%d", i, rows[i].rest, (int)old.kind, old.year, old.month);
        talloc_free(ctx);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(addresses_say_what_they_were_of)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

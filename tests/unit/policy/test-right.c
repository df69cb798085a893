/* test-right.c - the rights, as the design has them: every standing against every right */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policy/right.h"
#include "util/str.h"

/* Rights as letters in the order of enum right: any, signed in, see, read, moderate, own, admin. */
static const char letters[] = "aisrmoA";

static void
rights_are_the_designs(void **state)
{
    static const struct { const char *who; struct standing standing; const char *rights; } rows[] = {
        {"guest, no list", {0}, "a"},
        {"guest, public list", {.has_list = 1, .list_is_advertised = 1, .archive_is_public = 1, .archive_is_kept = 1}, "asr"},
        {"guest, closed archive", {.has_list = 1, .list_is_advertised = 1, .archive_is_kept = 1}, "as"},
        {"guest, hidden list", {.has_list = 1, .archive_is_public = 1, .archive_is_kept = 1}, "a"},
        {"guest, no archive", {.has_list = 1, .list_is_advertised = 1}, "as"},
        {"stranger, hidden list", {.has_list = 1, .is_signed_in = 1, .archive_is_public = 1, .archive_is_kept = 1}, "ai"},
        {"member, hidden list", {.has_list = 1, .is_signed_in = 1, .is_member = 1, .archive_is_kept = 1}, "aisr"},
        {"member, no archive", {.has_list = 1, .is_signed_in = 1, .is_member = 1}, "ais"},
        {"moderator", {.has_list = 1, .is_signed_in = 1, .is_moderator = 1, .archive_is_kept = 1}, "aisrm"},
        {"owner", {.has_list = 1, .is_signed_in = 1, .is_owner = 1, .archive_is_kept = 1}, "aisrmo"},
        {"administrator", {.has_list = 1, .is_signed_in = 1, .is_admin = 1, .archive_is_kept = 1}, "aisrmoA"},
        {"administrator, no list", {.is_signed_in = 1, .is_admin = 1}, "aiA"},
        {"owner of a list that is gone", {.is_signed_in = 1, .is_owner = 1, .is_member = 1}, "ai"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char found[RIGHT_COUNT + 1] = "";
        size_t n = 0;

        for (int right = 0; right < RIGHT_COUNT; right++)
            if (may(&rows[i].standing, (enum right)right))
                found[n++] = letters[right];
        if (!str_eq(found, rows[i].rights))
            fail_msg("%s: %s", rows[i].who, found);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rights_are_the_designs)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

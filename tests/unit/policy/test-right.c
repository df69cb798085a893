/* test-right.c - the rights, as the design has them: every standing against every right */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policy/right.h"
#include "util/str.h"

/* Rights as letters in the order of enum right: any, signed in, see, read, keep, tag, write, roster, held (moderate), requests,
 * members, bans, own, domain, admin. */
static const char letters[] = "aisrktwRhqmboDA";

static void
addresses_are_shown_as_the_list_says(void **state)
{
    static const struct { const char *who; struct standing standing; bool sees, sees_original; } rows[] = {
        {"guest", {.has_list = 1, .addresses_are_for_members = 1}, false, false},
        {"member", {.has_list = 1, .is_member = 1, .addresses_are_for_members = 1}, true, true},
        {"member, for moderators", {.has_list = 1, .is_member = 1}, false, false},
        {"moderator, for moderators", {.has_list = 1, .is_moderator = 1, .rights = MODERATOR_USUAL}, true, true},
        {"moderator who lost all", {.has_list = 1, .is_moderator = 1}, false, false},
        {"member, for nobody", {.has_list = 1, .is_member = 1, .addresses_are_for_nobody = 1}, false, false},
        {"moderator, for nobody", {.has_list = 1, .is_moderator = 1, .rights = MODERATOR_USUAL, .addresses_are_for_nobody = 1}, false, true},
        {"owner, for nobody", {.has_list = 1, .is_owner = 1, .addresses_are_for_nobody = 1}, false, true},
        {"administrator, for nobody", {.has_list = 1, .is_admin = 1, .addresses_are_for_nobody = 1}, false, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (sees_addresses(&rows[i].standing) != rows[i].sees || sees_original(&rows[i].standing) != rows[i].sees_original)
            fail_msg("%s", rows[i].who);
}

static void
rights_are_the_designs(void **state)
{
    static const struct { const char *who; struct standing standing; const char *rights; } rows[] = {
        {"guest, no list", {0}, "a"},
        {"guest, public list", {.has_list = 1, .list_is_advertised = 1, .archive_is_public = 1, .archive_is_kept = 1}, "asr"},
        {"guest, closed archive", {.has_list = 1, .list_is_advertised = 1, .archive_is_kept = 1}, "as"},
        {"guest, hidden list", {.has_list = 1, .archive_is_public = 1, .archive_is_kept = 1}, "a"},
        {"guest, no archive", {.has_list = 1, .list_is_advertised = 1}, "as"},
        {"guest, open roster", {.has_list = 1, .list_is_advertised = 1, .roster_is_public = 1, .roster_is_for_members = 1}, "asR"},
        {"guest, open roster, hidden list", {.has_list = 1, .roster_is_public = 1, .roster_is_for_members = 1}, "a"},
        {"stranger, hidden list", {.has_list = 1, .is_signed_in = 1, .archive_is_public = 1, .archive_is_kept = 1}, "ai"},
        {"stranger, roster for members", {.has_list = 1, .is_signed_in = 1, .list_is_advertised = 1, .roster_is_for_members = 1}, "aisw"},
        {"stranger, public list", {.has_list = 1, .is_signed_in = 1, .list_is_advertised = 1, .archive_is_public = 1, .archive_is_kept = 1}, "aisrkw"},
        {"member, hidden list", {.has_list = 1, .is_signed_in = 1, .is_member = 1, .archive_is_kept = 1}, "aisrktw"},
        {"member, no archive", {.has_list = 1, .is_signed_in = 1, .is_member = 1}, "aisw"},
        {"member, roster for members", {.has_list = 1, .is_signed_in = 1, .is_member = 1, .roster_is_for_members = 1}, "aiswR"},
        {"moderator", {.has_list = 1, .is_signed_in = 1, .is_moderator = 1, .rights = MODERATOR_USUAL, .archive_is_kept = 1}, "aisrktwRhq"},
        {"moderator who lost all", {.has_list = 1, .is_signed_in = 1, .is_moderator = 1, .archive_is_kept = 1}, "aisrktwR"},
        {"moderator of members", {.has_list = 1, .is_signed_in = 1, .is_moderator = 1, .rights = MODERATOR_MEMBERS}, "aiswRm"},
        {"moderator of bans", {.has_list = 1, .is_signed_in = 1, .is_moderator = 1, .rights = MODERATOR_HELD | MODERATOR_BANS}, "aiswRhb"},
        {"rights without a role", {.has_list = 1, .is_signed_in = 1, .is_member = 1, .rights = MODERATOR_USUAL}, "aisw"},
        {"owner", {.has_list = 1, .is_signed_in = 1, .is_owner = 1, .archive_is_kept = 1}, "aisrktwRhqmbo"},
        {"owner of its domain", {.has_list = 1, .is_signed_in = 1, .is_domain_owner = 1, .owns_domains = 1, .archive_is_kept = 1}, "aisrktwRhqmboD"},
        {"owner of another domain", {.has_list = 1, .is_signed_in = 1, .owns_domains = 1}, "ai"},
        {"owner of a domain, no list", {.is_signed_in = 1, .owns_domains = 1}, "aiD"},
        {"its domain's path", {.is_signed_in = 1, .has_domain = 1, .is_domain_owner = 1, .owns_domains = 1}, "aiD"},
        {"another domain's path", {.is_signed_in = 1, .has_domain = 1, .owns_domains = 1}, "ai"},
        {"administrator", {.has_list = 1, .is_signed_in = 1, .is_admin = 1, .archive_is_kept = 1}, "aisrktwRhqmboDA"},
        {"administrator, no list", {.is_signed_in = 1, .is_admin = 1}, "aiDA"},
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

static void
words_are_bits(void **state)
{
    const char *const words[] = {"requests", "bans", "nonsense"};

    (void)state;
    assert_int_equal(moderator_bits(words, 3), MODERATOR_REQUESTS | MODERATOR_BANS);
    assert_int_equal(moderator_bits(words, 0), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rights_are_the_designs), cmocka_unit_test(addresses_are_shown_as_the_list_says), cmocka_unit_test(words_are_bits)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test-preference.c - what a person prefers, on four levels: what counts, who may say it, and that SQL agrees */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../database.h"
#include "policy/domain.h"
#include "policy/list.h"
#include "policy/member.h"
#include "policy/preference.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"
#include "util/when.h"

struct world {
    TALLOC_CTX *ctx;
    struct db *db;
    int64_t list, ids[LEVEL_COUNT];     /* of a member, its address, its account; 0 for the site */
};

static int
make_world(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct world *world = mem_new(ctx, struct world);
    struct row_member_of_list *rows;
    struct row_address_ensure *address;
    struct row_user_add *user;
    struct domain *domain;
    struct list *list;
    struct fault fault = {0};
    struct person *people;
    size_t count;

    world->ctx = ctx;
    world->db = database_open(ctx, "test-preference");
    if (world->db == NULL)
        return -1;
    assert_int_equal(domain_create(world->db, &operator, ctx, "lists.example.jp", NULL, NULL, &domain, &fault), STATUS_OK);
    assert_int_equal(list_create(world->db, &operator, ctx, "test@lists.example.jp", NULL, NULL, NULL, &list, &fault), STATUS_OK);
    world->list = list->id;
    people = person_read(ctx, "hana@example.jp", &count);
    assert_int_equal(member_add(world->db, &operator, ctx, list->id, "member", people, count), STATUS_OK);
    assert_int_equal(q_member_of_list(world->db, ctx, list->id, "member", clock_now_us(), &rows, &count), STATUS_OK);
    assert_int_equal(q_address_ensure(world->db, ctx, "hana@example.jp", "hana@example.jp", "", clock_now_us(), &address), STATUS_OK);
    assert_int_equal(q_user_add(world->db, ctx, "Hana", clock_now_us(), &user), STATUS_OK);
    assert_int_equal(q_address_give(world->db, address->id, user->id, clock_now_us(), NULL), STATUS_OK);
    world->ids[LEVEL_MEMBER] = rows[0].id;
    world->ids[LEVEL_ADDRESS] = address->id;
    world->ids[LEVEL_USER] = user->id;
    *state = world;
    return 0;
}

static enum status
set(struct world *world, enum preference_hand hand, int level, const char *name, const char *value)
{
    struct fault fault = {0};

    return preference_set(world->db, &operator, hand, world->ctx, (enum preference_level)level, world->ids[level], name, value, &fault);
}

/* As the lists send: what SQL says. */
static const char *
delivered(struct world *world, int64_t now)
{
    struct row_member_of_list *rows;
    size_t count;

    assert_int_equal(q_member_of_list(world->db, world->ctx, world->list, "member", now, &rows, &count), STATUS_OK);
    assert_int_equal(count, 1);
    return rows[0].delivery_status;
}

/* M, A, U, S: y, n, or - for nothing. */
static void
the_first_level_that_speaks_counts(void **state)
{
    static const struct { const char *levels, *value; enum preference_level said_by; } rows[] = {
        {"----", "yes", LEVEL_DEFAULT}, {"---n", "no", LEVEL_SITE}, {"--yn", "yes", LEVEL_USER}, {"--n-", "no", LEVEL_USER},
        {"-nyn", "no", LEVEL_ADDRESS}, {"-y-n", "yes", LEVEL_ADDRESS}, {"ynnn", "yes", LEVEL_MEMBER}, {"n-yy", "no", LEVEL_MEMBER},
        {"n---", "no", LEVEL_MEMBER}, {"y--n", "yes", LEVEL_MEMBER},
    };
    struct world *world = *state;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct preferences *preferences;
        enum preference_level level;
        const char *value;

        for (int at = 0; at < LEVEL_COUNT; at++) {
            const char *said = rows[i].levels[at] == 'y' ? "yes" : rows[i].levels[at] == 'n' ? "no" : NULL;

            assert_int_equal(set(world, HAND_SELF, at, "receive_own_postings", said), STATUS_OK);
        }
        assert_int_equal(preferences_load(world->db, world->ctx, LEVEL_MEMBER, world->ids[LEVEL_MEMBER], &preferences), STATUS_OK);
        value = preference_effective(preferences, PREFERENCE_receive_own_postings, LEVEL_MEMBER, clock_now_us(), &level);
        if (!str_eq(value, rows[i].value) || level != rows[i].said_by)
            fail_msg("row %zu (%s): %s, said by %s", i, rows[i].levels, value, preference_level_word(level));
    }
}

/* Status and end of a vacation on each level, in days from now: e enabled, u by_user, b by_bounces, m by_moderator, - nothing. */
static void
a_vacation_ends_by_itself(void **state)
{
    enum { DAY_S = 86400 };
    static const struct { const char *levels; int until[3]; int day; const char *value; } rows[] = {
        {"---", {0}, 0, "enabled"},      {"--u", {0}, 0, "by_user"},          {"--u", {0, 0, 3}, 2, "by_user"},
        {"--u", {0, 0, 3}, 4, "enabled"}, {"e-u", {0}, 0, "enabled"},         {"-eu", {0}, 0, "enabled"},
        {"u--", {3, 0, 0}, 4, "enabled"}, {"u-u", {3, 0, 9}, 5, "by_user"},   {"u-u", {3, 0, 9}, 10, "enabled"},
        {"ue-", {3, 0, 0}, 2, "by_user"}, {"b--", {0}, 0, "by_bounces"},      {"m-e", {0}, 0, "by_moderator"},
    };
    struct world *world = *state;
    int64_t now = clock_now_us();

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct preferences *preferences;
        int64_t then = now + rows[i].day * DAY_S * US_PER_S;
        const char *value;

        for (int at = 0; at < LEVEL_SITE; at++) {
            static const struct { char letter; const char *word; } words[] = {
                {'e', "enabled"}, {'u', "by_user"}, {'b', "by_bounces"}, {'m', "by_moderator"}};
            const char *word = NULL;

            for (size_t n = 0; n < COUNT_OF(words); n++)
                if (words[n].letter == rows[i].levels[at])
                    word = words[n].word;
            assert_int_equal(set(world, HAND_SYSTEM, at, "delivery_status", word), STATUS_OK);
            if (rows[i].until[at] != 0)
                assert_int_equal(set(world, HAND_SYSTEM, at, "vacation_until",
                                     mem_printf(world->ctx, "%lld", (long long)(now / US_PER_S + rows[i].until[at] * DAY_S))), STATUS_OK);
        }
        assert_int_equal(preferences_load(world->db, world->ctx, LEVEL_MEMBER, world->ids[LEVEL_MEMBER], &preferences), STATUS_OK);
        value = preference_effective(preferences, PREFERENCE_delivery_status, LEVEL_MEMBER, then, NULL);
        if (!str_eq(value, rows[i].value) || !str_eq(delivered(world, then), rows[i].value))
            fail_msg("row %zu (%s): %s, in SQL %s", i, rows[i].levels, value, delivered(world, then));
    }
}

static void
not_every_hand_may_everything(void **state)
{
    static const struct { enum preference_hand hand; int level; const char *name, *value; enum status status; } rows[] = {
        {HAND_SELF, LEVEL_MEMBER, "delivery_status", "by_moderator", STATUS_NOT_ALLOWED},
        {HAND_SELF, LEVEL_MEMBER, "delivery_status", "by_bounces", STATUS_NOT_ALLOWED},
        {HAND_OWNER, LEVEL_MEMBER, "delivery_status", "by_bounces", STATUS_NOT_ALLOWED},
        {HAND_OWNER, LEVEL_MEMBER, "delivery_status", "by_moderator", STATUS_OK},
        {HAND_SELF, LEVEL_MEMBER, "delivery_status", "enabled", STATUS_NOT_ALLOWED},
        {HAND_SELF, LEVEL_MEMBER, "delivery_status", NULL, STATUS_NOT_ALLOWED},
        {HAND_SELF, LEVEL_MEMBER, "vacation_until", "2999-01-01", STATUS_NOT_ALLOWED},
        {HAND_OWNER, LEVEL_MEMBER, "delivery_status", NULL, STATUS_OK},
        {HAND_SELF, LEVEL_USER, "delivery_status", "by_moderator", STATUS_INVALID},
        {HAND_SELF, LEVEL_MEMBER, "delivery_mode", "mime_digests", STATUS_INVALID},
        {HAND_OWNER, LEVEL_MEMBER, "delivery_mode", "mime_digests", STATUS_OK},     /* the command line, for lists that move here */
        {HAND_SELF, LEVEL_MEMBER, "delivery_mode", "carrier pigeon", STATUS_INVALID},
        {HAND_SELF, LEVEL_MEMBER, "vacation_until", "2026-02-30", STATUS_INVALID},
        {HAND_SELF, LEVEL_MEMBER, "vacation_until", "1999-01-01", STATUS_INVALID},
        {HAND_SELF, LEVEL_MEMBER, "preferred_language", "JA", STATUS_OK},
        {HAND_SELF, LEVEL_SITE, "preferred_language", "ja", STATUS_INVALID},
        {HAND_SELF, LEVEL_SITE, "delivery_status", "by_user", STATUS_INVALID},
        {HAND_SELF, LEVEL_USER, "no_such_thing", "yes", STATUS_INVALID},
    };
    struct world *world = *state;

    assert_int_equal(set(world, HAND_SYSTEM, LEVEL_MEMBER, "delivery_status", NULL), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        enum status status = set(world, rows[i].hand, rows[i].level, rows[i].name, rows[i].value);

        if (status != rows[i].status)
            fail_msg("row %zu: %s", i, status_row(status)->name);
    }
}

/* The same value twice is one line in the log. */
static void
every_change_is_a_line_in_the_log(void **state)
{
    struct world *world = *state;
    struct row_audit_newest *log;
    size_t count;

    assert_int_equal(set(world, HAND_SELF, LEVEL_MEMBER, "hide_address", "no"), STATUS_OK);
    assert_int_equal(q_audit_newest(world->db, world->ctx, world->list, 1, &log, &count), STATUS_OK);
    assert_string_equal(log[0].object, "hana@example.jp");
    assert_string_equal(log[0].detail, "hide_address (member): (inherited) -> no");
    assert_int_equal(set(world, HAND_SELF, LEVEL_MEMBER, "hide_address", "no"), STATUS_OK);
    assert_int_equal(q_audit_newest(world->db, world->ctx, world->list, 2, &log, &count), STATUS_OK);
    assert_string_not_equal(log[1].detail, "hide_address (member): (inherited) -> no");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_level_that_speaks_counts),
        cmocka_unit_test(a_vacation_ends_by_itself),
        cmocka_unit_test(not_every_hand_may_everything),
        cmocka_unit_test(every_change_is_a_line_in_the_log),
    };

    mem_init();
    crypto_init();
    when_zone("Asia/Tokyo");
    return cmocka_run_group_tests(tests, make_world, database_end);
}

/* test-policy-db.c - lists, members, settings, recipients and facts on a real database */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../database.h"
#include "policy/ban.h"
#include "policy/domain.h"
#include "policy/held.h"
#include "policy/member.h"
#include "policy/notice.h"
#include "policy/recipient.h"
#include "policy/rule.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

struct world {
    TALLOC_CTX *ctx;
    struct db *db;
    struct domain *domain;
    struct list *test, *renraku;
};

static int
make_world(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct world *world = mem_new(ctx, struct world);
    struct fault fault = {0};

    world->ctx = ctx;
    world->db = database_open(ctx, "test-policy-db");
    if (world->db == NULL)
        return -1;
    assert_int_equal(domain_create(world->db, &operator, ctx, "Lists.Example.JP", NULL, "t.lists.example.jp", &world->domain, &fault), STATUS_OK);
    assert_int_equal(list_create(world->db, &operator, ctx, "Test@lists.example.jp", NULL, NULL, "Hana <hana@example.jp>",
                                 &world->test, &fault), STATUS_OK);
    assert_int_equal(list_create(world->db, &operator, ctx, "renraku@lists.example.jp", "連絡", "ja", NULL, &world->renraku,
                                 &fault), STATUS_OK);
    *state = world;
    return 0;
}

/* list_effective says for every list what the loader says. */
static void
effective_agrees(struct world *world)
{
    struct row_list_effective_all *rows;
    size_t count;

    assert_int_equal(q_list_effective_all(world->db, world->ctx, &rows, &count), STATUS_OK);
    assert_true(count >= 2);
    for (size_t i = 0; i < count; i++) {
        struct settings *settings;

        assert_int_equal(settings_load(world->db, world->ctx, rows[i].list_id, &settings), STATUS_OK);
        assert_int_equal(rows[i].advertised, settings->advertised);
        assert_string_equal(rows[i].archive_policy,
                            setting_text(world->ctx, settings, setting_row("archive_policy")));
        assert_string_equal(rows[i].archive_addresses, archive_addresses_word(settings->archive_addresses));
        assert_string_equal(rows[i].display_name, settings->display_name);
        assert_string_equal(rows[i].description, settings->description);
        assert_string_equal(rows[i].preferred_language, language_code(settings->preferred_language));
        assert_int_equal(rows[i].search_engines, settings->search_engines);
        assert_string_equal(rows[i].time_zone, settings->time_zone);
        assert_string_equal(rows[i].archive_rendering_mode, rendering_mode_word(settings->archive_rendering_mode));
    }
}

static void
set(struct world *world, enum setting_scope scope, int64_t id, const char *name, const char *value)
{
    struct fault fault = {0};

    if (setting_set(world->db, &operator, scope, id, name, value, world->ctx, &fault) != STATUS_OK)
        fail_msg("%s: %s", name, fault.sentence);
    effective_agrees(world);
}

static void
settings_inherit(void **state)
{
    struct world *world = *state;
    struct settings *settings;
    struct row_audit_newest *audit;
    size_t count;

    effective_agrees(world);
    assert_int_equal(settings_load(world->db, world->ctx, world->test->id, &settings), STATUS_OK);
    assert_string_equal(settings->display_name, "Test");
    set(world, SCOPE_SITE, 0, "description", "of the site");
    set(world, SCOPE_SITE, 0, "archive_policy", "private");
    set(world, SCOPE_SITE, 0, "advertised", "no");
    set(world, SCOPE_SITE, 0, "time_zone", "Asia/Tokyo");
    set(world, SCOPE_SITE, 0, "archive_rendering_mode", "markdown");
    set(world, SCOPE_DOMAIN, world->domain->id, "archive_policy", "never");
    set(world, SCOPE_DOMAIN, world->domain->id, "max_message_size", "50");
    set(world, SCOPE_LIST, world->test->id, "archive_policy", "public");
    set(world, SCOPE_LIST, world->renraku->id, "advertised", "yes");
    assert_int_equal(settings_load(world->db, world->ctx, world->test->id, &settings), STATUS_OK);
    assert_string_equal(settings->description, "of the site");
    assert_int_equal(settings->archive_policy, ARCHIVE_PUBLIC);
    assert_int_equal(settings->max_message_size, 50);
    assert_false(settings->advertised);
    assert_int_equal(settings_load(world->db, world->ctx, world->renraku->id, &settings), STATUS_OK);
    assert_int_equal(settings->archive_policy, ARCHIVE_NEVER);
    assert_true(settings->advertised);
    assert_int_equal(settings->preferred_language, LANGUAGE_JA);
    set(world, SCOPE_LIST, world->test->id, "archive_policy", NULL);
    assert_int_equal(settings_load(world->db, world->ctx, world->test->id, &settings), STATUS_OK);
    assert_int_equal(settings->archive_policy, ARCHIVE_NEVER);
    assert_int_equal(q_audit_newest(world->db, world->ctx, world->test->id, 1, &audit, &count), STATUS_OK);
    assert_string_equal(audit[0].action, "setting_change");
    assert_string_equal(audit[0].detail, "public -> (inherited)");
    set(world, SCOPE_LIST, world->test->id, "archive_policy", NULL);
    assert_int_equal(q_audit_newest(world->db, world->ctx, world->test->id, 2, &audit, &count), STATUS_OK);
    assert_string_not_equal(audit[0].detail, audit[1].detail);
    for (const char *const *name = (const char *const[]){"description", "archive_policy", "advertised", NULL}; *name != NULL; name++)
        set(world, SCOPE_SITE, 0, *name, NULL);
    assert_int_equal(settings_load(world->db, world->ctx, -1, &settings), STATUS_NOT_FOUND);
}

static void
a_refused_value_changes_nothing(void **state)
{
    struct world *world = *state;
    struct fault fault = {0};
    struct row_audit_newest *before, *after;
    size_t count;

    assert_int_equal(q_audit_newest(world->db, world->ctx, 0, 1, &before, &count), STATUS_OK);
    assert_int_equal(setting_set(world->db, &operator, SCOPE_LIST, world->test->id, "emergency", "perhaps", world->ctx, &fault),
                     STATUS_INVALID);
    assert_int_equal(setting_set(world->db, &operator, SCOPE_LIST, world->test->id, "no_such", "1", world->ctx, &fault),
                     STATUS_NOT_FOUND);
    assert_int_equal(q_audit_newest(world->db, world->ctx, 0, 1, &after, &count), STATUS_OK);
    assert_int_equal(before[0].id, after[0].id);
    assert_false(db_in_transaction(world->db));
}

static void
members_many_ways(void **state)
{
    struct world *world = *state;
    static const struct { const char *text; enum person_outcome outcome; const char *key, *name; } rows[] = {
        {"a@example.org", PERSON_ADDED, "a@example.org", ""},
        {"A@Example.ORG", PERSON_REPEATED, "a@example.org", ""},
        {"Taro Yamada <taro@example.jp>", PERSON_ADDED, "taro@example.jp", "Taro Yamada"},
        {"\"Yamada, \\\"T\\\"\" <t2@example.jp>", PERSON_ADDED, "t2@example.jp", "Yamada, \"T\""},
        {"<c@example.org>", PERSON_ADDED, "c@example.org", ""},
        {"nonsense", PERSON_INVALID, NULL, NULL},
        {"x@@example.org", PERSON_INVALID, NULL, NULL},
        {"spam@spam.example", PERSON_BANNED, "spam@spam.example", ""},
        {"one@bad.example", PERSON_BANNED, "one@bad.example", ""},
        {"TEST@lists.example.jp", PERSON_OWN, "test@lists.example.jp", ""},
        {"renraku@lists.example.jp", PERSON_ADDED, "renraku@lists.example.jp", ""},
        {"# a remark", PERSON_INVALID, NULL, NULL},      /* stepped over: not in the result */
    };
    struct str *text = str_new(world->ctx);
    struct person *people;
    struct fault fault = {0};
    size_t count;

    assert_int_equal(ban_add(world->db, &operator, world->ctx, (struct rule_place){0}, "Spam@spam.example", "", &fault), STATUS_OK);
    assert_int_equal(ban_add(world->db, &operator, world->ctx, (struct rule_place){.list_id = world->test->id}, "@Bad.example", "all of them", &fault), STATUS_OK);
    assert_int_equal(ban_add(world->db, &operator, world->ctx, (struct rule_place){.list_id = world->test->id}, "@bad.example", "", &fault), STATUS_CONFLICT);
    assert_int_equal(ban_add(world->db, &operator, world->ctx, (struct rule_place){.list_id = world->test->id}, "bad", "", &fault), STATUS_INVALID);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        str_addf(text, "%s\r\n\n", rows[i].text);
    people = person_read(world->ctx, str_text(text), &count);
    assert_int_equal(count, COUNT_OF(rows) - 1);
    assert_int_equal(member_add(world->db, &operator, world->ctx, world->test->id, "member", people, count), STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        if (people[i].outcome != rows[i].outcome || !str_eq(people[i].key, rows[i].key)
            || (rows[i].name != NULL && !str_eq(people[i].name, rows[i].name)))
            fail_msg("row %zu: %s %s \"%s\"", i, person_outcome_word(people[i].outcome), people[i].key, people[i].name);
    }
    people = person_read(world->ctx, "a@example.org\nnobody@example.org\nx", &count);
    assert_int_equal(member_add(world->db, &operator, world->ctx, world->test->id, "member", people, 1), STATUS_OK);
    assert_int_equal(people[0].outcome, PERSON_MEMBER);
    assert_int_equal(member_remove(world->db, &operator, world->ctx, world->test->id, "member", people, count), STATUS_OK);
    assert_int_equal(people[0].outcome, PERSON_REMOVED);
    assert_int_equal(people[1].outcome, PERSON_ABSENT);
    assert_int_equal(people[2].outcome, PERSON_INVALID);
    assert_int_equal(member_add(world->db, &operator, world->ctx, world->test->id, "member", people, 1), STATUS_OK);
    assert_int_equal(people[0].outcome, PERSON_ADDED);
}

static void
a_failed_change_leaves_nothing(void **state)
{
    struct world *world = *state;
    struct person *people;
    struct fault fault = {0};
    struct list *list;
    size_t count;

    assert_int_equal(list_create(world->db, &operator, world->ctx, "half@lists.example.jp", NULL, "xx", NULL, &list, &fault),
                     STATUS_INVALID);
    assert_int_equal(list_find(world->db, world->ctx, "half@lists.example.jp", &list, &fault), STATUS_NOT_FOUND);
    assert_int_equal(list_create(world->db, &operator, world->ctx, "test@lists.example.jp", NULL, NULL, NULL, &list, &fault),
                     STATUS_CONFLICT);
    assert_int_equal(list_create(world->db, &operator, world->ctx, "x@elsewhere.example", NULL, NULL, NULL, &list, &fault),
                     STATUS_NOT_FOUND);
    people = person_read(world->ctx, "z@example.org", &count);
    assert_int_equal(db_begin(world->db), STATUS_OK);
    assert_int_equal(member_add(world->db, &operator, world->ctx, world->test->id, "member", people, count), STATUS_OK);
    db_rollback(world->db);
    assert_int_equal(member_add(world->db, &operator, world->ctx, world->test->id, "member", people, count), STATUS_OK);
    assert_int_equal(people[0].outcome, PERSON_ADDED);
}

static const struct { const char *path; int list; enum recipient_kind kind; const char *detail; } recipients[] = {
    {"test@lists.example.jp", 1, RECIPIENT_POST, NULL},
    {"TEST@LISTS.example.JP", 1, RECIPIENT_POST, NULL},
    {"renraku@lists.example.jp", 2, RECIPIENT_POST, NULL},
    {"test+anything@lists.example.jp", 1, RECIPIENT_POST, "anything"},
    {"test-owner@lists.example.jp", 1, RECIPIENT_OWNER, NULL},
    {"test-request@lists.example.jp", 1, RECIPIENT_REQUEST, NULL},
    {"test-join@lists.example.jp", 1, RECIPIENT_JOIN, NULL},
    {"test-subscribe@lists.example.jp", 1, RECIPIENT_JOIN, NULL},
    {"test-leave@lists.example.jp", 1, RECIPIENT_LEAVE, NULL},
    {"test-unsubscribe@lists.example.jp", 1, RECIPIENT_LEAVE, NULL},
    {"test-confirm+AbC123@lists.example.jp", 1, RECIPIENT_CONFIRM, "AbC123"},
    {"Test-Bounces+hana=example.jp@lists.example.jp", 1, RECIPIENT_BOUNCE, "hana=example.jp"},
    {"test-bounces@lists.example.jp", 1, RECIPIENT_BOUNCE, NULL},
    {"test-owner-owner@lists.example.jp", 0, RECIPIENT_POST, NULL},
    {"nobody@lists.example.jp", 0, RECIPIENT_POST, NULL},
    {"test-nothing@lists.example.jp", 0, RECIPIENT_POST, NULL},
    {"-owner@lists.example.jp", 0, RECIPIENT_POST, NULL},
    {"test@elsewhere.example", 0, RECIPIENT_POST, NULL},
    {"b.abcdefgh@t.lists.example.jp", -1, RECIPIENT_BOUNCE, "abcdefgh"},
    {"U.ABC@T.lists.example.jp", -1, RECIPIENT_UNSUBSCRIBE, "ABC"},
    {"r.abc@t.lists.example.jp", -1, RECIPIENT_RELAY, "abc"},
    {"b.abc@lists.example.jp", 0, RECIPIENT_POST, NULL},       /* tokens live in the token domain */
};

static void
recipients_are_known(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < COUNT_OF(recipients); i++) {
        struct recipient recipient = {0};
        struct address address;
        enum status status;
        int64_t list = recipients[i].list == 1 ? world->test->id : recipients[i].list == 2 ? world->renraku->id : 0;

        assert_true(address_parse(world->ctx, recipients[i].path, &address));
        status = recipient_resolve(world->db, world->ctx, &address, &recipient);
        if (status != (recipients[i].list == 0 ? STATUS_NOT_FOUND : STATUS_OK))
            fail_msg("row %zu: %s ended with %s", i, recipients[i].path, status_row(status)->name);
        if (status == STATUS_OK && (recipient.list_id != list || recipient.kind != recipients[i].kind
                                    || !str_eq(recipient.detail, recipients[i].detail)))
            fail_msg("row %zu: %s is %s of %lld, \"%s\"", i, recipients[i].path, recipient_kind_word(recipient.kind),
                     (long long)recipient.list_id, recipient.detail);
    }
}

static void
facts_are_found(void **state)
{
    struct world *world = *state;
    static const char *const senders[] = {"taro@example.jp"}, *const bad[] = {"taro@example.jp", "two@bad.example"};
    static const struct { const char *author; enum author_state expected; } rows[] = {
        {"taro@example.jp", AUTHOR_MEMBER}, {"hana@example.jp", AUTHOR_OWNER}, {"nobody@example.jp", AUTHOR_UNKNOWN},
    };
    struct rule_message message = {.subject = "", .text = "", .senders = {senders, 1}};
    struct rule_auth auth = {0};
    struct settings *settings;
    struct facts *facts;

    assert_int_equal(settings_load(world->db, world->ctx, world->test->id, &settings), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        message.author = rows[i].author;
        assert_int_equal(facts_load(world->db, world->ctx, world->test, settings, &message, &auth, NULL, &facts), STATUS_OK);
        assert_int_equal(facts->author_state, rows[i].expected);
        assert_null(facts->banned);
    }
    message.senders = (struct text_array){bad, 2};
    assert_int_equal(facts_load(world->db, world->ctx, world->test, settings, &message, &auth, NULL, &facts), STATUS_OK);
    assert_string_equal(facts->banned, "two@bad.example");
    assert_string_equal(facts->list_id, "test.lists.example.jp");
}

/* A held message, with what DMARC said of it; returns the id in held. */
static int64_t
hold(struct world *world, const char *dmarc, const char *aligned, int64_t *message_r)
{
    static const char *const reasons[] = {"because"}, *const methods[] = {"dmarc"}, *const none[] = {""};
    static const uint8_t hash[SHA256_LEN];
    struct blob bytes = blob_of("From: a@example.org\r\n\r\nx\r\n");
    struct text_array empty = {none, 1};
    struct row_message_receive *message;
    struct row_held_add *held;

    assert_int_equal(q_message_receive(world->db, world->ctx, world->test->id, bytes, (int64_t)bytes.len, (struct blob){hash, sizeof hash},
                                       0, "a@example.org", "test@lists.example.jp", "post", NULL, NULL, NULL, NULL, false, 1000000,
                                       "held", &message), STATUS_OK);
    assert_int_equal(q_auth_result_set(world->db, message->id, (struct text_array){methods, 1}, (struct text_array){&dmarc, 1},
                                       empty, empty, (struct text_array){&aligned, 1}, empty, NULL), STATUS_OK);
    assert_int_equal(q_held_add(world->db, world->ctx, world->test->id, message->id, "Spring", "A", "a@example.org", "a@example.org",
                                (struct text_array){reasons, 1}, dmarc, "x", (struct blob){NULL, 0}, 1000000, &held), STATUS_OK);
    *message_r = message->id;
    return held->id;
}

static void
state_is(struct world *world, int64_t message_id, const char *state)
{
    struct row_message_get *message;

    assert_int_equal(q_message_get(world->db, world->ctx, message_id, &message), STATUS_OK);
    assert_string_equal(message->state, state);
}

/* Carries out one order about one message; returns how many were found. */
static int64_t
decide(struct world *world, struct db *db, const struct list *list, int64_t held, struct held_order order, int64_t *told_r)
{
    struct i18n *i18n = i18n_open(world->ctx, "/nowhere");
    struct int_array ids = {&held, 1}, lists = {(int64_t *)&list->id, 1};
    struct held_done done;

    assert_int_equal(held_decide(db, &operator, i18n, ids, lists, &order, &done), STATUS_OK);
    if (told_r != NULL)
        *told_r = done.told;
    return done.done;
}

static void
held_leave_once(void **state)
{
    static const struct held_order accept = {.act = HELD_ACCEPT}, discard = {.act = HELD_DISCARD},
                                   reject = {.act = HELD_REJECT, .reason = "Too long."};
    struct world *world = *state;
    struct row_queue_message *queued;
    struct row_queue_notices *notices;
    struct row_held_fates *fates;
    int64_t message, told, held = hold(world, "none", "no", &message);
    struct int_array ids = {&held, 1}, lists = {&world->test->id, 1};
    size_t count;

    assert_int_equal(decide(world, world->db, world->renraku, held, accept, NULL), 0);      /* another list's */
    assert_int_equal(decide(world, world->db, world->test, held, accept, NULL), 1);
    assert_int_equal(decide(world, world->db, world->test, held, discard, NULL), 0);
    assert_int_equal(decide(world, world->db, world->test, held, reject, NULL), 0);
    assert_int_equal(q_held_fates(world->db, world->ctx, ids, lists, &fates, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(fates[0].action, "accepted");
    assert_string_equal(fates[0].decided_by, "test");
    assert_int_equal(q_queue_message(world->db, world->ctx, message, &queued), STATUS_OK);
    assert_string_equal(queued->state, "received");
    assert_string_equal(queued->approved_by, "test");
    held = hold(world, "none", "no", &message);
    assert_int_equal(decide(world, world->db, world->test, held, discard, NULL), 1);
    state_is(world, message, "discarded");
    held = hold(world, "fail", "no", &message);
    assert_int_equal(decide(world, world->db, world->test, held, reject, &told), 1);
    assert_int_equal(told, 0);
    state_is(world, message, "refused");
    held = hold(world, "pass", "yes", &message);
    assert_int_equal(decide(world, world->db, world->test, held, reject, &told), 1);
    assert_int_equal(told, 1);
    assert_int_equal(q_queue_notices(world->db, world->ctx, INT64_C(4000000000000000), &notices), STATUS_OK);
    assert_int_equal(notices->waiting, 1);
}

/* Accepting waits, can be taken back once, and then is as any other; the author's link finds it only while it waits. */
static void
accepting_can_be_undone(void **state)
{
    static const struct held_order accept = {.act = HELD_ACCEPT, .undo_s = 60}, undo = {.act = HELD_UNDO};
    struct world *world = *state;
    int64_t message, held = hold(world, "none", "no", &message);

    assert_int_equal(decide(world, world->db, world->test, held, accept, NULL), 1);
    assert_int_equal(decide(world, world->db, world->test, held, accept, NULL), 0);
    assert_int_equal(held_release(world->db), STATUS_OK);
    state_is(world, message, "held");
    assert_int_equal(held_cancel(world->db, held, world->test->id, "author"), STATUS_GONE);
    assert_int_equal(decide(world, world->db, world->test, held, undo, NULL), 1);
    assert_int_equal(decide(world, world->db, world->test, held, undo, NULL), 0);
    assert_int_equal(decide(world, world->db, world->test, held, accept, NULL), 1);
    assert_int_equal(q_held_hurry(world->db, (struct int_array){&held, 1}, clock_now_us(), NULL), STATUS_OK);
    assert_int_equal(held_release(world->db), STATUS_OK);
    state_is(world, message, "received");
    assert_int_equal(decide(world, world->db, world->test, held, undo, NULL), 0);
    held = hold(world, "none", "no", &message);
    assert_int_equal(held_cancel(world->db, held, world->test->id, "author"), STATUS_OK);
    state_is(world, message, "discarded");
    assert_int_equal(decide(world, world->db, world->test, held, accept, NULL), 0);
}

/* A member's row is changed; of others a row is made. A wrong word changes nothing. */
static void
authors_can_be_treated(void **state)
{
    struct world *world = *state;
    struct fault fault = {0};
    struct row_held_author *author;
    int64_t message, held = hold(world, "none", "no", &message);
    struct int_array ids = {&held, 1}, lists = {&world->test->id, 1};
    struct held_order wrong = {.act = HELD_ACCEPT, .future = "nonsense"};
    struct held_done done;

    assert_int_equal(held_decide(world->db, &operator, NULL, ids, lists, &wrong, &done), STATUS_INVALID);
    assert_int_equal(decide(world, world->db, world->test, held, (struct held_order){.act = HELD_ACCEPT, .future = "accept"}, NULL), 1);
    assert_int_equal(q_held_author(world->db, world->ctx, world->test->id, "a@example.org", &author), STATUS_OK);
    assert_string_equal(author->role, "member");
    assert_string_equal(author->moderation_action, "accept");
    held = hold(world, "none", "no", &message);
    assert_int_equal(decide(world, world->db, world->test, held, (struct held_order){.act = HELD_DISCARD, .ban = true}, NULL), 1);
    held = hold(world, "none", "no", &message);
    assert_int_equal(decide(world, world->db, world->test, held, (struct held_order){.act = HELD_DISCARD, .ban = true}, NULL), 1);
    assert_int_equal(ban_remove(world->db, &operator, world->ctx, (struct rule_place){.list_id = world->test->id}, "a@example.org", &fault), STATUS_OK);
}

/* What pages do through this room, the web's role may do. */
static void
the_web_may_do_its_part(void **state)
{
    struct world *world = *state;
    const char *dir = getenv("KAIRAN_TEST_SOCKET_DIR");
    struct db *db = db_open(world->ctx, mem_printf(world->ctx, "host=%s dbname=kairan user=kairan_web", dir), "test-policy-db");
    struct actor actor = {.words = "hana@example.jp"};
    struct fault fault = {0};
    struct person *people;
    int64_t message, held;
    size_t count;
    int64_t told;

    assert_int_equal(setting_set(db, &actor, SCOPE_LIST, world->test->id, "description", "By the web", world->ctx, &fault), STATUS_OK);
    effective_agrees(world);
    people = person_read(world->ctx, "web@example.org", &count);
    assert_int_equal(member_add(db, &actor, world->ctx, world->test->id, "member", people, count), STATUS_OK);
    assert_int_equal(member_remove(db, &actor, world->ctx, world->test->id, "member", people, count), STATUS_OK);
    assert_int_equal(ban_add(db, &actor, world->ctx, (struct rule_place){.list_id = world->test->id}, "web@example.org", "", &fault), STATUS_OK);
    assert_int_equal(ban_remove(db, &actor, world->ctx, (struct rule_place){.list_id = world->test->id}, "web@example.org", &fault), STATUS_OK);
    held = hold(world, "pass", "yes", &message);
    assert_int_equal(decide(world, db, world->test, held, (struct held_order){.act = HELD_ACCEPT, .future = "hold"}, NULL), 1);
    held = hold(world, "pass", "yes", &message);
    assert_int_equal(decide(world, db, world->test, held, (struct held_order){.act = HELD_REJECT}, &told), 1);
    assert_int_equal(told, 1);
    held = hold(world, "pass", "yes", &message);
    assert_int_equal(decide(world, db, world->test, held, (struct held_order){.act = HELD_DISCARD, .ban = true}, NULL), 1);
    assert_int_equal(ban_remove(db, &actor, world->ctx, (struct rule_place){.list_id = world->test->id}, "a@example.org", &fault), STATUS_OK);
    assert_int_equal(setting_set(db, &actor, SCOPE_LIST, world->test->id, "description", NULL, world->ctx, &fault), STATUS_OK);
}

static void
notices_are_mails(void **state)
{
    struct world *world = *state;
    struct i18n *i18n = i18n_open(world->ctx, "/nowhere");
    struct notice notice = {.kind = NOTICE_rejected, .lang = i18n_lang(i18n, "en"), .domain_id = world->domain->id,
                            .domain = world->domain->name, .list_name = "test", .from_display = "Test", .is_reply = true,
                            .to = "a@example.org", .args = {"Test", "Hi\r\nBcc: x@example.org", "Too long."}};
    struct blob mail;
    const char *text;

    assert_int_equal(notice_compose(world->db, world->ctx, &notice, 1000000, &mail), STATUS_OK);
    text = mem_strndup(world->ctx, (const char *)mail.data, mail.len);
    assert_non_null(strstr(text, "Auto-Submitted: auto-replied\r\n"));
    assert_non_null(strstr(text, "test-owner@lists.example.jp"));
    assert_non_null(strstr(text, "Subject: Your mail to Test was not accepted\r\n"));
    assert_true(strstr(text, "\nBcc:") == NULL || strstr(text, "\nBcc:") > strstr(text, "\r\n\r\n"));
    assert_non_null(strstr(text, "Too long."));
    notice.to = "nobody";
    assert_int_equal(notice_add(world->db, &notice), STATUS_INVALID);
}

/* What the mail about joining `list` says, in one language: the innermost changed text, else the shipped one. */
static const char *
join_subject(struct world *world, const struct list *list, const struct lang *lang)
{
    struct notice notice = {.kind = NOTICE_join, .lang = lang, .domain_id = list->domain_id, .domain = list->domain,
                            .list_id = list->id, .list_name = list->name, .to = "a@example.org", .args = {"L", "l@x", "https://x/"}};
    const char *text, *line;
    struct blob mail;

    assert_int_equal(notice_compose(world->db, world->ctx, &notice, 1000000, &mail), STATUS_OK);
    text = mem_strndup(world->ctx, (const char *)mail.data, mail.len);
    line = strstr(text, "Subject: ") + strlen("Subject: ");
    return mem_strndup(world->ctx, line, strcspn(line, "\r"));
}

static void
texts_inherit(void **state)
{
    static const char body[] = "Hello,\n$link\n\n-- \n$owner_email $mailinglist_url $info$$";
    struct world *world = *state;
    struct i18n *i18n = i18n_open(world->ctx, "/nowhere");
    const struct lang *en = i18n_lang(i18n, "en"), *ja = i18n_lang(i18n, "ja");
    const struct text_row *row = text_row("join");
    struct text_values *values = text_values_new(world->ctx);
    struct fault fault = {0};

    assert_ptr_equal(row, text_row("list:user:action:subscribe"));
    assert_string_equal(join_subject(world, world->test, en), "Please confirm: join L");
    assert_int_equal(text_set(world->db, &operator, world->ctx, SCOPE_SITE, 0, row, en, "Site $display_name", body, &fault), STATUS_OK);
    assert_int_equal(text_set(world->db, &operator, world->ctx, SCOPE_LIST, world->test->id, row, en, "List", body, &fault), STATUS_OK);
    assert_string_equal(join_subject(world, world->test, en), "List");
    assert_string_equal(join_subject(world, world->renraku, en), "Site L");
    assert_string_equal(join_subject(world, world->test, ja), "Please confirm: join L");
    assert_int_equal(text_set(world->db, &operator, world->ctx, SCOPE_DOMAIN, world->test->domain_id, row, en, "Domain", body, &fault),
                     STATUS_OK);
    assert_string_equal(join_subject(world, world->renraku, en), "Domain");
    assert_int_equal(text_reset(world->db, &operator, SCOPE_LIST, world->test->id, row, en), STATUS_OK);
    assert_string_equal(join_subject(world, world->test, en), "Domain");
    assert_int_equal(text_reset(world->db, &operator, SCOPE_DOMAIN, world->test->domain_id, row, en), STATUS_OK);
    assert_int_equal(text_reset(world->db, &operator, SCOPE_SITE, 0, row, en), STATUS_OK);
    assert_string_equal(join_subject(world, world->test, en), "Please confirm: join L");
    assert_int_equal(text_set(world->db, &operator, world->ctx, SCOPE_LIST, world->test->id, text_row("login"), en, "a", "$link", &fault),
                     STATUS_NOT_FOUND);
    assert_int_equal(text_set(world->db, &operator, world->ctx, SCOPE_SITE, 0, row, en, "a", "no such thing", &fault), STATUS_INVALID);
    assert_string_equal(fault.hint, "$link");
    assert_int_equal(text_values_of_list(world->db, values, world->test->id, en, NULL), STATUS_OK);
    assert_string_equal(text_fill(world->ctx, "$owner_email $mailinglist_url$info$$ $link", values),
                        "test-owner@lists.example.jp https://lists.example.jp/lists/test/$ $link");
}

static void
removed_lists_are_unknown(void **state)
{
    struct world *world = *state;
    struct recipient recipient;
    struct address address;
    struct fault fault = {0};
    struct list *list;

    assert_int_equal(list_create(world->db, &operator, world->ctx, "gone@lists.example.jp", NULL, NULL, NULL, &list, &fault), STATUS_OK);
    assert_true(address_parse(world->ctx, "gone-owner@lists.example.jp", &address));
    assert_int_equal(recipient_resolve(world->db, world->ctx, &address, &recipient), STATUS_OK);
    assert_int_equal(list_remove(world->db, &operator, world->ctx, list, 0, NULL), STATUS_OK);
    assert_int_equal(recipient_resolve(world->db, world->ctx, &address, &recipient), STATUS_NOT_FOUND);
    assert_int_equal(list_remove(world->db, &operator, world->ctx, list, 0, NULL), STATUS_NOT_FOUND);
    effective_agrees(world);
    assert_int_equal(domain_remove(world->db, &operator, world->ctx, world->domain, &fault), STATUS_CONFLICT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_inherit),
        cmocka_unit_test(a_refused_value_changes_nothing),
        cmocka_unit_test(members_many_ways),
        cmocka_unit_test(a_failed_change_leaves_nothing),
        cmocka_unit_test(recipients_are_known),
        cmocka_unit_test(facts_are_found),
        cmocka_unit_test(held_leave_once),
        cmocka_unit_test(accepting_can_be_undone),
        cmocka_unit_test(authors_can_be_treated),
        cmocka_unit_test(the_web_may_do_its_part),
        cmocka_unit_test(notices_are_mails),
        cmocka_unit_test(texts_inherit),
        cmocka_unit_test(removed_lists_are_unknown),
    };

    mem_init();
    crypto_init();
    return cmocka_run_group_tests(tests, make_world, database_end);
}

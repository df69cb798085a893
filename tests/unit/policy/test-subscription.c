/* test-subscription.c - joining and leaving as rows: policy, who asks and how, what comes of it and what is mailed */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../database.h"
#include "delivery/token.h"
#include "mime/address.h"
#include "policy/ban.h"
#include "policy/domain.h"
#include "policy/member.h"
#include "policy/moderator.h"
#include "policy/subscription.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

enum { DAY_S = 86400 };

static const struct actor guest = {.words = "guest"};

struct world {
    TALLOC_CTX *ctx;
    struct db *db;
    struct conf *conf;
    struct subscription_desk desk;
    struct list *list;
    int people;
};

static int
make_world(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct world *world = mem_new(ctx, struct world);
    struct token_keys *keys;
    struct domain *domain;
    struct fault fault = {0};

    world->ctx = ctx;
    world->db = database_open(ctx, "test-subscription");
    if (world->db == NULL)
        return -1;
    assert_int_equal(domain_create(world->db, &operator, ctx, "lists.example.jp", "lists.example.jp", "lists.example.jp", &domain, &fault),
                     STATUS_OK);
    assert_int_equal(list_create(world->db, &operator, ctx, "test@lists.example.jp", NULL, NULL, "owner@example.jp", &world->list, &fault),
                     STATUS_OK);
    assert_int_equal(token_keys_load(world->db, ctx, &keys), STATUS_OK);
    world->conf = mem_new(ctx, struct conf);
    *world->conf = (struct conf){.site_url = "https://lists.example.jp", .limits_net_hour = 1000000, .limits_site_hour = 1000000,
                                   .moderation_notice_s = 900, .site_name = "Kairan"};
    world->desk = (struct subscription_desk){.db = world->db, .i18n = i18n_open(ctx, "."), .conf = world->conf,
                                             .leave_token = token_leave, .keys = keys};
    *state = world;
    return 0;
}

static void
set(struct world *world, const char *name, const char *value)
{
    struct fault fault = {0};

    assert_int_equal(setting_set(world->db, &operator, SCOPE_LIST, world->list->id, name, value, world->ctx, &fault), STATUS_OK);
}

static char *
fresh_address(struct world *world)
{
    return mem_printf(world->ctx, "p%d@people.example.org", ++world->people);
}

/* "join" - the newest mail to an address, "" for none; its text in text_r. */
static const char *
newest_mail(struct world *world, const char *to, const char **text_r)
{
    struct row_notice_newest *row;

    assert_int_equal(q_notice_newest(world->db, world->ctx, to, &row), STATUS_OK);
    if (text_r != NULL)
        *text_r = row != NULL ? mem_strndup(world->ctx, (const char *)row->bytes.data, row->bytes.len) : "";
    return row != NULL ? row->kind : "";
}

static void
add(struct world *world, const char *address)
{
    size_t count;
    struct person *people = person_read(world->ctx, address, &count);

    assert_int_equal(member_add(world->db, &operator, world->ctx, world->list->id, "member", people, count), STATUS_OK);
}

static bool
is_member(struct world *world, const char *address)
{
    struct row_subscription_facts *facts;

    assert_int_equal(q_subscription_facts(world->db, world->ctx, world->list->id, address_key_of(world->ctx, address), &facts), STATUS_OK);
    return facts->member_id != 0;
}

static struct subscription_ask
ask_of(struct world *world, const char *address, const char *how)
{
    return (struct subscription_ask){
        .email = address, .key = address_key_of(world->ctx, address), .actor = strchr(how, 'a') || strchr(how, 'i') ? &operator : &guest,
        .net = strchr(how, 'a') || strchr(how, 'i') ? NULL : "-", .is_proved = strchr(how, 'p') != NULL,
        .is_approved = strchr(how, 'a') != NULL, .is_invitation = strchr(how, 'i') != NULL};
}

static enum subscription_result
joins(struct world *world, const char *address, const char *how)
{
    struct subscription_ask ask = ask_of(world, address, how);
    enum subscription_result result;

    assert_int_equal(subscription_join(&world->desk, world->ctx, world->list, &ask, &result), STATUS_OK);
    return result;
}

static enum subscription_result
leaves(struct world *world, const char *address, const char *how)
{
    struct subscription_ask ask = ask_of(world, address, how);
    enum subscription_result result;

    assert_int_equal(subscription_leave(&world->desk, world->ctx, world->list, &ask, &result), STATUS_OK);
    return result;
}

/* The token of the newest mail to somebody, as a reply would bring it back. */
static char *
token_to(struct world *world, const char *address)
{
    const char *text;
    char *token;

    newest_mail(world, address, &text);
    token = subscription_find_token(world->ctx, strstr(text, "Reply-To:"));
    assert_non_null(token);
    return token;
}

static int64_t
waiting_id(struct world *world, const char *address)
{
    struct row_subscription_waiting *rows;
    size_t count;

    assert_int_equal(q_subscription_waiting(world->db, world->ctx, world->list->id, 0, 1000, &rows, &count), STATUS_OK);
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].email, address))
            return rows[i].id;
    return 0;
}

/* ---- every policy x state ---- */

#define CONFIRM SUBSCRIPTION_CONFIRM_SENT
#define DONE SUBSCRIPTION_DONE
#define WAITS SUBSCRIPTION_WAITS
enum { NO = -1 };

/* how: p proved, a an owner acts, i invitation. was: m member, b banned, w waits for a moderator. then: after the word of the person */
static const struct { const char *policy, *how, *was; int result; const char *mail; int then; const char *then_mail; } joining[] = {
    {"open", "", "", CONFIRM, "join", DONE, "welcome"},
    {"open", "p", "", DONE, "welcome", NO, NULL},
    {"open", "", "m", CONFIRM, "member_already", NO, NULL},
    {"open", "p", "m", SUBSCRIPTION_ALREADY, "", NO, NULL},
    {"open", "", "b", CONFIRM, "", NO, NULL},
    {"open", "p", "b", SUBSCRIPTION_BANNED, "", NO, NULL},
    {"open", "i", "", CONFIRM, "invite", DONE, "welcome"},
    {"open", "i", "m", SUBSCRIPTION_ALREADY, "", NO, NULL},
    {"open", "i", "b", SUBSCRIPTION_BANNED, "", NO, NULL},
    {"confirm", "", "", CONFIRM, "join", DONE, "welcome"},
    {"confirm", "p", "", DONE, "welcome", NO, NULL},
    {"confirm", "", "m", CONFIRM, "member_already", NO, NULL},
    {"confirm", "a", "", DONE, "welcome", NO, NULL},
    {"moderate", "", "", CONFIRM, "join", WAITS, "join"},
    {"moderate", "p", "", WAITS, "", NO, NULL},
    {"moderate", "p", "m", SUBSCRIPTION_ALREADY, "", NO, NULL},
    {"moderate", "p", "w", WAITS, "", NO, NULL},
    {"moderate", "", "w", CONFIRM, "join_waiting", NO, NULL},
    {"moderate", "a", "", DONE, "welcome", NO, NULL},
    {"moderate", "pa", "", DONE, "welcome", NO, NULL},
    {"moderate", "i", "", CONFIRM, "invite", DONE, "welcome"},
    {"moderate", "i", "w", DONE, "welcome", NO, NULL},
    {"confirm_then_moderate", "", "", CONFIRM, "join", WAITS, "join"},
    {"confirm_then_moderate", "p", "", WAITS, "", NO, NULL},
    {"confirm_then_moderate", "i", "", CONFIRM, "invite", DONE, "welcome"},
    {"confirm_then_moderate", "p", "b", SUBSCRIPTION_BANNED, "", NO, NULL},
};

static void
joining_by_every_policy(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < COUNT_OF(joining); i++) {
        const char *address = fresh_address(world), *mail;
        enum subscription_result result, then = DONE;
        struct fault fault = {0};
        bool wanted;

        set(world, "subscription_policy", joining[i].policy);
        if (strchr(joining[i].was, 'm'))
            add(world, address);
        if (strchr(joining[i].was, 'b'))
            assert_int_equal(ban_add(world->db, &operator, world->ctx, (struct rule_place){.list_id = world->list->id}, address, "", &fault), STATUS_OK);
        if (strchr(joining[i].was, 'w'))
            assert_int_equal(joins(world, address, "p"), WAITS);
        result = joins(world, address, joining[i].how);
        mail = newest_mail(world, address, NULL);
        if ((int)result != joining[i].result || !str_eq(mail, joining[i].mail))
            fail_msg("row %zu: %s \"%s\"", i, subscription_result_word(result), mail);
        if (joining[i].then != NO) {
            assert_int_equal(subscription_confirm(&world->desk, world->ctx, token_to(world, address), &then), STATUS_OK);
            mail = newest_mail(world, address, NULL);
            if ((int)then != joining[i].then || !str_eq(mail, joining[i].then_mail))
                fail_msg("row %zu, then: %s \"%s\"", i, subscription_result_word(then), mail);
        }
        wanted = strchr(joining[i].was, 'm') || joining[i].result == DONE || joining[i].then == DONE;
        if (is_member(world, address) != wanted)
            fail_msg("row %zu: a member, or not", i);
    }
}

static const struct { const char *policy, *how; bool member; int result; const char *mail; int then; bool stays; } leaving[] = {
    {"open", "", true, CONFIRM, "leave", DONE, false},
    {"open", "", false, CONFIRM, "not_a_member", NO, false},
    {"open", "p", true, DONE, "goodbye", NO, false},
    {"open", "p", false, SUBSCRIPTION_NOT_MEMBER, "", NO, false},
    {"confirm", "", true, CONFIRM, "leave", DONE, false},
    {"confirm", "p", true, DONE, "goodbye", NO, false},
    {"moderate", "", true, CONFIRM, "leave", WAITS, true},
    {"moderate", "p", true, WAITS, "", NO, true},
    {"moderate", "a", true, DONE, "goodbye", NO, false},
    {"confirm_then_moderate", "", true, CONFIRM, "leave", WAITS, true},
    {"confirm_then_moderate", "p", true, WAITS, "", NO, true},
    {"confirm_then_moderate", "", false, CONFIRM, "not_a_member", NO, false},
};

static void
leaving_by_every_policy(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < COUNT_OF(leaving); i++) {
        const char *address = fresh_address(world), *mail;
        enum subscription_result result, then;

        set(world, "unsubscription_policy", leaving[i].policy);
        if (leaving[i].member)
            add(world, address);
        result = leaves(world, address, leaving[i].how);
        mail = newest_mail(world, address, NULL);
        if ((int)result != leaving[i].result || !str_eq(mail, leaving[i].mail))
            fail_msg("row %zu: %s \"%s\"", i, subscription_result_word(result), mail);
        if (leaving[i].then != NO) {
            assert_int_equal(subscription_confirm(&world->desk, world->ctx, token_to(world, address), &then), STATUS_OK);
            if ((int)then != leaving[i].then)
                fail_msg("row %zu, then: %s", i, subscription_result_word(then));
        }
        if (is_member(world, address) != leaving[i].stays)
            fail_msg("row %zu: a member, or not", i);
    }
    set(world, "unsubscription_policy", NULL);
}

/* ---- moderators ---- */

static const struct { const char *kind; enum subscription_decision decision; const char *mail; bool member; } deciding[] = {
    {"join", SUBSCRIPTION_ACCEPT, "welcome", true},
    {"join", SUBSCRIPTION_REJECT, "join_rejected", false},
    {"join", SUBSCRIPTION_DISCARD, "", false},
    {"leave", SUBSCRIPTION_ACCEPT, "goodbye", false},
    {"leave", SUBSCRIPTION_REJECT, "leave_rejected", true},
    {"leave", SUBSCRIPTION_DISCARD, "", true},
};

static void
the_first_decision_counts(void **state)
{
    struct world *world = *state;

    set(world, "subscription_policy", "moderate");
    set(world, "unsubscription_policy", "moderate");
    for (size_t i = 0; i < COUNT_OF(deciding); i++) {
        const char *address = fresh_address(world), *text;
        bool leaves_it = str_eq(deciding[i].kind, "leave");
        enum subscription_result result;
        int64_t id;

        if (leaves_it)
            add(world, address);
        assert_int_equal((leaves_it ? leaves : joins)(world, address, "p"), WAITS);
        id = waiting_id(world, address);
        assert_int_equal(subscription_decide(&world->desk, world->ctx, world->list, id, deciding[i].decision, "Not this season.",
                                             &operator, &result), STATUS_OK);
        assert_int_equal(subscription_decide(&world->desk, world->ctx, world->list, id, SUBSCRIPTION_ACCEPT, NULL, &operator, &result),
                         STATUS_GONE);
        if (!str_eq(newest_mail(world, address, &text), deciding[i].mail) || is_member(world, address) != deciding[i].member)
            fail_msg("row %zu: %s", i, newest_mail(world, address, NULL));
        if (deciding[i].decision == SUBSCRIPTION_REJECT)
            assert_non_null(strstr(text, "Not this season."));
    }
    set(world, "unsubscription_policy", NULL);
}

/* What waits for the person can be agreed to beforehand; it is refused without a mail, since nothing is proved. */
static void
moderators_may_be_quicker_than_the_person(void **state)
{
    struct world *world = *state;
    const char *yes = fresh_address(world), *no = fresh_address(world);
    enum subscription_result result;

    set(world, "subscription_policy", "confirm_then_moderate");
    joins(world, yes, "");
    joins(world, no, "");
    assert_int_equal(subscription_decide(&world->desk, world->ctx, world->list, waiting_id(world, yes), SUBSCRIPTION_ACCEPT, NULL,
                                         &operator, &result), STATUS_OK);
    assert_int_equal(result, SUBSCRIPTION_CONFIRM_SENT);
    assert_false(is_member(world, yes));
    assert_int_equal(subscription_confirm(&world->desk, world->ctx, token_to(world, yes), &result), STATUS_OK);
    assert_int_equal(result, SUBSCRIPTION_DONE);
    assert_int_equal(subscription_decide(&world->desk, world->ctx, world->list, waiting_id(world, no), SUBSCRIPTION_REJECT, "No.",
                                         &operator, &result), STATUS_OK);
    assert_string_equal(newest_mail(world, no, NULL), "join");
    assert_int_equal(subscription_confirm(&world->desk, world->ctx, token_to(world, no), &result), STATUS_GONE);
    assert_false(is_member(world, no));
}

/* ---- what happens meanwhile ---- */

static void
a_token_works_once_and_not_for_ever(void **state)
{
    struct world *world = *state;
    const char *address = fresh_address(world), *late = fresh_address(world);
    enum subscription_result result;

    set(world, "subscription_policy", "confirm");
    joins(world, address, "");
    joins(world, late, "");
    assert_int_equal(subscription_confirm(&world->desk, world->ctx, token_to(world, address), &result), STATUS_OK);
    assert_int_equal(subscription_confirm(&world->desk, world->ctx, "abcdefghijklmnopqrstuvwxyz234567", &result), STATUS_NOT_FOUND);
    clock_shift(3 * DAY_S + 1);
    assert_int_equal(subscription_confirm(&world->desk, world->ctx, token_to(world, late), &result), STATUS_GONE);
    assert_int_equal(q_subscription_expire(world->db, clock_now_us(), NULL), STATUS_OK);
    assert_int_equal(waiting_id(world, late), 0);
    assert_int_equal(joins(world, late, ""), SUBSCRIPTION_CONFIRM_SENT);
    assert_int_equal(subscription_confirm(&world->desk, world->ctx, token_to(world, late), &result), STATUS_OK);
    clock_shift(0);
}

static void
a_banned_person_does_not_come_in_by_an_older_mail(void **state)
{
    struct world *world = *state;
    const char *address = fresh_address(world);
    enum subscription_result result;
    struct fault fault = {0};

    set(world, "subscription_policy", "confirm");
    joins(world, address, "");
    assert_int_equal(ban_add(world->db, &operator, world->ctx, (struct rule_place){.list_id = world->list->id}, address, "", &fault), STATUS_OK);
    assert_int_equal(subscription_confirm(&world->desk, world->ctx, token_to(world, address), &result), STATUS_OK);
    assert_int_equal(result, SUBSCRIPTION_BANNED);
    assert_false(is_member(world, address));
}

static struct row_subscription_facts *
facts_of(struct world *world, const char *address)
{
    struct row_subscription_facts *facts;

    assert_int_equal(q_subscription_facts(world->db, world->ctx, world->list->id, address, &facts), STATUS_OK);
    return facts;
}

static void
leaving_can_be_taken_back_by_who_left(void **state)
{
    struct world *world = *state;
    const char *address = fresh_address(world);
    struct row_subscription_facts *facts;
    enum subscription_result result;
    size_t count;
    struct person *person = person_read(world->ctx, address, &count);

    add(world, address);
    facts = facts_of(world, address);
    assert_int_equal(subscription_leave_by_token(&world->desk, world->ctx, facts->member_id, facts->epoch, &guest, &result), STATUS_OK);
    assert_int_equal(result, SUBSCRIPTION_DONE);
    assert_int_equal(subscription_leave_by_token(&world->desk, world->ctx, facts->member_id, facts->epoch, &guest, &result), STATUS_OK);
    assert_int_equal(result, SUBSCRIPTION_NOT_MEMBER);
    clock_shift(8 * DAY_S);
    assert_int_equal(subscription_return(&world->desk, world->ctx, facts->member_id, facts->epoch, &guest, &result), STATUS_OK);
    assert_int_equal(result, SUBSCRIPTION_NOT_MEMBER);
    clock_shift(0);
    assert_int_equal(subscription_return(&world->desk, world->ctx, facts->member_id, facts->epoch, &guest, &result), STATUS_OK);
    assert_int_equal(result, SUBSCRIPTION_DONE);
    /* what an owner ended is not theirs to take back */
    assert_int_equal(member_remove(world->db, &operator, world->ctx, world->list->id, "member", person, count), STATUS_OK);
    assert_int_equal(subscription_return(&world->desk, world->ctx, facts->member_id, facts->epoch, &guest, &result), STATUS_OK);
    assert_int_equal(result, SUBSCRIPTION_NOT_MEMBER);
    assert_false(is_member(world, address));
}

static void
undoing_takes_the_request_back(void **state)
{
    struct world *world = *state;
    const char *address = fresh_address(world);
    struct row_subscription_facts *facts;
    enum subscription_result result;

    set(world, "unsubscription_policy", "moderate");
    add(world, address);
    facts = facts_of(world, address);
    assert_int_equal(subscription_leave_by_token(&world->desk, world->ctx, facts->member_id, facts->epoch, &guest, &result), STATUS_OK);
    assert_int_equal(result, SUBSCRIPTION_WAITS);
    assert_int_not_equal(waiting_id(world, address), 0);
    assert_int_equal(subscription_return(&world->desk, world->ctx, facts->member_id, facts->epoch, &guest, &result), STATUS_OK);
    assert_int_equal(result, SUBSCRIPTION_DONE);
    assert_int_equal(waiting_id(world, address), 0);
    set(world, "unsubscription_policy", NULL);
}

static void
tokens_are_found_in_what_people_send_back(void **state)
{
    static const struct { const char *text, *token; } rows[] = {
        {"abcdefghijklmnopqrstuvwxyz234567", "abcdefghijklmnopqrstuvwxyz234567"},
        {"> https://x.example/confirm/ABCDEFGHIJKLMNOPQRSTUVWXYZ234567\r\n", "abcdefghijklmnopqrstuvwxyz234567"},
        {"test-confirm+abcdefghijklmnopqrstuvwxyz234567@lists.example.jp", "abcdefghijklmnopqrstuvwxyz234567"},
        {"abcdefghijklmnopqrstuvwxyz2345678", NULL},
        {"abcdefghijklmnopqrstuvwxyz234567a", NULL},
        {"confirm", NULL}, {"", NULL}, {NULL, NULL},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (!str_eq(subscription_find_token(((struct world *)*state)->ctx, rows[i].text), rows[i].token))
            fail_msg("row %zu", i);
}

/* ---- owners' mails ---- */

/* As the job does it. */
static void
tell_all(struct world *world)
{
    bool more = true;

    while (more)
        assert_int_equal(moderator_notify(world->db, world->conf, world->desk.i18n, &more), STATUS_OK);
}

static int64_t
mails_to_owner(struct world *world)
{
    struct row_notice_count *row;

    assert_int_equal(q_notice_count(world->db, world->ctx, "owner@example.jp", &row), STATUS_OK);
    return row->count;
}

static void
owners_get_one_mail_in_fifteen_minutes(void **state)
{
    struct world *world = *state;
    const char *first = fresh_address(world), *text;
    int64_t before;

    clock_shift(40 * DAY_S);
    tell_all(world);
    clock_shift(41 * DAY_S);
    set(world, "subscription_policy", "moderate");
    before = mails_to_owner(world);
    joins(world, first, "p");
    tell_all(world);
    assert_string_equal(newest_mail(world, "owner@example.jp", &text), "join_asked");
    assert_non_null(strstr(text, first));
    for (int i = 0; i < 5; i++)
        joins(world, fresh_address(world), "p");
    tell_all(world);
    assert_int_equal(mails_to_owner(world) - before, 1);
    clock_shift(41 * DAY_S + 901);
    tell_all(world);
    assert_int_equal(mails_to_owner(world) - before, 2);
    assert_string_equal(newest_mail(world, "owner@example.jp", &text), "requests_waiting");
    assert_null(strstr(text, mem_printf(world->ctx, "%s asks to join.", first)));
    clock_shift(0);
}

static void
a_request_of_which_nobody_should_hear_waits_for_the_daily_reminder(void **state)
{
    struct world *world = *state;
    const char *text;
    int64_t before;

    clock_shift(45 * DAY_S);
    tell_all(world);
    set(world, "subscription_policy", "moderate");
    set(world, "admin_immed_notify", "no");
    before = mails_to_owner(world);
    joins(world, fresh_address(world), "p");
    tell_all(world);
    assert_int_equal(mails_to_owner(world), before);
    set(world, "admin_immed_notify", NULL);
    set(world, "admin_daily_summary", "yes");
    clock_shift(47 * DAY_S);
    assert_int_equal(moderator_remind(world->db, world->conf, world->desk.i18n), STATUS_OK);
    assert_int_equal(moderator_remind(world->db, world->conf, world->desk.i18n), STATUS_OK);
    assert_int_equal(mails_to_owner(world), before + 1);
    assert_string_equal(newest_mail(world, "owner@example.jp", &text), "held_summary");
    assert_non_null(strstr(text, " wait, the oldest since "));
    assert_non_null(strstr(text, "https://lists.example.jp/lists/test/requests\r\n"));
    set(world, "admin_daily_summary", NULL);
    clock_shift(0);
}

static void
owners_hear_who_came_and_went_if_they_want_to(void **state)
{
    struct world *world = *state;
    const char *one = fresh_address(world), *other = fresh_address(world), *text;
    struct row_notice_count *before, *after;

    clock_shift(50 * DAY_S);
    set(world, "subscription_policy", "open");
    assert_int_equal(subscription_tell_owners(&world->desk), STATUS_OK);
    set(world, "admin_notify_mchanges", "yes");
    clock_shift(50 * DAY_S + 901);
    assert_int_equal(q_notice_count(world->db, world->ctx, "owner@example.jp", &before), STATUS_OK);
    joins(world, one, "p");
    add(world, other);
    leaves(world, one, "p");
    assert_int_equal(subscription_tell_owners(&world->desk), STATUS_OK);
    assert_int_equal(subscription_tell_owners(&world->desk), STATUS_OK);
    assert_string_equal(newest_mail(world, "owner@example.jp", &text), "members_changed");
    assert_non_null(strstr(text, mem_printf(world->ctx, "%s has joined (guest).", one)));
    assert_non_null(strstr(text, mem_printf(world->ctx, "%s has joined (test).", other)));
    assert_int_equal(q_notice_count(world->db, world->ctx, "owner@example.jp", &after), STATUS_OK);
    assert_int_equal(after->count - before->count, 1);
    set(world, "admin_notify_mchanges", NULL);
    clock_shift(0);
}

/* ---- abuse ---- */

static int64_t
mails(struct world *world)
{
    struct row_notice_count *row;

    assert_int_equal(q_notice_count(world->db, world->ctx, NULL, &row), STATUS_OK);
    return row->count;
}

/* Ten thousand times one address: one mail a day about the list, and never a second within any 24 hours. */
static void
ten_thousand_forms_for_one_victim(void **state)
{
    struct world *world = *state;
    const char *victim = fresh_address(world);
    int64_t before = mails(world);

    clock_shift(60 * DAY_S);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(joins(world, victim, ""), SUBSCRIPTION_CONFIRM_SENT);
    assert_int_equal(mails(world) - before, 1);
    clock_shift(61 * DAY_S - 60);
    joins(world, victim, "");
    assert_int_equal(mails(world) - before, 1);
    clock_shift(61 * DAY_S + 60);
    joins(world, victim, "");
    assert_int_equal(mails(world) - before, 2);
    clock_shift(0);
}

/* Ten thousand victims from one network, then from ten thousand networks: so many an hour, exactly. */
static void
ten_thousand_victims(void **state)
{
    struct world *world = *state;
    struct subscription_ask ask;
    enum subscription_result result;
    int64_t before = mails(world);
    int sent = 0;

    clock_shift(80 * DAY_S);
    world->conf->limits_net_hour = 20;
    world->conf->limits_site_hour = 200;
    for (int i = 0; i < 10000; i++) {
        ask = ask_of(world, fresh_address(world), "");
        ask.net = i < 5000 ? budget_net(world->ctx, "192.0.2.7") : budget_net(world->ctx, mem_printf(world->ctx, "10.%d.%d.1", i / 256, i % 256));
        assert_int_equal(subscription_join(&world->desk, world->ctx, world->list, &ask, &result), STATUS_OK);
        sent += result == SUBSCRIPTION_CONFIRM_SENT;
        if (i == 4999)
            assert_int_equal(sent, 20);
    }
    assert_int_equal(sent, 200);
    assert_int_equal(mails(world) - before, 200);
    clock_shift(80 * DAY_S + 3601);
    ask = ask_of(world, fresh_address(world), "");
    assert_int_equal(subscription_join(&world->desk, world->ctx, world->list, &ask, &result), STATUS_OK);
    assert_int_equal(result, SUBSCRIPTION_CONFIRM_SENT);
    world->conf->limits_net_hour = world->conf->limits_site_hour = 1000000;
    clock_shift(0);
}

static void
networks_are_taken_whole(void **state)
{
    static const struct { const char *one, *other; bool same; } rows[] = {
        {"192.0.2.1", "192.0.2.254", true}, {"192.0.2.1", "192.0.3.1", false}, {"2001:db8:1::1", "2001:db8:1:ffff::2", true},
        {"2001:db8:1::1", "2001:db8:2::1", false}, {"", NULL, true},
    };
    TALLOC_CTX *ctx = ((struct world *)*state)->ctx;

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_eq(budget_net(ctx, rows[i].one), budget_net(ctx, rows[i].other)) != rows[i].same)
            fail_msg("row %zu", i);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joining_by_every_policy),
        cmocka_unit_test(leaving_by_every_policy),
        cmocka_unit_test(the_first_decision_counts),
        cmocka_unit_test(moderators_may_be_quicker_than_the_person),
        cmocka_unit_test(a_token_works_once_and_not_for_ever),
        cmocka_unit_test(a_banned_person_does_not_come_in_by_an_older_mail),
        cmocka_unit_test(leaving_can_be_taken_back_by_who_left),
        cmocka_unit_test(undoing_takes_the_request_back),
        cmocka_unit_test(tokens_are_found_in_what_people_send_back),
        cmocka_unit_test(owners_get_one_mail_in_fifteen_minutes),
        cmocka_unit_test(a_request_of_which_nobody_should_hear_waits_for_the_daily_reminder),
        cmocka_unit_test(owners_hear_who_came_and_went_if_they_want_to),
        cmocka_unit_test(ten_thousand_forms_for_one_victim),
        cmocka_unit_test(ten_thousand_victims),
        cmocka_unit_test(networks_are_taken_whole),
    };

    mem_init();
    crypto_init();
    return cmocka_run_group_tests(tests, make_world, database_end);
}

/* test-rule.c - one row a case: what differs from a harmless post by a member, and the verdict */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/rule.h"
#include "util/str.h"

/* What a row may change, as "name=value" pairs: settings by their names, facts by the words below. */
static void
set_fact(TALLOC_CTX *ctx, struct facts *facts, struct rule_message *message, const char *name, const char *value)
{
    const char **one = mem_array(ctx, const char *, 1);

    one[0] = value;
    if (str_eq(name, "@subject"))
        message->subject = value;
    else if (str_eq(name, "@text"))
        message->text = value;
    else if (str_eq(name, "@author"))
        message->author = *value != '\0' ? value : NULL;
    else if (str_eq(name, "@senders"))
        message->senders.count = (size_t)atoi(value);
    else if (str_eq(name, "@to"))
        message->recipients = (struct text_array){one, 1};
    else if (str_eq(name, "@to_addresses"))
        message->to_addresses = (size_t)atoi(value);
    else if (str_eq(name, "@size"))
        message->size = (size_t)atoi(value);
    else if (str_eq(name, "@list_id"))
        message->list_id = value;
    else if (str_eq(name, "@list_post"))
        message->list_post = value;
    else if (str_eq(name, "@x_loop"))
        message->x_loop = (struct text_array){one, 1};
    else if (str_eq(name, "@auto"))
        message->auto_submitted = value;
    else if (str_eq(name, "@banned"))
        facts->banned = value;
    else if (str_eq(name, "@password"))
        facts->auth.password = str_eq(value, "right") ? PASSWORD_RIGHT : PASSWORD_WRONG;
    else if (str_eq(name, "@umbrella"))
        facts->auth.umbrella = value;
    else if (str_eq(name, "@flagged"))
        facts->scan.flagged = true;
    else if (str_eq(name, "@score")) {
        facts->scan.has_score = true;
        facts->scan.score_tenths = atoi(value);
    } else if (str_eq(name, "@virus"))
        facts->scan.virus = value;
    else if (str_eq(name, "@filter") || str_eq(name, "@costly")) {
        struct filter *filter = mem_new(ctx, struct filter);

        *filter = (struct filter){.id = 1, .count = 1, .patterns = {"x"}, .action = post_action_of(value), .reject_text = "Please not."};
        if (str_eq(name, "@filter"))
            facts->filter.filter = filter;
        else
            facts->filter.costly = filter;
    } else if (str_eq(name, "@dmarc"))
        facts->auth.dmarc = value;
    else if (str_eq(name, "@policy"))
        facts->auth.dmarc_policy = value;
    else if (str_eq(name, "@submitted"))
        facts->auth.submitted = true;
    else if (str_eq(name, "@state"))
        facts->author_state = str_eq(value, "unknown") ? AUTHOR_UNKNOWN : str_eq(value, "nonmember") ? AUTHOR_NONMEMBER
            : str_eq(value, "owner") ? AUTHOR_OWNER : AUTHOR_MEMBER;
    else if (str_eq(name, "@own")) {
        facts->has_own_action = true;
        for (int action = POST_DEFER; action <= POST_DISCARD; action++)
            if (str_eq(post_action_word((enum post_action)action), value))
                facts->own_action = (enum post_action)action;
    } else {
        fail_msg("no fact %s", name);
    }
}

/* The setting goes the way of a stored value: checked, then put where the loader would. */
static void
set_setting(TALLOC_CTX *ctx, struct settings *settings, const char *name, const char *value)
{
    const struct setting_row *row = setting_row(name);
    const char *stored;
    char *member;
    struct fault fault = {0};

    assert_non_null(row);
    if (setting_check(ctx, row, value, &stored, &fault) != STATUS_OK)
        fail_msg("%s", fault.sentence);
    member = (char *)settings + row->offset;
    switch (row->kind) {
    case SETTING_BOOL: *(bool *)member = str_eq(stored, "yes"); break;
    case SETTING_INT: *(int *)member = atoi(stored); break;
    case SETTING_CHOICE:
        for (int i = 0; row->choices[i].value != NULL; i++)
            if (str_eq(row->choices[i].value, stored))
                *(int *)member = i;
        break;
    case SETTING_LINES: {
        const char **items = (const char **)str_split(ctx, stored, '\n', SIZE_MAX);
        size_t count = 0;

        while (items[count] != NULL)
            count++;
        *(struct text_array *)member = (struct text_array){items, count};
        break;
    }
    default: *(const char **)member = stored;
    }
}

static const struct {
    const char *changes[6];
    enum verdict_action action;
    const char *rule, *hits;
} cases[] = {
    /* a member's harmless post */
    {{NULL}, VERDICT_ACCEPT, "default", ""},
    {{"@state=owner"}, VERDICT_ACCEPT, "default", ""},
    /* no senders */
    {{"@senders=0", "@author="}, VERDICT_DISCARD, "no-senders", "no-senders"},
    /* loops */
    {{"@list_id=test.lists.example.jp"}, VERDICT_DISCARD, "loop", "loop"},
    {{"@list_id=other.lists.example.jp"}, VERDICT_ACCEPT, "default", ""},
    {{"@list_post=<mailto:test@lists.example.jp>"}, VERDICT_DISCARD, "loop", "loop"},
    {{"@list_post=<mailto:Test@Lists.Example.JP>"}, VERDICT_DISCARD, "loop", "loop"},
    {{"@list_post=<mailto:mytest@lists.example.jp>"}, VERDICT_ACCEPT, "default", ""},
    {{"@list_post=<mailto:my-test@lists.example.jp>"}, VERDICT_ACCEPT, "default", ""},
    {{"@list_post=<mailto:test@lists.example.jp.evil.example>"}, VERDICT_ACCEPT, "default", ""},
    {{"@x_loop=test@lists.example.jp"}, VERDICT_DISCARD, "loop", "loop"},
    /* banned, even under emergency */
    {{"@banned=hana@example.jp", "emergency=yes"}, VERDICT_DISCARD, "banned-address", "banned-address"},
    /* DMARC */
    {{"@dmarc=fail", "@policy=reject"}, VERDICT_HOLD, "dmarc-fail", "dmarc-fail"},
    {{"@dmarc=fail", "@policy=quarantine"}, VERDICT_HOLD, "dmarc-fail", "dmarc-fail"},
    {{"@dmarc=fail", "@policy=none"}, VERDICT_ACCEPT, "default", ""},
    {{"@dmarc=pass", "@policy=reject"}, VERDICT_ACCEPT, "default", ""},
    {{"@dmarc=temperror", "@policy=reject"}, VERDICT_ACCEPT, "default", ""},
    {{"@dmarc=fail", "@policy=reject", "@submitted"}, VERDICT_ACCEPT, "default", ""},
    {{"@dmarc=fail", "@policy=reject", "@own=accept"}, VERDICT_HOLD, "dmarc-fail", "dmarc-fail"},
    {{"@dmarc=pass", "@policy=reject", "dmarc_mitigate_action=reject"}, VERDICT_REJECT, "dmarc-mitigation", "dmarc-mitigation"},
    {{"@dmarc=pass", "@policy=reject", "dmarc_mitigate_action=discard"}, VERDICT_DISCARD, "dmarc-mitigation",
     "dmarc-mitigation"},
    {{"@dmarc=pass", "@policy=none", "dmarc_mitigate_action=reject"}, VERDICT_ACCEPT, "default", ""},
    /* authors */
    {{"@author="}, VERDICT_HOLD, "several-authors", "several-authors"},
    {{"@author=", "@own=accept"}, VERDICT_HOLD, "several-authors", "several-authors"},
    /* emergency */
    {{"emergency=yes"}, VERDICT_HOLD, "emergency", "emergency"},
    {{"emergency=yes", "@own=accept"}, VERDICT_HOLD, "emergency", "emergency"},
    /* members */
    {{"@own=hold"}, VERDICT_HOLD, "member-moderation", "member-moderation"},
    {{"@own=reject"}, VERDICT_REJECT, "member-moderation", "member-moderation"},
    {{"@own=discard"}, VERDICT_DISCARD, "member-moderation", "member-moderation"},
    {{"@own=accept", "@subject="}, VERDICT_ACCEPT, "member-moderation", "member-moderation"},
    {{"@own=defer", "default_member_action=hold"}, VERDICT_ACCEPT, "default", ""},
    {{"default_member_action=hold"}, VERDICT_HOLD, "member-moderation", "member-moderation"},
    {{"default_member_action=accept", "@size=9000000"}, VERDICT_ACCEPT, "member-moderation", "member-moderation"},
    /* others */
    {{"@state=unknown"}, VERDICT_HOLD, "nonmember-moderation", "nonmember-moderation"},
    {{"@state=nonmember", "@own=defer"}, VERDICT_ACCEPT, "default", ""},
    {{"@state=nonmember", "@own=discard"}, VERDICT_DISCARD, "nonmember-moderation", "nonmember-moderation"},
    {{"@state=nonmember"}, VERDICT_HOLD, "nonmember-moderation", "nonmember-moderation"},
    {{"@state=unknown", "default_nonmember_action=reject"}, VERDICT_REJECT, "nonmember-moderation", "nonmember-moderation"},
    {{"@state=unknown", "default_nonmember_action=accept"}, VERDICT_ACCEPT, "nonmember-moderation", "nonmember-moderation"},
    {{"@state=unknown", "default_nonmember_action=defer"}, VERDICT_ACCEPT, "default", ""},
    {{"@state=unknown", "accept_these_nonmembers=HANA@example.jp"}, VERDICT_ACCEPT, "default", ""},
    {{"@state=unknown", "accept_these_nonmembers=@example.jp", "@subject="}, VERDICT_HOLD, "no-subject", "no-subject"},
    {{"@state=unknown", "accept_these_nonmembers=@jp"}, VERDICT_HOLD, "nonmember-moderation", "nonmember-moderation"},
    {{"@state=unknown", "discard_these_nonmembers=^hana@", "default_nonmember_action=accept"}, VERDICT_DISCARD,
     "nonmember-moderation", "nonmember-moderation"},
    {{"@state=unknown", "reject_these_nonmembers=x@example.org\n^.*@EXAMPLE\\.jp$"}, VERDICT_REJECT, "nonmember-moderation",
     "nonmember-moderation"},
    {{"@state=unknown", "accept_these_nonmembers=@example.jp", "discard_these_nonmembers=hana@example.jp"}, VERDICT_ACCEPT,
     "default", ""},
    {{"@state=unknown", "accept_these_nonmembers=@club@lists.example.jp"}, VERDICT_ACCEPT, "default", ""},
    {{"@state=unknown", "accept_these_nonmembers=@other@lists.example.jp"}, VERDICT_HOLD, "nonmember-moderation", "nonmember-moderation"},
    {{"@state=unknown", "discard_these_nonmembers=@CLUB@Lists.Example.jp"}, VERDICT_DISCARD, "nonmember-moderation",
     "nonmember-moderation"},
    {{"@state=unknown", "accept_these_nonmembers=^(.+)+[0-9]x$"}, VERDICT_HOLD, "nonmember-moderation", "nonmember-moderation"},
    /* a moderator's password: behind DMARC's refusal and missing senders, before all else */
    {{"@password=right", "emergency=yes", "@banned=hana@example.jp", "@list_id=test.lists.example.jp"}, VERDICT_ACCEPT, "approved",
     "approved"},
    {{"@password=right", "@state=unknown", "@dmarc=fail", "@policy=reject"}, VERDICT_ACCEPT, "approved", "approved"},
    {{"@password=right", "@senders=0"}, VERDICT_DISCARD, "no-senders", "no-senders"},
    {{"@password=right", "@policy=reject", "dmarc_mitigate_action=discard"}, VERDICT_DISCARD, "dmarc-mitigation", "dmarc-mitigation"},
    {{"@password=wrong"}, VERDICT_HOLD, "wrong-password", "wrong-password"},
    {{"@password=wrong", "@state=unknown"}, VERDICT_HOLD, "nonmember-moderation", "nonmember-moderation"},
    /* header filters: behind bans, before an emergency */
    {{"@filter=discard", "emergency=yes"}, VERDICT_DISCARD, "header-filter", "header-filter"},
    {{"@filter=accept", "emergency=yes", "@state=unknown"}, VERDICT_ACCEPT, "header-filter", "header-filter"},
    {{"@filter=reject"}, VERDICT_REJECT, "header-filter", "header-filter"},
    {{"@filter=hold"}, VERDICT_HOLD, "header-filter", "header-filter"},
    {{"@filter=accept", "@banned=hana@example.jp"}, VERDICT_DISCARD, "banned-address", "banned-address"},
    {{"@costly=discard"}, VERDICT_HOLD, "header-filter", "header-filter"},
    /* what the mail server's filters say */
    {{"@flagged"}, VERDICT_HOLD, "spam", "spam"},
    {{"@flagged", "spam_action=discard", "emergency=yes"}, VERDICT_DISCARD, "spam", "spam"},
    {{"@flagged", "spam_action=defer"}, VERDICT_ACCEPT, "default", ""},
    {{"@score=99"}, VERDICT_ACCEPT, "default", ""},
    {{"@score=49", "spam_threshold=5"}, VERDICT_ACCEPT, "default", ""},
    {{"@score=50", "spam_threshold=5", "spam_action=reject"}, VERDICT_REJECT, "spam", "spam"},
    {{"@flagged", "@score=49", "spam_threshold=5"}, VERDICT_ACCEPT, "default", ""},
    {{"@flagged", "spam_threshold=5"}, VERDICT_HOLD, "spam", "spam"},
    {{"@virus=Infected (x)"}, VERDICT_DISCARD, "virus", "virus"},
    {{"@virus=Infected (x)", "virus_action=hold", "@filter=accept"}, VERDICT_ACCEPT, "header-filter", "header-filter"},
    {{"@virus=Infected (x)", "virus_action=hold", "@flagged", "spam_action=discard"}, VERDICT_HOLD, "virus", "virus"},
    {{"@virus=Infected (x)", "virus_action=accept", "@subject="}, VERDICT_HOLD, "no-subject", "no-subject"},
    /* an umbrella */
    {{"@umbrella=all@lists.example.jp", "@state=unknown", "@to=all@lists.example.jp"}, VERDICT_HOLD, "nonmember-moderation",
     "nonmember-moderation"},
    {{"@umbrella=all@lists.example.jp", "@state=unknown", "umbrella_lists=All@lists.example.jp", "@to=all@lists.example.jp"},
     VERDICT_ACCEPT, "umbrella", "umbrella"},
    {{"@umbrella=all@lists.example.jp", "umbrella_lists=all@lists.example.jp", "emergency=yes"}, VERDICT_HOLD, "emergency",
     "emergency"},
    {{"@umbrella=all@lists.example.jp", "umbrella_lists=all@lists.example.jp", "@x_loop=<test@lists.example.jp>"}, VERDICT_DISCARD,
     "loop", "loop"},
    /* authors treated as strict */
    {{"dmarc_addresses=@example.jp", "dmarc_mitigate_action=reject"}, VERDICT_REJECT, "dmarc-mitigation", "dmarc-mitigation"},
    {{"dmarc_addresses=@example.org", "dmarc_mitigate_action=reject"}, VERDICT_ACCEPT, "default", ""},
    /* commands */
    {{"@subject=unsubscribe"}, VERDICT_HOLD, "administrivia", "administrivia"},
    {{"@subject=Unsubscribe me"}, VERDICT_HOLD, "administrivia", "administrivia"},
    {{"@subject=unsubscribe me from this list please"}, VERDICT_ACCEPT, "default", ""},
    {{"@text=\n\n  unsubscribe\n"}, VERDICT_HOLD, "administrivia", "administrivia"},
    {{"@text=1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nunsubscribe\n"}, VERDICT_ACCEPT, "default", ""},
    {{"@text=退会\n"}, VERDICT_HOLD, "administrivia", "administrivia"},
    {{"@text=お世話になっております。\n\n　退会希望です。\n"}, VERDICT_HOLD, "administrivia", "administrivia"},
    {{"@subject=Re: 登録解除をお願いします"}, VERDICT_HOLD, "administrivia", "administrivia"},
    {{"@text=退会しない理由を書きます。\n"}, VERDICT_ACCEPT, "default", ""},
    {{"@subject=参加希望です"}, VERDICT_ACCEPT, "default", ""},
    {{"@subject=confirm abc"}, VERDICT_HOLD, "administrivia", "administrivia"},
    {{"@subject=confirm our meeting"}, VERDICT_ACCEPT, "default", ""},
    {{"@subject=set a b c"}, VERDICT_HOLD, "administrivia", "administrivia"},
    {{"@subject=set the table"}, VERDICT_ACCEPT, "default", ""},
    {{"@subject=password old new"}, VERDICT_HOLD, "administrivia", "administrivia"},
    {{"@subject=WHO secret"}, VERDICT_HOLD, "administrivia", "administrivia"},
    {{"@subject=options"}, VERDICT_HOLD, "administrivia", "administrivia"},
    {{"@subject=remove"}, VERDICT_HOLD, "administrivia", "administrivia"},
    {{"@subject=leave"}, VERDICT_ACCEPT, "default", ""},
    {{"@subject=help"}, VERDICT_HOLD, "administrivia", "administrivia"},
    {{"@subject=help wanted"}, VERDICT_ACCEPT, "default", ""},
    {{"@subject=unsubscribe", "administrivia=no"}, VERDICT_ACCEPT, "default", ""},
    /* destination */
    {{"@to=somebody@example.org"}, VERDICT_HOLD, "implicit-dest", "implicit-dest"},
    {{"@to=somebody@example.org", "require_explicit_destination=no"}, VERDICT_ACCEPT, "default", ""},
    {{"@to=old@example.jp", "acceptable_aliases=old@example.jp"}, VERDICT_ACCEPT, "default", ""},
    {{"@to=old@example.jp", "acceptable_aliases=^old@"}, VERDICT_ACCEPT, "default", ""},
    {{"@to=my-old@example.jp", "acceptable_aliases=^old@"}, VERDICT_HOLD, "implicit-dest", "implicit-dest"},
    {{"@to=old@example.jp", "acceptable_aliases=other@example.jp\nOLD@Example.jp"}, VERDICT_ACCEPT, "default", ""},
    /* numbers */
    {{"@to_addresses=9"}, VERDICT_ACCEPT, "default", ""},
    {{"@to_addresses=10"}, VERDICT_HOLD, "max-recipients", "max-recipients"},
    {{"@to_addresses=1000", "max_num_recipients=0"}, VERDICT_ACCEPT, "default", ""},
    {{"@size=1048576"}, VERDICT_ACCEPT, "default", ""},
    {{"@size=1048577"}, VERDICT_HOLD, "max-size", "max-size"},
    {{"@size=40961", "max_message_size=40"}, VERDICT_HOLD, "max-size", "max-size"},
    {{"@size=99999999", "max_message_size=0"}, VERDICT_ACCEPT, "default", ""},
    /* subject */
    {{"@subject="}, VERDICT_HOLD, "no-subject", "no-subject"},
    {{"@subject=", "no_subject_action=defer"}, VERDICT_ACCEPT, "default", ""},
    {{"@subject=", "no_subject_action=accept"}, VERDICT_ACCEPT, "default", ""},
    {{"@subject=", "no_subject_action=reject"}, VERDICT_REJECT, "no-subject", "no-subject"},
    /* machines */
    {{"@auto=auto-replied"}, VERDICT_HOLD, "auto-reply", "auto-reply"},
    {{"@auto=auto-generated"}, VERDICT_ACCEPT, "default", ""},
    {{"@auto=no"}, VERDICT_ACCEPT, "default", ""},
    /* several together: the severest decides, the first of the severest is named, all are told */
    {{"@subject=", "@size=9000000"}, VERDICT_HOLD, "max-size", "max-size no-subject"},
    {{"@subject=", "@size=9000000", "no_subject_action=discard"}, VERDICT_DISCARD, "no-subject", "max-size no-subject"},
};

static char *
joined(TALLOC_CTX *ctx, struct text_array array)
{
    struct str *text = str_new(ctx);

    for (size_t i = 0; i < array.count; i++)
        str_addf(text, "%s%s", i > 0 ? " " : "", array.items[i]);
    return text->s;
}

static struct facts *
harmless(TALLOC_CTX *ctx, struct rule_message *message)
{
    static const char *const list_address[] = {"test@lists.example.jp"}, *const senders[] = {"hana@example.jp"};
    struct facts *facts = mem_new(ctx, struct facts);

    *message = (struct rule_message){.subject = "Spring concert", .from_fields = 1, .from_addresses = 1,
                                     .author = "hana@example.jp", .envelope_sender = "hana@example.jp", .senders = {senders, 1},
                                     .recipients = {list_address, 1}, .to_addresses = 1, .size = 10000, .text = "Hello all,\n"};
    *facts = (struct facts){.settings = settings_default(ctx), .list_address = "test@lists.example.jp",
                            .list_id = "test.lists.example.jp", .message = message, .author_state = AUTHOR_MEMBER,
                            .auth = {.dmarc = "none"}};
    return facts;
}

static void
every_row_is_judged_so(void **state)
{
    static const char *const lists[] = {"club@lists.example.jp"};
    const struct text_array memberships = {lists, 1};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct rule_message message;
        struct facts *facts = harmless(ctx, &message);
        struct verdict *verdict;

        for (size_t k = 0; k < COUNT_OF(cases[i].changes) && cases[i].changes[k] != NULL; k++) {
            char *name = mem_strdup(ctx, cases[i].changes[k]), *equals = strchr(name, '=');
            const char *value = equals != NULL ? equals + 1 : "";

            if (equals != NULL)
                *equals = '\0';
            if (*name == '@')
                set_fact(ctx, facts, &message, name, value);
            else
                set_setting(ctx, (struct settings *)facts->settings, name, value);
        }
        facts_find_listed(facts, NULL, memberships);
        verdict = rules_judge(ctx, facts);
        if (verdict->action != cases[i].action || !str_eq(verdict->rule, cases[i].rule)
            || !str_eq(joined(ctx, verdict->hits), cases[i].hits))
            fail_msg("row %zu (%s): %s by %s, hits \"%s\"", i, cases[i].changes[0], verdict_word(verdict->action), verdict->rule,
                     joined(ctx, verdict->hits));
        assert_int_equal(verdict->reasons.count, verdict->hits.count);
        assert_non_null(verdict->reason);
        talloc_free(ctx);
    }
}

/* Each rule stands in at least one row as the one that settled it: a rule without a row is not proved. */
static void
every_rule_has_a_row(void **state)
{
    (void)state;
    for (const struct rule_row *rule = rule_rows(); rule->name != NULL; rule++) {
        bool found = false;

        for (size_t i = 0; i < COUNT_OF(cases); i++)
            found = found || str_eq(cases[i].rule, rule->name);
        if (!found)
            fail_msg("no row for %s", rule->name);
    }
}

/* Names and order of Mailman 3.3.10; rules of ours may stand between them. Behind the first nine every hit is told. */
static void
the_order_is_mailmans(void **state)
{
    static const char *const order[] = {
        "dmarc-mitigation", "no-senders", "approved", "loop", "banned-address", "header-filter", "emergency", "member-moderation",
        "nonmember-moderation", "administrivia", "implicit-dest", "max-recipients", "max-size", "no-subject",
    };
    enum { SETTLING = 9 };
    size_t found = 0;

    (void)state;
    for (const struct rule_row *rule = rule_rows(); rule->name != NULL; rule++) {
        found += found < COUNT_OF(order) && str_eq(rule->name, order[found]);
        assert_int_equal(rule->settles, found <= SETTLING);
    }
    assert_int_equal(found, COUNT_OF(order));
}

static void
hits_and_misses_are_all_rules(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct rule_message message;
    struct facts *facts = harmless(ctx, &message);
    struct verdict *verdict = rules_judge(ctx, facts);
    size_t rules = 0;

    (void)state;
    while (rule_rows()[rules].name != NULL)
        rules++;
    assert_int_equal(verdict->misses.count, rules);
    assert_non_null(strstr(facts_json(ctx, facts), "\"author_state\": \"member\""));
    talloc_free(ctx);
}

/* Every line is as many as there are rules; behind the one that settled it none is asked. */
static void
it_is_explained(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct rule_message message;
    struct facts *facts = harmless(ctx, &message);
    struct verdict *verdict;
    struct rule_line *lines;
    bool is_settled = false;

    (void)state;
    ((struct settings *)facts->settings)->emergency = true;
    lines = rules_explain(ctx, facts, &verdict);
    assert_string_equal(verdict->rule, "emergency");
    for (size_t i = 0; rule_rows()[i].name != NULL; i++) {
        assert_string_equal(lines[i].name, rule_rows()[i].name);
        assert_int_equal(lines[i].answer, is_settled ? RULE_NOT_ASKED : str_eq(lines[i].name, "emergency") ? RULE_HIT : RULE_MISSED);
        is_settled = is_settled || lines[i].answer == RULE_HIT;
        assert_non_null(lines[i].question);
    }
    talloc_free(ctx);
}

/* An owner's own words, of the rule that decided. */
static void
refusals_have_words(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct rule_message message;
    struct facts *facts = harmless(ctx, &message);
    struct filter filter = {.id = 1, .count = 1, .patterns = {"x"}, .action = POST_REJECT, .reject_text = "Please not."};

    (void)state;
    facts->filter.filter = &filter;
    assert_string_equal(rules_judge(ctx, facts)->reject_text, "Please not.");
    filter.reject_text = "";
    assert_null(rules_judge(ctx, facts)->reject_text);
    facts->filter.filter = NULL;
    facts->author_state = AUTHOR_UNKNOWN;
    set_setting(ctx, (struct settings *)facts->settings, "default_nonmember_action", "reject");
    set_setting(ctx, (struct settings *)facts->settings, "nonmember_rejection_notice", "Join first.");
    assert_string_equal(rules_judge(ctx, facts)->reject_text, "Join first.");
    talloc_free(ctx);
}

/* --- what the mail server's filters wrote --- */

static const struct { const char *head; int received; const char *own; bool flagged, has_score; int tenths; const char *virus; } scans[] = {
    {"X-Spam-Flag: YES\r\nReceived: us\r\n", 1, "", true, false, 0, NULL},
    {"Received: us\r\nX-Spam-Flag: YES\r\n", 1, "", false, false, 0, NULL},
    {"Received: us\r\nX-Spam-Flag: YES\r\n", 0, "", true, false, 0, NULL},
    {"Received: us\r\nX-Spam-Flag: YES\r\nReceived: us too\r\nX-Virus-Status: Infected\r\n", 2, "", true, false, 0, NULL},
    {"X-Spam-Flag: NO\r\nX-Spam-Score: 7.3\r\nReceived: us\r\n", 1, "", false, true, 73, NULL},
    {"X-Spam-Status: Yes, score=12.5 required=5.0\r\nReceived: us\r\n", 1, "", true, true, 125, NULL},
    {"X-Spam-Level: *****\r\nReceived: us\r\n", 1, "", false, true, 50, NULL},
    {"X-Spam-Score: -1.5\r\nReceived: us\r\n", 1, "", false, true, -15, NULL},
    {"X-Spam-Score: nan\r\nReceived: us\r\n", 1, "", false, false, 0, NULL},
    {"X-Spam-Score: 1e99\r\nReceived: us\r\n", 1, "", false, false, 0, NULL},
    {"X-Our-Score: 4\r\nX-Spam-Score: 9\r\nReceived: us\r\n", 1, "X-Our-Score", false, true, 40, NULL},
    {"X-Virus-Status: Infected (Eicar)\r\nReceived: us\r\n", 1, "", false, false, 0, "Infected (Eicar)"},
    {"X-Virus-Status: Clean\r\nReceived: us\r\n", 1, "", false, false, 0, NULL},
    {"X-Spam-Flag: YES\r\n", 1, "", false, false, 0, NULL},
};

static void
only_our_own_filter_is_believed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(scans); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct settings *settings = settings_default(ctx);
        struct header *header = header_parse(ctx, blob_of(mem_printf(ctx, "%sSubject: x\r\n\r\n", scans[i].head)));
        struct rule_scan scan;

        settings->spam_received_fields = scans[i].received;
        settings->spam_score_field = scans[i].own;
        scan = rule_scan_read(ctx, header, settings);
        if (scan.flagged != scans[i].flagged || scan.has_score != scans[i].has_score
            || (scan.has_score && scan.score_tenths != scans[i].tenths) || !str_eq(scan.virus, scans[i].virus))
            fail_msg("row %zu: flagged %d, score %d %d, virus %s", i, scan.flagged, scan.has_score, scan.score_tenths, scan.virus);
        talloc_free(ctx);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_explained),
        cmocka_unit_test(refusals_have_words),
        cmocka_unit_test(only_our_own_filter_is_believed),
        cmocka_unit_test(every_row_is_judged_so),
        cmocka_unit_test(every_rule_has_a_row),
        cmocka_unit_test(the_order_is_mailmans),
        cmocka_unit_test(hits_and_misses_are_all_rules),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

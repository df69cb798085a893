/* rule.c - the rules, and how their findings become a verdict */
#include <ctype.h>
#include <string.h>

#include "policy/pattern.h"
#include "policy/rule.h"
#include "util/str.h"

static const char *const action_words[] = {
    [VERDICT_ACCEPT] = "accept", [VERDICT_HOLD] = "hold", [VERDICT_REJECT] = "reject", [VERDICT_DISCARD] = "discard",
};

const char *
verdict_word(enum verdict_action action)
{
    return action_words[action];
}

/* --- findings --- */

enum rule_kind { SETTLES, COLLECTS };

struct finding {
    bool hit;
    bool has_action;            /* another action than the row's: */
    enum verdict_action action;
    const char *reason;         /* NULL: the row's */
};

static struct finding
hit_if(bool hit)
{
    return (struct finding){.hit = hit};
}

/* A setting's word as a finding; DEFER leaves it to the other rules. */
static struct finding
by_setting(enum post_action action, const char *reason)
{
    static const enum verdict_action meanings[] = {
        [POST_DEFER] = VERDICT_ACCEPT, [POST_ACCEPT] = VERDICT_ACCEPT, [POST_HOLD] = VERDICT_HOLD,
        [POST_REJECT] = VERDICT_REJECT, [POST_DISCARD] = VERDICT_DISCARD,
    };

    return (struct finding){action != POST_DEFER, true, meanings[action], reason};
}

/* --- the rules, in the order of rules.def --- */

static struct finding
rule_no_senders(const struct facts *facts)
{
    return hit_if(facts->message->senders.count == 0);
}

static bool
names_address(const char *text, const char *address)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *lower = str_lower(ctx, text), *found = lower;
    size_t len = strlen(address);
    bool named = false;

    while (!named && (found = strstr(found, address)) != NULL) {
        char before = found > lower ? found[-1] : ' ', after = found[len];

        named = !isalnum((unsigned char)before) && strchr("._+-", before) == NULL && !isalnum((unsigned char)after)
            && (after == '\0' || strchr("-_.", after) == NULL);
        found++;
    }
    talloc_free(ctx);
    return named;
}

static struct finding
rule_loop(const struct facts *facts)
{
    const struct rule_message *message = facts->message;
    bool looped = str_eq(message->list_id, facts->list_id)
        || (message->list_post != NULL && names_address(message->list_post, facts->list_address));

    for (size_t i = 0; i < message->x_loop.count; i++)
        looped = looped || names_address(message->x_loop.items[i], facts->list_address);
    return hit_if(looped);
}

static struct finding
rule_banned_address(const struct facts *facts)
{
    return hit_if(facts->banned != NULL);
}

static bool
asks_for_enforcement(const struct facts *facts)
{
    return str_eq(facts->auth.dmarc_policy, "quarantine") || str_eq(facts->auth.dmarc_policy, "reject");
}

static struct finding
rule_dmarc_mitigation(const struct facts *facts)
{
    enum mitigate_action action = facts->settings->dmarc_mitigate_action;
    bool refuses = action == MITIGATE_REJECT || action == MITIGATE_DISCARD;
    bool is_named = facts->message->author != NULL &&
        pattern_find(facts->settings->dmarc_addresses, facts->message->author) != NULL;

    return (struct finding){refuses && (is_named || asks_for_enforcement(facts)), action == MITIGATE_DISCARD, VERDICT_DISCARD, NULL};
}

static struct finding
rule_dmarc_fail(const struct facts *facts)
{
    return hit_if(!facts->auth.submitted && str_eq(facts->auth.dmarc, "fail") && asks_for_enforcement(facts));
}

static struct finding
rule_several_authors(const struct facts *facts)
{
    return hit_if(facts->message->author == NULL);
}

static struct finding
rule_emergency(const struct facts *facts)
{
    return hit_if(facts->settings->emergency);
}

static struct finding
rule_member_moderation(const struct facts *facts)
{
    if (facts->author_state < AUTHOR_MEMBER)
        return hit_if(false);
    if (facts->has_own_action)
        return by_setting(facts->own_action, facts->own_action == POST_ACCEPT ? N_("Posts by this member always pass.") : NULL);
    return by_setting(facts->settings->default_member_action,
                      facts->settings->default_member_action == POST_ACCEPT ? N_("Posts by members always pass.")
                                                                            : N_("Posts by members are moderated."));
}

static struct finding
rule_nonmember_moderation(const struct facts *facts)
{
    const struct settings *settings = facts->settings;
    const char *author = facts->message->author;
    const struct { const struct text_array *patterns; enum post_action action; const char *reason; } lists[] = {
        {&settings->accept_these_nonmembers, POST_DEFER, NULL},
        {&settings->hold_these_nonmembers, POST_HOLD, N_("Posts by this author are held.")},
        {&settings->reject_these_nonmembers, POST_REJECT, N_("Posts by this author are refused.")},
        {&settings->discard_these_nonmembers, POST_DISCARD, N_("Posts by this author are discarded.")},
    };

    if (facts->author_state >= AUTHOR_MEMBER)
        return hit_if(false);
    if (facts->author_state == AUTHOR_NONMEMBER && facts->has_own_action)
        return by_setting(facts->own_action, facts->own_action == POST_ACCEPT ? N_("Posts by this author always pass.") : NULL);
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (pattern_find(*lists[i].patterns, author) != NULL)
            return by_setting(lists[i].action, lists[i].reason);
    return by_setting(settings->default_nonmember_action,
                      settings->default_nonmember_action == POST_ACCEPT ? N_("Posts by people outside the list always pass.") : NULL);
}

/* Commands with as many words behind them as they may have. The Japanese ones are what people write who want to leave. */
static const struct { const char *word; size_t least, most; } commands[] = {
    {"confirm", 1, 1}, {"help", 0, 0}, {"info", 0, 0}, {"lists", 0, 0}, {"options", 0, 0}, {"password", 2, 2},
    {"remove", 0, 0}, {"set", 3, 3}, {"subscribe", 0, 3}, {"unsubscribe", 0, 1}, {"who", 0, 1}, {"退会", 0, 1}, {"脱退", 0, 1},
};
enum { COMMAND_LINES = 10, COMMAND_WORDS = 6, COMMAND_LINE_MAX = 200 };

static bool
is_command(TALLOC_CTX *ctx, const char *line, size_t len)
{
    char *text = str_trim(ctx, mem_strndup(ctx, line, len < COMMAND_LINE_MAX ? len : COMMAND_LINE_MAX)), *rest = NULL, *first;
    size_t arguments = 0;

    first = strtok_r(text, " \t", &rest);
    if (first == NULL)
        return false;
    while (arguments < COMMAND_WORDS && strtok_r(NULL, " \t", &rest) != NULL)
        arguments++;
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (str_eq_nocase(first, commands[i].word))
            return arguments >= commands[i].least && arguments <= commands[i].most;
    return false;
}

static struct finding
rule_administrivia(const struct facts *facts)
{
    const struct rule_message *message = facts->message;
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *line = message->text;
    bool found = false;

    if (facts->settings->administrivia) {
        found = is_command(ctx, message->subject, strlen(message->subject));
        for (int lines = 0; lines < COMMAND_LINES && !found && *line != '\0';) {
            size_t len = strcspn(line, "\n");

            lines += strspn(line, " \t") < len;
            found = is_command(ctx, line, len);
            line += len + (line[len] == '\n');
        }
    }
    talloc_free(ctx);
    return hit_if(found);
}

static bool
is_address_of_list(const struct facts *facts, const char *key)
{
    bool is = str_eq(key, facts->list_address);

    for (size_t i = 0; i < facts->list_addresses.count && !is; i++)
        is = str_eq(key, facts->list_addresses.items[i]);
    return is;
}

static struct finding
rule_implicit_dest(const struct facts *facts)
{
    const struct rule_message *message = facts->message;
    bool named = !facts->settings->require_explicit_destination;

    for (size_t i = 0; i < message->recipients.count && !named; i++)
        named = is_address_of_list(facts, message->recipients.items[i])
            || pattern_find(facts->settings->acceptable_aliases, message->recipients.items[i]) != NULL;
    return hit_if(!named);
}

static struct finding
rule_max_recipients(const struct facts *facts)
{
    size_t most = (size_t)facts->settings->max_num_recipients;

    return hit_if(most > 0 && facts->message->to_addresses >= most);
}

static struct finding
rule_max_size(const struct facts *facts)
{
    size_t most = (size_t)facts->settings->max_message_size;

    return hit_if(most > 0 && facts->message->size > most * 1024);
}

static struct finding
rule_no_subject(const struct facts *facts)
{
    enum post_action action = facts->settings->no_subject_action;

    if (!str_is_empty(facts->message->subject) || action == POST_ACCEPT)
        return hit_if(false);
    return by_setting(action, NULL);
}

static struct finding
rule_auto_reply(const struct facts *facts)
{
    return hit_if(str_eq(facts->message->auto_submitted, "auto-replied"));
}

/* --- the table --- */

struct rule {
    const char *name;
    struct finding (*ask)(const struct facts *facts);
    enum rule_kind kind;
    enum verdict_action action;
    const char *reason;
};

#define RULE(name, function, kind, action, reason) {name, function, kind, action, reason},
static const struct rule rules[] = {
#include "policy/rules.def"
};
#undef RULE

#define RULE(name, function, kind, action, reason) {name, kind == SETTLES, action, reason},
static const struct rule_row rows[] = {
#include "policy/rules.def"
    {NULL, false, VERDICT_ACCEPT, NULL},
};
#undef RULE

const struct rule_row *
rule_rows(void)
{
    return rows;
}

/* --- the verdict --- */

/* Room for every rule; an array of the verdict's that grows by one. */
static void
add_text(struct text_array *array, const char *text)
{
    const char **items = (const char **)array->items;

    items[array->count++] = text;
}

static void
note_hit(struct verdict *verdict, const struct rule *rule, const struct finding *finding)
{
    const char *reason = finding->reason != NULL ? finding->reason : rule->reason;
    enum verdict_action action = finding->has_action ? finding->action : rule->action;

    add_text(&verdict->hits, rule->name);
    add_text(&verdict->reasons, reason);
    if (verdict->rule != NULL && action <= verdict->action)
        return;
    verdict->action = action;
    verdict->rule = rule->name;
    verdict->reason = reason;
}

struct verdict *
rules_judge(TALLOC_CTX *ctx, const struct facts *facts)
{
    struct verdict *verdict = mem_new(ctx, struct verdict);

    verdict->hits.items = mem_array(verdict, const char *, COUNT_OF(rules));
    verdict->misses.items = mem_array(verdict, const char *, COUNT_OF(rules));
    verdict->reasons.items = mem_array(verdict, const char *, COUNT_OF(rules));
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        struct finding finding = rules[i].ask(facts);

        if (!finding.hit)
            add_text(&verdict->misses, rules[i].name);
        else
            note_hit(verdict, &rules[i], &finding);
        if (finding.hit && rules[i].kind == SETTLES)
            return verdict;
    }
    if (verdict->rule == NULL) {
        verdict->action = VERDICT_ACCEPT;
        verdict->rule = "default";
        verdict->reason = N_("No rule spoke against it.");
    }
    return verdict;
}

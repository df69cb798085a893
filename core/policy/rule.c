/* rule.c - the table of the rules, and how their findings become a verdict */
#include "policy/rule-private.h"
#include "util/str.h"

static const char *const action_words[] = {
    [VERDICT_ACCEPT] = "accept", [VERDICT_HOLD] = "hold", [VERDICT_REJECT] = "reject", [VERDICT_DISCARD] = "discard",
};

const char *
verdict_word(enum verdict_action action)
{
    return action_words[action];
}

enum verdict_action
verdict_of(enum post_action action)
{
    static const enum verdict_action meanings[] = {
        [POST_DEFER] = VERDICT_ACCEPT, [POST_ACCEPT] = VERDICT_ACCEPT, [POST_HOLD] = VERDICT_HOLD,
        [POST_REJECT] = VERDICT_REJECT, [POST_DISCARD] = VERDICT_DISCARD,
    };

    return meanings[action];
}

struct finding
by_setting(enum post_action action, const char *reason)
{
    return (struct finding){.hit = action != POST_DEFER, .has_action = true, .action = verdict_of(action), .reason = reason};
}

/* --- the table --- */

enum rule_kind { SETTLES, COLLECTS };

struct rule {
    const char *name;
    struct finding (*ask)(const struct facts *facts);
    enum rule_kind kind;
    enum verdict_action action;
    const char *reason, *question;
};

#define RULE(name, function, kind, action, reason, question) {name, function, kind, action, reason, question},
static const struct rule rules[] = {
#include "policy/rules.def"
};
#undef RULE

#define RULE(name, function, kind, action, reason, question) {name, kind == SETTLES, action, reason, question},
static const struct rule_row rows[] = {
#include "policy/rules.def"
    {NULL, false, VERDICT_ACCEPT, NULL, NULL},
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
note_hit(struct verdict *verdict, const struct rule *rule, const struct finding *finding, struct rule_line *line)
{
    line->answer = RULE_HIT;
    line->reason = finding->reason != NULL ? finding->reason : rule->reason;
    line->action = finding->has_action ? finding->action : rule->action;
    add_text(&verdict->hits, rule->name);
    add_text(&verdict->reasons, line->reason);
    if (verdict->rule != NULL && line->action <= verdict->action)
        return;
    verdict->action = line->action;
    verdict->rule = rule->name;
    verdict->reason = line->reason;
    verdict->reject_text = str_is_empty(finding->reject_text) ? NULL : finding->reject_text;
}

static struct verdict *
verdict_new(TALLOC_CTX *ctx)
{
    struct verdict *verdict = mem_new(ctx, struct verdict);

    verdict->hits.items = mem_array(verdict, const char *, COUNT_OF(rules));
    verdict->misses.items = mem_array(verdict, const char *, COUNT_OF(rules));
    verdict->reasons.items = mem_array(verdict, const char *, COUNT_OF(rules));
    return verdict;
}

struct rule_line *
rules_explain(TALLOC_CTX *ctx, const struct facts *facts, struct verdict **verdict_r)
{
    struct verdict *verdict = *verdict_r = verdict_new(ctx);
    struct rule_line *lines = mem_array(ctx, struct rule_line, COUNT_OF(rules));
    bool is_settled = false;

    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        struct finding finding;

        lines[i] = (struct rule_line){.name = rules[i].name, .question = rules[i].question, .answer = RULE_NOT_ASKED};
        if (is_settled)
            continue;
        finding = rules[i].ask(facts);
        lines[i].answer = RULE_MISSED;
        lines[i].detail = finding.detail;
        if (finding.hit)
            note_hit(verdict, &rules[i], &finding, &lines[i]);
        else
            add_text(&verdict->misses, rules[i].name);
        is_settled = finding.hit && rules[i].kind == SETTLES;
    }
    if (verdict->rule == NULL) {
        verdict->action = VERDICT_ACCEPT;
        verdict->rule = "default";
        verdict->reason = N_("No rule spoke against it.");
    }
    return lines;
}

struct verdict *
rules_judge(TALLOC_CTX *ctx, const struct facts *facts)
{
    struct verdict *verdict;
    struct rule_line *lines = rules_explain(ctx, facts, &verdict);

    talloc_free(lines);
    return verdict;
}

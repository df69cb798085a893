/* rule-private.h - what the files of the rules share; nobody else includes this */
#ifndef KAIRAN_POLICY_RULE_PRIVATE_H
#define KAIRAN_POLICY_RULE_PRIVATE_H

#include "policy/rule.h"

struct finding {
    bool hit;
    bool has_action;            /* another action than the row's: */
    enum verdict_action action;
    const char *reason;         /* NULL: the row's */
    const char *reject_text;    /* NULL: the reason is told */
    const char *detail;
};

static inline struct finding
hit_if(bool hit)
{
    return (struct finding){.hit = hit};
}

/* A setting's word as a finding; DEFER leaves it to the other rules. */
struct finding by_setting(enum post_action action, const char *reason);
enum verdict_action verdict_of(enum post_action action);

/* What two rules ask and the stored facts tell, whatever the settings say. */
bool rule_is_command(const struct rule_message *message);
bool rule_is_named(const struct facts *facts);

#define RULE(name, function, kind, action, reason, question) struct finding function(const struct facts *facts);
#include "policy/rules.def"
#undef RULE

#endif

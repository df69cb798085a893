/* rule-sender.c - rules about who sent it: proved, banned, member or not */
#include "policy/pattern.h"
#include "policy/rule-private.h"
#include "util/str.h"

struct finding
rule_no_senders(const struct facts *facts)
{
    return hit_if(facts->message->senders.count == 0);
}

struct finding
rule_approved(const struct facts *facts)
{
    return hit_if(facts->auth.password == PASSWORD_RIGHT);
}

struct finding
rule_wrong_password(const struct facts *facts)
{
    return hit_if(facts->auth.password == PASSWORD_WRONG || facts->auth.password == PASSWORD_LIMITED);
}

struct finding
rule_banned_address(const struct facts *facts)
{
    return (struct finding){.hit = facts->banned != NULL, .detail = facts->banned_by};
}

static bool
asks_for_enforcement(const struct facts *facts)
{
    return str_eq(facts->auth.dmarc_policy, "quarantine") || str_eq(facts->auth.dmarc_policy, "reject");
}

struct finding
rule_dmarc_mitigation(const struct facts *facts)
{
    enum mitigate_action action = facts->settings->dmarc_mitigate_action;
    bool refuses = action == MITIGATE_REJECT || action == MITIGATE_DISCARD;
    const char *listed = facts->message->author != NULL ? pattern_find(facts->settings->dmarc_addresses, facts->message->author)
                                                        : NULL;

    return (struct finding){.hit = refuses && (listed != NULL || asks_for_enforcement(facts)),
                            .has_action = action == MITIGATE_DISCARD, .action = VERDICT_DISCARD,
                            .reject_text = facts->settings->dmarc_moderation_notice, .detail = listed};
}

struct finding
rule_dmarc_fail(const struct facts *facts)
{
    return hit_if(!facts->auth.submitted && str_eq(facts->auth.dmarc, "fail") && asks_for_enforcement(facts));
}

struct finding
rule_several_authors(const struct facts *facts)
{
    return hit_if(facts->message->author == NULL);
}

struct finding
rule_emergency(const struct facts *facts)
{
    return hit_if(facts->settings->emergency);
}

struct finding
rule_umbrella(const struct facts *facts)
{
    const char *umbrella = facts->auth.umbrella;

    return (struct finding){.hit = umbrella != NULL && pattern_find(facts->settings->umbrella_lists, umbrella) != NULL,
                            .detail = umbrella};
}

static struct finding
by_member(enum post_action action, const char *reason, const struct settings *settings)
{
    struct finding finding = by_setting(action, reason);

    finding.reject_text = settings->member_moderation_notice;
    return finding;
}

struct finding
rule_member_moderation(const struct facts *facts)
{
    const struct settings *settings = facts->settings;
    enum post_action action = settings->default_member_action;

    if (facts->author_state < AUTHOR_MEMBER)
        return hit_if(false);
    if (facts->has_own_action)
        return by_member(facts->own_action, facts->own_action == POST_ACCEPT ? N_("Posts by this member always pass.") : NULL,
                         settings);
    return by_member(action, action == POST_ACCEPT ? N_("Posts by members always pass.") : N_("Posts by members are moderated."),
                     settings);
}

static struct finding
by_nonmember(enum post_action action, const char *reason, const struct facts *facts)
{
    struct finding finding = by_setting(action, reason);

    finding.reject_text = facts->settings->nonmember_rejection_notice;
    finding.detail = facts->listed;
    return finding;
}

struct finding
rule_nonmember_moderation(const struct facts *facts)
{
    static const struct { enum post_action action; const char *reason; } lists[] = {
        [LINES_ACCEPT] = {POST_DEFER, NULL},
        [LINES_HOLD] = {POST_HOLD, N_("Posts by this author are held.")},
        [LINES_REJECT] = {POST_REJECT, N_("Posts by this author are refused.")},
        [LINES_DISCARD] = {POST_DISCARD, N_("Posts by this author are discarded.")},
    };
    enum post_action action = facts->settings->default_nonmember_action;

    if (facts->author_state >= AUTHOR_MEMBER)
        return hit_if(false);
    if (facts->author_state == AUTHOR_NONMEMBER && facts->has_own_action)
        return by_nonmember(facts->own_action, facts->own_action == POST_ACCEPT ? N_("Posts by this author always pass.") : NULL,
                            facts);
    if (facts->listed != NULL)
        return by_nonmember(lists[facts->listed_in].action, lists[facts->listed_in].reason, facts);
    return by_nonmember(action, action == POST_ACCEPT ? N_("Posts by people outside the list always pass.") : NULL, facts);
}

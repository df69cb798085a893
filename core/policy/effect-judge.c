/* effect-judge.c - what a state of the settings would have done with one post of the past */
#include "policy/effect-private.h"
#include "util/str.h"

struct choice *
choice_new(TALLOC_CTX *ctx, const struct settings *settings)
{
    struct choice *choice = mem_new(ctx, struct choice);

    *choice = (struct choice){.settings = settings, .lines = {
        settings->accept_these_nonmembers, settings->hold_these_nonmembers, settings->reject_these_nonmembers,
        settings->discard_these_nonmembers}};
    for (int i = 0; i < LISTED_COUNT; i++)
        choice->sets[i] = pattern_set_new(choice, choice->lines[i]);
    return choice;
}

/* --- whose From stays --- */

static bool
is_strict(const past *post)
{
    return str_eq(post->dmarc_policy, "quarantine") || str_eq(post->dmarc_policy, "reject");
}

static bool
is_named(const past *post, const struct settings *settings)
{
    return post->author != NULL && pattern_find(settings->dmarc_addresses, post->author) != NULL;
}

/* Does the list change or replace so much that no author's signature could help? */
static bool
breaks(const past *post, const struct settings *settings)
{
    enum mitigate_action action = settings->dmarc_mitigate_action;

    return settings->anonymous_list || settings->dmarc_mitigate_unconditionally || !str_is_empty(settings->subject_prefix) ||
           post->has_text || (action != MITIGATE_NONE && is_named(post, settings)) || (action == MITIGATE_MUNGE && is_strict(post));
}

bool
keeps_from(const past *post, const struct settings *settings, const struct settings *now)
{
    if (settings->anonymous_list || settings->dmarc_mitigate_unconditionally)
        return false;
    if (settings->dmarc_mitigate_action == MITIGATE_NONE && !is_strict(post))
        return true;
    /* A signed post that lost its From though the list changed nothing has a signature that proves nothing. */
    return !breaks(post, settings) && (post->is_kept || (post->is_signed && breaks(post, now)));
}

/* --- what each rule would say: POST_DEFER when nothing --- */

static enum post_action
hold_if(bool hit)
{
    return hit ? POST_HOLD : POST_DEFER;
}

static bool
is_member(const past *post)
{
    return !str_eq(post->author_state, "unknown") && !str_eq(post->author_state, "nonmember");
}

static enum post_action
ask_emergency(const past *post, const struct choice *choice)
{
    (void)post;
    return hold_if(choice->settings->emergency);
}

static enum post_action
ask_member(const past *post, const struct choice *choice)
{
    return is_member(post) && !post->has_own_action ? choice->settings->default_member_action : POST_DEFER;
}

/* A line @list@domain is known by the line that hit when the post was judged. */
static bool
is_listed(const past *post, const struct choice *choice, int list)
{
    for (size_t i = 0; i < choice->lines[list].count && post->listed != NULL; i++)
        if (str_eq_nocase(choice->lines[list].items[i], post->listed))
            return true;
    return pattern_set_find(choice->sets[list], post->author, (struct text_array){NULL, 0}) != NULL;
}

static enum post_action
ask_nonmember(const past *post, const struct choice *choice)
{
    static const enum post_action actions[] = {
        [LISTED_ACCEPT] = POST_DEFER, [LISTED_HOLD] = POST_HOLD, [LISTED_REJECT] = POST_REJECT, [LISTED_DISCARD] = POST_DISCARD,
    };

    if (is_member(post) || post->has_own_action || post->author == NULL)
        return POST_DEFER;
    for (int list = 0; list < LISTED_COUNT; list++)
        if (is_listed(post, choice, list))
            return actions[list];
    return choice->settings->default_nonmember_action;
}

static enum post_action
ask_destination(const past *post, const struct choice *choice)
{
    return hold_if(choice->settings->require_explicit_destination && !post->is_named);
}

static enum post_action
ask_command(const past *post, const struct choice *choice)
{
    return hold_if(choice->settings->administrivia && post->is_command);
}

static enum post_action
ask_size(const past *post, const struct choice *choice)
{
    return hold_if(choice->settings->max_message_size > 0 && post->size > choice->settings->max_message_size * INT64_C(1024));
}

static enum post_action
ask_recipients(const past *post, const struct choice *choice)
{
    return hold_if(choice->settings->max_num_recipients > 0 && post->to_addresses >= choice->settings->max_num_recipients);
}

static enum post_action
ask_subject(const past *post, const struct choice *choice)
{
    return post->has_subject ? POST_DEFER : choice->settings->no_subject_action;
}

static enum post_action
ask_dmarc(const past *post, const struct choice *choice)
{
    enum mitigate_action action = choice->settings->dmarc_mitigate_action;

    if ((action != MITIGATE_REJECT && action != MITIGATE_DISCARD) || (!is_strict(post) && !is_named(post, choice->settings)))
        return POST_DEFER;
    return action == MITIGATE_REJECT ? POST_REJECT : POST_DISCARD;
}

static enum post_action
ask_spam(const past *post, const struct choice *choice)
{
    int threshold = choice->settings->spam_threshold;
    bool is_spam = threshold > 0 && post->has_score ? post->score_tenths >= threshold * 10 : post->is_spam;

    return is_spam ? choice->settings->spam_action : POST_DEFER;
}

static enum post_action
ask_virus(const past *post, const struct choice *choice)
{
    return post->has_virus ? choice->settings->virus_action : POST_DEFER;
}

static const struct asker askers[] = {
    {"emergency", "emergency", ask_emergency},
    {"default_member_action", "member-moderation", ask_member},
    {"default_nonmember_action", "nonmember-moderation", ask_nonmember},
    {"accept_these_nonmembers", "nonmember-moderation", ask_nonmember},
    {"hold_these_nonmembers", "nonmember-moderation", ask_nonmember},
    {"reject_these_nonmembers", "nonmember-moderation", ask_nonmember},
    {"discard_these_nonmembers", "nonmember-moderation", ask_nonmember},
    {"require_explicit_destination", "implicit-dest", ask_destination},
    {"administrivia", "administrivia", ask_command},
    {"max_message_size", "max-size", ask_size},
    {"max_num_recipients", "max-recipients", ask_recipients},
    {"no_subject_action", "no-subject", ask_subject},
    {"spam_action", "spam", ask_spam},
    {"spam_threshold", "spam", ask_spam},
    {"virus_action", "virus", ask_virus},
    {"dmarc_mitigate_action", "dmarc-mitigation", ask_dmarc},
    {"dmarc_addresses", "dmarc-mitigation", ask_dmarc},
};

const struct asker *
asker_of(const char *setting)
{
    for (size_t i = 0; i < COUNT_OF(askers); i++)
        if (str_eq(askers[i].setting, setting))
            return &askers[i];
    return NULL;
}

/* effect.c - what another value of a setting would have done to the last posts */
#include <string.h>

#include "policy/effect.h"
#include "policy/pattern.h"
#include "store/statements.h"
#include "util/str.h"

enum { POSTS_MOST = 100 };

typedef struct row_effect_posts past;     /* a post as its stored facts tell it */

bool
setting_has_effect(const struct setting_row *row)
{
    return row->flags & (SETTING_FROM_EFFECT | SETTING_RULES_EFFECT);
}

/* A state of the settings, with its long lists made ready. */
enum { LISTED_ACCEPT, LISTED_HOLD, LISTED_REJECT, LISTED_DISCARD, LISTED_COUNT };
struct choice {
    const struct settings *settings;
    struct text_array lines[LISTED_COUNT];
    struct pattern_set *sets[LISTED_COUNT];
};

static struct choice *
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

static bool
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

static const struct asker {
    const char *setting, *rule;
    enum post_action (*ask)(const past *post, const struct choice *choice);
} askers[] = {
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
    {"dmarc_mitigate_action", "dmarc-mitigation", ask_dmarc},
    {"dmarc_addresses", "dmarc-mitigation", ask_dmarc},
};

static const struct asker *
asker_of(const char *setting)
{
    for (size_t i = 0; i < COUNT_OF(askers); i++)
        if (str_eq(askers[i].setting, setting))
            return &askers[i];
    return NULL;
}

/* --- counting --- */

static bool
stops(enum post_action action)
{
    return action >= POST_HOLD;
}

static void
count_rule(struct effect *effect, const struct asker *asker, const past *post, const struct choice *now,
           const struct choice *then)
{
    enum post_action before = asker->ask(post, now), after = asker->ask(post, then);

    if (post->is_waiting) {
        /* It would have passed only where this rule alone held it. */
        effect->passing += !stops(after) && post->hits.count == 1 && str_eq(post->hits.items[0], asker->rule);
        return;
    }
    if (stops(before) || !stops(after))
        return;
    effect->held += after == POST_HOLD;
    effect->refused += after == POST_REJECT;
    effect->discarded += after == POST_DISCARD;
}

/* Each author once: the posts come sorted by author. */
static void
count_authors(struct effect *effect, const past *posts, size_t count, const struct settings *now, const struct settings *then)
{
    bool loses = false, keeps = false;

    for (size_t i = 0; i < count; i++) {
        bool before = keeps_from(&posts[i], now, now), after = keeps_from(&posts[i], then, now);

        if (posts[i].is_waiting)
            continue;
        loses = loses || (before && !after);
        keeps = keeps || (!before && after);
        if (i + 1 < count && !posts[i + 1].is_waiting && str_eq(posts[i].author, posts[i + 1].author))
            continue;
        effect->authors++;
        effect->lose_from += loses;
        effect->keep_from += keeps && !loses;
        loses = keeps = false;
    }
}

enum status
effect_ask(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const struct settings *now, const struct setting_row *row,
           const char *value, bool is_transparent, struct effect *effect_r)
{
    struct settings *then = mem_new(ctx, struct settings);
    const struct asker *asker = row->flags & SETTING_RULES_EFFECT ? asker_of(row->name) : NULL;
    struct choice *before, *after;
    past *posts;
    size_t count;
    enum status status = q_effect_posts(db, ctx, list_id, POSTS_MOST, &posts, &count);

    *effect_r = (struct effect){0};
    if (status != STATUS_OK)
        return status;
    must(asker != NULL || !(row->flags & SETTING_RULES_EFFECT));
    *then = *now;
    if (!setting_put(then, row, value))
        return STATUS_INVALID;
    before = choice_new(ctx, now);
    after = choice_new(ctx, then);
    for (size_t i = 0; i < count; i++) {
        effect_r->waiting += posts[i].is_waiting;
        effect_r->posts += !posts[i].is_waiting;
        if (asker != NULL)
            count_rule(effect_r, asker, &posts[i], before, after);
    }
    count_authors(effect_r, posts, count, now, then);
    if (!(row->flags & SETTING_FROM_EFFECT) || !is_transparent)
        effect_r->lose_from = effect_r->keep_from = 0;
    return STATUS_OK;
}

/* facts.c - what the rules are told by the database: about the author, bans, filters, lists of nonmembers */
#include <string.h>

#include "mime/address.h"
#include "policy/ban.h"
#include "policy/rule-private.h"
#include "store/statements.h"
#include "util/str.h"

static const char *const state_words[] = {
    [AUTHOR_UNKNOWN] = "unknown", [AUTHOR_NONMEMBER] = "nonmember", [AUTHOR_MEMBER] = "member",
    [AUTHOR_MODERATOR] = "moderator", [AUTHOR_OWNER] = "owner",
};

const char *
author_state_word(enum author_state state)
{
    return state_words[state];
}

static enum author_state
state_of(const char *role)
{
    for (size_t i = 0; i < COUNT_OF(state_words); i++)
        if (str_eq(state_words[i], role))
            return (enum author_state)i;
    return AUTHOR_UNKNOWN;
}

/* The rows of the author, the membership first: a member who also has rights is a member in the eyes of the rules. */
static enum status
load_author(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct facts *facts)
{
    struct row_facts_author *rows;
    size_t count;
    enum status status = q_facts_author(db, ctx, list_id, facts->message->author, &rows, &count);

    if (status != STATUS_OK || count == 0)
        return status;
    facts->author_state = state_of(rows[0].role);
    facts->member_id = rows[0].id;
    facts->has_own_action = rows[0].moderation_action != NULL;
    if (facts->has_own_action)
        facts->own_action = post_action_of(rows[0].moderation_action);
    return STATUS_OK;
}

/* --- lists of nonmembers --- */

static struct text_array
lines_of(const struct settings *settings, enum rule_lines which)
{
    const struct text_array lines[] = {
        [LINES_ACCEPT] = settings->accept_these_nonmembers, [LINES_HOLD] = settings->hold_these_nonmembers,
        [LINES_REJECT] = settings->reject_these_nonmembers, [LINES_DISCARD] = settings->discard_these_nonmembers,
    };

    return lines[which];
}

static const struct pattern_set *
set_of(struct facts *facts, struct rule_cached *cached, enum rule_lines which)
{
    struct text_array lines = lines_of(facts->settings, which);

    return cached != NULL ? rule_cache_lines(cached, which, lines) : pattern_set_new(facts, lines);
}

void
facts_find_listed(struct facts *facts, struct rule_cached *cached, struct text_array memberships)
{
    facts->listed = NULL;
    if (facts->message->author == NULL || facts->author_state >= AUTHOR_MEMBER)
        return;
    for (enum rule_lines which = LINES_ACCEPT; which < LINES_COUNT && facts->listed == NULL; which++) {
        if (lines_of(facts->settings, which).count == 0)
            continue;
        facts->listed = pattern_set_find(set_of(facts, cached, which), facts->message->author, memberships);
        facts->listed_in = which;
    }
}

/* Which of the lists that stand as @list@domain in the four lists have the author as a member. */
static enum status
load_memberships(struct db *db, struct facts *facts, struct rule_cached *cached, struct text_array *memberships_r)
{
    struct row_facts_member_of *rows;
    const char **named = NULL;
    size_t count = 0;
    enum status status;

    *memberships_r = (struct text_array){NULL, 0};
    if (facts->message->author == NULL || facts->author_state >= AUTHOR_MEMBER)
        return STATUS_OK;
    for (enum rule_lines which = LINES_ACCEPT; which < LINES_COUNT; which++) {
        struct text_array lists = lines_of(facts->settings, which).count == 0 ? *memberships_r
                                                                              : pattern_set_lists(set_of(facts, cached, which));

        if (lists.count == 0)
            continue;
        named = mem_resize(facts, named, const char *, count + lists.count);
        memcpy(named + count, lists.items, lists.count * sizeof *named);
        count += lists.count;
    }
    if (count == 0)
        return STATUS_OK;
    status = q_facts_member_of(db, facts, facts->message->author, (struct text_array){named, count}, &rows, &count);
    if (status != STATUS_OK)
        return status;
    named = mem_array(facts, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        named[i] = rows[i].address;
    *memberships_r = (struct text_array){named, count};
    return STATUS_OK;
}

static enum status
load_listed(struct db *db, struct facts *facts, struct rule_cached *cached)
{
    struct text_array memberships;
    enum status status = load_memberships(db, facts, cached, &memberships);

    if (status == STATUS_OK)
        facts_find_listed(facts, cached, memberships);
    return status;
}

/* --- all of it --- */

static void
ask_filters(struct facts *facts, const struct filter_set *set)
{
    const struct rule_message *message = facts->message;
    struct filter_input input = {message->source, message->text, message->size, facts->scan.has_score, facts->scan.score_tenths};

    if (message->source != NULL)
        facts->filter = filter_set_ask(facts, set, &input);
}

enum status
facts_load(struct db *db, TALLOC_CTX *ctx, const struct list *list, const struct settings *settings,
           const struct rule_message *message, const struct rule_auth *auth, struct rule_cache *cache, struct facts **facts_r)
{
    struct facts *facts = mem_new(ctx, struct facts);
    struct rule_cached *cached;
    enum status status = rule_cache_get(db, cache != NULL ? cache : rule_cache_new(facts), list->id, &cached);

    *facts = (struct facts){.settings = settings, .list_address = list->address, .message = message, .auth = *auth,
                            .list_id = mem_printf(facts, "%s.%s", list->name, list->domain)};
    if (message->source != NULL)
        facts->scan = rule_scan_read(facts, message->source->header, settings);
    if (status == STATUS_OK && message->author != NULL)
        status = load_author(db, facts, list->id, facts);
    if (status == STATUS_OK)
        status = ban_find(db, facts, list->id, message->senders, cached->ban_set, &facts->banned, &facts->banned_by);
    if (status == STATUS_OK)
        status = load_listed(db, facts, cached);
    if (status == STATUS_OK)
        status = list_addresses(db, facts, list->id, &facts->list_addresses);
    if (status != STATUS_OK)
        return status;
    ask_filters(facts, cached->filter_set);
    /* What is kept may be made anew before these facts end. */
    facts->listed = mem_strdup(facts, facts->listed);
    facts->banned_by = mem_strdup(facts, facts->banned_by);
    *facts_r = facts;
    return STATUS_OK;
}

static const char *const password_words[] = {
    [PASSWORD_NONE] = NULL, [PASSWORD_RIGHT] = "right", [PASSWORD_WRONG] = "wrong", [PASSWORD_LIMITED] = "not looked at",
};

char *
facts_json(TALLOC_CTX *ctx, const struct facts *facts)
{
    const struct rule_message *message = facts->message;
    struct out *out = out_new(ctx);
    struct str *json = str_new(ctx);

    out_text(out, "author", message->author);
    out_text(out, "author_state", author_state_word(facts->author_state));
    out_int(out, "member", facts->member_id);
    out_text(out, "own_action", facts->has_own_action ? post_action_word(facts->own_action) : NULL);
    out_text(out, "listed", facts->listed);
    out_bool(out, "banned", facts->banned != NULL);
    out_text(out, "banned_by", facts->banned_by);
    out_int(out, "filter", facts->filter.filter != NULL ? facts->filter.filter->id : 0);
    out_int(out, "filter_too_costly", facts->filter.costly != NULL ? facts->filter.costly->id : 0);
    out_bool(out, "spam", facts->scan.flagged);
    out_text(out, "spam_score", facts->scan.has_score ? mem_printf(out, "%.1f", facts->scan.score_tenths / 10.0) : NULL);
    out_text(out, "virus", facts->scan.virus);
    out_text(out, "umbrella", facts->auth.umbrella);
    out_text(out, "password", password_words[facts->auth.password]);
    out_int(out, "from_fields", (int64_t)message->from_fields);
    out_int(out, "from_addresses", (int64_t)message->from_addresses);
    out_int(out, "to_addresses", (int64_t)message->to_addresses);
    out_int(out, "size", (int64_t)message->size);
    out_bool(out, "has_subject", !str_is_empty(message->subject));
    out_bool(out, "named", rule_is_named(facts));
    out_bool(out, "command", rule_is_command(message));
    out_text(out, "auto_submitted", message->auto_submitted);
    out_text(out, "dmarc", facts->auth.dmarc);
    out_text(out, "dmarc_policy", facts->auth.dmarc_policy);
    out_bool(out, "submitted", facts->auth.submitted);
    out_json(json, out);
    return json->s;
}

/* rule-message.c - rules about what the message is: filtered, looping, too large, a command */
#include <ctype.h>
#include <string.h>

#include "policy/mail-command.h"
#include "policy/pattern.h"
#include "policy/rule-private.h"
#include "util/str.h"

struct finding
rule_header_filter(const struct facts *facts)
{
    const struct filter *filter = facts->filter.filter;

    if (filter == NULL)
        return (struct finding){.hit = facts->filter.costly != NULL,
                                .reason = N_("A header filter would have taken too long on this message."),
                                .detail = facts->filter.costly != NULL ? facts->filter.costly->patterns[0] : NULL};
    return (struct finding){
        .hit = true, .has_action = true, .action = verdict_of(filter->action), .reject_text = filter->reject_text,
        .reason = filter->action == POST_ACCEPT ? N_("A header filter of the list lets it pass.") : NULL,
        .detail = filter->patterns[0],
    };
}

struct finding
rule_spam(const struct facts *facts)
{
    int threshold = facts->settings->spam_threshold;
    const struct rule_scan *scan = &facts->scan;

    if (threshold > 0 && scan->has_score ? scan->score_tenths >= threshold * 10 : scan->flagged)
        return by_setting(facts->settings->spam_action, facts->settings->spam_action == POST_ACCEPT
                          ? N_("The mail server's filter takes it for spam, which is no reason here.") : NULL);
    return hit_if(false);
}

struct finding
rule_virus(const struct facts *facts)
{
    struct finding finding = {.hit = false};

    if (facts->scan.virus != NULL && facts->settings->virus_action != POST_ACCEPT)
        finding = by_setting(facts->settings->virus_action, NULL);
    finding.detail = facts->scan.virus;
    return finding;
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

struct finding
rule_loop(const struct facts *facts)
{
    const struct rule_message *message = facts->message;
    bool looped = str_eq(message->list_id, facts->list_id)
        || (message->list_post != NULL && names_address(message->list_post, facts->list_address));

    for (size_t i = 0; i < message->x_loop.count; i++)
        looped = looped || names_address(message->x_loop.items[i], facts->list_address);
    return hit_if(looped);
}

/* Commands with as many words behind them as they may have. */
static const struct { const char *word; size_t least, most; } commands[] = {
    {"confirm", 1, 1}, {"help", 0, 0}, {"info", 0, 0}, {"lists", 0, 0}, {"options", 0, 0}, {"password", 2, 2},
    {"remove", 0, 0}, {"set", 3, 3}, {"subscribe", 0, 3}, {"unsubscribe", 0, 1}, {"who", 0, 1},
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

/* What people write in Japanese who want to leave, with all its endings, as LIST-request@ understands it. */
static bool
asks_to_leave(TALLOC_CTX *ctx, const struct rule_message *message)
{
    const struct mail_commands *read = mail_commands_read(ctx, message->subject, message->text);

    for (size_t i = 0; i < read->count; i++)
        if (read->rows[i].kind == MAIL_COMMAND_leave && (unsigned char)*read->rows[i].line >= 0x80)
            return true;
    return false;
}

bool
rule_is_command(const struct rule_message *message)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *line = message->text;
    bool found = is_command(ctx, message->subject, strlen(message->subject)) || asks_to_leave(ctx, message);

    for (int lines = 0; lines < COMMAND_LINES && !found && *line != '\0';) {
        size_t len = strcspn(line, "\n");

        lines += strspn(line, " \t") < len;
        found = is_command(ctx, line, len);
        line += len + (line[len] == '\n');
    }
    talloc_free(ctx);
    return found;
}

struct finding
rule_administrivia(const struct facts *facts)
{
    return hit_if(facts->settings->administrivia && rule_is_command(facts->message));
}

static bool
is_address_of_list(const struct facts *facts, const char *key)
{
    bool is = str_eq(key, facts->list_address);

    for (size_t i = 0; i < facts->list_addresses.count && !is; i++)
        is = str_eq(key, facts->list_addresses.items[i]);
    return is;
}

bool
rule_is_named(const struct facts *facts)
{
    const struct rule_message *message = facts->message;
    bool named = false;

    for (size_t i = 0; i < message->recipients.count && !named; i++)
        named = is_address_of_list(facts, message->recipients.items[i])
            || pattern_find(facts->settings->acceptable_aliases, message->recipients.items[i]) != NULL;
    return named;
}

struct finding
rule_implicit_dest(const struct facts *facts)
{
    return hit_if(facts->settings->require_explicit_destination && !rule_is_named(facts));
}

struct finding
rule_max_recipients(const struct facts *facts)
{
    size_t most = (size_t)facts->settings->max_num_recipients;

    return hit_if(most > 0 && facts->message->to_addresses >= most);
}

struct finding
rule_max_size(const struct facts *facts)
{
    size_t most = (size_t)facts->settings->max_message_size;

    return hit_if(most > 0 && facts->message->size > most * 1024);
}

struct finding
rule_no_subject(const struct facts *facts)
{
    enum post_action action = facts->settings->no_subject_action;

    if (!str_is_empty(facts->message->subject) || action == POST_ACCEPT)
        return hit_if(false);
    return by_setting(action, NULL);
}

struct finding
rule_auto_reply(const struct facts *facts)
{
    return hit_if(str_eq(facts->message->auto_submitted, "auto-replied"));
}

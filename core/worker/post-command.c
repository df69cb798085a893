/* post-command.c - mail to LIST-request, -join, -leave and -confirm: what it asks is done and answered
 *
 * A command acts for an address, so the address must be proved in that very mail, else only joining and leaving go on, and those by a
 * mail that asks the address. Where authentication says that the author is forged, nothing goes out at all. */
#include <string.h>

#include "policy/mail-command.h"
#include "policy/preference.h"
#include "policy/right.h"
#include "policy/roster.h"
#include "policy/subscription.h"
#include "util/clock.h"
#include "util/when.h"
#include "worker/post-answer.h"

enum { WHO_MOST = 1000 };

struct asking {
    struct work *work;
    struct correspondent from;
    struct subscription_desk desk;
    struct actor actor;
    bool is_alone;              /* the address was the command: what has a mail of its own needs no answer */
    bool was_told;              /* it has one */
};

/* What a command came to. */
struct reply { struct str *text; bool is_done; };

static const char *
say(const struct asking *asking, const char *text)
{
    return tr(asking->from.lang, text);
}

/* ---- joining and leaving ---- */

static void
ask_of(struct asking *asking, struct subscription_ask *ask_r)
{
    const struct correspondent *from = &asking->from;

    *ask_r = (struct subscription_ask){
        .email = from->email, .key = from->key, .name = from->name, .lang = from->lang, .actor = &asking->actor,
        .net = budget_net(asking->work->ctx, asking->work->row->client_ip), .is_proved = from->is_proved, .is_reply = true};
}

/* Another address of theirs, which has to say yes itself: the answer is the same whether it is a member, banned or unknown. */
static enum status
join_another(struct asking *asking, const char *written, struct reply *reply)
{
    TALLOC_CTX *ctx = asking->work->ctx;
    enum subscription_result result;
    struct subscription_ask ask;
    struct address address;
    enum status status = STATUS_OK;

    ask_of(asking, &ask);
    if (!asking->from.is_proved || !address_parse(ctx, written, &address) || address_key(ctx, &address) == NULL) {
        str_add(reply->text, say(asking, N_("This is no mail address.")));
        return STATUS_OK;
    }
    ask.email = address_text(ctx, &address);
    ask.key = address_key(ctx, &address);
    ask.is_proved = false;
    ask.is_reply = false;
    status = subscription_join(&asking->desk, ctx, asking->work->list, &ask, &result);
    str_add(reply->text, say(asking, N_("Joining is asked by a mail to that address; it has to be answered from there.")));
    reply->is_done = true;
    return status;
}

static enum status
command_join(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    static const char *const words[SUBSCRIPTION_RESULT_COUNT] = {
        [SUBSCRIPTION_DONE] = N_("You are a member of the list now."),
        [SUBSCRIPTION_CONFIRM_SENT] = N_("A mail is on its way to you. Please answer it to join."),
        [SUBSCRIPTION_WAITS] = N_("The owners of the list decide who joins. They have been asked."),
        [SUBSCRIPTION_ALREADY] = N_("You are a member of the list already."),
        [SUBSCRIPTION_NOT_MEMBER] = N_("This cannot be done."),
        [SUBSCRIPTION_BANNED] = N_("The owners of the list do not let this address join."),
        [SUBSCRIPTION_LIMITED] = N_("Too many people have asked in a short time. Please try again later."),
    };
    enum subscription_result result;
    struct subscription_ask ask;
    enum status status;

    if (command->word_count > 0 && str_starts_nocase(command->words[0], "address="))
        return join_another(asking, command->words[0] + strlen("address="), reply);
    ask_of(asking, &ask);
    status = subscription_join(&asking->desk, asking->work->ctx, asking->work->list, &ask, &result);
    if (status != STATUS_OK)
        return status;
    str_add(reply->text, say(asking, words[result]));
    reply->is_done = result == SUBSCRIPTION_DONE || result == SUBSCRIPTION_ALREADY || result == SUBSCRIPTION_WAITS
        || result == SUBSCRIPTION_CONFIRM_SENT;
    asking->was_told = result == SUBSCRIPTION_CONFIRM_SENT
        || (result == SUBSCRIPTION_DONE && asking->work->settings->send_welcome_message);
    return STATUS_OK;
}

static enum status
command_leave(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    static const char *const words[SUBSCRIPTION_RESULT_COUNT] = {
        [SUBSCRIPTION_DONE] = N_("You have left the list."),
        [SUBSCRIPTION_CONFIRM_SENT] = N_("A mail is on its way to you. Please answer it to leave."),
        [SUBSCRIPTION_WAITS] = N_("No more posts come to you. The owners of the list have been asked to end the membership."),
        [SUBSCRIPTION_ALREADY] = N_("This cannot be done."),
        [SUBSCRIPTION_NOT_MEMBER] = N_("You are not a member of the list with this address. If its mail still comes, it comes to another address of yours."),
        [SUBSCRIPTION_BANNED] = N_("This cannot be done."),
        [SUBSCRIPTION_LIMITED] = N_("Too many people have asked in a short time. Please try again later."),
    };
    const struct row_mail_asker *who = asking->from.who;
    enum subscription_result result;
    struct subscription_ask ask;
    enum status status;

    (void)command;
    ask_of(asking, &ask);
    if (ask.is_proved && who->member_id != 0) {     /* perhaps with another proved address of the same account */
        ask.email = who->member_email;
        ask.key = who->member_key;
    }
    status = subscription_leave(&asking->desk, asking->work->ctx, asking->work->list, &ask, &result);
    if (status != STATUS_OK)
        return status;
    str_add(reply->text, say(asking, words[result]));
    reply->is_done = result == SUBSCRIPTION_DONE || result == SUBSCRIPTION_WAITS || result == SUBSCRIPTION_CONFIRM_SENT;
    asking->was_told = result == SUBSCRIPTION_CONFIRM_SENT
        || (result == SUBSCRIPTION_DONE && asking->work->settings->send_goodbye_message);
    return STATUS_OK;
}

/* Whoever has the word is the person: it stands in a mail to that address alone. */
static enum status
command_confirm(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    static const char *const words[SUBSCRIPTION_RESULT_COUNT] = {
        [SUBSCRIPTION_DONE] = N_("It is done."),
        [SUBSCRIPTION_CONFIRM_SENT] = N_("A mail is on its way to you."),
        [SUBSCRIPTION_WAITS] = N_("Thank you. Now the owners of the list decide; they have been asked."),
        [SUBSCRIPTION_ALREADY] = N_("You are a member of the list already."),
        [SUBSCRIPTION_NOT_MEMBER] = N_("The membership had ended before."),
        [SUBSCRIPTION_BANNED] = N_("The owners of the list do not let this address join."),
        [SUBSCRIPTION_LIMITED] = N_("Too many people have asked in a short time. Please try again later."),
    };
    const char *token = subscription_find_token(asking->work->ctx, command->words[0]);
    enum subscription_result result = SUBSCRIPTION_DONE;
    enum status status = token == NULL ? STATUS_NOT_FOUND
                                       : subscription_confirm(&asking->desk, asking->work->ctx, token, &result);

    if (status == STATUS_NOT_FOUND || status == STATUS_GONE) {
        str_add(reply->text, say(asking, status == STATUS_GONE ? N_("This was confirmed before, or it was too long ago. Please ask anew.")
                                                               : N_("There is nothing to confirm with this word.")));
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    str_add(reply->text, say(asking, words[result]));
    reply->is_done = result != SUBSCRIPTION_BANNED && result != SUBSCRIPTION_LIMITED;
    asking->was_told = result == SUBSCRIPTION_DONE;
    return STATUS_OK;
}

/* ---- what the list tells ---- */

static enum status
command_help(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    const struct mail_command_row *rows = mail_command_rows();
    enum mail_command_kind only = command->word_count > 0 ? mail_command_named(command->words[0]) : MAIL_COMMAND_COUNT;

    for (int kind = 0; kind < MAIL_COMMAND_COUNT; kind++)
        if (only == MAIL_COMMAND_COUNT || kind == (int)only)
            str_addf(reply->text, "%s%s\n    %s", reply->text->len > 0 ? "\n" : "", say(asking, rows[kind].usage),
                     say(asking, rows[kind].help));
    str_addf(reply->text, "\n\n%s", say(asking, N_("Write each command on a line of its own, or one in the subject.")));
    reply->is_done = true;
    return STATUS_OK;
}

static enum status
command_info(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    static const char words[] = "$display_name <$listname>\n$description\n$mailinglist_url\n$owner_email\n\n$info";
    const struct work *work = asking->work;
    struct text_values *values = text_values_new(work->ctx);
    enum status status = text_values_of_list(work->poster->child->db, values, work->list->id, asking->from.lang,
                                             conf_url_of(work->ctx, work->poster->child->conf->site_url, work->list->web_host));

    (void)command;
    if (status == STATUS_OK)
        str_add(reply->text, str_trim(work->ctx, text_fill(work->ctx, words, values)));
    reply->is_done = true;
    return status;
}

static enum status
command_lists(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    struct row_mail_lists *lists;
    size_t count;
    enum status status = q_mail_lists(asking->work->poster->child->db, asking->work->ctx, asking->work->list->id, &lists, &count);

    (void)command;
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        str_addf(reply->text, "%s%s@%s  %s%s%s", i > 0 ? "\n" : "", lists[i].name, lists[i].domain, lists[i].title,
                 *lists[i].description != '\0' ? ": " : "", lists[i].description);
    if (status == STATUS_OK && count == 0)
        str_add(reply->text, say(asking, N_("No list here is open to everybody.")));
    reply->is_done = true;
    return status;
}

static void
standing_of(const struct asking *asking, struct standing *standing_r)
{
    const struct row_mail_asker *who = asking->from.who;
    enum roster_visibility roster = asking->work->settings->member_roster_visibility;

    *standing_r = (struct standing){
        .is_signed_in = true, .is_admin = who->is_admin, .has_list = true, .is_member = who->member_id != 0,
        .is_moderator = who->is_moderator, .is_owner = who->is_owner, .is_domain_owner = who->is_domain_owner,
        .rights = moderator_bits(who->rights.items, who->rights.count),
        .list_is_advertised = asking->work->settings->advertised, .roster_is_public = roster == ROSTER_PUBLIC,
        .roster_is_for_members = roster != ROSTER_MODERATORS};
}

static enum status
command_who(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    struct db *db = asking->work->poster->child->db;
    struct row_mail_who_count *all;
    struct standing standing;
    struct row_mail_who *rows;
    size_t count;
    enum status status;

    (void)command;
    standing_of(asking, &standing);
    if (!may(&standing, RIGHT_ROSTER)) {
        str_add(reply->text, say(asking, N_("This list does not show you its members.")));
        return STATUS_OK;
    }
    status = q_mail_who_count(db, asking->work->ctx, asking->work->list->id, &all);
    if (status == STATUS_OK)
        status = q_mail_who(db, asking->work->ctx, asking->work->list->id, roster_sees_all(&standing), WHO_MOST, &rows, &count);
    if (status != STATUS_OK)
        return status;
    str_addf(reply->text, trn(asking->from.lang, "%lld member", "%lld members", all->members), (long long)all->members);
    for (size_t i = 0; i < count; i++) {
        const char *email = rows[i].email, *name = rows[i].name;

        str_addf(reply->text, "\n%s%s%s", email != NULL ? email : say(asking, N_("(address not shown)")), *name != '\0' ? "  " : "", name);
    }
    if ((int64_t)count < all->members)
        str_addf(reply->text, "\n%s", say(asking, N_("The others are on the list's page.")));
    reply->is_done = true;
    return STATUS_OK;
}

static enum status
command_echo(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    (void)asking;
    for (size_t i = 0; i < command->word_count; i++)
        str_addf(reply->text, "%s%s", i > 0 ? " " : "", command->words[i]);
    reply->is_done = true;
    return STATUS_OK;
}

static enum status
command_end(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    (void)command;
    str_add(reply->text, say(asking, N_("What stands below was not read.")));
    reply->is_done = true;
    return STATUS_OK;
}

/* ---- set ---- */

/* What a preference is called in a mail: Mailman's words, ours, and Japanese ones. */
static const struct { const char *words; enum preference preference; } options[] = {
    {"delivery delivery_status 配送", PREFERENCE_delivery_status},
    {"vacation vacation_until 休止 休暇", PREFERENCE_vacation_until},
    {"digest delivery_mode まとめ送り", PREFERENCE_delivery_mode},
    {"myposts own receive_own_postings 自分の投稿", PREFERENCE_receive_own_postings},
    {"ack acknowledge_posts 報告", PREFERENCE_acknowledge_posts},
    {"duplicates receive_list_copy 重複", PREFERENCE_receive_list_copy},
    {"hide hide_address 非表示", PREFERENCE_hide_address},
    {"language preferred_language 言語", PREFERENCE_preferred_language},
};

/* What people write for a value; the same word means another thing for another kind. */
static const struct { enum preference_kind kind; const char *words, *value; } meanings[] = {
    {PREFERENCE_BOOL, "on yes true 1 はい する オン", "yes"}, {PREFERENCE_BOOL, "off no false 0 いいえ しない オフ", "no"},
    {PREFERENCE_STATUS, "on yes enabled はい する オン 開始 再開", "enabled"},
    {PREFERENCE_STATUS, "off no disabled いいえ しない オフ 停止", "by_user"},
    {PREFERENCE_MODE, "off no regular いいえ しない オフ", "regular"}, {PREFERENCE_MODE, "plain", "plaintext_digests"},
    {PREFERENCE_MODE, "on mime", "mime_digests"},
    {PREFERENCE_TONGUE, "english 英語", "en"}, {PREFERENCE_TONGUE, "japanese 日本語", "ja"},
};

static bool
is_among(TALLOC_CTX *ctx, const char *words, const char *word)
{
    for (char **one = str_split(ctx, words, ' ', 16); *one != NULL; one++)
        if (str_eq(*one, word))
            return true;
    return false;
}

/* NULL takes the value back, so that the outer level counts. */
static const char *
value_meant(TALLOC_CTX *ctx, enum preference_kind kind, const char *written)
{
    const char *word = str_lower(ctx, written);

    if (is_among(ctx, "default inherit 既定", word))
        return NULL;
    for (size_t i = 0; i < COUNT_OF(meanings); i++)
        if (meanings[i].kind == kind && is_among(ctx, meanings[i].words, word))
            return meanings[i].value;
    return word;
}

static const char *
value_words(const struct asking *asking, const struct preference_row *row, const char *value)
{
    if (value == NULL)
        return "-";
    for (const struct preference_choice *choice = row->choices; choice != NULL && choice->value != NULL; choice++)
        if (str_eq(choice->value, value))
            return say(asking, choice->label);
    return value;
}

static enum status
show_options(struct asking *asking, struct reply *reply)
{
    struct preferences *preferences;
    enum status status = preferences_load(asking->work->poster->child->db, asking->work->ctx, LEVEL_MEMBER,
                                          asking->from.who->member_id, &preferences);

    for (size_t i = 0; status == STATUS_OK && i < COUNT_OF(options); i++) {
        const struct preference_row *row = &preference_rows()[options[i].preference];
        const char *name = str_split(asking->work->ctx, options[i].words, ' ', 2)[0];
        const char *value = preference_effective(preferences, options[i].preference, LEVEL_MEMBER, clock_now_us(), NULL);

        str_addf(reply->text, "%sset %s: %s (%s)", i > 0 ? "\n" : "", name, value_words(asking, row, value), say(asking, row->label));
    }
    reply->is_done = status == STATUS_OK;
    return status;
}

static enum status
set_option(struct asking *asking, enum preference preference, const char *written, struct reply *reply)
{
    const struct preference_row *row = &preference_rows()[preference];
    struct fault fault = {0};
    enum status status = preference_set(asking->work->poster->child->db, &asking->actor, HAND_SELF, asking->work->ctx, LEVEL_MEMBER,
                                        asking->from.who->member_id, row->name, value_meant(asking->work->ctx, row->kind, written), &fault);

    if (status == STATUS_INVALID || status == STATUS_NOT_ALLOWED) {
        str_add(reply->text, say(asking, fault.sentence != NULL ? fault.sentence : status_row(status)->sentence));
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        str_add(reply->text, say(asking, N_("Changed.")));
    reply->is_done = status == STATUS_OK;
    return status;
}

static enum status
command_set(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    TALLOC_CTX *ctx = asking->work->ctx;

    if (asking->from.who->member_id == 0) {
        str_add(reply->text, say(asking, N_("Only members have something to set here.")));
        return STATUS_OK;
    }
    if (command->word_count < 2)
        return show_options(asking, reply);
    for (size_t i = 0; i < COUNT_OF(options); i++)
        if (is_among(ctx, options[i].words, str_lower(ctx, command->words[0])))
            return set_option(asking, options[i].preference, command->words[1], reply);
    str_add(reply->text, say(asking, N_("There is nothing of that name. \"set\" alone shows all names.")));
    return STATUS_OK;
}

/* ---- one mail ---- */

#define MAIL_COMMAND(name, least, most, words, usage, help) [MAIL_COMMAND_##name] = command_##name,
static enum status (*const handlers[MAIL_COMMAND_COUNT])(struct asking *, const struct mail_command *, struct reply *) = {
#include "policy/mail-commands.def"
};
#undef MAIL_COMMAND

/* Without a proof only what goes on by a mail to the address itself, or what carries its own proof. */
static bool
may_run(const struct asking *asking, enum mail_command_kind kind)
{
    if (asking->from.is_proved || kind == MAIL_COMMAND_confirm)
        return true;
    return !asking->from.is_forged && (kind == MAIL_COMMAND_join || kind == MAIL_COMMAND_leave);
}

static void
add_section(struct asking *asking, struct str *text, const char *title, const char *lines)
{
    if (*lines != '\0')
        str_addf(text, "%s%s\n\n%s", text->len > 0 ? "\n" : "", say(asking, title), lines);
}

static enum status
run_all(struct asking *asking, const struct mail_commands *commands, struct str *results)
{
    struct str *done = str_new(results), *not_done = str_new(results), *ignored = str_new(results);
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < commands->count; i++) {
        struct reply reply = {.text = str_new(results)};

        if (!may_run(asking, commands->rows[i].kind))
            continue;
        status = handlers[commands->rows[i].kind](asking, &commands->rows[i], &reply);
        str_addf(reply.is_done ? done : not_done, "> %s\n%s\n\n", commands->rows[i].line, str_text(reply.text));
    }
    for (size_t i = 0; i < commands->ignored_count; i++)
        str_addf(ignored, "> %s\n", commands->ignored[i]);
    add_section(asking, results, N_("Done:"), str_text(done));
    add_section(asking, results, N_("Not done:"), str_text(not_done));
    add_section(asking, results, N_("Not understood, and ignored:"), str_text(ignored));
    return status;
}

/* The command that an address is; a word to confirm with stands in the address, the subject or the text. */
static struct mail_commands *
command_of_address(struct work *work)
{
    struct mail_commands *commands = mail_commands_read(work->ctx, work->summary->subject, "");
    struct mail_command *one = &commands->rows[0];
    const char *kind = work->row->kind;

    *one = (struct mail_command){.kind = str_eq(kind, "join") ? MAIL_COMMAND_join : str_eq(kind, "leave") ? MAIL_COMMAND_leave
                                                                                                   : MAIL_COMMAND_confirm,
                                 .line = work->row->recipient};
    commands->count = 1;
    commands->ignored_count = 0;
    if (one->kind != MAIL_COMMAND_confirm)
        return commands;
    one->words[0] = subscription_find_token(work->ctx, work->row->detail != NULL ? work->row->detail : "");
    if (one->words[0] == NULL)
        one->words[0] = subscription_find_token(work->ctx, work->summary->subject);
    if (one->words[0] == NULL)
        one->words[0] = subscription_find_token(work->ctx, work->summary->text);
    if (one->words[0] == NULL)
        one->words[0] = "-";
    one->word_count = 1;
    return commands;
}

static enum status
act(struct asking *asking, const struct mail_commands *commands)
{
    struct work *work = asking->work;
    struct str *results = str_new(work->ctx);
    enum status status = run_all(asking, commands, results);

    if (status == STATUS_OK && results->len == 0)
        str_add(results, say(asking, N_("Your mail had no command in it.")));
    if (status == STATUS_OK && !(asking->is_alone && asking->was_told))
        status = answer(work, &asking->from, NOTICE_command_results, (const char *const[NOTICE_ARGS]){
            str_trim(work->ctx, str_text(results)), answer_subject(work)});
    if (status != STATUS_OK)
        return status;
    return post_end_as(work, "accepted", "accept", "command",
                       asking->from.is_proved ? N_("The commands in it were read.")
                       : N_("Its author is not proved: only joining and leaving go on, by a mail that asks the address."));
}

enum status
post_command(struct work *work)
{
    bool is_request = str_eq(work->row->kind, "request"), ends = false;
    struct mail_commands *commands = is_request ? mail_commands_read(work->ctx, work->summary->subject, work->summary->text)
                                                : command_of_address(work);
    struct asking asking = {.work = work, .is_alone = !is_request};
    enum status status = post_write_auth(work);

    if (status == STATUS_OK)
        status = correspondent_load(work, commands->is_japanese, &asking.from);
    if (status == STATUS_NOT_FOUND || (status == STATUS_OK && is_automatic(work)))
        return post_end_as(work, "discarded", "discard", "automatic", N_("It is automatic mail, or nobody is named as its one author: such mail is not answered."));
    if (status != STATUS_OK)
        return status;
    if (asking.from.who->is_banned)
        return post_end_as(work, "discarded", "discard", "banned-address", N_("Its author is banned."));
    if (asking.from.is_forged && !asking.from.is_proved && commands->rows[0].kind != MAIL_COMMAND_confirm)
        return post_end_as(work, "discarded", "discard", "forged", N_("Its author may be forged (DMARC fail): nothing was done, and nobody was answered."));
    asking.actor = (struct actor){.words = asking.from.email, .user_id = asking.from.who->user_id};
    post_desk(work, &asking.desk);
    status = autorespond(work, &asking.from, "requests", &ends);
    if (status == STATUS_OK && ends)
        return post_end_as(work, "discarded", "discard", "autoresponder", N_("The list answers such mail by itself and does nothing else."));
    return status == STATUS_OK ? act(&asking, commands) : status;
}

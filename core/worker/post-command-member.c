/* post-command-member.c - commands that change a membership: join, leave, confirm, set */
#include <string.h>

#include "policy/preference.h"
#include "util/clock.h"
#include "worker/post-command.h"

/* ---- joining and leaving ---- */

static void
ask_of(struct asking *asking, struct subscription_ask *ask_r)
{
    const struct correspondent *from = &asking->from;

    *ask_r = (struct subscription_ask){
        .email = from->email, .key = from->key, .name = from->name, .lang = from->lang, .actor = &asking->actor,
        .net = budget_net(asking->work->ctx, asking->work->row->client_ip), .is_proved = from->is_proved, .is_by_mail = true,
        .is_reply = true, .in_reply_to = asking->work->summary->message_id};
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
        str_add(reply->text, asking_tr(asking, N_("This is no mail address.")));
        return STATUS_OK;
    }
    ask.email = address_text(ctx, &address);
    ask.key = address_key(ctx, &address);
    ask.is_proved = false;
    ask.is_reply = false;
    status = subscription_join(&asking->desk, ctx, asking->work->list, &ask, &result);
    str_add(reply->text, asking_tr(asking, N_("Joining is asked by a mail to that address; it has to be answered from there.")));
    reply->is_done = true;
    return status;
}

/* What may stand behind "join": Mailman's two words, the list or the writer once more, as older programs wanted it, and Japanese, which
 * parts a request from its politeness as it likes. */
struct join_words { const char *address, *digest; bool is_clear; };

static struct join_words
read_join_words(const struct asking *asking, const struct mail_command *command)
{
    const struct list *list = asking->work->list;
    struct join_words read = {.is_clear = true};

    for (size_t i = 0; i < command->word_count; i++) {
        const char *word = command->words[i];

        if (str_starts_nocase(word, "address="))
            read.address = word + strlen("address=");
        else if (str_eq_nocase(word, "digest=no") || str_eq_nocase(word, "digest=mime") || str_eq_nocase(word, "digest=plain"))
            read.digest = word + strlen("digest=");
        else
            read.is_clear = read.is_clear && ((unsigned char)*word >= 0x80 || str_eq_nocase(word, list->name) || str_eq_nocase(word, list->address)
                                              || str_eq(address_key_of(asking->work->ctx, word), asking->from.key));
    }
    if (read.address != NULL && str_eq(address_key_of(asking->work->ctx, read.address), asking->from.key))
        read.address = NULL;
    return read;
}

enum status
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
    struct join_words words_behind = read_join_words(asking, command);
    enum subscription_result result;
    struct subscription_ask ask;
    enum status status;

    if (!words_behind.is_clear) {
        str_add(reply->text, asking_tr(asking, N_("Behind it may stand address=ANOTHER, and digest=no, digest=mime or digest=plain.")));
        return STATUS_OK;
    }
    if (words_behind.address != NULL)
        return join_another(asking, words_behind.address, reply);
    ask_of(asking, &ask);
    status = subscription_join(&asking->desk, asking->work->ctx, asking->work->list, &ask, &result);
    if (status != STATUS_OK)
        return status;
    str_add(reply->text, asking_tr(asking, words[result]));
    reply->is_done = result == SUBSCRIPTION_DONE || result == SUBSCRIPTION_ALREADY || result == SUBSCRIPTION_WAITS
        || result == SUBSCRIPTION_CONFIRM_SENT;
    asking->was_told = result == SUBSCRIPTION_CONFIRM_SENT
        || (result == SUBSCRIPTION_DONE && asking->work->settings->send_welcome_message);
    if (words_behind.digest != NULL && !str_eq_nocase(words_behind.digest, "no"))
        str_addf(reply->text, "\n%s", asking_tr(asking, N_("Digests come with a later version.")));
    return STATUS_OK;
}

enum status
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
    str_add(reply->text, asking_tr(asking, words[result]));
    reply->is_done = result == SUBSCRIPTION_DONE || result == SUBSCRIPTION_WAITS || result == SUBSCRIPTION_CONFIRM_SENT;
    asking->was_told = result == SUBSCRIPTION_CONFIRM_SENT
        || (result == SUBSCRIPTION_DONE && asking->work->settings->send_goodbye_message);
    return STATUS_OK;
}

/* Whoever has the word is the person: it stands in a mail to that address alone. */
enum status
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
        str_add(reply->text, asking_tr(asking, status == STATUS_GONE ? N_("This was confirmed before, or it was too long ago. Please ask anew.")
                                                               : N_("There is nothing to confirm with this word.")));
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    str_add(reply->text, asking_tr(asking, words[result]));
    reply->is_done = result != SUBSCRIPTION_BANNED && result != SUBSCRIPTION_LIMITED;
    asking->was_told = result == SUBSCRIPTION_DONE;
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
            return asking_tr(asking, choice->label);
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

        str_addf(reply->text, "%sset %s: %s (%s)", i > 0 ? "\n" : "", name, value_words(asking, row, value), asking_tr(asking, row->label));
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
        str_add(reply->text, asking_tr(asking, fault.sentence != NULL ? fault.sentence : status_row(status)->sentence));
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        str_add(reply->text, asking_tr(asking, N_("Changed.")));
    reply->is_done = status == STATUS_OK;
    return status;
}

enum status
command_set(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    TALLOC_CTX *ctx = asking->work->ctx;

    if (asking->from.who->member_id == 0) {
        str_add(reply->text, asking_tr(asking, N_("Only members have something to set here.")));
        return STATUS_OK;
    }
    if (command->word_count < 2)
        return show_options(asking, reply);
    for (size_t i = 0; i < COUNT_OF(options); i++)
        if (is_among(ctx, options[i].words, str_lower(ctx, command->words[0])))
            return set_option(asking, options[i].preference, command->words[1], reply);
    str_add(reply->text, asking_tr(asking, N_("There is nothing of that name. \"set\" alone shows all names.")));
    return STATUS_OK;
}

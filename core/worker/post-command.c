/* post-command.c - mail to LIST-request, -join, -leave and -confirm: what it asks is done and answered
 *
 * A command acts for an address, so the address must be proved in that very mail, else only joining and leaving go on, and those by a
 * mail that asks the address. Where authentication says that the author is forged, nothing goes out at all. */
#include <string.h>

#include "worker/post-command.h"

const char *
asking_tr(const struct asking *asking, const char *text)
{
    return tr(asking->from.lang, text);
}

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
        str_addf(text, "%s\n\n%s", asking_tr(asking, title), lines);
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
        str_add(results, asking_tr(asking, N_("Your mail had no command in it.")));
    if (status == STATUS_OK && !(asking->is_alone && asking->was_told))
        status = answer(work, &asking->from, NOTICE_command_results, (const char *const[NOTICE_ARGS]){
            str_trim(work->ctx, str_text(results)), answer_subject(work)});
    if (status != STATUS_OK)
        return status;
    return post_end_as(work, "accepted", "accept", "command",
                       asking->from.is_proved ? N_("The commands in it were read.")
                       : N_("Its author is not proved: only joining and leaving go on, by a mail that asks the address."));
}

/* Nobody answers who is banned; but a member may leave all the same. */
static bool
is_shut_out(const struct asking *asking, const struct mail_commands *commands)
{
    for (size_t i = 0; i < commands->count; i++)
        if (commands->rows[i].kind != MAIL_COMMAND_leave && commands->rows[i].kind != MAIL_COMMAND_confirm)
            return asking->from.who->is_banned;
    return asking->from.who->is_banned && (commands->count == 0 || asking->from.who->member_id == 0);
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
    if (is_shut_out(&asking, commands))
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

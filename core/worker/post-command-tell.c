/* post-command-tell.c - commands that only tell something: help, info, lists, who, echo, end */
#include <string.h>

#include "policy/right.h"
#include "policy/roster.h"
#include "util/clock.h"
#include "worker/post-command.h"

enum { WHO_MOST = 1000 };

enum status
command_help(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    const struct mail_command_row *rows = mail_command_rows();
    enum mail_command_kind only = command->word_count > 0 ? mail_command_named(command->words[0]) : MAIL_COMMAND_COUNT;

    for (int kind = 0; kind < MAIL_COMMAND_COUNT; kind++)
        if (only == MAIL_COMMAND_COUNT || kind == (int)only)
            str_addf(reply->text, "%s%s\n    %s", reply->text->len > 0 ? "\n" : "", asking_tr(asking, rows[kind].usage),
                     asking_tr(asking, rows[kind].help));
    str_addf(reply->text, "\n\n%s", asking_tr(asking, N_("Write each command on a line of its own, or one in the subject.")));
    reply->is_done = true;
    return STATUS_OK;
}

enum status
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

enum status
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
        str_add(reply->text, asking_tr(asking, N_("No list here is open to everybody.")));
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

/* NULL where nothing is said. False: another word stands there. */
static bool
read_filters(const struct mail_command *command, const char **delivery_r, const char **mode_r)
{
    static const char *const known[] = {"delivery=enabled", "delivery=disabled", "mode=regular", "mode=digest"};

    *delivery_r = *mode_r = NULL;
    for (size_t i = 0; i < command->word_count; i++) {
        size_t k = 0;

        while (k < COUNT_OF(known) && !str_eq_nocase(known[k], command->words[i]))
            k++;
        if (k == COUNT_OF(known))
            return false;
        *(k < 2 ? delivery_r : mode_r) = strchr(known[k], '=') + 1;
    }
    return true;
}

enum status
command_who(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    struct db *db = asking->work->poster->child->db;
    struct row_mail_who_count *all;
    struct standing standing;
    struct row_mail_who *rows;
    const char *delivery, *mode;
    size_t count;
    enum status status;

    if (!read_filters(command, &delivery, &mode)) {
        str_add(reply->text, asking_tr(asking, N_("Behind it may stand delivery=enabled, delivery=disabled, mode=regular or mode=digest.")));
        return STATUS_OK;
    }
    standing_of(asking, &standing);
    if (!may(&standing, RIGHT_ROSTER)) {
        str_add(reply->text, asking_tr(asking, N_("This list does not show you its members.")));
        return STATUS_OK;
    }
    status = q_mail_who_count(db, asking->work->ctx, asking->work->list->id, &all);
    if (status == STATUS_OK)
        status = q_mail_who(db, asking->work->ctx, asking->work->list->id, roster_sees_all(&standing), WHO_MOST,
                            delivery, mode, clock_now_us(), &rows, &count);
    if (status != STATUS_OK)
        return status;
    /* The number is of all, whatever was asked to be shown. */
    str_addf(reply->text, trn(asking->from.lang, "%lld member", "%lld members", all->members), (long long)all->members);
    for (size_t i = 0; i < count; i++) {
        const char *email = rows[i].email, *name = rows[i].name;

        str_addf(reply->text, "\n%s%s%s", email != NULL ? email : asking_tr(asking, N_("(address not shown)")), *name != '\0' ? "  " : "", name);
    }
    if (count == WHO_MOST)
        str_addf(reply->text, "\n%s", asking_tr(asking, N_("The others are on the list's page.")));
    reply->is_done = true;
    return STATUS_OK;
}

enum status
command_echo(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    (void)asking;
    for (size_t i = 0; i < command->word_count; i++)
        str_addf(reply->text, "%s%s", i > 0 ? " " : "", command->words[i]);
    reply->is_done = true;
    return STATUS_OK;
}

enum status
command_end(struct asking *asking, const struct mail_command *command, struct reply *reply)
{
    (void)command;
    str_add(reply->text, asking_tr(asking, N_("What stands below was not read.")));
    reply->is_done = true;
    return STATUS_OK;
}

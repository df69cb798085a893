/* post-command.h - what the commands of a mail share; private to post-command*.c
 *
 * A command fills its reply: what became of it, in the writer's language, and whether it was done. Trouble of the database is the only
 * failure. */
#ifndef KAIRAN_WORKER_POST_COMMAND_H
#define KAIRAN_WORKER_POST_COMMAND_H

#include "policy/mail-command.h"
#include "policy/subscription.h"
#include "worker/post-answer.h"

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

#define MAIL_COMMAND(name, least, most, words, usage, help) \
    enum status command_##name(struct asking *asking, const struct mail_command *command, struct reply *reply);
#include "policy/mail-commands.def"
#undef MAIL_COMMAND

/* A text in the writer's language. */
const char *asking_tr(const struct asking *asking, const char *text) __attribute__((format_arg(2)));

#endif

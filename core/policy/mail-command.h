/* mail-command.h - the commands in a mail to LIST-request@
 *
 * The subject and the first lines of the text are read; nothing is done here. A subject counts if it is a command ("Re:" before it
 * is passed over). In the text each line is one; empty and quoted lines are passed over, "-- " and the command "end" stop, and so
 * do MAIL_COMMANDS_MAX lines. Other lines are kept as ignored, to be named in the answer.
 *
 * Words may be in English or Japanese, in capitals, in full width. Input is text as mime/ decoded it; any bytes do no harm.
 * Memory: all in ctx. Sources: mailman3-features 4. */
#ifndef KAIRAN_POLICY_MAIL_COMMAND_H
#define KAIRAN_POLICY_MAIL_COMMAND_H

#include "util/mem.h"

enum { MAIL_COMMANDS_MAX = 10, MAIL_COMMAND_WORDS = 24 };

#define MAIL_COMMAND(name, least, most, words, usage, help) MAIL_COMMAND_##name,
enum mail_command_kind {
#include "policy/mail-commands.def"
    MAIL_COMMAND_COUNT
};
#undef MAIL_COMMAND

struct mail_command_row { const char *name, *words, *usage, *help; int least, most; };
const struct mail_command_row *mail_command_rows(void);     /* MAIL_COMMAND_COUNT of them */

struct mail_command {
    enum mail_command_kind kind;
    const char *line;                           /* as written, blanks taken off its ends, at most 200 characters */
    const char *words[MAIL_COMMAND_WORDS];      /* behind the first, folded to half width */
    size_t word_count;
};
struct mail_commands {
    struct mail_command rows[MAIL_COMMANDS_MAX];
    size_t count;
    const char *ignored[MAIL_COMMANDS_MAX];     /* lines, likewise */
    size_t ignored_count;
    bool is_japanese;                           /* a command was written in Japanese, or the text is */
};
/* The command that a word is; MAIL_COMMAND_COUNT: none. */
enum mail_command_kind mail_command_named(const char *word);
struct mail_commands *mail_commands_read(TALLOC_CTX *ctx, const char *subject, const char *text);

#endif

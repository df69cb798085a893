/* command.h - what every command gets, and how it reads its words
 *
 * commands.def has one row a command. Its grammar string is parsed here, once, for reading the words, for usage and for the
 * manual. A handler fills call->out; the loop in main.c prints it, as JSON or for people, and makes the exit status. */
#ifndef KAIRAN_CLI_COMMAND_H
#define KAIRAN_CLI_COMMAND_H

#include "policy/change.h"
#include "util/conf.h"
#include "util/out.h"

enum connection { NOTHING, ADMIN, OWNER };

struct call {
    TALLOC_CTX *ctx;                /* ends with the command */
    const struct conf *conf;
    struct db *db;                  /* NULL for NOTHING */
    struct actor actor;
    const struct words *words;
    struct out *out;
    struct fault fault;
    bool json;
};

typedef enum status (*handler)(struct call *call);
struct command {
    const char *words, *grammar;
    enum connection connection;
    handler handler;
    const char *help;
};
const struct command *command_rows(void);       /* ended by NULL words */
/* The command that argv begins with; used_r is how many words name it. NULL: none. */
const struct command *command_find(char *const *argv, int argc, int *used_r);

/* What the person wrote, sorted by a grammar. INVALID with a sentence when it does not fit. */
enum status words_read(TALLOC_CTX *ctx, const char *grammar, char *const *argv, int argc, struct words **words_r,
                       struct fault *fault);
/* By the name that the grammar gives; NULL when left out. */
const char *word(const struct call *call, const char *name);
/* All words of the NAME... at the grammar's end. */
struct text_array words_rest(const struct call *call);
const char *option(const struct call *call, const char *name);      /* "--owner"; NULL when not given */
bool has_option(const struct call *call, const char *name);

/* Text of a file ("-" is standard input) of at most `most` bytes; INVALID with a sentence. */
enum status read_input(struct call *call, const char *path, size_t most, struct blob *text_r);

#define COMMAND(words, grammar, connection, handler, help) enum status handler(struct call *call);
#include "cli/commands.def"
#undef COMMAND

#endif

/* test-command.c - words are read by the grammar of their command */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/command.h"

/* Handlers are not called here. */
#define COMMAND(words, grammar, connection, handler, help) \
    enum status handler(struct call *call) { (void)call; return STATUS_OK; }
#include "cli/commands.def"
#undef COMMAND

static const struct {
    const char *line;           /* as typed, words between blanks */
    const char *command;        /* NULL: there is none */
    const char *asked;          /* names to ask for, between blanks */
    const char *shown;          /* their values as read; NULL: refused */
} rows[] = {
    {"db migrate", "db migrate", "", ""},
    {"db", NULL, NULL, NULL},
    {"nonsense", NULL, NULL, NULL},
    {"queue", "queue", "--most", "-"},
    {"queue show 7", "queue show", "ID", "7"},
    {"queue show", "queue show", "", NULL},
    {"queue show 7 8", "queue show", "", NULL},
    {"domain create a.example", "domain create", "NAME --web-host", "a.example -"},
    {"domain create a.example --web-host w.example", "domain create", "NAME --web-host", "a.example w.example"},
    {"domain create --web-host=w.example a.example", "domain create", "NAME --web-host", "a.example w.example"},
    {"domain create a.example --web-host", "domain create", "", NULL},
    {"domain create a.example --bogus", "domain create", "", NULL},
    {"list list", "list list", "DOMAIN", "-"},
    {"list list a.example", "list list", "DOMAIN", "a.example"},
    {"list set l@a.example a=1", "list set", "LIST --site", "l@a.example - | a=1"},
    {"list set l@a.example a=1 b=2", "list set", "LIST", "l@a.example | a=1 b=2"},
    {"list set --site a=1", "list set", "LIST --site", "- + | a=1"},
    {"list set", "list set", "", NULL},
    {"member add l@a.example", "member add", "LIST", "l@a.example"},
    {"member add l@a.example -", "member add", "LIST", "l@a.example | -"},
    {"member add l@a.example x@b y@b --role owner", "member add", "LIST --role", "l@a.example owner | x@b y@b"},
    {"member add l@a.example -- --odd@b", "member add", "LIST", "l@a.example | --odd@b"},
    {"user login-link a@b --admin", "user login-link", "ADDRESS --admin", "a@b +"},
    {"user login-link a@b --admin=yes", "user login-link", "", NULL},
};

/* "-" for what was left out, "+" for a flag; the rest behind "|". */
static char *
shown(TALLOC_CTX *ctx, const struct words *words, const char *asked)
{
    struct call call = {.ctx = ctx, .words = words};
    struct text_array rest = words_rest(&call);
    struct str *text = str_new(ctx);
    char **names = str_split(ctx, asked, ' ', 10);

    for (size_t i = 0; names[i] != NULL && *names[i] != '\0'; i++) {
        const char *value = option(&call, names[i]);

        str_addf(text, "%s%s", text->len > 0 ? " " : "", value == NULL ? "-" : *value == '\0' ? "+" : value);
    }
    for (size_t i = 0; i < rest.count; i++)
        str_addf(text, "%s%s", i == 0 ? " | " : " ", rest.items[i]);
    return text->s;
}

static void
words_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char **argv = str_split(ctx, rows[i].line, ' ', 100);
        const struct command *command;
        struct words *words;
        struct fault fault = {0};
        int argc = 0, used;
        enum status status;

        while (argv[argc] != NULL)
            argc++;
        command = command_find(argv, argc, &used);
        if ((command == NULL) != (rows[i].command == NULL) || (command != NULL && !str_eq(command->words, rows[i].command)))
            fail_msg("row %zu: %s", i, rows[i].line);
        if (command != NULL) {
            status = words_read(ctx, command->grammar, argv + used, argc - used, &words, &fault);
            if ((status == STATUS_OK) != (rows[i].shown != NULL))
                fail_msg("row %zu: %s: %s", i, rows[i].line, fault.sentence);
            if (status == STATUS_OK && !str_eq(shown(ctx, words, rows[i].asked), rows[i].shown))
                fail_msg("row %zu: %s: read as \"%s\"", i, rows[i].line, shown(ctx, words, rows[i].asked));
        }
        talloc_free(ctx);
    }
}

static void
every_grammar_can_be_read(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (const struct command *row = command_rows(); row->words != NULL; row++) {
        struct words *words;

        words_read(ctx, row->grammar, NULL, 0, &words, NULL);
        assert_true(strlen(row->help) > 0);
    }
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_read),
        cmocka_unit_test(every_grammar_can_be_read),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

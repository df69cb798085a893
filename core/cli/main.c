/* main.c - the command line: finds the command, gives it what it needs, prints its answer */
#include <locale.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "util/crypto.h"
#include "util/log.h"

/* The command begins with the words given, so help about them is about it. */
static bool
begins_with(const struct command *row, char *const *argv, int argc)
{
    const char *rest = row->words;

    for (int i = 0; i < argc && *rest != '\0'; i++) {
        size_t len = strcspn(rest, " ");

        if (strlen(argv[i]) != len || memcmp(argv[i], rest, len) != 0)
            return false;
        rest += len + (rest[len] == ' ');
    }
    return true;
}

static void
print_usage(FILE *file, char *const *argv, int argc)
{
    fputs("Usage: kairan [-c FILE] [--json] COMMAND ...\n\n", file);
    for (const struct command *row = command_rows(); row->words != NULL; row++)
        if (begins_with(row, argv, argc))
            fprintf(file, "  kairan %s%s%s\n      %s\n", row->words, *row->grammar != '\0' ? " " : "", row->grammar, row->help);
    if (argc == 0)
        fputs("\n-c FILE     another configuration than the usual one (also in KAIRAN_CONF)\n"
              "--json      answer in JSON\n--help      this, or the help of one command\n--version   what this is\n"
              "See kairan(1).\n", file);
}

/* For "complete -C 'kairan --complete' kairan" in bash, which tells the line in COMP_LINE: the words that may stand where the last
 * one is being typed. */
static void
print_completions(TALLOC_CTX *ctx)
{
    const char *line = getenv("COMP_LINE");
    char **argv = str_split(ctx, line != NULL ? line : "kairan ", ' ', SIZE_MAX);
    const char *typed, *said = "";
    int argc = 0;

    while (argv[argc + 1] != NULL)
        argc++;
    typed = argv[argc];
    for (const struct command *row = command_rows(); row->words != NULL && argc > 0; row++) {
        char **words = str_split(ctx, row->words, ' ', SIZE_MAX);
        int i = 0;

        while (i < argc - 1 && words[i] != NULL && str_eq(words[i], argv[i + 1]))
            i++;
        if (i == argc - 1 && words[i] != NULL && str_starts(words[i], typed) && !str_eq(words[i], said))
            puts(said = words[i]);
    }
}

struct options { const char *conf; bool json, help, version, complete; };

/* Takes what is understood by all commands out of argv. */
static int
take_common_options(char **argv, int argc, struct options *options_r)
{
    int kept = 0;

    *options_r = (struct options){.conf = NULL};
    for (int i = 1; i < argc; i++) {
        if (str_eq(argv[i], "--")) {
            while (i < argc)
                argv[kept++] = argv[i++];
        } else if (str_eq(argv[i], "-c") && i + 1 < argc) {
            options_r->conf = argv[++i];
        } else if (str_eq(argv[i], "--json")) {
            options_r->json = true;
        } else if (str_eq(argv[i], "--help") || str_eq(argv[i], "-h")) {
            options_r->help = true;
        } else if (str_eq(argv[i], "--version")) {
            options_r->version = true;
        } else if (str_eq(argv[i], "--complete") && i == 1) {
            options_r->complete = true;
        } else {
            argv[kept++] = argv[i];
        }
    }
    argv[kept] = NULL;
    return kept;
}

static struct actor
operator_now(TALLOC_CTX *ctx)
{
    struct passwd *user = getpwuid(getuid());
    const char *sudo_user = getuid() == 0 ? getenv("SUDO_USER") : NULL;
    const char *name = user != NULL ? user->pw_name : mem_printf(ctx, "uid %u", (unsigned)getuid());

    return (struct actor){
        .words = sudo_user != NULL ? mem_printf(ctx, "command line (%s as %s)", sudo_user, name)
                                   : mem_printf(ctx, "command line (%s)", name),
        .is_operator = true, .is_admin = true};
}

static void
print_answer(const struct call *call)
{
    struct str *json;

    if (!call->json) {
        out_terminal(stdout, call->out);
        return;
    }
    json = str_new(call->ctx);
    out_json(json, call->out);
    puts(str_text(json));
}

static void
print_fault(const struct call *call, enum status status)
{
    const struct status_row *row = status_row(status);
    const char *sentence = call->fault.sentence != NULL ? call->fault.sentence : row->sentence;
    struct out *out;
    struct str *json;

    if (!call->json) {
        fprintf(stderr, "kairan: %s\n", sentence);
        if (call->fault.hint != NULL)
            fprintf(stderr, "%s\n", call->fault.hint);
        return;
    }
    out = out_new(call->ctx);
    json = str_new(call->ctx);
    out_text(out, "status", row->name);
    out_text(out, "field", call->fault.field);
    out_text(out, "sentence", sentence);
    out_json(json, out);
    fprintf(stderr, "%s\n", str_text(json));
}

/* These say themselves what they find. */
static bool
judges_schema(const struct command *command)
{
    return command->connection == OWNER || command->handler == command_db_status || command->handler == command_check;
}

static enum status
connect_for(struct call *call, const struct command *command)
{
    if (command->connection == NOTHING)
        return STATUS_OK;
    call->db = db_open(call->ctx, command->connection == OWNER ? call->conf->database_owner : call->conf->database_admin, "kairan");
    if (db_is_connected(call->db))
        return judges_schema(command) ? STATUS_OK : db_schema_check(call->db, &call->fault);
    return fault_setf(&call->fault, call->ctx, STATUS_UNAVAILABLE, NULL, "The database cannot be reached: %s; [database] %s in %s says how it is to be.",
                      db_last_error(call->db), command->connection == OWNER ? "owner" : "admin", call->conf->path);
}

static int
run_command(TALLOC_CTX *ctx, const struct command *command, char **argv, int argc, const struct options *options)
{
    struct call call = {.ctx = ctx, .json = options->json};
    struct words *words;
    struct conf *conf;
    enum status status;
    bool is_asked = false, is_configured = false;      /* the configuration */

    call.out = out_new(ctx);
    call.actor = operator_now(ctx);
    status = words_read(ctx, command->grammar, argv, argc, &words, &call.fault);
    if (status != STATUS_OK) {
        call.fault.hint = mem_printf(ctx, "Usage: kairan %s %s", command->words, command->grammar);
    } else {
        is_asked = true;
        status = (command->connection == NOTHING ? conf_read_if_any : conf_read)(ctx, options->conf, &conf, &call.fault);
        if (status == STATUS_OK)
            conf_apply(conf);
        log_show(LOG_LEVEL_ERROR, LOG_ADDRESSES_FULL);
    }
    if (status == STATUS_OK) {
        is_configured = true;
        call.conf = conf;
        call.words = words;
        status = connect_for(&call, command);
    }
    if (status == STATUS_OK)
        status = command->handler(&call);
    if (call.out->first != NULL)
        print_answer(&call);
    fflush(stdout);
    if (status != STATUS_OK)
        print_fault(&call, status);
    return status == STATUS_OK || is_configured || !is_asked ? status_row(status)->exit_code
        : status_row(STATUS_MISCONFIGURED)->exit_code;
}

int
main(int argc, char **argv)
{
    TALLOC_CTX *ctx;
    struct options options;
    const struct command *command;
    int used, exit_code;

    mem_init();
    crypto_init();
    log_show(LOG_LEVEL_ERROR, LOG_ADDRESSES_FULL);
    ctx = talloc_new(NULL);
    argc = take_common_options(argv, argc, &options);
    command = command_find(argv, argc, &used);
    if (options.version) {
        puts(PACKAGE_STRING);
    } else if (options.complete) {
        print_completions(ctx);
    } else if (options.help || argc == 0) {
        print_usage(stdout, argv, argc);
    } else if (command == NULL) {
        fprintf(stderr, "kairan: There is no command \"%s%s%s\". \"kairan --help\" shows all.\n", argv[0], argc > 1 ? " " : "",
                argc > 1 ? argv[1] : "");
        talloc_free(ctx);
        return status_row(STATUS_INVALID)->exit_code;
    } else {
        exit_code = run_command(ctx, command, argv + used, argc - used, &options);
        talloc_free(ctx);
        return exit_code;
    }
    talloc_free(ctx);
    return 0;
}

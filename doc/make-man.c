/* make-man.c - writes what is made of .def files: make-man kairan.1 | kairan.conf.5 | kairan-settings.7 | kairan.conf (the example) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/rule.h"
#include "util/conf.h"
#include "util/str.h"

/* Text as roff shows it: hyphens that may be typed, and no line that looks like a request. */
static void
say(const char *text)
{
    bool at_start = true;

    for (; *text != '\0'; text++) {
        if (at_start && (*text == '.' || *text == '\''))
            fputs("\\&", stdout);
        if (*text == '-')
            fputs("\\-", stdout);
        else if (*text == '\\')
            fputs("\\e", stdout);
        else
            putchar(*text);
        at_start = *text == '\n';
    }
}

static void
say_line(const char *text)
{
    say(text);
    putchar('\n');
}

/* A paragraph's head in two fonts; the second begins after `between` and may be empty. */
static void
say_tag(const char *fonts, const char *first, const char *between, const char *second, const char *end)
{
    printf(".TP\n.%s \"", fonts);
    say(first);
    if (*second != '\0') {
        printf("\" \"%s", between);
        say(second);
        fputs(end, stdout);
    }
    puts("\"");
}

static void
begin(const char *name, const char *section, const char *what)
{
    printf(".\\\" Made by doc/make-man.c; do not edit.\n.TH %s %s \"\" \"Kairan " PACKAGE_VERSION "\" \"Kairan\"\n.SH NAME\n", name, section);
    say(name);
    fputs(" \\- ", stdout);
    say_line(what);
}

/* --- kairan(1) --- */

static const struct { const char *words, *grammar, *help; } commands[] = {
#define COMMAND(words, grammar, connection, handler, help) {words, grammar, help},
#include "cli/commands.def"
#undef COMMAND
};

static void
say_exit_codes(void)
{
    for (int code = 0; code < 128; code++) {
        const char *sentence;

        for (size_t n = 0; (sentence = status_exit_sentence(code, n)) != NULL; n++) {
            if (n == 0)
                printf(".TP\n.B %d\n", code);
            say_line(sentence);
        }
    }
}

static void
page_command(void)
{
    begin("kairan", "1", "the operator's command line of a mailing-list installation");
    puts(".SH SYNOPSIS\n.B kairan\n.RB [ \\-c\n.IR FILE ]\n.RB [ \\-\\-json ]\n.I COMMAND\n\\&...");
    puts(".SH DESCRIPTION\nMakes domains, lists and keys, adds members, and shows where every mail is. Each change is one transaction and\n"
         "stands in the log with the name of the user who made it.\n.PP\n.I LIST\nis a list's address, or its name alone where only one "
         "list is called so.");
    puts(".SH OPTIONS\n.TP\n.BI \\-c \" FILE\"\nAnother configuration than the usual one; see\n.BR kairan.conf (5).\n.TP\n.B \\-\\-json\n"
         "Answer in JSON, failures too.\n.TP\n.B \\-\\-help\nShow all commands, or those that begin with the words given.\n.TP\n"
         ".B \\-\\-version\nShow the version.\n.SH COMMANDS");
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        say_tag("BR", commands[i].words, *commands[i].grammar != '\0' ? " " : "", commands[i].grammar, "");
        say_line(commands[i].help);
    }
    puts(".SH EXIT STATUS\n.B kairan check\nand\n.B kairan status\nend with 73 when they found something to mend.");
    say_exit_codes();
    puts(".SH ENVIRONMENT\n.TP\n.B KAIRAN_CONF\nThe configuration, where\n.B \\-c\nis not given.");
    puts(".SH EXAMPLES\n.nf\nkairan domain create lists.example.org\nkairan dkim new lists.example.org\n"
         "kairan list create news@lists.example.org \\-\\-owner hana@example.org\n"
         "kairan member add news@lists.example.org \\-\\-file members.txt\n"
         "kairan list set news@lists.example.org archive_policy=private\nkairan post show news@lists.example.org 12\n.fi\n"
         ".PP\nCompletion in bash:\n.nf\ncomplete \\-C 'kairan \\-\\-complete' kairan\n.fi");
    puts(".SH SEE ALSO\n.BR kairan\\-manual (7),\n.BR kairan.conf (5),\n.BR kairan\\-settings (7),\n.BR kairan\\-worker (8),\n.BR kairan\\-web (8)");
}

/* --- kairan.conf(5) --- */

static void
page_conf(void)
{
    const char *section = NULL;

    begin("kairan.conf", "5", "configuration of an installation of Kairan");
    puts(".SH DESCRIPTION\nLines\n.I name = value\nin sections. A name, a section or a value that is not known is an error, and nothing\n"
         "starts. What the owners of lists decide is not here but in\n.BR kairan\\-settings (7).");
    for (const struct conf_row *row = conf_rows(); row->section != NULL; row++) {
        if (!str_eq(section, row->section))
            printf(".SH [%s]\n", row->section);
        section = row->section;
        say_tag("BR", row->name, str_is_empty(row->fallback) ? "" : " (", row->fallback, str_is_empty(row->fallback) ? "" : ")");
        say_line(row->help);
    }
    puts(".SH SEE ALSO\n.BR kairan\\-manual (7),\n.BR kairan (1),\n.BR kairan\\-worker (8),\n.BR kairan\\-web (8)");
}

/* The example: every name with its default, none of them in force. */
static void
example_conf(void)
{
    const char *section = NULL;

    puts("# kairan.conf - all names that a configuration may have, with their defaults; see kairan.conf(5)\n#\n"
         "# A line counts without the # before it. \"kairan setup\" writes a short file with what it was told.");
    for (const struct conf_row *row = conf_rows(); row->section != NULL; row++) {
        if (!str_eq(section, row->section))
            printf("\n[%s]\n", row->section);
        section = row->section;
        /* In C a number that begins with 0 is octal, in the file it is not. */
        if (row->fallback[0] == '0' && row->fallback[1] != '\0')
            printf("# %s\n#%s = %ld\n", row->help, row->name, strtol(row->fallback, NULL, 8));
        else
            printf("# %s\n#%s = %s\n", row->help, row->name, row->fallback);
    }
}

/* --- kairan-settings(7) --- */

static void
say_values(const struct setting_row *row)
{
    switch (row->kind) {
    case SETTING_BOOL:
        puts("Yes or no.");
        break;
    case SETTING_INT:
        printf("A number from %d to %d.\n", row->least, row->most);
        break;
    case SETTING_TEXT:
        printf("One line of at most %d characters.\n", row->most);
        break;
    case SETTING_LONG:
        printf("A text of at most %d characters.\n", row->most);
        break;
    case SETTING_LINES:
        puts("One entry on each line.");
        break;
    case SETTING_CHOICE:
        puts(".RS");
        for (const struct setting_choice *choice = row->choices; choice->value != NULL; choice++) {
            printf(".TP\n.B %s\n", choice->value);
            say_line(choice->label);
        }
        puts(".RE");
        break;
    }
}

static void
page_settings(void)
{
    begin("kairan-settings", "7", "what owners decide about a list, and the rules that a post meets");
    puts(".SH DESCRIPTION\nA setting may be set for a list, for all lists of a domain, or for all lists of the site; the nearest value\n"
         "counts. Owners change settings on the list's pages, operators with\n.BR \"kairan list set\" .\n"
         "Names and meanings are those of Mailman 3 where it has the setting. Defaults stand in parentheses.");
    for (const struct setting_group *group = setting_groups(); group->name != NULL; group++) {
        fputs(".SH ", stdout);
        say_line(group->title);
        say_line(group->help);
        for (const struct setting_row *row = setting_rows(); row->name != NULL; row++) {
            if (!str_eq(row->group, group->name))
                continue;
            printf(".TP\n.B %s\n", row->name);
            if (*row->fallback != '\0')
                printf("(%s) ", row->fallback);
            say(row->label);
            fputs(". ", stdout);
            say_line(row->help);
            say_values(row);
            if (setting_comes_with(row) != NULL)
                printf("It is stored and does nothing yet. %s\n", setting_comes_with(row));
        }
    }
    puts(".SH Rules\nA post meets these in order. The first group: the first that hits decides. The second group: all are asked, and the\n"
         "severest decides. What is said here about the outcome is the usual one; settings may say otherwise.");
    for (const struct rule_row *rule = rule_rows(); rule->name != NULL; rule++) {
        fputs(".TP\n.B ", stdout);
        say(rule->name);
        printf("\n(%s group, %s) ", rule->settles ? "first" : "second", verdict_word(rule->action));
        say_line(rule->reason);
    }
    puts(".SH SEE ALSO\n.BR kairan\\-manual (7),\n.BR kairan (1)");
}

int
main(int argc, char **argv)
{
    static const struct { const char *name; void (*write)(void); } pages[] = {
        {"kairan.1", page_command}, {"kairan.conf.5", page_conf}, {"kairan-settings.7", page_settings}, {"kairan.conf", example_conf},
    };

    for (size_t i = 0; i < COUNT_OF(pages) && argc == 2; i++)
        if (strcmp(pages[i].name, argv[1]) == 0) {
            pages[i].write();
            return ferror(stdout) != 0;
        }
    fputs("Usage: make-man PAGE\n", stderr);
    return 2;
}

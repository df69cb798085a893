/* book-tables.c - the tables of the manual that are made from .def files */
#include <string.h>

#include "doc/book-tables.h"
#include "policy/mail-command.h"
#include "policy/rule.h"
#include "policy/style.h"
#include "util/conf.h"
#include "util/metrics.h"

/* ---- Markdown ---- */

/* Text of ours as it is: none of its characters is a mark. */
static void
say(struct str *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\`*_<>[]|&", *text) != NULL)
            str_addc(out, '\\');
        str_addc(out, *text);
    }
}

/* What is typed or read as it stands; a pipe would end the cell. */
static void
say_code(struct str *out, const char *text)
{
    str_addc(out, '`');
    for (; *text != '\0'; text++) {
        if (*text == '|')
            str_addc(out, '\\');
        str_addc(out, *text);
    }
    str_addc(out, '`');
}

static void
begin_table(struct str *out, const struct lang *lang, const char *const *heads, size_t count)
{
    str_add(out, "\n|");
    for (size_t i = 0; i < count; i++)
        str_addf(out, " %s |", tr(lang, heads[i]));
    str_add(out, "\n|");
    for (size_t i = 0; i < count; i++)
        str_add(out, "---|");
    str_addc(out, '\n');
}

/* ---- the tables ---- */

static void
say_values(struct str *out, const struct lang *lang, const struct setting_row *row)
{
    char number[32], most[32];

    snprintf(number, sizeof(number), "%d", row->least);
    snprintf(most, sizeof(most), "%d", row->most);
    switch (row->kind) {
    case SETTING_BOOL:
        str_add(out, tr(lang, N_("Yes or no.")));
        break;
    case SETTING_INT:
        say(out, tr_fill(out, tr(lang, N_("A number from %1 to %2.")), number, most, NULL));
        break;
    case SETTING_TEXT:
        say(out, tr_fill(out, tr(lang, N_("One line of at most %1 characters.")), most, NULL, NULL));
        break;
    case SETTING_LONG:
        say(out, tr_fill(out, tr(lang, N_("A text of at most %1 characters.")), most, NULL, NULL));
        break;
    case SETTING_LINES:
        str_add(out, tr(lang, N_("One entry on each line.")));
        break;
    case SETTING_CHOICE:
        for (const struct setting_choice *choice = row->choices; choice->value != NULL; choice++) {
            str_add(out, choice == row->choices ? "- " : "\n- ");
            say_code(out, choice->value);
            str_add(out, " ");
            say(out, tr(lang, choice->label));
        }
        str_addc(out, '\n');
        break;
    }
}

static void
say_setting(struct str *out, const struct lang *lang, const struct setting_row *row)
{
    str_addf(out, "\n### `%s`\n\n**", row->name);
    say(out, tr(lang, row->label));
    str_add(out, "**");
    if (!str_is_empty(row->help)) {
        str_add(out, "  \n");
        say(out, tr(lang, row->help));
    }
    str_add(out, "\n\n");
    say_values(out, lang, row);
    if (*row->fallback != '\0') {
        str_addf(out, "%s%s ", row->kind == SETTING_CHOICE ? "\n" : " ", tr(lang, N_("As shipped:")));
        say_code(out, row->fallback);
    }
    str_addc(out, '\n');
    if (setting_comes_with(row) != NULL) {
        str_addf(out, "\n*%s ", tr(lang, N_("It is stored and does nothing yet.")));
        say(out, tr(lang, setting_comes_with(row)));
        str_add(out, "*\n");
    }
}

static void
table_settings(struct str *out, const struct lang *lang)
{
    for (const struct setting_group *group = setting_groups(); group->name != NULL; group++) {
        str_add(out, "\n## ");
        say(out, tr(lang, group->title));
        str_add(out, "\n\n");
        say(out, tr(lang, group->help));
        str_addc(out, '\n');
        for (const struct setting_row *row = setting_rows(); row->name != NULL; row++)
            if (str_eq(row->group, group->name))
                say_setting(out, lang, row);
    }
}

static void
table_configuration(struct str *out, const struct lang *lang)
{
    static const char *const heads[] = {N_("Name"), N_("As shipped"), N_("What it is")};
    const char *section = NULL;

    for (const struct conf_row *row = conf_rows(); row->section != NULL; row++) {
        if (!str_eq(section, row->section)) {
            str_addf(out, "\n## \\[%s\\]\n", row->section);
            begin_table(out, lang, heads, COUNT_OF(heads));
        }
        section = row->section;
        str_addf(out, "| `%s` | ", row->name);
        if (*row->fallback != '\0')
            say_code(out, row->fallback);
        str_add(out, " | ");
        say(out, tr(lang, row->help));
        str_add(out, " |\n");
    }
}

static const struct { const char *words, *grammar, *help; } commands[] = {
#define COMMAND(words, grammar, connection, handler, help) {words, grammar, help},
#include "cli/commands.def"
#undef COMMAND
};

static bool
is_of_family(size_t i, const char *family)
{
    size_t len = strlen(family);

    return strncmp(commands[i].words, family, len) == 0 && (commands[i].words[len] == ' ' || commands[i].words[len] == '\0');
}

/* Each family where its first command stands. */
static void
table_commands(struct str *out, const struct lang *lang)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        const char *family = mem_strndup(out, commands[i].words, strcspn(commands[i].words, " "));
        bool is_first = true;

        for (size_t k = 0; k < i; k++)
            is_first = is_first && !is_of_family(k, family);
        if (!is_first)
            continue;
        str_addf(out, "\n## kairan %s\n", family);
        for (size_t k = i; k < COUNT_OF(commands); k++) {
            if (!is_of_family(k, family))
                continue;
            str_addf(out, "\n`kairan %s%s%s`  \n", commands[k].words, *commands[k].grammar != '\0' ? " " : "", commands[k].grammar);
            say(out, tr(lang, commands[k].help));
            str_addc(out, '\n');
        }
    }
}

static void
table_rules(struct str *out, const struct lang *lang)
{
    static const char *const heads[] = {N_("Rule"), N_("What it looks at"), N_("What usually becomes of the post")};

    begin_table(out, lang, heads, COUNT_OF(heads));
    for (const struct rule_row *rule = rule_rows(); rule->name != NULL; rule++) {
        str_addf(out, "| `%s` | ", rule->name);
        say(out, tr(lang, rule->question));
        str_addf(out, " | `%s` |\n", verdict_word(rule->action));
    }
}

static void
table_styles(struct str *out, const struct lang *lang)
{
    static const char *const heads[] = {N_("Kind"), N_("Mailman's name"), N_("What it is")};

    begin_table(out, lang, heads, COUNT_OF(heads));
    for (const struct style *style = style_rows(); style->name != NULL; style++) {
        str_addf(out, "| `%s` | ", style->name);
        if (style->other_name != NULL)
            say_code(out, style->other_name);
        str_add(out, " | ");
        say(out, tr(lang, style->label));
        str_add(out, tr(lang, N_(": ")));
        say(out, tr(lang, style->help));
        str_add(out, " |\n");
    }
}

static void
table_mail_commands(struct str *out, const struct lang *lang)
{
    static const char *const heads[] = {N_("Command"), N_("Also written"), N_("What it does")};
    const struct mail_command_row *rows = mail_command_rows();

    begin_table(out, lang, heads, COUNT_OF(heads));
    for (size_t i = 0; i < MAIL_COMMAND_COUNT; i++) {
        str_add(out, "| ");
        say_code(out, tr(lang, rows[i].usage));
        str_addf(out, " | %s | ", rows[i].words);
        say(out, tr(lang, rows[i].help));
        str_add(out, " |\n");
    }
}

static void
table_exit_codes(struct str *out, const struct lang *lang)
{
    static const char *const heads[] = {N_("Exit code"), N_("What it means")};

    begin_table(out, lang, heads, COUNT_OF(heads));
    for (int code = 0; code < 128; code++) {
        const char *sentence;
        size_t n = 0;

        for (; (sentence = status_exit_sentence(code, n)) != NULL; n++) {
            if (n == 0)
                str_addf(out, "| %d |", code);
            str_addc(out, ' ');
            say(out, tr(lang, sentence));
        }
        if (n > 0)
            str_add(out, " |\n");
    }
}

/* Level: who has to do something. */
static const struct { const char *name, *level, *meaning, *mend; } events[] = {
#define EVENT(name, level, meaning, mend) {#name, #level, meaning, mend},
#include "util/log.def"
#undef EVENT
};

static void
table_log_lines(struct str *out, const struct lang *lang)
{
    static const char *const heads[] = {N_("Line"), N_("Level"), N_("What it means"), N_("What to do")};

    begin_table(out, lang, heads, COUNT_OF(heads));
    for (size_t i = 0; i < COUNT_OF(events); i++) {
        str_addf(out, "| `%s` | `%s` | ", str_lower(out, events[i].name), str_lower(out, events[i].level));
        say(out, tr(lang, events[i].meaning));
        str_add(out, " | ");
        say(out, *events[i].mend != '\0' ? tr(lang, events[i].mend) : "");
        str_add(out, " |\n");
    }
}

static void
table_metrics(struct str *out, const struct lang *lang)
{
    static const char *const heads[] = {N_("Number"), N_("Kind"), N_("Label"), N_("What it means")};

    begin_table(out, lang, heads, COUNT_OF(heads));
    for (int metric = 0; metric < METRIC_COUNT; metric++) {
        const struct metric_row *row = metric_row((enum metric)metric);

        str_addf(out, "| `%s` | `%s` | ", row->name, row->type == METRIC_COUNTER ? "counter" : "gauge");
        if (*row->label != '\0')
            say_code(out, row->label);
        str_add(out, " | ");
        say(out, tr(lang, row->help));
        str_add(out, " |\n");
    }
}

bool
book_table(struct str *out, const struct lang *lang, const char *name)
{
    static const struct { const char *name; void (*write)(struct str *out, const struct lang *lang); } tables[] = {
        {"settings", table_settings}, {"configuration", table_configuration}, {"commands", table_commands}, {"rules", table_rules},
        {"styles", table_styles}, {"mail-commands", table_mail_commands}, {"exit-codes", table_exit_codes},
        {"log-lines", table_log_lines}, {"metrics", table_metrics},
    };

    for (size_t i = 0; i < COUNT_OF(tables); i++)
        if (str_eq(tables[i].name, name)) {
            tables[i].write(out, lang);
            return true;
        }
    return false;
}

/* setting-table.c - the table of settings; values from text, to text, and as people type them */
#include <ctype.h>
#include <string.h>

#include "mime/address.h"
#include "policy/pattern.h"
#include "policy/setting.h"
#include "util/str.h"
#include "util/when.h"

/* --- the tables --- */

#define CHOICES(set) static const struct setting_choice set##_choices[] = {
#define CHOICE(constant, value, label) {value, label},
#define CHOICES_END(set) {NULL, NULL}};
#include "policy/choices.def"
#undef CHOICES
#undef CHOICE
#undef CHOICES_END

#define GROUP(name, title, help) {#name, title, help},
static const struct setting_group groups[] = {
#include "policy/groups.def"
    {NULL, NULL, NULL},
};
#undef GROUP

#define LATER(flag, sentence) LATER_##flag,
enum {
#include "policy/later.def"
};
#undef LATER

#define LATER(flag, sentence) sentence,
static const char *const later_sentences[] = {
#include "policy/later.def"
};
#undef LATER

#define SQL SETTING_SQL
#define ADMIN SETTING_ADMIN
#define ADDRESS SETTING_ADDRESS
#define ZONE SETTING_ZONE
#define PATTERNS SETTING_PATTERNS
#define FROM_EFFECT SETTING_FROM_EFFECT
#define RULES_EFFECT SETTING_RULES_EFFECT
#define WAIT_EFFECT SETTING_WAIT_EFFECT
#define TOPICS_EFFECT SETTING_TOPICS_EFFECT
#define LATER(flag, sentence) flag = SETTING_LATER << LATER_##flag,
enum {
#include "policy/later.def"
};
#undef LATER
#define AT(name) offsetof(struct settings, name)
#define BOOL(name, fallback, group, flags, label, help) \
    {#name, SETTING_BOOL, #group, flags, (fallback) ? "yes" : "no", 0, 1, NULL, label, help, AT(name)},
#define INT(name, fallback, least, most, group, flags, label, help) \
    {#name, SETTING_INT, #group, flags, #fallback, least, most, NULL, label, help, AT(name)},
#define TEXT(name, fallback, most, group, flags, label, help) \
    {#name, SETTING_TEXT, #group, flags, fallback, 0, most, NULL, label, help, AT(name)},
#define LONG(name, fallback, most, group, flags, label, help) \
    {#name, SETTING_LONG, #group, flags, fallback, 0, most, NULL, label, help, AT(name)},
#define LINES(name, most, group, flags, label, help) \
    {#name, SETTING_LINES, #group, flags, "", 0, most, NULL, label, help, AT(name)},
#define CHOICE(name, set, fallback, group, flags, label, help) \
    {#name, SETTING_CHOICE, #group, flags, fallback, 0, 0, set##_choices, label, help, AT(name)},
static const struct setting_row rows[] = {
#include "policy/settings.def"
    {NULL, SETTING_BOOL, NULL, 0, NULL, 0, 0, NULL, NULL, NULL, 0},
};

const struct setting_row *
setting_rows(void)
{
    return rows;
}

const struct setting_group *
setting_groups(void)
{
    return groups;
}

const struct setting_group *
setting_group(const char *name)
{
    for (const struct setting_group *group = groups; group->name != NULL; group++)
        if (str_eq(group->name, name))
            return group;
    return NULL;
}

const struct setting_row *
setting_row(const char *name)
{
    for (const struct setting_row *row = rows; row->name != NULL; row++)
        if (str_eq(row->name, name))
            return row;
    return NULL;
}

const char *
setting_comes_with(const struct setting_row *row)
{
    for (size_t i = 0; i < COUNT_OF(later_sentences); i++)
        if (row->flags & (unsigned)SETTING_LATER << i)
            return later_sentences[i];
    return NULL;
}

const char *
language_code(enum language language)
{
    return language_choices[language].value;
}

const char *
archive_policy_word(enum archive_policy policy)
{
    return archive_policy_choices[policy].value;
}

const char *
archive_addresses_word(enum archive_addresses addresses)
{
    return archive_addresses_choices[addresses].value;
}

const char *
rendering_mode_word(enum rendering_mode mode)
{
    return rendering_mode_choices[mode].value;
}

const char *
roster_visibility_word(enum roster_visibility visibility)
{
    return roster_visibility_choices[visibility].value;
}

const char *
post_action_word(enum post_action action)
{
    return post_action_choices[action].value;
}

enum post_action
post_action_of(const char *word)
{
    for (int action = POST_DEFER; action <= POST_DISCARD; action++)
        if (str_eq(post_action_choices[action].value, word))
            return (enum post_action)action;
    return POST_HOLD;
}

/* --- from text and to text --- */

static int
find_choice(const struct setting_choice *choices, const char *value)
{
    for (int i = 0; choices[i].value != NULL; i++)
        if (str_eq(choices[i].value, value))
            return i;
    return -1;
}

static bool
to_bool(const char *value, bool *bool_r)
{
    static const struct { const char *word; bool value; } words[] = {
        {"yes", true}, {"no", false}, {"true", true}, {"false", false}, {"on", true}, {"off", false}, {"1", true}, {"0", false},
    };

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq_nocase(words[i].word, value)) {
            *bool_r = words[i].value;
            return true;
        }
    return false;
}

/* Non-empty lines, trimmed; cut out of one copy, as there may be thousands. */
static struct text_array
to_lines(TALLOC_CTX *ctx, const char *value)
{
    char *text = mem_strdup(ctx, value), *next;
    const char **lines;
    size_t count = 0, most = 1;

    for (const char *s = value; *s != '\0'; s++)
        most += *s == '\n';
    lines = mem_array(ctx, const char *, most + 1);
    for (char *line = text; line != NULL; line = next) {
        size_t len;

        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        line += strspn(line, " \t\r");
        len = strlen(line);
        while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL)
            line[--len] = '\0';
        if (len > 0)
            lines[count++] = line;
    }
    return (struct text_array){lines, count};
}

bool
setting_put(struct settings *settings, const struct setting_row *row, const char *value)
{
    char *member = (char *)settings + row->offset;
    int64_t number;
    int choice;

    switch (row->kind) {
    case SETTING_BOOL:
        return to_bool(value, (bool *)member);
    case SETTING_INT:
        if (!str_to_int(value, row->least, row->most, &number))
            return false;
        *(int *)member = (int)number;
        return true;
    case SETTING_TEXT:
    case SETTING_LONG:
        *(const char **)member = mem_strdup(settings, value);
        return true;
    case SETTING_LINES:
        *(struct text_array *)member = to_lines(settings, value);
        return true;
    case SETTING_CHOICE:
        choice = find_choice(row->choices, value);
        if (choice >= 0)
            *(int *)member = choice;
        return choice >= 0;
    }
    return false;
}

static char *
join_lines(TALLOC_CTX *ctx, struct text_array lines)
{
    struct str *text = str_new(ctx);

    for (size_t i = 0; i < lines.count; i++)
        str_addf(text, "%s%s", i > 0 ? "\n" : "", lines.items[i]);
    return text->s;
}

char *
setting_text(TALLOC_CTX *ctx, const struct settings *settings, const struct setting_row *row)
{
    const char *member = (const char *)settings + row->offset;

    switch (row->kind) {
    case SETTING_BOOL:
        return mem_strdup(ctx, *(const bool *)member ? "yes" : "no");
    case SETTING_INT:
        return mem_printf(ctx, "%d", *(const int *)member);
    case SETTING_TEXT:
    case SETTING_LONG:
        return mem_strdup(ctx, *(const char *const *)member);
    case SETTING_LINES:
        return join_lines(ctx, *(const struct text_array *)member);
    case SETTING_CHOICE:
        return mem_strdup(ctx, row->choices[*(const int *)member].value);
    }
    return NULL;
}

/* --- checking what a person typed --- */

static enum status
check_length(const struct setting_row *row, const char *text, struct fault *fault)
{
    if (utf8_length(text) <= (size_t)row->most)
        return STATUS_OK;
    return fault_set(fault, STATUS_INVALID, row->name, N_("This text is too long."));
}

static enum status
check_text(TALLOC_CTX *ctx, const struct setting_row *row, const char *value, const char **stored_r, struct fault *fault)
{
    char *text = str_trim(ctx, utf8_clean(ctx, value, strlen(value)));

    if (strchr(text, '\n') != NULL)
        return fault_set(fault, STATUS_INVALID, row->name, N_("Only one line is possible here."));
    for (char *s = text; *s != '\0'; s++)
        if (*s == '\t')
            *s = ' ';
    if (row->flags & SETTING_ADDRESS && *text != '\0' && address_key_of(ctx, text) == NULL)
        return fault_set(fault, STATUS_INVALID, row->name,
                         N_("This does not look like a mail address. It should be like hana@example.jp."));
    if (row->flags & SETTING_ZONE && *text != '\0' && !when_zone_is_known(text))
        return fault_set(fault, STATUS_INVALID, row->name,
                         N_("There is no such time zone. Write its name with its capitals, such as Asia/Tokyo, Europe/Berlin or UTC."));
    *stored_r = text;
    return check_length(row, text, fault);
}

static enum status
check_long(TALLOC_CTX *ctx, const struct setting_row *row, const char *value, const char **stored_r, struct fault *fault)
{
    char *text = utf8_clean(ctx, value, strlen(value));
    size_t len = strlen(text);

    while (len > 0 && isspace((unsigned char)text[len - 1]))
        text[--len] = '\0';
    *stored_r = text;
    return check_length(row, text, fault);
}

static enum status
check_lines(TALLOC_CTX *ctx, const struct setting_row *row, const char *value, const char **stored_r, struct fault *fault)
{
    struct text_array lines = to_lines(ctx, utf8_clean(ctx, value, strlen(value)));

    for (size_t i = 0; i < lines.count && row->flags & SETTING_PATTERNS; i++)
        if (!pattern_is_valid(lines.items[i]))
            return fault_set(fault, STATUS_INVALID, row->name,
                             N_("One of the lines is neither an address nor @domain nor a ^regular expression."));
    for (size_t i = 0; i < lines.count && row->flags & SETTING_ADDRESS; i++)
        if (address_key_of(ctx, lines.items[i]) == NULL)
            return fault_set(fault, STATUS_INVALID, row->name, N_("One of the lines is not a mail address."));
    *stored_r = join_lines(ctx, lines);
    return check_length(row, *stored_r, fault);
}

static enum status
check_choice(TALLOC_CTX *ctx, const struct setting_row *row, const char *value, const char **stored_r, struct fault *fault)
{
    char *word = str_lower(ctx, str_trim(ctx, value));

    *stored_r = word;
    if (find_choice(row->choices, word) >= 0)
        return STATUS_OK;
    return fault_set(fault, STATUS_INVALID, row->name, N_("This is not one of the values to choose from."));
}

enum status
setting_check(TALLOC_CTX *ctx, const struct setting_row *row, const char *value, const char **stored_r, struct fault *fault)
{
    bool truth;
    int64_t number;

    switch (row->kind) {
    case SETTING_BOOL:
        if (!to_bool(str_trim(ctx, value), &truth))
            return fault_set(fault, STATUS_INVALID, row->name, N_("This takes yes or no."));
        *stored_r = truth ? "yes" : "no";
        return STATUS_OK;
    case SETTING_INT:
        if (!str_to_int(str_trim(ctx, value), row->least, row->most, &number))
            return fault_set(fault, STATUS_INVALID, row->name, N_("This is not a whole number, or not within its bounds."));
        *stored_r = mem_printf(ctx, "%lld", (long long)number);
        return STATUS_OK;
    case SETTING_TEXT:
        return check_text(ctx, row, value, stored_r, fault);
    case SETTING_LONG:
        return check_long(ctx, row, value, stored_r, fault);
    case SETTING_LINES:
        return check_lines(ctx, row, value, stored_r, fault);
    case SETTING_CHOICE:
        return check_choice(ctx, row, value, stored_r, fault);
    }
    return STATUS_BROKEN;
}

struct settings *
settings_default(TALLOC_CTX *ctx)
{
    struct settings *settings = mem_new(ctx, struct settings);

    for (const struct setting_row *row = rows; row->name != NULL; row++)
        must(setting_put(settings, row, row->fallback));
    return settings;
}

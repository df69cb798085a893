/* setting.c - what owners decide about a list, typed */
#include <ctype.h>
#include <string.h>

#include "mime/address.h"
#include "policy/pattern.h"
#include "policy/setting.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/str.h"

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

#define SQL SETTING_SQL
#define ADMIN SETTING_ADMIN
#define ADDRESS SETTING_ADDRESS
#define PATTERNS SETTING_PATTERNS
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

const struct setting_row *
setting_row(const char *name)
{
    for (const struct setting_row *row = rows; row->name != NULL; row++)
        if (str_eq(row->name, name))
            return row;
    return NULL;
}

const char *
language_code(enum language language)
{
    return language_choices[language].value;
}

const char *
post_action_word(enum post_action action)
{
    return post_action_choices[action].value;
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

/* Non-empty lines, trimmed. */
static struct text_array
to_lines(TALLOC_CTX *ctx, const char *value)
{
    char **parts = str_split(ctx, value, '\n', SIZE_MAX);
    const char **lines = (const char **)parts;
    size_t count = 0;

    for (size_t i = 0; parts[i] != NULL; i++) {
        const char *line = str_trim(ctx, parts[i]);

        if (*line != '\0')
            lines[count++] = line;
    }
    return (struct text_array){lines, count};
}

/* A stored value into its member; false when it does not fit the row. */
static bool
put_member(TALLOC_CTX *ctx, struct settings *settings, const struct setting_row *row, const char *value)
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
        *(const char **)member = mem_strdup(ctx, value);
        return true;
    case SETTING_LINES:
        *(struct text_array *)member = to_lines(ctx, value);
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
    size_t characters = 0;

    for (const char *s = text; *s != '\0'; s++)
        characters += ((unsigned char)*s & 0xc0) != 0x80;
    if (characters <= (size_t)row->most)
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

/* --- loading --- */

struct settings *
settings_default(TALLOC_CTX *ctx)
{
    struct settings *settings = mem_new(ctx, struct settings);

    for (const struct setting_row *row = rows; row->name != NULL; row++)
        must(put_member(settings, settings, row, row->fallback));
    return settings;
}

static void
put_stored(struct settings *settings, const char *name, const char *value)
{
    const struct setting_row *row = setting_row(name);

    if (row == NULL || !put_member(settings, settings, row, value))
        log_warning("setting_passed_over", "name", "%s", name);
}

static void
name_list(struct settings *settings, const char *list_name)
{
    char *name;

    if (*settings->display_name != '\0')
        return;
    name = mem_strdup(settings, list_name);
    if (*name >= 'a' && *name <= 'z')
        *name = (char)(*name - 'a' + 'A');
    settings->display_name = name;
}

enum status
settings_load(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct settings **settings_r)
{
    struct row_setting_of_list *found;
    struct settings *settings;
    size_t count;
    enum status status = q_setting_of_list(db, ctx, list_id, &found, &count);

    if (status != STATUS_OK)
        return status;
    if (count == 0)
        return STATUS_NOT_FOUND;
    settings = settings_default(ctx);
    for (size_t i = 0; i < count; i++)
        if (found[i].name != NULL)
            put_stored(settings, found[i].name, found[i].value);
    name_list(settings, found[0].list_name);
    talloc_free(found);
    *settings_r = settings;
    return STATUS_OK;
}

/* --- changing --- */

static const char *const scope_words[] = {"site", "domain", "list"};

/* The columns of list_effective, one array each. */
struct effective {
    int64_t *list_id;
    const char **advertised, **archive_policy, **display_name, **description, **preferred_language, **roster;
    size_t count;
};

static struct effective *
effective_new(TALLOC_CTX *ctx, size_t most)
{
    struct effective *all = mem_new(ctx, struct effective);

    all->list_id = mem_array(all, int64_t, most);
    all->advertised = mem_array(all, const char *, most);
    all->archive_policy = mem_array(all, const char *, most);
    all->display_name = mem_array(all, const char *, most);
    all->description = mem_array(all, const char *, most);
    all->preferred_language = mem_array(all, const char *, most);
    all->roster = mem_array(all, const char *, most);
    return all;
}

static void
effective_add(struct effective *all, int64_t list_id, const struct settings *settings)
{
    size_t i = all->count++;

    all->list_id[i] = list_id;
    all->advertised[i] = settings->advertised ? "yes" : "no";
    all->archive_policy[i] = archive_policy_choices[settings->archive_policy].value;
    all->display_name[i] = settings->display_name;
    all->description[i] = settings->description;
    all->preferred_language[i] = language_code(settings->preferred_language);
    all->roster[i] = roster_visibility_choices[settings->member_roster_visibility].value;
}

static enum status
effective_write(struct db *db, const struct effective *all)
{
    return q_list_effective_put(db, (struct int_array){all->list_id, all->count}, (struct text_array){all->advertised, all->count},
                                (struct text_array){all->archive_policy, all->count},
                                (struct text_array){all->display_name, all->count},
                                (struct text_array){all->description, all->count},
                                (struct text_array){all->preferred_language, all->count},
                                (struct text_array){all->roster, all->count}, NULL);
}

enum status
setting_rewrite_effective(struct db *db, enum setting_scope scope, int64_t scope_id)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_setting_of_scope *found;
    struct settings *settings = NULL;
    struct effective *all;
    size_t count;
    enum status status = q_setting_lock(db, NULL);

    if (status == STATUS_OK)
        status = q_setting_of_scope(db, ctx, scope_words[scope], scope_id, &found, &count);
    if (status == STATUS_OK && count > 0) {
        all = effective_new(ctx, count);
        for (size_t i = 0; i < count; i++) {
            if (i == 0 || found[i].list_id != found[i - 1].list_id)
                settings = settings_default(all);
            if (found[i].name != NULL)
                put_stored(settings, found[i].name, found[i].value);
            if (i + 1 == count || found[i + 1].list_id != found[i].list_id) {
                name_list(settings, found[i].list_name);
                effective_add(all, found[i].list_id, settings);
            }
        }
        status = effective_write(db, all);
    }
    talloc_free(ctx);
    return status;
}

enum status
setting_own(struct db *db, TALLOC_CTX *ctx, enum setting_scope scope, int64_t scope_id, struct setting_value **values_r,
            size_t *count_r)
{
    struct row_setting_own *found;
    enum status status = q_setting_own(db, ctx, scope_words[scope], scope_id, &found, count_r);

    if (status != STATUS_OK)
        return status;
    *values_r = mem_array(ctx, struct setting_value, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*values_r)[i] = (struct setting_value){found[i].name, found[i].value, found[i].changed_by, found[i].changed_at};
    return STATUS_OK;
}

static const char *
own_value(const struct setting_value *values, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(values[i].name, name))
            return values[i].value;
    return NULL;
}

static enum status
write_value(struct db *db, const struct actor *actor, enum setting_scope scope, int64_t scope_id, const char *name,
            const char *value)
{
    if (value == NULL)
        return q_setting_drop(db, scope_words[scope], scope_id, name, NULL);
    return q_setting_put(db, scope_words[scope], scope_id, name, value, actor->words, clock_now_us(), NULL);
}

static enum status
change_value(struct db *db, const struct actor *actor, enum setting_scope scope, int64_t scope_id, const char *name,
             const char *value, TALLOC_CTX *ctx)
{
    struct setting_value *values;
    const char *before;
    size_t count;
    enum status status = q_setting_lock(db, NULL);

    if (status == STATUS_OK)
        status = setting_own(db, ctx, scope, scope_id, &values, &count);
    if (status != STATUS_OK)
        return status;
    before = own_value(values, count, name);
    if (str_eq(before, value))
        return STATUS_OK;
    status = write_value(db, actor, scope, scope_id, name, value);
    if (status == STATUS_OK)
        status = setting_rewrite_effective(db, scope, scope_id);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "setting_change", scope == SCOPE_LIST ? scope_id : 0,
                           scope == SCOPE_LIST ? name : mem_printf(ctx, "%s %lld: %s", scope_words[scope], (long long)scope_id, name),
                           mem_printf(ctx, "%s -> %s", before == NULL ? "(inherited)" : before,
                                      value == NULL ? "(inherited)" : value));
    return status;
}

enum status
setting_set(struct db *db, const struct actor *actor, enum setting_scope scope, int64_t scope_id, const char *name,
            const char *value, TALLOC_CTX *ctx, struct fault *fault)
{
    const struct setting_row *row = setting_row(name);
    const char *stored = NULL;
    struct change change;
    enum status status;

    if (row == NULL)
        return fault_setf(fault, ctx, STATUS_NOT_FOUND, name, "There is no setting \"%s\".", name);
    if (row->flags & SETTING_ADMIN && !actor->is_operator && !actor->is_admin)
        return fault_set(fault, STATUS_NOT_ALLOWED, row->name, N_("Only a site administrator may change this."));
    if (value != NULL && (status = setting_check(ctx, row, value, &stored, fault)) != STATUS_OK)
        return status;
    status = change_begin(&change, db);
    if (status == STATUS_OK)
        status = change_end(&change, change_value(db, actor, scope, scope_id, row->name, stored, ctx));
    return status;
}

/* text.c - the texts that owners may change */
#include <ctype.h>
#include <string.h>

#include "policy/text.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

enum { SUBJECT_CHARACTERS = 200, BODY_CHARACTERS = 10000, NAME_BYTES = 40, VALUES_MAX = 40 };

/* Notices first, in their order, so that a kind is an index; then pieces. */
#define NOTICE(name, template, variables, label, subject, body) {#name, template, variables, label, subject, body},
#define PIECE(name, template, variables, label)
static const struct text_row rows[] = {
#include "policy/notices.def"
#undef NOTICE
#undef PIECE
#define NOTICE(name, template, variables, label, subject, body)
#define PIECE(name, template, variables, label) {#name, template, variables, label, NULL, ""},
#include "policy/notices.def"
    {NULL, NULL, NULL, NULL, NULL, NULL}};
#undef NOTICE
#undef PIECE

#define VARIABLE(name, help, sample) {#name, help, sample, false},
#define COMMON(name, help) {#name, help, NULL, true},
static const struct variable_row variables[] = {
#include "policy/variables.def"
    {NULL, NULL, NULL, false}};
#undef VARIABLE
#undef COMMON

/* --- the tables --- */

const struct text_row *
text_rows(void)
{
    return rows;
}

const struct text_row *
text_row(const char *name)
{
    for (const struct text_row *row = rows; row->name != NULL; row++)
        if (str_eq(row->name, name) || str_eq(row->template, name))
            return row;
    return NULL;
}

bool
text_is_of_list(const struct text_row *row)
{
    return str_starts(row->template, "list:");
}

const struct variable_row *
variable_rows(void)
{
    return variables;
}

const struct variable_row *
variable_row(const char *name)
{
    for (const struct variable_row *row = variables; row->name != NULL; row++)
        if (str_eq(row->name, name))
            return row;
    return NULL;
}

bool
text_is_mail(const struct text_row *row)
{
    return row->subject != NULL;
}

static struct text_array
own_variables(TALLOC_CTX *ctx, const struct text_row *row, bool only_starred)
{
    char **words = str_split(ctx, row->variables, ' ', VALUES_MAX);
    const char **names = mem_array(ctx, const char *, VALUES_MAX);
    size_t count = 0;

    for (char **word = words; *word != NULL; word++)
        if (**word != '\0' && (!only_starred || **word == '*'))
            names[count++] = *word + (**word == '*');
    return (struct text_array){names, count};
}

struct text_array
text_variables(TALLOC_CTX *ctx, const struct text_row *row)
{
    return own_variables(ctx, row, false);
}

/* --- the text that counts --- */

static enum setting_scope
scope_of(const char *word)
{
    return str_eq(word, "list") ? SCOPE_LIST : str_eq(word, "domain") ? SCOPE_DOMAIN : SCOPE_SITE;
}

struct text
text_shipped(const struct text_row *row, const struct lang *lang)
{
    if (!text_is_mail(row))
        return (struct text){"", "", true, SCOPE_SITE};
    return (struct text){tr(lang, row->subject), tr(lang, row->body), true, SCOPE_SITE};
}

enum status
text_load(struct db *db, TALLOC_CTX *ctx, const struct text_row *row, int64_t list_id, int64_t domain_id, const struct lang *lang,
          struct text *text_r)
{
    struct row_template_find *found;
    enum status status = q_template_find(db, ctx, row->template, lang_code(lang), list_id, domain_id, &found);

    if (status != STATUS_OK)
        return status;
    *text_r = text_shipped(row, lang);
    if (found == NULL)
        return STATUS_OK;
    *text_r = (struct text){found->subject, found->body, false, scope_of(found->scope)};
    return STATUS_OK;
}

enum status
text_piece(struct db *db, TALLOC_CTX *ctx, const struct text_row *row, int64_t list_id, int64_t domain_id,
           const struct lang *lang, struct text_values *values, const char *base_url, const char **piece_r)
{
    struct text text;
    enum status status = text_load(db, ctx, row, list_id, domain_id, lang, &text);

    *piece_r = "";
    if (status != STATUS_OK || *text.body == '\0')
        return status;
    status = text_values_of_list(db, values, list_id, lang, base_url);
    if (status == STATUS_OK)
        *piece_r = text_fill(ctx, text.body, values);
    return status;
}

enum status
text_places(struct db *db, TALLOC_CTX *ctx, int64_t list_id, int64_t domain_id, struct text_place **places_r, size_t *count_r)
{
    struct row_template_places *found;
    enum status status = q_template_places(db, ctx, list_id, domain_id, &found, count_r);

    if (status != STATUS_OK)
        return status;
    *places_r = mem_array(ctx, struct text_place, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*places_r)[i] = (struct text_place){found[i].name, found[i].language, scope_of(found[i].scope), found[i].changed_by,
                                             found[i].changed_at};
    return STATUS_OK;
}

/* --- reading a text: pieces of it, and names between them --- */

/* The name that begins at a dollar sign; "" for "$$", NULL for a dollar sign that begins no name. end_r is what follows. */
static char *
name_at(TALLOC_CTX *ctx, const char *dollar, const char **end_r)
{
    bool has_brace = dollar[1] == '{';
    const char *name = dollar + 1 + has_brace;
    size_t len = 0;

    *end_r = dollar + 2;
    if (dollar[1] == '$')
        return mem_strdup(ctx, "");
    while (len < NAME_BYTES && ((name[len] >= 'a' && name[len] <= 'z') || name[len] == '_'
                                || (len > 0 && isdigit((unsigned char)name[len]))))
        len++;
    *end_r = name + len + has_brace;
    if (len == 0 || (has_brace && name[len] != '}'))
        return NULL;
    return mem_strndup(ctx, name, len);
}

struct text_values {
    struct { const char *name, *value; } rows[VALUES_MAX];
    size_t count;
};

struct text_values *
text_values_new(TALLOC_CTX *ctx)
{
    return mem_new(ctx, struct text_values);
}

static const char *
value_of(const struct text_values *values, const char *name)
{
    for (size_t i = 0; i < values->count; i++)
        if (str_eq(values->rows[i].name, name))
            return values->rows[i].value;
    return NULL;
}

void
text_value_add(struct text_values *values, const char *name, const char *value)
{
    if (value_of(values, name) != NULL)
        return;
    must(values->count < VALUES_MAX);
    values->rows[values->count].name = mem_strdup(values, name);
    values->rows[values->count++].value = mem_strdup(values, value != NULL ? value : "");
}

char *
text_fill(TALLOC_CTX *ctx, const char *text, const struct text_values *values)
{
    struct str *filled = str_new(ctx);

    while (*text != '\0') {
        const char *end, *value;
        char *name = *text == '$' ? name_at(filled, text, &end) : NULL;

        value = name == NULL ? NULL : *name == '\0' ? "$" : value_of(values, name);
        if (value == NULL) {
            str_addc(filled, *text++);
        } else {
            str_add(filled, value);
            text = end;
        }
    }
    return filled->s;
}

enum status
text_values_of_list(struct db *db, struct text_values *values, int64_t list_id, const struct lang *lang, const char *base_url)
{
    struct row_template_list *list;
    struct settings *settings;
    enum status status = q_template_list(db, values, list_id, &list);

    if (status == STATUS_OK && list == NULL)
        return STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = settings_load(db, values, list_id, &settings);
    if (status != STATUS_OK)
        return status;
    if (base_url == NULL)
        base_url = mem_printf(values, "https://%s", list->web_host);
    text_value_add(values, "display_name", settings->display_name);
    text_value_add(values, "listname", mem_printf(values, "%s@%s", list->name, list->domain));
    text_value_add(values, "short_listname", list->name);
    text_value_add(values, "list_id", mem_printf(values, "%s.%s", list->name, list->domain));
    text_value_add(values, "domain", list->domain);
    text_value_add(values, "description", settings->description);
    text_value_add(values, "info", settings->info);
    text_value_add(values, "mailinglist_url", mem_printf(values, "%s/lists/%s/", base_url, list->slug));
    text_value_add(values, "owner_email", mem_printf(values, "%s-owner@%s", list->name, list->domain));
    text_value_add(values, "request_email", mem_printf(values, "%s-request@%s", list->name, list->domain));
    text_value_add(values, "language", lang_name(lang));
    return STATUS_OK;
}

/* --- checking what a person typed --- */

static bool
is_among(struct text_array names, const char *name)
{
    for (size_t i = 0; i < names.count; i++)
        if (str_eq(names.items[i], name))
            return true;
    return false;
}

static bool
is_known(TALLOC_CTX *ctx, const struct text_row *row, const char *name)
{
    const struct variable_row *variable = variable_row(name);

    return is_among(text_variables(ctx, row), name) || (variable != NULL && variable->is_common && text_is_of_list(row));
}

static enum status
refuse(struct fault *fault, const char *field, const char *sentence, const char *hint)
{
    fault_set(fault, STATUS_INVALID, field, sentence);
    fault->hint = hint;
    return STATUS_INVALID;
}

/* Every name is one that the text knows. */
static enum status
check_names(TALLOC_CTX *ctx, const struct text_row *row, const char *field, const char *text, struct fault *fault)
{
    for (const char *dollar = strchr(text, '$'), *end; dollar != NULL; dollar = strchr(end, '$')) {
        const char *name = name_at(ctx, dollar, &end);

        if (name == NULL)
            return refuse(fault, field, N_("A dollar sign begins no name of a variable here; write $$ for a dollar sign."),
                          utf8_cut(ctx, dollar, 20));
        if (*name != '\0' && !is_known(ctx, row, name))
            return refuse(fault, field, N_("This text has a variable that is not known here."), mem_printf(ctx, "$%s", name));
    }
    return STATUS_OK;
}

static bool
has_name(TALLOC_CTX *ctx, const char *text, const char *wanted)
{
    for (const char *dollar = strchr(text, '$'), *end; dollar != NULL; dollar = strchr(end, '$')) {
        const char *name = name_at(ctx, dollar, &end);

        if (str_eq(name, wanted))
            return true;
    }
    return false;
}

static enum status
check_starred(TALLOC_CTX *ctx, const struct text_row *row, const char *body, struct fault *fault)
{
    struct text_array starred = own_variables(ctx, row, true);

    for (size_t i = 0; i < starred.count; i++)
        if (!has_name(ctx, body, starred.items[i]))
            return refuse(fault, "body", N_("Without this variable the mail would be of no use; please put it in."),
                          mem_printf(ctx, "$%s", starred.items[i]));
    return STATUS_OK;
}

static size_t
characters(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static enum status
check_size(const char *field, const char *text, size_t most, struct fault *fault)
{
    if (characters(text) > most)
        return fault_set(fault, STATUS_INVALID, field, N_("This text is too long."));
    return STATUS_OK;
}

/* Blanks at the end of the whole text and of no line: a line of "-- " is a line of its own. */
static char *
clean_body(TALLOC_CTX *ctx, const char *body)
{
    char *text = utf8_clean(ctx, body, strlen(body));
    size_t len = strlen(text);

    while (len > 0 && isspace((unsigned char)text[len - 1]))
        text[--len] = '\0';
    return text;
}

static enum status
check_subject(TALLOC_CTX *ctx, const struct text_row *row, const char *line, struct fault *fault)
{
    enum status status = STATUS_OK;

    if (strchr(line, '\n') != NULL)
        return fault_set(fault, STATUS_INVALID, "subject", N_("Only one line is possible here."));
    if (*line == '\0')
        status = fault_set(fault, STATUS_INVALID, "subject", N_("This text is empty."));
    if (status == STATUS_OK)
        status = check_size("subject", line, SUBJECT_CHARACTERS, fault);
    return status == STATUS_OK ? check_names(ctx, row, "subject", line, fault) : status;
}

/* A piece may be empty: then nothing is shown, even where an outer one has a text. */
enum status
text_check(TALLOC_CTX *ctx, const struct text_row *row, const char *subject, const char *body, struct text *stored_r,
           struct fault *fault)
{
    char *line = str_trim(ctx, utf8_clean(ctx, subject, strlen(subject))), *text = clean_body(ctx, body);
    enum status status = STATUS_OK;

    *stored_r = (struct text){.subject = text_is_mail(row) ? line : "", .body = text};
    if (text_is_mail(row))
        status = check_subject(ctx, row, line, fault);
    if (status == STATUS_OK && text_is_mail(row) && *text == '\0')
        status = fault_set(fault, STATUS_INVALID, "body", N_("This text is empty."));
    if (status == STATUS_OK)
        status = check_size("body", text, BODY_CHARACTERS, fault);
    if (status == STATUS_OK)
        status = check_names(ctx, row, "body", text, fault);
    return status == STATUS_OK ? check_starred(ctx, row, text, fault) : status;
}

/* --- changing --- */

static enum status
note(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *action, enum setting_scope scope, int64_t scope_id,
     const struct text_row *row, const struct lang *lang, const char *detail)
{
    const char *where = scope == SCOPE_LIST ? "" : mem_printf(ctx, "%s %lld: ", scope_word(scope), (long long)scope_id);

    return audit_add(db, actor, action, scope == SCOPE_LIST ? scope_id : 0,
                     mem_printf(ctx, "%s%s (%s)", where, row->template, lang_code(lang)), detail);
}

enum status
text_set(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, enum setting_scope scope, int64_t scope_id,
         const struct text_row *row, const struct lang *lang, const char *subject, const char *body, struct fault *fault)
{
    struct change change;
    struct text stored;
    int64_t changed = 0;
    enum status status;

    if (scope == SCOPE_LIST && !text_is_of_list(row))
        return fault_set(fault, STATUS_NOT_FOUND, "name", N_("This text is not about a list; it can be changed for a domain or the site."));
    status = text_check(ctx, row, subject, body, &stored, fault);
    if (status == STATUS_OK)
        status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = q_template_put(db, scope_word(scope), scope_id, row->template, lang_code(lang), stored.subject, stored.body,
                            actor->words, clock_now_us(), &changed);
    if (status == STATUS_OK && changed > 0)
        status = note(db, actor, ctx, "template_change", scope, scope_id, row, lang, stored.subject);
    return change_end(&change, status);
}

enum status
text_reset(struct db *db, const struct actor *actor, enum setting_scope scope, int64_t scope_id, const struct text_row *row,
           const struct lang *lang)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct change change;
    int64_t changed = 0;
    enum status status = change_begin(&change, db);

    if (status == STATUS_OK) {
        status = q_template_drop(db, scope_word(scope), scope_id, row->template, lang_code(lang), &changed);
        if (status == STATUS_OK && changed > 0)
            status = note(db, actor, ctx, "template_reset", scope, scope_id, row, lang, "");
        status = change_end(&change, status);
    }
    talloc_free(ctx);
    return status;
}

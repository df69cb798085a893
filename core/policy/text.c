/* text.c - the texts that owners may change */
#include <ctype.h>
#include <string.h>

#include "policy/text.h"
#include "store/statements.h"
#include "util/str.h"

enum { NAME_BYTES = 40, VALUES_MAX = 40 };

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
#define ALIAS(name, other)
static const struct variable_row variables[] = {
#include "policy/variables.def"
    {NULL, NULL, NULL, false}};
#undef VARIABLE
#undef COMMON
#undef ALIAS

#define VARIABLE(name, help, sample)
#define COMMON(name, help)
#define ALIAS(name, other) {#name, #other},
static const struct { const char *name, *other; } aliases[] = {
#include "policy/variables.def"
};
#undef VARIABLE
#undef COMMON
#undef ALIAS

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

/* The name that a written one stands for. */
static const char *
real_name(const char *written)
{
    for (size_t i = 0; i < COUNT_OF(aliases); i++)
        if (str_eq(aliases[i].name, written))
            return aliases[i].other;
    return written;
}

const struct variable_row *
variable_row(const char *name)
{
    name = real_name(name);
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

bool
text_is_page(const struct text_row *row)
{
    return str_starts(row->template, "list:page:") || str_starts(row->template, "site:page:");
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

struct text_array
text_needed_variables(TALLOC_CTX *ctx, const struct text_row *row)
{
    return own_variables(ctx, row, true);
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
    if (list_id != 0)
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

char *
text_name_at(TALLOC_CTX *ctx, const char *dollar, const char **end_r)
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
        char *name = *text == '$' ? text_name_at(filled, text, &end) : NULL;

        value = name == NULL ? NULL : *name == '\0' ? "$" : value_of(values, real_name(name));
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
    char *page;
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
    page = mem_printf(values, "%s/lists/%s/", base_url, list->slug);
    text_value_add(values, "mailinglist_url", page);
    text_value_add(values, "held_message_url", mem_printf(values, "%sheld", page));
    text_value_add(values, "pending_subscriptions_url", mem_printf(values, "%srequests", page));
    text_value_add(values, "domain_url", mem_printf(values, "%s/", base_url));
    text_value_add(values, "owner_email", mem_printf(values, "%s-owner@%s", list->name, list->domain));
    text_value_add(values, "request_email", mem_printf(values, "%s-request@%s", list->name, list->domain));
    text_value_add(values, "language", lang_name(lang));
    return STATUS_OK;
}

/* text-change.c - a text that an owner wrote: checked, stored, taken back */
#include <ctype.h>
#include <string.h>

#include "policy/text.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

enum { SUBJECT_CHARACTERS = 200, BODY_CHARACTERS = 10000 };

/* --- checking --- */

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

    return variable != NULL && (is_among(text_variables(ctx, row), variable->name) || (variable->is_common && text_is_of_list(row)));
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
        const char *name = text_name_at(ctx, dollar, &end);

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
        const char *name = text_name_at(ctx, dollar, &end);

        if (name != NULL && variable_row(name) == variable_row(wanted))
            return true;
    }
    return false;
}

static enum status
check_starred(TALLOC_CTX *ctx, const struct text_row *row, const char *body, struct fault *fault)
{
    struct text_array starred = text_needed_variables(ctx, row);

    for (size_t i = 0; i < starred.count; i++)
        if (!has_name(ctx, body, starred.items[i]))
            return refuse(fault, "body", N_("Without this variable the mail would be of no use; please put it in."),
                          mem_printf(ctx, "$%s", starred.items[i]));
    return STATUS_OK;
}

static enum status
check_size(const char *field, const char *text, size_t most, struct fault *fault)
{
    if (utf8_length(text) > most)
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

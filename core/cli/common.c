/* common.c - what several commands ask for */
#include <string.h>

#include "cli/common.h"
#include "delivery/token.h"
#include "policy/domain.h"
#include "policy/pattern.h"
#include "store/statements.h"

enum status
call_list(struct call *call, const char *text, struct list **list_r)
{
    struct row_list_named *named;
    size_t count;
    enum status status;

    if (strchr(text, '@') != NULL)
        return list_find(call->db, call->ctx, text, list_r, &call->fault);
    status = q_list_named(call->db, call->ctx, str_lower(call->ctx, text), &named, &count);
    if (status != STATUS_OK)
        return status;
    if (count == 0)
        return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, "LIST", "There is no list %s.", text);
    if (count > 1)
        return fault_setf(&call->fault, call->ctx, STATUS_CONFLICT, "LIST", "Several lists are called %s, such as %s and %s; name one "
                          "with its domain.", text, named[0].address, named[1].address);
    return list_find(call->db, call->ctx, named[0].address, list_r, &call->fault);
}

enum status
call_number(struct call *call, const char *name, const char *text, int64_t most, int64_t *number_r)
{
    if (str_to_int(text, 1, most, number_r))
        return STATUS_OK;
    return fault_setf(&call->fault, call->ctx, STATUS_INVALID, name, "%s: \"%s\" is not a whole number from 1 to %lld.", name, text,
                      (long long)most);
}

enum status
call_place(struct call *call, const char *list_name, struct setting_place *place_r)
{
    const char *domain_name = option(call, "--domain");
    struct domain *domain;
    struct list *list;
    enum status status = STATUS_OK;

    if ((list_name != NULL) + (domain_name != NULL) + has_option(call, "--site") != 1)
        return fault_set(&call->fault, STATUS_INVALID, "LIST", N_("Name one list, or --domain DOMAIN, or --site."));
    *place_r = (struct setting_place){.scope = SCOPE_SITE};
    if (list_name != NULL && (status = call_list(call, list_name, &list)) == STATUS_OK)
        *place_r = (struct setting_place){SCOPE_LIST, list->domain_id, list->id, list->name};
    if (domain_name != NULL && (status = domain_find(call->db, call->ctx, domain_name, &domain, &call->fault)) == STATUS_OK)
        *place_r = (struct setting_place){.scope = SCOPE_DOMAIN, .domain_id = domain->id};
    return status;
}

enum status
call_rule_place(struct call *call, struct rule_place *place_r)
{
    const char *list_name = option(call, "--list"), *domain_name = option(call, "--domain");
    struct domain *domain;
    struct list *list;
    enum status status = STATUS_OK;

    *place_r = (struct rule_place){0};
    if (list_name != NULL && domain_name != NULL)
        return fault_set(&call->fault, STATUS_INVALID, "--list", N_("Name a list or a domain, not both."));
    if (list_name != NULL && (status = call_list(call, list_name, &list)) == STATUS_OK)
        place_r->list_id = list->id;
    if (domain_name != NULL && (status = domain_find(call->db, call->ctx, domain_name, &domain, &call->fault)) == STATUS_OK)
        *place_r = (struct rule_place){.domain_id = domain->id, .domain = domain->name};
    return status;
}

enum status
call_desk(struct call *call, struct subscription_desk *desk_r)
{
    struct i18n *i18n = i18n_open(call->ctx, i18n_dir(call->ctx, call->conf->site_data_dir));
    struct token_keys *keys;
    enum status status = token_keys_load(call->db, call->ctx, &keys);

    i18n_set_site(i18n, call->conf->site_language);
    *desk_r = (struct subscription_desk){
        .db = call->db, .i18n = i18n, .conf = call->conf,
        .leave_token = token_leave, .keys = keys};
    return status;
}

static const char *
what_it_takes(TALLOC_CTX *ctx, const struct setting_row *row)
{
    struct str *words = str_new(ctx);

    switch (row->kind) {
    case SETTING_BOOL:
        return "It takes yes or no.";
    case SETTING_INT:
        return mem_printf(ctx, "It takes a whole number from %d to %d.", row->least, row->most);
    case SETTING_CHOICE:
        for (const struct setting_choice *choice = row->choices; choice->value != NULL; choice++)
            str_addf(words, "%s%s", choice == row->choices ? "It takes " : choice[1].value != NULL ? ", " : " or ", choice->value);
        str_addc(words, '.');
        return words->s;
    default:
        return mem_printf(ctx, "It takes at most %d characters.", row->most);
    }
}

enum status
call_explain(struct call *call, enum status status)
{
    const struct setting_row *row = call->fault.field != NULL ? setting_row(call->fault.field) : NULL;

    if (status != STATUS_INVALID || row == NULL)
        return status;
    call->fault.hint = what_it_takes(call->ctx, row);
    call->fault.sentence = mem_printf(call->ctx, "%s: %s", row->name, call->fault.sentence);
    return status;
}

void
call_note_later(struct call *call, const struct setting_row *row)
{
    const char *comes = row != NULL ? setting_comes_with(row) : NULL, *note;
    struct out *notes;

    if (comes == NULL)
        return;
    note = mem_printf(call->ctx, "%s is stored, but does nothing yet. %s", row->name, comes);
    notes = out_rows(call->out, "notes");
    for (const struct out *said = notes->first; said != NULL; said = said->next)
        if (str_eq(said->text, note))
            return;
    out_row_text(notes, note);
}

enum status
call_post(struct call *call, struct row_post_find **post_r)
{
    const char *which = word(call, "NUMBER|HASH");
    struct list *list;
    int64_t number = 0;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status != STATUS_OK)
        return status;
    str_to_int(which, 1, INT64_MAX, &number);
    status = q_post_find(call->db, call->ctx, list->id, number, number != 0 ? NULL : which, post_r);
    if (status == STATUS_OK && *post_r == NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, "NUMBER|HASH", "There is no post %s on %s.", which, list->address);
    return status;
}

char *
call_line(TALLOC_CTX *ctx, const char *text)
{
    char *line = utf8_clean(ctx, text, strlen(text));

    for (char *s = line; (s = strpbrk(s, "\t\n")) != NULL; s++)
        *s = ' ';
    return line;
}

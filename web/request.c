/* request.c - one request, as handlers see it */
#include <stdlib.h>
#include <string.h>

#include "web/request.h"

const char *
request_param(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->params.count; i++)
        if (str_eq(request->params.rows[i].name, name))
            return request->params.rows[i].value;
    must(!"a handler asks for a parameter that its pattern does not have");
    return NULL;
}

static const struct form_field *
find(const struct request *request, const char *name)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct field_rule rule;

    must(route_field(ctx, request->route, name, &rule));
    talloc_free(ctx);
    for (size_t i = 0; i < request->input->count; i++)
        if (str_eq(request->input->rows[i].name, name))
            return &request->input->rows[i];
    return NULL;
}

const char *
request_text(const struct request *request, const char *name)
{
    const struct form_field *field = find(request, name);

    return field != NULL ? field->value : "";
}

bool
request_has(const struct request *request, const char *name)
{
    return find(request, name) != NULL;
}

int64_t
request_int(const struct request *request, const char *name, int64_t min, int64_t max, int64_t otherwise)
{
    const char *text = request_text(request, name);
    int64_t value;

    if (str_to_int(text, min, max, &value))
        return value;
    if (!str_is_empty(text))
        request_is_absurd(request);
    return otherwise;
}

void
request_is_absurd(const struct request *request)
{
    request->input->is_absurd = true;
}

struct int_array
request_ids(const struct request *request, TALLOC_CTX *ctx, const char *name)
{
    int64_t *ids = mem_array(ctx, int64_t, request->input->count + 1);
    size_t count = 0;

    find(request, name);
    for (size_t i = 0; i < request->input->count; i++)
        if (str_eq(request->input->rows[i].name, name) &&
            str_to_int(request->input->rows[i].value, 1, INT64_MAX, &ids[count]))
            count++;
    return (struct int_array){ids, count};
}

struct blob
request_file(const struct request *request, const char *name)
{
    const struct form_field *field = find(request, name);

    return field != NULL ? field->file : (struct blob){NULL, 0};
}

bool
request_may(const struct request *request, enum right right)
{
    return may(&request->standing, right);
}

char *
request_site_url(const struct request *request, TALLOC_CTX *ctx)
{
    return conf_url_of(ctx, request->web->conf->site_url, request->list != NULL ? request->list->web_host : NULL);
}

const char *
request_tr(const struct request *request, const char *text)
{
    return tr(request->lang, text);
}

/* The value in the form that handlers get: no controls, CR LF as LF, one-line fields trimmed. */
static enum status
clean_value(TALLOC_CTX *ctx, const struct field_rule *rule, const char *value, const char **clean_r)
{
    bool many_lines = rule->kind == FIELD_LINES || rule->kind == FIELD_FAMILY;
    char *clean = utf8_clean(ctx, value, strlen(value));

    if (strlen(clean) > rule->max)
        return STATUS_TOO_LARGE;
    if (!many_lines) {
        if (rule->kind == FIELD_FOLDED)
            clean = utf8_fold_width(ctx, clean);
        clean = str_trim(ctx, clean);
        for (char *s = clean; *s != '\0'; s++)
            if (*s == '\n' || *s == '\t')
                *s = ' ';
    }
    *clean_r = clean;
    return STATUS_OK;
}

enum status
request_read_input(struct request *request, const struct form *form, struct fault *fault)
{
    request->input = mem_new(request, struct form);
    for (size_t i = 0; i < form->count; i++) {
        struct form_field *field = &request->input->rows[request->input->count];
        struct field_rule rule;

        if (!route_field(request, request->route, form->rows[i].name, &rule))
            continue;
        *field = (struct form_field){.filename = form->rows[i].filename, .type = form->rows[i].type};
        if (rule.kind == FIELD_FILE) {
            if (form->rows[i].filename == NULL || form->rows[i].file.len == 0)
                continue;
            if (form->rows[i].file.len > rule.max)
                return fault_set(fault, STATUS_INVALID, form->rows[i].name, N_("This file is larger than what is accepted here."));
            field->value = "";
            field->file = form->rows[i].file;
        } else if (clean_value(request, &rule, form->rows[i].value, &field->value) != STATUS_OK)
            return fault_set(fault, STATUS_INVALID, form->rows[i].name, N_("This is longer than there is room for."));
        field->name = form->rows[i].name;
        request->input->count++;
    }
    return STATUS_OK;
}

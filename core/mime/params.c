/* params.c - reading "value; name=value", with RFC 2231's stars and what mailers write instead */
#include <string.h>

#include "mime/charset.h"
#include "mime/params.h"
#include "mime/transfer.h"
#include "mime/word-private.h"

/* One "name*N*=value" as it stands. */
struct section {
    char *name;                 /* small letters, without its stars */
    struct str *value;          /* unquoted bytes */
    int number;                 /* -1: not numbered */
    bool extended;              /* ends in a star: charset'language'%XX */
    bool used;
};

struct reader {
    const char *p, *end;
};

/* Blanks and comments, nested to any depth. */
static void
skip_cfws(struct reader *r)
{
    size_t depth = 0;

    for (; r->p < r->end; r->p++) {
        if (*r->p == '\\' && depth > 0 && r->p + 1 < r->end)
            r->p++;
        else if (*r->p == '(')
            depth++;
        else if (*r->p == ')' && depth > 0)
            depth--;
        else if (depth == 0 && !is_blank(*r->p))
            return;
    }
}

/* A kanji of raw ISO-2022-JP may look like a quote or a backslash: copied up to the next escape. */
static void
read_kanji(struct reader *r, struct str *out)
{
    do
        str_addc(out, *r->p++);
    while (r->p + 1 < r->end && *r->p != 0x1b);
}

static void
read_quoted(struct reader *r, struct str *out)
{
    for (r->p++; r->p < r->end && *r->p != '"'; r->p++) {
        if (*r->p == 0x1b && r->end - r->p > 1 && r->p[1] == '$')
            read_kanji(r, out);
        if (*r->p == '\\' && ++r->p == r->end)
            return;
        str_addc(out, *r->p);
    }
    if (r->p < r->end)
        r->p++;
}

/* What stands up to the semicolon, blanks at its end removed; an unquoted value may hold blanks (mailers forget the quotes). */
static void
read_plain(struct reader *r, struct str *out)
{
    const char *start = r->p, *stop;

    while (r->p < r->end && *r->p != ';')
        r->p++;
    for (stop = r->p; stop > start && is_blank(stop[-1]); stop--)
        ;
    str_addn(out, start, (size_t)(stop - start));
}

static void
skip_to_semicolon(struct reader *r)
{
    while (r->p < r->end && *r->p != ';') {
        if (*r->p == '"') {
            struct str *ignored = str_new(NULL);

            read_quoted(r, ignored);
            talloc_free(ignored);
        } else
            r->p++;
    }
}

/* Splits the stars off the name; false when what follows them is no number. */
static bool
section_name(struct section *section, char *name)
{
    char *star = strchr(name, '*'), *after;
    int64_t number;

    section->name = name;
    section->number = -1;
    if (star == NULL)
        return true;
    *star = '\0';
    after = star + 1;
    if (*after == '\0') {
        section->extended = true;
        return true;
    }
    if (str_ends(after, "*")) {
        section->extended = true;
        after[strlen(after) - 1] = '\0';
    }
    if (!str_to_int(after, 0, PARAMS_MAX, &number) || (after[0] == '0' && after[1] != '\0'))
        return false;
    section->number = (int)number;
    return true;
}

/* One parameter behind a semicolon; false when there is none to keep. */
static bool
read_section(TALLOC_CTX *ctx, struct reader *r, struct section *section)
{
    const char *name;
    size_t len;

    *section = (struct section){0};
    skip_cfws(r);
    name = r->p;
    while (r->p < r->end && strchr("=; \t(\"", *r->p) == NULL)
        r->p++;
    len = (size_t)(r->p - name);
    skip_cfws(r);
    if (len == 0 || r->p == r->end || *r->p != '=') {
        skip_to_semicolon(r);
        return false;
    }
    r->p++;
    skip_cfws(r);
    section->value = str_new(ctx);
    if (r->p < r->end && *r->p == '"') {
        read_quoted(r, section->value);
        skip_to_semicolon(r);
    } else
        read_plain(r, section->value);
    return section_name(section, str_lower(ctx, mem_strndup(ctx, name, len)));
}

static void
add_percent_decoded(struct str *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        int byte = text[i] == '%' ? transfer_hex_pair(text + i + 1, len - i - 1) : -1;

        if (byte >= 0) {
            str_addc(out, (char)byte);
            i += 2;
        } else
            str_addc(out, text[i]);
    }
}

/* "charset'language'" before an extended value; what is left, and the charset (empty when there is none). */
static const char *
take_charset(const char *value, char charset[CHARSET_MAX + 1])
{
    const char *first = strchr(value, '\''), *second = first != NULL ? strchr(first + 1, '\'') : NULL;

    charset[0] = '\0';
    if (first == NULL || first - value > CHARSET_MAX)
        return value;
    memcpy(charset, value, (size_t)(first - value));
    charset[first - value] = '\0';
    return second != NULL ? second + 1 : first + 1;
}

static struct section *
section_find(struct section *rows, size_t count, const char *name, int number)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].number == number && strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

/* name*0, name*1 ... up to the first gap; each first of its number counts. NULL when there is no name*0. */
static char *
join_sections(TALLOC_CTX *ctx, struct section *rows, size_t count, const char *name)
{
    struct str *bytes = str_new(NULL);
    char charset[CHARSET_MAX + 1] = "", *text = NULL;
    struct section *first = section_find(rows, count, name, 0), *section = first;

    for (int number = 0; section != NULL; section = section_find(rows, count, name, ++number)) {
        const char *value = section->value->s;

        if (section->extended && number == 0)
            value = take_charset(value, charset);
        if (section->extended)
            add_percent_decoded(bytes, value, strlen(value));
        else
            str_addn(bytes, section->value->s, section->value->len);
    }
    if (first != NULL)
        text = charset[0] != '\0' ? charset_to_utf8(ctx, charset, str_blob(bytes)) : word_decode(ctx, str_blob(bytes));
    talloc_free(bytes);
    return text;
}

/* name*=charset'language'value. NULL when there is none; when strict, also when its charset does not fit it. */
static char *
extended_value(TALLOC_CTX *ctx, struct section *rows, size_t count, const char *name, bool strict)
{
    struct str *bytes;
    char charset[CHARSET_MAX + 1], *text = NULL;
    const char *value = NULL;

    for (size_t i = 0; i < count && value == NULL; i++)
        if (rows[i].number == -1 && rows[i].extended && strcmp(rows[i].name, name) == 0)
            value = take_charset(rows[i].value->s, charset);
    if (value == NULL)
        return NULL;
    bytes = str_new(NULL);
    add_percent_decoded(bytes, value, strlen(value));
    if (!strict || (charset_is_known(charset) &&
                    (!str_eq_nocase(charset, "utf-8") || utf8_is_valid(bytes->s, bytes->len))))
        text = charset_to_utf8(ctx, charset, str_blob(bytes));
    talloc_free(bytes);
    return text;
}

static char *
plain_value(TALLOC_CTX *ctx, struct section *rows, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].number == -1 && !rows[i].extended && strcmp(rows[i].name, name) == 0)
            return word_decode(ctx, str_blob(rows[i].value));
    return NULL;
}

/* In the order of RFC 2231's authority: name*=, name*0..., name=. */
static char *
param_value(TALLOC_CTX *ctx, struct section *rows, size_t count, const char *name)
{
    char *value = extended_value(ctx, rows, count, name, true);

    if (value == NULL)
        value = join_sections(ctx, rows, count, name);
    if (value == NULL)
        value = plain_value(ctx, rows, count, name);
    if (value == NULL)
        value = extended_value(ctx, rows, count, name, false);
    return value != NULL ? word_one_line(value) : NULL;
}

static void
params_add(struct params *params, struct section *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *value;

        if (rows[i].used)
            continue;
        for (size_t k = i; k < count; k++)
            rows[k].used |= strcmp(rows[k].name, rows[i].name) == 0;
        value = param_value(params, rows, count, rows[i].name);
        if (value == NULL)
            continue;
        params->rows[params->count].name = mem_strdup(params, rows[i].name);
        params->rows[params->count++].value = value;
    }
}

/* What stands before the first semicolon, without comments. */
static char *
read_head(TALLOC_CTX *ctx, struct reader *r)
{
    struct str *head = str_new(NULL);
    char *text;

    for (skip_cfws(r); r->p < r->end && *r->p != ';';) {
        if (*r->p == '(')
            skip_cfws(r);
        else
            str_addc(head, *r->p++);
    }
    text = str_trim(ctx, head->s);
    talloc_free(head);
    return text;
}

struct params *
params_parse(TALLOC_CTX *ctx, struct blob value)
{
    struct params *params = mem_new(ctx, struct params);
    struct str *text = word_unfold(NULL, value);
    struct reader r = {text->s, text->s + text->len};
    struct section *rows = mem_array(text, struct section, PARAMS_MAX);
    size_t count = 0;

    params->value = read_head(params, &r);
    while (r.p < r.end && !params->cut) {
        r.p++;      /* the semicolon */
        if (count < PARAMS_MAX)
            count += read_section(text, &r, &rows[count]);
        else
            params->cut = true;
    }
    params->rows = mem_array(params, struct param, count + 1);
    params_add(params, rows, count);
    talloc_free(text);
    return params;
}

const char *
params_get(const struct params *params, const char *name)
{
    for (size_t i = 0; i < params->count; i++)
        if (strcmp(params->rows[i].name, name) == 0)
            return params->rows[i].value;
    return NULL;
}

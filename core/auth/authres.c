/* authres.c - the Authentication-Results field: ours written, others' read */
#include <ctype.h>
#include <string.h>

#include "auth/authres.h"

/* ---- writing ---- */

static bool
is_atom(const char *text)
{
    for (const char *p = text; *p != '\0'; p++)
        if ((unsigned char)*p <= ' ' || (unsigned char)*p > '~' || strchr("()<>@,;:\\\"/[]?=", *p) != NULL)
            return false;
    return *text != '\0';
}

/* An atom, else a quoted string of printable ASCII; at most 255 bytes of it. */
static void
add_value(struct str *out, const char *text)
{
    size_t written = 0;

    if (is_atom(text) && strlen(text) <= 255) {
        str_add(out, text);
        return;
    }
    str_addc(out, '"');
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0' && written < 255; p++, written++) {
        if (*p == '"' || *p == '\\')
            str_addc(out, '\\');
        str_addc(out, *p < ' ' || *p > '~' ? '?' : (char)*p);
    }
    str_addc(out, '"');
}

static void
add_property(struct str *out, const char *name, const char *value)
{
    if (str_is_empty(value))
        return;
    str_addf(out, "\r\n\t %s=", name);
    add_value(out, value);
}

/* Ours, from a table; all the same nothing that could end the comment. */
static void
add_comment(struct str *out, const char *words)
{
    str_add(out, " (");
    for (const unsigned char *p = (const unsigned char *)words; *p != '\0'; p++)
        str_addc(out, *p < ' ' || *p > '~' || strchr("()\\", *p) != NULL ? ' ' : (char)*p);
    str_add(out, ")");
}

static void
add_dkim(struct str *out, const struct dkim_row *row)
{
    char b[9];

    str_addf(out, ";\r\n\tdkim=%s", auth_verdict_name(row->result));
    if (row->result != AUTH_PASS)
        add_comment(out, row->reason);
    else if (row->is_testing)
        add_comment(out, "test key");
    add_property(out, "header.d", row->domain);
    add_property(out, "header.s", row->selector);
    add_property(out, "header.a", row->algorithm);
    snprintf(b, sizeof b, "%s", row->signature);
    add_property(out, "header.b", b);
}

char *
authres_write(TALLOC_CTX *ctx, const char *id, const struct auth_result *result)
{
    struct str *out = str_new(ctx);

    str_add(out, "Authentication-Results: ");
    add_value(out, id);
    if (result->dkim->count == 0)
        str_add(out, ";\r\n\tdkim=none");
    for (size_t i = 0; i < result->dkim->count; i++)
        add_dkim(out, &result->dkim->rows[i]);
    str_addf(out, ";\r\n\tspf=%s", auth_verdict_name(result->spf.result));
    add_property(out, "smtp.mailfrom", result->spf.domain);
    str_addf(out, ";\r\n\tdmarc=%s", auth_verdict_name(result->dmarc.result));
    if (result->dmarc.record_domain != NULL)
        add_comment(out, mem_printf(out, "p=%s", dmarc_policy_name(result->dmarc.policy)));
    add_property(out, "header.from", result->author_domain);
    str_add(out, "\r\n");
    return out->s;
}

/* ---- reading ---- */

struct reader {
    const uint8_t *p, *end;
    TALLOC_CTX *ctx;
};

/* Blanks, folds and comments, which may be nested. False: a comment without end. */
static bool
skip_cfws(struct reader *reader)
{
    size_t depth = 0;

    for (; reader->p < reader->end; reader->p++) {
        uint8_t c = *reader->p;

        if (c == '\\' && depth > 0)
            reader->p++;
        else if (c == '(')
            depth++;
        else if (c == ')' && depth > 0)
            depth--;
        else if (depth == 0 && c != ' ' && c != '\t' && c != '\r' && c != '\n')
            break;
    }
    if (reader->p > reader->end)
        reader->p = reader->end;
    return depth == 0;
}

static bool
take(struct reader *reader, char c)
{
    if (!skip_cfws(reader) || reader->p == reader->end || *reader->p != (uint8_t)c)
        return false;
    reader->p++;
    return true;
}

static char *
read_quoted(struct reader *reader)
{
    struct str *text = str_new(reader->ctx);

    for (reader->p++; reader->p < reader->end && *reader->p != '"'; reader->p++) {
        if (*reader->p == '\\' && ++reader->p == reader->end)
            return NULL;
        if (*reader->p >= ' ' && *reader->p != 0x7f)
            str_addc(text, (char)*reader->p);
    }
    if (reader->p == reader->end)
        return NULL;
    reader->p++;
    return text->s;
}

/* A word up to one of `stops`, a blank or a comment; or a quoted string. NULL when there is none. */
static char *
read_word(struct reader *reader, const char *stops)
{
    const uint8_t *from;

    if (!skip_cfws(reader) || reader->p == reader->end)
        return NULL;
    if (*reader->p == '"')
        return read_quoted(reader);
    for (from = reader->p; reader->p < reader->end && *reader->p > ' ' && *reader->p != 0x7f
                           && strchr(stops, *reader->p) == NULL && *reader->p != '('; reader->p++)
        ;
    return reader->p == from ? NULL : mem_strndup(reader->ctx, (const char *)from, (size_t)(reader->p - from));
}

static bool
read_version(struct reader *reader)
{
    if (!skip_cfws(reader))
        return false;
    while (reader->p < reader->end && isdigit(*reader->p))
        reader->p++;
    return skip_cfws(reader);
}

/* "header.d=example.jp", or a reason, which is passed over. */
static bool
read_property(struct reader *reader, struct authres_item *item)
{
    char *type = read_word(reader, "=;."), *name = NULL, *value;

    if (type == NULL || (take(reader, '.') && (name = read_word(reader, "=;")) == NULL)
        || !take(reader, '=') || (value = read_word(reader, ";")) == NULL)
        return false;
    if (name == NULL)
        return str_eq_nocase(type, "reason");
    if (item->property_count == AUTHRES_PROPERTIES_MAX)
        return false;
    item->properties[item->property_count++] = (struct authres_property){
        str_lower(reader->ctx, type), str_lower(reader->ctx, name), value};
    return true;
}

/* "dkim=pass header.d=..."; a method's version ("dkim/1") is dropped. */
static bool
read_item(struct reader *reader, struct authres_item *item)
{
    char *method = read_word(reader, "=;/"), *result;

    if (method == NULL)
        return false;
    if (take(reader, '/') && !read_version(reader))
        return false;
    if (!take(reader, '=') || (result = read_word(reader, ";")) == NULL)
        return false;
    item->method = str_lower(reader->ctx, method);
    item->result = str_lower(reader->ctx, result);
    while (skip_cfws(reader) && reader->p < reader->end && *reader->p != ';')
        if (!read_property(reader, item))
            return false;
    return skip_cfws(reader);
}

static bool
is_none(struct reader *reader)
{
    struct reader look = *reader;
    char *word = read_word(&look, "=;");

    return word != NULL && str_eq_nocase(word, "none") && skip_cfws(&look) && look.p == look.end;
}

bool
authres_parse(TALLOC_CTX *ctx, struct blob value, struct authres *authres_r)
{
    struct reader reader = {value.data, value.data + value.len, ctx};
    char *id = read_word(&reader, ";=");

    *authres_r = (struct authres){.id = id == NULL ? NULL : str_lower(ctx, id)};
    if (id == NULL || !read_version(&reader))
        return false;
    authres_r->items = mem_array(ctx, struct authres_item, AUTHRES_ITEMS_MAX);
    while (take(&reader, ';')) {
        if (!skip_cfws(&reader))
            return false;
        if (reader.p == reader.end || is_none(&reader))
            return true;        /* a semicolon at the end is common */
        if (authres_r->count == AUTHRES_ITEMS_MAX || !read_item(&reader, &authres_r->items[authres_r->count]))
            return false;
        authres_r->count++;
    }
    return skip_cfws(&reader) && reader.p == reader.end;
}

/* Our id anywhere before the first result, whatever the syntax around it. */
static bool
mentions_id(struct blob value, const char *id)
{
    const uint8_t *semicolon = value.len == 0 ? NULL : memchr(value.data, ';', value.len);
    size_t len = strlen(id), room = semicolon == NULL ? value.len : (size_t)(semicolon - value.data);

    for (size_t i = 0; i + len <= room; i++)
        if (strncasecmp((const char *)value.data + i, id, len) == 0)
            return true;
    return false;
}

bool
authres_is_ours(struct blob value, const char *id)
{
    TALLOC_CTX *tmp = talloc_new(NULL);
    struct authres authres;
    bool good = authres_parse(tmp, value, &authres);
    bool ours = authres.id != NULL && str_eq_nocase(authres.id, id);

    talloc_free(tmp);
    return ours || (!good && mentions_id(value, id));
}

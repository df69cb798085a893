/* html-token.c - text, tags and comments, told apart as browsers do */
#include <string.h>
#include <strings.h>

#include "mime/html-entity.h"
#include "mime/html-token.h"

static const char REPLACEMENT[] = "\xef\xbf\xbd";

struct html_tokens {
    const char *p, *end;
    enum html_state state;
    bool is_foreign;
    struct str *text;               /* text or comment */
    struct str *bytes;              /* names and values of a tag or doctype, each ended by NUL */
    struct str *last_start;         /* name of the last start tag: only its end tag ends an element without markup */
    struct { size_t name, value; } offsets[HTML_ATTRIBUTES_MAX];
    struct html_attribute attributes[HTML_ATTRIBUTES_MAX];
    size_t count;
    size_t steps;
};

/* ---- letters ---- */

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool
is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *
skip_spaces(const char *p, const char *end)
{
    while (p < end && is_space(*p))
        p++;
    return p;
}

/* What stands in a name: small letters, NUL replaced. */
static void
add_name(struct str *to, const char *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (p[i] == '\0')
            str_add(to, REPLACEMENT);
        else
            str_addc(to, (char)(p[i] >= 'A' && p[i] <= 'Z' ? p[i] + 32 : p[i]));
}

/* As it stands, but for line ends, which are LF, and NUL where it is replaced. */
static void
add_raw(struct str *to, const char *p, size_t len, bool keeps_nul)
{
    const char *end = p + len, *from = p;

    for (; p < end; p++) {
        if (*p != '\r' && (*p != '\0' || keeps_nul))
            continue;
        str_addn(to, from, (size_t)(p - from));
        if (*p == '\0')
            str_add(to, REPLACEMENT);
        else if (p + 1 == end || p[1] != '\n')
            str_addc(to, '\n');
        from = p + 1;
    }
    str_addn(to, from, (size_t)(end - from));
}

static void
add_with_references(struct str *to, const char *p, const char *end, bool in_value, bool keeps_nul)
{
    while (p < end) {
        const char *sign = memchr(p, '&', (size_t)(end - p));
        size_t len;

        add_raw(to, p, (size_t)((sign != NULL ? sign : end) - p), keeps_nul);
        if (sign == NULL)
            return;
        len = html_reference(to, sign, end, in_value);
        if (len == 0)
            str_addc(to, '&');
        p = sign + (len > 0 ? len : 1);
    }
}

/* ---- text ---- */

/* "<" at p begins a tag, a comment or what is read as one. */
static bool
begins_markup(const char *p, const char *end)
{
    if (p + 1 >= end)
        return false;
    if (p[1] == '/')
        return p + 2 < end;
    return is_alpha(p[1]) || p[1] == '!' || p[1] == '?';
}

/* The name at p, and behind it what ends a name. */
static bool
is_name(const char *p, const char *end, const char *name, size_t len)
{
    return (size_t)(end - p) > len && strncasecmp(p, name, len) == 0 && (is_space(p[len]) || p[len] == '/' || p[len] == '>');
}

/* The end tag that ends the element we are in. */
static bool
is_own_end(const struct html_tokens *tokens, const char *p)
{
    return tokens->last_start->len > 0 && p + 2 < tokens->end && p[1] == '/' &&
        is_name(p + 2, tokens->end, tokens->last_start->s, tokens->last_start->len);
}

/* Where the text at p ends: at a "<" that is markup in this state, or at the end. */
static const char *
text_end(const struct html_tokens *tokens)
{
    const char *p = tokens->p;

    while ((p = memchr(p, '<', (size_t)(tokens->end - p))) != NULL) {
        if (tokens->state == HTML_DATA ? begins_markup(p, tokens->end) : is_own_end(tokens, p))
            return p;
        p++;
    }
    return tokens->end;
}

enum script_depth { SCRIPT_PLAIN, SCRIPT_ESCAPED, SCRIPT_TWICE };

/* "<" in a script: "<!--" hides what follows, and "<script" in there hides the end tag. */
static const char *
script_less_than(const struct html_tokens *tokens, const char *p, enum script_depth *depth, size_t *dashes)
{
    static const char name[] = "script";
    size_t len = sizeof(name) - 1;
    const char *end = tokens->end;

    *dashes = 0;
    if (*depth == SCRIPT_PLAIN && (size_t)(end - p) >= 4 && memcmp(p, "<!--", 4) == 0) {
        *depth = SCRIPT_ESCAPED;
        *dashes = 2;
        return p + 4;
    }
    if (*depth == SCRIPT_ESCAPED && is_name(p + 1, end, name, len)) {
        *depth = SCRIPT_TWICE;
        return p + 1 + len + 1;
    }
    if (*depth == SCRIPT_TWICE && p + 1 < end && p[1] == '/' && is_name(p + 2, end, name, len)) {
        *depth = SCRIPT_ESCAPED;
        return p + 2 + len + 1;
    }
    return p + 1;
}

static const char *
script_end(const struct html_tokens *tokens)
{
    enum script_depth depth = SCRIPT_PLAIN;
    size_t dashes = 0;

    for (const char *p = tokens->p; p < tokens->end;) {
        if (*p == '<' && depth != SCRIPT_TWICE && is_own_end(tokens, p))
            return p;
        if (*p == '<') {
            p = script_less_than(tokens, p, &depth, &dashes);
            continue;
        }
        if (*p == '>' && dashes >= 2)
            depth = SCRIPT_PLAIN;
        dashes = *p == '-' ? dashes + 1 : 0;
        p++;
    }
    return tokens->end;
}

static const char *
cdata_end(const struct html_tokens *tokens)
{
    const char *found = memmem(tokens->p, (size_t)(tokens->end - tokens->p), "]]>", 3);

    return found != NULL ? found : tokens->end;
}

static void
read_text(struct html_tokens *tokens)
{
    const char *end = tokens->state == HTML_PLAINTEXT ? tokens->end : tokens->state == HTML_CDATA ? cdata_end(tokens)
        : tokens->state == HTML_SCRIPT ? script_end(tokens) : text_end(tokens);

    if (tokens->state == HTML_DATA || tokens->state == HTML_RCDATA)
        add_with_references(tokens->text, tokens->p, end, false, tokens->state == HTML_DATA);
    else
        add_raw(tokens->text, tokens->p, (size_t)(end - tokens->p), tokens->state == HTML_CDATA);
    tokens->p = end;
    if (tokens->state == HTML_CDATA && end < tokens->end) {
        tokens->p += 3;
        tokens->state = HTML_DATA;
    }
}

/* ---- tags ---- */

static bool
is_known(struct html_tokens *tokens, const char *name)
{
    for (size_t i = 0; i < tokens->count; i++) {
        tokens->steps++;
        if (str_eq(tokens->bytes->s + tokens->offsets[i].name, name))
            return true;
    }
    return false;
}

/* The value behind "=", or "" where ">" stands instead. */
static const char *
read_value(struct html_tokens *tokens, const char *p)
{
    const char *end = tokens->end, *stop;

    p = skip_spaces(p, end);
    if (p == end || *p == '>')
        return p;
    if (*p == '"' || *p == '\'') {
        stop = memchr(p + 1, *p, (size_t)(end - p - 1));
        add_with_references(tokens->bytes, p + 1, stop != NULL ? stop : end, true, false);
        return stop != NULL ? stop + 1 : end;
    }
    for (stop = p; stop < end && !is_space(*stop) && *stop != '>'; stop++)
        ;
    add_with_references(tokens->bytes, p, stop, true, false);
    return stop;
}

/* Reads the attribute at p, whose first letter may be "="; the second of its name, and those above the bound, are forgotten. */
static const char *
read_attribute(struct html_tokens *tokens, const char *p)
{
    struct str *bytes = tokens->bytes;
    const char *end = tokens->end, *start = p++, *sign;
    size_t name = bytes->len, value;
    bool counts;

    while (p < end && !is_space(*p) && *p != '/' && *p != '>' && *p != '=')
        p++;
    add_name(bytes, start, (size_t)(p - start));
    str_addc(bytes, '\0');
    value = bytes->len;
    counts = tokens->count < HTML_ATTRIBUTES_MAX && !is_known(tokens, bytes->s + name);
    sign = skip_spaces(p, end);
    if (sign < end && *sign == '=')
        p = read_value(tokens, sign + 1);
    else
        p = sign;
    str_addc(bytes, '\0');
    if (counts) {
        tokens->offsets[tokens->count].name = name;
        tokens->offsets[tokens->count++].value = value;
    } else
        bytes->len = name;
    return p;
}

/* Behind the last attribute, at ">"; the end when the tag has no end, and is none. */
static const char *
read_attributes(struct html_tokens *tokens, const char *p, bool *is_self_closing_r)
{
    *is_self_closing_r = false;
    for (;;) {
        p = skip_spaces(p, tokens->end);
        if (p == tokens->end || *p == '>')
            return p;
        if (*p != '/') {
            p = read_attribute(tokens, p);
            continue;
        }
        p++;
        if (p < tokens->end && *p == '>') {
            *is_self_closing_r = true;
            return p;
        }
    }
}

static bool
read_tag(struct html_tokens *tokens, struct html_token *token_r)
{
    bool closes = tokens->p[1] == '/';
    const char *start = tokens->p + 1 + closes, *p = start;

    str_clear(tokens->bytes);
    tokens->count = 0;
    while (p < tokens->end && !is_space(*p) && *p != '/' && *p != '>')
        p++;
    add_name(tokens->bytes, start, (size_t)(p - start));
    str_addc(tokens->bytes, '\0');
    p = read_attributes(tokens, p, &token_r->is_self_closing);
    tokens->p = p;
    if (p == tokens->end)
        return false;
    tokens->p++;
    tokens->state = HTML_DATA;
    for (size_t i = 0; i < tokens->count; i++) {
        tokens->attributes[i].name = tokens->bytes->s + tokens->offsets[i].name;
        tokens->attributes[i].value = tokens->bytes->s + tokens->offsets[i].value;
    }
    token_r->kind = closes ? HTML_END : HTML_START;
    token_r->text = tokens->bytes->s;
    token_r->len = strlen(token_r->text);
    token_r->attributes = tokens->attributes;
    token_r->attribute_count = closes ? 0 : tokens->count;
    token_r->is_self_closing = token_r->is_self_closing && !closes;
    if (!closes) {
        str_clear(tokens->last_start);
        str_addn(tokens->last_start, token_r->text, token_r->len);
    }
    return true;
}

/* ---- comments ---- */

static bool
take_comment(struct html_tokens *tokens, const char *from, const char *to, const char *next, struct html_token *token_r)
{
    add_raw(tokens->text, from, (size_t)(to - from), false);
    tokens->p = next;
    token_r->kind = HTML_COMMENT;
    token_r->text = tokens->text->s;
    token_r->len = tokens->text->len;
    return true;
}

/* What is no markup anybody knows, up to the next ">". */
static bool
read_bogus(struct html_tokens *tokens, const char *from, struct html_token *token_r)
{
    const char *end = memchr(from, '>', (size_t)(tokens->end - from));

    return take_comment(tokens, from, end != NULL ? end : tokens->end, end != NULL ? end + 1 : tokens->end, token_r);
}

/* How many bytes before p end a comment: "--" or "--!", none of them before `from`. */
static size_t
comment_closing(const char *from, const char *p)
{
    size_t mark = p > from && p[-1] == '!';

    if ((size_t)(p - from) >= 2 + mark && p[-1 - (ptrdiff_t)mark] == '-' && p[-2 - (ptrdiff_t)mark] == '-')
        return 2 + mark;
    return 0;
}

static bool
read_comment(struct html_tokens *tokens, struct html_token *token_r)
{
    const char *from = tokens->p + 4, *end = tokens->end, *p = from;
    size_t closing = 0;

    if (from < end && *from == '>')
        return take_comment(tokens, from, from, from + 1, token_r);
    if (from + 1 < end && from[0] == '-' && from[1] == '>')
        return take_comment(tokens, from, from, from + 2, token_r);
    while ((p = memchr(p, '>', (size_t)(end - p))) != NULL && (closing = comment_closing(from, p)) == 0)
        p++;
    if (p != NULL)
        return take_comment(tokens, from, p - closing, p + 1, token_r);
    closing = comment_closing(from, end);
    if (closing == 0 && end > from && end[-1] == '-')
        closing = 1;
    return take_comment(tokens, from, end - closing, end, token_r);
}

/* ---- doctypes ---- */

struct doctype {
    const char *p;
    bool has_name, has_public, has_system, is_quirky, is_over;
    size_t public_id, system_id;
};

/* In a doctype that is wrong from here on. */
static void
give_up(struct doctype *type, bool is_quirky)
{
    type->is_quirky = type->is_quirky || is_quirky;
    type->is_over = true;
}

static void
read_doctype_name(struct html_tokens *tokens, struct doctype *type)
{
    const char *start = skip_spaces(type->p, tokens->end), *p = start;

    while (p < tokens->end && !is_space(*p) && *p != '>')
        p++;
    type->has_name = p > start;
    add_name(tokens->bytes, start, (size_t)(p - start));
    str_addc(tokens->bytes, '\0');
    type->p = skip_spaces(p, tokens->end);
    if (!type->has_name || type->p == tokens->end)
        give_up(type, true);
    else if (*type->p == '>')
        give_up(type, false);
}

/* A quoted identifier; ">" ends it too, and then all. */
static void
read_identifier(struct html_tokens *tokens, struct doctype *type, bool *has_r, size_t *offset_r)
{
    char quote;
    const char *start;

    type->p = skip_spaces(type->p, tokens->end);
    quote = type->p < tokens->end ? *type->p : '\0';
    if (quote != '"' && quote != '\'') {
        give_up(type, true);
        return;
    }
    start = ++type->p;
    while (type->p < tokens->end && *type->p != quote && *type->p != '>')
        type->p++;
    *has_r = true;
    *offset_r = tokens->bytes->len;
    add_raw(tokens->bytes, start, (size_t)(type->p - start), false);
    str_addc(tokens->bytes, '\0');
    if (type->p < tokens->end && *type->p == quote)
        type->p++;
    else
        give_up(type, true);
}

static void
read_identifiers(struct html_tokens *tokens, struct doctype *type)
{
    size_t left = (size_t)(tokens->end - type->p);
    bool is_public = left >= 6 && strncasecmp(type->p, "PUBLIC", 6) == 0;

    if (!is_public && !(left >= 6 && strncasecmp(type->p, "SYSTEM", 6) == 0)) {
        give_up(type, true);
        return;
    }
    type->p += 6;
    if (is_public) {
        read_identifier(tokens, type, &type->has_public, &type->public_id);
        if (type->is_over)
            return;
        type->p = skip_spaces(type->p, tokens->end);
        if (type->p < tokens->end && *type->p == '>')
            return;
    }
    read_identifier(tokens, type, &type->has_system, &type->system_id);
    if (!type->is_over && skip_spaces(type->p, tokens->end) == tokens->end)
        type->is_quirky = true;
}

static bool
read_doctype(struct html_tokens *tokens, struct html_token *token_r)
{
    struct doctype type = {.p = tokens->p + 9};
    const char *end;

    str_clear(tokens->bytes);
    read_doctype_name(tokens, &type);
    if (!type.is_over)
        read_identifiers(tokens, &type);
    end = memchr(type.p, '>', (size_t)(tokens->end - type.p));
    tokens->p = end != NULL ? end + 1 : tokens->end;
    token_r->kind = HTML_DOCTYPE;
    token_r->text = type.has_name ? tokens->bytes->s : NULL;
    token_r->public_id = type.has_public ? tokens->bytes->s + type.public_id : NULL;
    token_r->system_id = type.has_system ? tokens->bytes->s + type.system_id : NULL;
    token_r->is_quirky = type.is_quirky;
    return true;
}

/* ---- all together ---- */

static bool
starts(const char *p, const char *end, const char *text)
{
    size_t len = strlen(text);

    return (size_t)(end - p) >= len && strncasecmp(p, text, len) == 0;
}

/* What the "<" begins; false when nothing comes of it. */
static bool
read_markup(struct html_tokens *tokens, struct html_token *token_r)
{
    const char *p = tokens->p;

    if (is_alpha(p[1]) || (p[1] == '/' && is_alpha(p[2])))
        return read_tag(tokens, token_r);
    if (starts(p, tokens->end, "</>")) {
        tokens->p += 3;
        return false;
    }
    if (starts(p, tokens->end, "<!--"))
        return read_comment(tokens, token_r);
    if (starts(p, tokens->end, "<!doctype"))
        return read_doctype(tokens, token_r);
    if (tokens->is_foreign && starts(p, tokens->end, "<![CDATA[") && memcmp(p, "<![CDATA[", 9) == 0) {
        tokens->p += 9;
        tokens->state = HTML_CDATA;
        return false;
    }
    return read_bogus(tokens, p + (p[1] == '?' ? 1 : 2), token_r);
}

bool
html_tokens_next(struct html_tokens *tokens, struct html_token *token_r)
{
    *token_r = (struct html_token){0};
    str_clear(tokens->text);
    while (tokens->p < tokens->end) {
        const char *from = tokens->p;
        bool was_cdata = tokens->state == HTML_CDATA, is_token;

        read_text(tokens);
        tokens->steps += (size_t)(tokens->p - from) + 1;
        if (tokens->text->len > 0) {
            token_r->kind = HTML_TEXT;
            token_r->text = tokens->text->s;
            token_r->len = tokens->text->len;
            return true;
        }
        if (was_cdata || tokens->p == tokens->end)
            continue;
        from = tokens->p;
        is_token = read_markup(tokens, token_r);
        tokens->steps += (size_t)(tokens->p - from);
        if (is_token)
            return true;
    }
    return false;
}

struct html_tokens *
html_tokens_new(TALLOC_CTX *ctx, const char *html, size_t len)
{
    struct html_tokens *tokens = mem_new(ctx, struct html_tokens);

    tokens->p = html;
    tokens->end = html + len;
    tokens->text = str_new(tokens);
    tokens->bytes = str_new(tokens);
    tokens->last_start = str_new(tokens);
    return tokens;
}

void
html_tokens_enter(struct html_tokens *tokens, const char *element)
{
    static const struct { const char *element; enum html_state state; } rows[] = {
        {"iframe", HTML_RAWTEXT}, {"noembed", HTML_RAWTEXT}, {"noframes", HTML_RAWTEXT},   {"plaintext", HTML_PLAINTEXT},
        {"script", HTML_SCRIPT},  {"style", HTML_RAWTEXT},   {"textarea", HTML_RCDATA},    {"title", HTML_RCDATA},
        {"xmp", HTML_RAWTEXT},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_eq(rows[i].element, element))
            tokens->state = rows[i].state;
}

void
html_tokens_set_foreign(struct html_tokens *tokens, bool is_foreign)
{
    tokens->is_foreign = is_foreign;
}

void
html_tokens_set_state(struct html_tokens *tokens, enum html_state state, const char *last_start)
{
    tokens->state = state;
    str_clear(tokens->last_start);
    str_add(tokens->last_start, last_start);
}

size_t
html_tokens_steps(const struct html_tokens *tokens)
{
    return tokens->steps;
}

const char *
html_attribute(const struct html_token *token, const char *name)
{
    for (size_t i = 0; i < token->attribute_count; i++)
        if (str_eq(token->attributes[i].name, name))
            return token->attributes[i].value;
    return NULL;
}

/* address-list.c - the addresses of From, To and Cc, as mailers write them */
#include <string.h>

#include "mime/address-private.h"
#include "mime/word.h"
#include "util/str.h"

enum { FIELD_LOCAL_MAX = 255 };

enum token_kind { TOKEN_ATOM, TOKEN_QUOTED, TOKEN_LITERAL, TOKEN_SPECIAL };

struct token {
    enum token_kind kind;
    uint8_t special;            /* < > @ . and what else ended an atom */
    bool blank;                 /* blank or comment before it */
    struct blob text;           /* quoted: with its quotes' inside, still escaped */
};

/* One element of the list: what stands between commas. */
struct element {
    struct token *tokens;
    size_t count, room;
    struct blob comment;        /* the last one, without its outer parentheses */
    bool angle;                 /* "<" was seen */
    bool route;                 /* "<@" was seen and no ":" since */
};

struct reader {
    const uint8_t *p, *end;
    struct element element;
    struct address_list *list;
    const char *group;
};

static struct blob
span(const uint8_t *from, const uint8_t *to)
{
    return (struct blob){from, (size_t)(to - from)};
}

/* Raw ISO-2022-JP: from ESC $ up to and with the escape back to ASCII. Its bytes look like any special. */
static const uint8_t *
skip_kanji(const uint8_t *p, const uint8_t *end)
{
    for (p += 2; p + 2 < end; p++)
        if (p[0] == 0x1b && p[1] == '(' && p[2] != 'I')
            return p + 3;
    return end;
}

static bool
is_kanji_escape(const uint8_t *p, const uint8_t *end)
{
    return p + 2 < end && p[0] == 0x1b && (p[1] == '$' || (p[1] == '(' && p[2] == 'I'));
}

/* p is behind the opening character; returns the place of the closing one, or end. */
static const uint8_t *
find_close(const uint8_t *p, const uint8_t *end, uint8_t close)
{
    while (p < end && *p != close) {
        if (is_kanji_escape(p, end))
            p = skip_kanji(p, end);
        else
            p += *p == '\\' && p + 1 < end ? 2 : 1;
    }
    return p;
}

static void
read_comment(struct reader *r)
{
    const uint8_t *start = r->p + 1;
    size_t depth = 0;

    while (r->p < r->end) {
        if (is_kanji_escape(r->p, r->end)) {
            r->p = skip_kanji(r->p, r->end);
            continue;
        }
        if (*r->p == '\\' && r->p + 1 < r->end)
            r->p++;
        else if (*r->p == '(')
            depth++;
        else if (*r->p == ')' && --depth == 0)
            break;
        r->p++;
    }
    r->element.comment = span(start, r->p);
    if (r->p < r->end)
        r->p++;
}

static bool
is_separator(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
ends_atom(uint8_t c)
{
    return is_separator(c) || (c != '\0' && strchr("()<>[]:;@,.\"", c) != NULL);
}

static void
element_add(struct reader *r, struct token token)
{
    struct element *element = &r->element;

    if (element->count == element->room) {
        element->room = element->room == 0 ? 16 : element->room * 2;
        element->tokens = mem_resize(r->list, element->tokens, struct token, element->room);
    }
    element->tokens[element->count++] = token;
}

static struct token
read_token(struct reader *r)
{
    const uint8_t *start = r->p;
    struct token token = {.kind = TOKEN_SPECIAL, .special = *start};

    if (*start == '"' || *start == '[') {
        const uint8_t *close = find_close(start + 1, r->end, *start == '"' ? '"' : ']');

        token.kind = *start == '"' ? TOKEN_QUOTED : TOKEN_LITERAL;
        token.text = span(start + 1, close);
        r->p = close < r->end ? close + 1 : r->end;
    } else if (ends_atom(*start)) {
        token.text = span(start, start + 1);
        r->p++;
    } else {
        token.kind = TOKEN_ATOM;
        while (r->p < r->end && !ends_atom(*r->p))
            r->p = is_kanji_escape(r->p, r->end) ? skip_kanji(r->p, r->end) : r->p + 1;
        token.text = span(start, r->p);
    }
    return token;
}

static void
add_unescaped(struct str *out, struct blob text)
{
    const uint8_t *p = text.data, *end = p + text.len;

    while (p < end) {
        const uint8_t *next = p + 1;

        if (is_kanji_escape(p, end))
            next = skip_kanji(p, end);
        else if (*p == '\\' && next < end)
            next = ++p + 1;
        str_addn(out, p, (size_t)(next - p));
        p = next;
    }
}

/* Words as people read them: one blank where there was one, quotes off. */
static char *
phrase_text(TALLOC_CTX *ctx, const struct token *tokens, size_t count)
{
    struct str *raw = str_new(NULL);
    char *text;

    for (size_t i = 0; i < count; i++) {
        if (i > 0 && tokens[i].blank)
            str_addc(raw, ' ');
        if (tokens[i].kind == TOKEN_QUOTED)
            add_unescaped(raw, tokens[i].text);
        else if (tokens[i].kind == TOKEN_LITERAL)
            str_addf(raw, "[%.*s]", (int)tokens[i].text.len, tokens[i].text.data);
        else
            str_addn(raw, tokens[i].text.data, tokens[i].text.len);
    }
    text = word_decode(ctx, str_blob(raw));
    talloc_free(raw);
    return text;
}

static bool
is_special(const struct token *token, uint8_t special)
{
    return token->kind == TOKEN_SPECIAL && token->special == special;
}

static bool
all_atext(struct blob text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!address_is_atext(text.data[i]) && text.data[i] < 0x80)
            return false;
    return true;
}

/* Words and dots, a dot between any two words; dots may stand in odd places. */
static bool
read_local(struct str *local, const struct token *tokens, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool dot = is_special(&tokens[i], '.');

        if (!dot && i > 0 && !is_special(&tokens[i - 1], '.'))
            return false;
        if (tokens[i].kind == TOKEN_QUOTED)
            add_unescaped(local, tokens[i].text);
        else if (dot || (tokens[i].kind == TOKEN_ATOM && all_atext(tokens[i].text)))
            str_addn(local, tokens[i].text.data, tokens[i].text.len);
        else
            return false;
    }
    return local->len > 0 && local->len <= FIELD_LOCAL_MAX && !str_has_control(local->s) &&
           utf8_is_valid(local->s, local->len);
}

static bool
read_domain(struct str *domain, const struct token *tokens, size_t count)
{
    if (count == 1 && tokens[0].kind == TOKEN_LITERAL) {
        str_addc(domain, '[');
        str_addn(domain, tokens[0].text.data, tokens[0].text.len);
        str_addc(domain, ']');
        return address_domain_is_literal(domain->s) && domain->len == strlen(domain->s);
    }
    if (count > 1 && is_special(&tokens[count - 1], '.'))
        count--;
    for (size_t i = 0; i < count; i++) {
        if (tokens[i].kind != TOKEN_ATOM && !is_special(&tokens[i], '.'))
            return false;
        if (tokens[i].kind == TOKEN_ATOM && i > 0 && tokens[i - 1].kind == TOKEN_ATOM)
            return false;
        str_addn(domain, tokens[i].text.data, tokens[i].text.len);
    }
    return domain->len == strlen(domain->s) && address_domain_is_plain(domain->s) && utf8_is_valid(domain->s, domain->len);
}

/* local@domain, after a route has been dropped; exactly one "@". */
static bool
read_spec(TALLOC_CTX *ctx, const struct token *tokens, size_t count, struct address *row)
{
    struct str *local = str_new(NULL), *domain = str_new(NULL);
    size_t at = 0;
    bool ok;

    if (count > 0 && is_special(&tokens[0], '@')) {
        size_t colon = 0;

        while (colon < count && !is_special(&tokens[colon], ':'))
            colon++;
        colon += colon < count;
        tokens += colon;
        count -= colon;
    }
    while (at < count && !is_special(&tokens[at], '@'))
        at++;
    ok = at < count && read_local(local, tokens, at) && read_domain(domain, tokens + at + 1, count - at - 1);
    if (ok) {
        row->local = mem_strdup(ctx, local->s);
        row->domain = mem_strdup(ctx, domain->s);
    }
    talloc_free(local);
    talloc_free(domain);
    return ok;
}

static size_t
find_special(const struct element *element, size_t from, uint8_t special)
{
    while (from < element->count && !is_special(&element->tokens[from], special))
        from++;
    return from;
}

/* The element is complete: makes a row of it, if it says anything. */
static void
element_end(struct reader *r)
{
    struct element *element = &r->element;
    struct address_list *list = r->list;
    size_t open = find_special(element, 0, '<'), close = find_special(element, open, '>');
    struct address row = {.display = "", .local = "", .domain = "", .group = r->group};

    if (element->count > 0 && list->count == ADDRESS_LIST_MAX)
        list->cut = true;
    else if (element->count > 0) {
        bool angle = open < element->count;

        if (angle)
            row.ok = read_spec(list, element->tokens + open + 1, close - open - 1, &row);
        else
            row.ok = read_spec(list, element->tokens, element->count, &row);
        /* Anything behind ">" makes readers disagree about who it is. */
        row.ok = row.ok && (!angle || close + 1 >= element->count);
        if (!row.ok)
            row.local = row.domain = "";
        if (angle ? open > 0 : !row.ok)
            row.display = phrase_text(list, element->tokens, angle ? open : element->count);
        else if (element->comment.data != NULL)
            row.display = word_decode(list, element->comment);
        if ((list->count & (list->count - 1)) == 0)
            list->rows = mem_resize(list, list->rows, struct address, list->count == 0 ? 1 : list->count * 2);
        list->rows[list->count++] = row;
    }
    *element = (struct element){.tokens = element->tokens, .room = element->room};
}

/* A special that ends or begins something, if it does so here. */
static bool
read_structure(struct reader *r, uint8_t c)
{
    struct element *element = &r->element;

    if (c == ';' || (c == ',' && !element->route)) {
        element_end(r);
        if (c == ';')
            r->group = NULL;
        return true;
    }
    if (c == ':' && !element->angle) {
        r->group = phrase_text(r->list, element->tokens, element->count);
        r->list->groups++;
        *element = (struct element){.tokens = element->tokens, .room = element->room};
        return true;
    }
    return false;
}

struct address_list *
address_list_parse(TALLOC_CTX *ctx, struct blob value)
{
    struct address_list *list = mem_new(ctx, struct address_list);
    struct reader r = {value.data, value.data + value.len, {0}, list, NULL};
    bool blank = false;

    while (r.p < r.end && !list->cut) {
        struct token token;

        if (is_separator(*r.p) || *r.p == '(') {
            blank = true;
            if (*r.p == '(')
                read_comment(&r);
            else
                r.p++;
            continue;
        }
        if (read_structure(&r, *r.p)) {
            r.p++;
            continue;
        }
        token = read_token(&r);
        token.blank = blank;
        blank = false;
        if (is_special(&token, '@') && r.element.angle && r.element.count > 0 &&
            is_special(&r.element.tokens[r.element.count - 1], '<'))
            r.element.route = true;
        if (is_special(&token, '<'))
            r.element.angle = true;
        if (is_special(&token, ':') || is_special(&token, '>'))
            r.element.route = false;
        element_add(&r, token);
    }
    element_end(&r);
    talloc_free(r.element.tokens);
    return list;
}

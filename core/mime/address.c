/* address.c - address lists, paths, bare addresses, their written forms */
#include <arpa/inet.h>
#include <idn2.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mime/address.h"
#include "mime/word.h"
#include "util/str.h"

enum { FIELD_LOCAL_MAX = 255, LABEL_MAX = 63 };

static bool
is_alnum(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool
is_atext(uint8_t c)
{
    return is_alnum(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool
is_control(uint8_t c)
{
    return c < 0x20 || c == 0x7f;
}

/* Domains */

/* Labels of letters, digits, hyphens, underscores (and 8-bit), 1 to 63 bytes, no hyphen at either end. */
static bool
domain_is_plain(const char *domain)
{
    size_t label = 0, len = strlen(domain);

    if (len == 0 || len > ADDRESS_DOMAIN_MAX)
        return false;
    for (size_t i = 0; i <= len; i++) {
        uint8_t c = (uint8_t)domain[i];

        if (c == '.' || c == '\0') {
            if (label == 0 || label > LABEL_MAX || domain[i - 1] == '-')
                return false;
            label = 0;
        } else if (!is_alnum(c) && c != '_' && c < 0x80 && !(c == '-' && label > 0))
            return false;
        else
            label += (c & 0xc0) != 0x80;    /* of a name in UTF-8 characters are counted; its A-label is checked later */
    }
    return true;
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]" */
static bool
domain_is_literal(const char *domain)
{
    size_t len = strlen(domain);
    char inside[64];
    uint8_t bytes[16];

    if (len < 3 || len - 2 >= sizeof(inside) || domain[0] != '[' || domain[len - 1] != ']')
        return false;
    memcpy(inside, domain + 1, len - 2);
    inside[len - 2] = '\0';
    if (strncasecmp(inside, "IPv6:", 5) == 0)
        return inet_pton(AF_INET6, inside + 5, bytes) == 1;
    return inet_pton(AF_INET, inside, bytes) == 1;
}

char *
address_domain_ascii(TALLOC_CTX *ctx, const char *domain)
{
    char *out = NULL, *copy;

    if (!str_has_8bit(domain))
        return domain_is_plain(domain) ? str_lower(ctx, domain) : NULL;
    if (strlen(domain) > ADDRESS_DOMAIN_MAX || !utf8_is_valid(domain, strlen(domain)) ||
        idn2_to_ascii_8z(domain, &out, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
        return NULL;
    copy = domain_is_plain(out) ? str_lower(ctx, out) : NULL;
    idn2_free(out);
    return copy;
}

char *
address_domain_unicode(TALLOC_CTX *ctx, const char *domain)
{
    char *out = NULL, *copy;

    if (idn2_to_unicode_8z8z(domain, &out, IDN2_NONTRANSITIONAL) != IDN2_OK)
        return mem_strdup(ctx, domain);
    copy = utf8_clean(ctx, out, strlen(out));
    idn2_free(out);
    return copy;
}

/* Lists in fields */

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
        if (!is_atext(text.data[i]) && text.data[i] < 0x80)
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
        return domain_is_literal(domain->s) && domain->len == strlen(domain->s);
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
    return domain->len == strlen(domain->s) && domain_is_plain(domain->s) && utf8_is_valid(domain->s, domain->len);
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

/* Paths and bare addresses */

/* A local part at p: what it says into `local`, its end returned; NULL when it is none. */
static const char *
take_local(struct str *local, const char *p, const char *end)
{
    bool quoted = p < end && *p == '"';

    for (p += quoted; p < end; p++) {
        if (quoted && *p == '"')
            break;
        if (quoted && *p == '\\' && p + 1 < end)
            p++;
        else if (!quoted && !is_atext((uint8_t)*p) && *p != '.' && (uint8_t)*p < 0x80)
            break;
        if (is_control((uint8_t)*p))
            return NULL;
        str_addc(local, *p);
    }
    if (quoted && p++ == end)
        return NULL;
    return local->len > 0 && local->len <= ADDRESS_LOCAL_MAX ? p : NULL;
}

/* A domain or address literal at p. */
static const char *
take_domain(struct str *domain, const char *p, const char *end)
{
    bool literal = p < end && *p == '[';

    while (p < end && *p != '>' && !is_control((uint8_t)*p) && domain->len <= ADDRESS_DOMAIN_MAX) {
        str_addc(domain, *p++);
        if (literal && p[-1] == ']')
            break;
    }
    return (literal ? domain_is_literal(domain->s) : domain_is_plain(domain->s)) ? p : NULL;
}

/* "@one,@two:" before the address; p when there is none. */
static const char *
skip_route(const char *p, const char *end)
{
    const char *colon = p < end && *p == '@' ? memchr(p, ':', (size_t)(end - p)) : NULL;

    for (const char *c = p; colon != NULL && c < colon; c++)
        if (!is_alnum((uint8_t)*c) && strchr("@,.-_", *c) == NULL && (uint8_t)*c < 0x80)
            return p;
    return colon != NULL ? colon + 1 : p;
}

/* local@domain at p; its end, or NULL. */
static const char *
take_address(TALLOC_CTX *ctx, const char *p, const char *end, bool utf8, struct address *address_r)
{
    struct str *local = str_new(NULL), *domain = str_new(NULL);
    const char *q = take_local(local, p, end);
    bool bare = q != NULL && q < end && *q == '>' && strcasecmp(local->s, "postmaster") == 0;

    if (q != NULL && !bare)
        q = q < end && *q == '@' ? take_domain(domain, q + 1, end) : NULL;
    if (q != NULL && (local->len + 1 + domain->len > ADDRESS_MAX ||
                      !utf8_is_valid(local->s, local->len) || !utf8_is_valid(domain->s, domain->len) ||
                      (!utf8 && (str_has_8bit(local->s) || str_has_8bit(domain->s)))))
        q = NULL;
    if (q != NULL)
        *address_r = (struct address){.display = "", .local = mem_strdup(ctx, local->s),
                                      .domain = mem_strdup(ctx, domain->s), .ok = true};
    talloc_free(local);
    talloc_free(domain);
    return q;
}

bool
address_path_parse(TALLOC_CTX *ctx, const char *text, size_t len, bool utf8, struct address *address_r, size_t *used_r)
{
    const char *p = text + 1, *end = text + len;

    if (len < 2 || text[0] != '<')
        return false;
    if (*p == '>') {
        *address_r = (struct address){.display = "", .local = "", .domain = "", .ok = true};
        *used_r = 2;
        return true;
    }
    p = take_address(ctx, skip_route(p, end), end, utf8, address_r);
    if (p == NULL || p == end || *p != '>')
        return false;
    *used_r = (size_t)(p + 1 - text);
    return true;
}

static bool
top_label_is_number(const char *domain)
{
    const char *dot = strrchr(domain, '.'), *label = dot != NULL ? dot + 1 : domain;

    return strspn(label, "0123456789") == strlen(label);
}

bool
address_parse(TALLOC_CTX *ctx, const char *text, struct address *address_r)
{
    const char *end, *p;
    char *ascii;

    text += strspn(text, " \t");
    for (end = text + strlen(text); end > text && (end[-1] == ' ' || end[-1] == '\t'); end--)
        ;
    p = take_address(ctx, text, end, true, address_r);
    if (p != end || p == NULL || address_r->domain[0] == '\0' || address_r->domain[0] == '[')
        return false;
    ascii = address_domain_ascii(NULL, address_r->domain);
    if (ascii == NULL || top_label_is_number(ascii))
        p = NULL;
    talloc_free(ascii);
    return p != NULL;
}

/* Written forms */

static bool
needs_quotes(const char *local)
{
    for (const char *p = local; *p != '\0'; p++)
        if (!is_atext((uint8_t)*p) && *p != '.' && (uint8_t)*p < 0x80)
            return true;
    return *local == '\0';
}

static bool
is_dot_atom(const char *local)
{
    return !needs_quotes(local) && local[0] != '.' && local[strlen(local) - 1] != '.' && strstr(local, "..") == NULL;
}

static char *
join(TALLOC_CTX *ctx, const char *local, bool quoted, const char *domain)
{
    struct str *out;
    char *text;

    if (*local == '\0' && *domain == '\0')
        return mem_strdup(ctx, "");
    out = str_new(NULL);
    if (quoted)
        str_addc(out, '"');
    for (const char *p = local; *p != '\0'; p++) {
        if (quoted && (*p == '"' || *p == '\\'))
            str_addc(out, '\\');
        str_addc(out, *p);
    }
    if (quoted)
        str_addc(out, '"');
    if (*domain != '\0')
        str_addf(out, "@%s", domain);
    text = mem_strdup(ctx, out->s);
    talloc_free(out);
    return text;
}

char *
address_text(TALLOC_CTX *ctx, const struct address *address)
{
    return join(ctx, address->local, needs_quotes(address->local), address->domain);
}

char *
address_quote(TALLOC_CTX *ctx, const struct address *address)
{
    char *ascii = str_has_8bit(address->domain) ? address_domain_ascii(NULL, address->domain) : NULL;
    char *text = join(ctx, address->local, !is_dot_atom(address->local), ascii != NULL ? ascii : address->domain);

    talloc_free(ascii);
    return text;
}

char *
address_key(TALLOC_CTX *ctx, const struct address *address)
{
    char *domain, *local, *key;

    if (domain_is_literal(address->domain))
        domain = str_lower(NULL, address->domain);
    else
        domain = address_domain_ascii(NULL, address->domain);
    if (domain == NULL)
        return NULL;
    local = str_lower(NULL, address->local);
    key = join(ctx, local, needs_quotes(local), domain);
    talloc_free(local);
    talloc_free(domain);
    return key;
}

char *
address_key_of(TALLOC_CTX *ctx, const char *text)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct address address;
    char *key = address_parse(scratch, text, &address) ? address_key(ctx, &address) : NULL;

    talloc_free(scratch);
    return key;
}

bool
address_is_utf8(const struct address *address)
{
    return str_has_8bit(address->local);
}

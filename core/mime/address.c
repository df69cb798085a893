/* address.c - domains, paths, bare addresses, their written forms */
#include <arpa/inet.h>
#include <idn2.h>
#include <string.h>
#include <strings.h>

#include "mime/address-private.h"
#include "util/str.h"

enum { LABEL_MAX = 63 };

static bool
is_alnum(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool
address_is_atext(uint8_t c)
{
    return is_alnum(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool
is_control(uint8_t c)
{
    return c < 0x20 || c == 0x7f;
}

/* Domains */

bool
address_domain_is_plain(const char *domain)
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

bool
address_domain_is_literal(const char *domain)
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
        return address_domain_is_plain(domain) ? str_lower(ctx, domain) : NULL;
    if (strlen(domain) > ADDRESS_DOMAIN_MAX || !utf8_is_valid(domain, strlen(domain)) ||
        idn2_to_ascii_8z(domain, &out, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
        return NULL;
    copy = address_domain_is_plain(out) ? str_lower(ctx, out) : NULL;
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
        else if (!quoted && !address_is_atext((uint8_t)*p) && *p != '.' && (uint8_t)*p < 0x80)
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
    return (literal ? address_domain_is_literal(domain->s) : address_domain_is_plain(domain->s)) ? p : NULL;
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
        if (!address_is_atext((uint8_t)*p) && *p != '.' && (uint8_t)*p < 0x80)
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

    if (address_domain_is_literal(address->domain))
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

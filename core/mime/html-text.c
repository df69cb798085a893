/* html-text.c - a tokenizer that keeps only what is read */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mime/html-text.h"
#include "util/str.h"

enum { QUOTE_DEPTH_MAX = 20, NAME_MAX_LEN = 16, HREF_MAX = 2000, META_WITHIN = 1024 };

enum effect {
    EFFECT_NONE, EFFECT_LINE, EFFECT_PARAGRAPH, EFFECT_ITEM, EFFECT_CELL, EFFECT_QUOTE, EFFECT_PRE, EFFECT_LINK,
    EFFECT_IMAGE, EFFECT_RULE, EFFECT_SKIP
};

static const struct { const char *name; enum effect effect; } tags[] = {
    {"a", EFFECT_LINK},          {"address", EFFECT_LINE},   {"article", EFFECT_PARAGRAPH}, {"blockquote", EFFECT_QUOTE},
    {"br", EFFECT_LINE},         {"caption", EFFECT_LINE},   {"center", EFFECT_LINE},       {"dd", EFFECT_LINE},
    {"div", EFFECT_LINE},        {"dl", EFFECT_PARAGRAPH},   {"dt", EFFECT_LINE},           {"footer", EFFECT_PARAGRAPH},
    {"form", EFFECT_LINE},       {"h1", EFFECT_PARAGRAPH},   {"h2", EFFECT_PARAGRAPH},      {"h3", EFFECT_PARAGRAPH},
    {"h4", EFFECT_PARAGRAPH},    {"h5", EFFECT_PARAGRAPH},   {"h6", EFFECT_PARAGRAPH},      {"header", EFFECT_PARAGRAPH},
    {"hr", EFFECT_RULE},         {"img", EFFECT_IMAGE},      {"li", EFFECT_ITEM},           {"ol", EFFECT_LINE},
    {"p", EFFECT_PARAGRAPH},     {"pre", EFFECT_PRE},        {"script", EFFECT_SKIP},       {"section", EFFECT_PARAGRAPH},
    {"style", EFFECT_SKIP},      {"table", EFFECT_LINE},     {"td", EFFECT_CELL},           {"template", EFFECT_SKIP},
    {"textarea", EFFECT_LINE},   {"th", EFFECT_CELL},        {"title", EFFECT_SKIP},        {"tr", EFFECT_LINE},
    {"ul", EFFECT_LINE},         {"xml", EFFECT_SKIP},
};

static const struct { const char *name, *text; } entities[] = {
    {"AMP", "&"},       {"GT", ">"},        {"LT", "<"},        {"QUOT", "\""},     {"amp", "&"},      {"apos", "'"},
    {"bull", "•"},      {"cent", "¢"},      {"copy", "©"},      {"deg", "°"},       {"euro", "€"},     {"gt", ">"},
    {"hellip", "…"},    {"laquo", "«"},     {"larr", "←"},      {"ldquo", "“"},     {"lsquo", "‘"},    {"lt", "<"},
    {"mdash", "—"},     {"middot", "·"},    {"nbsp", " "},      {"ndash", "–"},     {"para", "¶"},     {"plusmn", "±"},
    {"pound", "£"},     {"quot", "\""},     {"raquo", "»"},     {"rarr", "→"},      {"rdquo", "”"},    {"reg", "®"},
    {"rsquo", "’"},     {"sbquo", "‚"},     {"bdquo", "„"},     {"sect", "§"},      {"shy", ""},       {"times", "×"},
    {"trade", "™"},     {"yen", "¥"},       {"zwj", ""},        {"zwnj", ""},       {"ensp", " "},     {"emsp", " "},
    {"thinsp", " "},    {"auml", "ä"},      {"ouml", "ö"},      {"uuml", "ü"},      {"Auml", "Ä"},     {"Ouml", "Ö"},
    {"Uuml", "Ü"},      {"szlig", "ß"},     {"eacute", "é"},    {"egrave", "è"},    {"ecirc", "ê"},    {"agrave", "à"},
    {"aacute", "á"},    {"acirc", "â"},     {"ccedil", "ç"},    {"iacute", "í"},    {"oacute", "ó"},   {"uacute", "ú"},
    {"ntilde", "ñ"},    {"ocirc", "ô"},     {"ugrave", "ù"},    {"aring", "å"},     {"oslash", "ø"},   {"aelig", "æ"},
};

struct page {
    const char *p, *end;
    struct str *out;
    size_t breaks;              /* line ends owed before the next letter */
    bool blank;                 /* a blank is owed */
    bool started;
    size_t quotes;              /* depth of blockquote */
    size_t pre;                 /* depth of pre */
    bool quotes_lost;           /* some attribute's quote never ends: quotes no longer hide ">" */
    bool tags_lost;             /* there is no further ">" at all */
    char href[HREF_MAX + 1];    /* of the open link, "" when none */
    size_t link_start;          /* where its text begins in `out` */
};

static void
owe_breaks(struct page *page, size_t breaks)
{
    if (page->breaks < breaks)
        page->breaks = breaks;
    page->blank = false;
}

static void
add_quote_marks(struct page *page)
{
    for (size_t i = 0; i < page->quotes; i++)
        str_add(page->out, "> ");
}

/* Pays what is owed before visible text. */
static void
settle(struct page *page)
{
    if (page->started)
        for (; page->breaks > 0; page->breaks--) {
            str_addc(page->out, '\n');
            if (page->breaks == 1)
                add_quote_marks(page);
        }
    else
        add_quote_marks(page);
    if (page->blank && page->out->len > 0 && page->out->s[page->out->len - 1] != ' ' &&
        page->out->s[page->out->len - 1] != '\n')
        str_addc(page->out, ' ');
    page->breaks = 0;
    page->blank = false;
    page->started = true;
}

static void
add_text(struct page *page, const char *text, size_t len)
{
    if (len == 0)
        return;
    settle(page);
    str_addn(page->out, text, len);
}

static void
add_byte(struct page *page, char c)
{
    bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';

    if (page->pre > 0 && c == '\n')
        page->breaks += page->breaks < 2;
    else if (page->pre > 0 && c == '\r')
        return;
    else if (blank && page->pre == 0)
        page->blank = page->blank || (page->breaks == 0 && page->started);
    else
        add_text(page, &c, 1);
}

static void
add_code_point(struct page *page, uint32_t code)
{
    char text[4];
    size_t len;

    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        code = 0xfffd;
    if (code == 0xa0 || code == '\t' || code == '\n' || code == '\r')
        code = ' ';
    if (code < 0x80) {
        text[0] = (char)code;
        len = 1;
    } else if (code < 0x800) {
        text[0] = (char)(0xc0 | code >> 6);
        text[1] = (char)(0x80 | (code & 0x3f));
        len = 2;
    } else if (code < 0x10000) {
        text[0] = (char)(0xe0 | code >> 12);
        text[1] = (char)(0x80 | (code >> 6 & 0x3f));
        text[2] = (char)(0x80 | (code & 0x3f));
        len = 3;
    } else {
        text[0] = (char)(0xf0 | code >> 18);
        text[1] = (char)(0x80 | (code >> 12 & 0x3f));
        text[2] = (char)(0x80 | (code >> 6 & 0x3f));
        text[3] = (char)(0x80 | (code & 0x3f));
        len = 4;
    }
    add_text(page, text, len);
}

/* "#233;" or "#xe9;" behind the ampersand at p; false when it is none. */
static bool
numeric_entity(struct page *page)
{
    const char *p = page->p + 2;
    bool hex = p < page->end && (*p == 'x' || *p == 'X');
    size_t digits = strspn(p + hex, hex ? "0123456789abcdefABCDEF" : "0123456789");

    if (digits == 0 || digits > 7)
        return false;
    add_code_point(page, (uint32_t)strtoul(p + hex, NULL, hex ? 16 : 10));
    page->p = p + hex + digits + (p[hex + digits] == ';');
    return true;
}

static bool
named_entity(struct page *page)
{
    for (size_t i = 0; i < COUNT_OF(entities); i++) {
        size_t len = strlen(entities[i].name);

        if (strncmp(page->p + 1, entities[i].name, len) == 0 && page->p[1 + len] == ';') {
            add_text(page, entities[i].text, strlen(entities[i].text));
            page->p += len + 2;
            return true;
        }
    }
    return false;
}

static void
read_entity(struct page *page)
{
    bool known = page->p[1] == '#' ? numeric_entity(page) : named_entity(page);

    if (!known)
        add_byte(page, *page->p++);
}

/* The ">" that ends the tag at p, quotes in it respected while they end at all; NULL when there is none. */
static const char *
tag_end(struct page *page)
{
    const char *p = page->p;
    char quote = '\0';

    if (page->tags_lost)
        return NULL;
    while (!page->quotes_lost && p < page->end && (quote != '\0' || *p != '>')) {
        if (quote == '\0' && (*p == '"' || *p == '\'') && p[-1] == '=')
            quote = *p;
        else if (*p == quote)
            quote = '\0';
        p++;
    }
    if (!page->quotes_lost && p < page->end)
        return p;
    page->quotes_lost = true;
    p = memchr(page->p, '>', (size_t)(page->end - page->p));
    page->tags_lost = p == NULL;
    return p;
}

/* The value of an attribute of the tag [p, end), into a buffer; false when it is not there. */
static bool
attribute(const char *p, const char *end, const char *name, char *value, size_t room)
{
    size_t len = strlen(name);

    for (p++; p + len < end; p++) {
        const char *start = p + len, *stop;

        if ((p[-1] != ' ' && p[-1] != '\t' && p[-1] != '\n' && p[-1] != '\r') || strncasecmp(p, name, len) != 0)
            continue;
        start += strspn(start, " \t\r\n");
        if (start >= end || *start != '=')
            continue;
        start++;
        start += strspn(start, " \t\r\n");
        if (start < end && (*start == '"' || *start == '\'')) {
            stop = memchr(start + 1, *start, (size_t)(end - start - 1));
            start++;
        } else
            stop = start + strcspn(start, " \t\r\n>");
        if (stop == NULL || stop > end)
            stop = end;
        snprintf(value, room, "%.*s", (int)((size_t)(stop - start) < room ? (size_t)(stop - start) : room - 1), start);
        return true;
    }
    return false;
}

static void
end_link(struct page *page)
{
    static const char *const schemes[] = {"http://", "https://", "mailto:", "ftp://"};
    bool shown = false;

    for (size_t i = 0; i < COUNT_OF(schemes); i++)
        shown = shown || str_starts_nocase(page->href, schemes[i]);
    if (shown && page->out->len > page->link_start) {
        const char *text = page->out->s + page->link_start, *address = page->href;

        if (str_starts_nocase(address, "mailto:"))
            address += 7;
        if (strstr(text, address) == NULL) {
            str_add(page->out, " <");
            str_add(page->out, page->href);
            str_addc(page->out, '>');
        }
    }
    page->href[0] = '\0';
}

static void
begin_link(struct page *page, const char *end)
{
    char href[HREF_MAX + 1];
    char *to = page->href;

    end_link(page);
    if (!attribute(page->p, end, "href", href, sizeof(href)))
        return;
    for (const char *p = href; *p != '\0'; p++) {
        if (str_starts(p, "&amp;")) {
            *to++ = '&';
            p += 4;
        } else if ((unsigned char)*p > 0x20)
            *to++ = *p;
    }
    *to = '\0';
    settle(page);
    page->link_start = page->out->len;
}

static void
add_image(struct page *page, const char *end)
{
    char alt[200];

    if (attribute(page->p, end, "alt", alt, sizeof(alt)) && alt[strspn(alt, " \t\r\n")] != '\0') {
        add_text(page, "[", 1);
        for (const char *p = alt; *p != '\0'; p++)
            add_byte(page, *p);
        add_text(page, "]", 1);
    }
}

/* Past the end tag of an element whose text is not for people. */
static void
skip_element(struct page *page, const char *name, const char *end)
{
    char close[NAME_MAX_LEN + 4];
    const char *at;

    snprintf(close, sizeof(close), "</%s", name);
    at = strcasestr(end, close);
    page->p = at != NULL ? at : page->end;
}

static void
change_depth(size_t *depth, bool closes, size_t max)
{
    if (closes)
        *depth -= *depth > 0;
    else
        *depth += *depth < max;
}

static void
apply(struct page *page, enum effect effect, bool closes, const char *end)
{
    switch (effect) {
    case EFFECT_LINE:
        owe_breaks(page, 1);
        break;
    case EFFECT_PARAGRAPH:
        owe_breaks(page, 2);
        break;
    case EFFECT_ITEM:
        owe_breaks(page, 1);
        if (!closes)
            add_text(page, "- ", 2);
        break;
    case EFFECT_CELL:
        if (!closes && page->started && page->breaks == 0)
            page->blank = true;
        break;
    case EFFECT_QUOTE:
        owe_breaks(page, 2);
        change_depth(&page->quotes, closes, QUOTE_DEPTH_MAX);
        break;
    case EFFECT_PRE:
        owe_breaks(page, 1);
        change_depth(&page->pre, closes, QUOTE_DEPTH_MAX);
        break;
    case EFFECT_LINK:
        if (closes)
            end_link(page);
        else
            begin_link(page, end);
        break;
    case EFFECT_IMAGE:
        add_image(page, end);
        break;
    case EFFECT_RULE:
        owe_breaks(page, 1);
        add_text(page, "----", 4);
        owe_breaks(page, 1);
        break;
    case EFFECT_NONE:
    case EFFECT_SKIP:
        break;
    }
}

static bool
is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* <br> ends a line even where one is owed already. */
static void
read_break(struct page *page)
{
    page->breaks = page->breaks == 0 || page->breaks == 1 ? page->breaks + 1 : 2;
    page->blank = false;
}

static void
read_tag(struct page *page)
{
    const char *name = page->p + 1, *end;
    bool closes = *name == '/';
    char lower[NAME_MAX_LEN + 1];
    size_t len = 0;

    for (name += closes; len < NAME_MAX_LEN && is_name_byte(name[len]); len++)
        lower[len] = (char)(name[len] >= 'A' && name[len] <= 'Z' ? name[len] + 32 : name[len]);
    lower[len] = '\0';
    end = len > 0 || *name == '!' || *name == '?' ? tag_end(page) : NULL;
    if (end == NULL) {
        add_byte(page, *page->p++);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(tags); i++) {
        if (strcmp(tags[i].name, lower) != 0)
            continue;
        if (tags[i].effect == EFFECT_SKIP && !closes) {
            skip_element(page, lower, end);
            return;
        }
        if (strcmp(lower, "br") == 0)
            read_break(page);
        else
            apply(page, tags[i].effect, closes, end);
        break;
    }
    page->p = end + 1;
}

static void
skip_comment(struct page *page)
{
    const char *end = strstr(page->p + 4, "-->");

    page->p = end != NULL ? end + 3 : page->end;
}

char *
html_to_text(TALLOC_CTX *ctx, const char *html)
{
    struct page page = {.p = html, .end = html + strlen(html), .out = str_new(NULL)};
    char *text;

    while (page.p < page.end) {
        if (str_starts(page.p, "<!--"))
            skip_comment(&page);
        else if (*page.p == '<')
            read_tag(&page);
        else if (*page.p == '&')
            read_entity(&page);
        else
            add_byte(&page, *page.p++);
    }
    end_link(&page);
    if (page.out->len > 0)
        str_addc(page.out, '\n');
    text = utf8_clean(ctx, page.out->s, page.out->len);
    talloc_free(page.out);
    return text;
}

char *
html_charset(TALLOC_CTX *ctx, struct blob html)
{
    char *head = mem_strndup(NULL, (const char *)html.data, html.len < META_WITHIN ? html.len : META_WITHIN);
    const char *p = strcasestr(head, "charset=");
    char *charset = NULL;

    if (p != NULL) {
        p += 8;
        p += strspn(p, "\"' ");
        charset = mem_strndup(ctx, p, strcspn(p, "\"' ;/>\r\n"));
    }
    talloc_free(head);
    return charset;
}

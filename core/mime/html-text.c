/* html-text.c - what is read of HTML, as lines */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mime/html-check.h"
#include "mime/html-seen.h"
#include "mime/html-text.h"
#include "util/str.h"

enum { QUOTE_DEPTH_MAX = 20, NESTED_MAX = 20, META_WITHIN = 1024, ALT_MOST = 500, INDENT_MOST = 40, HARD_MOST = 2 };

enum effect {
    EFFECT_LINE, EFFECT_PARAGRAPH, EFFECT_LIST, EFFECT_ITEM, EFFECT_TABLE, EFFECT_ROW, EFFECT_CELL, EFFECT_HEAD_CELL, EFFECT_QUOTE,
    EFFECT_PRE, EFFECT_LINK, EFFECT_IMAGE, EFFECT_RULE, EFFECT_BREAK
};

struct tag { const char *name; enum effect effect; };

static const struct tag tags[] = {
    {"a", EFFECT_LINK},           {"address", EFFECT_LINE},     {"article", EFFECT_PARAGRAPH}, {"blockquote", EFFECT_QUOTE},
    {"br", EFFECT_BREAK},         {"caption", EFFECT_LINE},     {"center", EFFECT_LINE},       {"dd", EFFECT_LINE},
    {"div", EFFECT_LINE},         {"dl", EFFECT_PARAGRAPH},     {"dt", EFFECT_LINE},           {"footer", EFFECT_PARAGRAPH},
    {"form", EFFECT_LINE},        {"h1", EFFECT_PARAGRAPH},     {"h2", EFFECT_PARAGRAPH},      {"h3", EFFECT_PARAGRAPH},
    {"h4", EFFECT_PARAGRAPH},     {"h5", EFFECT_PARAGRAPH},     {"h6", EFFECT_PARAGRAPH},      {"header", EFFECT_PARAGRAPH},
    {"hr", EFFECT_RULE},          {"img", EFFECT_IMAGE},        {"li", EFFECT_ITEM},           {"listing", EFFECT_PRE},
    {"ol", EFFECT_LIST},          {"option", EFFECT_LINE},      {"p", EFFECT_PARAGRAPH},       {"plaintext", EFFECT_PRE},
    {"pre", EFFECT_PRE},          {"section", EFFECT_PARAGRAPH}, {"table", EFFECT_TABLE},      {"td", EFFECT_CELL},
    {"textarea", EFFECT_PRE},     {"th", EFFECT_HEAD_CELL},     {"tr", EFFECT_ROW},            {"ul", EFFECT_LIST},
    {"xmp", EFFECT_PRE},
};

struct page {
    struct str *out;
    size_t line;                /* where the line under way begins in `out` */
    size_t breaks;              /* line ends owed before the next letter */
    bool blank;                 /* a blank is owed */
    size_t hard;                /* blanks owed that do not break: before a line's first letter its indent, in it at most two */
    bool started;
    size_t quotes, line_quotes; /* depth of quotation: now, and of the line under way */
    size_t pre;                 /* depth of pre */
    size_t lists, tables;       /* depth */
    int64_t numbers[NESTED_MAX + 1];    /* of the next item of each open list; -1: dashes */
    struct { bool is_data, has_cell; } rows[NESTED_MAX + 1];    /* of each open table */
    bool fresh_cell;            /* of a table with bars: nothing is in it yet, and no line begins */
    char *href;                 /* of the open link, NULL when there is none */
    size_t link_start;          /* where its text begins in `out` */
};

/* ---- lines ---- */

static void
owe_breaks(struct page *page, size_t breaks)
{
    if (page->fresh_cell)
        return;
    page->blank = false;
    page->hard = 0;
    if (page->breaks < breaks)
        page->breaks = breaks;
}

/* <br> ends a line even where one is owed already. */
static void
read_break(struct page *page)
{
    if (page->fresh_cell)
        return;
    page->blank = false;
    page->hard = 0;
    page->breaks += page->breaks < 2;
}

/* "> > " before text, "> >" alone. */
static void
add_quote_marks(struct page *page, size_t depth, bool is_alone)
{
    for (size_t i = 0; i < depth; i++)
        str_add(page->out, is_alone && i + 1 == depth ? ">" : "> ");
}

/* The mark of a signature has lost the blank at its end, by which it is known. */
static void
mend_signature(struct page *page)
{
    if (page->line_quotes == 0 && str_eq(page->out->s + page->line, "--"))
        str_addc(page->out, ' ');
}

/* A line's end; an empty line between two of a quotation belongs to it. */
static void
end_line(struct page *page, bool is_last)
{
    size_t depth = page->line_quotes < page->quotes ? page->line_quotes : page->quotes;

    mend_signature(page);
    str_addc(page->out, '\n');
    page->line = page->out->len;
    if (is_last)
        add_quote_marks(page, page->quotes, false);
    else
        add_quote_marks(page, depth, true);
}

/* Pays what is owed before visible text. */
static void
settle(struct page *page)
{
    size_t most = !page->started || page->breaks > 0 ? INDENT_MOST : HARD_MOST;

    if (!page->started)
        add_quote_marks(page, page->quotes, false);
    else
        for (; page->breaks > 0; page->breaks--)
            end_line(page, page->breaks == 1);
    if (page->blank && page->out->len > 0 && page->out->s[page->out->len - 1] != ' ' && page->out->s[page->out->len - 1] != '\n')
        str_addc(page->out, ' ');
    for (size_t i = 0; i < page->hard && i < most; i++)
        str_addc(page->out, ' ');
    page->line_quotes = page->quotes;
    page->breaks = page->hard = 0;
    page->blank = page->fresh_cell = false;
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

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

/* A blank that does not break or has a width of its own is a blank in a line of text; a place to break words at is nothing, nor is a
 * control. Returns how many bytes at p are such a sign. */
static size_t
sign_length(const char *p, const char *end, bool *is_wide_r)
{
    static const struct { const char *sign; size_t len; bool is_wide; } rows[] = {
        {"\xc2\xa0", 2, true},      {"\xc2\xad", 2, false},     {"\xe2\x80\x8b", 3, false}, {"\xe2\x80\x8c", 3, false}, {"\xe2\x80\x82", 3, true},
        {"\xe2\x80\x83", 3, true}, {"\xe2\x80\x89", 3, true}, {"\xef\xbb\xbf", 3, false}, {"\xcd\x8f", 2, false},
    };
    unsigned char c = (unsigned char)*p;

    *is_wide_r = false;
    if (c < 0x80)
        return (c < 0x20 && c != '\t') || c == 0x7f;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if ((size_t)(end - p) >= rows[i].len && memcmp(p, rows[i].sign, rows[i].len) == 0) {
            *is_wide_r = rows[i].is_wide;
            return rows[i].len;
        }
    return c == 0xc2 && p + 1 < end && (p[1] & 0xe0) == 0x80 ? 2 : 0;
}

static void
add_word(struct page *page, const char *text, size_t len)
{
    const char *end = text + len, *from = text;

    while (text < end) {
        bool is_wide;
        size_t sign = sign_length(text, end, &is_wide);

        if (sign == 0) {
            text++;
            continue;
        }
        add_text(page, from, (size_t)(text - from));
        page->hard += is_wide;
        from = text += sign;
    }
    add_text(page, from, (size_t)(end - from));
}

static void
read_fixed(struct page *page, const char *p, const char *end)
{
    while (p < end) {
        const char *stop = p;

        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        add_word(page, p, (size_t)(stop - p));
        if (stop < end && *stop == '\n')
            read_break(page);
        p = stop + (stop < end);
    }
}

static void
read_text(struct page *page, const char *p, const char *end)
{
    while (p < end && page->pre == 0) {
        const char *stop = p;

        while (stop < end && !is_blank(*stop))
            stop++;
        add_word(page, p, (size_t)(stop - p));
        if (stop < end)
            page->blank = page->blank || (page->breaks == 0 && page->started && !page->fresh_cell);
        for (p = stop; p < end && is_blank(*p); p++)
            ;
    }
    if (page->pre > 0)
        read_fixed(page, p, end);
}

/* ---- links and pictures ---- */

/* "example.jp/a" of "https://example.jp/a/": when that stands there already, the address need not. */
static bool
is_said(TALLOC_CTX *ctx, const char *text, const char *url)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:"};
    char *bare;

    for (size_t i = 0; i < COUNT_OF(schemes); i++)
        if (str_starts_nocase(url, schemes[i])) {
            url += strlen(schemes[i]);
            break;
        }
    bare = mem_strndup(ctx, url, strlen(url) - str_ends(url, "/"));
    return bare[0] != '\0' && strcasestr(text, bare) != NULL;
}

static void
end_link(struct page *page)
{
    if (page->href == NULL)
        return;
    if (page->out->len > page->link_start && !is_said(page->href, page->out->s + page->link_start, page->href)) {
        str_add(page->out, " <");
        str_add(page->out, page->href);
        str_addc(page->out, '>');
    }
    talloc_free(page->href);
    page->href = NULL;
}

static void
begin_link(struct page *page, const struct html_token *token)
{
    const char *href = html_attribute(token, "href"), *url;
    TALLOC_CTX *scratch;

    end_link(page);
    if (href == NULL)
        return;
    scratch = talloc_new(NULL);
    url = html_check_url(scratch, href);
    if (url != NULL) {
        page->href = mem_strdup(page->out, url);
        if (page->breaks == 0 && page->started)
            settle(page);
        page->link_start = page->out->len;
    }
    talloc_free(scratch);
}

static void
add_image(struct page *page, const struct html_token *token)
{
    const char *alt = html_attribute(token, "alt");

    if (alt == NULL || alt[strspn(alt, " \t\r\n")] == '\0')
        return;
    add_text(page, "[", 1);
    read_text(page, alt, alt + strnlen(alt, ALT_MOST));
    page->blank = false;
    add_text(page, "]", 1);
}

/* ---- lists and tables ---- */

static void
change_depth(size_t *depth, bool closes, size_t max)
{
    if (closes)
        *depth -= *depth > 0;
    else
        *depth += *depth < max;
}

static void
apply_list(struct page *page, const struct html_token *token, bool closes)
{
    const char *start = html_attribute(token, "start");

    owe_breaks(page, 1);
    change_depth(&page->lists, closes, NESTED_MAX);
    if (closes)
        return;
    page->numbers[page->lists] = str_eq(token->text, "ol") ? 1 : -1;
    if (page->numbers[page->lists] == 1)
        str_to_int(start, 0, 99999, &page->numbers[page->lists]);
}

static void
apply_item(struct page *page, const struct html_token *token, bool closes)
{
    int64_t *number = &page->numbers[page->lists];
    struct str *mark;

    owe_breaks(page, 1);
    if (closes)
        return;
    mark = str_new(NULL);
    for (size_t i = 1; i < page->lists; i++)
        str_add(mark, "  ");
    if (page->lists == 0 || *number < 0)
        str_add(mark, "- ");
    else {
        str_to_int(html_attribute(token, "value"), 0, 99999, number);
        str_addf(mark, "%d. ", (int)(*number)++);
    }
    add_text(page, mark->s, mark->len);
    talloc_free(mark);
}

/* A table with lines or heads is one; those without arrange a page. */
static void
apply_table(struct page *page, const struct html_token *token, bool closes)
{
    const char *border = html_attribute(token, "border");

    page->fresh_cell = false;
    owe_breaks(page, 1);
    change_depth(&page->tables, closes, NESTED_MAX);
    if (closes)
        return;
    page->rows[page->tables].is_data = border != NULL && border[0] != '\0' && !str_eq(border, "0");
    page->rows[page->tables].has_cell = false;
}

static void
apply_row(struct page *page)
{
    page->fresh_cell = false;
    owe_breaks(page, 1);
    if (page->rows[page->tables].is_data && page->rows[page->tables].has_cell)
        page->breaks = 1;
    page->rows[page->tables].has_cell = false;
}

static void
apply_cell(struct page *page, bool is_head, bool closes)
{
    bool is_first = !page->rows[page->tables].has_cell, is_data;

    if (closes)
        return;
    if (is_head && page->tables > 0)
        page->rows[page->tables].is_data = true;
    is_data = page->tables > 0 && page->rows[page->tables].is_data;
    page->rows[page->tables].has_cell = true;
    if (!is_data) {
        page->blank = page->blank || (page->started && page->breaks == 0);
        return;
    }
    if (!is_first) {
        if (!page->fresh_cell && page->started) {
            page->breaks = 0;
            page->blank = true;
        }
        add_text(page, "|", 1);
        page->blank = true;
    }
    page->fresh_cell = true;
}

/* ---- all together ---- */

static void
apply(struct page *page, enum effect effect, const struct html_token *token)
{
    bool closes = token->kind == HTML_END;

    switch (effect) {
    case EFFECT_LINE:
        owe_breaks(page, 1);
        break;
    case EFFECT_PARAGRAPH:
        owe_breaks(page, 2);
        break;
    case EFFECT_LIST:
        apply_list(page, token, closes);
        break;
    case EFFECT_ITEM:
        apply_item(page, token, closes);
        break;
    case EFFECT_TABLE:
        apply_table(page, token, closes);
        break;
    case EFFECT_ROW:
        apply_row(page);
        break;
    case EFFECT_CELL:
    case EFFECT_HEAD_CELL:
        apply_cell(page, effect == EFFECT_HEAD_CELL, closes);
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
            begin_link(page, token);
        break;
    case EFFECT_IMAGE:
        add_image(page, token);
        break;
    case EFFECT_RULE:
        owe_breaks(page, 1);
        add_text(page, "----", 4);
        owe_breaks(page, 1);
        break;
    case EFFECT_BREAK:
        read_break(page);
        break;
    }
}

static int
compare_tag(const void *key, const void *row)
{
    return strcmp(key, ((const struct tag *)row)->name);
}

static void
read_tag(struct page *page, const struct html_token *token)
{
    const struct tag *tag = bsearch(token->text, tags, COUNT_OF(tags), sizeof(tags[0]), compare_tag);

    if (tag != NULL)
        apply(page, tag->effect, token);
}

char *
html_to_text(TALLOC_CTX *ctx, const char *html)
{
    struct page page = {.out = str_new(NULL)};
    struct html_seen *seen = html_seen_new(page.out, html, strlen(html));
    struct html_token token;
    char *text;

    while (html_seen_next(seen, &token))
        if (token.kind == HTML_TEXT)
            read_text(&page, token.text, token.text + token.len);
        else
            read_tag(&page, &token);
    end_link(&page);
    mend_signature(&page);
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

/* view-markdown.c - the tree that cmark makes of a text, printed in elements of ours */
#include <string.h>

#include <cmark.h>

#include "mime/html-check.h"
#include "mime/mask.h"
#include "mime/view-html-private.h"
#include "mime/view-markdown.h"

/* How the text before ends, for addresses that emphasis cuts in two: what is put before a piece of text to be judged with it. */
enum carry { CARRY_NOTHING, CARRY_WORD, CARRY_AT, CARRY_DOMAIN };

struct printing {
    struct str *out;
    TALLOC_CTX *ctx;
    enum carry carry;
    bool breaks;                /* a line ended; whether that is a blank depends on the letters around it */
    bool is_wide;               /* the last letter is one of those that are written without blanks */
    unsigned depth, too_deep;   /* open elements, and those that have none as they are too deep */
    unsigned links;             /* open links: there is none within one */
};

/* ---- text ---- */

static bool
is_local_letter(char c)
{
    return c != '\0' && (strchr("@<>()[]\",;: \t\n", c) == NULL);
}

static enum carry
carry_of(const char *text, size_t len)
{
    const char *at = memrchr(text, '@', len);

    if (len == 0 || !is_local_letter(text[len - 1]))
        return at != NULL && at + 1 == text + len && at > text && is_local_letter(at[-1]) ? CARRY_AT : CARRY_NOTHING;
    if (at != NULL && mask_domain(text, (size_t)(at - text)) == (size_t)(text + len - at - 1))
        return CARRY_DOMAIN;
    return CARRY_WORD;
}

/* Letters of East Asia, and their full stops. */
static bool
begins_wide(const char *text)
{
    unsigned char c = (unsigned char)*text;

    return c == 0xe3 || (c >= 0xe4 && c <= 0xe9) || c == 0xef;
}

static bool
ends_wide(const char *text, size_t len)
{
    while (len > 0 && ((unsigned char)text[len - 1] & 0xc0) == 0x80)
        len--;
    return len > 0 && begins_wide(text + len - 1);
}

static void
put_break(struct printing *printing, const char *text)
{
    if (printing->breaks && !(printing->is_wide && begins_wide(text)))
        str_addc(printing->out, ' ');
    if (printing->breaks)
        printing->carry = CARRY_NOTHING;
    printing->breaks = false;
}

/* "&#1;" and its like are letters by now: none may be a mark of view-html.h, and none may uncover a link of ours. */
static char *
clean(struct printing *printing, const char *text)
{
    char *copy = text != NULL ? utf8_clean(printing->ctx, text, strlen(text)) : mem_strdup(printing->ctx, "");

    mask_tokens(copy, strlen(copy));
    return copy;
}

static void
put_text(struct printing *printing, const char *literal, bool is_code)
{
    static const char *const before[] = {"", "x", "x@", "x@a"};
    const char *text = clean(printing, literal), *with;
    size_t from, len;

    if (*text == '\0')
        return;
    put_break(printing, text);
    from = strlen(before[printing->carry]);
    with = mem_printf(printing->ctx, "%s%s", before[printing->carry], text);
    len = strlen(with);
    if (from > 1) {
        size_t hidden = 2 + mask_domain(with, 1);

        if (hidden > from)
            view_html_add_hidden(printing->out, with + from, hidden - from);
        from = hidden > from ? hidden : from;
    }
    if (is_code || printing->links > 0)
        view_html_add_unlinked(printing->out, with, from, len);
    else
        view_html_add(printing->out, with, from, len);
    printing->carry = carry_of(with, len);
    printing->is_wide = ends_wide(with, len);
}

/* ---- elements ---- */

/* With which an element begins. */
static const char *
first_text(cmark_node *node)
{
    while (cmark_node_first_child(node) != NULL)
        node = cmark_node_first_child(node);
    return cmark_node_get_literal(node) != NULL ? cmark_node_get_literal(node) : "";
}

/* What opens and closes an element; NULL: it has none. */
static const char *
tag_of(cmark_node *node, bool enters)
{
    static const struct { cmark_node_type type; const char *begin, *end; } tags[] = {
        {CMARK_NODE_BLOCK_QUOTE, "<div class=\"quote\"><div class=\"text\">", "</div></div>"},
        {CMARK_NODE_ITEM, "<li>", "</li>"},
        {CMARK_NODE_PARAGRAPH, "<p>", "</p>"},
        {CMARK_NODE_EMPH, "<em>", "</em>"},
        {CMARK_NODE_STRONG, "<strong>", "</strong>"},
    };

    for (size_t i = 0; i < COUNT_OF(tags); i++)
        if (tags[i].type == cmark_node_get_type(node))
            return enters ? tags[i].begin : tags[i].end;
    return NULL;
}

/* In a list whose items stand close together a paragraph is just its text. */
static bool
is_tight(cmark_node *paragraph)
{
    cmark_node *list = cmark_node_parent(cmark_node_parent(paragraph));

    return list != NULL && cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list);
}

static void
put_list(struct printing *printing, cmark_node *list, bool enters)
{
    bool is_numbered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;

    if (!enters)
        str_add(printing->out, is_numbered ? "</ol>" : "</ul>");
    else if (is_numbered && cmark_node_get_list_start(list) != 1)
        str_addf(printing->out, "<ol start=\"%d\">", cmark_node_get_list_start(list));
    else
        str_add(printing->out, is_numbered ? "<ol>" : "<ul>");
}

/* Below the heading of the message; small ones are strong lines, so that no level is left out. */
static void
put_heading(struct printing *printing, cmark_node *heading, bool enters)
{
    if (cmark_node_get_heading_level(heading) <= 2)
        str_add(printing->out, enters ? "<h3>" : "</h3>");
    else
        str_add(printing->out, enters ? "<p><strong>" : "</strong></p>");
}

/* Pictures are links to where they are; what is linked within a link is its text. */
static void
put_link(struct printing *printing, cmark_node *link, bool enters)
{
    const char *url = html_check_url(printing->ctx, clean(printing, cmark_node_get_url(link)));

    if (url == NULL || str_starts_nocase(url, "mailto:"))
        return;
    if (enters && printing->links++ == 0) {
        put_break(printing, first_text(link));
        str_add(printing->out, "<a href=\"");
        view_html_add_url(printing->out, url, strlen(url));
        str_add(printing->out, "\" rel=\"nofollow noopener\">");
        if (cmark_node_first_child(link) == NULL)
            view_html_add_url(printing->out, url, strlen(url));
    } else if (!enters && --printing->links == 0)
        str_add(printing->out, "</a>");
}

static void
put_code_block(struct printing *printing, cmark_node *block)
{
    const char *code = clean(printing, cmark_node_get_literal(block));
    size_t len = strlen(code);

    while (len > 0 && code[len - 1] == '\n')
        len--;
    str_add(printing->out, "<div class=\"text fixed\" tabindex=\"0\">");
    view_html_add_unlinked(printing->out, code, 0, len);
    str_add(printing->out, "</div>");
}

/* HTML in a text is text; so is what its lines were. */
static void
put_html_block(struct printing *printing, cmark_node *block)
{
    const char *html = clean(printing, cmark_node_get_literal(block));
    size_t len = strlen(html);

    while (len > 0 && html[len - 1] == '\n')
        len--;
    str_add(printing->out, "<p>");
    view_html_add(printing->out, html, 0, len);
    str_add(printing->out, "</p>");
}

static void
put_leaf(struct printing *printing, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_HTML_INLINE:
        put_text(printing, cmark_node_get_literal(node), false);
        break;
    case CMARK_NODE_CODE:
        put_break(printing, cmark_node_get_literal(node));
        str_add(printing->out, "<code>");
        put_text(printing, cmark_node_get_literal(node), true);
        str_add(printing->out, "</code>");
        break;
    case CMARK_NODE_SOFTBREAK:
        printing->breaks = true;
        break;
    case CMARK_NODE_LINEBREAK:
        str_add(printing->out, "<br>");
        printing->carry = CARRY_NOTHING;
        break;
    case CMARK_NODE_CODE_BLOCK:
        put_code_block(printing, node);
        break;
    case CMARK_NODE_HTML_BLOCK:
        put_html_block(printing, node);
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        str_add(printing->out, "<hr>");
        break;
    default:
        break;
    }
}

static bool
is_inline(cmark_node_type type)
{
    return type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG || type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE;
}

static void
put_element(struct printing *printing, cmark_node *node, bool enters)
{
    cmark_node_type type = cmark_node_get_type(node);

    if (!is_inline(type)) {
        printing->carry = CARRY_NOTHING;
        printing->breaks = false;
    }
    if (type == CMARK_NODE_LIST)
        put_list(printing, node, enters);
    else if (type == CMARK_NODE_HEADING)
        put_heading(printing, node, enters);
    else if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE)
        put_link(printing, node, enters);
    else if (type != CMARK_NODE_PARAGRAPH || !is_tight(node)) {
        if (enters && is_inline(type))
            put_break(printing, first_text(node));
        str_add(printing->out, tag_of(node, enters));
    }
}

/* An element that is too deep is left out at both its ends. */
static void
put_node(struct printing *printing, cmark_node *node, bool enters)
{
    if (enters && (printing->too_deep > 0 || printing->depth == MARKDOWN_DEPTH)) {
        printing->too_deep++;
        str_add(printing->out, is_inline(cmark_node_get_type(node)) ? NULL : " ");
        return;
    }
    if (!enters && printing->too_deep > 0) {
        printing->too_deep--;
        return;
    }
    if (enters)
        printing->depth++;
    else
        printing->depth--;
    put_element(printing, node, enters);
}

static bool
is_leaf(cmark_node_type type)
{
    return type == CMARK_NODE_TEXT || type == CMARK_NODE_HTML_INLINE || type == CMARK_NODE_CODE || type == CMARK_NODE_SOFTBREAK ||
           type == CMARK_NODE_LINEBREAK || type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK ||
           type == CMARK_NODE_THEMATIC_BREAK;
}

void
view_markdown(struct str *out, const char *text, size_t len)
{
    struct printing printing = {.out = out, .ctx = talloc_new(NULL)};
    cmark_node *tree;
    cmark_iter *walk;
    cmark_event_type event;

    must(len <= MARKDOWN_MOST);
    tree = cmark_parse_document(text, len, CMARK_OPT_DEFAULT);
    cmark_consolidate_text_nodes(tree);
    walk = cmark_iter_new(tree);
    while ((event = cmark_iter_next(walk)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(walk);

        if (is_leaf(cmark_node_get_type(node)))
            put_leaf(&printing, node);
        else
            put_node(&printing, node, event == CMARK_EVENT_ENTER);
    }
    cmark_iter_free(walk);
    cmark_node_free(tree);
    talloc_free(printing.ctx);
}

/* html-seen.c - leaves out what nobody is shown */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mime/html-seen.h"
#include "util/str.h"

enum { NAME_MOST = 16, STYLE_MOST = 2000 };
enum skip_why { SKIP_NOTHING, SKIP_ELEMENT, SKIP_FOREIGN, SKIP_HIDDEN };

struct html_seen {
    struct html_tokens *tokens;
    size_t remote;
    enum skip_why why;
    char name[NAME_MOST + 1];   /* of the element that is left out */
    size_t same;                /* elements of its name that are open in it */
    size_t level;               /* all that are open in it */
};

/* ---- names ---- */

static int
compare_names(const void *a, const void *b)
{
    return strcmp(a, *(const char *const *)b);
}

#define IS_ONE_OF(name, table) (bsearch((name), (table), COUNT_OF(table), sizeof((table)[0]), compare_names) != NULL)

bool
html_is_void(const char *element)
{
    static const char *const names[] = {"area", "base", "basefont", "bgsound", "br",   "col",   "embed",  "frame", "hr",
                                        "img",  "input", "keygen",  "link",    "meta", "param", "source", "track", "wbr"};

    return IS_ONE_OF(element, names);
}

/* Left out with what they hold, however they look. */
static enum skip_why
skip_by_name(const char *name)
{
    static const char *const elements[] = {"iframe", "noembed", "noframes", "script", "style", "template", "title", "xml"};

    if (IS_ONE_OF(name, elements))
        return SKIP_ELEMENT;
    return str_eq(name, "svg") || str_eq(name, "math") ? SKIP_FOREIGN : SKIP_NOTHING;
}

/* A start tag that cannot stand in svg or math: browsers end them there (WHATWG HTML 13.2.6.5). */
static bool
ends_foreign(const char *name)
{
    static const char *const names[] = {
        "b",  "big",  "blockquote", "body", "br",   "center",  "code", "dd",   "div",  "dl",  "dt",   "em",    "embed",  "h1",     "h2",
        "h3", "h4",   "h5",         "h6",   "head", "hr",      "i",    "img",  "li",   "listing", "menu", "meta", "nobr", "ol",   "p",
        "pre", "ruby", "s",         "small", "span", "strike", "strong", "sub", "sup", "table", "tt",  "u",    "ul",     "var"};

    return IS_ONE_OF(name, names);
}

/* Its end tag may be left out: the next of its kind ends it. */
static bool
ends_by_itself(const char *name)
{
    static const char *const names[] = {"dd", "dt", "li", "option", "p", "td", "th", "tr"};

    return IS_ONE_OF(name, names);
}

/* Its end ends whatever is open in it. */
static bool
is_surrounding(const char *name)
{
    static const char *const names[] = {"blockquote", "body", "div", "html", "ol", "table", "tbody", "td", "th", "tr", "ul"};

    return IS_ONE_OF(name, names);
}

/* ---- what is hidden, what is elsewhere ---- */

/* ";display:none;color:red;" of "Display : none; color: red" */
static void
squeeze_style(const char *style, char squeezed[STYLE_MOST + 3])
{
    char *to = squeezed;

    *to++ = ';';
    for (; *style != '\0' && to < squeezed + STYLE_MOST; style++)
        if ((unsigned char)*style > 0x20)
            *to++ = (char)(*style >= 'A' && *style <= 'Z' ? *style + 32 : *style);
    *to++ = ';';
    *to = '\0';
}

static bool
style_says(const char *squeezed, const char *declaration)
{
    size_t len = strlen(declaration);

    for (const char *at = squeezed; (at = strstr(at, declaration)) != NULL; at++)
        if (at[-1] == ';' && (at[len] == ';' || at[len] == '!'))
            return true;
    return false;
}

static bool
is_hidden(const struct html_token *token)
{
    const char *style = html_attribute(token, "style");
    char squeezed[STYLE_MOST + 3];

    if (str_eq(token->text, "body") || str_eq(token->text, "html"))
        return false;
    if (html_attribute(token, "hidden") != NULL)
        return true;
    if (style == NULL)
        return false;
    squeeze_style(style, squeezed);
    return style_says(squeezed, "display:none") || style_says(squeezed, "visibility:hidden") || style_says(squeezed, "opacity:0") ||
        (style_says(squeezed, "overflow:hidden") && (style_says(squeezed, "max-height:0") || style_says(squeezed, "max-height:0px")));
}

static bool
is_elsewhere(const char *url)
{
    while (*url != '\0' && (unsigned char)*url <= 0x20)
        url++;
    return str_starts_nocase(url, "http:") || str_starts_nocase(url, "https:") || str_starts_nocase(url, "ftp:") || str_starts(url, "//") ||
        str_starts(url, "\\\\");
}

static size_t
count_remote(const struct html_token *token)
{
    static const char *const names[] = {"background", "data", "dynsrc", "lowsrc", "poster", "src", "srcset", "style"};
    bool loads_href = str_eq(token->text, "link") || str_eq(token->text, "image") || str_eq(token->text, "use");
    size_t count = 0;

    for (size_t i = 0; i < token->attribute_count; i++) {
        const char *name = token->attributes[i].name, *value = token->attributes[i].value;

        if (str_eq(name, "style"))
            count += strcasestr(value, "url(") != NULL;
        else if (IS_ONE_OF(name, names) || (loads_href && (str_eq(name, "href") || str_eq(name, "xlink:href"))))
            count += is_elsewhere(value);
    }
    return count;
}

/* A style sheet in the mail: it counts once if it fetches anything. */
static size_t
count_in_style(const struct html_token *token)
{
    return strcasestr(token->text, "@import") != NULL || strcasestr(token->text, "url(") != NULL;
}

/* ---- leaving out ---- */

static void
begin_skip(struct html_seen *seen, enum skip_why why, const struct html_token *token)
{
    if (html_is_void(token->text) || (why == SKIP_FOREIGN && token->is_self_closing) || token->len > NAME_MOST)
        return;
    seen->why = why;
    seen->same = seen->level = 0;
    memcpy(seen->name, token->text, token->len + 1);
    html_tokens_set_foreign(seen->tokens, why == SKIP_FOREIGN);
    if (why != SKIP_FOREIGN)
        html_tokens_enter(seen->tokens, token->text);
}

static void
end_skip(struct html_seen *seen)
{
    seen->why = SKIP_NOTHING;
    html_tokens_set_foreign(seen->tokens, false);
}

/* A start tag in what is left out; true: it ends that and counts itself. */
static bool
start_in_skip(struct html_seen *seen, const struct html_token *token)
{
    bool is_same = str_eq(token->text, seen->name);

    if ((seen->why == SKIP_FOREIGN && ends_foreign(token->text)) ||
        (seen->why == SKIP_HIDDEN && is_same && seen->level == 0 && ends_by_itself(seen->name))) {
        end_skip(seen);
        return true;
    }
    if (html_is_void(token->text) || (seen->why == SKIP_FOREIGN && token->is_self_closing))
        return false;
    seen->level++;
    seen->same += is_same;
    if (seen->why != SKIP_FOREIGN)
        html_tokens_enter(seen->tokens, token->text);
    return false;
}

/* Likewise for an end tag. */
static bool
end_in_skip(struct html_seen *seen, const struct html_token *token)
{
    if (str_eq(token->text, seen->name)) {
        if (seen->same == 0) {
            end_skip(seen);
            return false;
        }
        seen->same--;
    } else if (seen->why == SKIP_HIDDEN && seen->level == 0 && is_surrounding(token->text)) {
        end_skip(seen);
        return true;
    }
    seen->level -= seen->level > 0;
    return false;
}

static bool
is_left_out(struct html_seen *seen, const struct html_token *token)
{
    switch (token->kind) {
    case HTML_START:
        return !start_in_skip(seen, token);
    case HTML_END:
        return !end_in_skip(seen, token);
    case HTML_TEXT:
        if (str_eq(seen->name, "style"))
            seen->remote += count_in_style(token);
        return true;
    case HTML_COMMENT:
    case HTML_DOCTYPE:
        break;
    }
    return true;
}

bool
html_seen_next(struct html_seen *seen, struct html_token *token_r)
{
    while (html_tokens_next(seen->tokens, token_r)) {
        enum skip_why why;

        if (token_r->kind == HTML_START)
            seen->remote += count_remote(token_r);
        if (token_r->kind == HTML_COMMENT || token_r->kind == HTML_DOCTYPE ||
            (seen->why != SKIP_NOTHING && is_left_out(seen, token_r)))
            continue;
        if (token_r->kind != HTML_START)
            return true;
        why = skip_by_name(token_r->text);
        if (why == SKIP_NOTHING && is_hidden(token_r))
            why = SKIP_HIDDEN;
        if (why != SKIP_NOTHING) {
            begin_skip(seen, why, token_r);
            continue;
        }
        html_tokens_enter(seen->tokens, token_r->text);
        return true;
    }
    return false;
}

struct html_seen *
html_seen_new(TALLOC_CTX *ctx, const char *html, size_t len)
{
    struct html_seen *seen = mem_new(ctx, struct html_seen);

    seen->tokens = html_tokens_new(seen, html, len);
    return seen;
}

size_t
html_seen_remote(const struct html_seen *seen)
{
    return seen->remote;
}

size_t
html_seen_steps(const struct html_seen *seen)
{
    return html_tokens_steps(seen->tokens);
}

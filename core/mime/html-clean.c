/* html-clean.c - listed elements and attributes, written anew and closed in order */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mime/html-check.h"
#include "mime/html-clean.h"
#include "mime/html-seen.h"

/* ---- what may be written ---- */

/* INLINE ends nothing. BLOCK ends an open paragraph. The others end what their kind leaves open, and are a wall for end tags within. */
enum kind { KIND_INLINE, KIND_BLOCK, KIND_ITEM, KIND_TERM, KIND_TABLE, KIND_SECTION, KIND_ROW, KIND_CELL, KIND_CAPTION, KIND_LINK };

struct element { const char *name; enum kind kind; };

static const struct element elements[] = {
    {"a", KIND_LINK},         {"abbr", KIND_INLINE},    {"address", KIND_BLOCK},    {"article", KIND_BLOCK},  {"aside", KIND_BLOCK},
    {"b", KIND_INLINE},       {"bdi", KIND_INLINE},     {"bdo", KIND_INLINE},       {"big", KIND_INLINE},     {"blockquote", KIND_BLOCK},
    {"br", KIND_INLINE},      {"caption", KIND_CAPTION}, {"center", KIND_BLOCK},    {"cite", KIND_INLINE},    {"code", KIND_INLINE},
    {"col", KIND_INLINE},        {"colgroup", KIND_CAPTION}, {"dd", KIND_TERM},        {"del", KIND_INLINE},     {"dfn", KIND_INLINE},
    {"div", KIND_BLOCK},      {"dl", KIND_BLOCK},       {"dt", KIND_TERM},          {"em", KIND_INLINE},      {"figcaption", KIND_BLOCK},
    {"figure", KIND_BLOCK},   {"font", KIND_INLINE},    {"footer", KIND_BLOCK},     {"h1", KIND_BLOCK},       {"h2", KIND_BLOCK},
    {"h3", KIND_BLOCK},       {"h4", KIND_BLOCK},       {"h5", KIND_BLOCK},         {"h6", KIND_BLOCK},       {"header", KIND_BLOCK},
    {"hr", KIND_BLOCK},       {"i", KIND_INLINE},       {"img", KIND_INLINE},       {"ins", KIND_INLINE},     {"kbd", KIND_INLINE},
    {"li", KIND_ITEM},        {"main", KIND_BLOCK},     {"mark", KIND_INLINE},      {"nav", KIND_BLOCK},      {"ol", KIND_BLOCK},
    {"p", KIND_BLOCK},        {"pre", KIND_BLOCK},      {"q", KIND_INLINE},         {"rp", KIND_INLINE},      {"rt", KIND_INLINE},
    {"ruby", KIND_INLINE},    {"s", KIND_INLINE},       {"samp", KIND_INLINE},      {"section", KIND_BLOCK},  {"small", KIND_INLINE},
    {"span", KIND_INLINE},    {"strike", KIND_INLINE},  {"strong", KIND_INLINE},    {"sub", KIND_INLINE},     {"sup", KIND_INLINE},
    {"table", KIND_TABLE},    {"tbody", KIND_SECTION},  {"td", KIND_CELL},          {"tfoot", KIND_SECTION},  {"th", KIND_CELL},
    {"thead", KIND_SECTION},  {"time", KIND_INLINE},    {"tr", KIND_ROW},           {"tt", KIND_INLINE},      {"u", KIND_INLINE},
    {"ul", KIND_BLOCK},       {"var", KIND_INLINE},     {"wbr", KIND_INLINE},
};

/* On which elements (NULL: all) an attribute may stand, and how its value is checked. href and src have rules of their own. */
static const struct { const char *name, *elements; enum html_check check; } attributes[] = {
    {"align", " caption col colgroup div h1 h2 h3 h4 h5 h6 hr img p table tbody td tfoot th thead tr ", HTML_CHECK_ALIGN},
    {"alt", " img ", HTML_CHECK_TEXT},
    {"bgcolor", " table tbody td tfoot th thead tr ", HTML_CHECK_COLOUR},
    {"border", " img table ", HTML_CHECK_NUMBER},
    {"cellpadding", " table ", HTML_CHECK_NUMBER},
    {"cellspacing", " table ", HTML_CHECK_NUMBER},
    {"color", " font ", HTML_CHECK_COLOUR},
    {"colspan", " td th ", HTML_CHECK_SPAN},
    {"dir", NULL, HTML_CHECK_DIRECTION},
    {"height", " img table td th tr ", HTML_CHECK_LENGTH},
    {"lang", NULL, HTML_CHECK_LANGUAGE},
    {"rowspan", " td th ", HTML_CHECK_SPAN},
    {"size", " font hr ", HTML_CHECK_SIZE},
    {"span", " col colgroup ", HTML_CHECK_SPAN},
    {"start", " ol ", HTML_CHECK_NUMBER},
    {"style", NULL, HTML_CHECK_STYLE},
    {"title", NULL, HTML_CHECK_TEXT},
    {"type", " li ol ul ", HTML_CHECK_LIST},
    {"valign", " col colgroup tbody td tfoot th thead tr ", HTML_CHECK_VALIGN},
    {"value", " li ", HTML_CHECK_NUMBER},
    {"width", " col colgroup hr img table td th ", HTML_CHECK_LENGTH},
};

static int
compare_element(const void *key, const void *row)
{
    return strcmp(key, ((const struct element *)row)->name);
}

static const struct element *
element_of(const char *name)
{
    return bsearch(name, elements, COUNT_OF(elements), sizeof(elements[0]), compare_element);
}

/* ---- writing ---- */

/* How the text before ends, for addresses that an inline tag cuts in two. */
enum carry { CARRY_NOTHING, CARRY_WORD, CARRY_AT, CARRY_DOMAIN };

struct clean {
    const struct html_clean_rules *rules;
    struct html_cleaned *result;
    struct str *out;
    struct str *run;                            /* text that no tag has interrupted yet */
    const struct element *open[HTML_DEPTH_MAX];
    size_t depth;
    size_t opened[COUNT_OF(elements)];          /* how many of each element are open */
    size_t opened_kinds[KIND_LINK + 1];         /* and of each kind */
    size_t too_deep;                            /* elements open without a tag */
    size_t pictures;                            /* bytes of `out` that are pictures */
    enum carry carry;
    TALLOC_CTX *scratch;
    size_t scratch_used;                        /* tags since it was made anew */
};

/* How many bytes at p are a control that no text should have: C0 but for tab and LF, DEL, U+0080 to U+009F. */
static size_t
control_length(const char *p, const char *end)
{
    unsigned char c = (unsigned char)*p;

    if (c < 0x20 || c == 0x7f)
        return c != '\n' && c != '\t';
    return c == 0xc2 && p + 1 < end && (p[1] & 0xe0) == 0x80 ? 2 : 0;
}

static void
add_without_controls(struct str *to, const char *text, size_t len)
{
    const char *end = text + len, *from = text;

    while (text < end) {
        size_t control = control_length(text, end);

        if (control > 0) {
            str_addn(to, from, (size_t)(text - from));
            from = text + control;
        }
        text += control > 0 ? control : 1;
    }
    str_addn(to, from, (size_t)(end - from));
}

void
html_escape(struct str *to, const char *text, size_t len)
{
    const char *end = text + len, *from = text;

    while (text < end) {
        size_t control = control_length(text, end);
        const char *instead = *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : *text == '"' ? "&quot;" : NULL;

        if (instead != NULL || control > 0) {
            str_addn(to, from, (size_t)(text - from));
            str_add(to, instead);
            from = text + (control > 0 ? control : 1);
        }
        text += control > 0 ? control : 1;
    }
    str_addn(to, from, (size_t)(end - from));
}

static bool
is_word_end(char c)
{
    return isalnum((unsigned char)c) || (c & 0x80) != 0 || (c != '\0' && strchr("._+-!#$%&'*/=?^`{|}~", c) != NULL);
}

static bool
is_domain(const char *text)
{
    return isalnum((unsigned char)*text) && text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")] == '\0';
}

/* How `text`, which stands behind `before`, ends. */
static enum carry
carry_of(const char *text, enum carry before)
{
    const char *at = strrchr(text, '@');
    size_t len = strlen(text);

    if (at != NULL && ((at > text && is_word_end(at[-1])) || (at == text && before == CARRY_WORD))) {
        if (at[1] == '\0')
            return CARRY_AT;
        if (is_domain(at + 1))
            return CARRY_DOMAIN;
    }
    if (at == NULL && (before == CARRY_AT || before == CARRY_DOMAIN) && is_domain(text))
        return CARRY_DOMAIN;
    return len > 0 && is_word_end(text[len - 1]) ? CARRY_WORD : CARRY_NOTHING;
}

/* The text as it may be seen: mask() is shown what stands before it, too, as "x", "x@" or "x@a", and that is taken off again. */
static char *
masked(struct clean *clean, TALLOC_CTX *ctx, const char *text)
{
    static const char *const before[] = {"", "x", "x@", "x@a"};
    const char *with = before[clean->carry], *alone;
    char *shown;
    size_t cut = 0;

    if (clean->rules->mask == NULL)
        return mem_strdup(ctx, text);
    if (!clean->rules->hides_addresses)
        return clean->rules->mask(ctx, text);
    shown = clean->rules->mask(ctx, mem_printf(ctx, "%s%s", with, text));
    alone = clean->rules->mask(ctx, with);
    while (alone[cut] != '\0' && alone[cut] == shown[cut])
        cut++;
    clean->carry = carry_of(text, clean->carry);
    return mem_strdup(ctx, shown + cut);
}

static bool
is_full(struct clean *clean)
{
    if (clean->out->len - clean->pictures < HTML_CLEAN_MAX)
        return false;
    clean->result->is_cut = true;
    return true;
}

static void
flush_run(struct clean *clean)
{
    TALLOC_CTX *ctx;
    char *shown;

    if (clean->run->len == 0 || is_full(clean))
        return;
    ctx = talloc_new(NULL);
    shown = masked(clean, ctx, clean->run->s);
    html_escape(clean->out, shown, strlen(shown));
    str_clear(clean->run);
    talloc_free(ctx);
}

/* Controls go before anything is masked: between "@" and a domain one would hide the address from the mask, not from the reader. */
static void
add_text(struct clean *clean, const char *text, size_t len)
{
    add_without_controls(clean->run, text, len);
}

/* What people read of an attribute. */
static const char *
shown_value(struct clean *clean, const char *value)
{
    struct str *text = str_new(clean->scratch);

    add_without_controls(text, value, strlen(value));
    return clean->rules->mask != NULL ? clean->rules->mask(clean->scratch, text->s) : text->s;
}

static void
add_attribute(struct clean *clean, const char *name, const char *value)
{
    if (value == NULL)
        return;
    str_addf(clean->out, " %s=\"", name);
    html_escape(clean->out, value, strlen(value));
    str_addc(clean->out, '"');
}

/* ---- closing ---- */

static void
close_one(struct clean *clean)
{
    const struct element *element = clean->open[--clean->depth];

    clean->opened[element - elements]--;
    clean->opened_kinds[element->kind]--;
    str_addf(clean->out, "</%s>", element->name);
    if (element->kind != KIND_INLINE && element->kind != KIND_LINK)
        clean->carry = CARRY_NOTHING;
}

static void
close_to(struct clean *clean, size_t depth)
{
    if (clean->depth > depth)
        flush_run(clean);
    while (clean->depth > depth)
        close_one(clean);
}

/* An end tag, or what a start tag ends, does not reach out of these. */
static bool
is_wall(const struct element *element, enum kind kind)
{
    if (element->kind == KIND_TABLE)
        return kind != KIND_TABLE;
    if (kind == KIND_SECTION || kind == KIND_ROW || kind == KIND_CELL || kind == KIND_CAPTION || kind == KIND_TABLE)
        return false;
    return element->kind == KIND_CELL || element->kind == KIND_CAPTION;
}

/* A list within which items end one another. */
static bool
is_list_of(const struct element *element, enum kind kind)
{
    return (kind == KIND_ITEM && (str_eq(element->name, "ul") || str_eq(element->name, "ol"))) ||
        (kind == KIND_TERM && str_eq(element->name, "dl"));
}

/* Closes the innermost open `element` (NULL: of this kind) and all in it, when it is within reach. */
static void
close_found(struct clean *clean, const struct element *element, enum kind kind)
{
    if (element != NULL ? clean->opened[element - elements] == 0 : clean->opened_kinds[kind] == 0)
        return;
    for (size_t i = clean->depth; i > 0; i--) {
        const struct element *inner = clean->open[i - 1];

        clean->result->steps++;
        if (element != NULL ? inner == element : inner->kind == kind) {
            close_to(clean, i - 1);
            return;
        }
        if (is_wall(inner, kind) || (element == NULL && is_list_of(inner, kind)))
            return;
    }
}

static void
close_paragraph(struct clean *clean)
{
    close_found(clean, element_of("p"), KIND_BLOCK);
}

/* What may stay open in a browser's eyes ends here in ours. */
static void
close_before(struct clean *clean, const struct element *element)
{
    switch (element->kind) {
    case KIND_INLINE:
        break;
    case KIND_LINK:
        close_found(clean, NULL, KIND_LINK);
        break;
    case KIND_SECTION:
    case KIND_CAPTION:
        close_found(clean, NULL, KIND_CAPTION);
        close_found(clean, NULL, KIND_CELL);
        close_found(clean, NULL, KIND_ROW);
        close_found(clean, NULL, KIND_SECTION);
        break;
    case KIND_ROW:
        close_found(clean, NULL, KIND_CAPTION);
        close_found(clean, NULL, KIND_CELL);
        close_found(clean, NULL, KIND_ROW);
        break;
    case KIND_CELL:
        close_found(clean, NULL, KIND_CAPTION);
        close_found(clean, NULL, KIND_CELL);
        break;
    case KIND_ITEM:
    case KIND_TERM:
        close_found(clean, NULL, element->kind);
        close_paragraph(clean);
        break;
    case KIND_BLOCK:
    case KIND_TABLE:
        close_paragraph(clean);
        break;
    }
}

/* ---- tags ---- */

/* Something like an address, as it is or with %40. */
static bool
holds_address(const char *url)
{
    for (const char *p = url; *p != '\0'; p++) {
        size_t sign = *p == '@' ? 1 : strncmp(p, "%40", 3) == 0 ? 3 : 0;

        if (sign > 0 && p > url && p[-1] != '/' && is_word_end(p[-1]) && isalnum((unsigned char)p[sign]))
            return true;
    }
    return false;
}

static void
add_link_attributes(struct clean *clean, const struct html_token *token)
{
    const char *href = html_attribute(token, "href"), *url = href != NULL ? html_check_url(clean->scratch, href) : NULL;

    if (url == NULL || (clean->rules->hides_addresses && holds_address(url)))
        return;
    add_attribute(clean, "href", clean->rules->mask_link != NULL ? clean->rules->mask_link(clean->scratch, url) : url);
    add_attribute(clean, "rel", "nofollow noopener noreferrer");
}

static void
add_attributes(struct clean *clean, const char *name, const struct html_token *token)
{
    const char *mark;

    if (token->attribute_count == 0)
        return;
    mark = mem_printf(clean->scratch, " %s ", name);
    for (size_t i = 0; i < COUNT_OF(attributes); i++) {
        const char *value = html_attribute(token, attributes[i].name);

        clean->result->steps++;
        if (value == NULL || (attributes[i].elements != NULL && strstr(attributes[i].elements, mark) == NULL))
            continue;
        value = html_check(clean->scratch, attributes[i].check, value);
        if (value != NULL && attributes[i].check == HTML_CHECK_TEXT)
            value = shown_value(clean, value);
        add_attribute(clean, attributes[i].name, value);
    }
}

/* The address of a picture that is in the message; NULL for all others. */
static const char *
picture_of(struct clean *clean, const char *src)
{
    const char *id = src != NULL ? html_content_id(clean->scratch, src) : NULL;
    const char *found = id != NULL && clean->rules->picture != NULL ? clean->rules->picture(clean->rules->state, id) : NULL;

    if (id == NULL)
        return src != NULL && html_is_data_image(src) ? src : NULL;
    clean->result->missing += found == NULL;
    return found;
}

static void
add_picture(struct clean *clean, const struct html_token *token)
{
    const char *src = picture_of(clean, html_attribute(token, "src")), *alt = html_attribute(token, "alt");

    if (src != NULL) {
        flush_run(clean);
        str_add(clean->out, "<img");
        add_attribute(clean, "src", src);
        add_attributes(clean, "img", token);
        str_addc(clean->out, '>');
        clean->pictures += strlen(src);
    } else if (alt != NULL && alt[strspn(alt, " \t\r\n")] != '\0') {
        add_text(clean, "[", 1);
        add_text(clean, alt, strlen(alt));
        add_text(clean, "]", 1);
    }
}

/* Values of attributes are made in a scratch place that does not grow with the document. */
static void
renew_scratch(struct clean *clean)
{
    if (++clean->scratch_used < 100)
        return;
    talloc_free(clean->scratch);
    clean->scratch = talloc_new(NULL);
    clean->scratch_used = 0;
}

static void
start_tag(struct clean *clean, const struct html_token *token)
{
    const struct element *element = element_of(str_eq(token->text, "image") ? "img" : token->text);
    bool is_void;

    if (element == NULL)
        return;
    renew_scratch(clean);
    if (str_eq(element->name, "img")) {
        add_picture(clean, token);
        return;
    }
    is_void = html_is_void(element->name);
    close_before(clean, element);
    if (!is_void && (clean->depth == HTML_DEPTH_MAX || clean->too_deep > 0)) {
        clean->too_deep++;
        return;
    }
    flush_run(clean);
    str_addf(clean->out, "<%s", element->name);
    if (element->kind == KIND_LINK)
        add_link_attributes(clean, token);
    add_attributes(clean, element->name, token);
    str_addc(clean->out, '>');
    if (element->kind != KIND_INLINE && element->kind != KIND_LINK)
        clean->carry = CARRY_NOTHING;
    else if (str_eq(element->name, "br"))
        clean->carry = CARRY_NOTHING;
    if (!is_void) {
        clean->open[clean->depth++] = element;
        clean->opened[element - elements]++;
        clean->opened_kinds[element->kind]++;
    }
}

static void
end_tag(struct clean *clean, const struct html_token *token)
{
    const struct element *element = element_of(token->text);

    if (str_eq(token->text, "br")) {       /* browsers take "</br>" for "<br>" */
        flush_run(clean);
        str_add(clean->out, "<br>");
        clean->carry = CARRY_NOTHING;
    }
    if (element == NULL || html_is_void(element->name))
        return;
    if (clean->too_deep > 0)
        clean->too_deep--;
    else
        close_found(clean, element, element->kind);
}

static void
clean_all(struct clean *clean, const char *html)
{
    struct html_seen *seen = html_seen_new(clean->out, html, strlen(html));
    struct html_token token;

    while (!is_full(clean) && html_seen_next(seen, &token)) {
        if (token.kind == HTML_TEXT)
            add_text(clean, token.text, token.len);
        else if (token.kind == HTML_START)
            start_tag(clean, &token);
        else
            end_tag(clean, &token);
    }
    flush_run(clean);
    close_to(clean, 0);
    clean->result->remote = html_seen_remote(seen);
    clean->result->steps += html_seen_steps(seen);
    talloc_free(seen);
}

struct html_cleaned *
html_clean(TALLOC_CTX *ctx, const char *html, const struct html_clean_rules *rules)
{
    struct clean clean = {.rules = rules, .result = mem_new(ctx, struct html_cleaned)};

    clean.out = str_new(clean.result);
    clean.run = str_new(clean.result);
    clean.scratch = talloc_new(NULL);
    clean_all(&clean, html);
    talloc_free(clean.scratch);
    clean.result->html = clean.out->s;
    return clean.result;
}

/* view-html.c - a view as HTML with marks */
#include <ctype.h>
#include <string.h>

#include "mime/mask.h"
#include "mime/view-html-private.h"
#include "mime/view-html.h"
#include "mime/view-markdown.h"
#include "util/str.h"

struct page {
    struct str *out;
    size_t most;
    bool is_cut;
};

/* ---- text ---- */

static const char *
escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\n':
        return "<br>";
    default:
        return NULL;
    }
}

static void
add_escaped(struct str *out, const char *text, size_t len)
{
    size_t from = 0;

    for (size_t i = 0; i < len; i++) {
        const char *escape = escape_of(text[i]);

        if (escape == NULL)
            continue;
        str_addn(out, text + from, i - from);
        str_add(out, escape);
        from = i + 1;
    }
    str_addn(out, text + from, len - from);
}

static void
add_word(struct str *out, const char *word)
{
    str_addf(out, "\x06%s\x02", word);
}

/* ---- addresses ---- */

static bool
is_plain_letter(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("._+-", c) != NULL);
}

static bool
is_other_letter(char c)
{
    return (c & 0x80) != 0 || (c != '\0' && strchr("!#$%&'*/=?^`{|}~", c) != NULL);
}

/* How many letters before text[at], an "@", are a local part that needs no escaping anywhere; 0 when it is not all of such letters. */
static size_t
plain_local(const char *text, size_t from, size_t at)
{
    size_t start = at;

    while (start > from && is_plain_letter(text[start - 1]))
        start--;
    while (start < at && text[start] == '.')
        start++;
    return start > from && is_other_letter(text[start - 1]) && (text[start - 1] & 0x80) == 0 ? 0 : at - start;
}

static bool
is_plain_domain(const char *domain, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((domain[i] & 0x80) != 0)
            return false;
    return memchr(domain, '.', len) != NULL;
}

void
view_html_add_hidden(struct str *out, const char *text, size_t len)
{
    str_addc(out, '\x0e');
    add_escaped(out, text, len);
    str_addc(out, '\x0f');
}

/* Text between links: escaped, and with marks around addresses: as links to write to where they may be linked. */
static void
add_plain(struct str *out, const char *text, size_t start, size_t end, bool links)
{
    size_t from = start;

    for (size_t at = start; at < end; at++) {
        size_t len = text[at] == '@' ? mask_domain(text, at) : 0, local;

        if (len == 0)
            continue;
        if (at + 1 + len > end)
            len = end - at - 1;
        local = links ? plain_local(text, from, at) : 0;
        if (local > 0 && is_plain_domain(text + at + 1, len)) {
            add_escaped(out, text + from, at - local - from);
            str_addf(out, "\x03%.*s\x04%.*s\x05", (int)local, text + at - local, (int)len, text + at + 1);
        } else {
            add_escaped(out, text + from, at + 1 - from);
            view_html_add_hidden(out, text + at + 1, len);
        }
        from = at + 1 + len;
        at = from - 1;
    }
    add_escaped(out, text + from, end - from);
}

void
view_html_add_unlinked(struct str *out, const char *text, size_t from, size_t len)
{
    add_plain(out, text, from, len, false);
}

/* ---- links ---- */

static bool
is_url_letter(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("-._~:/?#[]@!$&'()*+,;=%{}", c) != NULL);
}

/* The length of what begins an address of a page at s: "https://", "http://", or nothing before "www.". */
static bool
begins_url(const char *s, char before, size_t *scheme_r)
{
    if (str_starts_nocase(s, "https://") || str_starts_nocase(s, "http://")) {
        *scheme_r = s[4] == ':' ? 7 : 8;
        return isalnum((unsigned char)s[*scheme_r]);
    }
    *scheme_r = 0;
    return str_starts_nocase(s, "www.") && isalnum((unsigned char)s[4]) && !is_plain_letter(before) && before != '@' && before != '/' &&
           s[4 + strcspn(s + 4, ". \t\n/<>@")] == '.';
}

/* Letters of a host. Those of Latin, Greek and Cyrillic beyond ASCII count when more of the host follows; Japanese text may follow a
 * host without a blank. */
static size_t
host_length(const char *s, size_t len)
{
    for (;;) {
        size_t wide = len;

        while (isalnum((unsigned char)s[len]) || s[len] == '.' || s[len] == '-')
            len++;
        for (wide = len; (unsigned char)s[wide] >= 0xc3 && (unsigned char)s[wide] <= 0xd4; wide += 2)
            ;
        if (wide == len || !(isalnum((unsigned char)s[wide]) || s[wide] == '-' || (s[wide] == '.' && isalnum((unsigned char)s[wide + 1]))))
            return len;
        len = wide;
    }
}

/* Full stops and brackets that belong to the sentence stay outside. */
static size_t
url_length(const char *s, size_t scheme)
{
    static const char opening[] = "([{", closing[] = ")]}";
    ptrdiff_t more[3] = {0};        /* of closing brackets more than of opening ones */
    size_t len = host_length(s, scheme);

    for (size_t i = scheme; i < len || is_url_letter(s[i]); i++) {
        for (int k = 0; k < 3; k++)
            more[k] += (s[i] == closing[k]) - (s[i] == opening[k]);
        len = i + 1 > len ? i + 1 : len;
    }
    for (; len > scheme; len--) {
        char last = s[len - 1];
        const char *close = strchr(closing, last), *open = strchr(opening, last);

        if (close != NULL ? more[close - closing] <= 0 : open == NULL && strchr(".,;:!?'*", last) == NULL)
            break;
        if (close != NULL)
            more[close - closing]--;
        if (open != NULL)
            more[open - opening]++;
    }
    return len;
}

/* Behind "@" or "%40" in a URL somebody's domain may stand; what is before a "/" or "=" is not of the local part. */
static size_t
hidden_in_url(const char *url, size_t at, size_t *mark_r)
{
    bool escaped = str_starts(url + at, "%40");
    size_t end;

    *mark_r = escaped ? 3 : 1;
    if ((!escaped && url[at] != '@') || at == 0 || strchr("/=?&#:;,@", url[at - 1]) != NULL)
        return 0;
    for (end = at + *mark_r; isalnum((unsigned char)url[end]) || (strchr(".-", url[end]) != NULL && url[end] != '\0' &&
                                                                 isalnum((unsigned char)url[end + 1])); end++)
        ;
    return end - at - *mark_r;
}

void
view_html_add_url(struct str *out, const char *url, size_t len)
{
    size_t from = 0;

    for (size_t at = 0; at < len; at++) {
        size_t mark, hidden = url[at] == '@' || url[at] == '%' ? hidden_in_url(url, at, &mark) : 0;

        if (hidden == 0)
            continue;
        if (at + mark + hidden > len)
            hidden = len - at - mark;
        add_escaped(out, url + from, at + mark - from);
        view_html_add_hidden(out, url + at + mark, hidden);
        from = at + mark + hidden;
        at = from - 1;
    }
    add_escaped(out, url + from, len - from);
}

static void
add_link(struct str *out, const char *url, size_t len, size_t scheme)
{
    str_add(out, scheme > 0 ? "<a href=\"" : "<a href=\"http://");
    view_html_add_url(out, url, len);
    str_add(out, "\" rel=\"nofollow noopener\">");
    view_html_add_url(out, url, len);
    str_add(out, "</a>");
}

void
view_html_add(struct str *out, const char *text, size_t from, size_t len)
{
    for (size_t i = from; i < len;) {
        size_t scheme = 0, url = 0;

        if ((text[i] | 0x20) == 'h' || (text[i] | 0x20) == 'w')
            url = begins_url(text + i, i > 0 ? text[i - 1] : ' ', &scheme) ? url_length(text + i, scheme) : 0;
        if (i + url > len)      /* it goes on behind the end, as all do that begin within it */
            break;
        if (url <= scheme) {
            i++;
            continue;
        }
        add_plain(out, text, from, i, true);
        add_link(out, text + i, url, scheme);
        from = i += url;
    }
    add_plain(out, text, from, len, true);
}

static void
add_text(struct str *out, const char *text, size_t len)
{
    view_html_add(out, text, 0, len);
}

/* ---- blocks ---- */

static const char *
armor_word(const char *text)
{
    static const struct { const char *begin, *word; } words[] = {
        {"-----BEGIN PGP SIGNATURE", "armor_signature"},
        {"-----BEGIN PGP MESSAGE", "armor_message"},
        {"-----BEGIN PGP PUBLIC KEY", "armor_key"},
    };

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_starts(text, words[i].begin))
            return words[i].word;
    return "armor";
}

/* What of a text has room; cut at a line end where there is one. */
static size_t
fitting(struct page *page, const char *text)
{
    size_t room = page->most > page->out->len ? page->most - page->out->len : 0, len = strnlen(text, room), line;

    if (text[len] == '\0')
        return len;
    page->is_cut = true;
    for (line = len; line > 0 && text[line - 1] != '\n'; line--)
        ;
    while (line == 0 && len > 0 && (text[len] & 0xc0) == 0x80)
        len--;
    return line > 0 ? line - 1 : len;
}

static const struct { const char *before, *after; } around[] = {
    [VIEW_TEXT] = {"<div class=\"text\">", "</div>\n"},
    [VIEW_QUOTE] = {"<div class=\"quote\"><div class=\"text\">", "</div></div>\n"},
    [VIEW_SIGNATURE] = {"<div class=\"text muted small\">", "</div>\n"},
    [VIEW_ARMOR] = {"<details class=\"quote\"><summary>", "</div></details>\n"},
};

static void
add_block(struct page *page, const struct view_block *block)
{
    size_t len = fitting(page, block->text);
    struct str *out = page->out;

    if (len == 0)
        return;
    if (block->is_fixed)
        str_add(out, "<div class=\"text fixed\" tabindex=\"0\">");
    else if (block->is_folded)
        str_addf(out, "<details class=\"quote\"><summary>\x01%zu\x02</summary><div class=\"text\">", block->lines);
    else
        str_add(out, around[block->kind].before);
    if (block->kind == VIEW_ARMOR) {
        add_word(out, armor_word(block->text));
        str_add(out, "</summary><div class=\"text fixed\" tabindex=\"0\">");
    }
    if (block->is_markdown)
        view_markdown(out, block->text, len);
    else
        add_text(out, block->text, len);
    str_add(out, block->is_folded ? "</div></details>\n" : around[block->kind].after);
}

static void add_view(struct page *page, const struct view *view);

static void
add_fact(struct str *out, const char *word, const char *text)
{
    if (str_is_empty(text))
        return;
    str_add(out, "<dt>");
    add_word(out, word);
    str_add(out, "</dt><dd><bdi>");
    add_text(out, text, strlen(text));
    str_add(out, "</bdi></dd>");
}

/* ---- what is more than a text ---- */

static void
add_people(struct str *out, const struct calendar_event *event)
{
    if (event->people_count == 0)
        return;
    str_add(out, "<dt>");
    add_word(out, "people");
    str_add(out, "</dt><dd>");
    for (size_t i = 0; i < event->people_count; i++) {
        str_add(out, i > 0 ? ", <bdi>" : "<bdi>");
        add_text(out, event->people[i], strlen(event->people[i]));
        str_add(out, "</bdi>");
    }
    if (event->people_all > event->people_count) {
        str_add(out, " ");
        add_word(out, "more_people");
    }
    str_add(out, "</dd>");
}

static void
add_event(struct page *page, const struct calendar *calendar, const struct calendar_event *event)
{
    struct str *out = page->out;
    bool ended = event->is_cancelled || str_eq(calendar->method, "cancel");

    str_add(out, "<dl class=\"facts\"><dt>");
    add_word(out, ended ? "cancelled" : str_eq(calendar->method, "reply") ? "answer" : "invitation");
    str_add(out, "</dt><dd><bdi>");
    add_text(out, event->what, strlen(event->what));
    str_add(out, "</bdi></dd>");
    if (*event->when != '\0') {
        str_add(out, "<dt>");
        add_word(out, "when");
        str_add(out, "</dt><dd>");
        add_text(out, event->when, strlen(event->when));
        if (event->repeats) {
            str_add(out, ", ");
            add_word(out, "repeats");
        }
        str_add(out, "</dd>");
    }
    add_fact(out, "where", event->where);
    add_fact(out, "organizer", event->organizer);
    add_people(out, event);
    str_add(out, "</dl>\n");
}

static void
add_calendar(struct page *page, const struct calendar *calendar)
{
    for (size_t i = 0; i < calendar->count && !page->is_cut; i++) {
        add_event(page, calendar, &calendar->events[i]);
        page->is_cut = page->out->len > page->most;
    }
    if (calendar->is_cut) {
        str_add(page->out, "<p class=\"muted\">");
        add_word(page->out, "more_events");
        str_add(page->out, "</p>\n");
    }
}

/* What is attached to a forwarded message: by name, for it goes with that message. */
static void
add_inner_files(struct page *page, const struct view *view)
{
    struct str *out = page->out;

    for (size_t i = 0; i < view->part_count && !page->is_cut; i++) {
        const struct view_part *part = &view->parts[i];

        if (part->inner != NULL || part->calendar != NULL)
            continue;
        str_add(out, "<p class=\"small\">");
        add_word(out, "attached");
        str_add(out, " <bdi>");
        if (*part->name == '\0')
            add_word(out, "nameless");
        add_text(out, part->name, strlen(part->name));
        str_add(out, "</bdi> <span class=\"muted\">");
        add_text(out, part->type, strlen(part->type));
        str_add(out, "</span></p>\n");
        page->is_cut = out->len > page->most;
    }
}

static void
add_message(struct page *page, const struct view *view, bool is_open)
{
    struct str *out = page->out;

    str_add(out, is_open ? "<details class=\"quote\" open><summary>" : "<details class=\"quote\"><summary>");
    add_word(out, "forwarded");
    if (*view->head.subject != '\0') {
        str_add(out, ": <bdi>");
        add_text(out, view->head.subject, strlen(view->head.subject));
        str_add(out, "</bdi>");
    }
    str_add(out, "</summary><dl class=\"facts\">");
    add_fact(out, "from", view->head.from);
    add_fact(out, "date", view->head.date);
    str_add(out, "</dl>\n");
    add_view(page, view);
    add_inner_files(page, view);
    str_add(out, "</details>\n");
}

static void
add_view(struct page *page, const struct view *view)
{
    for (size_t i = 0; i < view->block_count && !page->is_cut; i++)
        add_block(page, &view->blocks[i]);
    if (view->is_signed) {
        str_add(page->out, "<p class=\"muted\">");
        add_word(page->out, "signed_smime");
        str_add(page->out, "</p>\n");
    }
    if (view->sealed != NULL) {
        str_add(page->out, "<p class=\"muted\">");
        add_word(page->out, str_eq(view->sealed, "pgp") ? "sealed_pgp" : "sealed_smime");
        str_add(page->out, "</p>\n");
    }
    for (size_t i = 0; i < view->part_count && !page->is_cut; i++) {
        if (view->parts[i].calendar != NULL)
            add_calendar(page, view->parts[i].calendar);
        if (view->parts[i].inner != NULL)
            add_message(page, view->parts[i].inner, view->block_count == 0);
    }
}

char *
view_html(TALLOC_CTX *ctx, const struct view *view, size_t most, bool *is_cut_r)
{
    struct page page = {str_new(NULL), most, false};
    char *html;

    add_view(&page, view);
    html = mem_strndup(ctx, page.out->s, page.out->len);
    talloc_free(page.out);
    if (is_cut_r != NULL)
        *is_cut_r = page.is_cut || view->is_cut;
    return html;
}

char *
view_html_text(TALLOC_CTX *ctx, const char *text)
{
    struct view *view = mem_new(NULL, struct view);
    char *html;

    view->blocks = view_split(view, text, &view->block_count);
    html = view_html(ctx, view, SIZE_MAX, NULL);
    talloc_free(view);
    return html;
}

/* atom.c - a feed */
#include <string.h>

#include "util/clock.h"
#include "web/atom.h"

/* Controls, and U+FFFE and U+FFFF, are no characters of XML 1.0. The length of what stands at `at` and is left out. */
static size_t
no_character(const char *at)
{
    unsigned char c = (unsigned char)*at;

    if (c < ' ' && c != '\t' && c != '\n')
        return 1;
    return strncmp(at, "\xef\xbf\xbe", 3) == 0 || strncmp(at, "\xef\xbf\xbf", 3) == 0 ? 3 : 0;
}

static void
add_escaped(struct str *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        size_t left_out = no_character(at);

        if (left_out > 0)
            at += left_out - 1;
        else if (*at == '&')
            str_add(out, "&amp;");
        else if (*at == '<')
            str_add(out, "&lt;");
        else if (*at == '>')
            str_add(out, "&gt;");
        else if (*at == '"')
            str_add(out, "&quot;");
        else
            str_addc(out, *at);
    }
}

static void
add_element(struct str *out, const char *name, const char *text)
{
    str_addf(out, "<%s>", name);
    add_escaped(out, text);
    str_addf(out, "</%s>\n", name);
}

static void
add_link(struct str *out, const char *rel, const char *type, const char *href)
{
    str_addf(out, "<link rel=\"%s\" type=\"%s\" href=\"", rel, type);
    add_escaped(out, href);
    str_add(out, "\"/>\n");
}

static void
add_time(struct str *out, const char *name, int64_t at_us)
{
    add_element(out, name, clock_iso(out, at_us));
}

/* The text as HTML: paragraphs, and lines within them. */
static char *
html_of(TALLOC_CTX *ctx, const char *text)
{
    struct str *html = str_new(ctx);
    bool is_open = false;

    while (*text != '\0') {
        size_t len = strcspn(text, "\n");

        if (len > 0) {
            str_add(html, is_open ? "<br>" : "<p>");
            add_escaped(html, mem_strndup(html, text, len));
        } else if (is_open) {
            str_add(html, "</p>");
        }
        is_open = len > 0;
        text += len + (text[len] == '\n');
    }
    if (is_open)
        str_add(html, "</p>");
    return html->s;
}

void
atom_begin(struct str *out, const struct atom_feed *feed)
{
    str_add(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                 "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:thr=\"http://purl.org/syndication/thread/1.0\" xml:lang=\"");
    add_escaped(out, feed->lang);
    str_add(out, "\">\n");
    add_element(out, "id", feed->id);
    add_element(out, "title", feed->title);
    if (!str_is_empty(feed->subtitle))
        add_element(out, "subtitle", feed->subtitle);
    add_time(out, "updated", feed->updated_us);
    add_link(out, "self", "application/atom+xml", feed->self);
    add_link(out, "alternate", "text/html", feed->page);
    str_add(out, "<generator>Kairan</generator>\n");
}

static void
add_parent(struct str *out, const struct atom_entry *entry)
{
    if (entry->parent_id == NULL)
        return;
    str_add(out, "<thr:in-reply-to ref=\"");
    add_escaped(out, entry->parent_id);
    str_add(out, "\" type=\"text/html\" href=\"");
    add_escaped(out, entry->parent_page);
    str_add(out, "\"/>\n");
}

void
atom_entry(struct str *out, const struct atom_entry *entry)
{
    str_add(out, "<entry>\n");
    add_element(out, "id", entry->id);
    add_element(out, "title", entry->title);
    add_time(out, "published", entry->published_us);
    add_time(out, "updated", entry->updated_us);
    str_add(out, "<author>");
    add_element(out, "name", entry->author);
    str_add(out, "</author>\n");
    add_link(out, "alternate", "text/html", entry->page);
    add_parent(out, entry);
    if (entry->text != NULL) {
        str_add(out, "<content type=\"html\">");
        add_escaped(out, html_of(out, entry->text));
        str_add(out, "</content>\n");
    }
    str_add(out, "</entry>\n");
}

void
atom_end(struct str *out)
{
    str_add(out, "</feed>\n");
}

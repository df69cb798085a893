/* fuzz-view.c - any message gives a view; its HTML holds nothing but our elements, and shows guests no address
 *
 * The first byte says which reader gets the rest: a message, a winmail.dat, an invitation, a text with uuencoded files, Markdown. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "mime/packed.h"
#include "mime/view-html.h"
#include "mime/view-markdown.h"
#include "mime/view-print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_text(const char *text)
{
    must(text == NULL || utf8_is_valid(text, strlen(text)));
}

static void
check_view(const struct message *message, const struct view *view)
{
    for (size_t i = 0; i < view->block_count; i++) {
        check_text(view->blocks[i].text);
        must(*view->blocks[i].text != '\0' && view->blocks[i].lines > 0);
    }
    must(view->part_count <= VIEW_PARTS_MAX);
    for (size_t i = 0; i < view->part_count; i++) {
        const struct view_part *part = &view->parts[i];
        TALLOC_CTX *ctx = talloc_new(NULL);

        check_text(part->name);
        check_text(part->type);
        check_text(part->content_id);
        check_text(part->summary);
        must(strlen(part->name) <= VIEW_NAME_MAX && strpbrk(part->name, "/\\\n\t\r") == NULL && part->name[0] != '.');
        must(message == NULL || view_part_data(ctx, message, part->part).len == part->size);
        if (part->inner != NULL)
            check_view(NULL, part->inner);
        talloc_free(ctx);
    }
    check_text(view->reaction);
    check_text(view->head.from);
    check_text(view->head.subject);
}

/* An element of ours, opened or closed. */
static bool
is_ours(const char *s)
{
    static const char *const tags[] = {"a href=\"http", "a href=\"mailto:", "/a>", "br>", "div class=\"", "/div>", "details class=\"quote\"",
                                       "/details>", "summary>", "/summary>", "dl class=\"facts\">", "/dl>", "dt>", "/dt>", "dd>", "/dd>",
                                       "bdi>", "/bdi>", "p class=\"", "/p>", "span class=\"muted\">", "/span>",
                                       "p>", "h3>", "/h3>", "ul>", "/ul>", "ol>", "ol start=\"", "/ol>", "li>", "/li>", "em>", "/em>", "strong>",
                                       "/strong>", "code>", "/code>", "hr>"};

    for (size_t i = 0; i < COUNT_OF(tags); i++)
        if (strncasecmp(s, tags[i], strlen(tags[i])) == 0)
            return true;
    return false;
}

/* Elements that the eye does not see between the letters of an address. */
static size_t
unseen_length(const char *s)
{
    static const char *const tags[] = {"<em>", "</em>", "<strong>", "</strong>", "<code>", "</code>", "<a href=\"", "</a>"};

    for (size_t i = 0; i < COUNT_OF(tags); i++)
        if (strncmp(s, tags[i], strlen(tags[i])) == 0)
            return strcspn(s, ">") + 1;
    return 0;
}

static void
check_seen(const char *html)
{
    struct str *seen = str_new(NULL);

    for (const char *s = html; *s != '\0';) {
        size_t unseen = unseen_length(s);

        if (unseen == 0)
            str_addc(seen, *s);
        s += unseen > 0 ? unseen : 1;
    }
    for (const char *s = seen->s; (s = strchr(s, '@')) != NULL; s++)
        must(s == seen->s || !isalnum((unsigned char)s[-1]) || !isalnum((unsigned char)s[1]));
    talloc_free(seen);
}

static void
check_html(const char *html, bool for_guests)
{
    check_text(html);
    if (for_guests)
        check_seen(html);
    for (const char *s = html; *s != '\0'; s++) {
        must((unsigned char)*s >= ' ' || *s == '\t' || *s == '\n');
        must(*s != '<' || is_ours(s + 1));
        must(*s != '@' || !for_guests || s == html || !isalnum((unsigned char)s[-1]) || !isalnum((unsigned char)s[1]));
    }
}

static void
check_printed(const char *fragment)
{
    static const struct lang *english;
    TALLOC_CTX *ctx = talloc_new(NULL);

    if (english == NULL)
        english = i18n_nth(i18n_open(NULL, "po"), 0);
    for (int guest = 0; guest < 2; guest++) {
        struct str *out = str_new(ctx);

        view_print(out, fragment, english, guest == 1);
        check_html(out->s, guest == 1);
    }
    talloc_free(ctx);
}

static void
read_message(TALLOC_CTX *ctx, struct blob bytes)
{
    struct message *message = message_parse(ctx, bytes);
    struct view *views[] = {view_of(ctx, message, 4096), view_as(ctx, message, 4096, true)};
    bool is_cut;

    for (size_t i = 0; i < COUNT_OF(views); i++) {
        check_view(message, views[i]);
        check_text(views[i]->text);
        check_printed(view_html(ctx, views[i], 1 << 20, &is_cut));
        view_html(ctx, views[i], 100, NULL);
    }
}

static void
read_markdown(TALLOC_CTX *ctx, struct blob bytes)
{
    char *text = utf8_clean(ctx, bytes.data, bytes.len);
    struct str *out = str_new(ctx);

    if (strlen(text) > MARKDOWN_MOST)
        return;
    view_markdown(out, text, strlen(text));
    check_printed(out->s);
}

static void
read_packed(const struct packed *packed)
{
    must(packed->count <= PACKED_MAX);
    check_text(packed->text);
    for (size_t i = 0; i < packed->count; i++) {
        check_text(packed->files[i].name);
        check_text(packed->files[i].type);
        check_text(packed->files[i].content_id);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct blob rest = {data + 1, len - 1};

    if (len > 0)
        switch (data[0]) {
        case 'T':
            read_packed(packed_tnef(ctx, rest));
            break;
        case 'C':
            calendar_read(ctx, NULL, rest);
            break;
        case 'U':
            read_packed(packed_uu(ctx, rest, str_new(ctx)));
            break;
        case 'M':
            read_markdown(ctx, rest);
            break;
        default:
            read_message(ctx, rest);
            break;
        }
    talloc_free(ctx);
    return 0;
}

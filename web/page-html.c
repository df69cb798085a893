/* page-html.c - the HTML of a message, cleaned, as a document of its own
 *
 * The message's page shows it in a frame when somebody asks. Its own headers (POLICY_MAIL) would stop what the cleaner let through:
 * no script, nothing from elsewhere, no origin of ours. So it is written here and not by a template: none of our pages is like it. */
#include <string.h>

#include "mime/html-clean.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/page.h"

/* Pictures come with the message, so more of it is read than for its text. */
enum { HTML_READ = 24 << 20 };

static const char style[] =
    "body{margin:1rem;font:1rem/1.6 system-ui,sans-serif;color:#1d1c1a;background:#fff;color-scheme:light;overflow-wrap:break-word}"
    "img{max-width:100%;height:auto}pre{white-space:pre-wrap}blockquote{margin:.5em 0;padding-left:1em;border-left:3px solid #ccc}";

static char *
mask_secrets(TALLOC_CTX *ctx, const char *text)
{
    char *copy = mem_strdup(ctx, text);

    mask_tokens(copy, strlen(copy));
    return copy;
}

static char *
mask_for_guests(TALLOC_CTX *ctx, const char *text)
{
    char *copy = mask_addresses(ctx, text);

    mask_tokens(copy, strlen(copy));
    return copy;
}

static void
add_note(struct request *request, const char *sentence, size_t count)
{
    struct str *body = request->response->body;
    char *text = tr_fill(request, sentence, mem_printf(request, "%zu", count), NULL, NULL);

    str_add(body, "<p style=\"font-size:.875rem;color:#5c5952\">");
    html_escape(body, text, strlen(text));
    str_add(body, "</p>\n");
}

/* What a reader should know is not there. */
static void
add_notes(struct request *request, const struct html_cleaned *cleaned, bool is_cut)
{
    if (cleaned->remote > 0)
        add_note(request, trn(request->lang, "%1 picture or other thing from elsewhere is not loaded.",
                              "%1 pictures or other things from elsewhere are not loaded.", (int64_t)cleaned->remote), cleaned->remote);
    if (cleaned->missing > 0)
        add_note(request, trn(request->lang, "%1 picture of this message cannot be shown.", "%1 pictures of this message cannot be shown.",
                              (int64_t)cleaned->missing), cleaned->missing);
    if (cleaned->is_cut || is_cut)
        add_note(request, tr(request->lang, N_("This message is long; its beginning is shown here.")), 0);
}

static void
write_document(struct request *request, const struct row_web_html *post, const struct html_cleaned *cleaned)
{
    struct str *body = request->response->body;
    const char *subject = archive_words(request, post->subject);

    str_add(body, "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>");
    html_escape(body, subject, strlen(subject));
    str_addf(body, "</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>%s</style>\n</head>\n<body>\n", style);
    add_notes(request, cleaned, post->bytes.len < (size_t)post->size);
    str_add(body, cleaned->html);
    str_add(body, "\n</body>\n</html>\n");
}

enum status
page_html(struct request *request, struct fault *fault)
{
    bool hide = archive_hides_addresses(request);
    const struct html_clean_rules rules = {.mask = hide ? mask_for_guests : mask_secrets, .mask_link = mask_secrets, .hides_addresses = hide};
    struct html_cleaned *cleaned;
    struct row_web_html *post;
    enum status status = q_web_html(request->web->db, request, request->list->id, request_param(request, "hash"), HTML_READ, &post);

    (void)fault;
    if (status != STATUS_OK || post == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    cleaned = html_clean_message(request, message_parse(request, post->bytes), &rules);
    if (cleaned == NULL)
        return STATUS_NOT_FOUND;
    request->response->policy = POLICY_MAIL;
    write_document(request, post, cleaned);
    return STATUS_OK;
}

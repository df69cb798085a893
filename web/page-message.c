/* page-message.c - one message, as people read it and as it came */
#include <string.h>

#include "mime/part.h"
#include "util/clock.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/page.h"
#include "web/reader.h"

/* Of a message the beginning is read; what is further down is mostly attachments. */
enum { MESSAGE_READ = 8 << 20, RAW_READ = 1 << 30, TEXT_MOST = 256 * 1024 };

/* Its HTML can be asked for, and then stands in a frame. Whether there is some is known of a view that is kept. */
static void
show_html(struct request *request, const struct row_web_post *post)
{
    bool has_html = post->bytes.data == NULL ? post->has_html : message_html(message_parse(request, post->bytes)) != NULL;
    bool is_asked = has_html && request_int(request, "html", 1, 1, 0) == 1;

    out_bool(request->page, "has_html", has_html);
    out_bool(request->page, "shows_html", is_asked);
    if (is_asked)
        request->response->policy = POLICY_FRAME;
}

/* As it was written, where the list shows it otherwise: for this request it does not. */
static void
take_text(struct request *request)
{
    bool is_asked = request_int(request, "text", 1, 1, 0) == 1;

    if (is_asked && !request->list->shows_markdown)
        request_is_absurd(request);
    request->list->shows_markdown = request->list->shows_markdown && !is_asked;
    out_bool(request->page, "shows_text", is_asked);
    out_bool(request->page, "shows_markdown", request->list->shows_markdown);
}

/* A post that owners removed keeps its address, which says so. */
static enum status
show_removed(struct request *request)
{
    struct row_removal_post *removed;
    enum status status = q_removal_post(request->web->db, request, request->list->id, request_param(request, "hash"), &removed);

    if (status != STATUS_OK || removed == NULL || removed->removed == NULL || str_eq(removed->removed, "expired"))
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    out_text(request->page, "hash", request_param(request, "hash"));
    out_text(request->page, "thread_hash", removed->thread_hash);
    request->template = "message-removed";
    request->response->http = 410;
    return STATUS_OK;
}

enum status
page_message(struct request *request, struct fault *fault)
{
    struct row_web_post *post;
    struct row_web_thread_posts shown;
    struct reader_row row;
    enum status status;

    (void)fault;
    take_text(request);
    status = archive_find_post(request, MESSAGE_READ, archive_view_version(request), &post);
    if (status == STATUS_NOT_FOUND)
        return show_removed(request);
    if (status != STATUS_OK)
        return status;
    shown = (struct row_web_thread_posts){
        .id = post->id, .number = post->number, .hash = post->hash, .subject = post->subject, .from_name = post->from_name,
        .from_address = post->from_address, .written_at = post->written_at, .accepted_at = post->accepted_at,
        .parent_hash = post->parent_hash, .parent_name = post->parent_name, .parent_address = post->parent_address,
        .parent_subject = post->parent_subject, .anonymous = post->anonymous, .bytes = post->bytes, .size = post->size, .signed_by = post->signed_by,
        .body = post->body, .language = post->language, .reaction = post->reaction, .broken = post->broken,
        .is_cut = post->is_cut, .parts = post->parts};
    row = (struct reader_row){post->id, out_object(request->page, "post")};
    status = archive_show_post(request, row.out, &shown);
    out_text(request->page, "thread_hash", post->thread_hash);
    out_text(request->page, "previous_hash", post->previous_hash);
    show_html(request, post);
    out_text(request->page, "next_hash", post->next_hash);
    out_text(request->page, "month", post->month);
    return status == STATUS_OK ? reader_show_thread(request, 0, &row, 1) : status;
}

/* What a guest gets where addresses are hidden: author, date, subject and text, and a line that says so. */
static void
write_reduced(struct request *request, const struct row_web_post *post, enum reduced_why why)
{
    struct str *body = request->response->body;
    struct message *message = message_parse(request, post->bytes);
    char *text = mask_addresses(request, message_text(request, message, TEXT_MOST));

    mask_tokens(text, strlen(text));
    str_addf(body, "%s\n\n", reduced_words(request->lang, why));
    str_addf(body, "From: %s\nDate: %s\nSubject: %s\n\n%s\n", author_name(request, post->from_name, post->from_address, true),
             clock_rfc5322(request, post->written_at), mask_addresses(request, post->subject), text);
}

enum status
page_raw(struct request *request, struct fault *fault)
{
    struct row_web_post *post;
    struct str *body = request->response->body;
    bool hides = !sees_original(&request->standing);
    enum status status = archive_find_post(request, RAW_READ, 0, &post);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    request->response->content_type = "text/plain; charset=utf-8";
    if (hides || (post->anonymous && !request_may(request, RIGHT_MODERATE))) {
        write_reduced(request, post, post->anonymous ? REDUCED_ANONYMOUS : archive_reduced_why(request));
        return STATUS_OK;
    }
    request->response->content_type = "application/octet-stream";
    response_field(request->response, "Content-Disposition", mem_printf(request, "attachment; filename=\"%s.eml\"", post->hash));
    str_addn(body, post->bytes.data, post->bytes.len);
    mask_tokens(body->s, body->len);
    return STATUS_OK;
}

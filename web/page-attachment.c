/* page-attachment.c - what is attached to a message
 *
 * It comes as it was attached, piece by piece, and never as part of our site: only pictures of four kinds and plain text are shown
 * by browsers, in a sandbox of nothing; all else is a file to save. Where addresses are hidden, guests get of texts and of forwarded
 * messages the words, with the addresses cut.
 *
 * Sources: reliability-security D.8; CVE-2020-12137, CVE-2024-42008; RFC 6266, 8187. */
#include <string.h>

#include "mime/charset.h"
#include "mime/mask.h"
#include "mime/summary.h"
#include "mime/transfer.h"
#include "mime/view.h"
#include "util/clock.h"
#include "web/archive.h"
#include "web/files.h"
#include "web/page.h"

enum { READ_MOST = 64 << 20, REDUCED_MOST = 4 << 20, SLICE = 256 << 10, HELD_MOST = 64 << 10 };

struct file {
    int64_t message_id;
    const char *name, *type, *encoding;
    size_t part;
    int64_t start, end;             /* of the message's bytes; end 0: it is not there as it stands, but packed in something */
};

/* What browsers show of themselves and do no harm with. */
static const char *const shown[] = {"image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"};

/* ---- finding it ---- */

/* As it was found when the message was looked at. */
static enum status
find_kept(struct request *request, int64_t position, struct file *file_r)
{
    struct row_web_attachment *row;
    enum status status = q_web_attachment(request->web->db, request, request->list->id, request_param(request, "hash"), position, archive_view_version(request), &row);

    if (status != STATUS_OK || row == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    *file_r = (struct file){row->message_id, row->name, row->type, row->encoding, (size_t)row->part, row->body_start, row->body_end};
    return STATUS_OK;
}

/* Of a message that nobody has looked at yet. */
static enum status
find_now(struct request *request, int64_t position, struct file *file_r)
{
    struct row_web_post *post;
    struct message *message;
    struct view *view;
    const struct view_part *part;
    enum status status = archive_find_post(request, READ_MOST, 0, &post);

    if (status != STATUS_OK)
        return status;
    message = message_parse(request, post->bytes);
    view = view_of(request, message, 0);
    if ((size_t)position > view->part_count)
        return STATUS_NOT_FOUND;
    part = &view->parts[position - 1];
    *file_r = (struct file){.message_id = post->message_id, .name = part->name, .type = part->type, .part = part->part};
    file_r->encoding = view_part_range(message, part->part, &file_r->start, &file_r->end);
    return STATUS_OK;
}

/* ---- the bytes ---- */

struct sending {
    struct db *db;
    int64_t message_id, at, end;
    struct transfer_flow *flow;
    struct str *held;               /* of a text: the line that has not ended, as a link of ours may go on in the next piece */
};

static void
give_text(struct sending *sending, struct str *piece, bool is_last)
{
    struct str *held = sending->held;
    const char *lf = memrchr(held->s, '\n', held->len);
    size_t ready = is_last || held->len > HELD_MOST ? held->len : lf != NULL ? (size_t)(lf - held->s) + 1 : 0;

    mask_tokens(held->s, ready);
    str_addn(piece, held->s, ready);
    memmove(held->s, held->s + ready, held->len - ready + 1);
    held->len -= ready;
}

static enum status
more_bytes(void *state, struct str *piece, bool *end_r)
{
    struct sending *sending = state;
    struct str *out = sending->held != NULL ? sending->held : piece;
    int64_t left = sending->end - sending->at, len = left < SLICE ? left : SLICE;
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_web_message_slice *slice = NULL;
    enum status status = len > 0 ? q_web_message_slice(sending->db, ctx, sending->message_id, sending->at + 1, len, &slice) : STATUS_OK;

    if (slice != NULL)
        transfer_flow_add(sending->flow, out, slice->bytes);
    sending->at += len;
    *end_r = sending->at >= sending->end || status != STATUS_OK;
    if (*end_r)
        transfer_flow_end(sending->flow, out);
    if (sending->held != NULL)
        give_text(sending, piece, *end_r);
    talloc_free(ctx);
    return status;
}

/* A short one is sent whole, so that its length is known; of a long one a piece at a time is held. */
static enum status
send_range(struct request *request, const struct file *file, bool is_text)
{
    struct sending *sending = mem_new(request, struct sending);
    bool end = false;
    enum status status;

    *sending = (struct sending){.db = request->web->db, .message_id = file->message_id, .at = file->start, .end = file->end,
                                .flow = transfer_flow_new(sending, file->encoding)};
    if (is_text)
        sending->held = str_new(sending);
    status = more_bytes(sending, request->response->body, &end);
    if (status == STATUS_OK && !end) {
        request->response->more = more_bytes;
        request->response->state = sending;
    }
    return status;
}

/* From the whole message: what is packed, and what guests get in a reduced form. */
static enum status
read_part(struct request *request, const struct file *file, int most, struct blob *data_r, const char **charset_r)
{
    struct row_web_post *post;
    struct message *message;
    enum status status = archive_find_post(request, most, 0, &post);

    if (status != STATUS_OK)
        return status;
    message = message_parse(request, post->bytes);
    *data_r = view_part_data(request, message, file->part);
    *charset_r = file->part < message->count ? message->parts[file->part]->charset : NULL;
    return data_r->data != NULL ? STATUS_OK : STATUS_NOT_FOUND;
}

static enum status
send_file(struct request *request, const struct file *file)
{
    struct str *body = request->response->body;
    struct blob data;
    const char *charset;
    enum status status;

    if (file->end > 0)
        return send_range(request, file, str_starts(file->type, "text/"));
    status = read_part(request, file, READ_MOST, &data, &charset);
    if (status != STATUS_OK)
        return status;
    str_addn(body, data.data, data.len);
    if (str_starts(file->type, "text/"))
        mask_tokens(body->s, body->len);
    return STATUS_OK;
}

/* ---- what guests get of a text where addresses are hidden ---- */

static bool
wants_reducing(const struct request *request, const char *type)
{
    return archive_hides_addresses(request) && (str_starts(type, "text/") || str_starts(type, "message/"));
}

static const char *
words_of_message(struct request *request, struct blob data)
{
    struct message *message = message_parse(request, data);
    const struct summary *summary = summary_read(request, message);

    return mem_printf(request, "From: %s\nDate: %s\nSubject: %s\n\n%s", summary->author == NULL ? "" : summary->author->display,
                      summary->date_us != 0 ? clock_rfc5322(request, summary->date_us) : "", summary->subject, summary->text);
}

static enum status
send_reduced(struct request *request, const struct file *file)
{
    struct blob data;
    const char *charset;
    char *text;
    enum status status = read_part(request, file, REDUCED_MOST, &data, &charset);

    if (status != STATUS_OK)
        return status;
    text = mask_addresses(request, str_starts(file->type, "message/") ? words_of_message(request, data)
                                                                      : charset_to_utf8(request, charset, data));
    mask_tokens(text, strlen(text));
    str_add(request->response->body, text);
    return STATUS_OK;
}

/* ---- the answer ---- */

/* The name twice: as plain letters for old programs, and as it is. */
static void
name_file(struct request *request, const char *name, bool is_shown)
{
    char *plain = mem_strdup(request, name);

    for (char *s = plain; *s != '\0'; s++)
        if (*s == '"' || *s == '\\' || *s == '%' || (*s & 0x80) != 0)
            *s = '_';
    response_field(request->response, "Content-Disposition",
                   mem_printf(request, "%s; filename=\"%s\"; filename*=UTF-8''%s", is_shown ? "inline" : "attachment", plain,
                              url_escape(request, name)));
}

static void
show_type(struct request *request, const struct file *file, const char *name, bool is_reduced)
{
    const char *type = NULL;

    for (size_t i = 0; i < COUNT_OF(shown); i++)
        if (str_eq(shown[i], file->type))
            type = shown[i];
    request->response->content_type = type != NULL ? type : "application/octet-stream";
    if (is_reduced || (type != NULL && str_starts(type, "text/") && charset_is_utf8(str_blob(request->response->body))))
        request->response->content_type = "text/plain; charset=utf-8";
    name_file(request, name, type != NULL);
    response_field(request->response, "Content-Security-Policy", "sandbox; default-src 'none'");
}

enum status
page_attachment(struct request *request, struct fault *fault)
{
    int64_t position = 0;
    const char *name;
    struct file file;
    bool reduced;
    enum status status;

    (void)fault;
    if (!str_to_int(request_param(request, "position"), 1, VIEW_PARTS_MAX, &position))
        return STATUS_NOT_FOUND;
    status = find_kept(request, position, &file);
    if (status == STATUS_NOT_FOUND)
        status = find_now(request, position, &file);
    if (status != STATUS_OK)
        return status;
    name = file_name(request, file.name, position);
    if (!str_eq(request_param(request, "file"), name))
        return STATUS_NOT_FOUND;
    reduced = wants_reducing(request, file.type);
    status = reduced ? send_reduced(request, &file) : send_file(request, &file);
    if (status == STATUS_OK)
        show_type(request, &file, name, reduced);
    return status;
}

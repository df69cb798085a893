/* archive.c - what the pages that read the archive have in common */
#include "mime/part.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/common.h"

enum { TEXT_MOST = 256 * 1024 };

bool
archive_hides_addresses(const struct request *request)
{
    return !request->standing.is_member && !request_may(request, RIGHT_MODERATE);
}

void
archive_show_post(struct request *request, struct out *row, const struct row_web_thread_posts *post)
{
    bool hide = archive_hides_addresses(request);
    struct message *message = message_parse(row, post->bytes);

    out_text(row, "hash", post->hash);
    out_int(row, "number", post->number);
    out_text(row, "subject", post->subject);
    out_text(row, "author", author_name(row, post->from_name, post->from_address, hide));
    if (!hide)
        out_text(row, "address", post->from_address);
    out_time(row, "written_at", post->written_at);
    out_text(row, "signed_by", post->signed_by);
    out_bool(row, "is_cut", post->bytes.len < (size_t)post->size);
    if (post->parent_hash != NULL) {
        out_text(row, "parent_hash", post->parent_hash);
        out_text(row, "parent_author", author_name(row, post->parent_name, post->parent_address, hide));
    }
    body_show(row, message_text(row, message, TEXT_MOST), hide);
    attachments_show(request, row, message, post->bytes.len == (size_t)post->size);
}

enum status
archive_find_post(struct request *request, int most, struct row_web_post **post_r)
{
    enum status status = q_web_post(request->web->db, request, request->list->id, request_param(request, "hash"), most, post_r);

    return status == STATUS_OK && *post_r == NULL ? STATUS_NOT_FOUND : status;
}

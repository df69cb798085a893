/* fuzz-part.c - parts lie inside each other, one behind the other; what is said of them is clean text */
#include <string.h>

#include "mime/summary.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_part(const struct message *message, const struct part *part)
{
    size_t at = part->body_start;

    must(part->header_start <= part->body_start && part->body_start <= part->body_end);
    must(part->body_end <= message->raw.len && part->depth <= PART_DEPTH_MAX);
    must(part->parent == NULL || (part->header_start >= part->parent->body_start && part->body_end <= part->parent->body_end));
    must(utf8_is_valid(part->type, strlen(part->type)));
    must(part->file_name == NULL || utf8_is_valid(part->file_name, strlen(part->file_name)));
    for (const struct part *child = part->first; child != NULL; child = child->next) {
        must(child->header_start >= at && child->parent == part);
        at = child->body_end;
    }
    must(part->close_start == SIZE_MAX || part->close_start >= at);
}

static void
check_text(const char *text)
{
    must(text == NULL || utf8_is_valid(text, strlen(text)));
}

static void
check_summary(const struct summary *summary)
{
    check_text(summary->message_id);
    check_text(summary->subject);
    check_text(summary->in_reply_to);
    check_text(summary->list_id);
    check_text(summary->list_post);
    check_text(summary->precedence);
    check_text(summary->auto_submitted);
    check_text(summary->content_type);
    check_text(summary->text);
    must(summary->reference_count <= SUMMARY_REFERENCES_MAX);
    for (size_t i = 0; i < summary->reference_count; i++)
        check_text(summary->references[i]);
    must(summary->author == NULL || (summary->from_fields == 1 && summary->from->count == 1));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct message *message = message_parse(ctx, (struct blob){data, len});

    must(message->count >= 1 && message->count <= PART_COUNT_MAX && message->parts[0] == message->root);
    for (size_t i = 0; i < message->count; i++)
        check_part(message, message->parts[i]);
    check_summary(summary_read(ctx, message));
    talloc_free(ctx);
    return 0;
}

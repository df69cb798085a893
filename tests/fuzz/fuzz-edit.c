/* fuzz-edit.c - an edit changes what it says and no other byte
 *
 * The first byte chooses the edits, the rest is the message, in normal form. */
#include <string.h>
#include <strings.h>

#include "mime/edit.h"
#include "mime/normal.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { WITH_PREPEND = 1, WITH_SUBJECT = 2, WITH_REMOVE = 4, WITH_FOOTER = 8, WITH_LONG_LINES = 16, WITH_7BIT = 32 };

/* Takes the inserts out of the result and puts the removed bytes back: that must be the message. */
static void
check_reversible(const struct edit_list *edits, struct blob out)
{
    struct blob raw = edits->message->raw;
    size_t at = 0, in = 0;

    for (size_t i = 0; i < edits->count; i++) {
        const struct edit *edit = &edits->rows[i];
        size_t same = edit->offset - in;

        must(out.len - at >= same + edit->insert.len);
        must(memcmp(out.data + at, raw.data + in, same) == 0);
        must(edit->insert.len == 0 || memcmp(out.data + at + same, edit->insert.data, edit->insert.len) == 0);
        at += same + edit->insert.len;
        in = edit->offset + edit->remove;
    }
    must(out.len - at == raw.len - in && memcmp(out.data + at, raw.data + in, raw.len - in) == 0);
}

/* Fields that no edit names are all there, byte for byte and in their order. */
static void
check_fields(const struct message *before, struct blob out)
{
    const uint8_t *p = out.data, *end = out.data + out.len;

    for (size_t i = 0; i < before->header->count; i++) {
        const struct header_field *field = &before->header->fields[i];
        const uint8_t *at;

        if (header_field_is(field, "Subject") || header_field_is(field, "X-Remove") ||
            (field->name_len > 8 && strncasecmp((const char *)field->start, "Content-", 8) == 0))
            continue;
        at = memmem(p, (size_t)(end - p), field->start, field->len);
        must(at != NULL);
        p = at + field->len;
    }
}

/* Normal form stays normal form. */
static void
check_normal(TALLOC_CTX *ctx, struct blob out)
{
    uint64_t changed;

    normal_copy(ctx, out, &changed);
    must(changed == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    unsigned with = len > 0 ? data[0] : 0;
    struct blob raw = normal_copy(ctx, (struct blob){data + (len > 0), len - (len > 0)}, NULL), out;
    struct message *message = message_parse(ctx, raw), *after;
    struct edit_list *edits = edit_new(ctx, message);
    const char *reason = NULL;
    bool recoded = (with & (WITH_LONG_LINES | WITH_7BIT)) != 0, done = true;

    if (with & WITH_LONG_LINES)
        done = edit_long_lines(edits, &reason);
    else if (with & WITH_7BIT)
        done = edit_7bit(edits, &reason);
    else if (with & WITH_FOOTER)
        done = (with & 128 ? edit_header_text : edit_footer_text)(edits, with & 64 ? "footer\n日本\n" : "footer\n", &reason);
    must(done || (reason != NULL && edit_is_empty(edits)));
    if (with & WITH_SUBJECT)
        edit_subject_prefix(edits, with & 128 ? "[回覧 12]" : "[l 12]");
    if (with & WITH_REMOVE)
        edit_remove_fields(edits, "X-Remove");
    if (with & WITH_PREPEND)
        edit_prepend(edits, blob_of("X-First: 1\r\n"));
    out = edit_apply(ctx, edits);
    check_reversible(edits, out);
    check_normal(ctx, out);
    check_fields(message, out);
    after = message_parse(ctx, out);
    must(!(with & WITH_PREPEND) || header_field_is(&after->header->fields[0], "X-First"));
    must(!(with & WITH_REMOVE) || recoded || header_count(after->header, "X-Remove") == 0 ||
         (after->header->defects & HEADER_CUT) || message->header->defects != 0);
    if (done && (with & WITH_LONG_LINES))
        must(!edit_has_long_lines(after) || message->cut);
    else if (done && (with & WITH_7BIT))
        must(!edit_has_8bit(after) || message->cut);
    talloc_free(ctx);
    return 0;
}

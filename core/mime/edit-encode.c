/* edit-encode.c - encodings anew, for lines and bytes that a hop does not take */
#include <string.h>

#include "mime/charset.h"
#include "mime/compose.h"
#include "mime/edit-private.h"
#include "mime/transfer.h"
#include "mime/word.h"
#include "util/str.h"

enum { LINE_MAX_BYTES = 998 };

/* The stretches of a multipart that belong to no part: before the first one, behind the closing boundary. */
static bool
outside_has(const struct message *message, bool (*has)(struct blob bytes))
{
    for (size_t i = 0; i < message->count; i++) {
        const struct part *part = message->parts[i];
        size_t after = part->close_start;

        if (part->boundary == NULL || part->first == NULL)
            continue;
        if (has((struct blob){message->raw.data + part->body_start, part->first->header_start - part->body_start}))
            return true;
        if (after != SIZE_MAX && after < part->body_end &&
            has((struct blob){message->raw.data + after, part->body_end - after}))
            return true;
    }
    return false;
}

static bool
blob_has_long_line(struct blob bytes)
{
    size_t line = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        line = bytes.data[i] == '\n' ? 0 : line + 1;
        if (line > LINE_MAX_BYTES && !(line == LINE_MAX_BYTES + 1 && bytes.data[i] == '\r'))
            return true;
    }
    return false;
}

static bool
part_is_long(const struct part *part)
{
    return part_is_leaf(part) && part->longest_line > LINE_MAX_BYTES;
}

static bool
part_is_8bit(const struct part *part)
{
    return part_is_leaf(part) && part->has_8bit;
}

static bool
any_part(const struct message *message, bool (*is)(const struct part *part))
{
    for (size_t i = 0; i < message->count; i++)
        if (is(message->parts[i]))
            return true;
    return false;
}

bool
edit_has_long_lines(const struct message *message)
{
    return any_part(message, part_is_long) || outside_has(message, blob_has_long_line);
}

static bool
field_is_8bit(const struct header_field *field)
{
    return blob_has_8bit((struct blob){field->start, field->len});
}

/* A field of an inner part, which is body to those who carry the mail. */
static bool
part_has_8bit_fields(const struct part *part)
{
    for (size_t i = 0; part->parent != NULL && i < part->header->count; i++)
        if (field_is_8bit(&part->header->fields[i]))
            return true;
    return false;
}

bool
edit_has_8bit(const struct message *message)
{
    return any_part(message, part_is_8bit) || any_part(message, part_has_8bit_fields) || outside_has(message, blob_has_8bit);
}

/* What 8-bit text without a label is, is said before the bytes no longer show it. */
static void
name_charset(struct edit_list *edits, const struct part *part, struct blob data)
{
    char *field;

    if (part->header->count > 0 && header_count(part->header, "Content-Type") > 0)
        return;
    if (!blob_has_8bit(data) || strcmp(part->type, "text/plain") != 0)
        return;
    field = mem_printf(NULL, "Content-Type: text/plain; charset=%s\r\n", charset_guess(data));
    edit_append_to(edits, part, blob_of(field));
    talloc_free(field);
}

/* False, with the reason, when the encoding of this part may not be changed. */
static bool
reencode_part(struct edit_list *edits, const struct part *part, const char **reason_r)
{
    TALLOC_CTX *scratch;
    struct blob data;

    *reason_r = NULL;
    if (part_is_signed(part))
        *reason_r = N_("The part belongs to a signed or encrypted message.");
    else if (part_is_multipart(part) || (str_starts(part->type, "message/") && transfer_is_identity(part->cte)))
        *reason_r = N_("A part of this type may not be encoded.");
    else if (!transfer_is_identity(part->cte) && strcmp(part->cte, "base64") != 0 &&
             strcmp(part->cte, "quoted-printable") != 0)
        *reason_r = N_("The part has an encoding of its own.");
    if (*reason_r != NULL)
        return false;
    scratch = talloc_new(NULL);
    data = part_data(scratch, edits->message, part);
    name_charset(edits, part, data);
    if (!transfer_is_identity(part->cte))
        edit_reencode(edits, part, part->cte, data);
    else
        edit_reencode(edits, part, str_starts(part->type, "text/") ? "quoted-printable" : "base64", data);
    talloc_free(scratch);
    return true;
}

/* Re-encodes every part that `is` so; all of them or none. */
static bool
reencode_parts(struct edit_list *edits, bool (*is)(const struct part *part), const char **reason_r)
{
    const struct message *message = edits->message;
    struct edit_list before = *edits;

    for (size_t i = 0; i < message->count; i++)
        if (is(message->parts[i]) && !reencode_part(edits, message->parts[i], reason_r)) {
            edits->count = before.count;
            edits->versioned = before.versioned;
            return false;
        }
    return true;
}

bool
edit_long_lines(struct edit_list *edits, const char **reason_r)
{
    if (outside_has(edits->message, blob_has_long_line)) {
        *reason_r = N_("A line outside the parts is too long.");
        return false;
    }
    return reencode_parts(edits, part_is_long, reason_r);
}

/* Nothing above 127 is left, so that "8bit" and "binary" are said no longer. */
static void
rename_encodings(struct edit_list *edits)
{
    const struct message *message = edits->message;

    for (size_t i = 0; i < message->count; i++) {
        const struct part *part = message->parts[i];

        if ((strcmp(part->cte, "8bit") == 0 || strcmp(part->cte, "binary") == 0) && !part_is_8bit(part) &&
            !part_is_signed(part->parent))
            edit_set_encoding(edits, part, "7bit");
    }
}

/* edit_set_encoding() may have been here before. */
static bool
is_replaced(const struct edit_list *edits, const struct header_field *field)
{
    for (size_t i = 0; i < edits->count; i++)
        if (edits->rows[i].offset == edit_offset_of(edits, field->start) && edits->rows[i].remove > 0)
            return true;
    return false;
}

/* A raw file name, a forwarded subject: written anew as encoded words and parameters. One whose name is too long to be written
 * is left out. */
static void
rewrite_field(struct edit_list *edits, const struct part *part, const struct header_field *field)
{
    struct str *out = str_new(NULL);
    char *name = mem_strndup(out, (const char *)field->start, field->name_len);

    if (str_eq_nocase(name, "Content-Transfer-Encoding"))
        compose_structured(out, name, transfer_is_identity(part->cte) ? "7bit" : part->cte);
    else if (str_eq_nocase(name, "Content-Type") || str_eq_nocase(name, "Content-Disposition"))
        compose_params(out, name, params_parse(out, header_raw(field)));
    else
        compose_field(out, name, word_decode(out, header_raw(field)));
    if (!is_replaced(edits, field))
        edit_replace_field(edits, field, str_blob(out));
    talloc_free(out);
}

static void
rewrite_fields(struct edit_list *edits)
{
    const struct message *message = edits->message;

    for (size_t i = 1; i < message->count; i++)
        for (size_t k = 0; k < message->parts[i]->header->count; k++)
            if (field_is_8bit(&message->parts[i]->header->fields[k]))
                rewrite_field(edits, message->parts[i], &message->parts[i]->header->fields[k]);
}

/* Fields that may not be written anew: somebody signed them, or they are too long to be read whole. */
static bool
part_has_fixed_8bit_fields(const struct part *part)
{
    return part_has_8bit_fields(part) &&
           (part_is_signed(part) || (part->header->defects & (HEADER_CUT | HEADER_VALUE_CUT)) != 0);
}

bool
edit_7bit(struct edit_list *edits, const char **reason_r)
{
    if (outside_has(edits->message, blob_has_8bit) || any_part(edits->message, part_has_fixed_8bit_fields)) {
        *reason_r = N_("Text outside the parts is not ASCII.");
        return false;
    }
    if (!reencode_parts(edits, part_is_8bit, reason_r))
        return false;
    rename_encodings(edits);
    rewrite_fields(edits);
    return true;
}

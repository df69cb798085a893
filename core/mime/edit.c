/* edit.c - lists of replaced ranges, and how fields, contents and footers become such */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mime/charset.h"
#include "mime/compose.h"
#include "mime/edit-private.h"
#include "mime/normal.h"
#include "mime/transfer.h"
#include "util/crypto.h"
#include "util/str.h"

struct edit_list *
edit_new(TALLOC_CTX *ctx, const struct message *message)
{
    struct edit_list *edits = mem_new(ctx, struct edit_list);

    edits->message = message;
    edits->versioned = header_count(message->header, "MIME-Version") > 0;
    return edits;
}

bool
edit_is_empty(const struct edit_list *edits)
{
    return edits->count == 0;
}

void
edit_add_range(struct edit_list *edits, unsigned order, size_t offset, size_t remove, struct blob insert)
{
    if ((edits->count & (edits->count - 1)) == 0)
        edits->rows = mem_resize(edits, edits->rows, struct edit, edits->count == 0 ? 1 : edits->count * 2);
    edits->rows[edits->count] = (struct edit){
        .offset = offset,
        .remove = remove,
        .insert = insert.len > 0 ? blob_copy(edits, insert.data, insert.len) : insert,
        .order = order == ORDER_PREPEND ? ORDER_PREPEND - (unsigned)edits->count : order + (unsigned)edits->count,
    };
    edits->count++;
}

size_t
edit_offset_of(const struct edit_list *edits, const uint8_t *p)
{
    return (size_t)(p - edits->message->raw.data);
}

/* Length of the empty line that ends the part's header; 0 when it has none. */
static size_t
blank_line_len(const struct edit_list *edits, const struct part *part)
{
    const uint8_t *raw = edits->message->raw.data, *p = raw + part->body_start;
    size_t len = 0;

    if (part->body_start == part->header_start || p[-1] != '\n')
        return 0;
    len = part->body_start - part->header_start > 1 && p[-2] == '\r' ? 2 : 1;
    return part->body_start - len == part->header_start || p[-(ptrdiff_t)len - 1] == '\n' ? len : 0;
}

/* A part whose text begins without an empty line before it gets the empty line that fields before it need; once. */
static void
separate(struct edit_list *edits, const struct part *part)
{
    if (part->body_start == part->body_end || blank_line_len(edits, part) > 0)
        return;
    for (size_t i = 0; i < edits->count; i++)
        if (edits->rows[i].offset == part->body_start && edits->rows[i].order >= ORDER_SEPARATOR &&
            edits->rows[i].order < ORDER_BODY)
            return;
    edit_add_range(edits, ORDER_SEPARATOR, part->body_start, 0, blob_of("\r\n"));
}

void
edit_append_to(struct edit_list *edits, const struct part *part, struct blob fields)
{
    edit_add_range(edits, ORDER_FIELD, part->body_start - blank_line_len(edits, part), 0, fields);
    separate(edits, part);
}

/* "From joe Mon ..." is no field: the mail would end its header there. */
static void
remove_mbox_line(struct edit_list *edits)
{
    const struct header *header = edits->message->header;
    const uint8_t *lf;

    if (!(header->defects & HEADER_MBOX_LINE))
        return;
    for (size_t i = 0; i < edits->count; i++)
        if (edits->rows[i].offset == 0 && edits->rows[i].remove > 0)
            return;
    lf = memchr(header->message.data, '\n', header->message.len);
    edit_add_range(edits, ORDER_FIELD, 0, lf != NULL ? edit_offset_of(edits, lf) + 1 : header->message.len, (struct blob){NULL, 0});
}

void
edit_prepend(struct edit_list *edits, struct blob fields)
{
    edit_add_range(edits, ORDER_PREPEND, 0, 0, fields);
    remove_mbox_line(edits);
    separate(edits, edits->message->root);
}

void
edit_append(struct edit_list *edits, struct blob fields)
{
    edit_append_to(edits, edits->message->root, fields);
}

void
edit_replace_field(struct edit_list *edits, const struct header_field *field, struct blob fields)
{
    edit_add_range(edits, ORDER_FIELD, edit_offset_of(edits, field->start), field->len, fields);
}

void
edit_remove_field(struct edit_list *edits, const struct header_field *field)
{
    edit_replace_field(edits, field, (struct blob){NULL, 0});
}

size_t
edit_remove_fields(struct edit_list *edits, const char *name)
{
    const struct header *header = edits->message->header;
    size_t removed = 0;

    for (size_t i = 0; i < header->count; i++)
        if (header_field_is(&header->fields[i], name)) {
            edit_remove_field(edits, &header->fields[i]);
            removed++;
        }
    return removed;
}

/* Parts */

static void
need_version(struct edit_list *edits)
{
    if (!edits->versioned)
        edit_append_to(edits, edits->message->root, blob_of("MIME-Version: 1.0\r\n"));
    edits->versioned = true;
}

void
edit_set_encoding(struct edit_list *edits, const struct part *part, const char *cte)
{
    struct str *field = str_new(NULL);

    compose_structured(field, "Content-Transfer-Encoding", cte);
    for (size_t i = 0; i < part->header->count; i++)
        if (header_field_is(&part->header->fields[i], "Content-Transfer-Encoding")) {
            edit_replace_field(edits, &part->header->fields[i], str_blob(field));
            str_clear(field);
        }
    if (field->len > 0) {
        need_version(edits);
        edit_append_to(edits, part, str_blob(field));
    }
    talloc_free(field);
}

static struct blob
raw_range(const struct edit_list *edits, size_t from, size_t to)
{
    return (struct blob){edits->message->raw.data + from, to - from};
}

static void
replace_body(struct edit_list *edits, const struct part *part, struct blob body)
{
    edit_add_range(edits, ORDER_BODY, part->body_start, part->body_end - part->body_start, body);
}

/* The last line end before a boundary is the boundary's: what an encoder wrote behind it goes. */
static void
trim_line_end(const struct edit_list *edits, const struct part *part, struct str *body)
{
    const struct blob raw = edits->message->raw;
    bool ended = part->body_end > part->body_start && raw.data[part->body_end - 1] == '\n';

    if (!ended && body->len >= 2 && str_ends(body->s, "\r\n"))
        body->len -= 2;
}

void
edit_reencode(struct edit_list *edits, const struct part *part, const char *cte, struct blob data)
{
    struct str *body = str_new(NULL);

    if (strcmp(cte, "base64") == 0) {
        compose_base64(body, data);
        trim_line_end(edits, part, body);
    } else
        compose_quoted_printable(body, data);
    if (strcmp(cte, part->cte) != 0)
        edit_set_encoding(edits, part, cte);
    replace_body(edits, part, str_blob(body));
    talloc_free(body);
}

void
edit_replace_range(struct edit_list *edits, size_t offset, size_t len, struct blob insert)
{
    edit_add_range(edits, ORDER_BODY, offset, len, insert);
}

void
edit_replace_data(struct edit_list *edits, const struct part *part, struct blob data)
{
    edit_reencode(edits, part, part->cte, data);
}

/* Footer */

/* The footer in the part's charset; false when that cannot hold it or is not one that ASCII can stand beside. */
static bool
footer_bytes(TALLOC_CTX *ctx, const struct part *part, const char *footer, struct blob *bytes_r)
{
    const char *label = str_is_empty(part->charset) ? "us-ascii" : part->charset;
    struct blob probe;

    return charset_from_utf8(ctx, label, "a\r\n", &probe) && probe.len == 3 && memcmp(probe.data, "a\r\n", 3) == 0 &&
           charset_from_utf8(ctx, label, footer, bytes_r);
}

/* `text` and the footer, with a line end between them in any case. */
static struct blob
joined(TALLOC_CTX *ctx, struct blob text, struct blob footer)
{
    struct str *out = str_new(ctx);

    str_addn(out, text.data, text.len);
    if (text.len > 0 && text.data[text.len - 1] != '\n')
        str_add(out, "\r\n");
    str_addn(out, footer.data, footer.len);
    return str_blob(out);
}

static struct blob
both(TALLOC_CTX *ctx, struct blob text, struct blob added, bool above)
{
    return above ? joined(ctx, added, text) : joined(ctx, text, added);
}

/* The encoded body ends within a line: by a soft break, or without an end. */
static bool
qp_is_open(struct blob body)
{
    size_t len = body.len;

    if (len == 0)
        return false;
    if (body.data[--len] != '\n')
        return true;
    while (len > 0 && strchr(" \t\r", body.data[len - 1]) != NULL && body.data[len - 1] != '\0')
        len--;
    return len > 0 && body.data[len - 1] == '=';
}

/* Above or below the part's own text, in its charset and encoding. */
static bool
into_text(struct edit_list *edits, const struct part *part, const char *text, bool above)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct blob bytes, raw = raw_range(edits, part->body_start, part->body_end);
    size_t place = above ? part->body_start : part->body_end;
    bool done = true;

    if (!footer_bytes(scratch, part, text, &bytes))
        done = false;
    else if (strcmp(part->cte, "quoted-printable") == 0) {
        struct str *encoded = str_new(scratch);

        str_add(encoded, !above && qp_is_open(raw) ? "\r\n" : "");
        compose_quoted_printable(encoded, bytes);
        edit_add_range(edits, ORDER_BODY, place, 0, str_blob(encoded));
    } else if (strcmp(part->cte, "base64") == 0)
        edit_reencode(edits, part, "base64", both(scratch, part_data(scratch, edits->message, part), bytes, above));
    else if (!transfer_is_identity(part->cte))
        done = false;
    else if (blob_has_8bit(bytes) && strcmp(part->cte, "8bit") != 0 && strcmp(part->cte, "binary") != 0)
        edit_reencode(edits, part, "quoted-printable", both(scratch, raw, bytes, above));
    else if (!above && raw.len > 0 && raw.data[raw.len - 1] != '\n')
        done = false;
    else
        edit_add_range(edits, ORDER_BODY, place, 0, bytes);
    talloc_free(scratch);
    return done;
}

/* The part's type with its parameters, and with this charset. */
static void
compose_utf8_type(struct str *field, const struct part *part)
{
    struct params *said = params_parse(field, header_raw(header_find(part->header, "Content-Type", 0)));
    struct param *rows = mem_array(field, struct param, said->count + 1);
    struct params params = {.value = part->type, .rows = rows, .count = 1};

    rows[0] = (struct param){"charset", "utf-8"};
    for (size_t i = 0; i < said->count; i++)
        if (!str_eq(said->rows[i].name, "charset"))
            rows[params.count++] = said->rows[i];
    compose_params(field, "Content-Type", &params);
}

/* "text/plain; charset=utf-8" in the place of what the part says of itself. */
static void
set_utf8(struct edit_list *edits, const struct part *part)
{
    struct str *field = str_new(NULL);

    compose_utf8_type(field, part);
    for (size_t i = 0; i < part->header->count; i++)
        if (header_field_is(&part->header->fields[i], "Content-Type")) {
            edit_replace_field(edits, &part->header->fields[i], str_blob(field));
            str_clear(field);
        }
    if (field->len > 0)
        edit_append_to(edits, part, str_blob(field));
    need_version(edits);
    talloc_free(field);
}

static size_t
count_8bit(struct blob bytes)
{
    size_t count = 0;

    for (size_t i = 0; i < bytes.len; i++)
        count += bytes.data[i] >= 0x80;
    return count;
}

void
edit_set_text(struct edit_list *edits, const struct part *part, const char *text)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct blob whole = normal_copy(scratch, blob_of(text), NULL);

    set_utf8(edits, part);
    edit_reencode(edits, part, str_eq(part->cte, "base64") || count_8bit(whole) > whole.len / 4 ? "base64" : "quoted-printable", whole);
    talloc_free(scratch);
}

/* The whole text in UTF-8, where its own charset has no place for what is added. False for one that cannot be read with certainty. */
static bool
into_text_as_utf8(struct edit_list *edits, const struct part *part, const char *text, bool above)
{
    bool is_ascii = str_is_empty(part->charset) || str_eq(part->charset, "us-ascii"), is_base64 = str_eq(part->cte, "base64");
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct blob data, whole;
    const char *own;
    bool readable = is_base64 || str_eq(part->cte, "quoted-printable") || transfer_is_identity(part->cte);

    data = part_data(scratch, edits->message, part);
    own = charset_to_utf8(scratch, is_ascii ? "us-ascii" : part->charset, data);
    readable = readable && (is_ascii ? count_8bit(data) == 0 : charset_is_known(part->charset)) && strstr(own, "\xef\xbf\xbd") == NULL;
    if (readable) {
        whole = both(scratch, normal_copy(scratch, blob_of(own), NULL), blob_of(text), above);
        edit_set_text(edits, part, mem_strndup(scratch, (const char *)whole.data, whole.len));
    }
    talloc_free(scratch);
    return readable;
}

/* A boundary that no line of the message begins with: from its hash, so that the same message gets the same. */
static char *
new_boundary(TALLOC_CTX *ctx, struct blob raw)
{
    for (unsigned attempt = 0;; attempt++) {
        uint8_t digest[SHA256_LEN];
        char *hex, *boundary;

        sha256(raw, digest);
        hex = hex_encode(NULL, (struct blob){digest, 12});
        boundary = mem_printf(ctx, "=_kairan_%s_%u", hex, attempt);
        talloc_free(hex);
        if (memmem(raw.data, raw.len, boundary, strlen(boundary)) == NULL)
            return boundary;
    }
}

static void
footer_into_mixed(struct edit_list *edits, const char *footer)
{
    const struct part *root = edits->message->root;
    struct str *part = str_new(NULL);
    bool closed = root->close_start != SIZE_MAX;

    if (!closed && edits->message->raw.len > 0 && edits->message->raw.data[edits->message->raw.len - 1] != '\n')
        str_add(part, "\r\n");
    str_addf(part, "--%s\r\n", root->boundary);
    compose_text_part(part, footer);
    if (!closed)
        str_addf(part, "--%s--\r\n", root->boundary);
    edit_add_range(edits, ORDER_BODY, closed ? root->close_start : root->body_end, 0, str_blob(part));
    talloc_free(part);
}

/* Behind the boundary line that is there, with a new one before what was the first part. */
static void
header_into_mixed(struct edit_list *edits, const char *header)
{
    const struct part *root = edits->message->root;
    struct str *part = str_new(NULL);

    compose_text_part(part, header);
    str_addf(part, "--%s\r\n", root->boundary);
    edit_add_range(edits, ORDER_BODY, root->first->header_start, 0, str_blob(part));
    talloc_free(part);
}

static bool
is_content_field(const struct header_field *field)
{
    return field->name_len > 8 && strncasecmp((const char *)field->start, "Content-", 8) == 0;
}

/* The message becomes a part of a new multipart, and the text another one before or behind it. The Content- fields move into the
 * message's part; their place is taken by those of the multipart. */
static void
wrap(struct edit_list *edits, const char *text, bool above)
{
    const struct part *root = edits->message->root;
    TALLOC_CTX *scratch = talloc_new(NULL);
    char *boundary = new_boundary(scratch, edits->message->raw);
    struct str *outer = str_new(scratch), *first = str_new(scratch), *end = str_new(scratch);

    compose_structured(outer, "Content-Type", mem_printf(scratch, "multipart/mixed; boundary=\"%s\"", boundary));
    if (strcmp(root->cte, "8bit") == 0 || strcmp(root->cte, "binary") == 0)
        compose_structured(outer, "Content-Transfer-Encoding", root->cte);
    str_addf(first, "--%s\r\n", boundary);
    if (above) {
        compose_text_part(first, text);
        str_addf(first, "--%s\r\n", boundary);
    }
    for (size_t i = 0; i < root->header->count; i++) {
        const struct header_field *field = &root->header->fields[i];

        if (!is_content_field(field))
            continue;
        str_addn(first, field->start, field->len);
        edit_replace_field(edits, field, str_blob(outer));
        str_clear(outer);
    }
    need_version(edits);
    if (outer->len > 0)
        edit_append_to(edits, root, str_blob(outer));
    str_add(first, "\r\n");
    edit_add_range(edits, ORDER_BODY, root->body_start, 0, str_blob(first));
    if (!above) {
        str_addf(end, "\r\n--%s\r\n", boundary);
        compose_text_part(end, text);
    } else {
        str_add(end, "\r\n");
    }
    str_addf(end, "--%s--\r\n", boundary);
    edit_add_range(edits, ORDER_BODY, root->body_end, 0, str_blob(end));
    talloc_free(scratch);
}

static bool
add_text(struct edit_list *edits, const char *text, bool above, const char **reason_r)
{
    const struct part *root = edits->message->root;
    TALLOC_CTX *scratch = talloc_new(NULL);
    const char *end = above && !str_ends(text, "\n") ? "\n" : "";
    const char *lines = (const char *)normal_copy(scratch, blob_of(mem_printf(scratch, "%s%s", text, end)), NULL).data;
    bool plain = part_is_leaf(root) && strcmp(root->type, "text/plain") == 0 && !str_eq(root->disposition, "attachment");
    bool ok = utf8_is_valid(text, strlen(text));

    if (!ok)
        *reason_r = N_("The text to be added is not UTF-8.");
    else if (root->header->defects & HEADER_UNENDED) {
        *reason_r = N_("The message has no body.");
        ok = false;
    } else if (plain && (into_text(edits, root, lines, above) || into_text_as_utf8(edits, root, lines, above)))
        ;
    else if (strcmp(root->type, "multipart/mixed") == 0 && root->first != NULL && !edits->message->cut)
        (above ? header_into_mixed : footer_into_mixed)(edits, lines);
    else
        wrap(edits, lines, above);
    talloc_free(scratch);
    return ok;
}

bool
edit_footer_text(struct edit_list *edits, const char *footer, const char **reason_r)
{
    return add_text(edits, footer, false, reason_r);
}

bool
edit_header_text(struct edit_list *edits, const char *header, const char **reason_r)
{
    return add_text(edits, header, true, reason_r);
}

/* Applying */

static int
compare(const void *a, const void *b)
{
    const struct edit *x = a, *y = b;

    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

void
edit_stream(struct edit_list *edits, void (*sink)(void *context, const uint8_t *data, size_t len), void *context)
{
    const struct blob raw = edits->message->raw;
    size_t at = 0;

    if (edits->count > 1)
        qsort(edits->rows, edits->count, sizeof(*edits->rows), compare);
    for (size_t i = 0; i < edits->count; i++) {
        const struct edit *edit = &edits->rows[i];

        must(edit->offset >= at && edit->offset <= raw.len && edit->remove <= raw.len - edit->offset);
        if (edit->offset > at)
            sink(context, raw.data + at, edit->offset - at);
        if (edit->insert.len > 0)
            sink(context, edit->insert.data, edit->insert.len);
        at = edit->offset + edit->remove;
    }
    if (at < raw.len)
        sink(context, raw.data + at, raw.len - at);
}

static void
add_to_str(void *context, const uint8_t *data, size_t len)
{
    str_addn(context, data, len);
}

struct blob
edit_apply(TALLOC_CTX *ctx, struct edit_list *edits)
{
    struct str *out = str_new(ctx);

    edit_stream(edits, add_to_str, out);
    return str_blob(out);
}

/* edit.c - lists of replaced ranges, and how subject, footer and encodings become such */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mime/charset.h"
#include "mime/compose.h"
#include "mime/edit.h"
#include "mime/normal.h"
#include "mime/transfer.h"
#include "mime/word.h"
#include "util/crypto.h"
#include "util/str.h"

enum { LINE_MAX_BYTES = 998, FOLD_AT = 78 };

/* The order of what is inserted at one offset. */
enum { ORDER_PREPEND = 1 << 28, ORDER_FIELD = 2 << 28, ORDER_SEPARATOR = 3 << 28, ORDER_BODY = 4u << 28 };

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

/* `insert` is copied. */
static void
edit_add(struct edit_list *edits, unsigned order, size_t offset, size_t remove, struct blob insert)
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

static size_t
offset_of(const struct edit_list *edits, const uint8_t *p)
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
    edit_add(edits, ORDER_SEPARATOR, part->body_start, 0, blob_of("\r\n"));
}

static void
append_to(struct edit_list *edits, const struct part *part, struct blob fields)
{
    edit_add(edits, ORDER_FIELD, part->body_start - blank_line_len(edits, part), 0, fields);
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
    edit_add(edits, ORDER_FIELD, 0, lf != NULL ? offset_of(edits, lf) + 1 : header->message.len, (struct blob){NULL, 0});
}

void
edit_prepend(struct edit_list *edits, struct blob fields)
{
    edit_add(edits, ORDER_PREPEND, 0, 0, fields);
    remove_mbox_line(edits);
    separate(edits, edits->message->root);
}

void
edit_append(struct edit_list *edits, struct blob fields)
{
    append_to(edits, edits->message->root, fields);
}

void
edit_replace_field(struct edit_list *edits, const struct header_field *field, struct blob fields)
{
    edit_add(edits, ORDER_FIELD, offset_of(edits, field->start), field->len, fields);
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

/* Subject */

/* Length of "Re:", "RE[2]:", "Aw:", "Sv:" at p, 0 when there is none. */
static size_t
reply_mark_len(const char *p)
{
    static const char *const marks[] = {"re", "aw", "sv", "vs"};

    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        size_t len = 2;

        if (strncasecmp(p, marks[i], 2) != 0)
            continue;
        if (p[len] == '[' || p[len] == '^')
            len += 1 + strspn(p + len + 1, "0123456789");
        len += p[len] == ']';
        if (p[len] == ':')
            return len + 1;
    }
    return 0;
}

/* Length of the prefix at p, where any digits stand for those of `prefix`; 0 when another text is there. */
static size_t
prefix_len(const char *p, const char *prefix)
{
    static const char digits[] = "0123456789";
    const char *start = p;

    while (*prefix != '\0') {
        size_t number = strspn(prefix, digits);

        if (number > 0) {
            if (strspn(p, digits) == 0)
                return 0;
            p += strspn(p, digits);
            prefix += number;
        } else if (strncasecmp(p, prefix, 1) == 0) {
            p++;
            prefix++;
        } else
            return 0;
    }
    return (size_t)(p - start);
}

struct subject {
    const char *rest;           /* behind reply marks and prefixes */
    const char *mark;           /* the first reply mark, or NULL */
    size_t mark_len;
    bool had_prefix;
};

static struct subject
subject_split(const char *text, const char *prefix)
{
    struct subject subject = {.rest = text};

    for (;;) {
        size_t len;

        subject.rest += strspn(subject.rest, " \t\r\n");
        if ((len = reply_mark_len(subject.rest)) > 0) {
            if (subject.mark == NULL) {
                subject.mark = subject.rest;
                subject.mark_len = len;
            }
        } else if ((len = prefix_len(subject.rest, prefix)) > 0)
            subject.had_prefix = true;
        else
            return subject;
        subject.rest += len;
    }
}

/* What goes before the rest of the raw subject; its bytes follow on the same line where they fit. */
static char *
subject_lead(TALLOC_CTX *ctx, const char *prefix, const struct subject *subject)
{
    struct str *lead = str_new(ctx);
    size_t rest = strcspn(subject->rest, "\r\n");

    str_addc(lead, ' ');
    if (!str_has_8bit(prefix) && !str_has_control(prefix))
        str_add(lead, prefix);
    else {
        /* Two encoded words are read without the blank between them, so that it must be in the first. */
        char *text = mem_printf(lead, "%s ", prefix), *word = word_encode_phrase(lead, text, strlen("Subject: "));

        str_add(lead, word);
    }
    if (subject->mark != NULL) {
        str_addc(lead, ' ');
        str_addn(lead, subject->mark, subject->mark_len);
    }
    if (rest > 0)
        str_add(lead, strlen("Subject:") + lead->len + 1 + rest > FOLD_AT ? "\r\n " : " ");
    return lead->s;
}

/* The old prefix is inside an encoded word: the subject is written anew. */
static void
subject_rewrite(struct edit_list *edits, const struct header_field *field, const char *prefix, const struct subject *subject)
{
    struct str *out = str_new(NULL);
    char *mark = subject->mark != NULL ? mem_strndup(out, subject->mark, subject->mark_len) : NULL;

    compose_field(out, "Subject", mem_printf(out, "%s%s%s %s", prefix, mark != NULL ? " " : "", mark != NULL ? mark : "",
                                             subject->rest));
    edit_replace_field(edits, field, str_blob(out));
    talloc_free(out);
}

void
edit_subject_prefix(struct edit_list *edits, const char *prefix)
{
    const struct header_field *field = header_find(edits->message->header, "Subject", 0);
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct str *out = str_new(scratch);
    struct subject raw, decoded;
    char *text;

    prefix = str_trim(scratch, prefix);
    if (*prefix != '\0' && field == NULL) {
        compose_field(out, "Subject", prefix);
        edit_append(edits, str_blob(out));
    }
    if (*prefix == '\0' || field == NULL) {
        talloc_free(scratch);
        return;
    }
    text = mem_strndup(scratch, (const char *)field->value, field->value_len);
    raw = subject_split(text, prefix);
    decoded = subject_split(word_decode_text(scratch, raw.rest), prefix);
    if (decoded.had_prefix) {
        if (raw.mark != NULL) {
            decoded.mark = raw.mark;
            decoded.mark_len = raw.mark_len;
        }
        subject_rewrite(edits, field, prefix, &decoded);
    } else
        edit_add(edits, ORDER_FIELD, offset_of(edits, field->value), (size_t)(raw.rest - text),
                 blob_of(subject_lead(scratch, prefix, &raw)));
    talloc_free(scratch);
}

/* Parts */

static void
need_version(struct edit_list *edits)
{
    if (!edits->versioned)
        append_to(edits, edits->message->root, blob_of("MIME-Version: 1.0\r\n"));
    edits->versioned = true;
}

static void
set_encoding(struct edit_list *edits, const struct part *part, const char *cte)
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
        append_to(edits, part, str_blob(field));
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
    edit_add(edits, ORDER_BODY, part->body_start, part->body_end - part->body_start, body);
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

/* The part's content (without its transfer encoding) written in another one. */
static void
reencode(struct edit_list *edits, const struct part *part, const char *cte, struct blob data)
{
    struct str *body = str_new(NULL);

    if (strcmp(cte, "base64") == 0) {
        compose_base64(body, data);
        trim_line_end(edits, part, body);
    } else
        compose_quoted_printable(body, data);
    if (strcmp(cte, part->cte) != 0)
        set_encoding(edits, part, cte);
    replace_body(edits, part, str_blob(body));
    talloc_free(body);
}

void
edit_replace_range(struct edit_list *edits, size_t offset, size_t len, struct blob insert)
{
    edit_add(edits, ORDER_BODY, offset, len, insert);
}

void
edit_replace_data(struct edit_list *edits, const struct part *part, struct blob data)
{
    reencode(edits, part, part->cte, data);
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
        edit_add(edits, ORDER_BODY, place, 0, str_blob(encoded));
    } else if (strcmp(part->cte, "base64") == 0)
        reencode(edits, part, "base64", both(scratch, part_data(scratch, edits->message, part), bytes, above));
    else if (!transfer_is_identity(part->cte))
        done = false;
    else if (blob_has_8bit(bytes) && strcmp(part->cte, "8bit") != 0 && strcmp(part->cte, "binary") != 0)
        reencode(edits, part, "quoted-printable", both(scratch, raw, bytes, above));
    else if (!above && raw.len > 0 && raw.data[raw.len - 1] != '\n')
        done = false;
    else
        edit_add(edits, ORDER_BODY, place, 0, bytes);
    talloc_free(scratch);
    return done;
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
    edit_add(edits, ORDER_BODY, closed ? root->close_start : root->body_end, 0, str_blob(part));
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
    edit_add(edits, ORDER_BODY, root->first->header_start, 0, str_blob(part));
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
        append_to(edits, root, str_blob(outer));
    str_add(first, "\r\n");
    edit_add(edits, ORDER_BODY, root->body_start, 0, str_blob(first));
    if (!above) {
        str_addf(end, "\r\n--%s\r\n", boundary);
        compose_text_part(end, text);
    } else {
        str_add(end, "\r\n");
    }
    str_addf(end, "--%s--\r\n", boundary);
    edit_add(edits, ORDER_BODY, root->body_end, 0, str_blob(end));
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
    } else if (plain && into_text(edits, root, lines, above))
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

/* Lines and bytes that a hop does not take */

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
    append_to(edits, part, blob_of(field));
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
        reencode(edits, part, part->cte, data);
    else
        reencode(edits, part, str_starts(part->type, "text/") ? "quoted-printable" : "base64", data);
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
            set_encoding(edits, part, "7bit");
    }
}

/* set_encoding() may have been here before. */
static bool
is_replaced(const struct edit_list *edits, const struct header_field *field)
{
    for (size_t i = 0; i < edits->count; i++)
        if (edits->rows[i].offset == offset_of(edits, field->start) && edits->rows[i].remove > 0)
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

/* view.c - puts together what people see of a message */
#include <string.h>

#include "mime/mask.h"
#include "mime/packed.h"
#include "mime/signed.h"
#include "mime/transfer.h"
#include "mime/view-private.h"
#include "mime/word.h"
#include "util/i18n.h"

enum { HEAD_LOOK = 2048, HEAD_TEXT_MAX = 1000, REACTION_LOOK = 8 };

/* What all messages inside one another share. */
struct budget { size_t text, inner; bool is_markdown; };

struct making {
    struct view *view;          /* everything hangs on it */
    const struct message *message;
    struct view_blocks blocks;
    struct budget *budget;
    unsigned depth;
};

static struct view *make_view(TALLOC_CTX *ctx, const struct message *message, struct budget *budget, unsigned depth);

static void
add_fault(struct view *view, enum view_fault fault)
{
    view->faults |= 1u << fault;
}

/* ---- text ---- */

static void
take_text(void *to, const struct part *part, const char *text)
{
    struct making *making = to;
    struct view *view = making->view;
    struct str *unpacked = str_new(NULL);
    char *copy;
    size_t len;

    if (str_eq(part->type, "text/plain") && strstr(text, "begin ") != NULL) {
        packed_uu(unpacked, blob_of(text), unpacked);
        text = unpacked->s;
    }
    copy = utf8_cut_bytes(unpacked, text, making->budget->text);
    len = strlen(copy);
    view->is_cut = view->is_cut || text[len] != '\0';
    view->is_from_html = view->is_from_html || str_eq(part->type, "text/html");
    making->budget->text -= len;
    if (strstr(copy, "\xef\xbf\xbd") != NULL)
        add_fault(view, VIEW_FAULT_letters);
    mask_tokens(copy, len);
    making->blocks.is_markdown = making->budget->is_markdown && (str_eq(part->type, "text/plain") || str_eq(part->type, "text/markdown"));
    view_split_into(view, &making->blocks, copy);
    talloc_free(unpacked);
}

static void
make_blocks(struct making *making)
{
    message_each_text(making->message, making->budget->text, take_text, making);
    view_unfold_lonely(&making->blocks);
    making->view->blocks = making->blocks.rows;
    making->view->block_count = making->blocks.count;
}

static void
add_text(struct str *out, const struct view *view)
{
    for (size_t i = 0; i < view->block_count; i++) {
        str_add(out, out->len > 0 ? "\n" : "");
        str_add(out, view->blocks[i].text);
    }
    for (size_t i = 0; i < view->part_count; i++)
        if (view->parts[i].inner != NULL)
            add_text(out, view->parts[i].inner);
}

/* ---- attachments ---- */

static struct blob
raw_body(const struct message *message, const struct part *part)
{
    return (struct blob){message->raw.data + part->body_start, part->body_end - part->body_start};
}

/* The first decoded bytes. */
static struct blob
data_head(TALLOC_CTX *ctx, const struct message *message, const struct part *part)
{
    struct str *out = str_new(ctx);
    struct blob body = raw_body(message, part);

    if (body.len > HEAD_LOOK)
        body.len = HEAD_LOOK;
    transfer_decode(out, part->cte, body);
    return str_blob(out);
}

/* What is said to be base64 holds something else: a footer that a mailing list put there, or damage on the way. */
static bool
is_damaged(const struct message *message, const struct part *part)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n";
    bool known[256] = {false};
    struct blob body = raw_body(message, part);

    if (!str_eq(part->cte, "base64"))
        return false;
    for (const char *s = alphabet; *s != '\0'; s++)
        known[(uint8_t)*s] = true;
    for (size_t i = 0; i < body.len; i++)
        if (!known[body.data[i]])
            return true;
    return false;
}

static void
open_message(struct making *making, struct view_part *row, const struct part *part)
{
    struct view *view = making->view, *inner;
    TALLOC_CTX *scratch;

    if (making->depth + 1 >= VIEW_DEPTH_MAX || making->budget->inner == 0) {
        add_fault(view, VIEW_FAULT_deep);
        return;
    }
    making->budget->inner--;
    scratch = talloc_new(NULL);
    inner = make_view(view, message_parse(scratch, view_part_data(scratch, making->message, part->index)), making->budget,
                      making->depth + 1);
    talloc_free(scratch);
    row->inner = inner;
    row->summary = *inner->head.subject != '\0' ? inner->head.subject : NULL;
    view->is_cut = view->is_cut || inner->is_cut;
}

static void
open_calendar(struct making *making, struct view_part *row, const struct part *part)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct calendar *calendar = calendar_read(making->view, part->charset, part_data(scratch, making->message, part));

    if (calendar == NULL)
        add_fault(making->view, VIEW_FAULT_calendar);
    else if (*calendar->events[0].what != '\0')
        row->summary = calendar->events[0].what;
    row->calendar = calendar;
    talloc_free(scratch);
}

static const struct { const char *type; enum view_part_kind kind; const char *seals; } kinds[] = {
    {"message/rfc822", VIEW_MESSAGE, NULL},
    {"message/global", VIEW_MESSAGE, NULL},
    {"message/news", VIEW_MESSAGE, NULL},
    {"text/calendar", VIEW_CALENDAR, NULL},
    {"application/ics", VIEW_CALENDAR, NULL},
    {"application/pgp-signature", VIEW_SEALED, NULL},
    {"application/pgp-encrypted", VIEW_SEALED, "pgp"},
    {"application/pkcs7-signature", VIEW_SEALED, NULL},
    {"application/x-pkcs7-signature", VIEW_SEALED, NULL},
    {"application/pkcs7-mime", VIEW_SEALED, "smime"},
    {"application/x-pkcs7-mime", VIEW_SEALED, "smime"},
};

static enum view_part_kind
kind_of_type(const char *type, const char **sealed)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(kinds[i].type, type)) {
            if (kinds[i].seals != NULL)
                *sealed = kinds[i].seals;
            return kinds[i].kind;
        }
    return view_type_is_image(type) ? VIEW_IMAGE : VIEW_FILE;
}

/* By its label where that names more than a file, else by its bytes. */
static void
find_kind(struct making *making, struct view_part *row, const struct part *part)
{
    struct view *view = making->view;
    TALLOC_CTX *scratch = talloc_new(NULL);

    row->type = mem_strdup(view, part->type);
    row->kind = kind_of_type(row->type, &view->sealed);
    if (row->kind == VIEW_FILE || row->kind == VIEW_IMAGE) {
        row->type = view_type(view, data_head(scratch, making->message, part), part->type, row->name);
        row->kind = kind_of_type(row->type, &view->sealed);
    }
    if (part->parent != NULL && str_eq(part->parent->type, "multipart/encrypted")) {
        row->kind = VIEW_SEALED;
        row->type = mem_strdup(view, part->type);   /* "encrypted.asc" is no signature */
    }
    talloc_free(scratch);
}

/* A row at the end; NULL, and a fault, when there may be no more. */
static struct view_part *
new_part(struct view *view, size_t part, const char *name)
{
    struct view_part *row;

    if (view->part_count == VIEW_PARTS_MAX) {
        add_fault(view, VIEW_FAULT_many);
        return NULL;
    }
    if ((view->part_count & (view->part_count - 1)) == 0)
        view->parts = mem_resize(view, view->parts, struct view_part, view->part_count == 0 ? 1 : view->part_count * 2);
    row = &view->parts[view->part_count++];
    *row = (struct view_part){.part = part, .name = view_name(view, name)};
    return row;
}

/* ---- what is packed inside a part ---- */

/* The n-th file packed inside part `index` has the number index + (n + 1) * PART_COUNT_MAX. */
static size_t
packed_number(const struct part *part, size_t n)
{
    return part->index + (n + 1) * PART_COUNT_MAX;
}

/* What is attached inside an S/MIME envelope. */
static struct packed *
signed_files(TALLOC_CTX *ctx, const struct message *message, const struct part *part)
{
    struct message *inside = signed_open(ctx, message, part);
    struct packed *packed = inside != NULL ? mem_new(ctx, struct packed) : NULL;
    const struct part **list;
    size_t count;

    if (inside == NULL)
        return NULL;
    list = message_attachments(ctx, inside, &count);
    packed->files = mem_array(ctx, struct packed_file, PACKED_MAX);
    for (size_t i = 0; i < count && packed->count < PACKED_MAX; i++)
        packed->files[packed->count++] = (struct packed_file){
            .name = list[i]->file_name != NULL ? list[i]->file_name : "", .type = list[i]->type, .content_id = list[i]->content_id,
            .data = view_part_data(ctx, inside, list[i]->index)};
    return packed;
}

static struct packed *
unpack(TALLOC_CTX *ctx, const struct message *message, const struct part *part)
{
    struct packed *files = signed_files(ctx, message, part);
    struct blob bytes;

    if (files != NULL)
        return files;
    bytes = part_data(ctx, message, part);
    if (packed_is_tnef(bytes))
        return packed_tnef(ctx, bytes);
    return str_starts(part->type, "text/") ? packed_uu(ctx, bytes, NULL) : NULL;
}

static void
add_packed(struct making *making, const struct part *part, const struct packed *packed)
{
    struct view *view = making->view;

    for (size_t i = 0; i < packed->count; i++) {
        const struct packed_file *file = &packed->files[i];
        struct view_part *row = new_part(view, packed_number(part, i), file->name);

        if (row == NULL)
            return;
        row->type = view_type(view, file->data, file->type, row->name);
        row->kind = view_type_is_image(row->type) ? VIEW_IMAGE : VIEW_FILE;
        row->size = file->data.len;
        row->content_id = mem_strdup(view, file->content_id);
    }
}

/* False: it is no winmail.dat, or nothing could be got out of it. */
static bool
open_tnef(struct making *making, const struct part *part)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct packed *packed = unpack(scratch, making->message, part);
    bool opened = packed != NULL && (packed->count > 0 || packed->text != NULL);

    if (packed != NULL && packed->is_broken)
        add_fault(making->view, VIEW_FAULT_packed);
    if (opened) {
        add_packed(making, part, packed);
        if (packed->text != NULL && making->blocks.count == 0)
            take_text(making, part, packed->text);
        making->view->blocks = making->blocks.rows;
        making->view->block_count = making->blocks.count;
    }
    talloc_free(scratch);
    return opened;
}

static bool
may_be_tnef(const struct part *part)
{
    return part_is_leaf(part) && (str_eq(part->type, "application/ms-tnef") || str_eq(part->type, "application/vnd.ms-tnef") ||
                                  (part->file_name != NULL && str_eq_nocase(part->file_name, "winmail.dat")));
}

static bool
is_inside_message(const struct part *part)
{
    for (part = part->parent; part != NULL; part = part->parent)
        if (str_starts(part->type, "message/"))
            return true;
    return false;
}

/* Files that somebody's mailer wrote into the text. */
static void
make_uuencoded(struct making *making)
{
    for (size_t i = 0; i < making->message->count; i++) {
        const struct part *part = making->message->parts[i];
        TALLOC_CTX *scratch;

        if (!part_is_leaf(part) || !str_eq(part->type, "text/plain") || part_is_attachment(part) || is_inside_message(part))
            continue;
        if (transfer_is_identity(part->cte) && memmem(making->message->raw.data + part->body_start, part->body_end - part->body_start, "begin", 5) == NULL)
            continue;
        scratch = talloc_new(NULL);
        add_packed(making, part, unpack(scratch, making->message, part));
        talloc_free(scratch);
    }
}

/* False: it is no S/MIME envelope, or a locked one. Its text is read like any other (message_each_text). */
static bool
open_signed(struct making *making, const struct part *part)
{
    struct view *view = making->view;
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct packed *packed = signed_files(scratch, making->message, part);
    struct view_part *row = packed != NULL ? new_part(view, part->index, part->file_name) : NULL;

    if (row != NULL) {
        row->kind = VIEW_SEALED;
        row->type = mem_strdup(view, part->type);
        row->size = part->size;
        add_packed(making, part, packed);
    }
    view->is_signed = view->is_signed || packed != NULL;
    talloc_free(scratch);
    return packed != NULL;
}

/* A file of a forwarded message: it can be had like those of the message itself. */
static void
add_forwarded_file(struct making *making, const struct part *part)
{
    struct view *view = making->view;
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct packed *packed = may_be_tnef(part) || signed_may_be(part) ? unpack(scratch, making->message, part) : NULL;
    struct view_part *row = packed == NULL || packed->count == 0 ? new_part(view, part->index, part->file_name) : NULL;

    if (row != NULL) {
        row->content_id = mem_strdup(view, part->content_id);
        row->size = part->size;
        row->type = view_type(view, data_head(scratch, making->message, part), part->type, row->name);
        row->kind = view_type_is_image(row->type) ? VIEW_IMAGE : VIEW_FILE;
    } else if (packed != NULL)
        add_packed(making, part, packed);
    talloc_free(scratch);
}

/* Those of messages inside messages come once, with the outermost. */
static void
make_forwarded(struct making *making)
{
    const struct message *message = making->message;

    for (size_t i = 0; i < message->count && making->depth == 0 && (making->view->faults & 1u << VIEW_FAULT_many) == 0; i++)
        if (part_is_leaf(message->parts[i]) && part_is_attachment(message->parts[i]) && is_inside_message(message->parts[i]) &&
            !str_starts(message->parts[i]->type, "message/"))
            add_forwarded_file(making, message->parts[i]);
}

static void
add_part(struct making *making, const struct part *part)
{
    struct view *view = making->view;
    struct view_part *row;

    if (signed_may_be(part) && open_signed(making, part))
        return;
    if (may_be_tnef(part) && open_tnef(making, part))
        return;
    row = new_part(view, part->index, part->file_name);
    if (row == NULL)
        return;
    row->content_id = mem_strdup(view, part->content_id);
    row->size = part_is_leaf(part) ? part->size : part->body_end - part->body_start;
    find_kind(making, row, part);
    if (row->kind == VIEW_MESSAGE)
        open_message(making, row, part);
    else if (row->kind == VIEW_CALENDAR)
        open_calendar(making, row, part);
}

static void
make_parts(struct making *making)
{
    struct view *view = making->view;
    size_t count;
    const struct part **list = message_attachments(view, making->message, &count);

    for (size_t i = 0; i < count && (view->faults & 1u << VIEW_FAULT_many) == 0; i++)
        add_part(making, list[i]);
    make_forwarded(making);
    make_uuencoded(making);
    talloc_free(list);
}

/* ---- the message as a whole ---- */

static void
find_faults(struct making *making)
{
    const struct message *message = making->message;
    struct view *view = making->view;

    if (message->header->defects & (HEADER_CUT | HEADER_VALUE_CUT | HEADER_NO_COLON))
        add_fault(view, VIEW_FAULT_header);
    if (message->cut)
        add_fault(view, VIEW_FAULT_many);
    for (size_t i = 0; i < message->count; i++) {
        const struct part *part = message->parts[i];

        if (part_is_multipart(part) && part_is_leaf(part))
            add_fault(view, VIEW_FAULT_boundary);
        else if (part->boundary != NULL && part->close_start == SIZE_MAX && !message->cut)
            add_fault(view, VIEW_FAULT_unended);
        else if (part_is_leaf(part) && is_damaged(message, part))
            add_fault(view, VIEW_FAULT_encoding);
    }
}

/* A reaction is the whole message, or what stands for it in the eyes of programs that know reactions. */
static void
find_reaction(struct making *making)
{
    struct view *view = making->view;

    for (size_t i = 0; i < making->message->count && i < REACTION_LOOK && view->reaction == NULL; i++) {
        const struct part *part = making->message->parts[i];
        bool stands_for_all = part->parent == NULL || str_eq(part->parent->type, "multipart/alternative") || view->block_count <= 1;

        if (stands_for_all && view->part_count == 0)
            view->reaction = view_reaction(view, making->message, part);
    }
}

static const char *
head_text(TALLOC_CTX *ctx, const struct message *message, const char *name)
{
    char *text = word_decode(NULL, header_raw(header_find(message->header, name, 0)));
    char *cut = utf8_cut(ctx, text, HEAD_TEXT_MAX);

    mask_tokens(cut, strlen(cut));
    talloc_free(text);
    return cut;
}

static struct view *
make_view(TALLOC_CTX *ctx, const struct message *message, struct budget *budget, unsigned depth)
{
    struct view *view = mem_new(ctx, struct view);
    struct making making = {.view = view, .message = message, .budget = budget, .depth = depth};

    view->head = (struct view_head){head_text(view, message, "From"), head_text(view, message, "Date"), head_text(view, message, "Subject")};
    make_blocks(&making);
    make_parts(&making);
    find_reaction(&making);
    find_faults(&making);
    view->has_html = message_html(message) != NULL;
    view->language = view_language(view);
    return view;
}

struct view *
view_as(TALLOC_CTX *ctx, const struct message *message, size_t text_most, bool is_markdown)
{
    struct budget budget = {text_most, VIEW_INNER_MAX, is_markdown};
    struct view *view = make_view(ctx, message, &budget, 0);
    struct str *text = str_new(view);

    add_text(text, view);
    view->text = text->s;
    return view;
}

struct view *
view_of(TALLOC_CTX *ctx, const struct message *message, size_t text_most)
{
    return view_as(ctx, message, text_most, false);
}

int
view_version(bool is_markdown)
{
    return VIEW_VERSION + (is_markdown ? VIEW_MARKDOWN : 0);
}

struct blob
view_part_data(TALLOC_CTX *ctx, const struct message *message, size_t part)
{
    const struct part *found = part % PART_COUNT_MAX < message->count ? message->parts[part % PART_COUNT_MAX] : NULL;
    struct packed *packed = found != NULL && part >= PART_COUNT_MAX && part_is_leaf(found) ? unpack(ctx, message, found) : NULL;
    size_t n = part / PART_COUNT_MAX;
    struct blob body;

    if (packed != NULL && n > 0 && n <= packed->count)
        return packed->files[n - 1].data;
    if (found == NULL || n > 0)
        return (struct blob){NULL, 0};
    if (part_is_leaf(found))
        return part_data(ctx, message, found);
    body = raw_body(message, found);
    return blob_copy(ctx, body.data, body.len);
}

const char *
view_part_range(const struct message *message, size_t part, int64_t *start_r, int64_t *end_r)
{
    const struct part *found = part < message->count ? message->parts[part] : NULL;

    *start_r = found != NULL ? (int64_t)found->body_start : 0;
    *end_r = found != NULL ? (int64_t)found->body_end : 0;
    return found == NULL ? "" : part_is_leaf(found) ? found->cte : "binary";
}

/* ---- names ---- */

const char *
view_kind_name(enum view_kind kind)
{
    static const char *const names[] = {"text", "quote", "signature", "armor"};

    return names[kind];
}

const char *
view_part_kind_name(enum view_part_kind kind)
{
    static const char *const names[] = {"file", "image", "message", "calendar", "sealed"};

    return names[kind];
}

static const struct { const char *name, *sentence; } faults[] = {
#define FAULT(name, sentence) {#name, sentence},
#include "mime/view-faults.def"
#undef FAULT
};

const char *
view_fault_name(enum view_fault fault)
{
    return faults[fault].name;
}

const char *
view_fault_sentence(enum view_fault fault)
{
    return faults[fault].sentence;
}

const char *
view_fault_sentence_of(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        if (str_eq(faults[i].name, name))
            return faults[i].sentence;
    return NULL;
}

/* part-text.c - what is in a part: bytes, text, the message as a person reads it */
#include <string.h>

#include "mime/charset.h"
#include "mime/html-text.h"
#include "mime/part.h"
#include "mime/signed.h"
#include "mime/transfer.h"
#include "util/str.h"

static struct blob
raw_body(const struct message *message, const struct part *part)
{
    return (struct blob){message->raw.data + part->body_start, part->body_end - part->body_start};
}

struct blob
part_data(TALLOC_CTX *ctx, const struct message *message, const struct part *part)
{
    struct str *out = str_new(ctx);

    transfer_decode(out, part->cte, raw_body(message, part));
    return str_blob(out);
}

/* RFC 3676 */

struct flowed_line {
    const char *text;
    size_t len;
    size_t quotes;
    bool flows;                 /* goes on in the next line of the same depth */
};

static struct flowed_line
flowed_line(const char *p, size_t len)
{
    struct flowed_line line = {p, len, 0, false};

    while (line.quotes < len && p[line.quotes] == '>')
        line.quotes++;
    line.text += line.quotes;
    line.len -= line.quotes;
    if (line.len > 0 && line.text[0] == ' ') {      /* space-stuffed */
        line.text++;
        line.len--;
    }
    line.flows = line.len > 0 && line.text[line.len - 1] == ' ' && !(line.len == 3 && memcmp(line.text, "-- ", 3) == 0);
    return line;
}

static char *
join_flowed(TALLOC_CTX *ctx, const char *text, bool delsp)
{
    struct str *out = str_new(NULL);
    size_t depth = 0;
    bool joined = false;
    char *result;

    for (const char *p = text; *p != '\0';) {
        size_t whole = strcspn(p, "\n");
        struct flowed_line line = flowed_line(p, whole);

        if (joined && line.quotes != depth)
            str_addc(out, '\n');
        if (!joined || line.quotes != depth) {
            for (size_t i = 0; i < line.quotes; i++)
                str_addc(out, '>');
            str_add(out, line.quotes > 0 ? " " : "");
        }
        str_addn(out, line.text, line.len - (line.flows && delsp));
        joined = line.flows;
        depth = line.quotes;
        if (!line.flows)
            str_addc(out, '\n');
        p += whole + (p[whole] == '\n');
    }
    result = mem_strndup(ctx, out->s, out->len);
    talloc_free(out);
    return result;
}

static const char *
charset_of(TALLOC_CTX *ctx, const struct part *part, struct blob data)
{
    if (part->charset == NULL && str_eq(part->type, "text/html"))
        return html_charset(ctx, data);
    return part->charset;
}

char *
part_text(TALLOC_CTX *ctx, const struct message *message, const struct part *part)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct blob data = part_data(scratch, message, part);
    char *text = charset_to_utf8(part->flowed ? scratch : ctx, charset_of(scratch, part, data), data);

    if (part->flowed)
        text = join_flowed(ctx, text, part->delsp);
    talloc_free(scratch);
    return text;
}

/* Text that programs read, not people. */
static bool
is_data_type(const char *type)
{
    static const char *const types[] = {"text/calendar", "text/vcard",      "text/x-vcard", "text/directory", "text/css",
                                        "text/csv",      "text/javascript", "text/xml",     "text/rtf",       "text/rfc822-headers"};

    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strcmp(types[i], type) == 0)
            return true;
    return false;
}

bool
part_is_attachment(const struct part *part)
{
    if (part_is_multipart(part))
        return false;
    if (part->disposition != NULL && strcmp(part->disposition, "attachment") == 0)
        return true;
    if (!str_starts(part->type, "text/") || is_data_type(part->type))
        return true;
    return part->file_name != NULL && part->parent != NULL;
}

/* The message as text */

struct reading {
    const struct message *message;
    text_taker take;
    void *to;
    size_t taken, max;
    unsigned envelopes;         /* that are open */
};

static bool
is_html(const struct part *part)
{
    return str_eq(part->type, "text/html");
}

/* A leaf to read (of HTML or not) stands somewhere in this part. */
static bool
holds_text(const struct part *part, bool html)
{
    if (part_is_attachment(part))
        return false;
    if (part_is_leaf(part))
        return is_html(part) == html;
    for (const struct part *child = part->first; child != NULL; child = child->next)
        if (holds_text(child, html))
            return true;
    return false;
}

static bool
is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static void
read_leaf(struct reading *reading, const struct part *part)
{
    char *text = part_text(NULL, reading->message, part);

    if (is_html(part)) {
        char *plain = html_to_text(NULL, text);

        talloc_free(text);
        text = plain;
    }
    if (!is_blank(text)) {
        reading->take(reading->to, part, text);
        reading->taken += strlen(text);
    }
    talloc_free(text);
}

static void read_part(struct reading *reading, const struct part *part);

/* The plain alternative if it says something, else HTML, else the first. */
static void
read_alternative(struct reading *reading, const struct part *part)
{
    size_t before = reading->taken;

    for (int html = 0; html < 2; html++)
        for (const struct part *child = part->first; child != NULL; child = child->next)
            if (holds_text(child, html == 1)) {
                read_part(reading, child);
                if (reading->taken > before)
                    return;
            }
}

static void
read_signed(struct reading *reading, const struct part *part)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct reading within = *reading;

    within.message = reading->envelopes < SIGNED_DEPTH ? signed_open(scratch, reading->message, part) : NULL;
    within.envelopes++;
    if (within.message != NULL) {
        read_part(&within, within.message->root);
        reading->taken = within.taken;
    }
    talloc_free(scratch);
}

static void
read_part(struct reading *reading, const struct part *part)
{
    if (reading->taken < reading->max && signed_may_be(part)) {
        read_signed(reading, part);
        return;
    }
    if (reading->taken >= reading->max || part_is_attachment(part))
        return;
    if (part_is_leaf(part))
        read_leaf(reading, part);
    else if (str_eq(part->type, "multipart/alternative"))
        read_alternative(reading, part);
    else
        for (const struct part *child = part->first; child != NULL; child = child->next)
            read_part(reading, child);
}

void
message_each_text(const struct message *message, size_t max, text_taker take, void *to)
{
    struct reading reading = {message, take, to, 0, max, 0};

    read_part(&reading, message->root);
}

static void
take_text(void *to, const struct part *part, const char *text)
{
    struct str *out = to;

    (void)part;
    if (out->len > 0)
        str_add(out, str_ends(out->s, "\n") ? "\n" : "\n\n");
    str_add(out, text);
}

char *
message_text(TALLOC_CTX *ctx, const struct message *message, size_t max)
{
    struct str *out = str_new(NULL);
    char *text;

    message_each_text(message, max, take_text, out);
    text = utf8_cut_bytes(ctx, out->s, max);
    talloc_free(out);
    return text;
}

/* A part of a message that is itself forwarded in this one. */
static bool
is_forwarded(const struct part *part)
{
    for (part = part->parent; part != NULL; part = part->parent)
        if (str_starts(part->type, "message/"))
            return true;
    return false;
}

const struct part *
message_html(const struct message *message)
{
    for (size_t i = 0; i < message->count; i++)
        if (is_html(message->parts[i]) && !part_is_attachment(message->parts[i]) && !is_forwarded(message->parts[i]))
            return message->parts[i];
    return NULL;
}

const struct part **
message_attachments(TALLOC_CTX *ctx, const struct message *message, size_t *count_r)
{
    const struct part **list = mem_array(ctx, const struct part *, message->count + 1);

    *count_r = 0;
    for (size_t i = 0; i < message->count; i++)
        if (part_is_attachment(message->parts[i]) && !is_forwarded(message->parts[i]))
            list[(*count_r)++] = message->parts[i];
    return list;
}

/* secret.c - a moderator's password in a message */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "mime/edit.h"
#include "mime/secret.h"
#include "mime/transfer.h"
#include "mime/word.h"
#include "util/str.h"

enum { TEXT_MAX = 4 << 20, RANGES_MAX = 100, LEFT_OVER_LEN = 4 };

static const char *const field_names[] = {"Approved", "Approve", "X-Approved", "X-Approve"};

struct finder {
    const struct message *message;
    struct secret *secret;
    struct edit_list *edits;
};

static void
cover(struct finder *finder, size_t offset, size_t len, bool in_base64)
{
    struct secret *secret = finder->secret;

    if (len > 0 && secret->count < RANGES_MAX)
        secret->ranges[secret->count++] = (struct secret_range){offset, len, in_base64};
}

/* --- fields --- */

static void
find_fields(struct finder *finder)
{
    const struct header *header = finder->message->header;
    struct secret *secret = finder->secret;

    for (size_t i = 0; i < header->count; i++) {
        const struct header_field *field = &header->fields[i];

        if (!header_field_is_among(field, field_names, COUNT_OF(field_names)))
            continue;
        if (str_is_empty(secret->text))
            secret->text = str_trim(secret, word_decode(secret, header_raw(field)));
        cover(finder, (size_t)(field->value - finder->message->raw.data), field->value_len, false);
        edit_remove_field(finder->edits, field);
    }
}

/* --- the line --- */

/* Length of "Approved:", "X-Approve :" ... at text, with the blanks behind it; 0 when it does not stand there. */
static size_t
mark_len(const char *text, size_t len)
{
    size_t i = 0;

    if (len >= 2 && strncasecmp(text, "X-", 2) == 0)
        i = 2;
    if (len - i < 8 || strncasecmp(text + i, "approve", 7) != 0)
        return 0;
    i += 7;
    i += i < len && (text[i] == 'd' || text[i] == 'D');
    while (i < len && (text[i] == ' ' || text[i] == '\t'))
        i++;
    if (i >= len || text[i] != ':')
        return 0;
    i++;
    while (i < len && (text[i] == ' ' || text[i] == '\t'))
        i++;
    return i;
}

/* The password of the first line of the text that is not empty, or NULL. */
static char *
first_line_secret(TALLOC_CTX *ctx, const struct message *message)
{
    for (size_t i = 0; i < message->count; i++) {
        const struct part *part = message->parts[i];
        const char *text, *line;
        size_t len, mark;

        if (!part_is_leaf(part) || !str_eq(part->type, "text/plain") || part_is_attachment(part))
            continue;
        text = part_text(ctx, message, part);
        line = text + strspn(text, " \t\r\n");
        len = strcspn(line, "\n");
        mark = mark_len(line, len);
        return mark > 0 ? str_trim(ctx, mem_strndup(ctx, line + mark, len - mark)) : NULL;
    }
    return NULL;
}

/* A leaf's content, and where in the raw bytes each of its bytes begins (one more: where the last ends). */
struct opened { char *data; uint32_t *places; size_t len; };

static bool
qp_pair(const uint8_t *raw, size_t at, size_t end, char *byte_r)
{
    int byte = raw[at] == '=' ? transfer_hex_pair(raw + at + 1, end - at - 1) : -1;

    *byte_r = (char)byte;
    return byte >= 0;
}

/* "=" at the end of a line: how far to the next one, or 0. */
static size_t
soft_break(const uint8_t *raw, size_t at, size_t end)
{
    size_t i = at + 1;

    if (raw[at] != '=')
        return 0;
    while (i < end && (raw[i] == ' ' || raw[i] == '\t' || raw[i] == '\r'))
        i++;
    return i < end && raw[i] == '\n' ? i + 1 - at : 0;
}

static int
base64_digit(uint8_t c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c != '\0' ? strchr(digits, c) : NULL;

    return found != NULL ? (int)(found - digits) : -1;
}

static void
put_byte(struct opened *opened, char byte, size_t place)
{
    opened->places[opened->len] = (uint32_t)place;
    opened->data[opened->len++] = byte;
}

static void
open_base64(const uint8_t *raw, size_t start, size_t end, struct opened *opened)
{
    uint32_t bits = 0;
    int count = 0;
    size_t place = start;

    for (size_t i = start; i < end; i++) {
        int digit = base64_digit(raw[i]);

        if (digit < 0)
            continue;
        if (count == 0)
            place = i;
        bits = bits << 6 | (uint32_t)digit;
        count += 6;
        if (count == 24) {
            for (int shift = 16; shift >= 0; shift -= 8)
                put_byte(opened, (char)(bits >> shift), place);
            bits = 0;
            count = 0;
        }
    }
    if (count >= 12)
        put_byte(opened, (char)(bits >> (count - 8)), place);
    if (count >= 18)
        put_byte(opened, (char)(bits >> (count - 16)), place);
}

static bool
open_part(TALLOC_CTX *ctx, const struct message *message, const struct part *part, struct opened *opened)
{
    const uint8_t *raw = message->raw.data;
    size_t end = part->body_end, len = end - part->body_start;
    bool is_qp = str_eq(part->cte, "quoted-printable"), is_base64 = str_eq(part->cte, "base64");

    if (len == 0 || len > TEXT_MAX || message->raw.len > UINT32_MAX || !(is_qp || is_base64 || transfer_is_identity(part->cte)))
        return false;
    *opened = (struct opened){mem_array(ctx, char, len + 1), mem_array(ctx, uint32_t, len + 1), 0};
    if (is_base64)
        open_base64(raw, part->body_start, end, opened);
    for (size_t i = part->body_start; i < end && !is_base64;) {
        size_t skip = is_qp ? soft_break(raw, i, end) : 0;
        char byte;

        if (skip > 0) {
            i += skip;
        } else if (is_qp && qp_pair(raw, i, end, &byte)) {
            put_byte(opened, byte, i);
            i += 3;
        } else {
            put_byte(opened, (char)raw[i], i);
            i++;
        }
    }
    opened->places[opened->len] = (uint32_t)end;
    return true;
}

/* What the password looks like in HTML. */
static char *
html_form(TALLOC_CTX *ctx, const char *text)
{
    struct str *out = str_new(ctx);

    for (; *text != '\0'; text++)
        switch (*text) {
        case '&': str_add(out, "&amp;"); break;
        case '<': str_add(out, "&lt;"); break;
        case '>': str_add(out, "&gt;"); break;
        default: str_addc(out, *text);
        }
    return out->s;
}

/* From the mark to the end of the password; 0 when they do not stand there. word_r: where the password begins. */
static size_t
approval_len(const struct opened *opened, size_t at, const char *word, size_t *word_r)
{
    size_t mark = mark_len(opened->data + at, opened->len - at), len = strlen(word);

    if (mark == 0)
        return 0;
    while (opened->len - at - mark >= 6 && strncasecmp(opened->data + at + mark, "&nbsp;", 6) == 0)
        mark += 6;
    *word_r = at + mark;
    return opened->len - *word_r >= len && strncmp(opened->data + *word_r, word, len) == 0 ? mark + len : 0;
}

static void
cover_word(struct finder *finder, const struct opened *opened, size_t from, size_t to, bool in_base64)
{
    const uint8_t *raw = finder->message->raw.data;
    size_t start = opened->places[from], end = opened->places[to];

    if (in_base64)      /* bytes of one quantum share a place; the quantum after the last one is where it ends */
        while (to < opened->len && opened->places[to] == opened->places[to - 1])
            end = opened->places[++to];
    for (size_t at = start; at < end;) {        /* line by line: the line ends stay */
        const uint8_t *eol = memchr(raw + at, '\r', end - at);
        size_t stop = eol != NULL ? (size_t)(eol - raw) : end;

        cover(finder, at, stop - at, in_base64);
        at = stop;
        while (at < end && (raw[at] == '\r' || raw[at] == '\n'))
            at++;
    }
}

/* In plain text the rest of the line goes, too. */
static size_t
line_end(const struct opened *opened, size_t at)
{
    const char *eol = memchr(opened->data + at, '\n', opened->len - at);

    return eol != NULL ? (size_t)(eol - opened->data) + 1 : opened->len;
}

static void
cut_out(struct finder *finder, const struct part *part, const struct opened *opened, size_t from, size_t to)
{
    TALLOC_CTX *scratch;
    struct str *rest;

    if (!str_eq(part->cte, "base64")) {
        edit_replace_range(finder->edits, opened->places[from], opened->places[to] - opened->places[from], (struct blob){NULL, 0});
        return;
    }
    scratch = talloc_new(NULL);
    rest = str_new(scratch);
    str_addn(rest, opened->data, from);
    str_addn(rest, opened->data + to, opened->len - to);
    edit_replace_data(finder->edits, part, str_blob(rest));
    talloc_free(scratch);
}

/* The first place in a part: that is the one a moderator wrote. */
static void
find_in_part(struct finder *finder, const struct part *part)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    bool is_html = str_eq(part->type, "text/html");
    const char *word = is_html ? html_form(scratch, finder->secret->text) : finder->secret->text;
    struct opened opened;
    size_t start = 0, len = 0;

    if (*word != '\0' && open_part(scratch, finder->message, part, &opened))
        for (size_t at = 0; len == 0 && at + 8 < opened.len; at++)
            if (opened.data[at] == 'a' || opened.data[at] == 'A' || opened.data[at] == 'x' || opened.data[at] == 'X')
                if ((len = approval_len(&opened, at, word, &start)) > 0) {
                    size_t end = start + strlen(word);

                    cover_word(finder, &opened, start, end, str_eq(part->cte, "base64"));
                    cut_out(finder, part, &opened, at, is_html ? end : line_end(&opened, end));
                }
    talloc_free(scratch);
}

static void
find_lines(struct finder *finder)
{
    const struct message *message = finder->message;
    char *text = first_line_secret(finder->secret, message);

    if (text == NULL)
        return;
    if (str_is_empty(finder->secret->text))
        finder->secret->text = text;
    if (!str_eq(finder->secret->text, text))        /* two that differ: the field's is asked, the line's goes by itself */
        finder->secret->is_gone = false;
    for (size_t i = 0; i < message->count; i++)
        if (part_is_leaf(message->parts[i]) && str_starts(message->parts[i]->type, "text/"))
            find_in_part(finder, message->parts[i]);
}

/* --- the message without it --- */

static bool
holds(struct blob data, const char *word)
{
    return memmem(data.data, data.len, word, strlen(word)) != NULL;
}

static bool
is_gone_from(TALLOC_CTX *ctx, const struct message *message, const char *word)
{
    if (strlen(word) < LEFT_OVER_LEN)
        return true;
    if (holds((struct blob){message->raw.data, message->header->body_offset}, word))
        return false;
    for (size_t i = 0; i < message->count; i++)
        if (part_is_leaf(message->parts[i]) && str_starts(message->parts[i]->type, "text/")
            && (holds(part_data(ctx, message, message->parts[i]), word)
                || holds(blob_of(part_text(ctx, message, message->parts[i])), word)))
            return false;
    return true;
}

struct secret *
secret_find(TALLOC_CTX *ctx, const struct message *message, bool in_text)
{
    struct secret *secret = mem_new(ctx, struct secret);
    struct finder finder = {message, secret, edit_new(secret, message)};

    secret->ranges = mem_array(secret, struct secret_range, RANGES_MAX);
    secret->is_gone = true;
    find_fields(&finder);
    if (in_text)
        find_lines(&finder);
    if (secret->text == NULL) {
        talloc_free(secret);
        return NULL;
    }
    if (strlen(secret->text) > SECRET_MAX)
        secret->is_gone = false;
    secret->without = message_parse(secret, edit_is_empty(finder.edits) ? message->raw : edit_apply(secret, finder.edits));
    secret->is_gone = secret->is_gone && is_gone_from(secret, secret->without, secret->text);
    return secret;
}

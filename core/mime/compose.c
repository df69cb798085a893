/* compose.c - fields, and whole text mails, written once and safely */
#include <string.h>

#include "mime/compose.h"
#include "mime/normal.h"
#include "mime/word.h"
#include "util/clock.h"
#include "util/crypto.h"

enum { FOLD_AT = 78, HARD_FOLD_AT = 850, NAME_MOST = 100, LINE_MAX_BYTES = 998, QP_LINE = 76 };

/* "Name:", or false for a name that no line has room for: a field of somebody's mail may be written anew here. */
static bool
add_name(struct str *out, const char *name)
{
    must(*name != '\0');
    for (const char *p = name; *p != '\0'; p++)
        must(*p > 32 && *p < 127 && *p != ':');
    if (strlen(name) > NAME_MOST)
        return false;
    str_addf(out, "%s:", name);
    return true;
}

static size_t
column_of(const struct str *out)
{
    size_t column = 0;

    while (column < out->len && out->s[out->len - 1 - column] != '\n')
        column++;
    return column;
}

/* The word at p, up to a blank that is not inside quotes. */
static size_t
word_len(const char *p)
{
    bool quoted = false;
    size_t len;

    for (len = 0; p[len] != '\0' && (quoted || p[len] != ' '); len++) {
        if (p[len] == '"')
            quoted = !quoted;
        else if (quoted && p[len] == '\\' && p[len + 1] != '\0')
            len++;
    }
    return len;
}

/* A word longer than any line: cut between characters. */
static void
add_hard_folded(struct str *out, const char *p, size_t len)
{
    while (len > HARD_FOLD_AT) {
        size_t cut = HARD_FOLD_AT;

        while (cut > 1 && ((uint8_t)p[cut] & 0xc0) == 0x80)
            cut--;
        str_addn(out, p, cut);
        str_add(out, "\r\n ");
        p += cut;
        len -= cut;
    }
    str_addn(out, p, len);
}

/* A structured value behind "Name:", folded before blanks outside quotes. */
static void
add_folded(struct str *out, const char *text)
{
    size_t column = column_of(out);
    bool first = true;

    while (*(text += strspn(text, " ")) != '\0') {
        size_t len = word_len(text);

        if (!first && column + 1 + len > FOLD_AT) {
            str_add(out, "\r\n");
            column = 0;
        }
        str_addc(out, ' ');
        add_hard_folded(out, text, len);
        column += 1 + len;
        text += len;
        first = false;
    }
    str_add(out, "\r\n");
}

/* As add_folded, but blanks between words are kept in number: they are part of what a subject says. */
static void
add_folded_text(struct str *out, const char *text)
{
    size_t column = column_of(out) + 1;
    bool first = true;

    str_addc(out, ' ');
    text += strspn(text, " ");
    while (*text != '\0') {
        size_t blanks = strspn(text, " "), len = strcspn(text + blanks, " ");

        if (len == 0)
            break;
        if (!first && column + blanks + len > FOLD_AT) {
            str_add(out, "\r\n");
            column = 0;
        }
        str_addn(out, text, blanks);
        add_hard_folded(out, text + blanks, len);
        column += blanks + len;
        text += blanks + len;
        first = false;
    }
    str_add(out, "\r\n");
}

/* Folds made by word.h become single blanks again, to be folded here. */
static void
unfold_words(char *text)
{
    char *to = text;

    for (const char *p = text; *p != '\0'; p++)
        if (*p != '\r' && *p != '\n')
            *to++ = *p;
    *to = '\0';
}

void
compose_field(struct str *out, const char *name, const char *value)
{
    char *encoded = word_encode(NULL, value, strlen(name) + 2);

    unfold_words(encoded);
    if (add_name(out, name))
        add_folded_text(out, encoded);
    talloc_free(encoded);
}

/* Controls are blanks; bytes that are no UTF-8 are "?". */
static char *
structured_text(TALLOC_CTX *ctx, const char *value)
{
    char *text = mem_strdup(ctx, value);
    bool utf8 = utf8_is_valid(text, strlen(text));

    for (char *p = text; *p != '\0'; p++) {
        if ((uint8_t)*p < 0x20 || *p == 0x7f)
            *p = ' ';
        else if (!utf8 && (uint8_t)*p >= 0x80)
            *p = '?';
    }
    return text;
}

void
compose_structured(struct str *out, const char *name, const char *value)
{
    char *text = structured_text(NULL, value);

    if (add_name(out, name))
        add_folded(out, text);
    talloc_free(text);
}

static void
add_uri(struct str *out, const char *uri)
{
    str_addc(out, '<');
    for (const char *p = uri; *p != '\0'; p++) {
        if ((uint8_t)*p <= 0x20 || (uint8_t)*p >= 0x7f || strchr("<>\"\\", *p) != NULL)
            str_addf(out, "%%%02X", (uint8_t)*p);
        else
            str_addc(out, *p);
    }
    str_addc(out, '>');
}

void
compose_list_field(struct str *out, const char *name, const char *const *uris, size_t count)
{
    struct str *value = str_new(NULL);

    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            str_add(value, ", ");
        add_uri(value, uris[i]);
    }
    compose_structured(out, name, value->s);
    talloc_free(value);
}

static bool
is_mime_token(const char *value)
{
    static const char specials[] = "()<>@,;:\\\"/[]?=";

    for (const char *p = value; *p != '\0'; p++)
        if (*p <= 32 || *p >= 127 || strchr(specials, *p) != NULL)
            return false;
    return *value != '\0';
}

/* RFC 2231: what is no letter, digit or one of a few marks goes as %XX. */
static void
add_extended(struct str *out, const char *value)
{
    str_add(out, "*=UTF-8''");
    for (const char *p = value; *p != '\0'; p++) {
        if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || strchr("-._", *p) != NULL)
            str_addc(out, *p);
        else
            str_addf(out, "%%%02X", (uint8_t)*p);
    }
}

static void
add_param(struct str *out, const struct param *param)
{
    str_addf(out, "; %s", param->name);
    if (str_has_8bit(param->value))
        add_extended(out, param->value);
    else if (is_mime_token(param->value))
        str_addf(out, "=%s", param->value);
    else {
        str_add(out, "=\"");
        for (const char *p = param->value; *p != '\0'; p++) {
            if (*p == '"' || *p == '\\')
                str_addc(out, '\\');
            str_addc(out, *p);
        }
        str_addc(out, '"');
    }
}

void
compose_params(struct str *out, const char *name, const struct params *params)
{
    struct str *value = str_new(NULL);

    for (const char *p = params->value; *p != '\0'; p++)
        str_addc(value, (uint8_t)*p < 0x80 ? *p : '?');
    for (size_t i = 0; i < params->count; i++)
        if (is_mime_token(params->rows[i].name))
            add_param(value, &params->rows[i]);
    compose_structured(out, name, value->s);
    talloc_free(value);
}

char *
compose_mailbox(TALLOC_CTX *ctx, const char *display, const char *address)
{
    char *phrase, *mailbox;

    if (str_is_empty(display))
        return mem_strdup(ctx, address);
    phrase = word_encode_phrase(NULL, display, LINE_MAX_BYTES);     /* no word shares a line: add_folded joins what fits */
    unfold_words(phrase);
    mailbox = mem_printf(ctx, "%s <%s>", phrase + strspn(phrase, " "), address);
    talloc_free(phrase);
    return mailbox;
}

void
compose_address_field(struct str *out, const char *name, const char *display, const char *address)
{
    char *mailbox = compose_mailbox(NULL, display, address);

    compose_structured(out, name, mailbox);
    talloc_free(mailbox);
}

/* Bodies */

static void
add_hex(struct str *out, uint8_t byte)
{
    static const char hex[] = "0123456789ABCDEF";

    str_addc(out, '=');
    str_addc(out, hex[byte >> 4]);
    str_addc(out, hex[byte & 15]);
}

/* May stand as it is, where it stands: no "=", no blank at the end of a line, no "From " at its beginning. */
static bool
qp_is_plain(struct blob text, size_t i, bool line_start)
{
    uint8_t c = text.data[i];

    if (c == ' ' || c == '\t')
        return i + 1 < text.len && text.data[i + 1] != '\r' && text.data[i + 1] != '\n';
    if (line_start && c == 'F' && text.len - i >= 5 && memcmp(text.data + i, "From ", 5) == 0)
        return false;
    return c > 32 && c < 127 && c != '=';
}

void
compose_quoted_printable(struct str *out, struct blob text)
{
    size_t column = 0;

    for (size_t i = 0; i < text.len; i++) {
        bool plain, ends = text.data[i] == '\r' && i + 1 < text.len && text.data[i + 1] == '\n';

        if (ends) {
            str_add(out, "\r\n");
            column = 0;
            i++;
            continue;
        }
        plain = qp_is_plain(text, i, column == 0);
        if (column + (plain ? 1 : 3) > QP_LINE - 1) {
            str_add(out, "=\r\n");
            column = 0;
            plain = qp_is_plain(text, i, true);
        }
        if (plain)
            str_addc(out, (char)text.data[i]);
        else
            add_hex(out, text.data[i]);
        column += plain ? 1 : 3;
    }
}

void
compose_base64(struct str *out, struct blob data)
{
    enum { LINE_BYTES = 57 };

    for (size_t i = 0; i < data.len; i += LINE_BYTES) {
        size_t len = data.len - i < LINE_BYTES ? data.len - i : LINE_BYTES;
        char *line = base64_encode(NULL, (struct blob){data.data + i, len});

        str_addf(out, "%s\r\n", line);
        talloc_free(line);
    }
}

static bool
is_7bit(struct blob text)
{
    const uint8_t *p = text.data, *end = p + text.len;

    while (p < end) {
        const uint8_t *lf = memchr(p, '\n', (size_t)(end - p)), *stop = lf != NULL ? lf : end;

        if (stop - p > LINE_MAX_BYTES + 1)
            return false;
        p = lf != NULL ? lf + 1 : end;
    }
    return !blob_has_8bit(text);
}

static size_t
qp_cost(struct blob text)
{
    size_t cost = 0;

    for (size_t i = 0; i < text.len; i++)
        cost += text.data[i] >= 0x80 || text.data[i] == '=' ? 3 : 1;
    return cost;
}

static void
add_body(struct str *out, struct blob text)
{
    if (is_7bit(text)) {
        compose_structured(out, "Content-Transfer-Encoding", "7bit");
        str_add(out, "\r\n");
        str_addn(out, text.data, text.len);
    } else if (qp_cost(text) <= text.len / 3 * 4) {
        compose_structured(out, "Content-Transfer-Encoding", "quoted-printable");
        str_add(out, "\r\n");
        compose_quoted_printable(out, text);
    } else {
        compose_structured(out, "Content-Transfer-Encoding", "base64");
        str_add(out, "\r\n");
        compose_base64(out, text);
    }
}

void
compose_text_part(struct str *out, const char *text)
{
    TALLOC_CTX *scratch = talloc_new(NULL);

    compose_structured(out, "Content-Type", "text/plain; charset=utf-8");
    add_body(out, normal_copy(scratch, blob_of(text), NULL));
    talloc_free(scratch);
}

static void
add_headers(struct str *out, const struct mail_text *mail)
{
    for (size_t i = 0; i < mail->header_count; i++) {
        const struct mail_header *header = &mail->headers[i];

        if (header->structured)
            compose_structured(out, header->name, header->value);
        else
            compose_field(out, header->name, header->value);
    }
}

struct blob
compose_text_mail(TALLOC_CTX *ctx, const struct mail_text *mail)
{
    struct str *out = str_new(ctx);
    TALLOC_CTX *scratch = talloc_new(NULL);

    must(mail->message_id != NULL);
    compose_address_field(out, "From", mail->from_display, mail->from);
    compose_address_field(out, "To", mail->to_display, mail->to);
    compose_field(out, "Subject", mail->subject);
    compose_structured(out, "Date", clock_rfc5322(scratch, mail->date_us));
    compose_structured(out, "Message-ID", mail->message_id);
    if (mail->auto_submitted != NULL)
        compose_structured(out, "Auto-Submitted", mail->auto_submitted);
    add_headers(out, mail);
    compose_structured(out, "MIME-Version", "1.0");
    compose_text_part(out, mail->body);
    talloc_free(scratch);
    return str_blob(out);
}

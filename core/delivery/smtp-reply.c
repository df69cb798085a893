/* smtp-reply.c - what the next hop answered, and what that means for us */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "delivery/smtp-reply.h"

enum { TEXT_ENOUGH = 4096 };

const char *
smtp_phase_name(enum smtp_phase phase)
{
    static const char *const names[] = {
        [SMTP_CONNECT] = "connect", [SMTP_EHLO] = "ehlo", [SMTP_STARTTLS] = "starttls", [SMTP_AUTH] = "auth",
        [SMTP_RSET] = "rset",       [SMTP_MAIL] = "mail", [SMTP_RCPT] = "rcpt",         [SMTP_DATA] = "data",
        [SMTP_DOT] = "dot",         [SMTP_QUIT] = "quit",
    };

    must((size_t)phase < COUNT_OF(names));
    return names[phase];
}

const char *
smtp_class_name(enum smtp_class class)
{
    static const char *const names[] = {
        [SMTP_ACCEPTED] = "accepted", [SMTP_TEMPORARY] = "temporary", [SMTP_PERMANENT] = "permanent",
        [SMTP_LOST] = "lost",         [SMTP_TIMEOUT] = "timeout",     [SMTP_PROTOCOL] = "protocol",
        [SMTP_LOCAL] = "local",
    };

    must((size_t)class < COUNT_OF(names));
    return names[class];
}

struct smtp_reader {
    int code;
    bool whole;
    size_t count;
    char **lines;       /* their texts, behind the code */
};

struct smtp_reader *
smtp_reader_new(TALLOC_CTX *ctx)
{
    return mem_new(ctx, struct smtp_reader);
}

static void
start_anew(struct smtp_reader *reader)
{
    TALLOC_FREE(reader->lines);
    *reader = (struct smtp_reader){.lines = mem_array(reader, char *, SMTP_REPLY_LINES_MAX)};
}

/* "250-text", "250 text", "250": the code, or 0. */
static int
code_of(struct blob line)
{
    const uint8_t *p = line.data;

    if (line.len < 3 || p[0] < '2' || p[0] > '5' || !isdigit(p[1]) || !isdigit(p[2]))
        return 0;
    if (line.len > 3 && p[3] != ' ' && p[3] != '-')
        return 0;
    return (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');
}

enum smtp_reading
smtp_reader_line(struct smtp_reader *reader, struct blob line)
{
    int code = code_of(line);
    bool goes_on = line.len > 3 && line.data[3] == '-';
    size_t skip = line.len > 4 ? 4 : line.len;

    if (reader->whole || reader->lines == NULL)
        start_anew(reader);
    if (code == 0 || line.len > SMTP_REPLY_LINE_MAX || reader->count == SMTP_REPLY_LINES_MAX)
        return SMTP_GARBAGE;
    if (reader->count > 0 && code != reader->code)
        return SMTP_GARBAGE;
    reader->code = code;
    reader->lines[reader->count++] = utf8_clean(reader->lines, line.data + skip, line.len - skip);
    reader->whole = !goes_on;
    return reader->whole ? SMTP_WHOLE : SMTP_MORE;
}

const char *
smtp_reader_text(const struct smtp_reader *reader, size_t k)
{
    return k < reader->count ? reader->lines[k] : NULL;
}

/* How many bytes of text are an enhanced code that fits this reply; 0 when it begins otherwise. RFC 3463 2. */
static size_t
enhanced_len(const char *text, int code)
{
    size_t len = 1;

    if (text[0] != '0' + code / 100 || text[0] == '3')
        return 0;
    for (int part = 0; part < 2; part++) {
        size_t digits = text[len] == '.' ? strspn(text + len + 1, "0123456789") : 0;

        if (digits < 1 || digits > 3)
            return 0;
        len += 1 + digits;
    }
    return text[len] == '\0' || text[len] == ' ' || text[len] == '\n' ? len : 0;
}

/* All lines without their enhanced codes, up to a size that a row and a page bear. */
static const char *
joined_text(TALLOC_CTX *ctx, const struct smtp_reader *reader)
{
    struct str *text = str_new(ctx);

    for (size_t i = 0; i < reader->count && text->len < TEXT_ENOUGH; i++) {
        const char *line = reader->lines[i];

        line += enhanced_len(line, reader->code);
        line += strspn(line, " ");
        if (i > 0)
            str_addc(text, '\n');
        for (; *line != '\0'; line++)
            str_addc(text, *line == '\n' ? ' ' : *line);
    }
    return str_text(text);
}

static enum smtp_class
classify(int code, enum smtp_phase phase)
{
    switch (code / 100) {
    case 2:
        return phase == SMTP_DATA ? SMTP_PROTOCOL : SMTP_ACCEPTED;
    case 3:
        return (phase == SMTP_DATA && code == 354) || (phase == SMTP_AUTH && code == 334) ? SMTP_ACCEPTED : SMTP_PROTOCOL;
    case 4:
        return SMTP_TEMPORARY;
    default:
        return SMTP_PERMANENT;
    }
}

struct smtp_reply *
smtp_reader_reply(TALLOC_CTX *ctx, const struct smtp_reader *reader, enum smtp_phase phase)
{
    struct smtp_reply *reply = mem_new(ctx, struct smtp_reply);

    must(reader->whole);
    reply->phase = phase;
    reply->code = reader->code;
    reply->class = classify(reader->code, phase);
    reply->enhanced = mem_strndup(reply, reader->lines[0], enhanced_len(reader->lines[0], reader->code));
    reply->text = joined_text(reply, reader);
    reply->closing = reply->code == 421 || reply->class == SMTP_PROTOCOL;
    if (phase == SMTP_DOT && reply->class == SMTP_ACCEPTED)
        reply->queue_id = smtp_queue_id(reply, reply->text);
    return reply;
}

struct smtp_reply *
smtp_reply_made(TALLOC_CTX *ctx, enum smtp_phase phase, enum smtp_class class, int code, const char *enhanced,
                const char *text)
{
    struct smtp_reply *reply = mem_new(ctx, struct smtp_reply);

    reply->phase = phase;
    reply->class = class;
    reply->code = code;
    reply->enhanced = mem_strdup(reply, enhanced);
    reply->text = mem_strdup(reply, text);
    reply->closing = class == SMTP_LOST || class == SMTP_TIMEOUT || class == SMTP_PROTOCOL;
    return reply;
}

struct smtp_reply *
smtp_reply_copy(TALLOC_CTX *ctx, const struct smtp_reply *reply)
{
    struct smtp_reply *copy = mem_new(ctx, struct smtp_reply);

    *copy = *reply;
    copy->enhanced = mem_strdup(copy, reply->enhanced);
    copy->text = mem_strdup(copy, reply->text);
    copy->queue_id = mem_strdup(copy, reply->queue_id);
    return copy;
}

char *
smtp_reply_line(TALLOC_CTX *ctx, const struct smtp_reply *reply)
{
    const char *blank = *reply->enhanced != '\0' ? " " : "";

    if (reply->code == 0)
        return mem_printf(ctx, "%s: %s", smtp_class_name(reply->class), reply->text);
    return mem_printf(ctx, "%d%s%s %s", reply->code, blank, reply->enhanced, reply->text);
}

/* The word that begins at `start`, when it can be a queue id. */
static char *
word_at(TALLOC_CTX *ctx, const char *start)
{
    size_t len;

    start += strspn(start, " <");
    len = strspn(start, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.@$+=/");
    while (len > 0 && start[len - 1] == '.')
        len--;
    return len >= 4 && len <= 128 ? mem_strndup(ctx, start, len) : NULL;
}

char *
smtp_queue_id(TALLOC_CTX *ctx, const char *text)
{
    static const char *const before[] = {
        "queued as ",                   /* Postfix; Amazon, Google and others write alike */
        "OK id=",                       /* Exim */
        "queued mail for delivery id ", /* some front ends */
        "[InternalId=",                 /* Exchange: "<id> [InternalId=4711, Hostname=...] Queued mail for delivery" */
    };
    const char *at;

    for (size_t i = 0; i < COUNT_OF(before); i++)
        if ((at = strcasestr(text, before[i])) != NULL)
            return word_at(ctx, at + strlen(before[i]));
    if (str_starts_nocase(text, "ok ") && (at = strstr(text, " qp ")) != NULL)     /* qmail */
        return word_at(ctx, at + 4);
    at = strstr(text, " Message accepted for delivery");    /* OpenSMTPD: "4f2a1c Message accepted for delivery" */
    if (at != NULL && memchr(text, ' ', (size_t)(at - text)) == NULL && memchr(text, '\n', (size_t)(at - text)) == NULL)
        return word_at(ctx, text);
    return NULL;
}

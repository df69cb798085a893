/* canon.c - one message in the two spellings that DKIM and ARC hash */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "auth/canon.h"

static bool
is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static bool
is_fold_or_blank(uint8_t c)
{
    return is_blank(c) || c == '\r' || c == '\n';
}

static struct blob
without_line_end(struct blob field)
{
    if (field.len > 0 && field.data[field.len - 1] == '\n')
        field.len--;
    if (field.len > 0 && field.data[field.len - 1] == '\r')
        field.len--;
    return field;
}

/* The name in small letters without blanks around it, and the colon. Returns what was used of the field. */
static size_t
relaxed_name(struct str *out, struct blob field)
{
    size_t i;

    for (i = 0; i < field.len && field.data[i] != ':'; i++)
        if (!is_fold_or_blank(field.data[i]))
            str_addc(out, field.data[i] < 0x80 ? (char)tolower(field.data[i]) : (char)field.data[i]);
    if (i < field.len)
        str_addc(out, ':');
    return i < field.len ? i + 1 : i;
}

/* Words with one blank between them, none at the ends; added run by run. @UNSAFE */
static void
relaxed_value(struct str *out, const uint8_t *p, const uint8_t *end)
{
    bool first = true;

    while (p < end) {
        const uint8_t *word;

        while (p < end && is_fold_or_blank(*p))
            p++;
        for (word = p; p < end && !is_fold_or_blank(*p);)
            p++;
        if (p > word && !first)
            str_addc(out, ' ');
        if (p > word)
            str_addn(out, word, (size_t)(p - word));
        first = first && p == word;
    }
}

void
canon_field_last(struct str *out, enum canon canon, struct blob field)
{
    field = without_line_end(field);
    if (canon == CANON_SIMPLE) {
        str_addn(out, field.data, field.len);
    } else {
        size_t used = relaxed_name(out, field);

        relaxed_value(out, field.data + used, field.data + field.len);
    }
}

void
canon_field(struct str *out, enum canon canon, struct blob field)
{
    canon_field_last(out, canon, field);
    str_addn(out, "\r\n", 2);
}

struct blob
canon_field_name(struct blob field)
{
    const uint8_t *colon = field.len == 0 ? NULL : memchr(field.data, ':', field.len);
    size_t len = colon == NULL ? 0 : (size_t)(colon - field.data);

    while (len > 0 && is_fold_or_blank(field.data[len - 1]))
        len--;
    return (struct blob){field.data, len};
}

void
canon_header(struct str *out, enum canon canon, const struct blob *fields, size_t count,
             const char *const *names, size_t name_count)
{
    struct blob *field_names = mem_array(out, struct blob, count + 1);

    for (size_t i = 0; i < count; i++)
        field_names[i] = canon_field_name(fields[i]);
    for (size_t n = 0; n < name_count; n++) {
        size_t len = strlen(names[n]), i = count;

        while (i > 0 && (field_names[i - 1].len != len
                         || strncasecmp((const char *)field_names[i - 1].data, names[n], len) != 0))
            i--;
        if (i == 0 || len == 0)
            continue;
        canon_field(out, canon, fields[i - 1]);
        field_names[i - 1].len = 0;     /* used up */
    }
    talloc_free(field_names);
}

/* What is held back: line ends that count only when a line with something in it follows, a CR that waits for its LF, and in
 * the relaxed form blanks that count only when a word follows. */
struct canon_body {
    struct sha256 *hash;
    enum canon canon;
    int64_t limit, written;
    uint64_t line_ends;
    bool cr, blank;
    size_t held;            /* words gathered, because hashing them one by one costs more than the hash */
    uint8_t buffer[4096];
};

struct canon_body *
canon_body_new(TALLOC_CTX *ctx, enum canon canon, int64_t limit)
{
    struct canon_body *body = mem_new(ctx, struct canon_body);

    body->hash = sha256_new(body);
    body->canon = canon;
    body->limit = limit;
    return body;
}

static void
flush(struct canon_body *body)
{
    sha256_add(body->hash, body->buffer, body->held);
    body->held = 0;
}

/* @UNSAFE */
static void
write_out(struct canon_body *body, const void *data, size_t len)
{
    int64_t room = body->limit - body->written;
    size_t wanted = room <= 0 ? 0 : (int64_t)len < room ? len : (size_t)room;

    body->written += (int64_t)len;
    if (wanted > sizeof body->buffer - body->held)
        flush(body);
    if (wanted > sizeof body->buffer) {
        sha256_add(body->hash, data, wanted);
    } else if (wanted > 0) {
        memcpy(body->buffer + body->held, data, wanted);
        body->held += wanted;
    }
}

static void
write_held(struct canon_body *body)
{
    static const char line_ends[] = "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n";

    while (body->line_ends > 0) {
        uint64_t now = body->line_ends < 8 ? body->line_ends : 8;

        write_out(body, line_ends, (size_t)now * 2);
        body->line_ends -= now;
    }
    if (body->blank)
        write_out(body, " ", 1);
    body->blank = false;
}

static void
write_word(struct canon_body *body, const uint8_t *word, size_t len)
{
    if (body->line_ends > 0 || body->blank)
        write_held(body);
    if (body->cr)
        write_out(body, "\r", 1);       /* it was not a line end's */
    body->cr = false;
    write_out(body, word, len);
}

/* What ends a word, by canon. */
static const bool word_ends[2][256] = {
    [CANON_SIMPLE] = {['\r'] = true, ['\n'] = true},
    [CANON_RELAXED] = {['\r'] = true, ['\n'] = true, [' '] = true, ['\t'] = true},
};

void
canon_body_add(struct canon_body *body, const void *data, size_t len)
{
    const uint8_t *p = data, *end = p + len;
    const bool *ends = word_ends[body->canon];

    while (p < end) {
        const uint8_t *word = p;

        while (p < end && !ends[*p])
            p++;
        if (p > word)
            write_word(body, word, (size_t)(p - word));
        if (p == end)
            return;
        if (*p == '\n' && body->cr) {
            body->cr = body->blank = false;
            body->line_ends++;
        } else if (*p == '\n') {
            write_word(body, p, 1);
        } else if (body->cr) {
            write_word(body, p, 0);
            continue;
        } else if (*p == '\r') {
            body->cr = true;
        } else {
            body->blank = true;
        }
        p++;
    }
}

int64_t
canon_body_end(struct canon_body *body, uint8_t digest_r[SHA256_LEN])
{
    if (body->cr)
        write_word(body, (const uint8_t *)"", 0);
    /* Empty lines at the end go; one line end stays, and in the simple form an empty body is one line end. */
    if (body->canon == CANON_SIMPLE || body->written > 0)
        write_out(body, "\r\n", 2);
    flush(body);
    sha256_end(body->hash, digest_r);
    return body->written;
}

void
canon_body_hash(enum canon canon, struct blob whole, uint8_t digest_r[SHA256_LEN])
{
    struct canon_body *body = canon_body_new(NULL, canon, CANON_NO_LIMIT);

    canon_body_add(body, whole.data, whole.len);
    canon_body_end(body, digest_r);
    talloc_free(body);
}

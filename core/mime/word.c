/* word.c - RFC 2047 words and RFC 2231 parameters, both ways */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mime/charset.h"
#include "mime/transfer.h"
#include "mime/word.h"
#include "util/crypto.h"
#include "util/str.h"

enum { CHARSET_MAX = 40, WORD_TEXT_MAX = 75, LINE_TEXT_MAX = 78, PLAIN_MAX = 850 };

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Clean UTF-8 on one line: line ends and tabs are blanks. */
static char *
one_line(char *text)
{
    for (char *p = text; *p != '\0'; p++)
        if (*p == '\n' || *p == '\t')
            *p = ' ';
    return text;
}

/* The value without line ends and NUL, and without blanks at both ends. */
static struct str *
unfold(TALLOC_CTX *ctx, struct blob value)
{
    struct str *text = str_new(ctx);
    const uint8_t *p = value.data, *end = p + value.len;

    while (p < end && (is_blank((char)*p) || *p == '\r' || *p == '\n'))
        p++;
    for (const uint8_t *run = p; p < end; run = p) {
        while (p < end && *p != '\r' && *p != '\n' && *p != '\0')
            p++;
        str_addn(text, run, (size_t)(p - run));
        while (p < end && (*p == '\r' || *p == '\n' || *p == '\0'))
            p++;
    }
    while (text->len > 0 && is_blank(text->s[text->len - 1]))
        text->s[--text->len] = '\0';
    return text;
}

/* Decoding */

struct word {
    char charset[CHARSET_MAX + 1];
    char encoding;              /* 'b' or 'q' */
    const char *text;
    size_t text_len;
    size_t len;                 /* of the whole word */
};

/* An encoded word at p ("=?" is known to be there). Mailers put blanks into Q, so only "?=" ends the text. `close` keeps
 * where the last "?=" was found (end: there is none), so that a field of beginnings is not searched again for each. */
static bool
word_at(const char *p, const char *end, struct word *word, const char **close)
{
    const char *c = p + 2, *mark;
    size_t len;

    mark = memchr(c, '?', (size_t)(end - c) < 80 ? (size_t)(end - c) : 80);
    if (mark == NULL || end - mark < 5 || mark[2] != '?' || strchr("bBqQ", mark[1]) == NULL)
        return false;
    for (len = 0; c + len < mark && c[len] != '*'; len++)   /* RFC 2231 5: charset*language */
        ;
    if (len == 0 || len > CHARSET_MAX)
        return false;
    memcpy(word->charset, c, len);
    word->charset[len] = '\0';
    word->encoding = (char)(mark[1] | 0x20);
    word->text = mark + 3;
    if (*close < word->text)
        *close = memmem(word->text, (size_t)(end - word->text), "?=", 2);
    if (*close == NULL)
        *close = end;
    if (*close == end)
        return false;
    word->text_len = (size_t)(*close - word->text);
    word->len = (size_t)(*close + 2 - p);
    return true;
}

static void
decode_q(struct str *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        int high = i + 2 < len ? transfer_hex((uint8_t)text[i + 1]) : -1, low = i + 2 < len ? transfer_hex((uint8_t)text[i + 2]) : -1;

        if (text[i] == '=' && high >= 0 && low >= 0) {
            str_addc(out, (char)(high << 4 | low));
            i += 2;
        } else
            str_addc(out, text[i] == '_' ? ' ' : text[i]);
    }
}

static bool
b_is_plausible(const struct word *word)
{
    return memchr(word->text, ' ', word->text_len) == NULL;
}

struct decoder {
    struct str *out;
    struct str *bytes;          /* of words of one charset, joined */
    char charset[CHARSET_MAX + 1];
};

static void
decoder_flush(struct decoder *decoder)
{
    char *text;

    if (decoder->bytes->len == 0)
        return;
    text = charset_to_utf8(NULL, decoder->charset, str_blob(decoder->bytes));
    str_add(decoder->out, text);
    talloc_free(text);
    str_clear(decoder->bytes);
}

static void
decoder_word(struct decoder *decoder, const struct word *word)
{
    if (strcasecmp(decoder->charset, word->charset) != 0) {
        decoder_flush(decoder);
        memcpy(decoder->charset, word->charset, sizeof(decoder->charset));
    }
    if (word->encoding == 'q')
        decode_q(decoder->bytes, word->text, word->text_len);
    else
        transfer_base64(decoder->bytes, (struct blob){(const uint8_t *)word->text, word->text_len});
}

static void
decoder_text(struct decoder *decoder, const char *text, size_t len)
{
    char *clean;

    if (len == 0)
        return;
    decoder_flush(decoder);
    clean = charset_to_utf8(NULL, NULL, (struct blob){(const uint8_t *)text, len});
    str_add(decoder->out, clean);
    talloc_free(clean);
}

/* The next "=?" that is not the inside of raw ISO-2022-JP, where 0x3D 0x3F is a kanji. */
static const char *
next_word_mark(const char *p, const char *end)
{
    bool kanji = false;

    for (; p + 1 < end; p++) {
        if (p[0] == 0x1b && p + 2 < end)
            kanji = p[1] == '$' || (p[1] == '(' && p[2] == 'I');
        else if (!kanji && p[0] == '=' && p[1] == '?')
            return p;
    }
    return end;
}

static bool
only_blanks(const char *p, const char *end)
{
    while (p < end && is_blank(*p))
        p++;
    return p == end;
}

static void
decode_into(struct str *out, const char *text, size_t len)
{
    const char *p = text, *end = text + len, *plain = text, *close = text;
    struct decoder decoder = {.out = out, .bytes = str_new(NULL)};
    bool after_word = false;

    while ((p = next_word_mark(p, end)) < end) {
        struct word word;

        if (!word_at(p, end, &word, &close) || !charset_is_known(word.charset) || (word.encoding == 'b' && !b_is_plausible(&word))) {
            p += 2;
            continue;
        }
        if (!after_word || !only_blanks(plain, p))
            decoder_text(&decoder, plain, (size_t)(p - plain));
        decoder_word(&decoder, &word);
        p += word.len;
        plain = p;
        after_word = true;
    }
    decoder_text(&decoder, plain, (size_t)(end - plain));
    decoder_flush(&decoder);
    talloc_free(decoder.bytes);
}

char *
word_decode(TALLOC_CTX *ctx, struct blob value)
{
    struct str *text = unfold(NULL, value), *out = str_new(text);
    char *clean;

    decode_into(out, text->s, text->len);
    clean = one_line(utf8_clean(ctx, out->s, out->len));
    talloc_free(text);
    return clean;
}

char *
word_decode_text(TALLOC_CTX *ctx, const char *value)
{
    return value != NULL ? word_decode(ctx, blob_of(value)) : NULL;
}

/* Parameters */

/* One "name*N*=value" as it stands. */
struct section {
    char *name;                 /* small letters, without its stars */
    struct str *value;          /* unquoted bytes */
    int number;                 /* -1: not numbered */
    bool extended;              /* ends in a star: charset'language'%XX */
    bool used;
};

struct reader {
    const char *p, *end;
};

/* Blanks and comments, nested to any depth. */
static void
skip_cfws(struct reader *r)
{
    size_t depth = 0;

    for (; r->p < r->end; r->p++) {
        if (*r->p == '\\' && depth > 0 && r->p + 1 < r->end)
            r->p++;
        else if (*r->p == '(')
            depth++;
        else if (*r->p == ')' && depth > 0)
            depth--;
        else if (depth == 0 && !is_blank(*r->p))
            return;
    }
}

/* A kanji of raw ISO-2022-JP may look like a quote or a backslash: copied up to the next escape. */
static void
read_kanji(struct reader *r, struct str *out)
{
    do
        str_addc(out, *r->p++);
    while (r->p + 1 < r->end && *r->p != 0x1b);
}

static void
read_quoted(struct reader *r, struct str *out)
{
    for (r->p++; r->p < r->end && *r->p != '"'; r->p++) {
        if (*r->p == 0x1b && r->end - r->p > 1 && r->p[1] == '$')
            read_kanji(r, out);
        if (*r->p == '\\' && ++r->p == r->end)
            return;
        str_addc(out, *r->p);
    }
    if (r->p < r->end)
        r->p++;
}

/* What stands up to the semicolon, blanks at its end removed; an unquoted value may hold blanks (mailers forget the quotes). */
static void
read_plain(struct reader *r, struct str *out)
{
    const char *start = r->p, *stop;

    while (r->p < r->end && *r->p != ';')
        r->p++;
    for (stop = r->p; stop > start && is_blank(stop[-1]); stop--)
        ;
    str_addn(out, start, (size_t)(stop - start));
}

static void
skip_to_semicolon(struct reader *r)
{
    while (r->p < r->end && *r->p != ';') {
        if (*r->p == '"') {
            struct str *ignored = str_new(NULL);

            read_quoted(r, ignored);
            talloc_free(ignored);
        } else
            r->p++;
    }
}

/* Splits the stars off the name; false when what follows them is no number. */
static bool
section_name(struct section *section, char *name)
{
    char *star = strchr(name, '*'), *after;
    int64_t number;

    section->name = name;
    section->number = -1;
    if (star == NULL)
        return true;
    *star = '\0';
    after = star + 1;
    if (*after == '\0') {
        section->extended = true;
        return true;
    }
    if (str_ends(after, "*")) {
        section->extended = true;
        after[strlen(after) - 1] = '\0';
    }
    if (!str_to_int(after, 0, WORD_PARAMS_MAX, &number) || (after[0] == '0' && after[1] != '\0'))
        return false;
    section->number = (int)number;
    return true;
}

/* One parameter behind a semicolon; false when there is none to keep. */
static bool
read_section(TALLOC_CTX *ctx, struct reader *r, struct section *section)
{
    const char *name;
    size_t len;

    *section = (struct section){0};
    skip_cfws(r);
    name = r->p;
    while (r->p < r->end && strchr("=; \t(\"", *r->p) == NULL)
        r->p++;
    len = (size_t)(r->p - name);
    skip_cfws(r);
    if (len == 0 || r->p == r->end || *r->p != '=') {
        skip_to_semicolon(r);
        return false;
    }
    r->p++;
    skip_cfws(r);
    section->value = str_new(ctx);
    if (r->p < r->end && *r->p == '"') {
        read_quoted(r, section->value);
        skip_to_semicolon(r);
    } else
        read_plain(r, section->value);
    return section_name(section, str_lower(ctx, mem_strndup(ctx, name, len)));
}

static void
add_percent_decoded(struct str *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        int high = i + 2 < len ? transfer_hex((uint8_t)text[i + 1]) : -1, low = i + 2 < len ? transfer_hex((uint8_t)text[i + 2]) : -1;

        if (text[i] == '%' && high >= 0 && low >= 0) {
            str_addc(out, (char)(high << 4 | low));
            i += 2;
        } else
            str_addc(out, text[i]);
    }
}

/* "charset'language'" before an extended value; what is left, and the charset (empty when there is none). */
static const char *
take_charset(const char *value, char charset[CHARSET_MAX + 1])
{
    const char *first = strchr(value, '\''), *second = first != NULL ? strchr(first + 1, '\'') : NULL;

    charset[0] = '\0';
    if (first == NULL || first - value > CHARSET_MAX)
        return value;
    memcpy(charset, value, (size_t)(first - value));
    charset[first - value] = '\0';
    return second != NULL ? second + 1 : first + 1;
}

static struct section *
section_find(struct section *rows, size_t count, const char *name, int number)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].number == number && strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

/* name*0, name*1 ... up to the first gap; each first of its number counts. NULL when there is no name*0. */
static char *
join_sections(TALLOC_CTX *ctx, struct section *rows, size_t count, const char *name)
{
    struct str *bytes = str_new(NULL);
    char charset[CHARSET_MAX + 1] = "", *text = NULL;
    struct section *first = section_find(rows, count, name, 0), *section = first;

    for (int number = 0; section != NULL; section = section_find(rows, count, name, ++number)) {
        const char *value = section->value->s;

        if (section->extended && number == 0)
            value = take_charset(value, charset);
        if (section->extended)
            add_percent_decoded(bytes, value, strlen(value));
        else
            str_addn(bytes, section->value->s, section->value->len);
    }
    if (first != NULL)
        text = charset[0] != '\0' ? charset_to_utf8(ctx, charset, str_blob(bytes)) : word_decode(ctx, str_blob(bytes));
    talloc_free(bytes);
    return text;
}

/* name*=charset'language'value. NULL when there is none; when strict, also when its charset does not fit it. */
static char *
extended_value(TALLOC_CTX *ctx, struct section *rows, size_t count, const char *name, bool strict)
{
    struct str *bytes;
    char charset[CHARSET_MAX + 1], *text = NULL;
    const char *value = NULL;

    for (size_t i = 0; i < count && value == NULL; i++)
        if (rows[i].number == -1 && rows[i].extended && strcmp(rows[i].name, name) == 0)
            value = take_charset(rows[i].value->s, charset);
    if (value == NULL)
        return NULL;
    bytes = str_new(NULL);
    add_percent_decoded(bytes, value, strlen(value));
    if (!strict || (charset_is_known(charset) &&
                    (!str_eq_nocase(charset, "utf-8") || utf8_is_valid(bytes->s, bytes->len))))
        text = charset_to_utf8(ctx, charset, str_blob(bytes));
    talloc_free(bytes);
    return text;
}

static char *
plain_value(TALLOC_CTX *ctx, struct section *rows, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].number == -1 && !rows[i].extended && strcmp(rows[i].name, name) == 0)
            return word_decode(ctx, str_blob(rows[i].value));
    return NULL;
}

/* In the order of RFC 2231's authority: name*=, name*0..., name=. */
static char *
param_value(TALLOC_CTX *ctx, struct section *rows, size_t count, const char *name)
{
    char *value = extended_value(ctx, rows, count, name, true);

    if (value == NULL)
        value = join_sections(ctx, rows, count, name);
    if (value == NULL)
        value = plain_value(ctx, rows, count, name);
    if (value == NULL)
        value = extended_value(ctx, rows, count, name, false);
    return value != NULL ? one_line(value) : NULL;
}

static void
params_add(struct params *params, struct section *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *value;

        if (rows[i].used)
            continue;
        for (size_t k = i; k < count; k++)
            rows[k].used |= strcmp(rows[k].name, rows[i].name) == 0;
        value = param_value(params, rows, count, rows[i].name);
        if (value == NULL)
            continue;
        params->rows[params->count].name = mem_strdup(params, rows[i].name);
        params->rows[params->count++].value = value;
    }
}

/* What stands before the first semicolon, without comments. */
static char *
read_head(TALLOC_CTX *ctx, struct reader *r)
{
    struct str *head = str_new(NULL);
    char *text;

    for (skip_cfws(r); r->p < r->end && *r->p != ';';) {
        if (*r->p == '(')
            skip_cfws(r);
        else
            str_addc(head, *r->p++);
    }
    text = str_trim(ctx, head->s);
    talloc_free(head);
    return text;
}

struct params *
params_parse(TALLOC_CTX *ctx, struct blob value)
{
    struct params *params = mem_new(ctx, struct params);
    struct str *text = unfold(NULL, value);
    struct reader r = {text->s, text->s + text->len};
    struct section *rows = mem_array(text, struct section, WORD_PARAMS_MAX);
    size_t count = 0;

    params->value = read_head(params, &r);
    while (r.p < r.end && !params->cut) {
        r.p++;      /* the semicolon */
        if (count < WORD_PARAMS_MAX)
            count += read_section(text, &r, &rows[count]);
        else
            params->cut = true;
    }
    params->rows = mem_array(params, struct param, count + 1);
    params_add(params, rows, count);
    talloc_free(text);
    return params;
}

const char *
params_get(const struct params *params, const char *name)
{
    for (size_t i = 0; i < params->count; i++)
        if (strcmp(params->rows[i].name, name) == 0)
            return params->rows[i].value;
    return NULL;
}

/* Encoding */

/* Not plain ASCII, or what a reader would take for a word, or too long for any line. */
static bool
needs_encoding(const char *p, const char *end)
{
    if (end - p > PLAIN_MAX)
        return true;
    for (const char *c = p; c < end; c++)
        if ((unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7f)
            return true;
    return memmem(p, (size_t)(end - p), "=?", 2) != NULL;
}

static bool
q_is_plain(char c)
{
    /* RFC 2047 5 (3): what may stand in a phrase may stand anywhere. */
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("!*+-/", c) != NULL;
}

static size_t
q_len(const char *p, size_t len)
{
    size_t sum = 0;

    for (size_t i = 0; i < len; i++)
        sum += p[i] == ' ' || q_is_plain(p[i]) ? 1 : 3;
    return sum;
}

static size_t
b_len(size_t len)
{
    return (len + 2) / 3 * 4;
}

static size_t
character_len(const char *p, const char *end)
{
    size_t len = 1;

    while (p + len < end && ((unsigned char)p[len] & 0xc0) == 0x80 && len < 4)
        len++;
    return len;
}

static void
add_word(struct str *out, bool q, const char *p, size_t len)
{
    static const char hex[] = "0123456789ABCDEF";

    str_add(out, q ? "=?UTF-8?Q?" : "=?UTF-8?B?");
    if (q) {
        for (size_t i = 0; i < len; i++) {
            unsigned char c = (unsigned char)p[i];

            if (c == ' ')
                str_addc(out, '_');
            else if (q_is_plain((char)c))
                str_addc(out, (char)c);
            else {
                str_addc(out, '=');
                str_addc(out, hex[c >> 4]);
                str_addc(out, hex[c & 15]);
            }
        }
    } else {
        char *base64 = base64_encode(NULL, (struct blob){(const uint8_t *)p, len});

        str_add(out, base64);
        talloc_free(base64);
    }
    str_add(out, "?=");
}

/* How much of p fits into a word of `room` letters, whole characters only; one at least. */
static size_t
word_fit(bool q, const char *p, const char *end, size_t room)
{
    size_t len = character_len(p, end), payload = room - 12;

    for (;;) {
        size_t more = p + len < end ? character_len(p + len, end) : 0;

        if (more == 0 || (q ? q_len(p, len + more) : b_len(len + more)) > payload)
            return len;
        len += more;
    }
}

enum { WORD_ROOM_MIN = 12 + 12 };   /* the frame, and one character of four bytes in Q */

static void
str_clip(struct str *out, size_t len)
{
    out->len -= len;
    out->s[out->len] = '\0';
}

static void
encode_stretch(struct str *out, size_t *column, const char *p, const char *end)
{
    bool q = q_len(p, (size_t)(end - p)) <= b_len((size_t)(end - p));
    bool first = true;

    while (p < end) {
        size_t room = *column < LINE_TEXT_MAX ? LINE_TEXT_MAX - *column : 0, len, before;

        if (!first || room < WORD_ROOM_MIN) {
            if (first && out->len > 0)
                str_clip(out, 1);       /* the blank before it moves to the next line */
            str_add(out, "\r\n ");
            *column = 1;
            room = LINE_TEXT_MAX - 1;
        }
        len = word_fit(q, p, end, room < WORD_TEXT_MAX ? room : WORD_TEXT_MAX);
        before = out->len;
        add_word(out, q, p, len);
        *column += out->len - before;
        p += len;
        first = false;
    }
}

/* Text for one line: what ends or bends a line is a blank, invalid UTF-8 is U+FFFD. */
static char *
line_text(TALLOC_CTX *ctx, const char *text)
{
    char *copy = mem_strdup(NULL, text), *clean;

    for (char *p = copy; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = ' ';
    clean = utf8_clean(ctx, copy, strlen(copy));
    talloc_free(copy);
    return clean;
}

/* First and end of the words (between blanks) that need encoding; false when none does. */
static bool
find_stretch(const char *text, const char **from_r, const char **to_r)
{
    const char *p = text;

    *from_r = NULL;
    while (*p != '\0') {
        const char *word = p;

        while (*p != '\0' && *p != ' ')
            p++;
        if (needs_encoding(word, p)) {
            if (*from_r == NULL)
                *from_r = word;
            *to_r = p;
        }
        while (*p == ' ')
            p++;
    }
    return *from_r != NULL;
}

char *
word_encode(TALLOC_CTX *ctx, const char *text, size_t prefix_len)
{
    char *clean = line_text(NULL, text), *result;
    struct str *out = str_new(NULL);
    const char *from, *to;
    size_t column;

    if (!find_stretch(clean, &from, &to)) {
        result = mem_strdup(ctx, clean);
    } else {
        str_addn(out, clean, (size_t)(from - clean));
        column = prefix_len + out->len;
        encode_stretch(out, &column, from, to);
        str_add(out, to);
        result = mem_strndup(ctx, out->s, out->len);
    }
    talloc_free(out);
    talloc_free(clean);
    return result;
}

static bool
is_atoms(const char *text)
{
    if (*text == '\0' || *text == ' ' || text[strlen(text) - 1] == ' ' || strstr(text, "  ") != NULL)
        return false;
    for (const char *p = text; *p != '\0'; p++)
        if (!(*p >= 'a' && *p <= 'z') && !(*p >= 'A' && *p <= 'Z') && !(*p >= '0' && *p <= '9') &&
            strchr(" !#$%&'*+-/=?^_`{|}~", *p) == NULL)
            return false;
    return true;
}

char *
word_encode_phrase(TALLOC_CTX *ctx, const char *text, size_t prefix_len)
{
    char *clean = line_text(NULL, text), *result;
    struct str *out = str_new(NULL);
    size_t column = prefix_len;

    if (needs_encoding(clean, clean + strlen(clean)))
        encode_stretch(out, &column, clean, clean + strlen(clean));
    else if (is_atoms(clean))
        str_add(out, clean);
    else {
        str_addc(out, '"');
        for (const char *p = clean; *p != '\0'; p++) {
            if (*p == '"' || *p == '\\')
                str_addc(out, '\\');
            str_addc(out, *p);
        }
        str_addc(out, '"');
    }
    result = mem_strndup(ctx, out->s, out->len);
    talloc_free(out);
    talloc_free(clean);
    return result;
}

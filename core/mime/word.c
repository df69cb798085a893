/* word.c - reading encoded words */
#include <string.h>
#include <strings.h>

#include "mime/charset.h"
#include "mime/transfer.h"
#include "mime/word-private.h"

char *
word_one_line(char *text)
{
    for (char *p = text; *p != '\0'; p++)
        if (*p == '\n' || *p == '\t')
            *p = ' ';
    return text;
}

struct str *
word_unfold(TALLOC_CTX *ctx, struct blob value)
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
        int byte = text[i] == '=' ? transfer_hex_pair(text + i + 1, len - i - 1) : -1;

        if (byte >= 0) {
            str_addc(out, (char)byte);
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
    struct str *text = word_unfold(NULL, value), *out = str_new(text);
    char *clean;

    decode_into(out, text->s, text->len);
    clean = word_one_line(utf8_clean(ctx, out->s, out->len));
    talloc_free(text);
    return clean;
}

char *
word_decode_text(TALLOC_CTX *ctx, const char *value)
{
    return value != NULL ? word_decode(ctx, blob_of(value)) : NULL;
}

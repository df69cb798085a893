/* html-check.c - lists of what may be said */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mime/html-check.h"
#include "mime/transfer.h"
#include "util/str.h"

enum { LENGTH_MOST = 9999, WORDS_MOST = 8, WORD_MOST = 60 };

/* ---- words ---- */

/* The value in small letters, without blanks at its ends, when it is one of these. */
static const char *
one_of(TALLOC_CTX *ctx, const char *value, const char *words)
{
    char *word = str_lower(ctx, str_trim(ctx, value)), *found;
    size_t len = strlen(word);

    if (len == 0 || strpbrk(word, " \t\n") != NULL)
        return NULL;
    for (found = strstr(words, word); found != NULL; found = strstr(found + 1, word))
        if ((found == words || found[-1] == ' ') && (found[len] == ' ' || found[len] == '\0'))
            return word;
    return NULL;
}

static const char *
number(TALLOC_CTX *ctx, const char *value, int64_t min, int64_t max)
{
    int64_t n;

    return str_to_int(str_trim(ctx, value), min, max, &n) ? mem_printf(ctx, "%d", (int)n) : NULL;
}

/* Digits with at most one point, then one of the units. */
static const char *
length(TALLOC_CTX *ctx, const char *value, const char *units)
{
    char *text = str_lower(ctx, str_trim(ctx, value));
    size_t digits = strspn(text, "0123456789"), fraction = 0;

    if (text[digits] == '.')
        fraction = 1 + strspn(text + digits + 1, "0123456789");
    if (digits + fraction == 0 || fraction == 1 || digits > 4 || fraction > 4)
        return NULL;
    if (text[digits + fraction] == '\0')
        return text;
    return one_of(ctx, text + digits + fraction, units) != NULL ? text : NULL;
}

static bool
is_hex(const char *text, size_t len)
{
    return strspn(text, "0123456789abcdef") >= len && len > 0;
}

static const char *
colour(TALLOC_CTX *ctx, const char *value)
{
    char *text = str_lower(ctx, str_trim(ctx, value));
    size_t len = strlen(text), letters = strspn(text, "abcdefghijklmnopqrstuvwxyz");

    if (text[0] == '#')
        return (len == 4 || len == 5 || len == 7 || len == 9) && is_hex(text + 1, len - 1) ? text : NULL;
    if (letters == len && len > 0 && len <= 20)
        return text;
    if (len == 6 && is_hex(text, len))
        return text;
    if ((str_starts(text, "rgb(") || str_starts(text, "rgba(")) && len < 40 && text[len - 1] == ')' &&
        strspn(text + letters + 1, "0123456789., %/") == len - letters - 2)
        return text;
    return NULL;
}

static const char *
language(TALLOC_CTX *ctx, const char *value)
{
    char *text = str_trim(ctx, value);
    size_t len = strlen(text);

    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '-')
            return NULL;
    return len > 0 && len <= 35 ? text : NULL;
}

/* ---- styles ---- */

/* Forms of values; a form is one word unless it says more. */
enum form { FORM_WORDS, FORM_COLOUR, FORM_LENGTH, FORM_LENGTHS, FORM_BORDER, FORM_FAMILY };

static const char UNITS[] = "px pt em rem ex ch % cm mm in pc";

static const struct { const char *property; enum form form; const char *words; const char *written; } properties[] = {
    {"background", FORM_COLOUR, NULL, "background-color"},
    {"background-color", FORM_COLOUR, NULL, NULL},
    {"border", FORM_BORDER, NULL, NULL},
    {"border-bottom", FORM_BORDER, NULL, NULL},
    {"border-collapse", FORM_WORDS, "collapse separate", NULL},
    {"border-color", FORM_COLOUR, NULL, NULL},
    {"border-left", FORM_BORDER, NULL, NULL},
    {"border-radius", FORM_LENGTH, "", NULL},
    {"border-right", FORM_BORDER, NULL, NULL},
    {"border-spacing", FORM_LENGTHS, "", NULL},
    {"border-style", FORM_WORDS, "none solid dashed dotted double groove ridge inset outset", NULL},
    {"border-top", FORM_BORDER, NULL, NULL},
    {"border-width", FORM_LENGTHS, "thin medium thick", NULL},
    {"color", FORM_COLOUR, NULL, NULL},
    {"direction", FORM_WORDS, "ltr rtl", NULL},
    {"font-family", FORM_FAMILY, NULL, NULL},
    {"font-size", FORM_LENGTH, "xx-small x-small small medium large x-large xx-large smaller larger", NULL},
    {"font-style", FORM_WORDS, "normal italic oblique", NULL},
    {"font-weight", FORM_WORDS, "normal bold bolder lighter 100 200 300 400 500 600 700 800 900", NULL},
    {"height", FORM_LENGTH, "auto", NULL},
    {"line-height", FORM_LENGTH, "normal", NULL},
    {"list-style-type", FORM_WORDS, "none disc circle square decimal lower-alpha upper-alpha lower-roman upper-roman", NULL},
    {"margin", FORM_LENGTHS, "auto", NULL},
    {"margin-bottom", FORM_LENGTH, "auto", NULL},
    {"margin-left", FORM_LENGTH, "auto", NULL},
    {"margin-right", FORM_LENGTH, "auto", NULL},
    {"margin-top", FORM_LENGTH, "auto", NULL},
    {"max-width", FORM_LENGTH, "none", NULL},
    {"padding", FORM_LENGTHS, "", NULL},
    {"padding-bottom", FORM_LENGTH, "", NULL},
    {"padding-left", FORM_LENGTH, "", NULL},
    {"padding-right", FORM_LENGTH, "", NULL},
    {"padding-top", FORM_LENGTH, "", NULL},
    {"text-align", FORM_WORDS, "left right center justify start end", NULL},
    {"text-decoration", FORM_WORDS, "none underline line-through overline", NULL},
    {"text-indent", FORM_LENGTH, "", NULL},
    {"text-transform", FORM_WORDS, "none uppercase lowercase capitalize", NULL},
    {"vertical-align", FORM_WORDS, "top middle bottom baseline sub super text-top text-bottom", NULL},
    {"white-space", FORM_WORDS, "normal nowrap pre pre-wrap pre-line", NULL},
    {"width", FORM_LENGTH, "auto", NULL},
};

static const char *
length_or_word(TALLOC_CTX *ctx, const char *value, const char *words)
{
    const char *found = length(ctx, value, UNITS);

    return found != NULL ? found : one_of(ctx, value, words);
}

static const char *
border_word(TALLOC_CTX *ctx, const char *value)
{
    const char *found = length_or_word(ctx, value, "none solid dashed dotted double groove ridge inset outset thin medium thick");

    return found != NULL ? found : colour(ctx, value);
}

/* Several words, each of which is checked; "1px solid rgb(1, 2, 3)" wants its blanks inside brackets gone before. */
static const char *
several(TALLOC_CTX *ctx, const char *value, const char *words, bool is_border)
{
    struct str *out = str_new(ctx);
    size_t count = 0;

    for (const char *p = value + strspn(value, " \t\n"); *p != '\0'; p += strspn(p, " \t\n")) {
        size_t len = strcspn(p, " \t\n");
        char *word = mem_strndup(ctx, p, len);
        const char *checked = is_border ? border_word(ctx, word) : length_or_word(ctx, word, words);

        if (checked == NULL || len > WORD_MOST || ++count > WORDS_MOST)
            return NULL;
        str_add(out, count > 1 ? " " : "");
        str_add(out, checked);
        p += len;
    }
    return count > 0 ? out->s : NULL;
}

/* Of all fonts one matters to the reader: that letters are of one width. */
static const char *
family(const char *value)
{
    static const char *const fixed[] = {"monospace", "courier", "consolas", "menlo", "monaco"};

    for (size_t i = 0; i < COUNT_OF(fixed); i++)
        if (strcasestr(value, fixed[i]) != NULL)
            return "monospace";
    return NULL;
}

static const char *
style_value(TALLOC_CTX *ctx, size_t row, const char *value)
{
    switch (properties[row].form) {
    case FORM_WORDS:
        return one_of(ctx, value, properties[row].words);
    case FORM_COLOUR:
        return colour(ctx, value);
    case FORM_LENGTH:
        return length_or_word(ctx, value, properties[row].words);
    case FORM_LENGTHS:
        return several(ctx, value, properties[row].words, false);
    case FORM_BORDER:
        return several(ctx, value, NULL, true);
    case FORM_FAMILY:
        return family(value);
    }
    return NULL;
}

/* "a: b !important" as "a:b;", or nothing. */
static void
add_declaration(TALLOC_CTX *ctx, struct str *out, const char *text, size_t len)
{
    char *copy = mem_strndup(ctx, text, len), *colon = strchr(copy, ':'), *mark;
    const char *property, *value;

    if (colon == NULL)
        return;
    *colon = '\0';
    if ((mark = strchr(colon + 1, '!')) != NULL)
        *mark = '\0';
    property = str_lower(ctx, str_trim(ctx, copy));
    for (size_t i = 0; i < COUNT_OF(properties); i++) {
        if (strcmp(properties[i].property, property) != 0)
            continue;
        value = style_value(ctx, i, str_trim(ctx, colon + 1));
        if (value != NULL)
            str_addf(out, "%s%s:%s", out->len > 0 ? ";" : "", properties[i].written != NULL ? properties[i].written : property, value);
        return;
    }
}

enum { STYLE_MOST = 4000 };

static const char *
style(TALLOC_CTX *ctx, const char *value)
{
    struct str *out = str_new(ctx);

    if (strlen(value) > STYLE_MOST)
        return NULL;
    for (const char *p = value; *p != '\0';) {
        size_t len = strcspn(p, ";");

        add_declaration(ctx, out, p, len);
        p += len + (p[len] == ';');
    }
    return out->len > 0 ? out->s : NULL;
}

/* ---- attributes ---- */

const char *
html_check(TALLOC_CTX *ctx, enum html_check check, const char *value)
{
    switch (check) {
    case HTML_CHECK_TEXT:
        return value[0] != '\0' ? value : NULL;
    case HTML_CHECK_NUMBER:
        return number(ctx, value, 0, LENGTH_MOST);
    case HTML_CHECK_SPAN:
        return number(ctx, value, 1, 100);
    case HTML_CHECK_LENGTH:
        return length(ctx, value, "%");
    case HTML_CHECK_COLOUR:
        return colour(ctx, value);
    case HTML_CHECK_LANGUAGE:
        return language(ctx, value);
    case HTML_CHECK_ALIGN:
        return one_of(ctx, value, "left right center justify middle top bottom");
    case HTML_CHECK_VALIGN:
        return one_of(ctx, value, "top middle bottom baseline");
    case HTML_CHECK_DIRECTION:
        return one_of(ctx, value, "ltr rtl auto");
    case HTML_CHECK_LIST:
        return strlen(value) == 1 && strchr("1aAiI", value[0]) != NULL ? value : one_of(ctx, value, "disc circle square");
    case HTML_CHECK_SIZE:
        return one_of(ctx, value, "1 2 3 4 5 6 7 +1 +2 +3 +4 -1 -2 -3");
    case HTML_CHECK_STYLE:
        return style(ctx, value);
    }
    return NULL;
}

/* ---- addresses ---- */

/* As browsers read it: nothing that is not to be seen around it, no tab and line end in it. */
static char *
squeeze_url(TALLOC_CTX *ctx, const char *value)
{
    struct str *out = str_new(ctx);
    size_t len;

    while (*value != '\0' && (unsigned char)*value <= 0x20)
        value++;
    for (len = strlen(value); len > 0 && (unsigned char)value[len - 1] <= 0x20; len--)
        ;
    for (size_t i = 0; i < len; i++)
        if (value[i] == ' ')
            str_add(out, "%20");
        else if (value[i] != '\t' && value[i] != '\n' && value[i] != '\r')
            str_addc(out, value[i]);
    return out->s;
}

const char *
html_check_url(TALLOC_CTX *ctx, const char *value)
{
    static const char *const schemes[] = {"http://", "https://", "mailto:"};
    char *url = squeeze_url(ctx, value);

    if (strlen(url) > HTML_URL_MOST || str_has_control(url) || !utf8_is_valid(url, strlen(url)))
        return NULL;
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        size_t len = strlen(schemes[i]);
        char first;

        if (strncasecmp(url, schemes[i], len) != 0)
            continue;
        first = url[len];
        return isalnum((unsigned char)first) || (first & 0x80) != 0 || (first == '[' && i < 2) ? url : NULL;
    }
    return NULL;
}

const char *
html_content_id(TALLOC_CTX *ctx, const char *value)
{
    char *url = squeeze_url(ctx, value);
    struct str *out = str_new(ctx);

    if (!str_starts_nocase(url, "cid:"))
        return NULL;
    for (const char *p = url + 4; *p != '\0'; p++) {
        int byte = *p == '%' ? transfer_hex_pair(p + 1, strlen(p + 1)) : -1;

        str_addc(out, byte > 0 ? (char)byte : *p);
        p += byte > 0 ? 2 : 0;
    }
    return out->len > 0 ? out->s : NULL;
}

/* ---- pictures ---- */

const char *
html_image_type(struct blob data)
{
    static const struct { const char *type, *begins; size_t len; } rows[] = {
        {"image/png", "\x89PNG\r\n\x1a\n", 8}, {"image/jpeg", "\xff\xd8\xff", 3}, {"image/gif", "GIF87a", 6}, {"image/gif", "GIF89a", 6},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (data.len >= rows[i].len && memcmp(data.data, rows[i].begins, rows[i].len) == 0)
            return rows[i].type;
    return data.len >= 12 && memcmp(data.data, "RIFF", 4) == 0 && memcmp(data.data + 8, "WEBP", 4) == 0 ? "image/webp" : NULL;
}

enum { BEGINS_WITH = 16 };

bool
html_is_data_image(const char *value)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t type_len, digits;
    const char *type, *data;
    struct str *begin;
    bool is_image;

    if (!str_starts(value, "data:image/"))
        return false;
    type_len = strcspn(value + 5, ";,");
    data = value + 5 + type_len;
    if (!str_starts(data, ";base64,"))
        return false;
    data += 8;
    digits = strspn(data, alphabet);
    if (data[digits + strspn(data + digits, "=")] != '\0')
        return false;
    begin = str_new(NULL);
    transfer_base64(begin, (struct blob){(const uint8_t *)data, digits < BEGINS_WITH ? digits : BEGINS_WITH});
    type = html_image_type(str_blob(begin));
    is_image = type != NULL && strlen(type) == type_len && strncmp(type, value + 5, type_len) == 0;
    talloc_free(begin);
    return is_image;
}

/* search-value.c - what one word, phrase or value of a field asks for */
#include <string.h>

#include "archive/search-query-private.h"
#include "util/i18n.h"
#include "util/str.h"
#include "util/when.h"

/* ---- faults ---- */

struct query_node *
query_refuse(struct query_reader *reader, const char *at, const char *word, const char *sentence)
{
    if (reader->fault->sentence == NULL) {
        size_t place = utf8_length(mem_strndup(reader->ctx, reader->text, (size_t)(at - reader->text))) + 1;

        *reader->fault = (struct query_fault){sentence, mem_strdup(reader->ctx, word), place};
    }
    return NULL;
}

/* ---- nodes ---- */

struct query_node *
query_node_new(struct query_reader *reader, enum query_kind kind)
{
    struct query_node *node = mem_new(reader->query, struct query_node);

    node->kind = kind;
    return node;
}

void
query_node_add(struct query_node *parent, struct query_node *child)
{
    if (parent->last == NULL)
        parent->first = child;
    else
        parent->last->next = child;
    parent->last = child;
}

static struct query_node *
node_pair(struct query_reader *reader, enum query_kind kind, struct query_node *one, struct query_node *two)
{
    struct query_node *node = query_node_new(reader, kind);

    query_node_add(node, one);
    query_node_add(node, two);
    return node;
}

static struct query_node *
token_node(struct query_reader *reader, char mark, const char *text, size_t len, bool is_closed)
{
    struct query_node *node = query_node_new(reader, QUERY_TOKEN);

    node->mark = mark;
    node->text = mem_strndup(node, text, len);
    node->len = len;
    node->is_closed = is_closed;
    reader->query->has_closed = reader->query->has_closed || is_closed;
    return node;
}

/* ---- words ---- */

/* The whole text is an address, or the host of one ("@example.org"). */
static bool
is_address(const char *text, size_t len)
{
    struct search_address address;
    size_t at = 0;
    char *led;
    bool answer;

    if (len < 2)
        return false;
    if (text[0] != '@')
        return search_address_next(text, len, &at, &address) && address.start == 0 && address.end == len;
    led = mem_printf(NULL, "a%.*s", (int)len, text);
    answer = search_address_next(led, len + 1, &at, &address) && address.start == 0 && address.end == len + 1;
    talloc_free(led);
    return answer;
}

static struct query_node *
text_node(struct query_reader *reader, const struct query_field *field, const struct query_value *value, const char *text, size_t len)
{
    struct query_node *node = query_node_new(reader, QUERY_TEXT);

    node->text = mem_strndup(node, text, len);
    node->len = len;
    node->mark = field->mark;
    node->sections = field->sections;
    node->is_beginning = value->is_beginning;
    return node;
}

/* In what everybody may read, an address is its name and "@…"; the whole is a token. */
static struct query_node *
open_node(struct query_reader *reader, const struct query_field *field, const struct query_value *value)
{
    struct query_node *all = query_node_new(reader, QUERY_ALL);
    struct str *masked = str_new(reader->ctx);
    struct search_address address;
    size_t from = 0;

    if (is_address(value->text, value->len) && (field->sections == QUERY_PLAIN || value->text[0] == '@'))
        return token_node(reader, 'A', value->text, value->len, true);
    for (size_t at = 0; search_address_next(value->text, value->len, &at, &address);) {
        str_addn(masked, value->text + from, address.at_sign + 1 - from);
        str_add(masked, "…");
        from = address.end;
        query_node_add(all, token_node(reader, 'A', value->text + address.start, address.end - address.start, true));
    }
    if (from == 0)
        return text_node(reader, field, value, value->text, value->len);
    str_addn(masked, value->text + from, value->len - from);
    query_node_add(all, text_node(reader, field, value, masked->s, masked->len));
    return all;
}

static struct query_node *
closed_node(struct query_reader *reader, char mark, unsigned sections, const struct query_value *value)
{
    struct query_field field = {.mark = mark, .sections = sections};
    struct query_node *node = text_node(reader, &field, value, value->text, value->len);

    if (is_address(value->text, value->len))
        node->kind = QUERY_ADDRESS;
    node->is_closed = true;
    reader->query->has_closed = true;
    return node;
}

/* What stands at the end of a sentence, rather than in a word. */
static size_t
without_stops(const char *text, size_t len)
{
    for (;;) {
        if (len > 1 && strchr(".,;:!?", text[len - 1]) != NULL)
            len--;
        else if (len > 3 && (memcmp(text + len - 3, "、", 3) == 0 || memcmp(text + len - 3, "。", 3) == 0))
            len -= 3;
        else
            return len;
    }
}

/* Folds it, and looks whether there is something to find. */
static bool
fold_value(struct query_reader *reader, struct query_value *value)
{
    struct search_piece piece = {.kind = FOLD_SIGN}, last = piece;
    struct fold *fold;

    if (!value->is_phrase && value->len > 1 && value->text[value->len - 1] == '*') {
        value->is_beginning = true;
        value->len--;
    }
    fold = search_fold(reader->ctx, value->text, value->len, false);
    value->text = fold->text;
    value->len = value->is_phrase ? fold->len : without_stops(fold->text, fold->len);
    for (size_t at = 0; search_piece_next(value->text, value->len, &at, &piece);)
        last = piece;
    if (last.kind == FOLD_SIGN) {
        query_refuse(reader, value->at, value->text, N_("“%1” (at letter %2) has no letter or digit: signs alone cannot be found."));
        return false;
    }
    value->is_beginning = value->is_beginning && last.kind == FOLD_WORD && last.end == value->len;
    if (value->is_beginning && last.letters < 2) {
        query_refuse(reader, value->at, value->text, N_("“%1*” (at letter %2): the beginning of a word must have at least two letters."));
        return false;
    }
    return true;
}

static struct query_node *
id_node(struct query_reader *reader, const struct query_value *value, bool is_field)
{
    size_t len = value->len, start = len > 1 && value->text[0] == '<' && value->text[len - 1] == '>';
    char *id = search_fold_text(reader->ctx, mem_strndup(reader->ctx, value->text + start, len - 2 * start));
    struct query_node *token = token_node(reader, 'M', id, strlen(id), false);

    return is_field ? token : node_pair(reader, QUERY_ANY, token, token_node(reader, 'A', id, strlen(id), true));
}

static struct query_node *
words_node(struct query_reader *reader, const struct query_field *field, struct query_value *value)
{
    if (field->sections == QUERY_PLAIN && !value->is_phrase && value->len > 4 && value->text[0] == '<' && value->text[value->len - 1] == '>' &&
        memchr(value->text, '@', value->len) != NULL)
        return id_node(reader, value, false);
    if (!fold_value(reader, value))
        return NULL;
    if (field->kind == VALUE_CLOSED)
        return closed_node(reader, field->mark, field->sections, value);
    if (field->kind == VALUE_FROM)
        return node_pair(reader, QUERY_ANY, open_node(reader, field, value), closed_node(reader, 'E', SECTION_BIT(ADDRESS), value));
    return open_node(reader, field, value);
}

/* ---- days ---- */

/* "2026", "2026-11", "2026-11-21", also with "/": from its beginning until the beginning of the next. */
static bool
read_day(TALLOC_CTX *ctx, const char *text, int64_t *from_us_r, int64_t *until_us_r)
{
    char *copy = mem_strdup(ctx, text);
    int64_t number[3] = {0, 1, 1};
    char **words;
    size_t count = 0;

    for (char *s = copy; *s != '\0'; s++)
        *s = *s == '/' ? '-' : *s;
    for (words = str_split(ctx, copy, '-', 4); words[count] != NULL; count++)
        if (count == 3 || !str_to_int(words[count], 1, 9999, &number[count]))
            return false;
    if (count == 0 || number[0] < 1970 || number[0] > 2199 || number[1] > 12 ||
        !when_read_day(mem_printf(ctx, "%04d-%02d-%02d", (int)number[0], (int)number[1], (int)number[2]), from_us_r))
        return false;
    number[count - 1]++;
    if (count == 3 && when_read_day(mem_printf(ctx, "%04d-%02d-%02d", (int)number[0], (int)number[1], (int)number[2]), until_us_r))
        return true;
    if (count == 3) {
        number[1]++;
        number[2] = 1;
    }
    if (number[1] > 12) {
        number[0]++;
        number[1] = 1;
    }
    return when_read_day(mem_printf(ctx, "%04d-%02d-%02d", (int)number[0], (int)number[1], (int)number[2]), until_us_r);
}

static struct query_node *
time_node(struct query_reader *reader, const struct query_field *field, const struct query_value *value)
{
    struct query_node *node = query_node_new(reader, QUERY_TIME);
    char *text = mem_strndup(node, value->text, value->len), *dots = field->kind == VALUE_DATE ? strstr(text, "..") : NULL;
    int64_t from = 0, until = INT64_MAX, last_from = 0, last_until = INT64_MAX;
    bool ok;

    if (dots != NULL) {
        *dots = '\0';
        ok = (*text == '\0' || read_day(node, text, &from, &until)) && (dots[2] == '\0' || read_day(node, dots + 2, &last_from, &last_until)) &&
             (*text != '\0' || dots[2] != '\0');
        until = last_until;
    } else {
        ok = read_day(node, text, &from, &until);
    }
    if (!ok)
        return query_refuse(reader, value->at, mem_strndup(reader->ctx, value->text, value->len),
                      N_("“%1” (at letter %2) is no date: write a day, a month or a year, as 2026-11-21, 2026-11 or 2026."));
    node->from_us = field->kind == VALUE_BEFORE ? 0 : from;
    node->until_us = field->kind == VALUE_BEFORE ? from : field->kind == VALUE_AFTER ? INT64_MAX : until;
    return node;
}

/* ---- other fields ---- */

static struct query_node *
has_node(struct query_reader *reader, const struct query_value *value)
{
    static const char *const words[] = {"attachment", "attachments", "file", "添付", "添付ファイル"};
    char *text = str_lower(reader->ctx, mem_strndup(reader->ctx, value->text, value->len));

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(text, words[i]))
            return token_node(reader, 'H', words[0], strlen(words[0]), false);
    return query_refuse(reader, value->at, text, N_("“%1” (at letter %2) cannot be asked for: after has: there may be attachment."));
}

static struct query_node *
lang_node(struct query_reader *reader, const struct query_value *value)
{
    char *text = str_lower(reader->ctx, mem_strndup(reader->ctx, value->text, value->len));

    if (strlen(text) < 2 || strlen(text) > 3 || strspn(text, "abcdefghijklmnopqrstuvwxyz") != strlen(text))
        return query_refuse(reader, value->at, text, N_("“%1” (at letter %2) is no language: write its two letters, as ja or en."));
    return token_node(reader, 'G', text, strlen(text), false);
}

static struct query_node *
list_node(struct query_reader *reader, const struct query_value *value)
{
    struct query_node *node = query_node_new(reader, QUERY_LIST);

    node->text = str_lower(node, mem_strndup(node, value->text, value->len));
    return node;
}

struct query_node *
query_value_node(struct query_reader *reader, const struct query_field *field, struct query_value *value)
{
    if (++reader->query->terms > QUERY_TERMS_MOST)
        return query_refuse(reader, value->at, "", N_("The query has more than 40 words (at letter %2)."));
    switch (field->kind) {
    case VALUE_HAS: return has_node(reader, value);
    case VALUE_LANG: return lang_node(reader, value);
    case VALUE_LIST: return list_node(reader, value);
    case VALUE_ID: return id_node(reader, value, true);
    case VALUE_BEFORE: case VALUE_AFTER: case VALUE_DATE: return time_node(reader, field, value);
    case VALUE_WORDS: case VALUE_FROM: case VALUE_CLOSED: break;
    }
    return words_node(reader, field, value);
}

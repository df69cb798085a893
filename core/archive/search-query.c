/* search-query.c - what people write into a search field, read */
#include <string.h>

#include "archive/search-query.h"
#include "util/i18n.h"
#include "util/str.h"
#include "util/when.h"

#define BIT(section) (1u << SECTION_##section)
enum { PLAIN = BIT(NAME) | BIT(SUBJECT) | BIT(FILES) | BIT(TEXT) };

enum value_kind { VALUE_WORDS, VALUE_FROM, VALUE_CLOSED, VALUE_HAS, VALUE_LIST, VALUE_LANG, VALUE_ID, VALUE_BEFORE, VALUE_AFTER, VALUE_DATE };
struct field { const char *name, *local; enum value_kind kind; char mark; unsigned sections; };
static const struct field fields[] = {
    {"from", "差出人", VALUE_FROM, 'F', BIT(NAME)},
    {"to", "宛先", VALUE_CLOSED, 'T', BIT(RECIPIENTS)},
    {"subject", "件名", VALUE_WORDS, 'S', BIT(SUBJECT)},
    {"body", "本文", VALUE_WORDS, '\0', BIT(TEXT)},
    {"filename", "ファイル名", VALUE_WORDS, 'N', BIT(FILES)},
    {"has", "有無", VALUE_HAS, '\0', 0},
    {"list", "リスト", VALUE_LIST, '\0', 0},
    {"lang", "言語", VALUE_LANG, '\0', 0},
    {"id", "ID", VALUE_ID, '\0', 0},
    {"before", "以前", VALUE_BEFORE, '\0', 0},
    {"after", "以後", VALUE_AFTER, '\0', 0},
    {"date", "日付", VALUE_DATE, '\0', 0},
};
static const struct field plain = {"", "", VALUE_WORDS, '\0', PLAIN};

static const struct { const char *open, *close; } quotes[] = {
    {"\"", "\""}, {"「", "」"}, {"『", "』"}, {"“", "”"}, {"„", "“"}, {"〝", "〟"},
};

struct reader {
    TALLOC_CTX *ctx;
    const char *text, *at;
    struct query *query;
    struct query_fault *fault;
    unsigned depth;
};

/* ---- faults ---- */

static struct query_node *
refuse(struct reader *reader, const char *at, const char *word, const char *sentence)
{
    if (reader->fault->sentence == NULL) {
        size_t place = utf8_length(mem_strndup(reader->ctx, reader->text, (size_t)(at - reader->text))) + 1;

        *reader->fault = (struct query_fault){sentence, mem_strdup(reader->ctx, word), place};
    }
    return NULL;
}

/* ---- nodes ---- */

static struct query_node *
node_new(struct reader *reader, enum query_kind kind)
{
    struct query_node *node = mem_new(reader->query, struct query_node);

    node->kind = kind;
    return node;
}

static void
node_add(struct query_node *parent, struct query_node *child)
{
    if (parent->last == NULL)
        parent->first = child;
    else
        parent->last->next = child;
    parent->last = child;
}

static struct query_node *
node_pair(struct reader *reader, enum query_kind kind, struct query_node *one, struct query_node *two)
{
    struct query_node *node = node_new(reader, kind);

    node_add(node, one);
    node_add(node, two);
    return node;
}

static struct query_node *
token_node(struct reader *reader, char mark, const char *text, size_t len, bool is_closed)
{
    struct query_node *node = node_new(reader, QUERY_TOKEN);

    node->mark = mark;
    node->text = mem_strndup(node, text, len);
    node->len = len;
    node->is_closed = is_closed;
    reader->query->has_closed = reader->query->has_closed || is_closed;
    return node;
}

/* ---- words ---- */

struct value { const char *at, *text; size_t len; bool is_phrase, is_beginning; };

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
text_node(struct reader *reader, const struct field *field, const struct value *value, const char *text, size_t len)
{
    struct query_node *node = node_new(reader, QUERY_TEXT);

    node->text = mem_strndup(node, text, len);
    node->len = len;
    node->mark = field->mark;
    node->sections = field->sections;
    node->is_beginning = value->is_beginning;
    return node;
}

/* In what everybody may read, an address is its name and "@…"; the whole is a token. */
static struct query_node *
open_node(struct reader *reader, const struct field *field, const struct value *value)
{
    struct query_node *all = node_new(reader, QUERY_ALL);
    struct str *masked = str_new(reader->ctx);
    struct search_address address;
    size_t from = 0;

    if (is_address(value->text, value->len) && (field->sections == PLAIN || value->text[0] == '@'))
        return token_node(reader, 'A', value->text, value->len, true);
    for (size_t at = 0; search_address_next(value->text, value->len, &at, &address);) {
        str_addn(masked, value->text + from, address.at_sign + 1 - from);
        str_add(masked, "…");
        from = address.end;
        node_add(all, token_node(reader, 'A', value->text + address.start, address.end - address.start, true));
    }
    if (from == 0)
        return text_node(reader, field, value, value->text, value->len);
    str_addn(masked, value->text + from, value->len - from);
    node_add(all, text_node(reader, field, value, masked->s, masked->len));
    return all;
}

static struct query_node *
closed_node(struct reader *reader, char mark, unsigned sections, const struct value *value)
{
    struct field field = {.mark = mark, .sections = sections};
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
fold_value(struct reader *reader, struct value *value)
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
        refuse(reader, value->at, value->text, N_("“%1” (at letter %2) has no letter or digit: signs alone cannot be found."));
        return false;
    }
    value->is_beginning = value->is_beginning && last.kind == FOLD_WORD && last.end == value->len;
    if (value->is_beginning && last.letters < 2) {
        refuse(reader, value->at, value->text, N_("“%1*” (at letter %2): the beginning of a word must have at least two letters."));
        return false;
    }
    return true;
}

static struct query_node *
id_node(struct reader *reader, const struct value *value, bool is_field)
{
    size_t len = value->len, start = len > 1 && value->text[0] == '<' && value->text[len - 1] == '>';
    char *id = search_fold_text(reader->ctx, mem_strndup(reader->ctx, value->text + start, len - 2 * start));
    struct query_node *token = token_node(reader, 'M', id, strlen(id), false);

    return is_field ? token : node_pair(reader, QUERY_ANY, token, token_node(reader, 'A', id, strlen(id), true));
}

static struct query_node *
words_node(struct reader *reader, const struct field *field, struct value *value)
{
    if (field->sections == PLAIN && !value->is_phrase && value->len > 4 && value->text[0] == '<' && value->text[value->len - 1] == '>' &&
        memchr(value->text, '@', value->len) != NULL)
        return id_node(reader, value, false);
    if (!fold_value(reader, value))
        return NULL;
    if (field->kind == VALUE_CLOSED)
        return closed_node(reader, field->mark, field->sections, value);
    if (field->kind == VALUE_FROM)
        return node_pair(reader, QUERY_ANY, open_node(reader, field, value), closed_node(reader, 'E', BIT(ADDRESS), value));
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
time_node(struct reader *reader, const struct field *field, const struct value *value)
{
    struct query_node *node = node_new(reader, QUERY_TIME);
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
        return refuse(reader, value->at, mem_strndup(reader->ctx, value->text, value->len),
                      N_("“%1” (at letter %2) is no date: write a day, a month or a year, as 2026-11-21, 2026-11 or 2026."));
    node->from_us = field->kind == VALUE_BEFORE ? 0 : from;
    node->until_us = field->kind == VALUE_BEFORE ? from : field->kind == VALUE_AFTER ? INT64_MAX : until;
    return node;
}

/* ---- other fields ---- */

static struct query_node *
has_node(struct reader *reader, const struct value *value)
{
    static const char *const words[] = {"attachment", "attachments", "file", "添付", "添付ファイル"};
    char *text = str_lower(reader->ctx, mem_strndup(reader->ctx, value->text, value->len));

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(text, words[i]))
            return token_node(reader, 'H', words[0], strlen(words[0]), false);
    return refuse(reader, value->at, text, N_("“%1” (at letter %2) cannot be asked for: after has: there may be attachment."));
}

static struct query_node *
lang_node(struct reader *reader, const struct value *value)
{
    char *text = str_lower(reader->ctx, mem_strndup(reader->ctx, value->text, value->len));

    if (strlen(text) < 2 || strlen(text) > 3 || strspn(text, "abcdefghijklmnopqrstuvwxyz") != strlen(text))
        return refuse(reader, value->at, text, N_("“%1” (at letter %2) is no language: write its two letters, as ja or en."));
    return token_node(reader, 'G', text, strlen(text), false);
}

static struct query_node *
list_node(struct reader *reader, const struct value *value)
{
    struct query_node *node = node_new(reader, QUERY_LIST);

    node->text = str_lower(node, mem_strndup(node, value->text, value->len));
    return node;
}

static struct query_node *
value_node(struct reader *reader, const struct field *field, struct value *value)
{
    if (++reader->query->terms > QUERY_TERMS_MOST)
        return refuse(reader, value->at, "", N_("The query has more than 40 words (at letter %2)."));
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

/* ---- grammar ---- */

static void
skip_blanks(struct reader *reader)
{
    reader->at += strspn(reader->at, " \t\n");
}

static size_t
quote_at(const char *s)
{
    for (size_t i = 0; i < COUNT_OF(quotes); i++)
        if (str_starts(s, quotes[i].open))
            return i + 1;
    return 0;
}

/* A word of the grammar ("OR") with a blank or the end behind it. */
static bool
is_word(const char *s, const char *word)
{
    size_t len = strlen(word);

    return strncmp(s, word, len) == 0 && (s[len] == '\0' || strchr(" \t\n(", s[len]) != NULL);
}

static const struct field *
field_at(const char *s, size_t *len_r)
{
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        const char *const names[] = {fields[i].name, fields[i].local};

        for (size_t k = 0; k < COUNT_OF(names); k++) {
            *len_r = strlen(names[k]);
            if (strncasecmp(s, names[k], *len_r) == 0 && s[*len_r] == ':') {
                ++*len_r;
                return &fields[i];
            }
        }
    }
    return NULL;
}

static struct query_node *
read_phrase(struct reader *reader, const struct field *field, size_t quote)
{
    const char *start = reader->at + strlen(quotes[quote - 1].open), *end = strstr(start, quotes[quote - 1].close);
    struct value value = {.at = reader->at, .text = start, .is_phrase = true};

    if (end == NULL)
        return refuse(reader, reader->at, quotes[quote - 1].open, N_("The quotation that begins at letter %2 does not end: %1 stands alone."));
    value.len = (size_t)(end - start);
    reader->at = end + strlen(quotes[quote - 1].close);
    return value_node(reader, field, &value);
}

static struct query_node *
read_bare(struct reader *reader, const struct field *field)
{
    struct value value = {.at = reader->at, .text = reader->at};
    unsigned open = 0;

    for (const char *s = reader->at; ; s++) {
        open += *s == '(';
        if (*s == '\0' || strchr(" \t\n", *s) != NULL || quote_at(s) != 0 || (*s == ')' && open == 0 && reader->depth > 0)) {
            reader->at = s;
            break;
        }
        open -= *s == ')' && open > 0;
    }
    value.len = (size_t)(reader->at - value.at);
    return value_node(reader, field, &value);
}

static struct query_node *read_any(struct reader *reader, const struct field *field);

static struct query_node *
read_group(struct reader *reader, const struct field *field)
{
    const char *start = reader->at++;
    struct query_node *node;

    if (++reader->depth > QUERY_DEPTH_MOST)
        return refuse(reader, start, "", N_("Brackets stand more than 10 deep in each other (at letter %2)."));
    node = read_any(reader, field);
    if (node == NULL)
        return NULL;
    if (*reader->at != ')')
        return refuse(reader, start, "(", N_("The bracket at letter %2 is not closed."));
    reader->at++;
    reader->depth--;
    return node;
}

static struct query_node *
read_one(struct reader *reader, const struct field *field)
{
    const char *start = reader->at;
    size_t len = 0;
    const struct field *named = field_at(reader->at, &len);

    if (named != NULL) {
        reader->at += len;
        field = named;
        if (*reader->at == '\0' || strchr(" \t\n)", *reader->at) != NULL)
            return refuse(reader, start, mem_strndup(reader->ctx, start, len), N_("“%1” (at letter %2) wants a word directly behind it."));
    }
    if (*reader->at == '(')
        return read_group(reader, field);
    if (quote_at(reader->at) != 0)
        return read_phrase(reader, field, quote_at(reader->at));
    return read_bare(reader, field);
}

static struct query_node *
read_not(struct reader *reader, const struct field *field)
{
    const char *start = reader->at;
    size_t len = *reader->at == '-' ? 1 : str_starts(reader->at, "−") ? strlen("−") : is_word(reader->at, "NOT") ? 3 : 0;
    struct query_node *node, *child;

    if (len == 0)
        return read_one(reader, field);
    reader->at += len;
    if (len == 3 && *start == 'N')
        skip_blanks(reader);
    if (*reader->at == '\0' || strchr(" \t\n)", *reader->at) != NULL)
        return refuse(reader, start, mem_strndup(reader->ctx, start, len), N_("“%1” (at letter %2) wants a word directly behind it."));
    child = read_one(reader, field);
    if (child == NULL)
        return NULL;
    node = node_new(reader, QUERY_NOT);
    node_add(node, child);
    return node;
}

static bool
is_at_end(const struct reader *reader)
{
    return *reader->at == '\0' || (*reader->at == ')' && reader->depth > 0);
}

static struct query_node *
read_all(struct reader *reader, const struct field *field)
{
    struct query_node *all = NULL, *child;

    for (;;) {
        skip_blanks(reader);
        if (is_word(reader->at, "AND")) {
            reader->at += 3;
            continue;
        }
        if (is_at_end(reader) || is_word(reader->at, "OR"))
            break;
        child = read_not(reader, field);
        if (child == NULL)
            return NULL;
        if (all == NULL)
            all = node_new(reader, QUERY_ALL);
        node_add(all, child);
    }
    if (all == NULL)
        return refuse(reader, reader->at, *reader->at == '\0' ? "OR" : mem_strndup(reader->ctx, reader->at, *reader->at == 'O' ? 2 : 1),
                      N_("A word is missing beside “%1” (at letter %2)."));
    return all->first == all->last ? all->first : all;
}

static struct query_node *
read_any(struct reader *reader, const struct field *field)
{
    struct query_node *any = NULL, *child = read_all(reader, field);

    while (child != NULL && is_word(reader->at, "OR")) {
        if (any == NULL)
            any = node_new(reader, QUERY_ANY);
        node_add(any, child);
        reader->at += 2;
        child = read_all(reader, field);
    }
    if (child == NULL || any == NULL)
        return child;
    node_add(any, child);
    return any;
}

/* ---- the whole ---- */

static void
bind(struct query *query, struct query_node *node)
{
    if (node->kind == QUERY_TIME) {
        node->is_bound = true;
        query->from_us = node->from_us > query->from_us ? node->from_us : query->from_us;
        query->until_us = node->until_us < query->until_us ? node->until_us : query->until_us;
    }
    for (struct query_node *child = node->kind == QUERY_ALL ? node->first : NULL; child != NULL; child = child->next)
        bind(query, child);
}

bool
query_read(TALLOC_CTX *ctx, const char *text, struct query **query_r, struct query_fault *fault_r)
{
    struct query *query = mem_new(ctx, struct query);
    TALLOC_CTX *scratch = talloc_new(NULL);
    char *narrow = utf8_fold_width(scratch, text);
    struct reader reader = {.ctx = scratch, .text = narrow, .at = narrow, .query = query, .fault = fault_r};

    *fault_r = (struct query_fault){0};
    query->until_us = INT64_MAX;
    *query_r = query;
    skip_blanks(&reader);
    if (*reader.at != '\0' && strlen(text) > QUERY_BYTES_MOST)
        refuse(&reader, reader.at, "", N_("The query is too long: 1,000 bytes are read, some 300 Japanese letters."));
    else if (*reader.at != '\0')
        query->root = read_any(&reader, &plain);
    fault_r->word = mem_strdup(ctx, fault_r->word);
    talloc_free(scratch);
    if (fault_r->sentence != NULL)
        return false;
    if (query->root != NULL)
        bind(query, query->root);
    return true;
}

static void
name_lists(struct query_node *node, const struct query_list *lists, size_t count)
{
    size_t len = node->kind == QUERY_LIST ? strcspn(node->text, "@") : 0;

    for (size_t i = 0; node->kind == QUERY_LIST && i < count && node->list_id == 0; i++)
        if (strlen(lists[i].name) == len && strncmp(lists[i].name, node->text, len) == 0 &&
            (node->text[len] == '\0' || str_eq(lists[i].domain, node->text + len + 1)))
            node->list_id = lists[i].id;
    for (struct query_node *child = node->first; child != NULL; child = child->next)
        name_lists(child, lists, count);
}

void
query_name_lists(struct query *query, const struct query_list *lists, size_t count)
{
    if (query->root != NULL)
        name_lists(query->root, lists, count);
}

static bool
has_lists(const struct query_node *node)
{
    if (node->kind == QUERY_LIST)
        return true;
    for (const struct query_node *child = node->first; child != NULL; child = child->next)
        if (has_lists(child))
            return true;
    return false;
}

bool
query_has_lists(const struct query *query)
{
    return query->root != NULL && has_lists(query->root);
}

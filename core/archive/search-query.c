/* search-query.c - what people write into a search field, read: its grammar */
#include <string.h>

#include "archive/search-query-private.h"
#include "util/i18n.h"
#include "util/str.h"

static const struct query_field fields[] = {
    {"from", "差出人", VALUE_FROM, 'F', SECTION_BIT(NAME)},
    {"to", "宛先", VALUE_CLOSED, 'T', SECTION_BIT(RECIPIENTS)},
    {"subject", "件名", VALUE_WORDS, 'S', SECTION_BIT(SUBJECT)},
    {"body", "本文", VALUE_WORDS, '\0', SECTION_BIT(TEXT)},
    {"filename", "ファイル名", VALUE_WORDS, 'N', SECTION_BIT(FILES)},
    {"has", "有無", VALUE_HAS, '\0', 0},
    {"list", "リスト", VALUE_LIST, '\0', 0},
    {"lang", "言語", VALUE_LANG, '\0', 0},
    {"id", "ID", VALUE_ID, '\0', 0},
    {"before", "以前", VALUE_BEFORE, '\0', 0},
    {"after", "以後", VALUE_AFTER, '\0', 0},
    {"date", "日付", VALUE_DATE, '\0', 0},
};
static const struct query_field plain = {"", "", VALUE_WORDS, '\0', QUERY_PLAIN};

static const struct { const char *open, *close; } quotes[] = {
    {"\"", "\""}, {"「", "」"}, {"『", "』"}, {"“", "”"}, {"„", "“"}, {"〝", "〟"},
};

/* ---- grammar ---- */

static void
skip_blanks(struct query_reader *reader)
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

static const struct query_field *
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
read_phrase(struct query_reader *reader, const struct query_field *field, size_t quote)
{
    const char *start = reader->at + strlen(quotes[quote - 1].open), *end = strstr(start, quotes[quote - 1].close);
    struct query_value value = {.at = reader->at, .text = start, .is_phrase = true};

    if (end == NULL)
        return query_refuse(reader, reader->at, quotes[quote - 1].open, N_("The quotation that begins at letter %2 does not end: %1 stands alone."));
    value.len = (size_t)(end - start);
    reader->at = end + strlen(quotes[quote - 1].close);
    return query_value_node(reader, field, &value);
}

static struct query_node *
read_bare(struct query_reader *reader, const struct query_field *field)
{
    struct query_value value = {.at = reader->at, .text = reader->at};
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
    return query_value_node(reader, field, &value);
}

static struct query_node *read_any(struct query_reader *reader, const struct query_field *field);

static struct query_node *
read_group(struct query_reader *reader, const struct query_field *field)
{
    const char *start = reader->at++;
    struct query_node *node;

    if (++reader->depth > QUERY_DEPTH_MOST)
        return query_refuse(reader, start, "", N_("Brackets stand more than 10 deep in each other (at letter %2)."));
    node = read_any(reader, field);
    if (node == NULL)
        return NULL;
    if (*reader->at != ')')
        return query_refuse(reader, start, "(", N_("The bracket at letter %2 is not closed."));
    reader->at++;
    reader->depth--;
    return node;
}

static struct query_node *
read_one(struct query_reader *reader, const struct query_field *field)
{
    const char *start = reader->at;
    size_t len = 0;
    const struct query_field *named = field_at(reader->at, &len);

    if (named != NULL) {
        reader->at += len;
        field = named;
        if (*reader->at == '\0' || strchr(" \t\n)", *reader->at) != NULL)
            return query_refuse(reader, start, mem_strndup(reader->ctx, start, len), N_("“%1” (at letter %2) wants a word directly behind it."));
    }
    if (*reader->at == '(')
        return read_group(reader, field);
    if (quote_at(reader->at) != 0)
        return read_phrase(reader, field, quote_at(reader->at));
    return read_bare(reader, field);
}

static struct query_node *
read_not(struct query_reader *reader, const struct query_field *field)
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
        return query_refuse(reader, start, mem_strndup(reader->ctx, start, len), N_("“%1” (at letter %2) wants a word directly behind it."));
    child = read_one(reader, field);
    if (child == NULL)
        return NULL;
    node = query_node_new(reader, QUERY_NOT);
    query_node_add(node, child);
    return node;
}

static bool
is_at_end(const struct query_reader *reader)
{
    return *reader->at == '\0' || (*reader->at == ')' && reader->depth > 0);
}

/* `beside`: the word of the grammar before it, or NULL. */
static struct query_node *
read_all(struct query_reader *reader, const struct query_field *field, const char *beside)
{
    struct query_node *all = NULL, *child;

    for (;;) {
        skip_blanks(reader);
        if (is_word(reader->at, "AND")) {
            beside = reader->at;
            reader->at += 3;
            continue;
        }
        if (is_at_end(reader) || is_word(reader->at, "OR"))
            break;
        child = read_not(reader, field);
        if (child == NULL)
            return NULL;
        if (all == NULL)
            all = query_node_new(reader, QUERY_ALL);
        query_node_add(all, child);
    }
    if (all == NULL) {
        const char *at = *reader->at == '\0' && beside != NULL ? beside : reader->at;

        return query_refuse(reader, at, mem_strndup(reader->ctx, at, *at == 'A' ? 3 : *at == 'O' ? 2 : 1),
                            N_("A word is missing beside “%1” (at letter %2)."));
    }
    return all->first == all->last ? all->first : all;
}

static struct query_node *
read_any(struct query_reader *reader, const struct query_field *field)
{
    struct query_node *any = NULL, *child = read_all(reader, field, NULL);

    while (child != NULL && is_word(reader->at, "OR")) {
        if (any == NULL)
            any = query_node_new(reader, QUERY_ANY);
        query_node_add(any, child);
        reader->at += 2;
        child = read_all(reader, field, reader->at - 2);
    }
    if (child == NULL || any == NULL)
        return child;
    query_node_add(any, child);
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
    struct query_reader reader = {.ctx = scratch, .text = narrow, .at = narrow, .query = query, .fault = fault_r};

    *fault_r = (struct query_fault){0};
    query->until_us = INT64_MAX;
    *query_r = query;
    skip_blanks(&reader);
    if (*reader.at != '\0' && strlen(text) > QUERY_BYTES_MOST)
        query_refuse(&reader, reader.at, "", N_("The query is too long: 1,000 bytes are read, some 300 Japanese letters."));
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

/* search-query-private.h - what the parts of search-query share: the grammar in search-query.c, words and values in search-value.c,
 * the question in search-question.c */
#ifndef KAIRAN_ARCHIVE_SEARCH_QUERY_PRIVATE_H
#define KAIRAN_ARCHIVE_SEARCH_QUERY_PRIVATE_H

#include "archive/search-query.h"

#define SECTION_BIT(section) (1u << SECTION_##section)
/* Where a word is looked for that has no field. */
#define QUERY_PLAIN (SECTION_BIT(NAME) | SECTION_BIT(SUBJECT) | SECTION_BIT(FILES) | SECTION_BIT(TEXT))

enum value_kind { VALUE_WORDS, VALUE_FROM, VALUE_CLOSED, VALUE_HAS, VALUE_LIST, VALUE_LANG, VALUE_ID, VALUE_BEFORE, VALUE_AFTER, VALUE_DATE };
struct query_field { const char *name, *local; enum value_kind kind; char mark; unsigned sections; };

struct query_reader {
    TALLOC_CTX *ctx;
    const char *text, *at;
    struct query *query;
    struct query_fault *fault;
    unsigned depth;
};

/* As it was written, and where. */
struct query_value { const char *at, *text; size_t len; bool is_phrase, is_beginning; };

/* The first fault counts: `word` at a place of the text. Always NULL. */
struct query_node *query_refuse(struct query_reader *reader, const char *at, const char *word, const char *sentence);

struct query_node *query_node_new(struct query_reader *reader, enum query_kind kind);
void query_node_add(struct query_node *parent, struct query_node *child);
/* NULL: refused. */
struct query_node *query_value_node(struct query_reader *reader, const struct query_field *field, struct query_value *value);

#endif

/* search-query.h - what people write into a search field, read and made into a question to the index
 *
 *     words that all occur      "a phrase"   「語句」   -not   this OR that   (groups)   beginn*
 *     from: to: subject: body: filename: has:attachment list: lang: id: before: after: date:2026, 2026-11, 2026-11-21, A..B
 *
 * A name of a field stands directly before its word, phrase or group, and has a Japanese one, too. Everything may be written in full
 * width. A word in Latin letters is found whole, Japanese as any part of a text; a word that holds signs (foo-bar) is a phrase.
 * Between terms AND may be written; NOT is "-". What is no query is explained, with the letter where it is.
 *
 * The question is a tsquery, built of quoted lexemes: nothing a person wrote reaches PostgreSQL's own reader of queries. It finds
 * every post that meets the query and may find more (is_exact says that it does not); query_meets() decides on the folded text.
 * Addresses are asked for only on lists to whose members they are shown.
 *
 * Bounds: 1,000 bytes, 40 terms, groups 10 deep; linear. Memory: a query lives in ctx. */
#ifndef KAIRAN_ARCHIVE_SEARCH_QUERY_H
#define KAIRAN_ARCHIVE_SEARCH_QUERY_H

#include "archive/search-words.h"

enum { QUERY_BYTES_MOST = 1000, QUERY_TERMS_MOST = 40, QUERY_DEPTH_MOST = 10 };

/* TEXT: `text` stands in one of the sections. TOKEN: a mark with its text. ADDRESS: a whole address in the section. */
enum query_kind { QUERY_ALL, QUERY_ANY, QUERY_NOT, QUERY_TEXT, QUERY_TOKEN, QUERY_ADDRESS, QUERY_TIME, QUERY_LIST };
struct query_node {
    enum query_kind kind;
    struct query_node *first, *last, *next;     /* children of ALL, ANY, NOT */
    const char *text;           /* folded; of LIST the name */
    size_t len;
    char mark;                  /* of its lexemes; 0: none */
    unsigned sections;          /* bits 1 << SECTION_... */
    bool is_beginning;          /* TEXT: its last word may go on */
    bool is_closed;             /* for those alone who belong to the list */
    bool is_bound;              /* TIME: said by struct query's from_us and until_us already */
    int64_t from_us, until_us;  /* TIME: [from, until) */
    int64_t list_id;            /* LIST: put in by query_name_lists(); 0: none that may be read */
};

struct query {
    struct query_node *root;    /* NULL: nothing was asked */
    size_t terms;
    int64_t from_us, until_us;  /* what is found lies in here */
    bool has_closed;            /* some of it is found only by those who belong to a list */
};

/* What is no query: a sentence (N_()) in which %1 is `word` and %2 `place`, the letter counted from 1. */
struct query_fault { const char *sentence, *word; size_t place; };

/* Days are those of the process's zone (util/when.h). False: fault_r says why. */
bool query_read(TALLOC_CTX *ctx, const char *text, struct query **query_r, struct query_fault *fault_r);

/* Each list: by its name, or name@domain. Names that are not among these are found nowhere. */
struct query_list { const char *name, *domain; int64_t id; };
void query_name_lists(struct query *query, const struct query_list *lists, size_t count);
bool query_has_lists(const struct query *query);

/* The question; belongs to: no list, some or all of those that are searched. NULL: nothing can meet the query. "": everything may. */
enum query_belonging { BELONGS_NOWHERE, BELONGS_TO_SOME, BELONGS_EVERYWHERE };
char *query_question(TALLOC_CTX *ctx, const struct query *query, enum query_belonging belonging, bool *is_exact_r);

struct query_candidate { const char *folded; int64_t at_us, list_id; bool belongs; };
bool query_meets(const struct query *query, const struct query_candidate *candidate);
/* How well it meets a query that it meets: more of the words, and in subject and names rather than in the text. */
int query_score(const struct query *query, const struct query_candidate *candidate);

/* Places in a folded text where something wanted stands, in order, none in another; at most `most`. */
struct query_place { size_t start, end; };
size_t query_places(const struct query *query, const char *folded, size_t len, struct query_place *places_r, size_t most);

#endif

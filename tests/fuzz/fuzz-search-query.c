/* fuzz-search-query.c - a query is read or explained; what it asks is quoted, and what it finds is a text's */
#include <string.h>

#include "archive/search-query.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A tsquery of quoted lexemes, brackets and signs, and nothing else. */
static void
check_question(const char *question)
{
    int depth = 0;

    for (const char *s = question; *s != '\0'; s++) {
        if (*s == '\'') {
            for (s++; *s != '\'' || s[1] == '\''; s++) {
                must(*s != '\0');
                s += *s == '\'' || (*s == '\\' && s[1] == '\\');
                must(*s == '\\' ? s[-1] == '\\' : true);
            }
            continue;
        }
        depth += *s == '(';
        depth -= *s == ')';
        must(depth >= 0 && strchr("()&|!:* ", *s) != NULL);
    }
    must(depth == 0);
}

/* A line for each, none empty, each behind the one before. */
static void
check_lexemes(const char *lines)
{
    const char *before = NULL;
    size_t before_len = 0;

    for (const char *end; *lines != '\0'; lines = end + 1) {
        size_t len;

        end = strchr(lines, '\n');
        must(end != NULL && end > lines);
        len = (size_t)(end - lines);
        if (before != NULL) {
            int order = memcmp(before, lines, before_len < len ? before_len : len);

            must(order < 0 || (order == 0 && before_len < len));
        }
        before = lines;
        before_len = len;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = utf8_clean(ctx, data, len < 4000 ? len : 4000);
    struct search_doc doc = {.list_id = 1, .at_us = 1, .message_id = text, .subject = text, .name = text, .address = text, .files = text,
                             .recipients = text, .text = text};
    struct search_words words;
    struct query_fault fault;
    struct query_place places[20];
    struct query *query;
    bool is_exact;

    mem_init();
    search_words_of(ctx, &doc, &words);
    check_lexemes(words.words);
    must(utf8_is_valid(words.folded, strlen(words.folded)));
    if (query_read(ctx, text, &query, &fault)) {
        struct query_candidate candidate = {words.folded, 1, 1, true};
        char *question = query_question(ctx, query, BELONGS_EVERYWHERE, &is_exact);

        if (question != NULL)
            check_question(question);
        must(question != NULL || !query_meets(query, &candidate));
        must(query_score(query, &candidate) >= 0);
        for (size_t i = 0, count = query_places(query, words.folded, strlen(words.folded), places, COUNT_OF(places)); i < count; i++)
            must(places[i].start < places[i].end && (i == 0 || places[i - 1].end <= places[i].start));
    } else {
        must(fault.sentence != NULL && fault.word != NULL && fault.place > 0);
    }
    talloc_free(ctx);
    return 0;
}

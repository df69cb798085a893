/* search-index.h - what the indexer writes so that a post is found
 *
 * A row of post_search is made of a post's row, its message and its text alone: the same every time. New words wait in a list that every
 * search reads, until search_index_merge() puts them in their places: the more at once, the cheaper is each.
 * Memory: results live in ctx. */
#ifndef KAIRAN_ARCHIVE_SEARCH_INDEX_H
#define KAIRAN_ARCHIVE_SEARCH_INDEX_H

#include "archive/search-words.h"
#include "mime/part.h"
#include "store/db.h"

struct search_post {
    int64_t list_id, at_us;             /* at: when it was accepted */
    const char *message_id, *subject, *name, *address;      /* as the post's row has them */
    bool is_anonymous;                  /* of the message, the people are left out */
};

/* `text` is what is read of the message, `language` its language or NULL. */
void search_index_post(TALLOC_CTX *ctx, const struct search_post *post, const struct message *message, const char *text,
                       const char *language, struct search_words *words_r);
enum status search_index_merge(struct db *db);

#endif

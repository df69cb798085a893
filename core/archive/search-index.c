/* search-index.c - what the indexer writes so that a post is found */
#include <string.h>

#include "archive/search-index.h"
#include "archive/search-words.h"
#include "mime/summary.h"
#include "store/statements.h"
#include "util/str.h"

enum { RECIPIENTS_BYTES = 8000, FILES_MOST = 1000 };

/* "Name <address>, ..." of the people it was sent to. */
static const char *
recipients_of(TALLOC_CTX *ctx, const struct message *message)
{
    static const char *const names[] = {"To", "Cc"};
    struct str *out = str_new(ctx);

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct address_list *list = summary_addresses(ctx, message->header, names[i]);

        for (size_t k = 0; k < list->count && out->len < RECIPIENTS_BYTES; k++)
            if (list->rows[k].ok)
                str_addf(out, "%s <%s>, ", list->rows[k].display, address_text(ctx, &list->rows[k]));
    }
    return out->s;
}

static const char *
files_of(TALLOC_CTX *ctx, const struct message *message, bool *has_attachment_r)
{
    struct str *out = str_new(ctx);
    size_t count;
    const struct part **parts = message_attachments(ctx, message, &count);

    *has_attachment_r = count > 0;
    for (size_t i = 0; i < count && i < FILES_MOST; i++)
        if (!str_is_empty(parts[i]->file_name))
            str_addf(out, "%s, ", parts[i]->file_name);
    return out->s;
}

enum status
search_index_post(struct db *db, const struct search_post *post, const struct message *message, const char *text, const char *language)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct search_doc doc = {.list_id = post->list_id, .at_us = post->at_us, .message_id = post->message_id, .subject = post->subject,
                             .name = post->name, .address = post->address, .text = text, .language = language};
    struct search_words words;
    enum status status;

    doc.files = files_of(ctx, message, &doc.has_attachment);
    if (!post->is_anonymous)
        doc.recipients = recipients_of(ctx, message);
    search_words_of(ctx, &doc, &words);
    status = q_search_put(db, post->id, post->list_id, SEARCH_VERSION, post->at_us, words.folded, words.words, NULL);
    talloc_free(ctx);
    return status;
}

enum status
search_index_end(struct db *db, struct int_array posts)
{
    return posts.count > 0 ? q_search_turn_end(db, posts, NULL) : STATUS_OK;
}

enum status
search_index_merge(struct db *db)
{
    return q_search_merge(db, NULL);
}

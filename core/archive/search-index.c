/* search-index.c - what the indexer writes so that a post is found */
#include "archive/search-index.h"
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

void
search_index_post(TALLOC_CTX *ctx, const struct search_post *post, const struct message *message, const char *text, const char *language,
                  struct search_words *words_r)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct search_doc doc = {.list_id = post->list_id, .at_us = post->at_us, .message_id = post->message_id, .subject = post->subject,
                             .name = post->name, .address = post->address, .text = text, .language = language};

    doc.files = files_of(scratch, message, &doc.has_attachment);
    if (!post->is_anonymous)
        doc.recipients = recipients_of(scratch, message);
    search_words_of(ctx, &doc, words_r);
    talloc_free(scratch);
}

enum status
search_index_merge(struct db *db)
{
    return q_search_merge(db, NULL);
}

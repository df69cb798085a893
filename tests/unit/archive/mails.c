/* mails.c - the mails of foreign test data */
#include <string.h>

#include "../mime/corpus.h"
#include "mails.h"
#include "mime/normal.h"
#include "util/crypto.h"

static void
add_mail(TALLOC_CTX *ctx, struct mail **mails, size_t *count, struct blob bytes)
{
    struct mail *mail;

    *mails = mem_resize(ctx, *mails, struct mail, *count + 1);
    mail = &(*mails)[(*count)++];
    *mail = (struct mail){.bytes = normal_copy(ctx, bytes, NULL)};
    mail->summary = summary_read(ctx, message_parse(ctx, mail->bytes));
    mail->id = mail->summary->message_id != NULL ? mail->summary->message_id : mem_printf(ctx, "none-%zu@x", *count);
    sha256(mail->bytes, mail->digest);
}

size_t
mails_read(TALLOC_CTX *ctx, const char *path, struct mail **mails_r)
{
    struct blob all = corpus_read(ctx, path);
    const char *at = (const char *)all.data, *end = at + all.len;
    size_t count = 0;

    *mails_r = NULL;
    if (all.data == NULL)
        return 0;
    while (at < end) {
        const char *from = strncmp(at, "From ", 5) == 0 ? strchr(at, '\n') + 1 : at, *next = strstr(from, "\n\nFrom ");
        const char *stop = next != NULL ? next + 1 : end;

        add_mail(ctx, mails_r, &count, (struct blob){(const uint8_t *)from, (size_t)(stop - from)});
        at = next != NULL ? next + 2 : end;
    }
    return count;
}

struct sent *
mails_sent(TALLOC_CTX *ctx, const struct mail *mails, size_t count)
{
    struct sent *sent = mem_array(ctx, struct sent, count + 1);

    for (size_t i = 0; i < count; i++)
        sent[i] = (struct sent){.id = mails[i].id, .answers = thread_answers(ctx, mails[i].summary, mails[i].id),
                                .index = thread_index(ctx, mails[i].summary->thread_index), .written_us = mails[i].summary->date_us,
                                .mark = blob_of(hex_encode(ctx, (struct blob){mails[i].digest, 32}))};
    return sent;
}

/* fuzz-lmtp-session.c - any bytes, cut in any way: the same answers, each a proper reply, and one end for each beginning */
#include <string.h>

#include "worker/lmtp-session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen { struct str *events; unsigned begun, ended; };

static enum status
on_recipient(void *user, struct lmtp_transaction *transaction, struct lmtp_recipient *recipient)
{
    struct seen *seen = user;

    (void)transaction;
    must(strpbrk(recipient->path, "\r\n") == NULL && recipient->address.ok);
    str_addf(seen->events, "%s;", recipient->path);
    recipient->text = recipient->path;
    return recipient->path[0] == 'n' ? STATUS_NOT_FOUND : STATUS_OK;
}

static enum status
on_data_begin(void *user, struct lmtp_transaction *transaction)
{
    struct seen *seen = user;

    must(transaction->recipient_count > 0 && seen->begun == seen->ended);
    seen->begun++;
    return STATUS_OK;
}

static enum status
on_data_chunk(void *user, struct lmtp_transaction *transaction, struct blob chunk)
{
    struct seen *seen = user;

    must(chunk.len > 0 && !transaction->too_large);
    str_addn(seen->events, chunk.data, chunk.len);
    return STATUS_OK;
}

static void
on_data_end(void *user, struct lmtp_transaction *transaction)
{
    struct seen *seen = user;

    seen->ended++;
    for (size_t i = 0; i < transaction->recipient_count; i++)
        transaction->recipients[i].status = transaction->recipients[i].path[0] == 'f' ? STATUS_TOO_LARGE : STATUS_OK;
}

static const struct lmtp_handler handler = {on_recipient, on_data_begin, on_data_chunk, on_data_end};
static const struct lmtp_limits limits = {"lists.example", 10, 1000};

/* Lines that end in CRLF, begin with a code, and hold no control. */
static void
check_replies(const struct str *output)
{
    for (const char *line = output->s; *line != '\0'; line = strchr(line, '\n') + 1) {
        size_t len = strcspn(line, "\r\n");

        must(len > 3 && len < 512 && strncmp(line + len, "\r\n", 2) == 0);
        must(strspn(line, "0123456789") == 3 && (line[3] == ' ' || line[3] == '-'));
        for (size_t i = 0; i < len; i++)
            must((unsigned char)line[i] >= ' ');
    }
    must(strlen(output->s) == output->len);
}

static struct seen
run(TALLOC_CTX *ctx, const uint8_t *data, size_t size, size_t step, struct str **output_r)
{
    struct seen seen = {.events = str_new(ctx)};
    struct lmtp_session *session = lmtp_session_new(ctx, &limits, &handler, &seen);

    for (size_t at = 0; at < size; at += step)
        lmtp_session_feed(session, data + at, at + step < size ? step : size - at);
    *output_r = lmtp_session_output(session);
    return seen;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *whole_output, *cut_output;
    struct seen whole = run(ctx, data, size, size + 1, &whole_output);
    struct seen cut = run(ctx, data, size, size > 0 ? 1 + data[0] % 7 : 1, &cut_output);

    must(strcmp(whole_output->s, cut_output->s) == 0 && whole.ended == cut.ended);
    /* Where the limit cuts a chunk off depends on the cutting; what both were given is the same. */
    must(memcmp(whole.events->s, cut.events->s, whole.events->len < cut.events->len ? whole.events->len : cut.events->len) == 0
         || whole.events->len > 1000);
    check_replies(whole_output);
    talloc_free(ctx);
    return 0;
}

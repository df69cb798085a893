/* fuzz-smtp-reply.c - any bytes as the next hop's side of a conversation: every recipient gets a result, and "accepted" only
 * from the reply to the dot */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "delivery/smtp-private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_reply(const struct smtp_reply *reply)
{
    must(reply != NULL && reply->text != NULL && reply->enhanced != NULL);
    must(utf8_is_valid(reply->text, strlen(reply->text)));
    for (const char *p = reply->text; *p != '\0'; p++)
        must((unsigned char)*p >= ' ' || *p == '\n' || *p == '\t');
    must(reply->queue_id == NULL || strpbrk(reply->queue_id, " \r\n") == NULL);
}

static void
converse(struct smtp *smtp)
{
    static const struct smtp_envelope envelope = {.from = "a@lists.example"};
    static const struct blob body = {(const uint8_t *)"Subject: x\r\n\r\n.\r\n", 17};

    for (int round = 0; round < 3 && smtp->io != NULL; round++) {
        smtp_mail(smtp, &envelope);
        smtp_rcpt(smtp, "one@x.example", 0, NULL);
        smtp_rcpt(smtp, "two@x.example", 0, NULL);
        if (smtp_envelope_finish(smtp) && smtp_data_body(smtp, &body, 1))
            smtp_data_dot(smtp);
        check_reply(smtp_end(smtp));
        for (size_t i = 0; i < 2; i++) {
            const struct smtp_reply *result = smtp_result(smtp, i);

            check_reply(result);
            must(result->class != SMTP_ACCEPTED || (result->phase == SMTP_DOT && result->code / 100 == 2));
        }
        smtp_reusable(smtp);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct smtp_options options = {.host = "x", .helo = "x", .reply_timeout_ms = 1000, .data_timeout_ms = 1000};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct smtp *smtp = mem_new(ctx, struct smtp);
    int fds[2];

    if (size < 1 || size > 64 * 1024 || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) {
        talloc_free(ctx);
        return 0;
    }
    must(write(fds[1], data + 1, size - 1) == (ssize_t)size - 1);
    shutdown(fds[1], SHUT_WR);
    smtp->options = &options;
    smtp->io = io_new(smtp, fds[0]);
    smtp->reader = smtp_reader_new(smtp);
    smtp->capabilities.pipelining = (data[0] & 1) != 0;
    converse(smtp);
    talloc_free(ctx);
    close(fds[1]);
    return 0;
}

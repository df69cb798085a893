/* smtp.c - lines and replies of an SMTP connection, the bytes of a message, and how it ended */
#include <string.h>

#include "delivery/smtp-private.h"
#include "util/killpoint.h"

/* ---- saying and hearing ---- */

void
smtp_hang_up(struct smtp *smtp, const struct smtp_reply *why)
{
    if (smtp->ending == NULL)
        smtp->ending = smtp_reply_copy(smtp, why);
    io_close(&smtp->io);
    smtp->state = SMTP_IDLE;
}

void
smtp_say(struct smtp *smtp, const char *line)
{
    must(strpbrk(line, "\r\n") == NULL);
    if (smtp->io == NULL)
        return;
    /* A failure shows in the reply that does not come. */
    (void)io_put(smtp->io, line, strlen(line));
    (void)io_put(smtp->io, "\r\n", 2);
}

static struct smtp_reply *
failure(TALLOC_CTX *ctx, enum smtp_phase phase, enum io_result result)
{
    switch (result) {
    case IO_TIMEOUT:
        return smtp_reply_made(ctx, phase, SMTP_TIMEOUT, 0, "4.4.2", "the next hop did not answer in time");
    case IO_TOO_LONG:
        return smtp_reply_made(ctx, phase, SMTP_PROTOCOL, 0, "4.5.0", "the next hop's answer had a line without end");
    default:
        return smtp_reply_made(ctx, phase, SMTP_LOST, 0, "4.4.2", "the next hop closed the connection");
    }
}

/* A whole reply, or NULL with what went wrong; the io's deadline is for all of its lines together. */
static struct smtp_reply *
read_reply(TALLOC_CTX *ctx, struct smtp *smtp, enum smtp_phase phase)
{
    enum smtp_reading reading = SMTP_MORE;

    while (reading == SMTP_MORE) {
        struct blob line;
        enum io_result result = io_read_line(smtp->io, SMTP_REPLY_LINE_MAX, &line);

        if (result != IO_OK)
            return failure(ctx, phase, result);
        reading = smtp_reader_line(smtp->reader, line);
    }
    if (reading == SMTP_GARBAGE)
        return smtp_reply_made(ctx, phase, SMTP_PROTOCOL, 0, "4.5.0", "the next hop's answer was not SMTP");
    return smtp_reader_reply(ctx, smtp->reader, phase);
}

struct smtp_reply *
smtp_hear(TALLOC_CTX *ctx, struct smtp *smtp, enum smtp_phase phase, int timeout_ms)
{
    struct smtp_reply *reply;

    if (smtp->io == NULL)
        return smtp_reply_copy(ctx, smtp->ending);
    io_deadline_in(smtp->io, timeout_ms);
    /* When sending failed for loss, their last words may still be there to read. */
    if (io_flush(smtp->io) == IO_TIMEOUT)
        reply = failure(ctx, phase, IO_TIMEOUT);
    else
        reply = read_reply(ctx, smtp, phase);
    if (reply->closing)
        smtp_hang_up(smtp, reply);
    return reply;
}

struct smtp_reply *
smtp_ask(TALLOC_CTX *ctx, struct smtp *smtp, enum smtp_phase phase, const char *line)
{
    smtp_say(smtp, line);
    return smtp_hear(ctx, smtp, phase, smtp->options->reply_timeout_ms);
}

struct smtp_reply *
smtp_refuse_locally(struct smtp *smtp, enum smtp_phase phase, const char *enhanced, const char *why)
{
    return smtp_reply_made(smtp->transaction, phase, SMTP_LOCAL, 0, enhanced, why);
}

/* ---- the bytes ---- */

void
smtp_data_give_up(struct smtp *smtp, const char *why)
{
    struct smtp_reply *reply;

    if (smtp->state <= SMTP_NOTED)
        return;
    reply = smtp_refuse_locally(smtp, smtp->state == SMTP_DOTTED ? SMTP_DOT : SMTP_DATA, "", why);
    reply->closing = true;
    smtp->final = reply;
    smtp_hang_up(smtp, reply);
}

/* Sending failed in mid-message. Nothing can have been delivered; they may have said why. */
static void
body_lost(struct smtp *smtp, enum io_result result)
{
    struct smtp_reply *reply = result == IO_TIMEOUT ? failure(smtp->transaction, SMTP_DATA, result)
                                                    : read_reply(smtp->transaction, smtp, SMTP_DATA);

    if (reply->class != SMTP_TEMPORARY && reply->class != SMTP_PERMANENT && reply->class != SMTP_TIMEOUT)
        reply = failure(smtp->transaction, SMTP_DATA, IO_LOST);
    reply->closing = reply->closing || reply->class != SMTP_PERMANENT;
    smtp->final = reply;
    smtp_hang_up(smtp, reply);
}

bool
smtp_data_body(struct smtp *smtp, const struct blob parts[], size_t count)
{
    struct smtp_data_scan scan;
    enum io_result result;

    if (smtp->state != SMTP_WANTED)
        return false;
    scan = smtp_data_scan(parts, count);
    if (scan.form == SMTP_FORM_OK && scan.is_8bit && !smtp->envelope.body_8bit)
        scan.form = SMTP_FORM_8BIT;
    if (scan.form != SMTP_FORM_OK) {
        smtp_data_give_up(smtp, smtp_form_text(scan.form));
        return false;
    }
    io_deadline_in(smtp->io, smtp->options->data_timeout_ms);
    result = smtp_data_put(smtp->io, parts, count);
    if (result == IO_OK)
        result = io_flush(smtp->io);
    if (result != IO_OK) {
        body_lost(smtp, result);
        return false;
    }
    smtp->state = SMTP_SENT;
    return true;
}

bool
smtp_data_dot(struct smtp *smtp)
{
    if (smtp->state != SMTP_SENT)
        return false;
    killpoint("smtp.data");
    smtp_say(smtp, ".");
    smtp->state = SMTP_DOTTED;
    io_deadline_in(smtp->io, smtp->options->data_timeout_ms);
    (void)io_flush(smtp->io);   /* a failure shows in smtp_end() */
    return true;
}

const struct smtp_reply *
smtp_end(struct smtp *smtp)
{
    if (smtp->state == SMTP_WANTED || smtp->state == SMTP_SENT)
        smtp_data_give_up(smtp, "the message was not sent to its end");
    if (smtp->state != SMTP_DOTTED)
        return smtp->final;
    smtp->final = smtp_hear(smtp->transaction, smtp, SMTP_DOT, smtp->options->data_timeout_ms);
    smtp->state = SMTP_IDLE;
    smtp->dirty = false;
    smtp->transactions++;
    if (smtp->final->class == SMTP_ACCEPTED)
        killpoint("smtp.dot");
    return smtp->final;
}

/* ---- afterwards ---- */

size_t
smtp_recipients(const struct smtp *smtp)
{
    return smtp->count;
}

const struct smtp_reply *
smtp_result(const struct smtp *smtp, size_t recipient)
{
    const struct smtp_reply *reply;

    must(recipient < smtp->count);
    reply = smtp->recipients[recipient].reply;
    return reply != NULL && reply->class != SMTP_ACCEPTED ? reply : smtp->final;
}

bool
smtp_reusable(struct smtp *smtp)
{
    int most = smtp->options->max_transactions;
    size_t waiting;

    if (smtp->io == NULL || smtp->state > SMTP_NOTED || (most > 0 && smtp->transactions >= most))
        return false;
    return io_peek(smtp->io, &waiting) == IO_OK && waiting == 0;
}

/* lmtp-session.c - bytes in, replies out: lines of commands, and data up to its dot */
#include <string.h>

#include "util/killpoint.h"
#include "worker/lmtp-session-private.h"

enum { TEXT_MAX = 400 };

/* ---- replies ---- */

/* A reply is one line of ASCII (UTF-8 where the transaction speaks it), whatever a text holds. */
static void
add_text(struct lmtp_session *session, const char *text)
{
    bool utf8 = session->transaction != NULL && session->transaction->smtputf8;
    char *clean = utf8_clean(session, text, strnlen(text, TEXT_MAX));

    for (char *p = clean; *p != '\0'; p++)
        str_addc(session->output, *p == '\n' || *p == '\t' ? ' ' : (unsigned char)*p > 127 && !utf8 ? '?' : *p);
    talloc_free(clean);
}

void
lmtp_reply(struct lmtp_session *session, int code, const char *enhanced, const char *text)
{
    str_addf(session->output, "%d %s ", code, enhanced);
    add_text(session, text);
    str_add(session->output, "\r\n");
}

void
lmtp_end(struct lmtp_session *session, const char *enhanced, const char *text)
{
    if (session->over)
        return;
    str_addf(session->output, "421 %s %s ", enhanced, session->limits->hostname);
    add_text(session, text);
    str_add(session->output, "\r\n");
    session->over = true;
    session->in_data = false;
    TALLOC_FREE(session->transaction);
}

void
lmtp_refuse(struct lmtp_session *session, int code, const char *enhanced, const char *text)
{
    if (++session->bad_commands >= LMTP_BAD_COMMANDS_MAX)
        lmtp_end(session, "4.7.0", "too many errors");
    else
        lmtp_reply(session, code, enhanced, text);
}

void
lmtp_reply_status(struct lmtp_session *session, enum status status, const char *text)
{
    const struct status_row *row = status_row(status);
    bool may_be_said = row->smtp / 100 == 4 || status == STATUS_OK;

    if (text == NULL)
        text = status == STATUS_OK ? "taken" : row->sentence;
    if (may_be_said)
        lmtp_reply(session, row->smtp, row->enhanced, text);
    else
        lmtp_reply(session, 451, "4.3.0", text);
}

static void
forget_client(struct lmtp_session *session)
{
    const char *lhlo = session->client.lhlo;

    session->client = (struct lmtp_client){.lhlo = lhlo};
    TALLOC_FREE(session->client_ctx);
    session->client_ctx = talloc_new(session);
}

void
lmtp_end_transaction(struct lmtp_session *session)
{
    TALLOC_FREE(session->transaction);
    forget_client(session);
}

/* ---- bytes ---- */

/* The line is whole, its CR is the last byte. */
static void
end_line(struct lmtp_session *session)
{
    struct str *line = session->line;
    bool too_long = session->line_too_long;
    char *text;

    session->line_too_long = false;
    if (!too_long) {
        line->s[--line->len] = '\0';    /* @UNSAFE: the CR */
        while (line->len > 0 && line->s[line->len - 1] == ' ')
            line->s[--line->len] = '\0';
    }
    text = mem_strndup(session, line->s, line->len);
    if (too_long)
        lmtp_refuse(session, 500, "5.5.6", "the line is too long");
    else if (strlen(text) != line->len || str_has_control(text))
        lmtp_refuse(session, 500, "5.5.2", "the line holds a control character");
    else
        lmtp_command(session, text);
    talloc_free(text);
    str_clear(line);
}

/* One byte of a command. Only CR LF ends it: a lone LF is part of the line, and spoils it. */
static void
command_byte(struct lmtp_session *session, char byte)
{
    bool ends = byte == '\n' && session->last == '\r';

    session->last = byte;
    if (ends)
        end_line(session);
    else if (session->line->len < LMTP_LINE_MAX - 1)
        str_addc(session->line, byte);
    else
        session->line_too_long = true;
}

/* Data that belongs to the message. */
static void
hand_on(struct lmtp_session *session, const char *data, size_t len)
{
    struct lmtp_transaction *transaction = session->transaction;

    if (len == 0)
        return;
    transaction->size += len;
    transaction->too_large |= transaction->size > session->limits->bytes;
    if (transaction->too_large || session->data_status != STATUS_OK)
        return;
    session->data_status = session->handler->data_chunk(session->user, transaction,
                                                        (struct blob){(const uint8_t *)data, len});
}

static void
end_data(struct lmtp_session *session)
{
    struct lmtp_transaction *transaction = session->transaction;

    session->in_data = false;
    session->last = '\n';
    session->idle_commands = 0;
    killpoint("lmtp.data");
    for (size_t i = 0; i < transaction->recipient_count; i++) {
        struct lmtp_recipient *recipient = &transaction->recipients[i];

        recipient->status = session->data_status != STATUS_OK ? session->data_status
                          : transaction->too_large            ? STATUS_TOO_LARGE
                                                              : STATUS_UNAVAILABLE;
        recipient->text = NULL;
    }
    if (session->data_status == STATUS_OK)
        session->handler->data_end(session->user, transaction);
    for (size_t i = 0; i < transaction->recipient_count; i++) {
        const struct lmtp_recipient *recipient = &transaction->recipients[i];

        if (recipient->status == STATUS_TOO_LARGE)
            lmtp_reply(session, 452, "4.3.4", status_row(STATUS_TOO_LARGE)->sentence);
        else
            lmtp_reply_status(session, recipient->status, recipient->text);
    }
    lmtp_end_transaction(session);
}

/* Where a byte leads that is no withheld dot: the same from every place. */
static enum data_place
place_after(enum data_place place, char byte)
{
    if (byte == '\r')
        return AFTER_CR;
    return byte == '\n' && (place == AFTER_CR || place == AFTER_DOT_CR) ? AT_LINE_START : IN_LINE;
}

/* Takes data until its end or the end of what is there; returns how much it took. Runs of bytes are handed on together;
 * a dot that begins a line is withheld, and so is the CR behind it until the next byte tells. */
static size_t
feed_data(struct lmtp_session *session, const char *data, size_t len)
{
    size_t run = 0, i;

    for (i = 0; i < len; i++) {
        enum data_place place = session->place;

        if (place == AFTER_DOT_CR && data[i] == '\n') {
            end_data(session);
            return i + 1;
        }
        if (place == AFTER_DOT_CR)
            hand_on(session, "\r", 1);
        if ((place == AT_LINE_START && data[i] == '.') || (place == AFTER_DOT && data[i] == '\r')) {
            hand_on(session, data + run, i - run);
            run = i + 1;
            session->place = place == AT_LINE_START ? AFTER_DOT : AFTER_DOT_CR;
        } else {
            session->place = place_after(place, data[i]);
        }
        if (session->place == IN_LINE) {    /* nothing happens before the next CR */
            const char *cr = memchr(data + i + 1, '\r', len - i - 1);

            i = cr != NULL ? (size_t)(cr - data) - 1 : len - 1;
        }
    }
    hand_on(session, data + run, len - run);
    return len;
}

struct lmtp_session *
lmtp_session_new(TALLOC_CTX *ctx, const struct lmtp_limits *limits, const struct lmtp_handler *handler, void *user)
{
    struct lmtp_session *session = mem_new(ctx, struct lmtp_session);

    session->limits = limits;
    session->handler = handler;
    session->user = user;
    session->output = str_new(session);
    session->line = str_new(session);
    session->client_ctx = talloc_new(session);
    str_addf(session->output, "220 %s LMTP Kairan\r\n", limits->hostname);
    return session;
}

void
lmtp_session_feed(struct lmtp_session *session, const void *data, size_t len)
{
    const char *bytes = data;

    while (len > 0 && !session->over) {
        size_t taken = 1;

        if (session->in_data)
            taken = feed_data(session, bytes, len);
        else
            command_byte(session, *bytes);
        bytes += taken;
        len -= taken;
    }
}

struct str *
lmtp_session_output(struct lmtp_session *session)
{
    return session->output;
}

bool
lmtp_session_is_over(const struct lmtp_session *session)
{
    return session->over;
}

bool
lmtp_session_in_data(const struct lmtp_session *session)
{
    return session->in_data;
}

bool
lmtp_session_is_idle(const struct lmtp_session *session)
{
    return session->transaction == NULL;
}

void
lmtp_session_time_out(struct lmtp_session *session)
{
    lmtp_end(session, "4.4.2", "was waiting too long");
}

void
lmtp_session_stop(struct lmtp_session *session)
{
    lmtp_end(session, "4.3.2", "is being stopped");
}

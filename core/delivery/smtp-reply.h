/* smtp-reply.h - what the next hop answered, and what that means for us
 *
 * The reader takes one line after another and knows when the reply is whole; it is bounded and trusts nothing. A reply
 * keeps the phase it was given in, because the same "550" means different things to MAIL and to RCPT.
 *
 * Sources: RFC 5321 4.2, RFC 3463 and 2034 (enhanced codes), RFC 5321 4.5.3.1.10 (too many recipients). */
#ifndef KAIRAN_DELIVERY_SMTP_REPLY_H
#define KAIRAN_DELIVERY_SMTP_REPLY_H

#include "util/str.h"

enum smtp_phase {
    SMTP_CONNECT, SMTP_EHLO, SMTP_STARTTLS, SMTP_AUTH, SMTP_RSET, SMTP_MAIL, SMTP_RCPT, SMTP_DATA, SMTP_DOT, SMTP_QUIT
};
const char *smtp_phase_name(enum smtp_phase phase);     /* "connect" ... "dot": for rows and logs */

enum smtp_class {
    SMTP_ACCEPTED,      /* 2xx; to DATA 354 */
    SMTP_TEMPORARY,     /* 4xx: try again later */
    SMTP_PERMANENT,     /* 5xx */
    SMTP_LOST,          /* the connection went; after the dot nobody knows whether the message was taken */
    SMTP_TIMEOUT,       /* the same, by our patience */
    SMTP_PROTOCOL,      /* what came was no SMTP reply, or not one to this command */
    SMTP_LOCAL          /* we refused to say it: never on the wire, and the same each time */
};
const char *smtp_class_name(enum smtp_class class);     /* "accepted" ... "local" */

struct smtp_reply {
    enum smtp_phase phase;
    enum smtp_class class;
    int code;               /* 0 when there was no reply */
    const char *enhanced;   /* "5.1.1", or "" */
    const char *text;       /* valid UTF-8 without controls; lines divided by LF; never NULL */
    const char *queue_id;   /* from the reply to the dot, when its text names one; else NULL */
    bool closing;           /* 421, or worse: about the connection, no fault of message or recipient */
    bool too_many;          /* this recipient was one more than they take at once: send again at once, separately */
};

enum { SMTP_REPLY_LINE_MAX = 2048, SMTP_REPLY_LINES_MAX = 100 };

enum smtp_reading { SMTP_MORE, SMTP_WHOLE, SMTP_GARBAGE };
struct smtp_reader;
struct smtp_reader *smtp_reader_new(TALLOC_CTX *ctx);
/* One line without its line end. After SMTP_WHOLE the reader starts anew with the next line; after SMTP_GARBAGE the
 * connection cannot be understood any more. */
enum smtp_reading smtp_reader_line(struct smtp_reader *reader, struct blob line);
/* The reply read last (SMTP_WHOLE), as the answer in this phase. Lives in ctx. */
struct smtp_reply *smtp_reader_reply(TALLOC_CTX *ctx, const struct smtp_reader *reader, enum smtp_phase phase);
/* The k-th line's text of the reply read last, from 0; NULL behind the end. Lives until the next line. */
const char *smtp_reader_text(const struct smtp_reader *reader, size_t k);

/* A reply nobody gave. */
struct smtp_reply *smtp_reply_made(TALLOC_CTX *ctx, enum smtp_phase phase, enum smtp_class class, int code,
                                   const char *enhanced, const char *text);
struct smtp_reply *smtp_reply_copy(TALLOC_CTX *ctx, const struct smtp_reply *reply);
/* "550 5.1.1 no such user" */
char *smtp_reply_line(TALLOC_CTX *ctx, const struct smtp_reply *reply);

/* "Ok: queued as 4Xk2" -> "4Xk2"; knows the wording of Postfix, Exim, Sendmail, qmail, OpenSMTPD and Exchange. NULL when
 * there is none. */
char *smtp_queue_id(TALLOC_CTX *ctx, const char *text);

#endif

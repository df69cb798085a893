/* smtp.h - handing mail on to the smarthost
 *
 * A connection carries one transaction after another. A transaction is a row of steps, so that the caller can do other
 * work (a database row, a signature) while the network is busy:
 *
 *   smtp_mail, smtp_rcpt...     say nothing yet, they only note
 *   smtp_envelope_send          puts MAIL, RCPT... and DATA on the wire (all at once where PIPELINING is offered)
 *   ... other work ...
 *   smtp_envelope_finish        takes the replies; true: at least one recipient was accepted and they wait for the bytes
 *   smtp_data_body              sends the bytes, all but the final dot
 *   ... the last look whether this copy is still ours to send ...
 *   smtp_data_dot               from here on the message may be theirs
 *   ... other work ...
 *   smtp_end                    their final word
 *
 * Each recipient's fate is smtp_result(). A step that failed closes what must be closed; later steps then do nothing, and
 * every recipient has a result at any time after smtp_envelope_finish() (for those still open it is the connection's end).
 *
 * An argument with CR, LF, NUL or another control, or with non-ASCII where SMTPUTF8 was not asked for and offered, is an
 * error of ours (SMTP_LOCAL) and never reaches the wire. AUTH is spoken only inside TLS or to this machine itself.
 *
 * Memory: the connection and its replies live in their contexts; results live until the next smtp_mail().
 * Kill points: smtp.mail (before the envelope is sent), smtp.rcpt (its replies are here), smtp.data (all is sent but the
 * dot), smtp.dot (they took it, nobody has written it down yet).
 * Sources: RFC 5321, 2920 (PIPELINING), 1870 (SIZE), 6152 (8BITMIME), 6531 (SMTPUTF8), 3461 (DSN), 3207 (STARTTLS), 4954
 * (AUTH), 2034 (enhanced codes); DESIGN 4.7. */
#ifndef KAIRAN_DELIVERY_SMTP_H
#define KAIRAN_DELIVERY_SMTP_H

#include "delivery/smtp-data.h"
#include "delivery/smtp-reply.h"
#include "util/conf.h"
#include "util/tls.h"

struct smtp_options {
    const char *host;
    int port;
    const char *helo;
    enum tls_mode tls_mode;
    struct tls_client *tls;         /* NULL for TLS_NONE */
    const char *user, *password;    /* NULL: no AUTH */
    int connect_timeout_ms, reply_timeout_ms, data_timeout_ms;
    int max_transactions;           /* then smtp_reusable() says no; 0 for no limit */
};
/* From [smtp] and [worker] hostname; reads the password's file. */
enum status smtp_options_from(TALLOC_CTX *ctx, const struct conf *conf, struct smtp_options **options_r,
                              struct fault *fault);

struct smtp_capabilities {
    bool pipelining, eight_bit, smtputf8, dsn, starttls, auth_plain, auth_login, enhanced, has_size;
    uint64_t size_max;              /* 0: none said */
};

struct smtp;
/* Greeting, EHLO (or HELO), STARTTLS, AUTH as the options say. NULL when that failed; reply_r, in ctx, then has the phase
 * and their words: it is about the connection, never about a message, whatever its class. The options must outlive the
 * connection. */
struct smtp *smtp_open(TALLOC_CTX *ctx, const struct smtp_options *options, struct smtp_reply **reply_r);
const struct smtp_capabilities *smtp_capabilities(const struct smtp *smtp);
const char *smtp_tls(const struct smtp *smtp);      /* such as "TLSv1.3 ..."; NULL without */
/* Another transaction may begin: the last one ended cleanly or can be reset, the peer is there and silent. */
bool smtp_reusable(struct smtp *smtp);
/* Says QUIT without waiting long for the answer, when there is still somebody to say it to. */
void smtp_close(struct smtp **smtp);

enum smtp_ret { SMTP_RET_NONE, SMTP_RET_FULL, SMTP_RET_HDRS };
enum { SMTP_NOTIFY_NEVER = 1, SMTP_NOTIFY_SUCCESS = 2, SMTP_NOTIFY_FAILURE = 4, SMTP_NOTIFY_DELAY = 8 };

struct smtp_envelope {
    const char *from;       /* without < >; "" for the null sender */
    uint64_t size;          /* 0: unknown */
    bool body_8bit;         /* the bytes to come have 8-bit bytes; refused locally where the peer has no 8BITMIME */
    bool smtputf8;          /* likewise */
    enum smtp_ret ret;      /* these two are said only to who offers DSN */
    const char *envid;      /* plain; encoded here */
};

/* Begins a transaction, ending the one before (with RSET where one is open). What it was given is copied. */
void smtp_mail(struct smtp *smtp, const struct smtp_envelope *envelope);
/* The recipient's index, from 0. `notify` is 0 or SMTP_NOTIFY_... together; `orcpt` a plain address or NULL. */
size_t smtp_rcpt(struct smtp *smtp, const char *to, unsigned notify, const char *orcpt);
void smtp_envelope_send(struct smtp *smtp);
bool smtp_envelope_finish(struct smtp *smtp);       /* sends first when that was forgotten */
/* False: nothing was sent that could become a message, the results say why. */
bool smtp_data_body(struct smtp *smtp, const struct blob parts[], size_t count);
bool smtp_data_dot(struct smtp *smtp);
/* Instead of the dot: ends the connection, so that nothing is delivered. `why` becomes the results' text. */
void smtp_data_give_up(struct smtp *smtp, const char *why);
/* Their reply to the dot, or how the transaction ended before it; it is also the result of each accepted recipient. */
const struct smtp_reply *smtp_end(struct smtp *smtp);

size_t smtp_recipients(const struct smtp *smtp);
const struct smtp_reply *smtp_result(const struct smtp *smtp, size_t recipient);

#endif

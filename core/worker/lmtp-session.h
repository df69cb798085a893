/* lmtp-session.h - the receiving side of LMTP, as a conversation without sockets or SQL
 *
 * Bytes go in, replies come out in an output buffer, and a handler is asked about recipients and given the message. How the
 * bytes are cut into pieces changes nothing: byte by byte, the answers and what the handler sees are the same.
 *
 * What keeps one message one message (reference B.4): data ends at CRLF.CRLF and nowhere else; a command ends at CRLF, and
 * one with CR, LF or NUL inside is refused. The data handed on has its dots unstuffed and is otherwise as it came:
 * whoever stores it brings it into normal form.
 *
 * After the data only 250 and 4xx are ever said, because our MTA would turn a 5xx into a bounce to a sender who may be
 * forged; a handler's 5xx becomes 451. A message over the limit is read to its end without being handed on, and the
 * handler, told so at the end, may still answer 250 and keep a row about it; otherwise it is 452.
 *
 * Memory: all of a transaction is freed after its end, at RSET and with the session: a handler's temporary file and the
 * like hang on the transaction. Kill points: lmtp.rcpt, lmtp.data.
 * Sources: RFC 2033, 5321, 2920 (PIPELINING), 1870 (SIZE), 6152, 6531, 3461; Postfix XFORWARD_README. */
#ifndef KAIRAN_WORKER_LMTP_SESSION_H
#define KAIRAN_WORKER_LMTP_SESSION_H

#include "mime/address.h"
#include "util/status.h"
#include "util/str.h"

enum { LMTP_LINE_MAX = 2048, LMTP_BAD_COMMANDS_MAX = 20, LMTP_IDLE_COMMANDS_MAX = 1000 };

/* Where the message came from before our MTA. Members are NULL when it did not say. */
struct lmtp_client {
    const char *lhlo;       /* our peer's own name */
    const char *name, *addr, *port, *proto, *helo, *ident, *source;     /* XFORWARD; addr is a plain IPv4 or IPv6 address */
};

struct lmtp_recipient {
    const char *path;       /* as given, without < > and without a source route */
    struct address address; /* what it says; the domain is "" for a mere "postmaster" */
    const char *orcpt;      /* "rfc822;who@example.org", decoded; NULL without */
    void *object;           /* the handler's own */
    /* For lmtp_handler.data_end to fill. */
    enum status status;     /* STATUS_OK is 250 */
    const char *text;       /* NULL: the status's own sentence */
};

struct lmtp_transaction {
    struct lmtp_client client;
    const char *from;               /* as given, without < > and route; "" is the null sender */
    struct address sender;          /* what it says */
    bool body_8bit, smtputf8;
    uint64_t size_declared;         /* SIZE=; 0 when not said */
    struct lmtp_recipient *recipients;      /* the accepted ones */
    size_t recipient_count;
    uint64_t size;                  /* bytes of data so far, dots unstuffed */
    void *object;                   /* the handler's own */
    bool too_large;                 /* more than limits.bytes came; the rest was not handed on */
};

struct lmtp_handler {
    /* May this recipient have mail? Not OK refuses it with the status's codes and recipient->text. The recipient struct
     * may move later; its path lives as long as the transaction. */
    enum status (*recipient)(void *user, struct lmtp_transaction *transaction, struct lmtp_recipient *recipient);
    /* Not OK answers DATA with a 4xx. */
    enum status (*data_begin)(void *user, struct lmtp_transaction *transaction);
    /* Not OK: no more chunks come, data_end is not called, and this is the answer for every recipient. */
    enum status (*data_chunk)(void *user, struct lmtp_transaction *transaction, struct blob chunk);
    /* Fills each recipient's status and text; they come as UNAVAILABLE. Afterwards the transaction is freed. */
    void (*data_end)(void *user, struct lmtp_transaction *transaction);
};

struct lmtp_limits {
    const char *hostname;       /* in greeting and LHLO */
    size_t recipients;
    uint64_t bytes;             /* announced as SIZE */
};

struct lmtp_session;
/* The greeting is in the output at once. Limits, handler and user must outlive the session. */
struct lmtp_session *lmtp_session_new(TALLOC_CTX *ctx, const struct lmtp_limits *limits,
                                      const struct lmtp_handler *handler, void *user);
void lmtp_session_feed(struct lmtp_session *session, const void *data, size_t len);
/* What is to be sent; whoever sent it empties it with str_clear(). */
struct str *lmtp_session_output(struct lmtp_session *session);
/* Send the output, then close. */
bool lmtp_session_is_over(const struct lmtp_session *session);
/* A message is coming in: the time limit for data holds. */
bool lmtp_session_in_data(const struct lmtp_session *session);
/* Between transactions: a good moment to stop. */
bool lmtp_session_is_idle(const struct lmtp_session *session);
/* The peer was silent too long (421 4.4.2), or we stop (421 4.3.2). In the middle of data as well: no message then. */
void lmtp_session_time_out(struct lmtp_session *session);
void lmtp_session_stop(struct lmtp_session *session);

#endif

/* lmtp-session-private.h - what the files of the LMTP conversation share: lmtp-session.c, lmtp-command.c. Nobody else includes
 * this. */
#ifndef KAIRAN_WORKER_LMTP_SESSION_PRIVATE_H
#define KAIRAN_WORKER_LMTP_SESSION_PRIVATE_H

#include "worker/lmtp-session.h"

/* Where in the data the next byte stands. RFC 5321 4.1.1.4, and nothing else ends it. */
enum data_place { AT_LINE_START, AFTER_DOT, AFTER_DOT_CR, AFTER_CR, IN_LINE };

struct lmtp_session {
    const struct lmtp_limits *limits;
    const struct lmtp_handler *handler;
    void *user;
    struct str *output;
    bool over;

    struct str *line;       /* the command so far, with its CR */
    bool line_too_long;
    char last;              /* the byte before, for CRLF */
    unsigned bad_commands, idle_commands;

    TALLOC_CTX *client_ctx;
    struct lmtp_client client;
    struct lmtp_transaction *transaction;

    bool in_data;
    enum data_place place;
    enum status data_status;
};

/* One line; the text becomes ASCII, or UTF-8 where the transaction speaks it. */
void lmtp_reply(struct lmtp_session *session, int code, const char *enhanced, const char *text);
/* To a command we could not follow. Too many of them, and whoever speaks here is no MTA: the session ends. */
void lmtp_refuse(struct lmtp_session *session, int code, const char *enhanced, const char *text);
/* After DATA and after the data: 250 or 4xx, nothing else. NULL text is the status's own sentence. */
void lmtp_reply_status(struct lmtp_session *session, enum status status, const char *text);
/* 421, and nothing more is read. */
void lmtp_end(struct lmtp_session *session, const char *enhanced, const char *text);
/* Forgets the transaction, and what XFORWARD said: it speaks of one message only. */
void lmtp_end_transaction(struct lmtp_session *session);

/* A line without its end, free of controls: acts and replies. */
void lmtp_command(struct lmtp_session *session, const char *line);

#endif

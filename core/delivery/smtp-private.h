/* smtp-private.h - what the files of the SMTP client share: smtp.c, smtp-connect.c, smtp-envelope.c. Nobody else includes this. */
#ifndef KAIRAN_DELIVERY_SMTP_PRIVATE_H
#define KAIRAN_DELIVERY_SMTP_PRIVATE_H

#include "delivery/smtp.h"

/* One command of an envelope, in the order they are said and answered. */
struct smtp_step {
    enum smtp_phase phase;
    const char *line;
    size_t recipient;       /* of SMTP_RCPT */
};

struct smtp_recipient {
    const char *line;               /* RCPT TO..., or NULL when it may not be said */
    const struct smtp_reply *reply; /* its own refusal or acceptance; NULL while there is none */
};

enum smtp_state {
    SMTP_IDLE,          /* between transactions */
    SMTP_NOTED,         /* an envelope is noted, nothing was said */
    SMTP_ASKED,         /* commands are out, replies are not all in */
    SMTP_WANTED,        /* 354: they wait for bytes */
    SMTP_SENT,          /* all bytes but the dot are out */
    SMTP_DOTTED         /* the dot is out, their word is not in */
};

struct smtp {
    const struct smtp_options *options;
    struct io *io;                          /* NULL once the connection has ended */
    struct smtp_reader *reader;
    struct smtp_capabilities capabilities;
    const char *tls;
    const struct smtp_reply *ending;        /* why it ended */
    int transactions;
    bool dirty;                             /* the peer has a transaction open: RSET before the next */

    enum smtp_state state;
    TALLOC_CTX *transaction;                /* all below live here */
    struct smtp_envelope envelope;
    const char *mail_line;                  /* NULL: may not be said */
    struct smtp_recipient *recipients;
    size_t count, accepted;
    struct smtp_step *steps;
    size_t step_count, said, heard;
    const struct smtp_reply *mail_reply, *data_reply, *final;
};

/* Puts the line and CRLF; sends nothing yet. */
void smtp_say(struct smtp *smtp, const char *line);
/* Sends what was said and takes one reply, made up when the connection failed. A reply that ends the connection (421,
 * nonsense, loss) has ended it when this returns. Never NULL; lives in ctx. */
struct smtp_reply *smtp_hear(TALLOC_CTX *ctx, struct smtp *smtp, enum smtp_phase phase, int timeout_ms);
/* Both, for one command. */
struct smtp_reply *smtp_ask(TALLOC_CTX *ctx, struct smtp *smtp, enum smtp_phase phase, const char *line);
/* A refusal of ours, in the transaction, as if they had said it. */
struct smtp_reply *smtp_refuse_locally(struct smtp *smtp, enum smtp_phase phase, const char *enhanced, const char *why);
/* Ends the connection for this reason, which is copied. */
void smtp_hang_up(struct smtp *smtp, const struct smtp_reply *why);

#endif

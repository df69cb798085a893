/* secret.h - a moderator's password in a message: where it stands, and the message without it
 *
 * It stands in a field Approved, Approve, X-Approved or X-Approve, or in a line of that form that is the first of the text which
 * is not empty; then it may stand in the HTML beside it, too. Fields and line are taken out wherever they are, whether the
 * password is right or not: a mistyped one is nearly the right one.
 *
 * Memory: all in ctx. Bounds: linear; texts of 4 MiB. Sources: Mailman's approved rule (mailman3-features 1.5). */
#ifndef KAIRAN_MIME_SECRET_H
#define KAIRAN_MIME_SECRET_H

#include "mime/part.h"

enum { SECRET_MAX = 200 };

struct secret_range { size_t offset, len; bool in_base64; };
struct secret {
    const char *text;               /* the password as it is written; "" when a field is there but empty */
    struct secret_range *ranges;    /* of the raw bytes: what to cover when they are shown */
    size_t count;
    struct message *without;        /* the message without field and line */
    bool is_gone;                   /* nothing of it is left in there; else nobody but moderators may see it */
};

/* NULL: there is none. `in_text`: the first line of the text is looked at as well. */
struct secret *secret_find(TALLOC_CTX *ctx, const struct message *message, bool in_text);

#endif

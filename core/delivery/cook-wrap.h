/* cook-wrap.h - a post put untouched into a mail of the list's (RFC 2046 5.2.1)
 *
 * Inside stands the message as it came, signatures and all, but for fields that nobody else may read (a password, Bcc). The
 * mail around it repeats To, Cc, Subject, Date, Message-ID, In-Reply-To and References, so that answers find their thread. */
#ifndef KAIRAN_DELIVERY_COOK_WRAP_H
#define KAIRAN_DELIVERY_COOK_WRAP_H

#include "mime/part.h"
#include "util/str.h"

struct cook_wrapping {
    const char *above, *below;          /* texts around the post; NULL or "" for none */
    bool add_message_id, add_date;      /* the head has these fields already */
};

/* Adds the outer fields to `head` and returns the body. `outer`: the post's header with the subject as the list shows it. */
struct blob cook_wrap(TALLOC_CTX *ctx, const struct message *inner, const struct header *outer,
                      const struct cook_wrapping *wrapping, struct str *head);

#endif

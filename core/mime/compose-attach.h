/* compose-attach.h - a text mail of ours that carries another message
 *
 * The message goes along unchanged: as message/rfc822 where any server can carry its bytes, else as a file named message.eml
 * (RFC 2046 5.2.1 lets message/rfc822 have no encoding). */
#ifndef KAIRAN_MIME_COMPOSE_ATTACH_H
#define KAIRAN_MIME_COMPOSE_ATTACH_H

#include "mime/compose.h"

/* `mail` is what compose_text_mail() wrote. */
struct blob compose_attach(TALLOC_CTX *ctx, struct blob mail, struct blob message);

#endif

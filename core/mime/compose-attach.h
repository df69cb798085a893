/* compose-attach.h - a text mail of ours that carries another message, or files
 *
 * The message goes along unchanged: as message/rfc822 where any server can carry its bytes, else as a file named message.eml
 * (RFC 2046 5.2.1 lets message/rfc822 have no encoding). Files go in base64 under their own names (RFC 2231 where those are not
 * ASCII); a type that is none, or that is not for files (multipart, message), becomes application/octet-stream. */
#ifndef KAIRAN_MIME_COMPOSE_ATTACH_H
#define KAIRAN_MIME_COMPOSE_ATTACH_H

#include "mime/compose.h"

/* `mail` is what compose_text_mail() wrote. */
struct blob compose_attach(TALLOC_CTX *ctx, struct blob mail, struct blob message);

struct mail_file { const char *name, *type; struct blob data; };    /* as they came: name and type are anybody's text, type may be NULL */
/* The mail itself when there are none. */
struct blob compose_files(TALLOC_CTX *ctx, struct blob mail, const struct mail_file *files, size_t count);

#endif

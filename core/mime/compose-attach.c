/* compose-attach.c - a text mail of ours that carries another message */
#include <string.h>

#include "mime/compose-attach.h"
#include "util/crypto.h"

enum { LINE_MOST = 998 };

/* ASCII without NUL, lines short and ended by CR LF alone. */
static bool
passes_everywhere(struct blob bytes)
{
    size_t line = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t c = bytes.data[i];

        if (c == '\r' && i + 1 < bytes.len && bytes.data[i + 1] == '\n') {
            line = 0;
            i++;
        } else if (c == 0 || c > 127 || c == '\r' || c == '\n' || ++line > LINE_MOST) {
            return false;
        }
    }
    return true;
}

static void
add_message(struct str *out, struct blob message)
{
    if (passes_everywhere(message)) {
        str_add(out, "Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\n");
        str_addn(out, message.data, message.len);
        return;
    }
    str_add(out, "Content-Type: application/octet-stream; name=\"message.eml\"\r\n"
                 "Content-Disposition: attachment; filename=\"message.eml\"\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    compose_base64(out, message);
}

struct blob
compose_attach(TALLOC_CTX *ctx, struct blob mail, struct blob message)
{
    static const char mark[] = "MIME-Version: 1.0\r\n";
    const uint8_t *found = memmem(mail.data, mail.len, mark, strlen(mark));
    const char *boundary = mem_printf(ctx, "=_%s", random_token(ctx));
    struct str *out = str_new(ctx);
    size_t head;

    must(found != NULL);
    head = (size_t)(found - mail.data) + strlen(mark);
    str_addn(out, mail.data, head);
    str_addf(out, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary);
    str_addn(out, mail.data + head, mail.len - head);
    str_addf(out, "\r\n--%s\r\n", boundary);
    add_message(out, message);
    str_addf(out, "\r\n--%s--\r\n", boundary);
    return str_blob(out);
}

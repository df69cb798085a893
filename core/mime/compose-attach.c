/* compose-attach.c - a text mail of ours that carries another message, or files */
#include <string.h>

#include "mime/compose-attach.h"
#include "util/crypto.h"

enum { LINE_MOST = 998, TYPE_MOST = 100, NAME_MOST = 150 };

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

/* The mail as the first part of a multipart; what comes after it follows. */
static struct str *
begin(TALLOC_CTX *ctx, struct blob mail, const char *boundary)
{
    static const char mark[] = "MIME-Version: 1.0\r\n";
    const uint8_t *found = memmem(mail.data, mail.len, mark, strlen(mark));
    struct str *out = str_new(ctx);
    size_t head;

    must(found != NULL);
    head = (size_t)(found - mail.data) + strlen(mark);
    str_addn(out, mail.data, head);
    str_addf(out, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary);
    str_addn(out, mail.data + head, mail.len - head);
    return out;
}

struct blob
compose_attach(TALLOC_CTX *ctx, struct blob mail, struct blob message)
{
    const char *boundary = mem_printf(ctx, "=_%s", random_token(ctx));
    struct str *out = begin(ctx, mail, boundary);

    str_addf(out, "\r\n--%s\r\n", boundary);
    add_message(out, message);
    str_addf(out, "\r\n--%s--\r\n", boundary);
    return str_blob(out);
}

/* "type/subtype" of a file. */
static bool
is_file_type(const char *type)
{
    static const char specials[] = "()<>@,;:\\\"[]?=";
    int slashes = 0;

    if (str_is_empty(type) || strlen(type) > TYPE_MOST || *type == '/' || str_ends(type, "/")
        || str_starts_nocase(type, "multipart/") || str_starts_nocase(type, "message/"))
        return false;
    for (const char *p = type; *p != '\0'; p++) {
        if (*p <= 32 || *p >= 127 || strchr(specials, *p) != NULL)
            return false;
        slashes += *p == '/';
    }
    return slashes == 1;
}

/* Without folders, on one line, of a length that any disk takes. */
static const char *
file_name(TALLOC_CTX *ctx, const char *name)
{
    const char *slash = strrchr(name, '/'), *last = slash != NULL ? slash + 1 : name, *back = strrchr(last, '\\');
    char *clean = utf8_cut(ctx, back != NULL ? back + 1 : last, NAME_MOST);

    for (char *p = clean; *p != '\0'; p++)
        if ((uint8_t)*p < 32 || *p == 127)
            *p = ' ';
    clean = str_trim(ctx, clean);
    return *clean != '\0' ? clean : "file";
}

static void
add_file(struct str *out, const struct mail_file *file)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct param name = {"name", file_name(scratch, file->name)}, filename = {"filename", name.value};
    struct params type = {.value = is_file_type(file->type) ? file->type : "application/octet-stream", .rows = &name, .count = 1};
    struct params disposition = {.value = "attachment", .rows = &filename, .count = 1};

    compose_params(out, "Content-Type", &type);
    compose_params(out, "Content-Disposition", &disposition);
    compose_structured(out, "Content-Transfer-Encoding", "base64");
    str_add(out, "\r\n");
    compose_base64(out, file->data);
    talloc_free(scratch);
}

struct blob
compose_files(TALLOC_CTX *ctx, struct blob mail, const struct mail_file *files, size_t count)
{
    const char *boundary = mem_printf(ctx, "=_%s", random_token(ctx));
    struct str *out;

    if (count == 0)
        return mail;
    out = begin(ctx, mail, boundary);
    for (size_t i = 0; i < count; i++) {
        str_addf(out, "\r\n--%s\r\n", boundary);
        add_file(out, &files[i]);
    }
    str_addf(out, "\r\n--%s--\r\n", boundary);
    return str_blob(out);
}

/* form.h - bytes from browsers, read: forms, query strings, cookies
 *
 * Nothing here knows a route. Values are checked to be UTF-8 without NUL; anything else, too many fields or a name that is too
 * long make the whole form INVALID. Files may be any bytes, and are a view into the request's body. An empty form is fine.
 *
 * Bounds: FORM_FIELDS_MAX fields, names of FORM_NAME_MAX bytes; linear. Memory: everything lives in ctx.
 * Sources: URL standard 5.1, RFC 7578, RFC 2046 5.1, RFC 6265 5.4. */
#ifndef KAIRAN_WEB_FORM_H
#define KAIRAN_WEB_FORM_H

#include "util/status.h"

enum { FORM_FIELDS_MAX = 200, FORM_NAME_MAX = 64 };

struct form_field {
    const char *name;
    const char *value;          /* "" for a file */
    const char *filename;       /* NULL unless it came as a file */
    const char *type;           /* what the browser calls the file's type; NULL when it does not say */
    struct blob file;
};

struct form {
    struct form_field rows[FORM_FIELDS_MAX];
    size_t count;
    bool is_absurd;             /* a value was asked for that cannot be: request_int() */
};

/* application/x-www-form-urlencoded, and query strings. */
enum status form_urlencoded(TALLOC_CTX *ctx, struct blob bytes, struct form **form_r);
/* multipart/form-data; content_type is the request's whole field, with its boundary. */
enum status form_multipart(TALLOC_CTX *ctx, const char *content_type, struct blob bytes, struct form **form_r);
/* By the content type; INVALID for another one. An empty body is an empty form whatever its type. */
enum status form_read(TALLOC_CTX *ctx, const char *content_type, struct blob bytes, struct form **form_r);

/* The value of one cookie in a Cookie field, NULL when absent. The first of equal names counts. */
char *cookie_get(TALLOC_CTX *ctx, const char *cookies, const char *name);

/* One part of a URL, percent-encoded but for letters, digits and "-._~". */
char *url_escape(TALLOC_CTX *ctx, const char *text);
/* The other way; false when it is not UTF-8, holds NUL, or ends inside an escape. */
bool url_unescape(TALLOC_CTX *ctx, const char *text, size_t len, bool plus_is_blank, char **text_r);

#endif

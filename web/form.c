/* form.c - bytes from browsers, read */
#include <ctype.h>
#include <string.h>

#include "util/str.h"
#include "web/form.h"

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
url_unescape(TALLOC_CTX *ctx, const char *text, size_t len, bool plus_is_blank, char **text_r)
{
    char *out = mem_array(ctx, char, len + 1);
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] == '%') {
            int high, low;

            if (len - i < 3)
                return false;
            high = hex_digit(text[i + 1]);
            low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0)
                return false;
            out[n++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[n++] = plus_is_blank && text[i] == '+' ? ' ' : text[i];
        }
    }
    out[n] = '\0';
    if (!utf8_is_valid(out, n))
        return false;
    *text_r = out;
    return true;
}

char *
url_escape(TALLOC_CTX *ctx, const char *text)
{
    static const char plain[] = "-._~";
    struct str *out = str_new(ctx);

    for (const char *s = text; *s != '\0'; s++) {
        if ((isalnum((unsigned char)*s) && (unsigned char)*s < 128) || strchr(plain, *s) != NULL)
            str_addc(out, *s);
        else
            str_addf(out, "%%%02X", (unsigned char)*s);
    }
    return out->s;
}

static enum status
add(struct form *form, const char *name, const char *value, const char *filename)
{
    if (form->count == FORM_FIELDS_MAX || strlen(name) > FORM_NAME_MAX)
        return STATUS_INVALID;
    form->rows[form->count++] = (struct form_field){.name = name, .value = value, .filename = filename};
    return STATUS_OK;
}

enum status
form_urlencoded(TALLOC_CTX *ctx, struct blob bytes, struct form **form_r)
{
    struct form *form = mem_new(ctx, struct form);
    const char *s = (const char *)bytes.data, *end = s + bytes.len;

    while (s < end) {
        const char *amp = memchr(s, '&', (size_t)(end - s)), *stop = amp != NULL ? amp : end;
        const char *equals = memchr(s, '=', (size_t)(stop - s)), *name_end = equals != NULL ? equals : stop;
        char *name, *value;

        if (stop > s) {
            const char *from = equals != NULL ? equals + 1 : stop;

            if (!url_unescape(form, s, (size_t)(name_end - s), true, &name) ||
                !url_unescape(form, from, (size_t)(stop - from), true, &value) ||
                add(form, name, value, NULL) != STATUS_OK)
                return STATUS_INVALID;
        }
        s = stop + 1;
    }
    *form_r = form;
    return STATUS_OK;
}

/* The value of a parameter such as name="x" in a field; NULL when absent. Browsers write %22 for a quote, so no escapes. */
static char *
parameter(TALLOC_CTX *ctx, const char *field, const char *name)
{
    size_t len = strlen(name);

    for (const char *s = field; (s = strchr(s, ';')) != NULL;) {
        const char *end;

        s++;
        s += strspn(s, " \t");
        if (strncasecmp(s, name, len) != 0 || s[len] != '=')
            continue;
        s += len + 1;
        if (*s == '"') {
            end = strchr(++s, '"');
            return end != NULL ? mem_strndup(ctx, s, (size_t)(end - s)) : NULL;
        }
        return mem_strndup(ctx, s, strcspn(s, "; \t"));
    }
    return NULL;
}

/* One part: its header lines up to an empty one, then the value. */
static enum status
add_part(struct form *form, const char *part, size_t len)
{
    const char *head_end = memmem(part, len, "\r\n\r\n", 4);
    char *head, *disposition = NULL, *type = NULL, *name, *filename;
    const char *value;
    size_t value_len;

    if (head_end == NULL || memchr(part, '\0', (size_t)(head_end - part)) != NULL)
        return STATUS_INVALID;
    head = mem_strndup(form, part, (size_t)(head_end - part));
    for (char **line = str_split(form, head, '\n', 16); *line != NULL; line++)
        if (str_starts_nocase(*line, "Content-Disposition:"))
            disposition = str_trim(form, *line);
        else if (str_starts_nocase(*line, "Content-Type:"))
            type = str_trim(form, *line + strlen("Content-Type:"));
    if (disposition == NULL || (name = parameter(form, disposition, "name")) == NULL)
        return STATUS_INVALID;
    filename = parameter(form, disposition, "filename");
    value_len = len - (size_t)(head_end + 4 - part);
    if ((filename == NULL && !utf8_is_valid(head_end + 4, value_len)) || !utf8_is_valid(name, strlen(name)) ||
        (filename != NULL && !utf8_is_valid(filename, strlen(filename))))
        return STATUS_INVALID;
    value = filename != NULL ? "" : mem_strndup(form, head_end + 4, value_len);
    if (add(form, name, value, filename) != STATUS_OK)
        return STATUS_INVALID;
    if (filename != NULL) {
        form->rows[form->count - 1].type = type != NULL && utf8_is_valid(type, strlen(type)) ? type : NULL;
        form->rows[form->count - 1].file = (struct blob){(const uint8_t *)head_end + 4, value_len};
    }
    return STATUS_OK;
}

enum status
form_multipart(TALLOC_CTX *ctx, const char *content_type, struct blob bytes, struct form **form_r)
{
    struct form *form = mem_new(ctx, struct form);
    char *boundary = parameter(form, content_type, "boundary"), *line;
    const char *s = (const char *)bytes.data, *end = s + bytes.len;
    size_t line_len;

    if (str_is_empty(boundary) || strlen(boundary) > 70)
        return STATUS_INVALID;
    line = mem_printf(form, "\r\n--%s", boundary);
    line_len = strlen(line);
    if (bytes.len < line_len || memcmp(s, line + 2, line_len - 2) != 0)
        return STATUS_INVALID;
    s += line_len - 2;
    while (end - s >= 2 && memcmp(s, "\r\n", 2) == 0) {
        const char *next;
        enum status status;

        s += 2;
        next = memmem(s, (size_t)(end - s), line, line_len);
        if (next == NULL)
            return STATUS_INVALID;
        status = add_part(form, s, (size_t)(next - s));
        if (status != STATUS_OK)
            return status;
        s = next + line_len;
    }
    if (end - s < 2 || memcmp(s, "--", 2) != 0)
        return STATUS_INVALID;
    *form_r = form;
    return STATUS_OK;
}

enum status
form_read(TALLOC_CTX *ctx, const char *content_type, struct blob bytes, struct form **form_r)
{
    if (bytes.len == 0) {
        *form_r = mem_new(ctx, struct form);
        return STATUS_OK;
    }
    if (content_type == NULL)
        return STATUS_INVALID;
    if (str_starts_nocase(content_type, "multipart/form-data"))
        return form_multipart(ctx, content_type, bytes, form_r);
    if (str_starts_nocase(content_type, "application/x-www-form-urlencoded"))
        return form_urlencoded(ctx, bytes, form_r);
    return STATUS_INVALID;
}

char *
cookie_get(TALLOC_CTX *ctx, const char *cookies, const char *name)
{
    size_t len = strlen(name);

    for (const char *s = cookies; s != NULL; s = strchr(s, ';')) {
        s += strspn(s, "; \t");
        if (strncmp(s, name, len) == 0 && s[len] == '=')
            return mem_strndup(ctx, s + len + 1, strcspn(s + len + 1, "; \t"));
    }
    return NULL;
}

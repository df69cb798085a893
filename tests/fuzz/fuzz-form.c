/* fuzz-form.c - forms, multipart bodies, cookies, URLs and bodies of mails, as browsers and authors might send them
 *
 * The first byte says which reader gets the rest. */
#include <string.h>

#include "util/str.h"
#include "mime/mask.h"
#include "mime/view-html.h"
#include "web/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever was read is text, and within bounds. */
static void
check(const struct form *form)
{
    must(form->count <= FORM_FIELDS_MAX);
    for (size_t i = 0; i < form->count; i++) {
        must(strlen(form->rows[i].name) <= FORM_NAME_MAX);
        must(utf8_is_valid(form->rows[i].value, strlen(form->rows[i].value)));
        if (form->rows[i].filename == NULL)
            must(form->rows[i].file.len == 0);
        for (size_t n = 0, sum = 0; n < form->rows[i].file.len; n++)    /* each byte may be read */
            sum += form->rows[i].file.data[n];
    }
}

static void
read_multipart(TALLOC_CTX *ctx, const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, '\n', size);
    struct form *form;

    if (end == NULL)
        return;
    if (form_multipart(ctx, mem_strndup(ctx, (const char *)data, (size_t)(end - data)),
                       (struct blob){end + 1, size - (size_t)(end + 1 - data)}, &form) == STATUS_OK)
        check(form);
}

static void
read_text(TALLOC_CTX *ctx, const uint8_t *data, size_t size)
{
    char *text = utf8_clean(ctx, data, size), *masked = mem_strdup(ctx, text);

    mask_tokens(masked, strlen(masked));
    must(strlen(masked) == strlen(text));
    view_html_text(ctx, text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct form *form;
    char *text;

    if (size > 0) {
        switch (data[0] & 3) {
        case 0:
            if (form_urlencoded(ctx, (struct blob){data + 1, size - 1}, &form) == STATUS_OK)
                check(form);
            break;
        case 1:
            read_multipart(ctx, data + 1, size - 1);
            break;
        case 2:
            text = mem_strndup(ctx, (const char *)data + 1, size - 1);
            cookie_get(ctx, text, "session");
            url_unescape(ctx, text, strlen(text), true, &text);
            break;
        default:
            read_text(ctx, data + 1, size - 1);
        }
    }
    talloc_free(ctx);
    return 0;
}

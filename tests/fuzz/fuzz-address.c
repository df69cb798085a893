/* fuzz-address.c - no control ever comes out of an address, and what is written is read again as the same */
#include <string.h>

#include "mime/address.h"
#include "mime/compose.h"
#include "mime/header.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_text(const char *text)
{
    must(utf8_is_valid(text, strlen(text)));
    for (; *text != '\0'; text++)
        must((uint8_t)*text >= 0x20 && *text != 0x7f);
}

static bool
same(const struct address *a, const struct address *b)
{
    return strcmp(a->local, b->local) == 0 && strcmp(a->domain, b->domain) == 0;
}

/* A field written with this mailbox holds it and nobody else. */
static void
check_field(TALLOC_CTX *ctx, const struct address *row)
{
    struct str *out = str_new(ctx);
    struct header *header;
    struct address_list *list;
    char *quoted = address_quote(ctx, row), *key = address_key(ctx, row);

    compose_address_field(out, "From", row->display, quoted);
    header = header_parse(ctx, str_blob(out));
    must(header->count == 1 && header->fields[0].len == out->len);
    list = address_list_parse(ctx, header_raw(&header->fields[0]));
    must(list->count == 1 && list->groups == 0);
    if (!list->rows[0].ok || key == NULL)
        return;
    must(str_eq(address_key(ctx, &list->rows[0]), key));
}

static void
check_path(TALLOC_CTX *ctx, const uint8_t *data, size_t len)
{
    struct address address, again;
    size_t used, used_again;
    char *path;

    if (!address_path_parse(ctx, (const char *)data, len, true, &address, &used))
        return;
    must(used <= len && strlen(address.local) <= ADDRESS_LOCAL_MAX && strlen(address.domain) <= ADDRESS_DOMAIN_MAX);
    check_text(address.local);
    check_text(address.domain);
    path = mem_printf(ctx, "<%s>", address_quote(ctx, &address));
    if (!address_is_utf8(&address) && strlen(path) <= ADDRESS_MAX)
        must(address_path_parse(ctx, path, strlen(path), true, &again, &used_again) && strcmp(again.local, address.local) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct address_list *list = address_list_parse(ctx, (struct blob){data, len});
    char *text = mem_strndup(ctx, (const char *)data, len), *key;
    struct address typed;

    for (size_t i = 0; i < list->count && i < 20; i++) {
        check_text(list->rows[i].display);
        check_text(list->rows[i].local);
        check_text(list->rows[i].domain);
        if (list->rows[i].ok)
            check_field(ctx, &list->rows[i]);
        else
            must(*list->rows[i].local == '\0' && *list->rows[i].domain == '\0');
    }
    check_path(ctx, data, len);
    if (address_parse(ctx, text, &typed)) {
        struct address again;

        must(address_parse(ctx, address_text(ctx, &typed), &again) && same(&typed, &again));
        key = address_key_of(ctx, text);
        must(key != NULL && str_eq(address_key_of(ctx, key), key));
    }
    talloc_free(ctx);
    return 0;
}

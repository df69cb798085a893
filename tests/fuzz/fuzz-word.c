/* fuzz-word.c - decoded values are one clean line; encoded ones are short ASCII lines that say the same */
#include <string.h>

#include "mime/params.h"
#include "mime/word.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_text(const char *text)
{
    must(utf8_is_valid(text, strlen(text)));
    for (; *text != '\0'; text++)
        must((uint8_t)*text >= 0x20 && *text != 0x7f);
}

/* Lines of at most 78 where words were encoded; nothing but ASCII, CR LF only before a blank. */
static void
check_encoded(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        must((uint8_t)*p < 0x7f && ((uint8_t)*p >= 0x20 || *p == '\r' || *p == '\n'));
        must(*p != '\r' || (p[1] == '\n' && p[2] == ' '));
        must(*p != '\n' || (p > text && p[-1] == '\r'));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct blob value = {data, len};
    char *text = word_decode(ctx, value), *encoded, *again;
    struct params *params = params_parse(ctx, value);

    check_text(text);
    for (size_t i = 0; i < params->count; i++)
        check_text(params->rows[i].value);
    must(params->count <= PARAMS_MAX);
    encoded = word_encode(ctx, text, len > 0 ? data[0] % 100 : 0);
    check_encoded(encoded);
    again = word_decode(ctx, blob_of(encoded));
    must(strcmp(str_trim(ctx, text), str_trim(ctx, again)) == 0);
    encoded = word_encode_phrase(ctx, text, 6);
    check_encoded(encoded);
    talloc_free(ctx);
    return 0;
}

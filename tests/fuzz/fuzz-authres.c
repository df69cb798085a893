/* fuzz-authres.c - an Authentication-Results value of somebody else's */
#include <stdint.h>
#include <string.h>

#include "auth/authres.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct blob value = {data, size};
    struct authres authres;
    bool good = authres_parse(ctx, value, &authres);

    for (size_t i = 0; good && i < authres.count; i++)
        must(authres.items[i].method != NULL && authres.items[i].result != NULL
             && authres.items[i].property_count <= AUTHRES_PROPERTIES_MAX);
    /* who reads our name in it must see the field go */
    if (good && str_eq(authres.id, "mx.example.jp"))
        must(authres_is_ours(value, "MX.example.jp"));
    talloc_free(ctx);
    return 0;
}

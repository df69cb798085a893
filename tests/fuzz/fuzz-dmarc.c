/* fuzz-dmarc.c - a DMARC record, as DNS may hold it */
#include <stdint.h>
#include <string.h>

#include "auth/dmarc.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct dmarc_record record;
    const char *names[DMARC_WALK_MAX], *text;

    if (size > DNS_VALUE_BYTES_MAX)
        size = DNS_VALUE_BYTES_MAX;
    text = mem_strndup(ctx, (const char *)data, size);
    if (dmarc_record_parse(ctx, text, &record))
        must(record.policy <= DMARC_REJECT && record.nonexistent_policy <= DMARC_REJECT);
    if (dns_name_is_host(text)) {
        size_t count = dmarc_walk_names(ctx, text, names);

        must(count >= 1 && count <= DMARC_WALK_MAX && str_eq(names[0] + strlen("_dmarc."), text));
    }
    talloc_free(ctx);
    return 0;
}

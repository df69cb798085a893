/* fuzz-dkim.c - a whole message with signatures, whose keys are the lines before it; libopendkim and ours both judge
 *
 * Input: lines of key records up to an empty line; the rest is the message. Whatever it is, both must come back, and a row
 * never says more than it knows. */
#include <stdint.h>
#include <string.h>

#include "auth/check.h"
#include "mime/normal.h"
#include "util/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct records { char **rows; size_t count; };

static bool
get_record(void *data, TALLOC_CTX *ctx, const char *name, enum dns_type type, struct dns_answer *answer)
{
    struct records *records = data;

    *answer = (struct dns_answer){.status = DNS_NXDOMAIN, .values = mem_array(ctx, const char *, records->count + 1)};
    if (type == DNS_TXT && records->count > 0) {
        answer->status = DNS_FOUND;
        answer->values[answer->count++] = records->rows[strlen(name) % records->count];
    }
    return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const uint8_t *gap = size == 0 ? NULL : memmem(data, size, "\n\n", 2);
    size_t head = gap == NULL ? 0 : (size_t)(gap - data), body = gap == NULL ? 0 : head + 2;
    struct records records = {str_split(ctx, mem_strndup(ctx, (const char *)data, strnlen((const char *)data, head)), '\n', 10), 0};
    struct dns_cache cache = {&records, get_record, NULL};
    struct auth_result *result;
    struct dns *dns;

    while (records.rows[records.count] != NULL)
        records.count++;
    must(dns_open(ctx, "127.0.0.1:1", 100, &dns, NULL) == STATUS_OK);
    dns_use_cache(dns, &cache);
    result = auth_check(ctx, dns, normal_copy(ctx, (struct blob){data + body, size - body}, NULL), NULL, 1800000000);
    must(result->dkim->count <= DKIM_ROWS_MAX);
    for (size_t i = 0; i < result->dkim->count; i++) {
        const struct dkim_row *row = &result->dkim->rows[i];

        must(row->reason != NULL && row->result != AUTH_NONE);
        must(row->result != AUTH_PASS || (row->key_record != NULL && row->key_bits >= 256 && *row->domain != '\0'));
    }
    must(result->dmarc.result != AUTH_PASS || result->author_problem == NULL);
    talloc_free(ctx);
    return 0;
}

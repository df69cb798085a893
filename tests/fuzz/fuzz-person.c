/* fuzz-person.c - lists of people as operators paste them: whatever they are, each row is an address with a key, or none */
#include <string.h>

#include "mime/address.h"
#include "policy/member.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct person *people;
    size_t count;

    people = person_read(ctx, mem_strndup(ctx, (const char *)data, size), &count);
    for (size_t i = 0; i < count; i++) {
        must(people[i].text != NULL && people[i].name != NULL && strchr(people[i].text, '\n') == NULL);
        must((people[i].key == NULL) == (people[i].email == NULL));
        if (people[i].key != NULL) {
            must(str_eq(address_key_of(ctx, people[i].email), people[i].key));
            must(strpbrk(people[i].email, "\r\n") == NULL);
        }
    }
    talloc_free(ctx);
    return 0;
}

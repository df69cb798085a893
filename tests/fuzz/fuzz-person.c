/* fuzz-person.c - lists of people and tables as owners send them: whatever they are, each row is an address with a key, or has a
 * reason; and what we write as a table is read again */
#include <string.h>

#include "mime/address.h"
#include "policy/member.h"
#include "util/csv.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(TALLOC_CTX *ctx, const struct person *person)
{
    must(person->text != NULL && person->name != NULL && strchr(person->text, '\n') == NULL && person->line > 0);
    must((person->key == NULL) == (person->email == NULL));
    must((person->key == NULL) == (person->reason != NULL));
    if (person->key != NULL) {
        must(str_eq(address_key_of(ctx, person->email), person->key));
        must(strpbrk(person->email, "\r\n") == NULL && strpbrk(person->name, "\r\n") == NULL);
    }
}

/* Names and addresses survive being written as a table. */
static void
write_again(TALLOC_CTX *ctx, const struct people *people)
{
    struct str *table = str_new(ctx);
    struct people *again;
    size_t n = 0;

    str_add(table, "address,name\r\n");
    for (size_t i = 0; i < people->count; i++)
        if (people->rows[i].key != NULL) {
            csv_put(table, ',', true, people->rows[i].email);
            csv_put(table, ',', false, people->rows[i].name);
            str_add(table, "\r\n");
        }
    again = people_read(ctx, str_blob(table), "utf-8", NULL);
    for (size_t i = 0; i < people->count; i++)
        if (people->rows[i].key != NULL) {
            must(n < again->count);
            must(again->rows[n].key == NULL || str_eq(again->rows[n].key, people->rows[i].key));
            n++;
        }
    must(n == again->count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    static const char *const charsets[] = {NULL, "utf-8", "cp932", "utf-16le"};
    struct people *people;

    if (size > 0) {
        people = people_read(ctx, (struct blob){data + 1, size - 1}, charsets[data[0] & 3], (data[0] & 4) != 0 ? "ja" : "en");
        for (size_t i = 0; i < people->count; i++)
            check(ctx, &people->rows[i]);
        write_again(ctx, people);
    }
    talloc_free(ctx);
    return 0;
}

/* dkim-proof.c - may the author's From stay on exactly these bytes? */
#include <string.h>

#include "auth/dkim-proof.h"

bool
author_proof_lasts(int64_t expires_s, int64_t needed_until_s)
{
    return expires_s == 0 || expires_s > needed_until_s;
}

static size_t
times_listed(char **names, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; names[i] != NULL; i++)
        count += str_eq_nocase(names[i], name);
    return count;
}

/* A field of ours that would come under the signature; NULL when none does. For what other hops put on top of fields of the
 * same name it is enough that h= lists no more than are there. */
static const char *
covered_copy_field(TALLOC_CTX *ctx, const struct dkim_row *row, struct blob variant, const char *const *copy_fields)
{
    static const char *const on_top[] = {"DKIM-Signature", "Received"};
    char **names = str_split(ctx, row->names, ':', DKIM_NAMES_MAX);
    struct header *header = header_parse(ctx, variant);

    for (size_t i = 0; copy_fields[i] != NULL; i++)
        if (times_listed(names, copy_fields[i]) > 0)
            return copy_fields[i];
    for (size_t i = 0; i < COUNT_OF(on_top); i++)
        if (times_listed(names, on_top[i]) > header_count(header, on_top[i]))
            return on_top[i];
    return NULL;
}

/* NULL when this signature keeps From. */
static const char *
why_not(TALLOC_CTX *ctx, const struct dkim_row *row, struct blob variant, const char *const *copy_fields, int64_t now_s,
        int64_t needed_until_s)
{
    const char *covered, *broken;

    if (!row->is_aligned)
        return "it is not the author's domain's";
    if (row->result != AUTH_PASS)
        return mem_printf(ctx, "it did not verify on arrival: %s", row->reason);
    if (!str_eq(row->algorithm, "rsa-sha256") || row->key_bits < 1024)
        return "it is not rsa-sha256 with at least 1024 bits";
    if (row->is_testing)
        return "its key is under test (t=y)";
    if (row->has_length)
        return "it covers only a part of the body (l=)";
    if (!author_proof_lasts(row->expires_s, needed_until_s))
        return "it expires too soon (x=)";
    if ((covered = covered_copy_field(ctx, row, variant, copy_fields)) != NULL)
        return mem_printf(ctx, "it covers %s, which each copy adds", covered);
    if ((broken = dkim_row_survives(ctx, row, variant, now_s)) != NULL)
        return mem_printf(ctx, "it does not verify on what is sent: %s", broken);
    return NULL;
}

struct author_proof
author_proof(TALLOC_CTX *ctx, const struct dkim_row *rows, size_t count, struct blob variant,
             const char *const *copy_fields, int64_t now_s, int64_t needed_until_s)
{
    TALLOC_CTX *tmp = talloc_new(NULL);
    struct str *words = str_new(tmp);
    struct author_proof proof = {0};

    for (size_t i = 0; i < count && !proof.is_kept; i++) {
        const char *reason = why_not(tmp, &rows[i], variant, copy_fields, now_s, needed_until_s);

        if (reason == NULL) {
            proof = (struct author_proof){.is_kept = true, .row = &rows[i]};
            str_clear(words);
            str_addf(words, "The signature of %s (s=%s) verifies on what is sent.", rows[i].domain, rows[i].selector);
        } else if (rows[i].is_aligned || count == 1) {
            str_addf(words, "%sThe signature of %s is not enough: %s.", words->len > 0 ? " " : "",
                     *rows[i].domain == '\0' ? "nobody" : rows[i].domain, reason);
        }
    }
    if (words->len == 0)
        str_add(words, count == 0 ? "The message has no signature." : "No signature is the author's domain's.");
    proof.reason = mem_strdup(ctx, words->s);
    talloc_free(tmp);
    return proof;
}

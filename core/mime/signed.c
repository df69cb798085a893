/* signed.c - opens S/MIME envelopes that are only signed */
#include "mime/signed.h"
#include "util/crypto.h"
#include "util/str.h"

bool
signed_may_be(const struct part *part)
{
    if (!part_is_leaf(part))
        return false;
    return str_eq(part->type, "application/pkcs7-mime") || str_eq(part->type, "application/x-pkcs7-mime") ||
           (str_eq(part->type, "application/octet-stream") && part->file_name != NULL && str_eq_nocase(part->file_name, "smime.p7m"));
}

struct message *
signed_open(TALLOC_CTX *ctx, const struct message *message, const struct part *part)
{
    struct blob content;
    TALLOC_CTX *scratch;
    bool opened;

    if (!signed_may_be(part) || part->size > SIGNED_MOST)
        return NULL;
    scratch = talloc_new(NULL);
    opened = cms_signed_content(ctx, part_data(scratch, message, part), &content);
    talloc_free(scratch);
    return opened ? message_parse(ctx, content) : NULL;
}

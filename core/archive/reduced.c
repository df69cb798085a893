/* reduced.c - a post as a mail for those who may not have it as it came */
#include <string.h>

#include "archive/reduced.h"
#include "mime/compose.h"
#include "mime/mask.h"
#include "mime/part.h"
#include "util/clock.h"

enum { TEXT_MOST = 256 * 1024 };

const char *
reduced_words(const struct lang *lang, enum reduced_why why)
{
    static const char *const words[] = {
        [REDUCED_GUEST] = N_("Reduced form: addresses are hidden from guests. Members get the mail as it came."),
        [REDUCED_LIST] = N_("Reduced form: this list shows addresses to its moderators alone."),
        [REDUCED_NOBODY] = N_("Reduced form: this list shows addresses to nobody."),
        [REDUCED_ANONYMOUS] = N_("Reduced form: this list hides who writes."),
    };

    return tr(lang, words[why]);
}

enum reduced_why
reduced_why_of(const char *archive_addresses)
{
    return str_eq(archive_addresses, "members") ? REDUCED_GUEST : str_eq(archive_addresses, "nobody") ? REDUCED_NOBODY : REDUCED_LIST;
}

static const char *
name_of(TALLOC_CTX *ctx, const struct reduced *post)
{
    return mask_addresses(ctx, str_is_empty(post->name) ? post->address : post->name);
}

void
reduced_put(struct str *out, const struct lang *lang, const struct reduced *post)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *pages[] = {post->page};
    char *text = mask_addresses(ctx, message_text(ctx, message_parse(ctx, post->bytes), TEXT_MOST));

    mask_tokens(text, strlen(text));
    /* RFC 2606: an address that is certainly nobody's. */
    compose_address_field(out, "From", name_of(ctx, post), "hidden@address.invalid");
    compose_structured(out, "Date", clock_rfc5322(ctx, post->written_us));
    compose_field(out, "Subject", mask_addresses(ctx, post->subject));
    compose_list_field(out, "Archived-At", pages, 1);
    compose_field(out, "Comments", reduced_words(lang, post->why));
    str_add(out, "MIME-Version: 1.0\r\n");
    compose_text_part(out, text);
    talloc_free(ctx);
}

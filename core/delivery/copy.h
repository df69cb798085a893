/* copy.h - what one member's copy has of its own
 *
 * A copy is: signatures, its own fields, the variant's header, an empty line, the variant's body. Its own fields are
 * List-Unsubscribe (one https address and one mailto) and List-Unsubscribe-Post; they are inside the signature, so that
 * receivers show the button (RFC 8058 3.1, 4). Its return path is opaque. A member that is a list of ours, and a bulk
 * transaction, get the list's public addresses instead of tokens in fields. The return path of a list's copy is opaque as well:
 * by it the other list knows that the post was passed on by us. */
#ifndef KAIRAN_DELIVERY_COPY_H
#define KAIRAN_DELIVERY_COPY_H

#include "delivery/token.h"
#include "util/str.h"

struct copy_list {
    const char *name, *domain, *token_domain;
    const char *base_url;       /* "https://lists.example.jp", no slash at the end */
};

/* Fields for the membership (member, epoch); member 0: no token. */
char *copy_fields(TALLOC_CTX *ctx, const struct token_keys *keys, const struct copy_list *list, int64_t member_id,
                  int64_t epoch);
/* "b.TOKEN@token-domain", or "NAME-bounces@domain" for member 0. */
char *copy_return_path(TALLOC_CTX *ctx, const struct token_keys *keys, const struct copy_list *list, int64_t post_id,
                       int64_t member_id);
/* Names of the fields of copy_fields, for the proof that the author's signature does not cover them; ended by NULL. */
const char *const *copy_field_names(void);

/* Receivers who refuse an author's domain that is not the sending host's: they always get the replaced From. */
bool copy_wants_replaced(const char *address_key);

/* Seconds until the next try after `tries` failed ones: doubles from `first` up to `most`, with 20% either way, so that
 * what failed together does not come back together. `random` is any number. */
int64_t copy_retry_after_s(int tries, int64_t first_s, int64_t most_s, uint32_t random);

#endif

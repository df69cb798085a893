/* token.h - the opaque names in our addresses and links
 *
 * b.TOKEN is a copy's return path (post, member), u.TOKEN leaves a list (membership, epoch), r.TOKEN is kept for the relay.
 * A token says nothing to others, cannot be guessed (128 bits of keyed hash) and names its key, so that keys can change:
 *     base32(key id, encrypted numbers, HMAC-SHA-256 cut to 16 bytes)
 * The numbers are encrypted with a stream made from the hash, so equal input gives an equal token and nothing else shows.
 * Small letters are written, either case is read; at most 60 letters, so that "b." and a token fit a local part.
 * Sources: DESIGN 4.8; RFC 8058 3.1 for the leave link. */
#ifndef KAIRAN_DELIVERY_TOKEN_H
#define KAIRAN_DELIVERY_TOKEN_H

#include "store/db.h"

enum token_kind { TOKEN_BOUNCE = 'b', TOKEN_LEAVE = 'u', TOKEN_RELAY = 'r', TOKEN_FORM = 'f' };

struct token {
    enum token_kind kind;
    int64_t first;      /* bounce: post; leave: member; form: when it was shown, in seconds */
    int64_t second;     /* bounce: member; leave: epoch; form: list */
};

struct token_keys;      /* secrets, wiped when freed */

/* All keys, the newest makes tokens. STATUS_BROKEN when there is none (the migration makes one). */
enum status token_keys_load(struct db *db, TALLOC_CTX *ctx, struct token_keys **keys_r);
/* For tests and tools: keys from one secret of 32 bytes with the id 1. */
struct token_keys *token_keys_from(TALLOC_CTX *ctx, struct blob secret);

char *token_make(TALLOC_CTX *ctx, const struct token_keys *keys, const struct token *token);
/* The leave token of a membership; `keys` are struct token_keys. For struct subscription_desk. */
char *token_leave(TALLOC_CTX *ctx, const void *keys, int64_t member_id, int64_t epoch);
/* False for anything that token_make did not make for that kind with one of these keys. */
bool token_read(const struct token_keys *keys, enum token_kind kind, const char *text, struct token *token_r);

#endif

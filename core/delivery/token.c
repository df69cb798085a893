/* token.c - the opaque names in our addresses and links */
#include <string.h>

#include "delivery/token.h"
#include "store/statements.h"
#include "util/crypto.h"

enum { SECRET_LEN = 32, MAC_LEN = 16, MAX_NUMBERS = 20, MAX_LETTERS = 64 };

struct token_key { int id; uint8_t secret[SECRET_LEN]; };
struct token_keys { size_t count; struct token_key *keys; };

static struct token_keys *
keys_new(TALLOC_CTX *ctx, size_t count)
{
    struct token_keys *keys = mem_new(ctx, struct token_keys);

    keys->count = count;
    keys->keys = mem_secret(keys, count * sizeof *keys->keys);
    return keys;
}

enum status
token_keys_load(struct db *db, TALLOC_CTX *ctx, struct token_keys **keys_r)
{
    struct row_token_key_all *rows;
    size_t count;
    enum status status = q_token_key_all(db, ctx, &rows, &count);

    if (status != STATUS_OK)
        return status;
    if (count == 0)
        return STATUS_BROKEN;
    *keys_r = keys_new(ctx, count);
    for (size_t i = 0; i < count; i++) {
        must(rows[i].secret.len == SECRET_LEN);
        (*keys_r)->keys[i].id = (int)rows[i].id;
        memcpy((*keys_r)->keys[i].secret, rows[i].secret.data, SECRET_LEN);
        explicit_bzero((void *)rows[i].secret.data, SECRET_LEN);
    }
    talloc_free(rows);
    return STATUS_OK;
}

struct token_keys *
token_keys_from(TALLOC_CTX *ctx, struct blob secret)
{
    struct token_keys *keys = keys_new(ctx, 1);

    must(secret.len == SECRET_LEN);
    keys->keys[0].id = 1;
    memcpy(keys->keys[0].secret, secret.data, SECRET_LEN);
    return keys;
}

/* Seven bits a byte, the lowest first, the high bit says that more follow (LEB128). */
static size_t
number_put(uint8_t *p, int64_t value)
{
    uint64_t left = (uint64_t)value;
    size_t len = 0;

    do {
        p[len++] = (uint8_t)((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
        left >>= 7;
    } while (left > 0);
    return len;
}

static bool
number_get(const uint8_t **p, const uint8_t *end, int64_t *value_r)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 63 && *p < end; shift += 7) {
        uint8_t byte = *(*p)++;

        value |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            *value_r = (int64_t)value;
            return value <= INT64_MAX;
        }
    }
    return false;
}

static void
keyed(const struct token_key *key, const char *use, enum token_kind kind, const uint8_t *data, size_t len,
      uint8_t mac_r[SHA256_LEN])
{
    uint8_t text[64];
    size_t n = strlen(use);

    must(n + 1 + len <= sizeof text);
    memcpy(text, use, n);
    text[n++] = (uint8_t)kind;
    memcpy(text + n, data, len);
    hmac_sha256((struct blob){key->secret, SECRET_LEN}, (struct blob){text, n + len}, mac_r);
}

char *
token_make(TALLOC_CTX *ctx, const struct token_keys *keys, const struct token *token)
{
    const struct token_key *key = &keys->keys[0];
    uint8_t bytes[1 + MAX_NUMBERS + MAC_LEN], mac[SHA256_LEN], stream[SHA256_LEN];
    size_t len;

    must(token->first > 0 && token->second > 0);
    bytes[0] = (uint8_t)key->id;
    len = number_put(bytes + 1, token->first);
    len += number_put(bytes + 1 + len, token->second);
    keyed(key, "kairan token", token->kind, bytes + 1, len, mac);
    keyed(key, "kairan stream", token->kind, mac, MAC_LEN, stream);
    for (size_t i = 0; i < len; i++)
        bytes[1 + i] ^= stream[i];
    memcpy(bytes + 1 + len, mac, MAC_LEN);
    return base32_encode_lower(ctx, (struct blob){bytes, 1 + len + MAC_LEN});
}

char *
token_leave(TALLOC_CTX *ctx, const void *keys, int64_t member_id, int64_t epoch)
{
    return token_make(ctx, keys, &(struct token){.kind = TOKEN_LEAVE, .first = member_id, .second = epoch});
}

static const struct token_key *
key_by_id(const struct token_keys *keys, int id)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->keys[i].id == id)
            return &keys->keys[i];
    return NULL;
}

static bool
read_bytes(const struct token_keys *keys, enum token_kind kind, struct blob bytes, struct token *token_r)
{
    uint8_t numbers[MAX_NUMBERS], mac[SHA256_LEN], stream[SHA256_LEN];
    const uint8_t *p = numbers, *end;
    const struct token_key *key;
    size_t len;

    if (bytes.len < 1 + 2 + MAC_LEN || bytes.len > 1 + MAX_NUMBERS + MAC_LEN)
        return false;
    key = key_by_id(keys, bytes.data[0]);
    if (key == NULL)
        return false;
    len = bytes.len - 1 - MAC_LEN;
    keyed(key, "kairan stream", kind, bytes.data + 1 + len, MAC_LEN, stream);
    for (size_t i = 0; i < len; i++)
        numbers[i] = bytes.data[1 + i] ^ stream[i];
    keyed(key, "kairan token", kind, numbers, len, mac);
    if (!secret_equal(mac, bytes.data + 1 + len, MAC_LEN))
        return false;
    end = numbers + len;
    token_r->kind = kind;
    return number_get(&p, end, &token_r->first) && number_get(&p, end, &token_r->second) && p == end;
}

bool
token_read(const struct token_keys *keys, enum token_kind kind, const char *text, struct token *token_r)
{
    TALLOC_CTX *scratch;
    struct blob bytes;
    bool good;

    if (text == NULL || strlen(text) > MAX_LETTERS)
        return false;
    scratch = talloc_new(NULL);
    good = base32_decode(scratch, text, &bytes) && read_bytes(keys, kind, bytes, token_r);
    talloc_free(scratch);
    return good;
}

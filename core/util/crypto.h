/* crypto.h - hashes, random bytes, tokens' alphabets, signing keys; the door to OpenSSL and libsodium
 *
 * (util/tls.c is OpenSSL's second door, for connections.) No foreign type leaves this room.
 * Sources: RFC 4648 (base32, base64), RFC 8017 PKCS#1 v1.5, RFC 8032 Ed25519, RFC 6376/8301/8463 for what DKIM wants. */
#ifndef KAIRAN_UTIL_CRYPTO_H
#define KAIRAN_UTIL_CRYPTO_H

#include "util/status.h"

enum { SHA256_LEN = 32, SHA1_LEN = 20 };

void crypto_init(void);                                     /* once per program, before OpenSSL is used: what it frees is wiped */
void random_bytes(void *buffer, size_t len);
char *random_token(TALLOC_CTX *ctx);                        /* 160 bits as 32 base32 letters, small */
char *random_code(TALLOC_CTX *ctx);                         /* six digits */

void sha256(struct blob data, uint8_t digest_r[SHA256_LEN]);
char *sha256_hex(TALLOC_CTX *ctx, struct blob data);
void sha1(struct blob data, uint8_t digest_r[SHA1_LEN]);    /* only for Message-ID-Hash */
struct sha256;                                              /* a running hash; freed with its context */
struct sha256 *sha256_new(TALLOC_CTX *ctx);
void sha256_add(struct sha256 *hash, const void *data, size_t len);
bool sha256_add_file(struct sha256 *hash, const char *path); /* as much of it as can be read; false, and errno, when that is not all */
struct sha256 *sha256_copy(TALLOC_CTX *ctx, const struct sha256 *hash);
void sha256_end(struct sha256 *hash, uint8_t digest_r[SHA256_LEN]);
void hmac_sha256(struct blob key, struct blob data, uint8_t mac_r[SHA256_LEN]);

/* SHA-256 of a token or code, in ctx: what is kept of one that was given away. */
struct blob secret_hash(TALLOC_CTX *ctx, const char *secret);
/* In time that depends on len only. Every comparison of a secret goes through here. */
bool secret_equal(const void *a, const void *b, size_t len);

char *base32_encode(TALLOC_CTX *ctx, struct blob data);     /* RFC 4648, capitals, no padding */
char *base32_encode_lower(TALLOC_CTX *ctx, struct blob data);
bool base32_decode(TALLOC_CTX *ctx, const char *text, struct blob *data_r);     /* either case */
char *base64_encode(TALLOC_CTX *ctx, struct blob data);     /* padded, one line */
bool base64_decode(TALLOC_CTX *ctx, const char *text, size_t len, struct blob *data_r); /* blanks between are skipped */
char *hex_encode(TALLOC_CTX *ctx, struct blob data);

enum key_algorithm { KEY_RSA, KEY_ED25519 };
struct signing_key;                                         /* wiped and freed with its context */
/* RSA of `bits` (2048) or Ed25519 (bits ignored). */
struct signing_key *key_generate(TALLOC_CTX *ctx, enum key_algorithm algorithm, unsigned bits);
/* STATUS_INVALID: not a private key, or neither RSA >= 1024 bits nor Ed25519. */
enum status key_read_pem(TALLOC_CTX *ctx, struct blob pem, struct signing_key **key_r);
char *key_write_pem(TALLOC_CTX *ctx, const struct signing_key *key);    /* PKCS#8; the text is a mem_secret */
enum key_algorithm key_algorithm(const struct signing_key *key);
/* As in a DKIM record's p=: base64 of SubjectPublicKeyInfo (RSA) or of the 32 raw bytes (Ed25519). */
char *key_public_base64(TALLOC_CTX *ctx, const struct signing_key *key);
/* Over a SHA-256 digest: PKCS#1 v1.5 for RSA; Ed25519 signs the digest's bytes (RFC 8463 3). */
struct blob key_sign_digest(TALLOC_CTX *ctx, const struct signing_key *key, const uint8_t digest[SHA256_LEN]);

/* The other side's key, as a DKIM record's p= has it once decoded: SubjectPublicKeyInfo (RSA) or 32 raw bytes (Ed25519).
 * STATUS_INVALID: it is no such key, or RSA of more than 8192 bits, which only costs time. */
struct verify_key;                                          /* freed with its context */
enum status verify_key_read(TALLOC_CTX *ctx, enum key_algorithm algorithm, struct blob data, struct verify_key **key_r);
unsigned verify_key_bits(const struct verify_key *key);     /* of the modulus; 256 for Ed25519 */
bool verify_key_digest(const struct verify_key *key, const uint8_t digest[SHA256_LEN], struct blob signature);

/* What a CMS structure (RFC 5652) holds that is signed and not locked; nobody has looked whether the signature is good. False: it is
 * none, or holds nothing itself. */
bool cms_signed_content(TALLOC_CTX *ctx, struct blob der, struct blob *content_r);

/* argon2id, libsodium's PHC string; never logged. */
char *password_hash(TALLOC_CTX *ctx, const char *password);
bool password_verify(const char *hash, const char *password);

#endif

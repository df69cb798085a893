/* crypto.c - hashes, random bytes, tokens' alphabets, signing keys; the door to OpenSSL and libsodium */
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sodium.h>

#include "util/crypto.h"

/* --- OpenSSL's memory: reading a key, it frees copies of it as they are; a process that is to have no keys would keep those --- */

static void *
take(size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    return malloc(len);
}

static void
wipe_and_free(void *data, const char *file, int line)
{
    (void)file;
    (void)line;
    if (data != NULL)
        explicit_bzero(data, malloc_usable_size(data));
    free(data);
}

static void *
take_more(void *data, size_t len, const char *file, int line)
{
    size_t had = data == NULL ? 0 : malloc_usable_size(data);
    void *more;

    if (data != NULL && len <= had)
        return data;
    more = malloc(len);
    if (more == NULL || data == NULL)
        return more;
    memcpy(more, data, had);
    wipe_and_free(data, file, line);
    return more;
}

void
crypto_init(void)
{
    CRYPTO_free_fn frees;

    CRYPTO_get_mem_functions(NULL, NULL, &frees);
    must(frees == wipe_and_free || CRYPTO_set_mem_functions(take, take_more, wipe_and_free) == 1);
    must(sodium_init() >= 0);
}

void
random_bytes(void *buffer, size_t len)
{
    randombytes_buf(buffer, len);
}

char *
random_token(TALLOC_CTX *ctx)
{
    uint8_t bytes[20];
    char *token;

    random_bytes(bytes, sizeof bytes);
    token = base32_encode_lower(ctx, (struct blob){bytes, sizeof bytes});
    explicit_bzero(bytes, sizeof bytes);
    return token;
}

char *
random_code(TALLOC_CTX *ctx)
{
    return mem_printf(ctx, "%06u", randombytes_uniform(1000000));
}

void
sha256(struct blob data, uint8_t digest_r[SHA256_LEN])
{
    must(EVP_Digest(data.data, data.len, digest_r, NULL, EVP_sha256(), NULL) == 1);
}

void
sha1(struct blob data, uint8_t digest_r[SHA1_LEN])
{
    must(EVP_Digest(data.data, data.len, digest_r, NULL, EVP_sha1(), NULL) == 1);
}

struct sha256 { EVP_MD_CTX *md; };

static int
sha256_free(struct sha256 *hash)
{
    EVP_MD_CTX_free(hash->md);
    return 0;
}

struct sha256 *
sha256_new(TALLOC_CTX *ctx)
{
    struct sha256 *hash = mem_new(ctx, struct sha256);

    hash->md = EVP_MD_CTX_new();
    must(hash->md != NULL && EVP_DigestInit_ex(hash->md, EVP_sha256(), NULL) == 1);
    talloc_set_destructor(hash, sha256_free);
    return hash;
}

void
sha256_add(struct sha256 *hash, const void *data, size_t len)
{
    must(EVP_DigestUpdate(hash->md, data, len) == 1);
}

bool
sha256_add_file(struct sha256 *hash, const char *path)
{
    FILE *file = fopen(path, "re");
    char piece[16384];
    size_t got;
    int error;

    if (file == NULL)
        return false;
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
        sha256_add(hash, piece, got);
    error = ferror(file) != 0 ? errno : 0;
    fclose(file);
    errno = error;
    return error == 0;
}

struct sha256 *
sha256_copy(TALLOC_CTX *ctx, const struct sha256 *hash)
{
    struct sha256 *copy = sha256_new(ctx);

    must(EVP_MD_CTX_copy_ex(copy->md, hash->md) == 1);
    return copy;
}

void
sha256_end(struct sha256 *hash, uint8_t digest_r[SHA256_LEN])
{
    must(EVP_DigestFinal_ex(hash->md, digest_r, NULL) == 1);
}

void
hmac_sha256(struct blob key, struct blob data, uint8_t mac_r[SHA256_LEN])
{
    unsigned len = SHA256_LEN;

    must(HMAC(EVP_sha256(), key.data, (int)key.len, data.data, data.len, mac_r, &len) != NULL);
}

struct blob
secret_hash(TALLOC_CTX *ctx, const char *secret)
{
    uint8_t digest[SHA256_LEN];

    sha256(blob_of(secret), digest);
    return blob_copy(ctx, digest, sizeof(digest));
}

bool
secret_equal(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

static char *
base32_with(TALLOC_CTX *ctx, struct blob data, const char *letters)
{
    char *text = mem_array(ctx, char, (data.len * 8 + 4) / 5 + 1);
    size_t n = 0;
    unsigned bits = 0, held = 0;

    for (size_t i = 0; i < data.len; i++) {
        held = (held << 8 | data.data[i]) & 0xffff;
        for (bits += 8; bits >= 5; bits -= 5)
            text[n++] = letters[held >> (bits - 5) & 31];
    }
    if (bits > 0)
        text[n++] = letters[held << (5 - bits) & 31];
    return text;
}

char *
base32_encode(TALLOC_CTX *ctx, struct blob data)
{
    return base32_with(ctx, data, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
}

char *
base32_encode_lower(TALLOC_CTX *ctx, struct blob data)
{
    return base32_with(ctx, data, "abcdefghijklmnopqrstuvwxyz234567");
}

bool
base32_decode(TALLOC_CTX *ctx, const char *text, struct blob *data_r)
{
    size_t len = strlen(text), n = 0;
    uint8_t *data = mem_array(ctx, uint8_t, len * 5 / 8 + 1);
    unsigned bits = 0, held = 0;

    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        unsigned value = c >= 'a' && c <= 'z' ? (unsigned)(c - 'a')
                       : c >= 'A' && c <= 'Z' ? (unsigned)(c - 'A')
                       : c >= '2' && c <= '7' ? (unsigned)(c - '2' + 26) : 32;

        if (value == 32)
            return false;
        held = (held << 5 | value) & 0xffff;
        if ((bits += 5) >= 8)
            data[n++] = (uint8_t)(held >> (bits -= 8));
    }
    /* Bits that are left over must be zero, so that one value has one spelling. */
    if (bits >= 5 || (held & ((1u << bits) - 1)) != 0)
        return false;
    *data_r = (struct blob){data, n};
    return true;
}

char *
base64_encode(TALLOC_CTX *ctx, struct blob data)
{
    char *text = mem_array(ctx, char, (data.len + 2) / 3 * 4 + 1);

    EVP_EncodeBlock((unsigned char *)text, data.data, (int)data.len);
    return text;
}

bool
base64_decode(TALLOC_CTX *ctx, const char *text, size_t len, struct blob *data_r)
{
    uint8_t *data = mem_array(ctx, uint8_t, len / 4 * 3 + 4);
    size_t n;

    if (sodium_base642bin(data, len / 4 * 3 + 4, text, len, " \t\r\n", &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    *data_r = (struct blob){data, n};
    return true;
}

char *
hex_encode(TALLOC_CTX *ctx, struct blob data)
{
    char *text = mem_array(ctx, char, data.len * 2 + 1);

    sodium_bin2hex(text, data.len * 2 + 1, data.data, data.len);
    return text;
}

char *
sha256_hex(TALLOC_CTX *ctx, struct blob data)
{
    uint8_t digest[SHA256_LEN];

    sha256(data, digest);
    return hex_encode(ctx, (struct blob){digest, sizeof digest});
}

struct signing_key {
    EVP_PKEY *pkey;
    enum key_algorithm algorithm;
    uint8_t *ed25519;       /* libsodium's form of the secret: it signs in less than half of OpenSSL's time */
};

static int
key_free(struct signing_key *key)
{
    EVP_PKEY_free(key->pkey);
    return 0;
}

static uint8_t *
ed25519_secret(TALLOC_CTX *ctx, const EVP_PKEY *pkey)
{
    uint8_t *secret = mem_secret(ctx, crypto_sign_SECRETKEYBYTES), *seed = mem_secret(ctx, crypto_sign_SEEDBYTES);
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    size_t len = crypto_sign_SEEDBYTES;

    must(EVP_PKEY_get_raw_private_key(pkey, seed, &len) == 1 && len == crypto_sign_SEEDBYTES);
    must(crypto_sign_seed_keypair(public_key, secret, seed) == 0);
    talloc_free(seed);
    return secret;
}

static struct signing_key *
key_wrap(TALLOC_CTX *ctx, EVP_PKEY *pkey)
{
    struct signing_key *key = mem_new(ctx, struct signing_key);

    key->pkey = pkey;
    key->algorithm = EVP_PKEY_base_id(pkey) == EVP_PKEY_ED25519 ? KEY_ED25519 : KEY_RSA;
    if (key->algorithm == KEY_ED25519)
        key->ed25519 = ed25519_secret(key, pkey);
    talloc_set_destructor(key, key_free);
    return key;
}

struct signing_key *
key_generate(TALLOC_CTX *ctx, enum key_algorithm algorithm, unsigned bits)
{
    EVP_PKEY *pkey = algorithm == KEY_ED25519 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
                                              : EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);

    must(pkey != NULL);
    return key_wrap(ctx, pkey);
}

enum status
key_read_pem(TALLOC_CTX *ctx, struct blob pem, struct signing_key **key_r)
{
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
    EVP_PKEY *pkey;

    must(bio != NULL);
    pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)"");
    BIO_free(bio);
    if (pkey == NULL)
        return STATUS_INVALID;
    if (EVP_PKEY_base_id(pkey) != EVP_PKEY_ED25519
        && (EVP_PKEY_base_id(pkey) != EVP_PKEY_RSA || EVP_PKEY_bits(pkey) < 1024)) {
        EVP_PKEY_free(pkey);
        return STATUS_INVALID;
    }
    *key_r = key_wrap(ctx, pkey);
    return STATUS_OK;
}

char *
key_write_pem(TALLOC_CTX *ctx, const struct signing_key *key)
{
    BIO *bio = BIO_new(BIO_s_secmem());
    char *data, *pem;
    long len;

    must(bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL, NULL) == 1);
    len = BIO_get_mem_data(bio, &data);
    pem = mem_secret(ctx, (size_t)len + 1);
    memcpy(pem, data, (size_t)len);
    BIO_free(bio);
    return pem;
}

enum key_algorithm
key_algorithm(const struct signing_key *key)
{
    return key->algorithm;
}

char *
key_public_base64(TALLOC_CTX *ctx, const struct signing_key *key)
{
    unsigned char raw[32], *der = NULL;
    size_t raw_len = sizeof raw;
    char *text;
    int len;

    if (key->algorithm == KEY_ED25519) {
        must(EVP_PKEY_get_raw_public_key(key->pkey, raw, &raw_len) == 1);
        return base64_encode(ctx, (struct blob){raw, raw_len});
    }
    len = i2d_PUBKEY(key->pkey, &der);
    must(len > 0);
    text = base64_encode(ctx, (struct blob){der, (size_t)len});
    OPENSSL_free(der);
    return text;
}

static void
sign_rsa(const struct signing_key *key, const uint8_t *digest, uint8_t *signature, size_t *len)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key->pkey, NULL);

    must(context != NULL && EVP_PKEY_sign_init(context) == 1
         && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
         && EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1
         && EVP_PKEY_sign(context, signature, len, digest, SHA256_LEN) == 1);
    EVP_PKEY_CTX_free(context);
}

struct blob
key_sign_digest(TALLOC_CTX *ctx, const struct signing_key *key, const uint8_t digest[SHA256_LEN])
{
    size_t len = (size_t)EVP_PKEY_size(key->pkey);
    uint8_t *signature = mem_array(ctx, uint8_t, len);

    if (key->algorithm == KEY_ED25519)
        must(crypto_sign_detached(signature, NULL, digest, SHA256_LEN, key->ed25519) == 0);
    else
        sign_rsa(key, digest, signature, &len);
    return (struct blob){signature, len};
}

struct verify_key {
    EVP_PKEY *pkey;
    enum key_algorithm algorithm;
};

static int
verify_key_free(struct verify_key *key)
{
    EVP_PKEY_free(key->pkey);
    return 0;
}

enum status
verify_key_read(TALLOC_CTX *ctx, enum key_algorithm algorithm, struct blob data, struct verify_key **key_r)
{
    const unsigned char *p = data.data;
    EVP_PKEY *pkey = algorithm == KEY_ED25519
                         ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, data.data, data.len)
                         : d2i_PUBKEY(NULL, &p, (long)data.len);

    if (pkey == NULL)
        return STATUS_INVALID;
    if (algorithm == KEY_RSA && (EVP_PKEY_base_id(pkey) != EVP_PKEY_RSA || EVP_PKEY_bits(pkey) > 8192)) {
        EVP_PKEY_free(pkey);
        return STATUS_INVALID;
    }
    *key_r = mem_new(ctx, struct verify_key);
    (*key_r)->pkey = pkey;
    (*key_r)->algorithm = algorithm;
    talloc_set_destructor(*key_r, verify_key_free);
    return STATUS_OK;
}

unsigned
verify_key_bits(const struct verify_key *key)
{
    return key->algorithm == KEY_ED25519 ? 256 : (unsigned)EVP_PKEY_bits(key->pkey);
}

static bool
verify_rsa(EVP_PKEY *pkey, const uint8_t *digest, struct blob signature)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(pkey, NULL);
    bool fits;

    must(context != NULL);
    fits = EVP_PKEY_verify_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
           && EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1
           && EVP_PKEY_verify(context, signature.data, signature.len, digest, SHA256_LEN) == 1;
    EVP_PKEY_CTX_free(context);
    return fits;
}

static bool
verify_ed25519(EVP_PKEY *pkey, const uint8_t *digest, struct blob signature)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool fits;

    must(context != NULL);
    fits = EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) == 1
           && EVP_DigestVerify(context, signature.data, signature.len, digest, SHA256_LEN) == 1;
    EVP_MD_CTX_free(context);
    return fits;
}

bool
verify_key_digest(const struct verify_key *key, const uint8_t digest[SHA256_LEN], struct blob signature)
{
    bool fits = key->algorithm == KEY_ED25519 ? verify_ed25519(key->pkey, digest, signature)
                                              : verify_rsa(key->pkey, digest, signature);

    ERR_clear_error();
    return fits;
}

bool
cms_signed_content(TALLOC_CTX *ctx, struct blob der, struct blob *content_r)
{
    BIO *bio = der.len <= INT_MAX ? BIO_new_mem_buf(der.data, (int)der.len) : NULL;
    CMS_ContentInfo *cms = bio != NULL ? d2i_CMS_bio(bio, NULL) : NULL;
    ASN1_OCTET_STRING **content = NULL;
    bool found;

    if (cms != NULL && OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed && OBJ_obj2nid(CMS_get0_eContentType(cms)) == NID_pkcs7_data)
        content = CMS_get0_content(cms);
    found = content != NULL && *content != NULL && ASN1_STRING_length(*content) > 0;
    if (found)
        *content_r = blob_copy(ctx, ASN1_STRING_get0_data(*content), (size_t)ASN1_STRING_length(*content));
    CMS_ContentInfo_free(cms);
    BIO_free(bio);
    ERR_clear_error();
    return found;
}

char *
password_hash(TALLOC_CTX *ctx, const char *password)
{
    char *hash = mem_array(ctx, char, crypto_pwhash_STRBYTES);

    /* OWASP's floor for argon2id: 19 MiB, two passes. */
    must(crypto_pwhash_str(hash, password, strlen(password), 2, 19456 * 1024) == 0);
    return hash;
}

bool
password_verify(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

/* signer.h - the keys, the process that holds them, and how a sender asks it
 *
 * The master loads the keyring and never reads mail. It forks pairs: a signer, which keeps the keys and sees nothing but
 * digests, and a sender, which calls keyring_forget() first and keeps names and numbers. Between them is a socketpair of type
 * SOCK_STREAM with messages of fixed size. A pair lives and dies together: the signer ends when the other end is closed.
 *
 * A sender may have SIGNER_OPEN_MAX requests under way, so that a signature is made while it does something else; so much
 * always fits into the socket, hence neither side can wait for the other for ever.
 *
 * Key files are DIR/DOMAIN/SELECTOR.pem, PKCS#8 or PKCS#1, readable by their owner alone. Keys are numbered in the order of
 * their names; numbers are valid inside one loaded ring.
 *
 * Sources: DESIGN 3 (programs), fault 37 (a key that cannot be read). */
#ifndef KAIRAN_AUTH_SIGNER_H
#define KAIRAN_AUTH_SIGNER_H

#include "util/crypto.h"

enum { SIGNER_OPEN_MAX = 64, KEYRING_MAX = 10000 };

struct keyring_key {
    const char *domain, *selector;
    enum key_algorithm algorithm;
    unsigned bits;                  /* of the signature: 2048 for RSA-2048, 512 for Ed25519 */
    const char *public_base64;      /* p= of the DNS record */
    struct signing_key *secret;     /* NULL after keyring_forget() */
};
struct keyring {
    struct keyring_key *keys;
    size_t count;
};

/* Every DIR/DOMAIN/SELECTOR.pem. A folder that is not there is an empty ring. On failure the fault names file and reason:
 * cannot be read, others may read it, no private key, RSA below 1024 bits, no name for DNS. */
enum status keyring_load(TALLOC_CTX *ctx, const char *dir, struct keyring **ring_r, struct fault *fault);
/* Wipes the secrets; the names stay. */
void keyring_forget(struct keyring *ring);
/* Sets *id_r to the key's number. Names are compared without regard to case. */
bool keyring_find(const struct keyring *ring, const char *domain, const char *selector, size_t *id_r);
/* "v=DKIM1; k=rsa; p=..." as one text. */
char *keyring_record(TALLOC_CTX *ctx, const struct keyring_key *key);

/* The signer's whole life: answers until the other end is closed (STATUS_OK) or breaks the protocol (STATUS_BROKEN). */
enum status signer_serve(int fd, const struct keyring *ring);

/* The sender's end. Closed with its context; fd then belongs to it. */
struct signer;
struct signer *signer_open(TALLOC_CTX *ctx, int fd);
/* Sends a request and does not wait. STATUS_UNAVAILABLE: the signer is gone, and so this process should end. */
enum status signer_send(struct signer *signer, size_t key_id, const uint8_t digest[SHA256_LEN]);
/* The answer to the oldest request not yet collected; signature_r lives in ctx. STATUS_INVALID: there is no such key. */
enum status signer_collect(TALLOC_CTX *ctx, struct signer *signer, struct blob *signature_r);
size_t signer_open_count(const struct signer *signer);

#endif

/* signer.c - the keys, the process that holds them, and how a sender asks it */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/dns.h"
#include "auth/signer.h"
#include "util/str.h"

enum { KEY_FILE_MAX = 16384, SIGNATURE_MAX = 512 };

/* Both ends are one program, forked: no byte order to care for. */
struct request {
    uint32_t number, key_id;
    uint8_t digest[SHA256_LEN];
};
struct answer {
    uint32_t number;
    uint16_t len;           /* 0: no such key */
    uint8_t signature[SIGNATURE_MAX];
};

/* ---- the keyring ---- */

/* Faults live in the ring; keyring_load() takes the one that ends it out. */
static enum status
bad_key(struct keyring *ring, struct fault *fault, const char *path, const char *what)
{
    return fault_setf(fault, ring, STATUS_INVALID, "keys", "Key file %s %s.", path, what);
}

/* The file's bytes, in a secret of tmp. */
static enum status
read_key_file(TALLOC_CTX *tmp, struct keyring *ring, const char *path, struct blob *pem_r, struct fault *fault)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    uint8_t *data = mem_secret(tmp, KEY_FILE_MAX);
    struct stat st;
    ssize_t len = -1;
    bool is_file, is_private;

    if (fd < 0)
        return bad_key(ring, fault, path, mem_printf(tmp, "cannot be read: %s%s", strerror(errno), errno == EACCES ? "; give it to the user of kairan-worker" : ""));
    is_file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= KEY_FILE_MAX;
    is_private = is_file && (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    if (is_private)
        len = read(fd, data, KEY_FILE_MAX);
    close(fd);
    if (!is_file)
        return bad_key(ring, fault, path, "is not a key file");
    if (!is_private)
        return bad_key(ring, fault, path, mem_printf(tmp, "may be read by others than its owner (mode %03o); chmod 600 mends that",
                                                     (unsigned)(st.st_mode & 0777)));
    if (len < 0)
        return bad_key(ring, fault, path, "cannot be read");
    *pem_r = (struct blob){data, (size_t)len};
    return STATUS_OK;
}

static enum status
add_key(TALLOC_CTX *tmp, struct keyring *ring, const char *path, const char *domain, const char *selector, struct blob pem,
        struct fault *fault)
{
    uint8_t zeros[SHA256_LEN] = {0};
    struct keyring_key *key;
    struct signing_key *secret;
    size_t signature_len;

    if (!dns_name_is_host(mem_printf(tmp, "%s._domainkey.%s", selector, domain)))
        return bad_key(ring, fault, path, "makes no domain name of its name and folder");
    if (key_read_pem(ring, pem, &secret) != STATUS_OK)
        return bad_key(ring, fault, path, "holds no private key in PEM form, RSA with at least 1024 bits or Ed25519; bring it back from a backup, or take it "
                       "away and make a new one with \"kairan dkim new\"");
    if ((signature_len = key_sign_digest(tmp, secret, zeros).len) > SIGNATURE_MAX)
        return bad_key(ring, fault, path, "holds a key of more than 4096 bits");
    ring->keys = mem_resize(ring, ring->keys, struct keyring_key, ring->count + 1);
    key = &ring->keys[ring->count++];
    *key = (struct keyring_key){.domain = str_lower(ring, domain), .selector = str_lower(ring, selector), .secret = secret,
                                .algorithm = key_algorithm(secret), .bits = (unsigned)signature_len * 8,
                                .public_base64 = key_public_base64(ring, secret)};
    return STATUS_OK;
}

static enum status
load_key(struct keyring *ring, const char *dir, const char *domain, const char *file, struct fault *fault)
{
    TALLOC_CTX *tmp = talloc_new(NULL);
    const char *path = mem_printf(tmp, "%s/%s/%s", dir, domain, file);
    const char *selector = mem_strndup(tmp, file, strlen(file) - strlen(".pem"));
    struct blob pem;
    enum status status = read_key_file(tmp, ring, path, &pem, fault);

    if (status == STATUS_OK)
        status = add_key(tmp, ring, path, domain, selector, pem, fault);
    talloc_free(tmp);
    return status;
}

static int
is_folder_name(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int
is_key_name(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && str_ends(entry->d_name, ".pem") && strlen(entry->d_name) > strlen(".pem");
}

static void
free_names(struct dirent **names, int count)
{
    while (count > 0)
        free(names[--count]);
    free(names);
}

static enum status
load_folder(struct keyring *ring, const char *dir, const char *domain, struct fault *fault)
{
    char *path = mem_printf(ring, "%s/%s", dir, domain);
    struct dirent **names;
    struct stat st;
    int count;
    enum status status = STATUS_OK;

    if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
        return STATUS_OK;       /* a README is welcome */
    if ((count = scandir(path, &names, is_key_name, alphasort)) < 0)
        return fault_setf(fault, ring, STATUS_INVALID, "keys", "Key folder %s cannot be read: %s.", path, strerror(errno));
    for (int i = 0; i < count && status == STATUS_OK; i++)
        status = ring->count < KEYRING_MAX ? load_key(ring, dir, domain, names[i]->d_name, fault)
                 : fault_setf(fault, ring, STATUS_TOO_MANY, "keys", "Key folder %s holds too many keys.", dir);
    free_names(names, count);
    return status;
}

enum status
keyring_load(TALLOC_CTX *ctx, const char *dir, struct keyring **ring_r, struct fault *fault)
{
    struct keyring *ring = mem_new(ctx, struct keyring);
    struct dirent **names;
    int count = scandir(dir, &names, is_folder_name, alphasort);
    enum status status = STATUS_OK;

    *ring_r = ring;
    if (count < 0 && errno == ENOENT)
        return STATUS_OK;
    if (count < 0) {
        talloc_free(ring);
        return fault_setf(fault, ctx, STATUS_INVALID, "keys", "Key folder %s cannot be read: %s; mend [keys] dir.", dir, strerror(errno));
    }
    for (int i = 0; i < count && status == STATUS_OK; i++)
        status = load_folder(ring, dir, names[i]->d_name, fault);
    free_names(names, count);
    if (status != STATUS_OK) {
        if (fault != NULL)
            fault->sentence = mem_strdup(ctx, fault->sentence);
        talloc_free(ring);
    }
    return status;
}

void
keyring_forget(struct keyring *ring)
{
    for (size_t i = 0; i < ring->count; i++)
        TALLOC_FREE(ring->keys[i].secret);
}

bool
keyring_find(const struct keyring *ring, const char *domain, const char *selector, size_t *id_r)
{
    for (size_t i = 0; i < ring->count; i++)
        if (str_eq_nocase(ring->keys[i].domain, domain) && str_eq_nocase(ring->keys[i].selector, selector)) {
            *id_r = i;
            return true;
        }
    return false;
}

char *
keyring_record(TALLOC_CTX *ctx, const struct keyring_key *key)
{
    return mem_printf(ctx, "v=DKIM1; k=%s; p=%s", key->algorithm == KEY_ED25519 ? "ed25519" : "rsa", key->public_base64);
}

/* ---- whole messages over a stream ---- */

static bool
read_all(int fd, void *data, size_t len, bool *ended_r)
{
    size_t got = 0;

    *ended_r = false;
    while (got < len) {
        ssize_t n = read(fd, (char *)data + got, len - got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            *ended_r = n == 0 && got == 0;
            return false;
        }
        got += (size_t)n;
    }
    return true;
}

static bool
write_all(int fd, const void *data, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        data = (const char *)data + n;
        len -= (size_t)n;
    }
    return true;
}

/* ---- the signer ---- */

static void
sign_one(const struct keyring *ring, const struct request *request, struct answer *answer)
{
    TALLOC_CTX *tmp = talloc_new(NULL);
    struct blob signature;

    *answer = (struct answer){.number = request->number};
    if (request->key_id < ring->count && ring->keys[request->key_id].secret != NULL) {
        signature = key_sign_digest(tmp, ring->keys[request->key_id].secret, request->digest);
        if (signature.len <= SIGNATURE_MAX) {
            memcpy(answer->signature, signature.data, signature.len);
            answer->len = (uint16_t)signature.len;
        }
    }
    talloc_free(tmp);
}

enum status
signer_serve(int fd, const struct keyring *ring)
{
    struct request request;
    struct answer answer;
    bool ended;

    while (read_all(fd, &request, sizeof request, &ended)) {
        sign_one(ring, &request, &answer);
        if (!write_all(fd, &answer, sizeof answer))
            return STATUS_OK;       /* the sender is gone */
    }
    return ended ? STATUS_OK : STATUS_BROKEN;
}

/* ---- the sender's end ---- */

struct signer {
    int fd;
    uint32_t sent, collected;
};

static int
signer_close(struct signer *signer)
{
    close(signer->fd);
    return 0;
}

struct signer *
signer_open(TALLOC_CTX *ctx, int fd)
{
    struct signer *signer = mem_new(ctx, struct signer);

    signer->fd = fd;
    talloc_set_destructor(signer, signer_close);
    return signer;
}

size_t
signer_open_count(const struct signer *signer)
{
    return signer->sent - signer->collected;
}

enum status
signer_send(struct signer *signer, size_t key_id, const uint8_t digest[SHA256_LEN])
{
    struct request request = {.number = signer->sent, .key_id = (uint32_t)key_id};

    must(signer_open_count(signer) < SIGNER_OPEN_MAX && key_id < KEYRING_MAX);
    memcpy(request.digest, digest, SHA256_LEN);
    if (!write_all(signer->fd, &request, sizeof request))
        return STATUS_UNAVAILABLE;
    signer->sent++;
    return STATUS_OK;
}

enum status
signer_collect(TALLOC_CTX *ctx, struct signer *signer, struct blob *signature_r)
{
    struct answer answer;
    bool ended;

    must(signer_open_count(signer) > 0);
    if (!read_all(signer->fd, &answer, sizeof answer, &ended))
        return STATUS_UNAVAILABLE;
    must(answer.number == signer->collected && answer.len <= SIGNATURE_MAX);
    signer->collected++;
    if (answer.len == 0)
        return STATUS_INVALID;
    *signature_r = blob_copy(ctx, answer.signature, answer.len);
    return STATUS_OK;
}

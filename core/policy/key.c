/* key.c - DKIM keys: made, published, compared with their files */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "policy/key.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/file.h"
#include "util/out.h"
#include "util/str.h"

enum { RSA_BITS = 2048, PEM_MAX = 16384, SELECTOR_MAX = 60, ATTEMPTS = 26 };

static const char *const algorithm_words[] = {[KEY_RSA] = "rsa", [KEY_ED25519] = "ed25519"};

char *
key_path(TALLOC_CTX *ctx, const char *dir, const char *domain, const char *selector)
{
    return mem_printf(ctx, "%s/%s/%s.pem", dir, domain, selector);
}

static bool
selector_is_valid(const char *selector)
{
    size_t len = strlen(selector);

    if (len == 0 || len > SELECTOR_MAX || selector[0] == '-' || selector[len - 1] == '-')
        return false;
    for (size_t i = 0; i < len; i++)
        if (!islower((unsigned char)selector[i]) && !isdigit((unsigned char)selector[i]) && selector[i] != '-')
            return false;
    return true;
}

/* --- files --- */

static enum status
cannot(TALLOC_CTX *ctx, struct fault *fault, const char *path)
{
    return fault_setf(fault, ctx, STATUS_UNAVAILABLE, "keys.dir", "%s: %s", path, strerror(errno));
}

/* The folder is the operator's; what we put into it belongs to the same user, who is the signer's. */
static enum status
make_folder(TALLOC_CTX *ctx, const char *dir, const char *domain, struct stat *owner_r, struct fault *fault)
{
    const char *path = mem_printf(ctx, "%s/%s", dir, domain);

    if (stat(dir, owner_r) != 0) {
        if (mkdir(dir, 0700) != 0 || stat(dir, owner_r) != 0)
            return cannot(ctx, fault, dir);
    }
    if (mkdir(path, 0700) == 0) {
        if (geteuid() == 0 && chown(path, owner_r->st_uid, owner_r->st_gid) != 0)
            return cannot(ctx, fault, path);
    } else if (errno != EEXIST) {
        return cannot(ctx, fault, path);
    }
    return STATUS_OK;
}

static enum status
write_key(TALLOC_CTX *ctx, const char *path, const struct signing_key *key, const struct stat *owner, struct fault *fault)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    char *pem = key_write_pem(ctx, key);
    bool written;

    if (fd < 0) {
        talloc_free(pem);
        return errno == EEXIST ? fault_setf(fault, ctx, STATUS_CONFLICT, "selector", "The file %s is here already.", path)
                               : cannot(ctx, fault, path);
    }
    written = file_write_all(fd, pem, strlen(pem)) && (geteuid() != 0 || fchown(fd, owner->st_uid, owner->st_gid) == 0) && fsync(fd) == 0;
    talloc_free(pem);
    close(fd);
    if (written)
        return STATUS_OK;
    cannot(ctx, fault, path);
    unlink(path);
    return STATUS_UNAVAILABLE;
}

static bool
read_pem(TALLOC_CTX *ctx, const char *path, struct blob *pem_r)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint8_t *data = mem_secret(ctx, PEM_MAX);
    ssize_t n = fd < 0 ? -1 : read(fd, data, PEM_MAX);

    if (fd >= 0)
        close(fd);
    *pem_r = (struct blob){data, n > 0 ? (size_t)n : 0};
    return n > 0;
}

const char *
key_file_trouble(TALLOC_CTX *ctx, const char *dir, const char *domain, const struct dkim_record *record)
{
    const char *path = key_path(ctx, dir, domain, record->selector);
    struct signing_key *key;
    struct blob pem;
    struct stat status;

    errno = 0;
    if (!read_pem(ctx, path, &pem))
        return mem_printf(ctx, "The key file %s cannot be read: %s.", path, errno != 0 ? strerror(errno) : "it is empty");
    if (key_read_pem(ctx, pem, &key) != STATUS_OK)
        return mem_printf(ctx, "%s is not a private key that can sign.", path);
    if (!str_eq(key_public_base64(ctx, key), record->public_key))
        return mem_printf(ctx, "The key in %s is not the one that the database names.", path);
    if (stat(path, &status) == 0 && (status.st_mode & 07) != 0)
        return mem_printf(ctx, "Everybody on this machine can read %s.", path);
    return NULL;
}

/* --- rows --- */

struct new_key { const char *selector, *path, *public_key; enum key_algorithm algorithm; };

static enum status
make_key(TALLOC_CTX *ctx, const char *dir, const char *domain, const struct stat *owner, struct new_key *new_key,
         struct fault *fault)
{
    struct signing_key *key = key_generate(ctx, new_key->algorithm, RSA_BITS);
    enum status status;

    new_key->path = key_path(ctx, dir, domain, new_key->selector);
    new_key->public_key = key_public_base64(ctx, key);
    status = write_key(ctx, new_key->path, key, owner, fault);
    if (status != STATUS_OK)
        new_key->path = NULL;
    talloc_free(key);
    return status;
}

static enum status
insert_keys(struct db *db, const struct actor *actor, const struct domain *domain, const struct new_key *keys, size_t count)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        const char *algorithm = algorithm_words[keys[i].algorithm];

        status = q_dkim_key_add(db, domain->id, keys[i].selector, algorithm, keys[i].public_key, clock_now_us(), NULL);
        if (status == STATUS_OK)
            status = q_dkim_key_retire(db, domain->id, algorithm, keys[i].selector, NULL);
        if (status == STATUS_OK)
            status = audit_add(db, actor, "dkim_new", 0, domain->name, keys[i].selector);
    }
    return status;
}

/* "k202611", or with a letter behind it when there is one of this month. */
static enum status
free_selector(struct db *db, TALLOC_CTX *ctx, const struct domain *domain, const char **selector_r)
{
    time_t now = (time_t)(clock_now_us() / US_PER_S);
    struct dkim_record *records;
    size_t count;
    struct tm tm;
    enum status status = key_records(db, ctx, domain, &records, &count);

    if (status != STATUS_OK)
        return status;
    gmtime_r(&now, &tm);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        const char letter[] = {attempt == 0 ? '\0' : (char)('a' + attempt), '\0'};
        const char *selector = mem_printf(ctx, "k%04d%02d%s", tm.tm_year + 1900, tm.tm_mon + 1, letter);
        bool taken = false;

        for (size_t i = 0; i < count; i++)
            taken = taken || str_eq(records[i].selector, selector);
        if (!taken) {
            *selector_r = selector;
            return STATUS_OK;
        }
    }
    return STATUS_CONFLICT;
}

enum status
key_new(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *dir, const struct domain *domain,
        const char *selector, struct fault *fault)
{
    struct new_key keys[] = {{.algorithm = KEY_RSA}, {.algorithm = KEY_ED25519}};
    struct change change;
    struct stat owner;
    enum status status = selector != NULL ? STATUS_OK : free_selector(db, ctx, domain, &selector);

    if (status != STATUS_OK)
        return status;
    if (!selector_is_valid(selector))
        return fault_setf(fault, ctx, STATUS_INVALID, "selector", "\"%s\" cannot be a selector: small letters, digits and -.",
                          selector);
    keys[0].selector = selector;
    keys[1].selector = mem_printf(ctx, "%s-ed", selector);
    status = make_folder(ctx, dir, domain->name, &owner, fault);
    for (size_t i = 0; i < COUNT_OF(keys) && status == STATUS_OK; i++)
        status = make_key(ctx, dir, domain->name, &owner, &keys[i], fault);
    if (status == STATUS_OK)
        status = change_begin(&change, db);
    if (status == STATUS_OK)
        status = change_end(&change, insert_keys(db, actor, domain, keys, COUNT_OF(keys)));
    if (status == STATUS_CONFLICT && fault != NULL && fault->sentence == NULL)
        fault_setf(fault, ctx, status, "selector", "The selector %s is taken.", selector);
    for (size_t i = 0; i < COUNT_OF(keys) && status != STATUS_OK && status != STATUS_UNKNOWN_OUTCOME; i++)
        if (keys[i].path != NULL)
            unlink(keys[i].path);
    return status;
}

enum status
key_records(struct db *db, TALLOC_CTX *ctx, const struct domain *domain, struct dkim_record **records_r, size_t *count_r)
{
    struct row_dkim_key_of_domain *rows;
    enum status status = q_dkim_key_of_domain(db, ctx, domain->id, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *records_r = mem_array(ctx, struct dkim_record, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*records_r)[i] = (struct dkim_record){
            .selector = rows[i].selector, .algorithm = rows[i].algorithm, .public_key = rows[i].public_key,
            .active = rows[i].active,
            .name = mem_printf(ctx, "%s._domainkey.%s", rows[i].selector, domain->name),
            .value = mem_printf(ctx, "v=DKIM1; k=%s; p=%s", rows[i].algorithm, rows[i].public_key)};
    return STATUS_OK;
}

enum status
key_show_records(struct db *db, TALLOC_CTX *ctx, const struct domain *domain, struct out *out)
{
    struct out *rows = out_rows(out, "records");
    struct dkim_record *records;
    size_t count;
    enum status status = key_records(db, ctx, domain, &records, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "name", records[i].name);
        out_text(row, "type", "TXT");
        out_text(row, "value", records[i].value);
        out_bool(row, "active", records[i].active);
    }
    return status;
}

/* key.h - DKIM keys: made, published, compared with their files
 *
 * The private part is a file DIR/DOMAIN/SELECTOR.pem that only the signer's user reads; the database knows selector and
 * public part. New keys sign from the worker's next reload; those before them are retired: still published, so that mail on
 * its way can be verified, but no longer used. */
#ifndef KAIRAN_POLICY_KEY_H
#define KAIRAN_POLICY_KEY_H

#include "policy/domain.h"

struct out;

struct dkim_record {
    const char *selector, *algorithm;
    const char *name;           /* SELECTOR._domainkey.DOMAIN */
    const char *value;          /* v=DKIM1; k=...; p=... */
    const char *public_key;
    bool active;
};

/* An RSA key of 2048 bits under the selector, and an Ed25519 key under selector-ed. selector may be NULL: made from the month.
 * The files belong to the owner of `dir`. CONFLICT: the selector is taken. On failure no file stays. */
enum status key_new(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *dir, const struct domain *domain,
                    const char *selector, struct fault *fault);
/* Active ones first. */
enum status key_records(struct db *db, TALLOC_CTX *ctx, const struct domain *domain, struct dkim_record **records_r,
                        size_t *count_r);
/* The same as rows "records" of `out`, for people who enter them: name, type, value, active. */
enum status key_show_records(struct db *db, TALLOC_CTX *ctx, const struct domain *domain, struct out *out);
char *key_path(TALLOC_CTX *ctx, const char *dir, const char *domain, const char *selector);
/* NULL, or the sentence that says what is wrong with a key's file. */
const char *key_file_trouble(TALLOC_CTX *ctx, const char *dir, const char *domain, const struct dkim_record *record);

#endif

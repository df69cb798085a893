/* domain.h - mail domains that have lists */
#ifndef KAIRAN_POLICY_DOMAIN_H
#define KAIRAN_POLICY_DOMAIN_H

#include "policy/change.h"

struct domain {
    int64_t id, lists, created_at;
    const char *name, *web_host, *token_domain;
};

/* web_host NULL takes the name, token_domain NULL the name. INVALID: no domain name; CONFLICT: it is here already. */
enum status domain_create(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *name, const char *web_host,
                          const char *token_domain, struct domain **domain_r, struct fault *fault);
/* In any spelling. NOT_FOUND with a sentence. */
enum status domain_find(struct db *db, TALLOC_CTX *ctx, const char *name, struct domain **domain_r, struct fault *fault);
enum status domain_all(struct db *db, TALLOC_CTX *ctx, struct domain **domains_r, size_t *count_r);
/* CONFLICT while it has lists, removed ones included as long as they are not erased. Its key rows go with it. */
enum status domain_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain,
                          struct fault *fault);

#endif

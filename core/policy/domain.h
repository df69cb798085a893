/* domain.h - mail domains that have lists, and what else they are called
 *
 * A domain has one web host; several may share it. An alias is another name of the domain: mail to LIST@ALIAS reaches LIST@DOMAIN and
 * counts as written to the list. Sentences of faults are to be translated (N_()). */
#ifndef KAIRAN_POLICY_DOMAIN_H
#define KAIRAN_POLICY_DOMAIN_H

#include "policy/change.h"

struct domain {
    int64_t id, lists, created_at;
    const char *name, *web_host, *token_domain, *description;
};

/* web_host NULL takes the name, token_domain NULL the name. INVALID: no domain name; CONFLICT: it is here already. */
enum status domain_create(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *name, const char *web_host,
                          const char *token_domain, struct domain **domain_r, struct fault *fault);
/* In any spelling, by its own name alone. NOT_FOUND with a sentence. */
enum status domain_find(struct db *db, TALLOC_CTX *ctx, const char *name, struct domain **domain_r, struct fault *fault);
enum status domain_all(struct db *db, TALLOC_CTX *ctx, struct domain **domains_r, size_t *count_r);
/* Other web host, token domain or description; NULL leaves what is there. Fields of faults are called so. */
enum status domain_set(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain, const char *web_host,
                       const char *token_domain, const char *description, struct fault *fault);
/* CONFLICT while it has lists, removed ones included as long as they are not erased. Its keys' rows go with it. */
enum status domain_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain,
                          struct fault *fault);

enum status domain_aliases(struct db *db, TALLOC_CTX *ctx, const struct domain *domain, struct text_array *names_r);
enum status domain_alias_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain,
                             const char *alias, struct fault *fault);
enum status domain_alias_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain,
                                const char *alias, struct fault *fault);

/* Its owners make lists in it and have an owner's rights on all of them (policy/right.h). */
struct domain_owner { int64_t user_id, added_at; const char *name, *email; };
enum status domain_owners(struct db *db, TALLOC_CTX *ctx, const struct domain *domain, struct domain_owner **owners_r, size_t *count_r);
/* By an address of theirs; the account is made where there is none. CONFLICT: is one already. The fault's field is "owner". */
enum status domain_owner_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain,
                             const char *address, struct fault *fault);
enum status domain_owner_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct domain *domain,
                                const char *address, struct fault *fault);

#endif

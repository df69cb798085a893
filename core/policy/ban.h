/* ban.h - who may neither post nor join: an address or a whole @domain, on one list or (list_id 0) on all */
#ifndef KAIRAN_POLICY_BAN_H
#define KAIRAN_POLICY_BAN_H

#include "policy/change.h"

struct ban { const char *pattern, *reason, *created_by; int64_t created_at; };

/* INVALID: neither address nor @domain; CONFLICT: banned already. */
enum status ban_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *pattern,
                    const char *reason, struct fault *fault);
/* NOT_FOUND when it was not banned here. */
enum status ban_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *pattern,
                       struct fault *fault);
enum status ban_list(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct ban **bans_r, size_t *count_r);

#endif

/* account-private.h - what the parts of policy/account share */
#ifndef KAIRAN_POLICY_ACCOUNT_PRIVATE_H
#define KAIRAN_POLICY_ACCOUNT_PRIVATE_H

#include "policy/account.h"
#include "store/statements.h"

/* NOT_FOUND when there is none. */
enum status account_load(struct db *db, TALLOC_CTX *ctx, int64_t user_id, struct row_user_get **user_r);
/* CONFLICT with a sentence when a list would be left without an owner. address_id 0: with all addresses of the account. */
enum status account_refuse_sole_owner(struct db *db, TALLOC_CTX *ctx, int64_t user_id, int64_t address_id, struct fault *fault);

#endif

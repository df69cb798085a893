/* style.h - kinds of lists: what a new one begins with (styles.def) */
#ifndef KAIRAN_POLICY_STYLE_H
#define KAIRAN_POLICY_STYLE_H

#include "policy/setting.h"

struct style { const char *name, *other_name, *label, *help; };

const struct style *style_rows(void);                   /* ended by a NULL name */
const struct style *style_find(const char *name);       /* by our name or Mailman's; NULL: there is none */
/* Sets the style's values on a list, in the caller's transaction. */
enum status style_apply(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *name,
                        struct fault *fault);

#endif

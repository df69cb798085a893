/* intake.h - a message that is coming in: from the wire to a committed row
 *
 * The bytes go, in normal form, to an unlinked temporary file and are hashed on the way; at the end each recipient gets one
 * message row, its queue row and its seen row in one transaction of its own, so that one list's trouble is not another's.
 * The same delivery offered again (seen) is answered 250 and not stored: only when its topmost Received is our MTA's, because
 * only then two equal messages must be one delivery.
 *
 * Memory: an intake hangs on the LMTP transaction; its file goes with it. Sources: DESIGN 4.1, P1, P2. */
#ifndef KAIRAN_WORKER_INTAKE_H
#define KAIRAN_WORKER_INTAKE_H

#include "store/db.h"
#include "worker/lmtp-session.h"

struct intake;
struct intake_limits {
    const char *temp_dir;
    const char *mta_name;       /* what our MTA calls itself in "by" */
    int max_hops;
};

/* NULL and a log row when the temporary file cannot be made. */
struct intake *intake_open(TALLOC_CTX *ctx, const struct intake_limits *limits);
void intake_add(struct intake *intake, struct blob chunk);
/* Stores the message for each recipient and fills their status. recipient->object is a struct recipient (policy). */
void intake_store(struct intake *intake, struct db *db, struct lmtp_transaction *transaction, bool submitted);

#endif

/* jobs-clock.c - after a clock that was moved back */
#include "store/statements.h"
#include "util/clock.h"
#include "util/log.h"
#include "worker/jobs.h"

enum { SOON_S = 900 };      /* longer than anything waits for its first time: a removed list's posts, ten minutes */

/* Every wait of ours ends at a time of the clock. Set back by a day, it would make each a day longer, and P3 would be broken by a wrong
 * battery: so what waits for longer than it could have been told to is tried at once. Nothing is sent twice by that. */
enum status
mend_due(struct child *child, const struct i18n *i18n)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int64_t now = clock_now_us(), most_s = (int64_t)child->conf->smtp_retry_most_s * 5 / 4;
    struct row_due_mend *row;
    enum status status = q_due_mend(child->db, ctx, now, now + SOON_S * US_PER_S, now + (SOON_S + most_s) * US_PER_S, &row);

    (void)i18n;
    if (status == STATUS_OK && row->mended > 0)
        log_event(EVENT_DUE_MENDED, "rows", "%lld", (long long)row->mended);
    talloc_free(ctx);
    return status;
}

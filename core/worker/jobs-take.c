/* jobs-take.c - pieces of work, one after the other, each in a transaction of its own */
#include "store/db.h"
#include "worker/jobs.h"

static enum status
take_one(const struct job_desk *desk, TALLOC_CTX *ctx, job_work *work, bool *any_r)
{
    enum status status = db_begin(desk->db);

    *any_r = false;
    if (status == STATUS_OK)
        status = work(desk, ctx, any_r);
    if (status == STATUS_OK)
        return db_commit(desk->db);
    db_rollback(desk->db);
    return status;
}

enum status
jobs_take(const struct job_desk *desk, job_work *work, int most)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    enum status status = STATUS_OK;
    bool any = true;

    for (int taken = 0; taken < most && any && status == STATUS_OK; taken++) {
        status = take_one(desk, ctx, work, &any);
        talloc_free_children(ctx);
    }
    talloc_free(ctx);
    return status;
}

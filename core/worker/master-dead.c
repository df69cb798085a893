/* master-dead.c - giving back the work of the dead */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "store/statements.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/str.h"
#include "worker/master.h"

enum { REAP_EVERY_MS = 1000, LOST_AFTER_S = 30 };

static void
give_back_dead_children(struct master *master, const char *host)
{
    size_t kept = 0;

    for (size_t i = 0; i < master->dead_count; i++) {
        TALLOC_CTX *scratch = talloc_new(master->ctx);
        struct row_process_by_pid *row = NULL;
        int64_t changed = 1;

        /* The dead one's backend may still be at its last statement; until its lock is free nothing is given away. */
        if (q_process_by_pid(master->db, scratch, host, master->dead[i], &row) != STATUS_OK)
            changed = 0;
        else if (row != NULL && q_process_give_back(master->db, row->id, &changed) != STATUS_OK)
            changed = 0;
        if (changed == 0)
            master->dead[kept++] = master->dead[i];
        else if (row != NULL)
            log_event(EVENT_GIVEN_BACK, "process", "%lld", (long long)row->id);
        talloc_free(scratch);
    }
    master->dead_count = kept;
}

static void
give_back_lost(struct master *master, const char *host)
{
    TALLOC_CTX *scratch = talloc_new(master->ctx);
    struct row_process_list *rows;
    int64_t now = clock_now_us();
    size_t count;

    if (q_process_list(master->db, scratch, &rows, &count) != STATUS_OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_gone = str_eq(rows[i].host, host) && kill((pid_t)rows[i].pid, 0) < 0 && errno == ESRCH;

        if (rows[i].is_locked) {
            if (rows[i].lost_at != 0)
                q_process_mark_found(master->db, rows[i].id, NULL);
        } else if (is_gone || (rows[i].lost_at != 0 && now - rows[i].lost_at >= LOST_AFTER_S * US_PER_S)) {
            if (q_process_give_back(master->db, rows[i].id, NULL) == STATUS_OK)
                log_event(EVENT_GIVEN_BACK, "process", "%lld", (long long)rows[i].id);
        } else if (rows[i].lost_at == 0) {
            q_process_mark_lost(master->db, rows[i].id, now, NULL);
        }
    }
    talloc_free(scratch);
}

void
master_look_after_the_dead(struct master *master)
{
    char host[256] = "";
    int64_t now = clock_monotonic_ms();

    if (now - master->reaped_ms < REAP_EVERY_MS && master->dead_count == 0)
        return;
    if (now - master->reaped_ms < 100)
        return;
    gethostname(host, sizeof host - 1);
    master_listen(master);
    if (!db_is_connected(master->db))
        return;
    give_back_dead_children(master, host);
    if (now - master->reaped_ms >= REAP_EVERY_MS) {
        give_back_lost(master, host);
        /* A process that was stopped, not ended, keeps its lock: time is the last resort, as long as nobody moves the clock. */
        if (now >= master->backstop_from_ms)
            q_process_backstop(master->db, clock_now_us() - master->conf->worker_lease_s * US_PER_S, NULL);
    }
    master->reaped_ms = now;
}

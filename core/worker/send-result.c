/* send-result.c - what became of the copies is written down, whatever happens to the database */
#include <string.h>

#include "util/clock.h"
#include "util/crypto.h"
#include "util/killpoint.h"
#include "util/log.h"
#include "worker/send.h"

enum { WAIT_MS = 200, WAIT_STOPPING_MS = 20000 };

static bool
is_put_off(const struct run *run, const struct smtp_reply *reply)
{
    const struct conf *conf = run->sender->child->conf;
    int64_t age_us = clock_now_us() - run->sender->post->row->accepted_at;

    if (reply->class == SMTP_PERMANENT || reply->class == SMTP_LOCAL)
        return reply->closing;      /* 5xx about the connection is not about this copy */
    return age_us < (int64_t)conf->smtp_retry_days * 86400 * US_PER_S;
}

static void
write_result(struct run *run)
{
    struct db *db = run->sender->child->db;
    const struct result *r = &run->results[run->count];
    bool database_works = run_collect(run);     /* results arrive in order: the one before must be in first */

    run->count++;
    if (!database_works)
        return;
    if (q_outcome_add_send(db, run->sender->post->row->month, run->chunk->post_id, r->member_id, run->chunk->attempt,
                           r->result, r->variant, r->phase, r->reply, r->queue_id, r->at_us) != STATUS_OK)
        run->database_lost = true;
}

void
run_record(struct run *run, int64_t member_id, const char *variant, const struct smtp_reply *reply)
{
    struct result *r = &run->results[run->count];

    must(run->count < CHUNK_MAX);
    *r = (struct result){.member_id = member_id, .variant = variant, .phase = smtp_phase_name(reply->phase),
                         .reply = smtp_reply_line(run->ctx, reply), .queue_id = "", .at_us = clock_now_us()};
    if (reply->class == SMTP_ACCEPTED) {
        r->result = "handed_on";
        r->queue_id = reply->queue_id != NULL ? mem_strdup(run->ctx, reply->queue_id) : "";
    } else if (is_put_off(run, reply)) {
        r->result = "deferred";
        run->put_off[run->put_off_count++] = member_id;
    } else {
        r->result = "failed";
    }
    killpoint("send.result");
    write_result(run);
    killpoint("send.recorded");
}

void
run_record_left(struct run *run, int64_t member_id)
{
    must(run->count < CHUNK_MAX);
    run->results[run->count] = (struct result){member_id, "left", "", "", "", "", clock_now_us()};
    write_result(run);
}

bool
run_collect(struct run *run)
{
    if (run->database_lost)
        return false;
    if (!db_is_sending(run->sender->child->db))
        return true;
    if (db_collect(run->sender->child->db, NULL) != STATUS_OK) {
        run->database_lost = true;
        return false;
    }
    run->saved = run->count;
    return true;
}

bool
run_is_mine(struct run *run)
{
    struct child *child = run->sender->child;
    struct row_chunk_is_mine *row = NULL;
    int64_t now = clock_now_us(), held_us = now - run->claimed_us;

    if (held_us >= 0 && held_us < child->conf->worker_lease_s * US_PER_S / 2 && run->generation == db_generation(child->db))
        return true;
    if (q_chunk_is_mine(child->db, run->ctx, run->chunk->id, child->process_id, now, &row) != STATUS_OK || row == NULL)
        return false;
    run->claimed_us = now;
    run->generation = db_generation(child->db);
    return true;
}

/* Writes the rest one by one; a row that is there already stays. */
static bool
save_rest(struct run *run)
{
    struct child *child = run->sender->child;

    if (db_is_sending(child->db) && !run->database_lost)
        run_collect(run);
    while (run->saved < run->count) {
        const struct result *r = &run->results[run->saved];

        if (q_outcome_add(child->db, run->sender->post->row->month, run->chunk->post_id, r->member_id,
                          run->chunk->attempt, r->result, r->variant, r->phase, r->reply, r->queue_id, r->at_us, NULL)
            != STATUS_OK)
            return false;
        run->saved++;
    }
    return true;
}

/* Does `step` until it works: results exist only here. A process told to stop waits a while longer, then gives in. */
static bool
insist(struct run *run, bool (*step)(struct run *run))
{
    int64_t until = clock_monotonic_ms() + WAIT_STOPPING_MS;

    while (!step(run)) {
        if (child_is_stopping() && clock_monotonic_ms() > until) {
            log_error("results_lost", "chunk", "%lld", (long long)run->chunk->id, "results", "%zu",
                      run->count - run->saved);
            return false;
        }
        child_sleep(run->sender->child, WAIT_MS, -1);
        run->database_lost = false;
        child_ready(run->sender->child);
    }
    return true;
}

static bool
end_step(struct run *run)
{
    struct child *child = run->sender->child;
    const struct conf *conf = child->conf;
    uint32_t random;
    int64_t due_us;

    if (!save_rest(run))
        return false;
    random_bytes(&random, sizeof random);
    due_us = clock_now_us() + US_PER_S * copy_retry_after_s((int)run->chunk->tries, conf->smtp_retry_first_s,
                                                            conf->smtp_retry_most_s, random);
    killpoint("send.finish");
    return q_chunk_finish(child->db, run->chunk->id, child->process_id,
                          (struct int_array){run->put_off, run->put_off_count}, due_us, NULL) == STATUS_OK;
}

void
run_end(struct run *run)
{
    insist(run, end_step);
}

void
run_give_back(struct run *run, int64_t wait_s, const char *trouble)
{
    struct child *child = run->sender->child;

    run->given_back = true;
    if (insist(run, save_rest)
        && q_chunk_give_back(child->db, run->chunk->id, child->process_id, clock_now_us() + wait_s * US_PER_S, trouble, NULL)
           != STATUS_OK)
        child->has_leftovers = true;
}

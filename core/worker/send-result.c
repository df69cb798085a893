/* send-result.c - what became of the copies is written down, whatever happens to the database */
#include <string.h>

#include "util/clock.h"
#include "util/crypto.h"
#include "util/killpoint.h"
#include "util/log.h"
#include "util/tally.h"
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

/* The results [from, count) as the columns of one statement. */
struct columns { int64_t members[CHUNK_MAX]; const char *texts[5][CHUNK_MAX]; size_t count; };

static void
columns_fill(struct columns *columns, const struct run *run, size_t from)
{
    for (size_t i = from; i < run->count; i++) {
        const struct result *r = &run->results[i];
        const char *texts[] = {r->result, r->variant, r->phase, r->reply, r->queue_id};
        size_t n = columns->count++;

        columns->members[n] = r->member_id;
        for (size_t t = 0; t < COUNT_OF(texts); t++)
            columns->texts[t][n] = texts[t];
    }
}

static struct text_array
column(const struct columns *columns, size_t text)
{
    return (struct text_array){columns->texts[text], columns->count};
}

/* Begins to write [from, count). They may be fifty: one statement, one commit. */
static enum status
begin_writing(struct run *run, size_t from)
{
    struct db *db = run->sender->child->db;
    const char *month = run->sender->post->row->month;
    const struct result *last = &run->results[run->count - 1];
    struct columns columns = {.count = 0};

    if (run->count - from == 1)
        return q_outcome_add_send(db, month, run->chunk->post_id, last->member_id, run->chunk->attempt, last->result,
                                  last->variant, last->phase, last->reply, last->queue_id, last->at_us);
    columns_fill(&columns, run, from);
    return q_outcome_add_many_send(db, month, run->chunk->post_id, (struct int_array){columns.members, columns.count},
                                   run->chunk->attempt, column(&columns, 0), column(&columns, 1), column(&columns, 2),
                                   column(&columns, 3), column(&columns, 4), last->at_us);
}

void
run_note(struct run *run, int64_t member_id, const char *variant, const struct smtp_reply *reply)
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
    run->count++;
}

void
run_note_left(struct run *run, int64_t member_id)
{
    must(run->count < CHUNK_MAX);
    run->results[run->count++] = (struct result){member_id, "left", "", "", "", "", clock_now_us()};
}

void
run_write(struct run *run)
{
    killpoint("send.result");
    /* Results arrive in order: those before must be in first. */
    if (run_collect(run) && run->written < run->count) {
        if (begin_writing(run, run->written) == STATUS_OK)
            run->written = run->count;
        else
            run->database_lost = true;
    }
    killpoint("send.recorded");
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
    run->saved = run->written;
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

/* Writes the rest and waits for it; a row that is there already stays. */
static bool
save_rest(struct run *run)
{
    if (db_is_sending(run->sender->child->db) && !run->database_lost)
        run_collect(run);
    if (run->saved == run->count)
        return true;
    run->database_lost = false;
    if (begin_writing(run, run->saved) != STATUS_OK)
        return false;
    run->written = run->count;
    return run_collect(run);
}

/* Does `step` until it works: results exist only here. A process told to stop waits a while longer, then gives in. */
static bool
insist(struct run *run, bool (*step)(struct run *run))
{
    int64_t until = clock_monotonic_ms() + WAIT_STOPPING_MS;

    while (!step(run)) {
        if (child_is_stopping() && clock_monotonic_ms() > until) {
            log_event(EVENT_RESULTS_LOST, "chunk", "%lld", (long long)run->chunk->id, "results", "%zu",
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
    return q_chunk_finish(child->db, run->chunk->id, child->process_id, run->sender->post->row->month, run->chunk->members,
                          (struct int_array){run->put_off, run->put_off_count}, due_us, NULL) == STATUS_OK;
}

static void
tell_copies(const struct run *run)
{
    static const char *const kinds[] = {"handed_on", "deferred", "failed", "left"};
    size_t counts[COUNT_OF(kinds)] = {0};

    for (size_t i = 0; i < run->count; i++)
        for (size_t k = 0; k < COUNT_OF(kinds); k++)
            counts[k] += str_eq(run->results[i].result, kinds[k]);
    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        tally_add(METRIC_OF_SENT, kinds[k], (int64_t)counts[k]);
    if (run->count > 0)
        log_event(EVENT_COPIES, "post", "%lld", (long long)run->chunk->post_id, kinds[0], "%zu", counts[0], kinds[1], "%zu", counts[1],
                  kinds[2], "%zu", counts[2], kinds[3], "%zu", counts[3]);
}

void
run_end(struct run *run)
{
    insist(run, end_step);
    tell_copies(run);
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
    tell_copies(run);
}

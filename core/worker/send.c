/* send.c - the send role: takes chunks and notices, keeps one connection to the smarthost */
#include <stdio.h>
#include <string.h>

#include "util/clock.h"
#include "util/killpoint.h"
#include "util/log.h"
#include "util/tls.h"
#include "worker/send.h"

enum { PROMOTE_EVERY_MS = 1000, IDLE_CLOSE_MS = 5000, PAUSE_MOST_S = 60, REMOVED_WAIT_S = 600 };

/* --- the post that is being sent --- */

static void
variant_set(TALLOC_CTX *ctx, struct send_variant *variant, const struct row_variants_for_send *row)
{
    variant->row = row;
    variant->header = header_parse(ctx, row->head);
}

static enum status
load_variants(struct sender *sender, struct send_post *post)
{
    struct row_variants_for_send *rows;
    size_t count;
    enum status status = q_variants_for_send(sender->child->db, post, post->id, &rows, &count);

    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        variant_set(post, str_eq(rows[i].kind, "kept") ? &post->kept
                        : str_eq(rows[i].kind, "reencoded") ? &post->reencoded : &post->replaced, &rows[i]);
    return post->replaced.row != NULL ? STATUS_OK : STATUS_BROKEN;
}

static enum status
load_post(struct sender *sender, int64_t id)
{
    struct child *child = sender->child;
    struct row_post_for_send *row;
    struct send_post *post;
    enum status status;

    if (sender->post != NULL && sender->post->id == id && sender->post->key_count > 0)
        return STATUS_OK;
    talloc_free(sender->post);
    sender->post = NULL;
    post = mem_new(child->ctx, struct send_post);
    post->id = id;
    status = q_post_for_send(child->db, post, id, &row);
    if (status == STATUS_OK && row == NULL)
        status = STATUS_BROKEN;
    if (status == STATUS_OK) {
        post->row = row;
        post->list = (struct copy_list){row->list, row->domain, row->token_domain,
                                        conf_url_of(post, child->conf->site_url, row->web_host)};
        status = load_variants(sender, post);
    }
    if (status == STATUS_OK)
        status = sign_keys_load(sender, post, row->domain_id, row->domain, post->keys, &post->key_count);
    if (status != STATUS_OK) {
        talloc_free(post);
        return status;
    }
    sender->post = post;
    return STATUS_OK;
}

/* --- one chunk --- */

/* Those to whom a copy goes; the others have left, which is their end. */
static size_t
keep_reached(struct run *run, struct row_chunk_members *members, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (members[i].reached)
            members[kept++] = members[i];
        else
            run_note_left(run, members[i].id);
    }
    return kept;
}

static void
pause_sending(struct sender *sender, const struct smtp_reply *trouble)
{
    int64_t wait_s = copy_retry_after_s(sender->failures, 1, PAUSE_MOST_S, (uint32_t)clock_monotonic_ms());

    if (wait_s > sender->child->conf->smtp_retry_first_s)
        wait_s = sender->child->conf->smtp_retry_first_s;
    sender->failures++;
    sender->pause_until_ms = clock_monotonic_ms() + wait_s * 1000;
    log_event(EVENT_SMARTHOST, "phase", "%s", smtp_phase_name(trouble->phase), "reply", "%s", trouble->text, "pause_s", "%lld",
              (long long)wait_s);
}

/* Before anything was sent. */
static void
give_back(struct run *run, int64_t wait_s, const char *trouble)
{
    struct child *child = run->sender->child;

    if (q_chunk_give_back(child->db, run->chunk->id, child->process_id, clock_now_us() + wait_s * US_PER_S, trouble, NULL)
        != STATUS_OK)
        child->has_leftovers = true;
}

static void
work_on(struct run *run)
{
    struct sender *sender = run->sender;
    struct child *child = sender->child;
    const struct smtp_reply *trouble = NULL;
    struct row_chunk_members *members;
    size_t expected, count;
    bool reached;

    if (run->chunk->list_removed) {     /* it may be restored */
        run_give_back(run, REMOVED_WAIT_S, "the list was removed");
        return;
    }
    if (load_post(sender, run->chunk->post_id) != STATUS_OK) {
        give_back(run, 10, "the post could not be read from the database");
        return;
    }
    if (sender->post->key_count == 0) {
        run_give_back(run, 60, SENDER_NO_KEY);
        return;
    }
    if (q_chunk_members(child->db, run->ctx, sender->post->row->month, run->chunk->post_id, run->chunk->members, clock_now_us(),
                        &members, &count) != STATUS_OK) {
        give_back(run, 1, "the members could not be read from the database");
        return;
    }
    must(count <= CHUNK_MAX);
    expected = count;
    count = keep_reached(run, members, count);
    reached = count == 0 || sender_connection(sender, &trouble) != NULL;
    if (count > 0 && reached && !smtp_capabilities(sender->smtp)->eight_bit && !sender_use_seven_bit(sender)) {
        run_give_back(run, 1, "the database was away");
        return;
    }
    reached = reached && (count == 0 || (sender->post->row->bulk ? send_bulk(run, members, count, &trouble)
                                                                 : send_copies(run, members, count, &trouble)));
    if (reached && run->count < expected) {
        run_give_back(run, 0, "the database was away, or the work had been given to another");
    } else if (reached) {
        sender->failures = 0;
        run_end(run);
    } else {
        pause_sending(sender, trouble);
        run_give_back(run, 1, trouble->text);
    }
}

static bool
send_chunk(struct sender *sender)
{
    struct child *child = sender->child;
    TALLOC_CTX *ctx = talloc_new(child->ctx);
    struct row_chunk_claim *chunk = NULL;
    enum status status = q_chunk_claim(child->db, ctx, child->process_id, clock_now_us(), &chunk);
    struct run *run;
    bool any;

    /* A claim whose answer was lost may have been made. */
    child->has_leftovers |= status == STATUS_UNKNOWN_OUTCOME;
    any = status == STATUS_OK && chunk != NULL;
    if (any) {
        killpoint("send.claimed");
        child_wake(child->wake_write);
        run = mem_new(ctx, struct run);
        run->ctx = run;
        run->sender = sender;
        run->chunk = chunk;
        run->claimed_us = clock_now_us();
        run->generation = db_generation(child->db);
        child_busy(child, true);
        work_on(run);
        child_busy(child, false);
        sender->used_ms = clock_monotonic_ms();
    }
    talloc_free(ctx);
    return any;
}

/* --- the loop --- */

static bool
take_work(struct sender *sender)
{
    struct child *child = sender->child;
    int64_t now = clock_monotonic_ms();

    if (now < sender->pause_until_ms || !child_may_take_work(child))
        return false;
    if (sender->tokens == NULL && token_keys_load(child->db, child->ctx, &sender->tokens) != STATUS_OK)
        return false;
    if (now - sender->promoted_ms >= PROMOTE_EVERY_MS || now < sender->promoted_ms) {
        sender->promoted_ms = now;
        q_chunk_promote(child->db, clock_now_us(), NULL);
    }
    /* Notices are answers to people who wait: they go before posts, one for each chunk. */
    return send_notice(sender) | send_chunk(sender);
}

static void
rest(struct sender *sender)
{
    struct child *child = sender->child;

    if (sender->smtp != NULL && clock_monotonic_ms() - sender->used_ms > IDLE_CLOSE_MS)
        smtp_close(&sender->smtp);
    /* A large body is not kept in memory for nothing. */
    if (sender->post != NULL && clock_monotonic_ms() - sender->used_ms > IDLE_CLOSE_MS) {
        talloc_free(sender->post);
        sender->post = NULL;
    }
    child_sleep(child, child->conf->worker_poll_ms, -1);
}

int
send_child(struct child *child)
{
    struct sender sender = {.child = child};
    struct fault fault = {0};

    if (smtp_options_from(child->ctx, child->conf, &sender.options, &fault) != STATUS_OK) {
        log_event(EVENT_SMARTHOST_SETTINGS, "reason", "%s", fault.sentence);
        child_sleep(child, 5000, -1);
        return 78;
    }
    sender.options->helo = child->hostname;
    while (!child_is_stopping())
        if (!take_work(&sender))
            rest(&sender);
    smtp_close(&sender.smtp);
    return 0;
}

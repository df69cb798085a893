/* post.c - the post role: brings each received message to its end
 *
 * The attempt is counted and committed before the work; a message that fails three times, by whatever crash, is set aside and
 * never tried again by itself. Results, verdict and everything that follows are one transaction with the end of the queue
 * row, so a message is decided wholly or not at all. */
#include <string.h>
#include <sys/resource.h>

#include "util/clock.h"
#include "util/killpoint.h"
#include "util/log.h"
#include "util/tally.h"
#include "worker/post.h"

enum { RETRY_US = 5 * 1000000, RECYCLE_AFTER = 5000, CPU_SECONDS = 30 };

static enum status
set_aside(struct work *work, const char *why)
{
    struct db *db = work->poster->child->db;
    int64_t changed = 0;
    enum status status = db_begin(db);

    if (status != STATUS_OK)
        return status;
    status = q_message_end(db, work->claim->message_id, "set_aside", clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = q_judgement_set(db, work->claim->message_id, "hold", "set_aside", why, (struct text_array){NULL, 0},
                                 (struct text_array){NULL, 0}, "{}", clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = q_incoming_end(db, work->claim->message_id, work->poster->child->process_id, &changed);
    if (status != STATUS_OK || changed == 0) {
        db_rollback(db);
        return status;
    }
    tally_add(METRIC_OF_SET_ASIDE, NULL, 1);
    log_event(EVENT_SET_ASIDE, "message", "%lld", (long long)work->claim->message_id, "reason", "%s", why);
    return db_commit(db);
}

/* What a list that is still there has to decide. */
static bool
is_post(const struct work *work)
{
    return str_eq(work->row->kind, "post") && work->list != NULL;
}

static enum status
load(struct work *work)
{
    struct db *db = work->poster->child->db;
    enum status status = q_message_get(db, work->ctx, work->claim->message_id, (struct row_message_get **)&work->row);

    if (status != STATUS_OK)
        return status;
    must(work->row != NULL);
    if (work->row->list_id != 0) {
        status = list_by_id(db, work->ctx, work->row->list_id, &work->list);
        if (status == STATUS_OK)
            status = settings_load(db, work->ctx, work->row->list_id, &work->settings);
    }
    if (status == STATUS_NOT_FOUND)
        work->list = NULL;
    else if (status != STATUS_OK)
        return status;
    work->message = message_parse(work->ctx, work->row->bytes);
    work->summary = summary_read(work->ctx, work->message);
    return STATUS_OK;
}

static enum status
end_in_transaction(struct work *work)
{
    struct child *child = work->poster->child;
    int64_t changed = 0;
    enum status status = db_begin(child->db);

    if (status != STATUS_OK)
        return status;
    killpoint("post.begun");
    status = is_post(work) ? post_carry_out(work) : post_other(work);
    if (status == STATUS_OK && is_post(work))
        status = post_offer_joining(work);
    if (status == STATUS_OK)
        status = q_incoming_end(child->db, work->claim->message_id, child->process_id, &changed);
    if (status != STATUS_OK) {
        db_rollback(child->db);
        return status;
    }
    if (changed == 0) {
        /* Given to somebody else meanwhile: it is theirs to decide. */
        db_rollback(child->db);
        return STATUS_OK;
    }
    killpoint("post.precommit");
    status = db_commit(child->db);
    killpoint("post.postcommit");
    return status;
}

/* Who joins by writing is judged again, as a member. */
static enum status
judge(struct work *work)
{
    bool joined = false;
    enum status status = post_judge(work);

    if (status == STATUS_OK)
        status = post_join_author(work, &joined);
    return status == STATUS_OK && joined ? post_judge(work) : status;
}

static enum status
work_through(struct work *work)
{
    enum status status = load(work);

    if (status == STATUS_OK && is_post(work))
        status = judge(work);
    else if (status == STATUS_OK && post_is_letter(work))
        status = post_authenticate(work);
    killpoint("post.judged");
    if (status == STATUS_OK)
        status = end_in_transaction(work);
    return status;
}

/* A temporary failure costs no attempt of the message: it waits and is tried again. */
static void
put_off(struct work *work, enum status status)
{
    struct child *child = work->poster->child;

    log_event(EVENT_POST_PUT_OFF, "message", "%lld", (long long)work->claim->message_id, "status", "%s",
              status_row(status)->name);
    if (q_incoming_put_off(child->db, work->claim->message_id, clock_now_us() + RETRY_US, status_row(status)->name,
                           status_is_temporary(status), NULL) != STATUS_OK)
        child->has_leftovers = true;
}

static bool
take_message(struct poster *poster)
{
    struct child *child = poster->child;
    struct row_incoming_claim *claim = NULL;
    struct work *work = mem_new(child->ctx, struct work);
    enum status status;

    work->ctx = work;
    work->poster = poster;
    status = q_incoming_claim(child->db, work, child->process_id, clock_now_us(), &claim);
    if (status != STATUS_OK || claim == NULL) {
        /* A claim whose answer was lost may have been made. */
        child->has_leftovers |= status == STATUS_UNKNOWN_OUTCOME;
        talloc_free(work);
        return false;
    }
    killpoint("post.claimed");
    child_busy(child, true);
    child_wake(child->wake_write);
    work->claim = claim;
    if (claim->attempts > ATTEMPTS_MAX)
        status = set_aside(work, N_("Three attempts to process this message ended before it was decided."));
    else
        status = work_through(work);
    if (status != STATUS_OK)
        put_off(work, status);
    else
        log_event(EVENT_MESSAGE, "id", "%lld", (long long)claim->message_id);
    child_busy(child, false);
    talloc_free(work);
    return true;
}

/* --- answers of the DNS that all processes share --- */

static const char *
type_word(enum dns_type type)
{
    switch (type) {
    case DNS_A: return "A";
    case DNS_PTR: return "PTR";
    case DNS_MX: return "MX";
    case DNS_TXT: return "TXT";
    case DNS_AAAA: return "AAAA";
    }
    return "?";
}

static bool
cache_get(void *data, TALLOC_CTX *ctx, const char *name, enum dns_type type, struct dns_answer *answer_r)
{
    struct db *db = data;
    struct row_dns_cache_get *row = NULL;
    int64_t now = clock_now_us();

    if (q_dns_cache_get(db, ctx, name, type_word(type), now, &row) != STATUS_OK || row == NULL)
        return false;
    *answer_r = (struct dns_answer){
        .status = str_eq(row->found, "found") ? DNS_FOUND : str_eq(row->found, "nxdomain") ? DNS_NXDOMAIN : DNS_NODATA,
        .values = (const char **)row->records.items, .count = row->records.count,
        .ttl_s = (unsigned)((row->expires_at - now) / US_PER_S),
    };
    return true;
}

static void
cache_put(void *data, const char *name, enum dns_type type, const struct dns_answer *answer)
{
    struct db *db = data;

    /* What is no text cannot be kept; it is asked again. */
    for (size_t i = 0; i < answer->count; i++)
        if (!utf8_is_valid(answer->values[i], strlen(answer->values[i])))
            return;
    if (answer->ttl_s > 0)
        q_dns_cache_put(db, name, type_word(type), dns_status_name(answer->status),
                        (struct text_array){answer->values, answer->count},
                        clock_now_us() + (int64_t)answer->ttl_s * US_PER_S, NULL);
}

static void
share_dns_answers(struct poster *poster)
{
    struct dns_cache cache = {poster->child->db, cache_get, cache_put};

    dns_use_cache(poster->dns, &cache);
}

static bool
take_work(struct poster *poster)
{
    struct child *child = poster->child;

    if (!child_may_take_work(child))
        return false;
    if (poster->tokens == NULL && token_keys_load(child->db, child->ctx, &poster->tokens) != STATUS_OK)
        return false;
    return take_message(poster);
}

/* A message may not keep a process for ever: SIGXCPU ends it, and the attempt is counted. */
static void
limit_cpu(void)
{
    struct rusage usage;
    struct rlimit limit;

    getrusage(RUSAGE_SELF, &usage);
    limit.rlim_cur = (rlim_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + CPU_SECONDS);
    limit.rlim_max = RLIM_INFINITY;
    setrlimit(RLIMIT_CPU, &limit);
}

int
post_child(struct child *child)
{
    struct poster poster = {.child = child};
    struct fault fault = {0};
    unsigned done = 0;

    if (dns_open(child->ctx, child->conf->dns_servers, child->conf->dns_timeout_ms, &poster.dns, &fault) != STATUS_OK) {
        log_event(EVENT_DNS_SETTINGS, "reason", "%s", fault.sentence);
        child_sleep(child, 5000, -1);
        return 78;
    }
    poster.i18n = i18n_open(child->ctx, i18n_dir(child->ctx, child->conf->site_data_dir));
    i18n_set_site(poster.i18n, child->conf->site_language);
    poster.cache = rule_cache_new(child->ctx);
    share_dns_answers(&poster);
    while (!child_is_stopping() && done < RECYCLE_AFTER) {
        limit_cpu();
        if (take_work(&poster))
            done++;
        else
            child_sleep(child, child->conf->worker_poll_ms, -1);
    }
    return 0;
}

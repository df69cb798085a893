/* jobs.c - the jobs role: work of the clock */
#include <string.h>
#include <time.h>

#include "archive/index.h"
#include "delivery/token.h"
#include "policy/list.h"
#include "policy/held.h"
#include "policy/moderator.h"
#include "policy/subscription.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/str.h"
#include "util/tally.h"
#include "util/when.h"
#include "worker/child.h"
#include "worker/jobs.h"

enum { SEEN_DAYS = 14, LINK_DAYS = 30, NOTICE_DAYS = 30, REQUEST_DAYS = 365, RATE_DAYS = 2, WAIT_MS = 1000, PARTITIONS = 4, PARTS_A_TURN = 50,
       DECISION_DAYS = 365, CHANGES_A_TURN = 5000, DOUBT_S = 3600 };

#define DAY_US (INT64_C(86400) * US_PER_S)

/* The first day of the month `ahead` months from now. */
static char *
month_ahead(TALLOC_CTX *ctx, int ahead)
{
    time_t now = (time_t)(clock_now_us() / US_PER_S);
    struct tm tm;
    int month;

    gmtime_r(&now, &tm);
    month = tm.tm_mon + ahead;
    return mem_printf(ctx, "%04d-%02d-01", tm.tm_year + 1900 + month / 12, month % 12 + 1);
}

static enum status
make_partitions(struct db *db)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *months[PARTITIONS];
    enum status status;

    for (int i = 0; i < PARTITIONS; i++)
        months[i] = month_ahead(ctx, i);
    status = q_outcome_partitions(db, months[0], months[1], months[2], months[3], NULL);
    talloc_free(ctx);
    return status;
}

static enum status
forget_seen(struct db *db)
{
    return q_seen_forget(db, clock_now_us() - SEEN_DAYS * DAY_US, NULL);
}

static enum status
forget_dns(struct db *db)
{
    return q_dns_cache_forget(db, clock_now_us(), NULL);
}

static enum status
forget_rates(struct db *db)
{
    return q_rate_forget(db, clock_now_us() - RATE_DAYS * DAY_US, NULL);
}

static enum status
forget_links(struct db *db)
{
    return q_mail_link_forget(db, clock_now_us() - LINK_DAYS * DAY_US, NULL);
}

static enum status
forget_notices(struct db *db)
{
    return q_notice_forget(db, clock_now_us() - NOTICE_DAYS * DAY_US, NULL);
}

static enum status
forget_batches(struct db *db)
{
    return q_member_batch_forget(db, clock_now_us(), NULL);
}

static enum status
forget_invitations(struct db *db)
{
    return q_invitation_forget(db, clock_now_us() - LINK_DAYS * DAY_US, NULL);
}

static enum status
fold_changes(struct db *db)
{
    enum status status = q_archive_change_fold(db, CHANGES_A_TURN, NULL);

    if (status == STATUS_OK)
        status = q_archive_change_fold_threads(db, CHANGES_A_TURN, NULL);
    return status == STATUS_OK ? q_archive_change_forget(db, NULL) : status;
}

static enum status
count_members(struct db *db)
{
    return q_member_tally_all(db, clock_now_us(), NULL);
}

static enum status
expire_requests(struct db *db)
{
    int64_t now = clock_now_us();
    enum status status = q_subscription_expire(db, now, NULL);

    if (status == STATUS_OK)
        status = q_subscription_forget(db, now - REQUEST_DAYS * DAY_US, NULL);
    return status == STATUS_OK ? q_budget_forget(db, now - RATE_DAYS * DAY_US, NULL) : status;
}

static enum status
release_bytes(struct db *db)
{
    return q_message_release(db, clock_now_us() - DAY_US, NULL);
}

/* Part by part, so that no transaction is long; what is left at the end of the turn waits for the next. */
static enum status
erase_lists(struct db *db)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_list_erase_due *rows;
    size_t count;
    enum status status = q_list_erase_due(db, ctx, clock_now_us(), &rows, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        bool done = false;

        for (int part = 0; part < PARTS_A_TURN && !done && status == STATUS_OK; part++)
            status = list_erase_part(db, ctx, rows[i].id, &done);
        if (done)
            log_event(EVENT_LIST_ERASED, "list", "%l", rows[i].address);
    }
    talloc_free(ctx);
    return status;
}

/* Jobs that write to people, or need the configuration, get the child's language catalogue too. */
static enum status
held_release_due(struct child *child, const struct i18n *i18n)
{
    (void)i18n;
    return held_release(child->db);
}

static enum status
held_notices(struct child *child, const struct i18n *i18n)
{
    bool more = true;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && more && !child_is_stopping())
        status = moderator_notify(child->db, child->conf, i18n, &more);
    return status;
}

static enum status
held_reminders(struct child *child, const struct i18n *i18n)
{
    return moderator_remind(child->db, child->conf, i18n);
}

static enum status
held_too_long(struct child *child, const struct i18n *i18n)
{
    return held_expire(child->db, i18n);
}

/* Who waits for owners, who joined and left. */
static enum status
tell_owners(struct child *child, const struct i18n *i18n)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct subscription_desk desk = {.db = child->db, .i18n = i18n, .conf = child->conf, .leave_token = token_leave};
    struct token_keys *keys;
    enum status status = token_keys_load(child->db, ctx, &keys);

    desk.keys = keys;
    if (status == STATUS_OK)
        status = subscription_tell_owners(&desk);
    talloc_free(ctx);
    return status;
}

/* Who has another address on all lists. */
static enum status
ask_moved(struct child *child, const struct i18n *i18n)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct subscription_desk desk = {.db = child->db, .i18n = i18n, .conf = child->conf, .leave_token = token_leave};
    struct token_keys *keys;
    bool any = true;
    enum status status = token_keys_load(child->db, ctx, &keys);

    desk.keys = keys;
    while (status == STATUS_OK && any && !child_is_stopping())
        status = subscription_moved_next(&desk, &any);
    talloc_free(ctx);
    return status;
}

static enum status
forget_moderation(struct db *db)
{
    int64_t now = clock_now_us();
    enum status status = q_moderator_forget(db, now - MODERATOR_LINK_KEPT_DAYS * DAY_US, now - MODERATOR_LINK_DAYS * DAY_US, NULL);

    return status == STATUS_OK ? q_held_decision_forget(db, now - DECISION_DAYS * DAY_US, NULL) : status;
}

struct periodic {
    const char *name;
    int every_s;
    enum status (*run)(struct db *db);                                      /* one of these two */
    enum status (*write)(struct child *child, const struct i18n *i18n);
    bool is_final;
};

#define PERIODIC(name, every_s, function, help) {#name, every_s, function, NULL, false},
#define WRITING(name, every_s, function, help) {#name, every_s, NULL, function, false},
#define PERIODIC_FINAL(name, every_s, function, help) {#name, every_s, function, NULL, true},
#define WRITING_FINAL(name, every_s, function, help) {#name, every_s, NULL, function, true},
static const struct periodic periodics[] = {
#include "worker/jobs.def"
};
#undef PERIODIC
#undef WRITING
#undef PERIODIC_FINAL
#undef WRITING_FINAL

const char *
jobs_names(TALLOC_CTX *ctx)
{
    struct str *names = str_new(ctx);

    for (size_t i = 0; i < COUNT_OF(periodics); i++)
        str_addf(names, "%s%s", i > 0 ? " " : "", periodics[i].name);
    return names->s;
}

static enum status
run_job(struct child *child, const struct periodic *job, const struct i18n *i18n)
{
    int64_t began_ms = clock_monotonic_ms();
    enum status status;

    child_busy(child, true);
    status = job->run != NULL ? job->run(child->db) : job->write(child, i18n);
    child_busy(child, false);
    if (status != STATUS_OK)
        log_event(EVENT_JOB, "name", "%s", job->name, "status", "%s", status_row(status)->name);
    else
        tally_set(METRIC_OF_JOB_SUCCESS, job->name, clock_now_us());
    tally_add(METRIC_OF_JOB_RUNS, job->name, 1);
    tally_add(METRIC_OF_JOB_FAILURES, job->name, status != STATUS_OK);
    tally_set(METRIC_OF_JOB_FAILING, job->name, status != STATUS_OK);
    tally_add(METRIC_OF_JOB_SECONDS, job->name, (clock_monotonic_ms() - began_ms) * 1000);
    return status;
}

struct clock_doubt {
    struct clock_seen seen;
    int64_t until_ms;
};

/* The clock was moved within the last hour: nobody knows yet whether it is right now. The master notices it, and keeps it for children
 * that come later; it may look half a second too late, so each looks for itself, too. */
static bool
clock_is_doubtful(struct clock_doubt *doubt)
{
    struct clock_change change = clock_look(&doubt->seen);
    int64_t since_us = doubt->seen.wall_us - tally_get(METRIC_OF_CLOCK_JUMP_AT, NULL);

    if (change.moved_s != 0)
        doubt->until_ms = doubt->seen.monotonic_ms + DOUBT_S * 1000;
    return doubt->seen.monotonic_ms < doubt->until_ms || (since_us >= 0 && since_us < DOUBT_S * US_PER_S);
}

int
jobs_child(struct child *child)
{
    int64_t due_ms[COUNT_OF(periodics)] = {0};
    struct clock_doubt doubt = {0};
    struct i18n *i18n = i18n_open(child->ctx, i18n_dir(child->ctx, child->conf->site_data_dir));

    i18n_set_site(i18n, child->conf->site_language);
    when_zone(child->conf->site_timezone);
    while (!child_is_stopping()) {
        int64_t now = clock_monotonic_ms();

        for (size_t i = 0; i < COUNT_OF(periodics) && child_ready(child); i++) {
            enum status status;

            if (due_ms[i] > now || (periodics[i].is_final && clock_is_doubtful(&doubt)))
                continue;
            status = run_job(child, &periodics[i], i18n);
            due_ms[i] = now + (status == STATUS_OK ? (int64_t)periodics[i].every_s * 1000 : 10000);
        }
        child_sleep(child, WAIT_MS, -1);
    }
    return 0;
}

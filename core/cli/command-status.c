/* command-status.c - kairan status: how the installation is, on one screen
 *
 * What runs, what waits and why, what came and went in the last hour, and what a person should look at. Unlike "kairan check" it looks
 * at work, not at how things are set up; it changes and asks nothing outside of this machine, and works while the database is away. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "cli/command.h"
#include "store/metric-rows.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/metrics.h"
#include "util/probe.h"
#include "util/tls.h"

enum { ASK_MS = 3000, REASONS = 3, WARNINGS = 4, LINE = 76, LATE_S = 900, HOUR_S = 3600, FREE_LEAST_MIB = 512, TROUBLES_MOST = 20, CLOCK_TOLD_S = 86400, FULL_TOLD_S = 300, CERTIFICATE_DAYS = 14 };

struct report {
    struct call *call;
    struct str *rows, *worker, *web;        /* metrics; empty where nobody answers. Each begins with a line break (metric_read) */
    const char *troubles[TROUBLES_MOST];
    size_t trouble_count;
};

static void __attribute__((format(printf, 2, 3)))
trouble(struct report *report, const char *format, ...)
{
    va_list args;

    if (report->trouble_count == TROUBLES_MOST)
        return;
    va_start(args, format);
    report->troubles[report->trouble_count++] = mem_check(talloc_vasprintf(report->call->ctx, format, args));
    va_end(args);
}

static int64_t
number_of(const struct str *text, enum metric metric, const char *value)
{
    int64_t number = 0;

    metric_read(text->s, metric, value, &number);
    return number;
}

static struct str *
ask(struct report *report, const char *socket_path, const char *path)
{
    struct str *text = str_new(report->call->ctx);

    str_add(text, "\n");
    str_add(text, probe_ask(report->call->ctx, socket_path, path, ASK_MS, NULL));
    return text;
}

/* --- what runs --- */

static const char *
age_words(TALLOC_CTX *ctx, int64_t age_us)
{
    int64_t s = age_us / US_PER_S;

    if (s < 120)
        return mem_printf(ctx, "%lld s", (long long)s);
    if (s < 7200)
        return mem_printf(ctx, "%lld min", (long long)(s / 60));
    return s < 172800 ? mem_printf(ctx, "%lld h", (long long)(s / 3600)) : mem_printf(ctx, "%lld days", (long long)(s / 86400));
}

/* True: it can be told what a program does. Else that is shown: nobody shall look, or nobody answers. */
static bool
program_answers(struct report *report, const char *name, const struct str *answer, const char *socket_path)
{
    if (str_is_empty(socket_path)) {
        out_text(report->call->out, name, mem_printf(report->call->ctx, "not known, as [%s] metrics_socket is empty", name));
        return false;
    }
    if (answer->len > 1)
        return true;
    out_text(report->call->out, name, "does not run");
    trouble(report, "kairan-%s does not answer on %s; start it, or see in its log why not.", name, socket_path);
    return false;
}

static void
show_worker(struct report *report, int64_t now)
{
    static const char *const roles[] = {"lmtp", "post", "send", "jobs"};
    TALLOC_CTX *ctx = report->call->ctx;
    struct str *text = str_new(ctx);
    int64_t busy = 0;

    if (!program_answers(report, "worker", report->worker, report->call->conf->worker_metrics_socket))
        return;
    str_addf(text, "runs for %s:", age_words(ctx, now - number_of(report->worker, METRIC_OF_START, "")));
    for (size_t i = 0; i < COUNT_OF(roles); i++) {
        int64_t alive = number_of(report->worker, METRIC_OF_CHILDREN, roles[i]),
                wanted = number_of(report->worker, METRIC_OF_CHILDREN_WANTED, roles[i]);

        str_addf(text, "%s %lld %s", i > 0 ? "," : "", (long long)alive, roles[i]);
        busy += number_of(report->worker, METRIC_OF_CHILDREN_BUSY, roles[i]);
        if (alive == 0 && wanted > 0)
            trouble(report, "None of the %lld processes \"%s\" is alive; look at the log.", (long long)wanted, roles[i]);
    }
    str_addf(text, "; %lld of them busy", (long long)busy);
    out_text(report->call->out, "worker", text->s);
}

static void
show_web(struct report *report, int64_t now)
{
    if (!program_answers(report, "web", report->web, report->call->conf->web_metrics_socket))
        return;
    out_text(report->call->out, "web",
             mem_printf(report->call->ctx, "runs for %s: %lld processes, %lld busy; %lld requests, %lld failed",
                        age_words(report->call->ctx, now - number_of(report->web, METRIC_OF_WEB_START, "")),
                        (long long)number_of(report->web, METRIC_OF_WEB_CHILDREN, ""),
                        (long long)number_of(report->web, METRIC_OF_WEB_CHILDREN_BUSY, ""),
                        (long long)(number_of(report->web, METRIC_OF_WEB_REQUESTS, "2xx") + number_of(report->web, METRIC_OF_WEB_REQUESTS, "3xx")
                                    + number_of(report->web, METRIC_OF_WEB_REQUESTS, "4xx") + number_of(report->web, METRIC_OF_WEB_REQUESTS, "5xx")),
                        (long long)number_of(report->web, METRIC_OF_WEB_REQUESTS, "5xx")));
}

static void
show_version(struct report *report, struct db *db)
{
    struct call *call = report->call;
    int version = 0;

    if (!db_is_connected(db)) {
        out_text(call->out, "database", "does not answer");
        trouble(report, "The database cannot be reached (%s); start PostgreSQL, or mend [database] admin in %s.", db_last_error(db),
                call->conf->path);
    } else if (db_schema_version(db, &version) != STATUS_OK || version != db_schema_known()) {
        trouble(report, "The schema has version %d, this program wants %d; run \"kairan db status\".", version, db_schema_known());
    }
    out_text(call->out, "version", mem_printf(call->ctx, "%s, schema %d", PACKAGE_VERSION, version));
}

/* --- what waits --- */

static void
show_queue(struct report *report)
{
    const struct str *rows = report->rows;
    struct out *out = report->call->out;
    TALLOC_CTX *ctx = report->call->ctx;
    int64_t oldest = number_of(rows, METRIC_OF_COPIES_OLDEST, ""), received = number_of(rows, METRIC_OF_MESSAGES, "received"),
            received_oldest = number_of(rows, METRIC_OF_MESSAGES_OLDEST, "received"), held = number_of(rows, METRIC_OF_MESSAGES, "held"),
            aside = number_of(rows, METRIC_OF_MESSAGES, "set_aside");

    out_text(out, "incoming", received == 0 ? "nothing waits" : mem_printf(ctx, "%lld messages wait, the oldest for %s", (long long)received,
                                                                           age_words(ctx, received_oldest)));
    out_text(out, "outgoing", mem_printf(ctx, "%lld copies wait, %lld being sent, %lld put off; %lld mails of our own",
                                         (long long)number_of(rows, METRIC_OF_COPIES, "waiting"),
                                         (long long)number_of(rows, METRIC_OF_COPIES, "at_work"),
                                         (long long)number_of(rows, METRIC_OF_COPIES, "put_off"),
                                         (long long)(number_of(rows, METRIC_OF_NOTICES, "waiting") + number_of(rows, METRIC_OF_NOTICES, "at_work")
                                                     + number_of(rows, METRIC_OF_NOTICES, "put_off"))));
    out_text(out, "held", held == 0 ? "nothing" : mem_printf(ctx, "%lld, the oldest for %s", (long long)held,
                                                             age_words(ctx, number_of(rows, METRIC_OF_MESSAGES_OLDEST, "held"))));
    if (received_oldest > LATE_S * US_PER_S)
        trouble(report, "Mail that came in waits for %s; \"kairan queue\" shows why.", age_words(ctx, received_oldest));
    if (oldest > LATE_S * US_PER_S)
        trouble(report, "Copies that could be sent wait for %s; \"kairan queue\" shows why.", age_words(ctx, oldest));
    if (aside > 0)
        trouble(report, "%lld messages were set aside, as they could not be processed; \"kairan held list --all\" shows them.", (long long)aside);
}

/* The answers of servers name addresses; here the reason is enough. */
static char *
reason_words(TALLOC_CTX *ctx, const char *reason)
{
    char *words = utf8_clean(ctx, reason, strlen(reason)), *out = words;
    bool in_address = false;

    for (const char *p = words; *p != '\0'; p++) {
        in_address = *p == '<' || (in_address && *p != '>');
        if (!in_address || *p == '<')
            *out++ = *p == '\n' ? ' ' : *p;
    }
    *out = '\0';
    return utf8_cut(ctx, *words != '\0' ? words : "not said", LINE - 8);
}

static enum status
show_reasons(struct report *report, struct db *db)
{
    struct row_status_reasons *reasons;
    struct out *rows;
    size_t count;
    enum status status = q_status_reasons(db, report->call->ctx, REASONS, &reasons, &count);

    if (status != STATUS_OK || count == 0)
        return status;
    rows = out_rows(report->call->out, "put_off");
    for (size_t i = 0; i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "copies", reasons[i].copies);
        out_text(row, "reason", reason_words(report->call->ctx, reasons[i].reason));
    }
    return STATUS_OK;
}

static enum status
show_hour(struct report *report, struct db *db, int64_t now)
{
    struct row_status_hour *in;
    struct row_status_sent *sent;
    enum status status = q_status_hour(db, report->call->ctx, now - HOUR_S * US_PER_S, &in);

    if (status == STATUS_OK)
        status = q_status_sent(db, report->call->ctx, now - HOUR_S * US_PER_S, &sent);
    if (status == STATUS_OK)
        out_text(report->call->out, "last_hour",
                 mem_printf(report->call->ctx, "in: %lld, %lld accepted, %lld held, %lld refused; out: %lld copies, %lld failed",
                            (long long)in->received, (long long)in->accepted, (long long)in->held, (long long)in->refused,
                            (long long)sent->handed_on, (long long)sent->failed));
    return status;
}

/* --- the house --- */

static void
show_disk(struct report *report)
{
    struct call *call = report->call;
    const struct { const char *name, *path, *setting; } places[] = {
        {"state", call->conf->worker_state_dir, "[worker] state_dir"}, {"spool", call->conf->site_spool_dir, "[site] spool_dir"}};
    struct str *text = str_new(call->ctx);

    str_addf(text, "database %lld MiB", (long long)(number_of(report->rows, METRIC_OF_DATABASE_BYTES, "") >> 20));
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct statvfs disk;
        int64_t free_mib;

        if (statvfs(places[i].path, &disk) != 0)
            continue;
        free_mib = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize >> 20;
        str_addf(text, ", %s free %lld MiB", places[i].name, (long long)free_mib);
        if (free_mib < FREE_LEAST_MIB)
            trouble(report, "Only %lld MiB are free where %s is (%s); make room.", (long long)free_mib, places[i].path, places[i].setting);
    }
    out_text(call->out, "disk", text->s);
}

/* The worker names its jobs in what it answers: "kairan_job_failing{job="NAME"} 1". */
static void
show_jobs(struct report *report)
{
    const char *head = mem_printf(report->call->ctx, "\n%s{job=\"", metric_row(METRIC_OF_JOB_FAILING)->name), *found = report->worker->s;
    int64_t backlog = number_of(report->rows, METRIC_OF_INDEX, "");

    out_text(report->call->out, "archive", mem_printf(report->call->ctx, "posts: %lld; still to be made ready for search: %lld",
                                                      (long long)number_of(report->rows, METRIC_OF_POSTS, ""), (long long)backlog));
    while ((found = strstr(found, head)) != NULL) {
        size_t len;

        found += strlen(head);
        len = strcspn(found, "\"");
        if (found[len] != '\0' && found[len + 1] == '}' && found[len + 3] == '1')
            trouble(report, "The regular work \"%.*s\" fails; the log says why.", (int)len, found);
    }
}

/* Of the pages; only root may read certbot's folder, so for others nothing is said. */
static void
show_certificate(struct report *report, int64_t now)
{
    struct call *call = report->call;
    const char *url = call->conf->site_url, *host = url + strlen("https://"), *path = call->conf->site_certificate;
    int64_t ends_us;

    if (!str_starts(url, "https://"))
        return;
    if (str_is_empty(path))
        path = mem_printf(call->ctx, "/etc/letsencrypt/live/%.*s/fullchain.pem", (int)strcspn(host, ":/"), host);
    if (!tls_certificate_end(path, &ends_us))
        return;
    out_text(call->out, "certificate", mem_printf(call->ctx, "ends at %s, in %s", clock_iso(call->ctx, ends_us),
                                                  age_words(call->ctx, ends_us - now)));
    if (ends_us < now)
        trouble(report, "The certificate %s has ended; make a new one (certbot renew), then reload nginx.", path);
    else if (ends_us - now < CERTIFICATE_DAYS * INT64_C(86400) * US_PER_S)
        trouble(report, "The certificate %s ends in %s; see why it is not renewed (certbot renew).", path,
                age_words(call->ctx, ends_us - now));
}

static void
show_clock(struct report *report)
{
    int64_t at = number_of(report->worker, METRIC_OF_CLOCK_JUMP_AT, ""), by = number_of(report->worker, METRIC_OF_CLOCK_JUMP, "");

    if (at != 0 && llabs((long long)(clock_now_us() - at)) < CLOCK_TOLD_S * US_PER_S)
        trouble(report, "The clock jumped by %lld s at %s; see that it is right (timedatectl).", (long long)(by / US_PER_S),
                clock_iso(report->call->ctx, at));
}

/* Lines of both programs in the order of time, which they begin with. */
static char **
read_warnings(struct report *report, size_t *count_r)
{
    const struct call *call = report->call;
    char **lines = str_split(call->ctx, mem_printf(call->ctx, "%s%s", ask(report, call->conf->worker_metrics_socket, "/warnings")->s + 1,
                                                   ask(report, call->conf->web_metrics_socket, "/warnings")->s + 1), '\n', 100);
    size_t count = 0;

    while (lines[count] != NULL && *lines[count] != '\0')
        count++;
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && strcmp(lines[k - 1], lines[k]) > 0; k--) {
            char *later = lines[k - 1];

            lines[k - 1] = lines[k];
            lines[k] = later;
        }
    *count_r = count;
    return lines;
}

static void
show_warnings(struct report *report)
{
    TALLOC_CTX *ctx = report->call->ctx;
    const char *recently = clock_iso(ctx, clock_now_us() - FULL_TOLD_S * US_PER_S);
    bool is_full = false;
    size_t count;
    char **lines = read_warnings(report, &count);

    for (size_t i = 0; i < count; i++) {
        const char *event = strstr(lines[i], " event=");
        bool is_time_first = event != NULL && strlen(lines[i]) > 20;

        is_full = is_full || (event != NULL && str_starts(event, " event=disk_full") && strcmp(lines[i], recently) > 0);
        if (i + WARNINGS >= count)
            out_row_text(out_rows(report->call->out, "newest_warnings"),
                         report->call->json || !is_time_first ? lines[i]
                         : utf8_cut(ctx, mem_printf(ctx, "%.20s %s", lines[i], event + strlen(" event=")), LINE));
    }
    if (is_full)
        trouble(report, "PostgreSQL's disk was full in the last %d minutes; make room there, the rest comes by itself.", FULL_TOLD_S / 60);
}

static enum status
show_database(struct report *report, struct db *db, int64_t now)
{
    enum status status = metric_rows(db, report->rows);

    if (status != STATUS_OK)
        return status;
    show_queue(report);
    status = show_reasons(report, db);
    return status == STATUS_OK ? show_hour(report, db, now) : status;
}

enum status
command_status(struct call *call)
{
    struct report report = {.call = call, .rows = str_new(call->ctx)};
    struct db *db = db_open(call->ctx, call->conf->database_admin, "kairan status");
    struct out *state;
    int64_t now = clock_now_us();

    str_add(report.rows, "\n");
    report.worker = ask(&report, call->conf->worker_metrics_socket, "/counted");
    report.web = ask(&report, call->conf->web_metrics_socket, "/counted");
    out_text(call->out, "state", "fine");
    state = call->out->first;
    show_version(&report, db);
    show_worker(&report, now);
    show_web(&report, now);
    if (db_is_connected(db) && show_database(&report, db, now) != STATUS_OK)
        trouble(&report, "The database cannot be read: %s", db_last_error(db));
    show_jobs(&report);
    show_disk(&report);
    show_certificate(&report, now);
    show_clock(&report);
    show_warnings(&report);
    if (report.trouble_count == 0)
        return STATUS_OK;
    state->text = "something has to be looked at";
    for (size_t i = 0; i < report.trouble_count; i++)
        out_row_text(out_rows(call->out, "troubles"), report.troubles[i]);
    return fault_setf(&call->fault, call->ctx, STATUS_CONFLICT, NULL, "%zu %s to be looked at.", report.trouble_count,
                      report.trouble_count == 1 ? "thing has" : "things have");
}

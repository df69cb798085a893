/* page-list.c - a list's page: what it is, its newest and most active threads, its months */
#include "policy/setting.h"
#include "util/clock.h"
#include "util/when.h"
#include "web/activity.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/page.h"
#include "web/reader.h"
#include "web/words.h"

enum { THREADS_ON_A_PAGE = 30, MOST_ACTIVE_AMONG = 200 };

static void
show_thread(struct request *request, struct out *row, const struct row_web_threads *thread)
{
    out_text(row, "hash", thread->hash);
    out_text(row, "subject", archive_words(request, thread->subject));
    out_text(row, "excerpt", archive_words(request, thread->excerpt));
    out_text(row, "authors", archive_authors(request, thread->authors, thread->addresses, thread->posts));
    out_int(row, "posts", thread->posts);
    out_time(row, "last_at", thread->last_at);
}

/* Those with the newest posts, paged by key; or of the newest two hundred those with the most posts. */
static enum status
show_threads(struct request *request)
{
    bool by_posts = archive_is_asked(request, "sort", "active");
    int64_t before = by_posts ? 0 : request_int(request, "before", 1, INT64_MAX, 0), id = request_int(request, "id", 1, INT64_MAX, 0);
    struct row_web_threads *threads;
    struct out *rows = out_rows(request->page, "threads");
    struct reader_row shown[THREADS_ON_A_PAGE];
    size_t count;
    enum status status = archive_check_thread(request, id, before);

    if (status == STATUS_OK)
        status = q_web_threads(request->web->db, request, request->list->id, before, id, THREADS_ON_A_PAGE + 1,
                               by_posts ? MOST_ACTIVE_AMONG : THREADS_ON_A_PAGE + 1, by_posts, &threads, &count);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count && i < THREADS_ON_A_PAGE; i++) {
        shown[i] = (struct reader_row){threads[i].id, out_row(rows)};
        show_thread(request, shown[i].out, &threads[i]);
    }
    out_bool(request->page, "by_posts", by_posts);
    out_bool(request->page, "is_first", before == 0);
    if (count > THREADS_ON_A_PAGE && !by_posts)
        out_text(request->page, "older", mem_printf(request, "?before=%lld&id=%lld", (long long)threads[count - 2].last_at,
                                                    (long long)threads[count - 2].id));
    return reader_show_threads(request, shown, count < THREADS_ON_A_PAGE ? count : THREADS_ON_A_PAGE);
}

/* Years, the newest first, each with its months. */
static enum status
show_months(struct request *request)
{
    struct row_web_months *months;
    struct out *years = out_rows(request->page, "years"), *year = NULL;
    size_t count;
    enum status status = q_web_months(request->web->db, request, request->list->id, &months, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row;

        if (year == NULL || months[i].year != months[i - 1].year) {
            year = out_row(years);
            out_int(year, "year", months[i].year);
        }
        row = out_row(out_rows(year, "months"));
        out_text(row, "path", mem_printf(row, "%s%04d/%02d/", request->list->path, (int)months[i].year, (int)months[i].month));
        out_text(row, "name", when_month(row, request->lang, (int)months[i].year, (int)months[i].month));
        out_int(row, "posts", months[i].posts);
    }
    return status;
}

static enum status
show_about(struct request *request)
{
    struct settings *settings;
    enum status status = settings_load(request->web->db, request, request->list->id, &settings);

    if (status != STATUS_OK)
        return status;
    body_show(out_object(request->page, "about"), request->lang, settings->info, archive_hides_addresses(request));
    out_bool(request->page, "is_announcement", !settings->allow_list_posts);
    out_bool(request->page, "has_topics", settings->topics_enabled);
    return STATUS_OK;
}

/* What the owners say here, to whom it is for. */
static enum status
show_all_words(struct request *request)
{
    enum status status = show_words(request, "list_page");

    if (status == STATUS_OK && request->standing.is_member)
        status = show_words(request, "write_page");
    if (status == STATUS_OK && !request_may(request, RIGHT_READ))
        status = show_words(request, "closed_page");
    return status;
}

/* Owners are told why nobody else reads the archive. */
static enum status
show_import(struct request *request)
{
    struct row_import_open *open;
    enum status status = q_import_open(request->web->db, request, request->list->id, &open);

    if (status == STATUS_OK && open != NULL)
        out_text(request->page, "importing",
                 request_tr(request, N_("Import under way: until it has ended, only members can read the archive.")));
    return status;
}

enum status
page_list(struct request *request, struct fault *fault)
{
    struct activity *activity;
    enum status status = show_about(request);

    (void)fault;
    if (status == STATUS_OK)
        status = show_all_words(request);
    if (status == STATUS_OK && request_may(request, RIGHT_OWN))
        status = show_import(request);
    out_bool(request->page, "is_new", request_has(request, "new") && request_may(request, RIGHT_OWN));
    if (status != STATUS_OK || !request_may(request, RIGHT_READ))
        return status;
    status = show_threads(request);
    if (status == STATUS_OK)
        status = show_months(request);
    if (status == STATUS_OK)
        status = activity_load(request->web->db, request, (struct int_array){&request->list->id, 1}, clock_now_us(), &activity);
    if (status == STATUS_OK)
        activity_show(request->page, request->lang, activity, request->list->id);
    return status;
}

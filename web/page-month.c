/* page-month.c - the posts of a month: its threads, or one after the other */
#include "util/when.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/page.h"

enum { THREADS_ON_A_PAGE = 50, POSTS_ON_A_PAGE = 100 };

struct month { int year, month; const char *first_day; int64_t after; };

static enum status
show_threads(struct request *request, const struct month *month)
{
    struct row_web_month_threads *threads;
    struct out *rows = out_rows(request->page, "threads");
    size_t count;
    enum status status = q_web_month_threads(request->web->db, request, request->list->id, month->first_day, month->after,
                                             THREADS_ON_A_PAGE + 1, &threads, &count);

    for (size_t i = 0; status == STATUS_OK && i < count && i < THREADS_ON_A_PAGE; i++) {
        struct out *row = out_row(rows);

        out_text(row, "hash", threads[i].thread_hash);
        if (!str_eq(threads[i].thread_hash, threads[i].first_hash))
            out_text(row, "at", threads[i].first_hash);
        out_text(row, "subject", archive_words(request, threads[i].subject));
        out_text(row, "excerpt", archive_words(request, threads[i].excerpt));
        out_text(row, "authors", archive_authors(request, threads[i].authors, threads[i].addresses, threads[i].posts));
        out_int(row, "posts", threads[i].posts);
        out_time(row, "last_at", threads[i].at);
    }
    if (status == STATUS_OK && count > THREADS_ON_A_PAGE)
        out_text(request->page, "more", mem_printf(request, "?after=%lld", (long long)threads[THREADS_ON_A_PAGE - 1].first));
    return status;
}

static enum status
show_posts(struct request *request, const struct month *month)
{
    struct row_web_month_posts *posts;
    struct out *rows = out_rows(request->page, "posts");
    size_t count;
    enum status status = q_web_month_posts(request->web->db, request, request->list->id, month->first_day, month->after,
                                           POSTS_ON_A_PAGE + 1, &posts, &count);

    for (size_t i = 0; status == STATUS_OK && i < count && i < POSTS_ON_A_PAGE; i++) {
        struct out *row = out_row(rows);

        out_text(row, "hash", posts[i].hash);
        out_text(row, "subject", archive_words(request, posts[i].subject));
        out_text(row, "author", author_name(row, posts[i].from_name, posts[i].from_address, archive_hides_addresses(request)));
        out_time(row, "at", posts[i].accepted_at);
    }
    if (status == STATUS_OK && count > POSTS_ON_A_PAGE)
        out_text(request->page, "more", mem_printf(request, "?view=flat&after=%lld", (long long)posts[POSTS_ON_A_PAGE - 1].id));
    return status;
}

/* "2026/11" as a link and as words. */
static void
show_month(struct request *request, const char *name, const char *where)
{
    struct out *out;
    int64_t year, month;

    if (where == NULL || !str_to_int(mem_strndup(request, where, 4), 1, 9999, &year) || !str_to_int(where + 5, 1, 12, &month))
        return;
    out = out_object(request->page, name);
    out_text(out, "path", mem_printf(out, "%s%s/", request->list->path, where));
    out_text(out, "name", when_month(out, request->lang, (int)year, (int)month));
}

static enum status
show_head(struct request *request, const struct month *month)
{
    struct row_web_month *row;
    enum status status = q_web_month(request->web->db, request, request->list->id, month->first_day, &row);

    if (status != STATUS_OK || row == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    out_text(request->page, "name", when_month(request, request->lang, month->year, month->month));
    out_int(request->page, "count", row->posts);
    show_month(request, "before", row->before);
    show_month(request, "after", row->after);
    out_bool(request->page, "is_first", month->after == 0);
    return STATUS_OK;
}

enum status
page_month(struct request *request, struct fault *fault)
{
    bool is_flat = archive_is_asked(request, "view", "flat");
    int64_t year = 0, number = 0;
    struct month month = {.after = request_int(request, "after", 1, INT64_MAX, 0)};
    enum status status;

    (void)fault;
    if (!str_to_int(request_param(request, "year"), 1970, 2100, &year) ||
        !str_to_int(request_param(request, "month"), 1, 12, &number))
        return STATUS_NOT_FOUND;
    month.year = (int)year;
    month.month = (int)number;
    month.first_day = mem_printf(request, "%04d-%02d-01", month.year, month.month);
    out_bool(request->page, "is_flat", is_flat);
    status = archive_check_post(request, month.after, month.first_day);
    if (status == STATUS_OK)
        status = show_head(request, &month);
    if (status != STATUS_OK)
        return status;
    return is_flat ? show_posts(request, &month) : show_threads(request, &month);
}

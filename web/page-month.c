/* page-month.c - the posts of a month */
#include "util/when.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/page.h"

enum { MONTH_ON_A_PAGE = 200 };

enum status
page_month(struct request *request, struct fault *fault)
{
    int64_t year = 0, month = 0, after = request_int(request, "after", 1, INT64_MAX, 0);
    struct row_web_month_posts *posts;
    struct out *rows;
    size_t count;
    enum status status;

    (void)fault;
    if (!str_to_int(request_param(request, "year"), 1970, 2100, &year) ||
        !str_to_int(request_param(request, "month"), 1, 12, &month))
        return STATUS_NOT_FOUND;
    status = q_web_month_posts(request->web->db, request, request->list->id,
                               mem_printf(request, "%04d-%02d-01", (int)year, (int)month), after, MONTH_ON_A_PAGE + 1, &posts,
                               &count);
    if (status != STATUS_OK)
        return status;
    if (count == 0)
        return STATUS_NOT_FOUND;
    out_text(request->page, "name", when_month(request, request->lang, (int)year, (int)month));
    rows = out_rows(request->page, "posts");
    for (size_t i = 0; i < count && i < MONTH_ON_A_PAGE; i++) {
        struct out *row = out_row(rows);

        out_text(row, "hash", posts[i].hash);
        out_text(row, "subject", posts[i].subject);
        out_text(row, "author", author_name(row, posts[i].from_name, posts[i].from_address, archive_hides_addresses(request)));
        out_time(row, "at", posts[i].accepted_at);
    }
    if (count > MONTH_ON_A_PAGE)
        out_text(request->page, "more", mem_printf(request, "?after=%lld", (long long)posts[MONTH_ON_A_PAGE - 1].id));
    return STATUS_OK;
}

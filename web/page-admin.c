/* page-admin.c - the operator's pages: what waits, the parts that pages are made of */
#include "policy/list-filter.h"
#include "policy/roster.h"
#include "store/statements.h"
#include "util/clock.h"
#include "web/common.h"
#include "web/page.h"

enum { LISTS_SHOWN = 50 };

/* The first of them; there is a page for finding others. */
static enum status
show_lists(struct request *request)
{
    const struct list_filter_page page = {.most = LISTS_SHOWN + 1, .counted = ROSTER_EXACT + 1};
    struct list_filter all = {0};
    struct list_found *lists;
    struct out *rows = out_rows(request->page, "lists");
    size_t count;
    enum status status = list_filter_find(request->web->db, request, &all, NULL, &page, &lists, &count);

    for (size_t i = 0; status == STATUS_OK && i < count && i < LISTS_SHOWN; i++) {
        struct out *row = out_row(rows);

        out_text(row, "address", lists[i].address);
        out_text(row, "path", mem_printf(row, "/lists/%s/", lists[i].address));
        out_text(row, "title", lists[i].title);
        out_int(row, "posts", lists[i].posts);
        show_list_counts(row, &lists[i]);
    }
    out_bool(request->page, "has_more", status == STATUS_OK && count > LISTS_SHOWN);
    return status;
}

static enum status
show_queue(struct request *request)
{
    struct row_web_queue *queue;
    struct out *rows = out_rows(request->page, "queue");
    size_t count;
    enum status status = q_web_queue(request->web->db, request, clock_now_us(), &queue, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "list", queue[i].list_name);
        out_text(row, "subject", queue[i].subject);
        out_int(row, "waiting", queue[i].waiting);
        out_int(row, "members", queue[i].members);
        out_time(row, "due_at", queue[i].due_at);
    }
    return status;
}

enum status
page_admin(struct request *request, struct fault *fault)
{
    struct row_web_counts *counts;
    enum status status = q_web_counts(request->web->db, request, clock_now_us(), &counts);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    out_int(request->page, "incoming", counts->incoming);
    out_int(request->page, "held", counts->held);
    out_int(request->page, "notices", counts->notices);
    status = show_lists(request);
    return status == STATUS_OK ? show_queue(request) : status;
}

enum status
page_style(struct request *request, struct fault *fault)
{
    (void)fault;
    out_time(request->page, "at", clock_now_us());
    return STATUS_OK;
}

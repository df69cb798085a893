/* page-admin.c - the operator's pages: what waits, the parts that pages are made of */
#include "store/statements.h"
#include "util/clock.h"
#include "web/page.h"

static enum status
show_lists(struct request *request)
{
    struct row_list_all *lists;
    struct out *rows = out_rows(request->page, "lists");
    size_t count;
    enum status status = q_list_all(request->web->db, request, NULL, &lists, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = lists[i].is_removed ? NULL : out_row(rows);

        if (row == NULL)
            continue;
        out_text(row, "address", lists[i].address);
        out_text(row, "path", mem_printf(row, "/lists/%s/", lists[i].address));
        out_text(row, "title", lists[i].display_name);
        out_int(row, "members", lists[i].members);
        out_int(row, "posts", lists[i].posts);
        out_int(row, "held", lists[i].held);
    }
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

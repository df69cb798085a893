/* page-thread.c - a thread on one page */
#include "web/archive.h"
#include "web/page.h"

enum { POSTS_ON_A_PAGE = 50 };

enum status
page_thread(struct request *request, struct fault *fault)
{
    const char *hash = request_param(request, "hash");
    int64_t after = request_int(request, "after", 1, INT64_MAX, 0);
    struct row_web_thread_of *thread;
    struct row_web_thread_posts *posts;
    struct out *rows;
    size_t count;
    enum status status;

    (void)fault;
    status = q_web_thread_of(request->web->db, request, request->list->id, hash, &thread);
    if (status != STATUS_OK || thread == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    if (!str_eq(thread->first_hash, hash)) {
        response_send_to(request->response, mem_printf(request, "%sthread/%s#%s", request->list->path, thread->first_hash, hash));
        return STATUS_OK;
    }
    status = q_web_thread_posts(request->web->db, request, thread->id, after, POSTS_ON_A_PAGE + 1, &posts, &count);
    if (status != STATUS_OK)
        return status;
    out_text(request->page, "subject", thread->subject);
    out_int(request->page, "count", thread->posts);
    out_int(request->page, "people", thread->people);
    out_time(request->page, "started_at", thread->started_at);
    out_time(request->page, "last_at", thread->last_at);
    rows = out_rows(request->page, "posts");
    for (size_t i = 0; i < count && i < POSTS_ON_A_PAGE; i++)
        archive_show_post(request, out_row(rows), &posts[i]);
    if (count > POSTS_ON_A_PAGE)
        out_text(request->page, "more", mem_printf(request, "?after=%lld", (long long)posts[POSTS_ON_A_PAGE - 1].id));
    return STATUS_OK;
}

/* page-export.c - all that is known about oneself, as files: asked for here, made by the worker, sent by the web server */
#include "store/statements.h"
#include "util/clock.h"
#include "web/common.h"
#include "web/limit.h"
#include "web/page.h"

enum { KEPT_DAYS = 7, DAY_S = 86400 };

static enum status
find_exports(struct request *request, struct row_exports_of **rows_r, size_t *count_r)
{
    return q_exports_of(request->web->db, request, request->me.user_id, clock_now_us() - (int64_t)KEPT_DAYS * DAY_S * US_PER_S, rows_r,
                        count_r);
}

enum status
page_data(struct request *request, struct fault *fault)
{
    struct row_exports_of *found;
    struct out *rows = out_rows(request->page, "exports");
    bool waits = false;
    size_t count;
    enum status status = find_exports(request, &found, &count);

    (void)fault;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", found[i].id);
        out_bool(row, "is_done", str_eq(found[i].state, "done"));
        out_bool(row, "waits", str_eq(found[i].state, "waiting"));
        out_time(row, "at", found[i].ended_at != 0 ? found[i].ended_at : found[i].created_at);
        waits |= str_eq(found[i].state, "waiting");
    }
    out_bool(request->page, "waits", waits);
    return status;
}

enum status
page_export_ask(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    int64_t added = 0;
    enum status status = limit_take(request, "export", mem_printf(request, "%lld", (long long)request->me.user_id), 5, DAY_S);

    (void)fault;
    if (status == STATUS_OK)
        status = db_begin(request->web->db);
    if (status == STATUS_OK)
        status = q_export_ask(request->web->db, request->me.user_id, actor.words, clock_now_us(), &added);
    status = own_commit(request, status, added, "export", 0);
    if (status == STATUS_OK)
        response_send_to(request->response, "/me/data");
    return status;
}

/* Looked at anew for every request: only the account itself gets its files. */
enum status
page_export(struct request *request, struct fault *fault)
{
    static const struct { const char *name, *ending, *type; } files[] = {
        {"data.json", "json", "application/json"}, {"posts.mbox", "mbox", "application/mbox"}};
    struct row_exports_of *found;
    int64_t id = 0;
    size_t count;
    enum status status = find_exports(request, &found, &count);

    (void)fault;
    str_to_int(request_param(request, "id"), 1, INT64_MAX, &id);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        for (size_t n = 0; n < COUNT_OF(files); n++)
            if (found[i].id == id && str_eq(found[i].state, "done") && str_eq(files[n].name, request_param(request, "name"))) {
                request->response->content_type = files[n].type;
                response_field(request->response, "Content-Disposition", mem_printf(request, "attachment; filename=\"%s\"", files[n].name));
                response_field(request->response, "X-Accel-Redirect", mem_printf(request, "/spool/%s.%s", found[i].result, files[n].ending));
                return STATUS_OK;
            }
    return status == STATUS_OK ? STATUS_NOT_FOUND : status;
}

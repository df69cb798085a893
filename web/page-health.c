/* page-health.c - "can pages be answered here?", for the load balancer in front
 *
 * It is asked every few seconds, by a program that knows no host name, session or language: so it is answered before all of these
 * (web/serve.c), says one word, and changes and keeps nothing. What is wrong is for the operator: kairan status. */
#include "store/statements.h"
#include "web/page.h"

enum status
page_health(struct request *request, struct fault *fault)
{
    struct db *db = request->web->db;
    struct row_health *row = NULL;
    enum status status = db_begin(db);

    (void)fault;
    if (status == STATUS_OK)
        status = q_health_bound(db, NULL);
    if (status == STATUS_OK)
        status = q_health(db, request, &row);
    db_rollback(db);
    request->response->content_type = "text/plain; charset=utf-8";
    if (status == STATUS_OK && row != NULL && row->fine) {
        str_add(request->response->body, "ok\n");
        return STATUS_OK;
    }
    request->response->http = 503;
    response_field(request->response, "Retry-After", "5");
    str_add(request->response->body, "not now\n");
    return STATUS_OK;
}

/* page-me.c - what belongs to the person who is signed in: memberships, addresses, sessions */
#include "store/statements.h"
#include "util/clock.h"
#include "web/common.h"
#include "web/page.h"
#include "web/session.h"

static enum status
show_memberships(struct request *request)
{
    struct row_web_memberships *found;
    struct out *rows = out_rows(request->page, "memberships");
    size_t count;
    enum status status = q_web_memberships(request->web->db, request, request->me.user_id, clock_now_us(), &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "path", mem_printf(row, "/lists/%s/", found[i].slug));
        out_text(row, "title", found[i].title);
        out_text(row, "list", mem_printf(row, "%s@%s", found[i].list_name, found[i].domain));
        out_text(row, "role", found[i].role);
        out_text(row, "email", found[i].email);
        out_bool(row, "is_member", str_eq(found[i].role, "member"));
        out_bool(row, "is_delivered", str_eq(found[i].delivery_status, "enabled"));
        out_time(row, "joined_at", found[i].joined_at);
    }
    return status;
}

static enum status
show_addresses(struct request *request)
{
    struct row_web_addresses *found;
    struct out *rows = out_rows(request->page, "addresses");
    size_t count;
    enum status status = q_web_addresses(request->web->db, request, request->me.user_id, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        out_text(out_row(rows), "email", found[i].email);
    return status;
}

static enum status
show_sessions(struct request *request)
{
    struct row_web_sessions_of *found;
    struct out *rows = out_rows(request->page, "sessions");
    size_t count;
    enum status status = q_web_sessions_of(request->web->db, request, request->me.user_id, clock_now_us(), &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "agent", found[i].agent);
        out_bool(row, "is_this", found[i].id == request->me.session_id);
        out_bool(row, "is_lasting", found[i].is_lasting);
        out_time(row, "created_at", found[i].created_at);
        out_time(row, "last_seen", found[i].last_seen);
    }
    return status;
}

enum status
page_me(struct request *request, struct fault *fault)
{
    enum status status = show_memberships(request);

    (void)fault;
    if (status == STATUS_OK)
        status = show_addresses(request);
    return status == STATUS_OK ? show_sessions(request) : status;
}

enum status
page_sessions_end(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    enum status status = db_begin(request->web->db);

    (void)fault;
    if (status == STATUS_OK)
        status = q_web_session_remove_all(request->web->db, request->me.user_id, NULL);
    if (status == STATUS_OK)
        status = audit_add(request->web->db, &actor, "sessions_end", 0, actor.words, "");
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    request->me.session_id = 0;
    if (status == STATUS_OK)
        status = session_end(request);
    response_send_to(request->response, "/");
    return status;
}

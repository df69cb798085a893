/* page-users.c - the accounts of the site, for its administrators */
#include "policy/account.h"
#include "policy/roster.h"
#include "store/statements.h"
#include "util/clock.h"
#include "web/common.h"
#include "web/page.h"
#include "web/preferences.h"

enum { ROWS = 50, MEMBERSHIPS = 500 };

static void
show_user_count(struct request *request, const struct row_user_count *all)
{
    bool is_about = all->users > ROSTER_EXACT;
    int64_t about = roster_round(all->about);

    out_int(request->page, "all", is_about ? about : all->users);
    out_bool(request->page, "is_about", is_about && about > ROSTER_EXACT);
    out_bool(request->page, "is_many", is_about && about <= ROSTER_EXACT);
}

enum status
page_users(struct request *request, struct fault *fault)
{
    struct row_users_find *found;
    struct row_user_count *all;
    struct out *rows = out_rows(request->page, "users");
    const char *text = request_text(request, "q");
    size_t count;
    enum status status = q_users_find(request->web->db, request, text, request_int(request, "after", 1, INT64_MAX, 0), ROWS + 1,
                                      &found, &count);

    (void)fault;
    if (status == STATUS_OK)
        status = q_user_count(request->web->db, request, &all);
    if (status != STATUS_OK)
        return status;
    show_user_count(request, all);
    out_text(request->page, "q", text);
    for (size_t i = 0; i < count && i < ROWS; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", found[i].id);
        out_text(row, "name", found[i].name);
        out_text(row, "email", found[i].email);
        out_int(row, "addresses", found[i].addresses);
        out_int(row, "memberships", found[i].memberships);
        out_bool(row, "is_admin", found[i].is_admin);
        out_time(row, "last_seen", found[i].last_seen);
    }
    if (count > ROWS)
        out_text(request->page, "next", mem_printf(request, "/admin/users?q=%s&after=%lld", url_escape(request, text),
                                                   (long long)found[ROWS - 1].id));
    out_bool(request->page, "is_first", !request_has(request, "after"));
    return STATUS_OK;
}

/* ---- one of them ---- */

static enum status
find_user(struct request *request, struct row_user_get **user_r)
{
    int64_t id = 0;
    enum status status;

    str_to_int(request_param(request, "id"), 1, INT64_MAX, &id);
    status = q_user_get(request->web->db, request, id, user_r);
    if (status != STATUS_OK || *user_r == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    out_int(request->page, "id", id);
    out_text(request->page, "name", (*user_r)->name);
    out_text(request->page, "email", (*user_r)->email);
    out_bool(request->page, "is_admin", (*user_r)->is_admin);
    out_bool(request->page, "has_password", (*user_r)->has_password);
    out_text(request->page, "log_path", mem_printf(request, "/admin/log?who=%s", url_escape(request, (*user_r)->email)));
    out_time(request->page, "created_at", (*user_r)->created_at);
    return STATUS_OK;
}

static enum status
show_addresses(struct request *request, int64_t user_id)
{
    struct row_user_addresses *found;
    struct out *rows = out_rows(request->page, "addresses");
    size_t count;
    enum status status = q_user_addresses(request->web->db, request, user_id, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "email", found[i].email);
        out_bool(row, "is_preferred", found[i].is_preferred && count > 1);
        out_time(row, "verified_at", found[i].verified_at);
    }
    return status;
}

static enum status
show_memberships(struct request *request, int64_t user_id)
{
    struct row_me_memberships *found;
    struct out *rows = out_rows(request->page, "memberships");
    size_t count;
    enum status status = q_me_memberships(request->web->db, request, user_id, NULL, 0, clock_now_us(), MEMBERSHIPS, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "path", mem_printf(row, "/lists/%s/", found[i].slug));
        out_text(row, "title", found[i].title);
        out_text(row, "role", found[i].role);
        out_text(row, "email", found[i].email);
        out_bool(row, "comes", str_eq(found[i].status, "enabled") || !str_eq(found[i].role, "member"));
        out_text(row, "state", tr(request->lang, preference_status_label(found[i].status)));
    }
    return status;
}

static enum status
show_sessions(struct request *request, int64_t user_id)
{
    struct row_web_sessions_of *found;
    struct out *rows = out_rows(request->page, "sessions");
    size_t count;
    enum status status = q_web_sessions_of(request->web->db, request, user_id, clock_now_us(), &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "agent", found[i].agent);
        out_time(row, "last_seen", found[i].last_seen);
    }
    return status;
}

static enum status
show_user(struct request *request, int64_t user_id)
{
    enum status status = show_addresses(request, user_id);

    if (status == STATUS_OK)
        status = show_memberships(request, user_id);
    return status == STATUS_OK ? show_sessions(request, user_id) : status;
}

enum status
page_user(struct request *request, struct fault *fault)
{
    struct row_user_get *user;
    enum status status = find_user(request, &user);

    (void)fault;
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return status == STATUS_OK ? show_user(request, user->id) : status;
}

static void
back_to(struct request *request, int64_t user_id)
{
    response_send_to(request->response, mem_printf(request, "/admin/users/%lld?saved=1", (long long)user_id));
}

enum status
page_user_admin(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct row_user_get *user;
    enum status status = find_user(request, &user);

    if (status == STATUS_OK)
        status = account_set_admin(request->web->db, &actor, request, user->id, str_eq(request_text(request, "is"), "1"), fault);
    if (status == STATUS_OK)
        back_to(request, user->id);
    if (status != STATUS_CONFLICT)
        return status;
    status = show_user(request, user->id);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

enum status
page_user_sessions_end(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct row_user_get *user;
    enum status status = find_user(request, &user);

    (void)fault;
    if (status == STATUS_OK)
        status = db_begin(request->web->db);
    if (status == STATUS_OK)
        status = q_web_session_remove_all(request->web->db, user->id, NULL);
    if (status == STATUS_OK)
        status = audit_add(request->web->db, &actor, "sessions_end", 0, user->email, "");
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK)
        back_to(request, user->id);
    return status;
}

enum status
page_user_delete(struct request *request, struct fault *fault)
{
    struct row_user_get *user;
    enum status status = find_user(request, &user);

    (void)fault;
    return status == STATUS_OK ? show_memberships(request, user->id) : status;
}

enum status
page_user_delete_act(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct row_user_get *user;
    enum status status = find_user(request, &user);

    if (status == STATUS_OK)
        status = account_delete(request->web->db, &actor, request, user->id, false, fault);
    if (status == STATUS_OK)
        response_send_to(request->response, "/admin/users");
    if (status != STATUS_CONFLICT)
        return status;
    status = show_memberships(request, user->id);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

/* page-sign-in.c - where one is signed in, and the password for those who want one
 *
 * With a password or without, the answer and its time are the same for an address that is unknown, has none, or another one. */
#include "policy/account.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "web/common.h"
#include "web/limit.h"
#include "web/page.h"
#include "web/people.h"
#include "web/session.h"

enum { HOUR_S = 3600 };

/* A hash that nothing fits, of the same cost as all others. */
static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$Y4KzzIgUErd7/K7tAmABwA$ZYrOdHAbTUfHa4yrooSzxVycaOs6/kimq/l99N+xW+w";

static enum status
show_sessions(struct request *request)
{
    struct row_web_sessions_of *found;
    struct out *rows = out_rows(request->page, "sessions");
    size_t count;
    enum status status = q_web_sessions_of(request->web->db, request, request->me.user_id, clock_now_us(), &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", found[i].id);
        out_text(row, "agent", found[i].agent);
        out_bool(row, "is_this", found[i].id == request->me.session_id);
        out_time(row, "last_seen", found[i].last_seen);
    }
    return status;
}

static enum status
show_all(struct request *request)
{
    struct row_account_password_of *password;
    enum status status = q_account_password_of(request->web->db, request, request->me.user_id, &password);

    if (status != STATUS_OK)
        return status;
    out_bool(request->page, "has_password", password != NULL);
    return show_sessions(request);
}

enum status
page_sign_in(struct request *request, struct fault *fault)
{
    (void)fault;
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return show_all(request);
}

/* ---- sessions ---- */

enum status
page_session_end(struct request *request, struct fault *fault)
{
    (void)fault;
    return own_end(request, q_session_end, "session_end", "/me/sign-in?saved=1");
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

/* ---- the password ---- */

/* Where there is a password, whoever changes it has to know it: a browser left open is not enough. */
static enum status
check_current(struct request *request, bool *known_r, struct fault *fault)
{
    struct row_account_password_of *row;
    enum status status = limit_take(request, "password-current", mem_printf(request, "%lld", (long long)request->me.user_id), 10, HOUR_S);

    if (status == STATUS_OK)
        status = q_account_password_of(request->web->db, request, request->me.user_id, &row);
    if (status != STATUS_OK)
        return status;
    *known_r = row == NULL || password_verify(row->hash, request_text(request, "current"));
    if (!*known_r)
        fault_set(fault, STATUS_INVALID, "current", N_("This is not your present password. If you forgot it, remove it with a code sent by mail."));
    return STATUS_OK;
}

static enum status
refuse(struct request *request, const struct fault *fault)
{
    enum status status;

    if (db_in_transaction(request->web->db))
        db_rollback(request->web->db);
    status = show_all(request);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

/* Ends the other sessions, tells the owner of the account, and goes back to the page. */
static enum status
finish(struct request *request, enum notice_kind kind)
{
    enum status status = q_sessions_end_others(request->web->db, request->me.user_id, request->me.session_id, NULL);

    if (status == STATUS_OK)
        status = mail_send(request, kind, request->me.email, (const char *const[NOTICE_ARGS]){
            request->web->conf->site_name, mem_printf(request, "%s/me/sign-in", request_site_url(request, request))});
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK)
        response_send_to(request->response, "/me/sign-in?saved=1");
    return status;
}

enum status
page_password_set(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    bool known;
    enum status status = check_current(request, &known, fault);

    if (status != STATUS_OK)
        return status;
    if (!known)
        return refuse(request, fault);
    status = db_begin(request->web->db);
    if (status == STATUS_OK)
        status = account_set_password(request->web->db, &actor, request, request->me.user_id, request_text(request, "password"), fault);
    if (status == STATUS_INVALID)
        return refuse(request, fault);
    return status == STATUS_OK ? finish(request, NOTICE_password_set) : status;
}

/* Without the password itself, by a code from a mail: for those who forgot it. */
enum status
page_password_code(struct request *request, struct fault *fault)
{
    (void)fault;
    return people_code_send(request, "password", "/me/password/remove");
}

enum status
page_password_remove(struct request *request, struct fault *fault)
{
    (void)fault;
    out_int(request->page, "id", request_int(request, "id", 1, INT64_MAX, 0));
    return STATUS_OK;
}

enum status
page_password_remove_act(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    bool fits = false;
    enum status status = page_password_remove(request, fault);

    if (request_has(request, "code"))
        status = people_code_fits(request, request_int(request, "id", 1, INT64_MAX, 0), "password", request_text(request, "code"),
                                  &fits, fault);
    else
        status = check_current(request, &fits, fault);
    if (status != STATUS_OK)
        return status;
    if (!fits)
        return form_refuse(request, fault);
    status = db_begin(request->web->db);
    if (status == STATUS_OK)
        status = q_people_links_void(request->web->db, request->me.user_id, "password", clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = q_account_password_drop(request->web->db, request->me.user_id, NULL);
    if (status == STATUS_OK)
        status = audit_add(request->web->db, &actor, "password_remove", 0, actor.words, "");
    return status == STATUS_OK ? finish(request, NOTICE_password_removed) : status;
}

/* ---- signing in with it ---- */

enum status
page_login_password(struct request *request, struct fault *fault)
{
    (void)fault;
    out_text(request->page, "return", request_text(request, "return"));
    return STATUS_OK;
}

static enum status
take_limits(struct request *request, const char *key)
{
    enum status status = limit_take(request, "password", key, 10, HOUR_S);

    if (status == STATUS_OK)
        status = limit_take(request, "password-net", limit_net(request), 30, HOUR_S);
    return status == STATUS_OK ? limit_take(request, "password-site", NULL, 1000, HOUR_S) : status;
}

static enum status
sign_in(struct request *request, const struct row_account_password *row)
{
    const char *return_to = request_text(request, "return");
    struct actor actor = {.words = row->email, .user_id = row->user_id};
    enum status status = db_begin(request->web->db);

    if (status == STATUS_OK)
        status = session_begin(request, row->user_id, request_has(request, "own"));
    if (status == STATUS_OK)
        status = audit_add(request->web->db, &actor, "sign_in", 0, row->email, "password");
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK)
        response_send_to(request->response, path_is_here(return_to) ? return_to : "/me/");
    return status;
}

enum status
page_login_password_try(struct request *request, struct fault *fault)
{
    const char *email, *key;
    struct row_account_password *row = NULL;
    bool fits;
    enum status status;

    page_login_password(request, fault);
    out_text(request->page, "email", request_text(request, "email"));
    if (!form_address(request, "email", &email, &key)) {
        fault_set(fault, STATUS_INVALID, "email", N_("This does not look like a mail address. It should be like hana@example.jp."));
        return form_refuse(request, fault);
    }
    status = take_limits(request, key);
    if (status == STATUS_OK)
        status = q_account_password(request->web->db, request, key, &row);
    if (status != STATUS_OK)
        return status;
    fits = password_verify(row != NULL ? row->hash : nobody, request_text(request, "password"));
    if (row != NULL && fits)
        return sign_in(request, row);
    fault_set(fault, STATUS_INVALID, "password", N_("Address and password do not fit together. You can always have a link sent to you instead."));
    return form_refuse(request, fault);
}

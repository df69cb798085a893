/* page-login.c - proving an address is signing in: ask, mail, link or code, and out again
 *
 * The answer to asking is the same whoever asks for whichever address; only the mail differs. */
#include <string.h>

#include "policy/account.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/log.h"
#include "web/common.h"
#include "web/limit.h"
#include "web/page.h"
#include "web/session.h"
#include "web/words.h"

enum { LINK_S = 15 * 60, HOUR_S = 3600 };

/* ---- asking ---- */

static void
show_login(struct request *request)
{
    const char *return_to = request_text(request, "return");

    out_text(request->page, "return", return_to);
    out_text(request->page, "password_path", *return_to == '\0' ? "/login/password" : mem_printf(request, "/login/password?return=%s",
             url_escape(request, return_to)));
    show_site_words(request, request->page, "sign_in_page");
}

enum status
page_login(struct request *request, struct fault *fault)
{
    (void)fault;
    show_login(request);
    return STATUS_OK;
}

static enum status
mail_login(struct request *request, const char *email, int64_t *id_r)
{
    struct mail_link_order order = {.purpose = "login", .email = email, .lifetime_s = LINK_S,
                                    .return_to = path_is_here(request_text(request, "return")) ? request_text(request, "return") : NULL};
    const char *token, *code;
    enum status status = db_begin(request->web->db);

    if (status == STATUS_OK)
        status = link_make(request, &order, &token, &code, id_r);
    if (status != STATUS_OK)
        return status;
    status = mail_send(request, NOTICE_login, email, (const char *const[NOTICE_ARGS]){
        request->web->conf->site_name, mem_printf(request, "%s/login/%s", request_site_url(request, request), token), code});
    return status == STATUS_OK ? db_commit(request->web->db) : status;
}

enum status
page_login_send(struct request *request, struct fault *fault)
{
    const char *email, *key;
    enum status status;
    int64_t id = 0;

    show_login(request);
    out_text(request->page, "email", request_text(request, "email"));
    if (!form_address(request, "email", &email, &key)) {
        fault_set(fault, STATUS_INVALID, "email", N_("This does not look like a mail address. It should be like hana@example.jp."));
        return form_refuse(request, fault);
    }
    status = limit_take(request, "login", key, 10, HOUR_S);
    if (status == STATUS_OK)
        status = limit_take(request, "login-net", limit_net(request), 30, HOUR_S);
    if (status == STATUS_OK)
        status = limit_take(request, "login-site", NULL, 1000, HOUR_S);
    if (status == STATUS_OK)
        status = mail_login(request, email, &id);
    if (status != STATUS_OK)
        return status;
    response_send_to(request->response, mem_printf(request, "/login/code?id=%lld", (long long)id));
    return STATUS_OK;
}

/* ---- the proof ---- */

static enum status
sign_in(struct request *request, const char *email, const char *return_to, bool is_own_device)
{
    struct actor actor = {.words = email};
    enum status status = account_of_proved(request->web->db, &actor, request, email, &actor.user_id);

    if (status == STATUS_OK)
        status = session_begin(request, actor.user_id, is_own_device);
    if (status == STATUS_OK)
        status = audit_add(request->web->db, &actor, "sign_in", 0, email, is_own_device ? "own device" : "");
    if (status == STATUS_OK)
        response_send_to(request->response, return_to != NULL ? return_to : "/me/");
    return status;
}

/* Uses the link up and signs in, together or not at all. */
static enum status
use_link(struct request *request, int64_t id)
{
    struct row_web_link_use *link;
    enum status status = db_begin(request->web->db);

    if (status == STATUS_OK)
        status = q_web_link_use(request->web->db, request, id, clock_now_us(), &link);
    if (status == STATUS_OK && (link == NULL || !str_eq(link->purpose, "login")))
        status = STATUS_GONE;
    if (status == STATUS_OK)
        status = sign_in(request, link->email, link->return_to, request_has(request, "own"));
    return status == STATUS_OK ? db_commit(request->web->db) : status;
}

enum status
page_login_code(struct request *request, struct fault *fault)
{
    (void)fault;
    out_int(request->page, "id", request_int(request, "id", 1, INT64_MAX, 0));
    out_int(request->page, "minutes", LINK_S / 60);
    return STATUS_OK;
}

static bool
code_fits(struct request *request, int64_t id, const char *typed, struct blob wanted)
{
    struct str *digits = str_new(request);
    struct blob hash;

    for (const char *s = typed; *s != '\0'; s++)
        if (*s != ' ' && *s != '-')
            str_addc(digits, *s);
    hash = secret_hash(request, mem_printf(request, "%lld:%s", (long long)id, digits->s));
    return wanted.len == hash.len && secret_equal(hash.data, wanted.data, hash.len);
}

enum status
page_login_code_try(struct request *request, struct fault *fault)
{
    int64_t id = request_int(request, "id", 1, INT64_MAX, 0);
    struct row_web_link_try_code *row;
    enum status status;

    page_login_code(request, fault);
    status = limit_take(request, "code-net", limit_net(request), 60, HOUR_S);
    if (status == STATUS_OK)
        status = q_web_link_try_code(request->web->db, request, id, clock_now_us(), &row);
    if (status != STATUS_OK)
        return status;
    if (row != NULL && str_eq(row->purpose, "login") && code_fits(request, id, request_text(request, "code"), row->code_hash))
        return use_link(request, id);
    fault_set(fault, STATUS_INVALID, "code", row != NULL ? N_("This is not the code of the newest mail. Please look again.")
              : N_("This code can no longer be used. Please ask for a new mail, or use the link in it."));
    return form_refuse(request, fault);
}

/* The link that a token names, whatever became of it. */
static enum status
find_link(struct request *request, struct row_web_link **link_r)
{
    enum status status = q_web_link(request->web->db, request,
                                    secret_hash(request, str_lower(request, request_param(request, "token"))), link_r);

    if (status == STATUS_OK && (*link_r == NULL || !str_eq((*link_r)->purpose, "login")))
        return STATUS_NOT_FOUND;
    return status;
}

static void
show_link(struct request *request, const struct row_web_link *link)
{
    out_text(request->page, "token", request_param(request, "token"));
    out_text(request->page, "email", link->email);
    out_text(request->page, "return", link->return_to);
    out_bool(request->page, "is_used", link->used_at != 0);
    out_bool(request->page, "is_over", link->used_at != 0 || link->expires_at < clock_now_us());
    if (link->used_at != 0 || link->expires_at < clock_now_us())
        request->response->http = 410;
}

enum status
page_login_link(struct request *request, struct fault *fault)
{
    struct row_web_link *link;
    enum status status = find_link(request, &link);

    (void)fault;
    if (status == STATUS_OK)
        show_link(request, link);
    return status;
}

enum status
page_login_use(struct request *request, struct fault *fault)
{
    struct row_web_link *link;
    enum status status = find_link(request, &link);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    status = use_link(request, link->id);
    if (status != STATUS_GONE)
        return status;
    db_rollback(request->web->db);
    status = find_link(request, &link);     /* somebody may have used it since it was read */
    if (status == STATUS_OK)
        show_link(request, link);
    return status;
}

enum status
page_logout(struct request *request, struct fault *fault)
{
    (void)fault;
    response_send_to(request->response, "/");
    return session_end(request);
}

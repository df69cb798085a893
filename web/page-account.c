/* page-account.c - ending it: all memberships at once, or the account as a whole
 *
 * Deleting asks once and wants a proof that is newer than the session: the password, or a code from a mail. */
#include "mime/address.h"
#include "policy/account.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "web/common.h"
#include "web/limit.h"
#include "web/page.h"
#include "web/people.h"
#include "web/session.h"
#include "web/subscribe.h"

enum { MEMBERSHIPS = 500, HOUR_S = 3600 };

static enum status
find_memberships(struct request *request, struct row_me_memberships **rows_r, size_t *count_r)
{
    return q_me_memberships(request->web->db, request, request->me.user_id, NULL, 0, clock_now_us(), MEMBERSHIPS, rows_r, count_r);
}

static enum status
show_memberships(struct request *request, bool members_only)
{
    struct row_me_memberships *found;
    struct out *rows = out_rows(request->page, "memberships");
    size_t count;
    enum status status = find_memberships(request, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row;

        if (members_only && !str_eq(found[i].role, "member"))
            continue;
        row = out_row(rows);
        out_text(row, "title", found[i].title);
        out_text(row, "role", found[i].role);
        out_text(row, "email", found[i].email);
    }
    return status;
}

/* ---- leaving all lists ---- */

enum status
page_leave_all(struct request *request, struct fault *fault)
{
    (void)fault;
    return show_memberships(request, true);
}

/* By each list's own policy: where owners have to agree, delivery stops and they are asked. */
static enum status
leave_one(struct request *request, const struct subscription_desk *desk, const struct row_me_memberships *row, struct out *rows)
{
    struct actor actor = request_actor(request);
    struct subscription_ask ask = {.email = row->email, .key = address_key_of(request, row->email), .lang = request->lang,
                                   .actor = &actor, .is_proved = true};
    enum subscription_result result;
    struct list *list;
    struct out *out;
    enum status status = list_by_id(request->web->db, request, row->list_id, &list);

    if (status == STATUS_OK)
        status = subscription_leave(desk, request, list, &ask, &result);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (status != STATUS_OK)
        return status;
    out = out_row(rows);
    out_text(out, "title", row->title);
    out_text(out, "email", row->email);
    out_bool(out, "waits", result == SUBSCRIPTION_WAITS);
    return STATUS_OK;
}

enum status
page_leave_all_act(struct request *request, struct fault *fault)
{
    struct out *rows = out_rows(request->page, "left");
    struct row_me_memberships *found;
    struct subscription_desk *desk;
    size_t count;
    enum status status;

    if (!request_has(request, "sure"))
        return page_leave_all(request, fault);
    status = subscribe_desk(request, &desk);
    if (status == STATUS_OK)
        status = find_memberships(request, &found, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (str_eq(found[i].role, "member"))
            status = leave_one(request, desk, &found[i], rows);
    out_bool(request->page, "is_done", true);
    return status;
}

/* ---- deleting the account ---- */

static enum status
show_delete(struct request *request)
{
    struct row_account_password_of *password;
    enum status status = q_account_password_of(request->web->db, request, request->me.user_id, &password);

    if (status != STATUS_OK)
        return status;
    out_bool(request->page, "has_password", password != NULL);
    out_text(request->page, "email", request->me.email);
    out_int(request->page, "id", request_int(request, "id", 1, INT64_MAX, 0));
    return show_memberships(request, false);
}

enum status
page_account_delete(struct request *request, struct fault *fault)
{
    (void)fault;
    return show_delete(request);
}

enum status
page_account_delete_code(struct request *request, struct fault *fault)
{
    (void)fault;
    return people_code_send(request, "delete", "/me/delete");
}

/* A code from the mail, or the password. */
static enum status
check_proof(struct request *request, bool *fits_r, struct fault *fault)
{
    struct row_account_password_of *row;
    enum status status = limit_take(request, "delete", mem_printf(request, "%lld", (long long)request->me.user_id), 10, HOUR_S);

    *fits_r = false;
    if (status != STATUS_OK)
        return status;
    if (request_has(request, "code"))
        return people_code_fits(request, request_int(request, "id", 1, INT64_MAX, 0), "delete", request_text(request, "code"), fits_r, fault);
    status = q_account_password_of(request->web->db, request, request->me.user_id, &row);
    *fits_r = status == STATUS_OK && row != NULL && password_verify(row->hash, request_text(request, "password"));
    fault_set(fault, STATUS_INVALID, "password", N_("This is not your password. You can have a code sent to you instead."));
    return status;
}

enum status
page_account_delete_act(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    bool fits;
    enum status status = check_proof(request, &fits, fault);

    if (status == STATUS_OK && fits)
        status = account_delete(request->web->db, &actor, request, request->me.user_id, false, fault);
    if (status != STATUS_OK && status != STATUS_CONFLICT)
        return status;
    if (status == STATUS_OK && fits) {
        request->me.session_id = 0;     /* it went with the account */
        status = session_end(request);
        request->standing.is_signed_in = request->standing.is_admin = false;
        out_bool(request->page, "is_done", true);
        return status;
    }
    status = show_delete(request);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

/* page-addresses.c - the addresses of an account: added by proof, preferred, given up
 *
 * The link in the mail works only for the account that asked, signed in: whoever follows a link in a mail that they did not ask
 * for gives nothing away. The code is for the page that asked. */
#include "policy/account.h"
#include "store/statements.h"
#include "util/clock.h"
#include "web/address-move.h"
#include "web/common.h"
#include "web/limit.h"
#include "web/page.h"
#include "web/people.h"
#include "web/preferences.h"

enum { LINK_S = 3 * 86400, HOUR_S = 3600, DAY_S = 86400 };

static const char no_address[] = N_("This does not look like a mail address. It should be like hana@example.jp.");

static enum status
show_addresses(struct request *request)
{
    struct row_user_addresses *found;
    struct out *rows = out_rows(request->page, "addresses");
    size_t count;
    enum status status = q_user_addresses(request->web->db, request, request->me.user_id, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", found[i].id);
        out_text(row, "email", found[i].email);
        out_int(row, "memberships", found[i].memberships);
        out_bool(row, "is_preferred", found[i].is_preferred);
    }
    out_bool(request->page, "has_several", count > 1);
    return status;
}

enum status
page_addresses(struct request *request, struct fault *fault)
{
    (void)fault;
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return show_addresses(request);
}

/* ---- one more ---- */

/* A proof with `from` also moves the memberships of that address of theirs. */
static enum status
mail_proof(struct request *request, const char *email, int64_t from, int64_t *id_r)
{
    struct people_link_order order = {.purpose = "address", .email = email, .lifetime_s = LINK_S,
                                      .detail = from != 0 ? mem_printf(request, "%lld", (long long)from) : NULL};
    const char *token, *code;
    enum status status = db_begin(request->web->db);

    if (status == STATUS_OK)
        status = people_link_make(request, &order, &token, &code, id_r);
    if (status == STATUS_OK)
        status = mail_send(request, NOTICE_address, email, (const char *const[NOTICE_ARGS]){
            request->web->conf->site_name, request->me.email,
            mem_printf(request, "%s/me/address/%s", request_site_url(request, request), token), code});
    return status == STATUS_OK ? db_commit(request->web->db) : status;
}

/* Writes to the address, and sends on to the page that takes the code. */
static enum status
ask_for_proof(struct request *request, const char *email, const char *key, int64_t from)
{
    int64_t id;
    enum status status = limit_take(request, "address", mem_printf(request, "%lld", (long long)request->me.user_id), 10, DAY_S);

    if (status == STATUS_OK)
        status = limit_take(request, "address-to", key, 3, DAY_S);
    if (status == STATUS_OK)
        status = mail_proof(request, email, from, &id);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "/me/addresses/code?id=%lld", (long long)id));
    return status;
}

enum status
page_address_add(struct request *request, struct fault *fault)
{
    const char *email, *key;
    enum status status;

    out_text(request->page, "email", request_text(request, "email"));
    if (form_address(request, "email", &email, &key))
        return ask_for_proof(request, email, key, 0);
    fault_set(fault, STATUS_INVALID, "email", no_address);
    status = show_addresses(request);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

static enum status
take_address(struct request *request, const struct row_people_link_use *link)
{
    struct actor actor = request_actor(request);

    if (link == NULL || link->user_id != request->me.user_id || !str_eq(link->purpose, "address"))
        return STATUS_GONE;
    return account_take(request->web->db, &actor, request, request->me.user_id, link->email);
}

/* Uses the link up and takes the address, and with it the memberships for which it was asked, together or not at all. */
static enum status
use_link(struct request *request, int64_t id)
{
    struct row_people_link_use *link;
    int64_t from = 0;
    enum status status = db_begin(request->web->db);

    if (status == STATUS_OK)
        status = q_people_link_use(request->web->db, request, id, clock_now_us(), &link);
    if (status == STATUS_OK)
        status = take_address(request, link);
    if (status == STATUS_OK && str_to_int(link->detail, 1, INT64_MAX, &from))
        status = addresses_move(request, from, link->email);
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK && from == 0)
        response_send_to(request->response, "/me/addresses?saved=1");
    return status;
}

enum status
page_address_code(struct request *request, struct fault *fault)
{
    (void)fault;
    out_int(request->page, "id", request_int(request, "id", 1, INT64_MAX, 0));
    return STATUS_OK;
}

enum status
page_address_code_try(struct request *request, struct fault *fault)
{
    int64_t id = request_int(request, "id", 1, INT64_MAX, 0);
    bool fits;
    enum status status = limit_take(request, "code-net", limit_net(request), 60, HOUR_S);

    page_address_code(request, fault);
    if (status == STATUS_OK)
        status = people_code_fits(request, id, "address", request_text(request, "code"), &fits, fault);
    if (status != STATUS_OK)
        return status;
    return fits ? use_link(request, id) : form_refuse(request, fault);
}

static enum status
show_link(struct request *request, struct row_people_link **link_r)
{
    struct row_people_link *link;
    enum status status = people_link_find(request, "address", &link);

    if (status != STATUS_OK)
        return status;
    *link_r = link;
    out_text(request->page, "email", link->email);
    out_text(request->page, "token", request_param(request, "token"));
    out_bool(request->page, "is_over", link->used_at != 0 || link->expires_at < clock_now_us());
    out_bool(request->page, "is_used", link->used_at != 0);
    out_bool(request->page, "is_other", link->user_id != request->me.user_id);
    if (link->used_at != 0 || link->expires_at < clock_now_us())
        request->response->http = 410;
    return STATUS_OK;
}

enum status
page_address_link(struct request *request, struct fault *fault)
{
    struct row_people_link *link;

    (void)fault;
    return show_link(request, &link);
}

enum status
page_address_link_use(struct request *request, struct fault *fault)
{
    struct row_people_link *link;
    enum status status = show_link(request, &link);

    (void)fault;
    if (status != STATUS_OK || link->user_id != request->me.user_id || link->used_at != 0)
        return status;
    return use_link(request, link->id);
}

/* ---- one of them ---- */

static enum status
find_address(struct request *request, struct row_user_addresses **address_r)
{
    struct row_user_addresses *rows;
    int64_t id = 0;
    size_t count;
    enum status status = q_user_addresses(request->web->db, request, request->me.user_id, &rows, &count);

    str_to_int(request_param(request, "id"), 1, INT64_MAX, &id);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (rows[i].id == id) {
            *address_r = &rows[i];
            out_int(request->page, "id", id);
            out_text(request->page, "email", rows[i].email);
            out_int(request->page, "memberships", rows[i].memberships);
            out_bool(request->page, "is_preferred", rows[i].is_preferred);
            out_bool(request->page, "is_only", count == 1);
            return STATUS_OK;
        }
    return status == STATUS_OK ? STATUS_NOT_FOUND : status;
}

/* The others that are proved, to choose from. */
static enum status
show_others(struct request *request, int64_t except)
{
    struct row_user_addresses *found;
    struct out *rows = out_rows(request->page, "others");
    size_t count;
    enum status status = q_user_addresses(request->web->db, request, request->me.user_id, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (found[i].id != except && found[i].verified_at != 0) {
            struct out *row = out_row(rows);

            out_int(row, "id", found[i].id);
            out_text(row, "email", found[i].email);
        }
    return status;
}

static enum status
show_address(struct request *request, const struct row_user_addresses *address)
{
    enum status status = show_others(request, address->id);

    return status == STATUS_OK ? preferences_show(request, LEVEL_ADDRESS, address->id, HAND_SELF) : status;
}

enum status
page_address(struct request *request, struct fault *fault)
{
    struct row_user_addresses *address;
    enum status status = find_address(request, &address);

    (void)fault;
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return status == STATUS_OK ? show_address(request, address) : status;
}

enum status
page_address_save(struct request *request, struct fault *fault)
{
    struct row_user_addresses *address;
    enum status status = find_address(request, &address);

    if (status == STATUS_OK)
        status = db_begin(request->web->db);
    if (status == STATUS_OK)
        status = preferences_save(request, LEVEL_ADDRESS, address->id, HAND_SELF, fault);
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "/me/addresses/%lld?saved=1", (long long)address->id));
    if (status != STATUS_INVALID)
        return status;
    db_rollback(request->web->db);
    status = show_address(request, address);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

enum status
page_address_prefer(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct row_user_addresses *address;
    enum status status = find_address(request, &address);

    (void)fault;
    if (status == STATUS_OK)
        status = account_prefer(request->web->db, &actor, request, request->me.user_id, address->id);
    if (status == STATUS_OK)
        response_send_to(request->response, "/me/addresses?saved=1");
    return status;
}

/* To an address of the account that is proved already. */
static enum status
move_now(struct request *request, const struct row_user_addresses *from, const char *to)
{
    enum status status = db_begin(request->web->db);

    if (status == STATUS_OK)
        status = addresses_move(request, from->id, to);
    return status == STATUS_OK ? db_commit(request->web->db) : status;
}

/* "My address has changed": all its lists write to another one, which is proved already (chosen) or has to be (typed). */
enum status
page_address_move(struct request *request, struct fault *fault)
{
    int64_t to = request_int(request, "to", 1, INT64_MAX, 0);
    struct row_user_addresses *from, *rows;
    const char *email = NULL, *key = NULL;
    size_t count;
    enum status status = find_address(request, &from);

    if (status == STATUS_OK)
        status = q_user_addresses(request->web->db, request, request->me.user_id, &rows, &count);
    if (status != STATUS_OK)
        return status;
    if (to == 0 && form_address(request, "email", &email, &key) && !str_eq(key, from->key)) {
        for (size_t i = 0; i < count; i++)
            if (rows[i].verified_at != 0 && str_eq(rows[i].key, key))
                return move_now(request, from, rows[i].email);
        return ask_for_proof(request, email, key, from->id);
    }
    for (size_t i = 0; i < count; i++)
        if (rows[i].id == to && to != from->id && rows[i].verified_at != 0)
            return move_now(request, from, rows[i].email);
    if (to != 0)
        return STATUS_NOT_FOUND;
    fault_set(fault, STATUS_INVALID, "email", key != NULL ? N_("That is the same address twice.") : no_address);
    out_text(request->page, "new_email", request_text(request, "email"));
    status = show_address(request, from);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

enum status
page_address_remove(struct request *request, struct fault *fault)
{
    struct row_user_addresses *address;

    (void)fault;
    return find_address(request, &address);
}

enum status
page_address_remove_act(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct row_user_addresses *address;
    enum status status = find_address(request, &address);

    if (status == STATUS_OK)
        status = account_release(request->web->db, &actor, request, request->me.user_id, address->id, fault);
    if (status == STATUS_OK)
        response_send_to(request->response, "/me/addresses?saved=1");
    return status == STATUS_CONFLICT ? form_refuse(request, fault) : status;
}

/* page-me.c - the lists of the person who is signed in, and what they send */
#include <string.h>

#include "policy/account.h"
#include "policy/ban.h"
#include "policy/ban.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/when.h"
#include "web/common.h"
#include "web/page.h"
#include "web/preferences.h"

enum { ROWS = 100 };

/* ---- all of them ---- */

/* "Stopped", "until 24 Dec 2026", nothing while all is usual. */
static const char *
state_words(struct request *request, const struct row_me_memberships *row)
{
    if (str_eq(row->status, "enabled"))
        return "";
    if (str_eq(row->own_status, "by_user") && row->own_until > clock_now_us())
        return tr_fill(request, tr(request->lang, N_("Rests until %1")), when_day(request, request->lang, row->own_until), NULL, NULL);
    return tr(request->lang, preference_status_label(row->status));
}

static void
show_row(struct request *request, struct out *row, const struct row_me_memberships *found)
{
    bool rests = found->own_until > clock_now_us(), is_over = found->own_until != 0 && !rests;
    const char *own = is_over ? NULL : found->own_status;

    out_int(row, "id", found->id);
    out_text(row, "path", mem_printf(row, "/lists/%s/", found->slug));
    out_text(row, "title", found->title);
    out_text(row, "list", mem_printf(row, "%s@%s", found->list_name, found->domain));
    out_text(row, "role", found->role);
    out_text(row, "email", found->email);
    out_bool(row, "is_member", str_eq(found->role, "member"));
    out_bool(row, "is_locked", str_eq(own, "by_moderator"));
    out_bool(row, "is_kept", rests || str_eq(own, "by_bounces"));
    out_bool(row, "is_own", own != NULL && !rests);
    out_bool(row, "is_enabled", str_eq(own, "enabled"));
    out_bool(row, "is_stopped", str_eq(own, "by_user") && !rests);
    out_bool(row, "comes", str_eq(found->status, "enabled"));
    out_text(row, "state", state_words(request, found));
    out_time(row, "joined_at", found->joined_at);
}

static enum status
find_rows(struct request *request, struct row_me_memberships **rows_r, size_t *count_r)
{
    const char *after = request_has(request, "after") ? request_text(request, "after") : NULL;

    return q_me_memberships(request->web->db, request, request->me.user_id, after, request_int(request, "id", 1, INT64_MAX, 0),
                            clock_now_us(), ROWS + 1, rows_r, count_r);
}

static enum status
show_memberships(struct request *request)
{
    struct row_me_memberships *found;
    struct out *rows = out_rows(request->page, "memberships");
    size_t count;
    enum status status = find_rows(request, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count && i < ROWS; i++)
        show_row(request, out_row(rows), &found[i]);
    if (status == STATUS_OK && count > ROWS)
        out_text(request->page, "next", mem_printf(request, "/me/?after=%s&id=%lld", url_escape(request, found[ROWS - 1].title),
                                                   (long long)found[ROWS - 1].id));
    out_text(request->page, "after", request_has(request, "after") ? request_text(request, "after") : NULL);
    out_text(request->page, "after_id", request_text(request, "id"));
    out_bool(request->page, "is_first", !request_has(request, "after"));
    return status;
}

enum status
page_me(struct request *request, struct fault *fault)
{
    (void)fault;
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return show_memberships(request);
}

/* What the form says about one row: nothing where it is as it was. */
static enum status
save_row(struct request *request, const struct row_me_memberships *row, struct fault *fault)
{
    const char *field = mem_printf(request, "status.%lld", (long long)row->id), *value;
    struct actor actor = request_actor(request);

    if (!str_eq(row->role, "member") || !request_has(request, field))
        return STATUS_OK;
    value = request_text(request, field);
    if (str_eq(value, "keep"))
        return STATUS_OK;
    return preference_set(request->web->db, &actor, HAND_SELF, request, LEVEL_MEMBER, row->id, "delivery_status",
                          str_eq(value, "inherit") ? NULL : value, fault);
}

enum status
page_me_save(struct request *request, struct fault *fault)
{
    struct row_me_memberships *rows;
    size_t count;
    enum status status = find_rows(request, &rows, &count);

    if (status == STATUS_OK)
        status = db_begin(request->web->db);
    for (size_t i = 0; status == STATUS_OK && i < count && i < ROWS; i++)
        status = save_row(request, &rows[i], fault);
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK)
        response_send_to(request->response, "/me/?saved=1");
    if (status != STATUS_INVALID && status != STATUS_NOT_ALLOWED)
        return status;
    db_rollback(request->web->db);
    status = show_memberships(request);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

/* ---- one of them ---- */

static enum status
find_membership(struct request *request, struct row_me_membership **member_r)
{
    int64_t id = 0;
    enum status status;

    str_to_int(request_param(request, "id"), 1, INT64_MAX, &id);
    status = q_me_membership(request->web->db, request, request->me.user_id, id, member_r);
    return status == STATUS_OK && *member_r == NULL ? STATUS_NOT_FOUND : status;
}

static enum status
show_addresses(struct request *request, const struct row_me_membership *member)
{
    struct row_user_addresses *found;
    struct out *rows = out_rows(request->page, "addresses");
    size_t count;
    enum status status = q_user_addresses(request->web->db, request, request->me.user_id, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row;

        if (found[i].is_preferred)
            out_text(request->page, "preferred", found[i].email);
        if (found[i].verified_at == 0)
            continue;
        row = out_row(rows);
        out_int(row, "id", found[i].id);
        out_text(row, "email", found[i].email);
        out_bool(row, "is_chosen", found[i].id == member->address && !str_eq(member->mode, "as_user"));
    }
    out_bool(request->page, "follows", str_eq(member->mode, "as_user"));
    return status;
}

static enum status
show_membership(struct request *request, const struct row_me_membership *member)
{
    enum status status = STATUS_OK;

    out_int(request->page, "id", member->id);
    out_text(request->page, "title", member->title);
    out_text(request->page, "list", mem_printf(request, "%s@%s", member->list_name, member->domain));
    out_text(request->page, "path", mem_printf(request, "/lists/%s/", member->slug));
    out_text(request->page, "email", member->email);
    out_text(request->page, "role", member->role);
    out_bool(request->page, "is_member", str_eq(member->role, "member"));
    out_time(request->page, "joined_at", member->joined_at);
    if (str_eq(member->role, "member"))
        status = preferences_show(request, LEVEL_MEMBER, member->id, HAND_SELF);
    return status == STATUS_OK ? show_addresses(request, member) : status;
}

enum status
page_membership(struct request *request, struct fault *fault)
{
    struct row_me_membership *member;
    enum status status = find_membership(request, &member);

    (void)fault;
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return status == STATUS_OK ? show_membership(request, member) : status;
}

/* Another of one's own addresses, unless the list has banned it. */
static enum status
save_address(struct request *request, const struct row_me_membership *member, struct fault *fault)
{
    int64_t wanted = request_int(request, "address", 0, INT64_MAX, -1);
    struct actor actor = request_actor(request);
    struct row_user_addresses *rows;
    const char *banned, *pattern;
    size_t count;
    enum status status;

    if (wanted < 0)
        return STATUS_OK;
    status = q_user_addresses(request->web->db, request, request->me.user_id, &rows, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (rows[i].id == member->address || (wanted == 0 ? !rows[i].is_preferred : rows[i].id != wanted))
            continue;
        status = ban_find(request->web->db, request, member->list_id, (struct text_array){&rows[i].key, 1}, NULL, &banned, &pattern);
        if (status == STATUS_OK && banned != NULL)
            return fault_set(fault, STATUS_INVALID, "address", N_("This list does not take that address. Please ask its owners."));
    }
    if (status != STATUS_OK)
        return status;
    return account_move_membership(request->web->db, &actor, request, request->me.user_id, member->id, wanted);
}

enum status
page_membership_save(struct request *request, struct fault *fault)
{
    struct row_me_membership *member;
    enum status status = find_membership(request, &member);

    if (status == STATUS_OK)
        status = db_begin(request->web->db);
    if (status == STATUS_OK && str_eq(member->role, "member"))
        status = preferences_save(request, LEVEL_MEMBER, member->id, HAND_SELF, fault);
    if (status == STATUS_OK)
        status = save_address(request, member, fault);
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    /* A move may have made this membership another one, so back to the list of all. */
    if (status == STATUS_OK)
        response_send_to(request->response, "/me/?saved=1");
    if (status != STATUS_INVALID && status != STATUS_NOT_ALLOWED)
        return status;
    db_rollback(request->web->db);
    status = show_membership(request, member);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

/* ---- what holds for all of them ---- */

static enum status
show_account(struct request *request)
{
    struct row_user_get *user;
    struct out *zones = out_rows(request->page, "zones");
    bool is_typed = request->route->method == ROUTE_POST;
    enum status status = q_user_get(request->web->db, request, request->me.user_id, &user);
    const char *zone;

    if (status != STATUS_OK || user == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    out_text(request->page, "name", is_typed ? request_text(request, "name") : user->name);
    zone = is_typed ? request_text(request, "time_zone") : user->time_zone;
    for (size_t i = 0; account_zones()[i] != NULL; i++) {
        struct out *row = out_row(zones);

        out_text(row, "name", account_zones()[i]);
        out_bool(row, "is_chosen", str_eq(account_zones()[i], zone));
    }
    return preferences_show(request, LEVEL_USER, request->me.user_id, HAND_SELF);
}

enum status
page_preferences(struct request *request, struct fault *fault)
{
    (void)fault;
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return show_account(request);
}

enum status
page_preferences_save(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    enum status status = db_begin(request->web->db);

    if (status == STATUS_OK)
        status = account_rename(request->web->db, &actor, request, request->me.user_id, request_text(request, "name"),
                                request_text(request, "time_zone"), fault);
    if (status == STATUS_OK)
        status = preferences_save(request, LEVEL_USER, request->me.user_id, HAND_SELF, fault);
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK)
        response_send_to(request->response, "/me/preferences?saved=1");
    if (status != STATUS_INVALID)
        return status;
    db_rollback(request->web->db);
    status = show_account(request);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

/* ---- what holds for those who said nothing: the site ---- */

enum status
page_site_preferences(struct request *request, struct fault *fault)
{
    (void)fault;
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return preferences_show(request, LEVEL_SITE, 0, HAND_OWNER);
}

enum status
page_site_preferences_save(struct request *request, struct fault *fault)
{
    enum status status = db_begin(request->web->db);

    if (status == STATUS_OK)
        status = preferences_save(request, LEVEL_SITE, 0, HAND_OWNER, fault);
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK)
        response_send_to(request->response, "/admin/preferences?saved=1");
    if (status != STATUS_INVALID)
        return status;
    db_rollback(request->web->db);
    status = preferences_show(request, LEVEL_SITE, 0, HAND_OWNER);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

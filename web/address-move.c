/* address-move.c - all memberships of one of a person's addresses to another of theirs */
#include "policy/account.h"
#include "policy/ban.h"
#include "store/statements.h"
#include "util/clock.h"
#include "web/address-move.h"
#include "web/common.h"

enum { MEMBERSHIPS = 500 };

struct both { const struct row_user_addresses *from, *to; };

static enum status
find_both(struct request *request, int64_t from, const char *to, struct both *both_r)
{
    struct row_user_addresses *rows;
    size_t count;
    enum status status = q_user_addresses(request->web->db, request, request->me.user_id, &rows, &count);

    *both_r = (struct both){NULL, NULL};
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (rows[i].id == from)
            both_r->from = &rows[i];
        else if (rows[i].verified_at != 0 && str_eq_nocase(rows[i].email, to))
            both_r->to = &rows[i];
    }
    return status;
}

static enum status
move_one(struct request *request, const struct both *both, const struct row_me_memberships *membership, struct out *row, int64_t *moved_r)
{
    struct actor actor = request_actor(request);
    const char *banned, *pattern;
    enum status status = ban_find(request->web->db, request, membership->list_id, (struct text_array){(const char *const *)&both->to->key, 1},
                                  NULL, &banned, &pattern);

    out_text(row, "title", membership->title);
    out_text(row, "role", membership->role);
    out_bool(row, "is_banned", status == STATUS_OK && banned != NULL);
    if (status != STATUS_OK || banned != NULL)
        return status;
    *moved_r += 1;
    return account_move_membership(request->web->db, &actor, request, request->me.user_id, membership->id, both->to->id);
}

enum status
addresses_move(struct request *request, int64_t from, const char *to)
{
    struct out *out = out_rows(request->page, "moved");
    struct row_me_memberships *rows;
    struct both both;
    int64_t moved = 0;
    size_t count = 0;
    enum status status = find_both(request, from, to, &both);

    request->template = "address-moved";
    out_text(request->page, "to", to);
    if (status != STATUS_OK || both.from == NULL || both.to == NULL)
        return status;
    out_text(request->page, "from", both.from->email);
    status = q_me_memberships(request->web->db, request, request->me.user_id, NULL, 0, clock_now_us(), MEMBERSHIPS, &rows, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (str_eq(rows[i].email, both.from->email))
            status = move_one(request, &both, &rows[i], out_row(out), &moved);
    if (status != STATUS_OK || moved == 0)
        return status;
    return mail_send(request, NOTICE_address_moved, both.from->email, (const char *const[NOTICE_ARGS]){
        request->web->conf->site_name, both.to->email, mem_printf(request, "%s/me/", request_site_url(request, request))});
}

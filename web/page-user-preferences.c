/* page-user-preferences.c - what a person's account, or one of its addresses, prefers, set by a site administrator */
#include "store/statements.h"
#include "web/common.h"
#include "web/page.h"
#include "web/preferences.h"

struct level { enum preference_level level; int64_t user_id, id; };

/* The account of the path, or the address of it that is named; the page shows the others to choose from. */
static enum status
find_level(struct request *request, struct level *level_r)
{
    int64_t wanted = request_int(request, "address", 1, INT64_MAX, 0), id = 0;
    struct out *rows = out_rows(request->page, "addresses");
    struct row_user_addresses *addresses;
    struct row_user_get *user;
    size_t count;
    enum status status;

    str_to_int(request_param(request, "id"), 1, INT64_MAX, &id);
    status = q_user_get(request->web->db, request, id, &user);
    if (status == STATUS_OK)
        status = q_user_addresses(request->web->db, request, id, &addresses, &count);
    if (status != STATUS_OK || user == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    *level_r = (struct level){LEVEL_USER, id, wanted == 0 ? id : 0};
    for (size_t i = 0; i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", addresses[i].id);
        out_text(row, "email", addresses[i].email);
        out_bool(row, "is_current", addresses[i].id == wanted);
        if (addresses[i].id == wanted)
            *level_r = (struct level){LEVEL_ADDRESS, id, wanted};
    }
    out_int(request->page, "id", id);
    out_int(request->page, "address", wanted);
    out_text(request->page, "email", user->email);
    return level_r->id != 0 ? STATUS_OK : STATUS_NOT_FOUND;
}

enum status
page_user_preferences(struct request *request, struct fault *fault)
{
    struct level level;
    enum status status = find_level(request, &level);

    (void)fault;
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return status == STATUS_OK ? preferences_show(request, level.level, level.id, HAND_OWNER) : status;
}

enum status
page_user_preferences_save(struct request *request, struct fault *fault)
{
    struct level level;
    enum status status = find_level(request, &level);

    if (status == STATUS_OK)
        status = db_begin(request->web->db);
    if (status == STATUS_OK)
        status = preferences_save(request, level.level, level.id, HAND_OWNER, fault);
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK)
        response_send_to(request->response, level.level == LEVEL_USER
            ? mem_printf(request, "/admin/users/%lld/preferences?saved=1", (long long)level.user_id)
            : mem_printf(request, "/admin/users/%lld/preferences?saved=1&address=%lld", (long long)level.user_id, (long long)level.id));
    if (status != STATUS_INVALID)
        return status;
    db_rollback(request->web->db);
    status = preferences_show(request, level.level, level.id, HAND_OWNER);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

/* page-members-export.c - everybody in a role as a table for spreadsheets, written while it is read */
#include <string.h>

#include "mime/charset.h"
#include "policy/member.h"
#include "policy/roster-table.h"
#include "web/member.h"
#include "web/page.h"

enum status
page_members_export(struct request *request, struct fault *fault)
{
    static const char *const all[] = {"member", "nonmember", "moderator", "owner"};
    struct out *rows = out_rows(request->page, "files");

    (void)fault;
    show_roles(request, "member");
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct out *row = out_row(rows);

        out_text(row, "title", tr(request->lang, role_title(all[i])));
        out_text(row, "path", mem_printf(row, "%smembers/export/%s.csv", request->list->path, all[i]));
    }
    return STATUS_OK;
}

static enum status
more_rows(void *state, struct str *piece, bool *end_r)
{
    return roster_table_next(state, piece, end_r);
}

enum status
page_members_file(struct request *request, struct fault *fault)
{
    const char *name = request_param(request, "name"), *role;
    bool is_cp932 = str_eq(request_text(request, "charset"), "cp932");

    (void)fault;
    if (!str_ends(name, ".csv"))
        return STATUS_NOT_FOUND;
    role = mem_strndup(request, name, strlen(name) - 4);
    if (!member_role_is_known(role))
        return STATUS_NOT_FOUND;
    request->template = NULL;
    request->response->content_type = is_cp932 ? "text/csv; charset=Shift_JIS; header=present" : "text/csv; charset=utf-8; header=present";
    response_field(request->response, "Content-Disposition",
                   mem_printf(request, "attachment; filename=\"%s-%s.csv\"", request->list->name, role));
    request->response->more = more_rows;
    request->response->state = roster_table_new(request, request->web->db, request->list->id, role, is_cp932);
    return STATUS_OK;
}

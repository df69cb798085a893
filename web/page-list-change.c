/* page-list-change.c - a list gets another name, another list's settings, or an end */
#include <string.h>

#include "store/statements.h"
#include "util/clock.h"
#include "web/common.h"
#include "web/list-form.h"
#include "web/page.h"
#include "web/setting-place.h"

/* The rail of the settings stands beside these pages. */
static void
show_rail(struct request *request, const char *current)
{
    out_text(request->page, "base", request->list->path);
    out_text(request->page, "scope", "list");
    out_text(request->page, "current", current);
    show_setting_groups(request, NULL);
}

/* ---- name and address ---- */

static enum status
show_names(struct request *request, const char *name, const char *domain)
{
    struct out *rows = out_rows(request->page, "old");
    struct list_old_name *names;
    struct list *list;
    size_t count;
    bool found;
    enum status status = list_of_path(request, &list);

    show_rail(request, "rename");
    out_text(request->page, "name", name);
    if (status == STATUS_OK)
        status = show_own_domains(request, domain, &found);
    if (status == STATUS_OK)
        status = list_old_names(request->web->db, request, list, &names, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "address", names[i].address);
        out_time(row, "renamed_at", names[i].renamed_at);
        out_text(row, "drop", mem_printf(row, "%srename/drop?address=%s", request->list->path, url_escape(request, names[i].address)));
    }
    return status;
}

enum status
page_list_rename(struct request *request, struct fault *fault)
{
    (void)fault;
    out_bool(request->page, "is_done", request_has(request, "done"));
    return show_names(request, request->list->name, request->list->domain);
}

enum status
page_list_rename_act(struct request *request, struct fault *fault)
{
    const char *name = str_lower(request, request_text(request, "name")), *domain = request_text(request, "domain");
    struct actor actor = request_actor(request);
    struct list *list, *renamed;
    bool may_there;
    enum status status = list_of_path(request, &list);

    if (status == STATUS_OK)
        status = show_own_domains(request, domain, &may_there);
    if (status != STATUS_OK)
        return status;
    status = may_there ? list_rename(request->web->db, &actor, request, list, name, domain, request_has(request, "take"), &renamed, fault)
                       : fault_set(fault, STATUS_INVALID, "domain", N_("You may not make lists in this domain."));
    if (status == STATUS_OK)
        return send_to_list(request, renamed, "rename?done=1");
    if (status != STATUS_INVALID && status != STATUS_CONFLICT && status != STATUS_NOT_FOUND)
        return status;
    request->page = out_object(request->data, "Page");
    status = show_names(request, name, domain);
    return status == STATUS_OK ? refuse_name(request, fault) : status;
}

enum status
page_list_name_drop(struct request *request, struct fault *fault)
{
    struct list_old_name *names;
    struct list *list;
    size_t count = 0;
    enum status status = list_of_path(request, &list);

    (void)fault;
    show_rail(request, "rename");
    if (status == STATUS_OK)
        status = list_old_names(request->web->db, request, list, &names, &count);
    for (size_t i = 0; i < count; i++)
        if (str_eq(names[i].address, request_text(request, "address"))) {
            out_text(request->page, "address", names[i].address);
            return STATUS_OK;
        }
    return status == STATUS_OK ? STATUS_NOT_FOUND : status;
}

enum status
page_list_name_drop_act(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct list *list;
    enum status status = list_of_path(request, &list);

    (void)fault;
    if (status == STATUS_OK)
        status = list_old_name_drop(request->web->db, &actor, request, list, request_text(request, "address"));
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%srename", request->list->path));
    return status;
}

/* ---- copy ---- */

/* What would change; Page.from has the other list. */
static enum status
show_differences(struct request *request, const struct list *from, const struct list *to)
{
    struct actor actor = request_actor(request);
    struct out *rows = out_rows(request->page, "differences"), *other = out_object(request->page, "from");
    struct list_difference *differences;
    size_t count;
    enum status status = list_compare(request->web->db, request, &actor, from, to, &differences, &count);

    out_text(other, "address", from->address);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "label", tr(request->lang, differences[i].row->label));
        out_text(row, "before", setting_words(request, differences[i].row, differences[i].before));
        out_text(row, "after", setting_words(request, differences[i].row, differences[i].after));
    }
    return status;
}

/* Finds both lists and shows what copying would do. INVALID: shown already, with what is wrong. */
static enum status
prepare_copy(struct request *request, struct list **from_r, struct list **to_r, struct fault *fault)
{
    enum status status = list_of_path(request, to_r);

    show_rail(request, "copy");
    show_list_parts(request);
    out_text(request->page, "typed", request_text(request, "from"));
    if (status == STATUS_OK)
        status = list_of_asker(request, request_text(request, "from"), from_r, fault);
    if (status == STATUS_OK && (*from_r)->id == (*to_r)->id)
        status = fault_set(fault, STATUS_INVALID, "like", N_("This is the same list."));
    if (status == STATUS_INVALID)
        form_refuse(request, fault);
    return status == STATUS_OK ? show_differences(request, *from_r, *to_r) : status;
}

enum status
page_list_copy(struct request *request, struct fault *fault)
{
    struct list *from, *to;
    enum status status;

    out_bool(request->page, "is_done", request_has(request, "done"));
    if (*request_text(request, "from") == '\0') {
        if (request_may(request, RIGHT_DOMAIN))
            out_text(request->page, "like_link", mem_printf(request, "/admin/lists/new?domain=%s&like=%s", request->list->domain,
                                                            url_escape(request, request->list->address)));
        show_rail(request, "copy");
        return STATUS_OK;
    }
    status = prepare_copy(request, &from, &to, fault);
    return status == STATUS_INVALID ? STATUS_OK : status;
}

enum status
page_list_copy_act(struct request *request, struct fault *fault)
{
    unsigned parts = asked_list_parts(request);
    struct actor actor = request_actor(request);
    struct list *from, *to;
    enum status status = prepare_copy(request, &from, &to, fault);

    if (status != STATUS_OK)
        return status == STATUS_INVALID ? STATUS_OK : status;
    if (parts == 0)
        return form_refuse(request, &(struct fault){"part", N_("Choose at least one thing to copy."), NULL});
    status = list_copy(request->web->db, &actor, request, from, to, parts, fault);
    if (status == STATUS_INVALID || status == STATUS_CONFLICT)
        return form_refuse(request, fault);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%scopy?done=1", request->list->path));
    return status;
}

/* ---- the end ---- */

static int64_t
erase_time(const struct request *request)
{
    return clock_now_us() + request->web->conf->site_grace_days * INT64_C(86400) * US_PER_S;
}

static void
show_end(struct request *request)
{
    show_rail(request, "delete");
    out_time(request->page, "erase_at", erase_time(request));
    out_int(request->page, "days", request->web->conf->site_grace_days);
}

enum status
page_list_delete(struct request *request, struct fault *fault)
{
    (void)fault;
    show_end(request);
    return STATUS_OK;
}

enum status
page_list_delete_act(struct request *request, struct fault *fault)
{
    const char *typed = str_lower(request, request_text(request, "name"));
    struct actor actor = request_actor(request);
    struct list_mail mail = request_list_mail(request);
    struct list *list;
    enum status status = list_of_path(request, &list);

    if (status != STATUS_OK)
        return status;
    if (!str_eq(typed, list->name) && !str_eq(typed, list->address)) {
        show_end(request);
        out_text(request->page, "typed", request_text(request, "name"));
        fault_set(fault, STATUS_INVALID, "name", N_("This is not the list's address. Type it as it stands above."));
        return form_refuse(request, fault);
    }
    status = list_remove(request->web->db, &actor, request, list, erase_time(request), &mail);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "/ended/%lld", (long long)list->id));
    return status;
}

/* ---- after the end ---- */

/* NOT_FOUND unless it may be brought back by whoever asks. */
static enum status
find_ended(struct request *request, struct list **list_r)
{
    struct row_web_list_ended *ended = NULL;
    int64_t id = 0;
    enum status status;

    if (!str_to_int(request_param(request, "id"), 1, INT64_MAX, &id))
        return STATUS_NOT_FOUND;
    status = q_web_list_ended(request->web->db, request, id, NULL, NULL, request->me.user_id, request->standing.is_admin, &ended);
    if (status == STATUS_OK && ended == NULL)
        status = STATUS_NOT_FOUND;
    return status == STATUS_OK ? list_find_ended(request->web->db, request, id, NULL, list_r, NULL) : status;
}

static enum status
show_ended(struct request *request, const struct list *list)
{
    struct settings *settings;
    enum status status = settings_load(request->web->db, request, list->id, &settings);

    if (status != STATUS_OK)
        return status;
    out_text(request->page, "title", settings->display_name);
    out_text(request->page, "address", list->address);
    out_text(request->page, "path", mem_printf(request, "/ended/%lld", (long long)list->id));
    out_time(request->page, "erase_at", list->erase_at);
    out_bool(request->page, "is_over", list->erase_at != 0 && list->erase_at <= clock_now_us());
    return STATUS_OK;
}

enum status
page_list_ended(struct request *request, struct fault *fault)
{
    struct list *list;
    enum status status = find_ended(request, &list);

    (void)fault;
    return status == STATUS_OK ? show_ended(request, list) : status;
}

enum status
page_list_restore(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct list *list, *back;
    enum status status = find_ended(request, &list);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    status = list_restore(request->web->db, &actor, list);
    if (status == STATUS_GONE) {
        request->response->http = status_row(status)->http;
        return show_ended(request, list);
    }
    if (status == STATUS_OK)
        status = list_by_id(request->web->db, request, list->id, &back);
    return status == STATUS_OK ? send_to_list(request, back, "") : status;
}

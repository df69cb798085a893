/* page-site.c - pages about the whole site: the directory of lists, the language, robots.txt */
#include <string.h>

#include "store/statements.h"
#include "util/clock.h"
#include "util/when.h"
#include "web/activity.h"
#include "web/page.h"
#include "web/session.h"

enum { YEAR_S = 365 * 86400 };

static void
show_list_row(struct request *request, struct out *row, const struct row_web_lists *list, const struct activity *activity)
{
    out_text(row, "path", mem_printf(request, "/lists/%s/", list->slug));
    out_text(row, "name", list->name);
    out_text(row, "domain", list->domain);
    out_text(row, "title", list->title);
    out_text(row, "description", list->description);
    out_text(row, "language", list->language);
    out_bool(row, "is_member", list->is_member);
    out_bool(row, "is_moderator", list->is_moderator && !list->is_owner);
    out_bool(row, "is_owner", list->is_owner);
    out_int(row, "held", list->held);
    out_int(row, "recent", list->recent);
    out_text(row, "last_subject", list->last_subject);
    out_time(row, "last_at", list->last_at);
    activity_show(row, request->lang, activity, list->id);
}

enum status
page_home(struct request *request, struct fault *fault)
{
    int64_t now = clock_now_us(), *ids;
    const char *host = str_lower(request, request->raw.host != NULL ? request->raw.host : "");
    struct row_web_lists *lists;
    struct activity *activity;
    struct out *rows;
    size_t count, readable = 0;
    enum status status;

    (void)fault;
    status = q_web_lists(request->web->db, request, host, request->me.user_id, request->standing.is_admin,
                         now - 30 * INT64_C(86400) * US_PER_S, &lists, &count);
    if (status != STATUS_OK)
        return status;
    ids = mem_array(request, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        if (lists[i].may_read)
            ids[readable++] = lists[i].id;
    status = activity_load(request->web->db, request, (struct int_array){ids, readable}, now, &activity);
    if (status != STATUS_OK)
        return status;
    out_int(request->page, "count", (int64_t)count);
    rows = out_rows(request->page, "lists");
    for (size_t i = 0; i < count; i++)
        show_list_row(request, out_row(rows), &lists[i], activity);
    return STATUS_OK;
}

enum status
page_robots(struct request *request, struct fault *fault)
{
    (void)fault;
    request->response->content_type = "text/plain; charset=utf-8";
    str_add(request->response->body,
            "User-agent: *\n"
            "Disallow: /u/\nDisallow: /confirm/\nDisallow: /login\nDisallow: /me/\nDisallow: /admin/\nDisallow: /demo/\n"
            "Disallow: /language\nDisallow: /lists/*/join\nDisallow: /lists/*/leave\nDisallow: /lists/*/held\n"
            "Disallow: /lists/*/settings/\nDisallow: /lists/*/message/*/raw\n");
    return STATUS_OK;
}

enum status
page_language(struct request *request, struct fault *fault)
{
    struct out *rows = out_rows(request->page, "languages");
    const struct lang *lang;

    (void)fault;
    out_text(request->page, "return", request_text(request, "return"));
    for (size_t i = 0; (lang = i18n_nth(request->web->i18n, i)) != NULL; i++) {
        struct out *row = out_row(rows);

        out_text(row, "code", lang_code(lang));
        out_text(row, "name", lang_name(lang));
        out_bool(row, "is_current", lang == request->lang);
    }
    return STATUS_OK;
}

enum status
page_language_set(struct request *request, struct fault *fault)
{
    const struct lang *lang = i18n_lang(request->web->i18n, request_text(request, "language"));

    if (lang == NULL)
        return fault_set(fault, STATUS_INVALID, "language", N_("This language is not spoken here."));
    response_cookie(request->response, request->web->conf->web_secure_cookies, "lang", lang_code(lang), YEAR_S);
    response_send_to(request->response, request_text(request, "return"));
    if (request->me.user_id == 0)
        return STATUS_OK;
    return q_web_user_language(request->web->db, request->me.user_id, lang_code(lang), NULL);
}

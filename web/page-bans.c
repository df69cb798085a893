/* page-bans.c - who may neither post nor join: of one list, of a domain, or of the site */
#include "policy/ban.h"
#include "web/common.h"
#include "web/page.h"
#include "web/rule-place.h"

enum { PAGE_ROWS = 50 };

static enum status
show_bans(struct request *request, const char *wanted, const char *after)
{
    struct out *rows = out_rows(request->page, "bans");
    struct ban *bans;
    size_t count;
    enum status status = ban_page(request->web->db, request, rule_place(request), wanted, after, PAGE_ROWS + 1, &bans, &count);

    rule_place_show(request, "bans");
    for (size_t i = 0; status == STATUS_OK && i < count && i < PAGE_ROWS; i++) {
        struct out *row = out_row(rows);

        out_text(row, "pattern", bans[i].pattern);
        out_text(row, "reason", bans[i].reason);
        out_text(row, "by", bans[i].created_by);
        out_time(row, "at", bans[i].created_at);
    }
    if (status == STATUS_OK && count > PAGE_ROWS)
        out_text(request->page, "next", url_escape(request, bans[PAGE_ROWS - 1].pattern));
    out_text(request->page, "q", wanted);
    out_text(request->page, "q_escaped", url_escape(request, wanted));
    return status;
}

enum status
page_bans(struct request *request, struct fault *fault)
{
    (void)fault;
    out_text(request->page, "done", request_text(request, "done"));
    out_text(request->page, "pattern", request_text(request, "pattern"));
    out_text(request->page, "reason", request_text(request, "reason"));
    return show_bans(request, str_trim(request, request_text(request, "q")), request_text(request, "after"));
}

/* What was taken back can be banned again with one button, so it is not asked twice. */
enum status
page_bans_act(struct request *request, struct fault *fault)
{
    const char *pattern = request_text(request, "pattern"), *reason = request_text(request, "reason");
    bool removes = str_eq(request_text(request, "act"), "remove");
    struct actor actor = request_actor(request);
    enum status status = removes ? ban_remove(request->web->db, &actor, request, rule_place(request), pattern, fault)
                                 : ban_add(request->web->db, &actor, request, rule_place(request), pattern, reason, fault);

    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%sbans?done=%s&pattern=%s&reason=%s", rule_place_base(request),
                                                       removes ? "removed" : "added", url_escape(request, pattern),
                                                       url_escape(request, reason)));
    if (fault->field == NULL)
        return status;
    out_text(request->page, "typed", pattern);
    out_text(request->page, "typed_reason", reason);
    status = show_bans(request, "", "");
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

enum status
page_site_bans(struct request *request, struct fault *fault)
{
    return page_bans(request, fault);
}

enum status
page_site_bans_act(struct request *request, struct fault *fault)
{
    return page_bans_act(request, fault);
}

enum status
page_domain_bans(struct request *request, struct fault *fault)
{
    return page_bans(request, fault);
}

enum status
page_domain_bans_act(struct request *request, struct fault *fault)
{
    return page_bans_act(request, fault);
}

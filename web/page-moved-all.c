/* page-moved-all.c - "my address has changed" for all lists at once, without an account
 *
 * The new address is proved by a mail. What then happens is the worker's (policy/subscription-moved.c), and the pages say the same
 * whether the old address is known here or not; only its own owner, by the link in the mail to it, sees list by list what is asked. */
#include "mime/address.h"
#include "policy/budget.h"
#include "store/statements.h"
#include "util/clock.h"
#include "web/common.h"
#include "web/moved.h"
#include "web/page.h"
#include "web/people.h"
#include "web/subscribe.h"

enum { LINK_S = 3 * 86400 };

enum status
page_moved_all(struct request *request, struct fault *fault)
{
    (void)fault;
    out_bool(request->page, "changes", true);
    return subscribe_show_form(request);
}

/* One mail to the new address, as far as the budgets go. */
static enum status
send_proof(struct request *request, const char *email, const char *key, const char *old, enum budget_answer *answer_r)
{
    const struct conf *conf = request->web->conf;
    struct budget_limits limits = {.net_hour = conf->limits_net_hour, .site_hour = conf->limits_site_hour};
    struct people_link_order order = {.purpose = "moved", .email = email, .detail = old, .lifetime_s = LINK_S};
    const char *token;
    enum status status = db_begin(request->web->db);

    if (status == STATUS_OK)
        status = budget_take_mail(request->web->db, request, &limits, 0, "change", key, budget_net(request, request->raw.remote_address), answer_r);
    if (status == STATUS_OK && *answer_r != BUDGET_TAKEN) {
        db_rollback(request->web->db);
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        status = people_link_make(request, &order, &token, NULL, NULL);
    if (status == STATUS_OK)
        status = mail_send(request, NOTICE_moved, email, (const char *const[NOTICE_ARGS]){
            conf->site_name, old, mem_printf(request, "%s/confirm/%s", request_site_url(request, request), token)});
    return status == STATUS_OK ? db_commit(request->web->db) : status;
}

enum status
page_moved_all_ask(struct request *request, struct fault *fault)
{
    static const char no_address[] = N_("This does not look like a mail address. It should be like hana@example.jp.");
    enum budget_answer budget = BUDGET_TAKEN;
    const char *old, *old_key, *email, *key;
    enum form_answer answer;
    enum status status;

    out_bool(request->page, "changes", true);
    out_text(request->page, "old", request_text(request, "old"));
    out_text(request->page, "email", request_text(request, "email"));
    if (!form_address(request, "old", &old, &old_key))
        return subscribe_refuse(request, fault, "old", no_address);
    if (!form_address(request, "email", &email, &key))
        return subscribe_refuse(request, fault, "email", no_address);
    if (str_eq(old_key, key))
        return subscribe_refuse(request, fault, "email", N_("That is the same address twice."));
    status = subscribe_check_form(request, key, &answer);
    if (status != STATUS_OK || answer == FORM_AGAIN || answer == FORM_WORK)
        return status;
    if (answer == FORM_GOOD)
        status = send_proof(request, email, key, old, &budget);
    out_text(request->page, "outcome", budget == BUDGET_SITE_FULL ? "limited" : "mailed");
    if (budget == BUDGET_SITE_FULL)
        request->response->http = 429;
    return status;
}

/* ---- the links ---- */

/* The old address sees what became of each list's request. */
static enum status
show_lists(struct request *request, const struct row_people_link *link)
{
    struct out *rows = out_rows(request->page, "lists");
    struct row_moved_state *found;
    size_t count;
    enum status status = q_moved_state(request->web->db, request, address_key_of(request, link->detail), link->email,
                                       clock_now_us() - INT64_C(180) * 86400 * US_PER_S, &found, &count);
    bool waits = false;

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "title", found[i].title);
        out_bool(row, "waits", found[i].outcome == NULL);
        out_bool(row, "is_changed", str_eq(found[i].outcome, "changed"));
        waits = waits || found[i].outcome == NULL;
    }
    out_bool(request->page, "waits", waits);
    return status;
}

static enum status
find_link(struct request *request, struct row_people_link **link_r, bool *keeps_r)
{
    enum status status = people_link_find(request, "moved", link_r);

    *keeps_r = status == STATUS_NOT_FOUND;
    if (*keeps_r)
        status = people_link_find(request, "moved_keep", link_r);
    if (status != STATUS_OK)
        return status;
    request->template = "moved-link";
    out_text(request->page, "token", request_param(request, "token"));
    out_text(request->page, "email", *keeps_r ? (*link_r)->detail : (*link_r)->email);
    out_text(request->page, "old", *keeps_r ? (*link_r)->email : (*link_r)->detail);
    out_bool(request->page, "keeps", *keeps_r);
    return status;
}

static void
show_state(struct request *request, const struct row_people_link *link, bool keeps)
{
    bool is_old = link->expires_at < clock_now_us(), is_over = is_old || (!keeps && link->used_at != 0);

    out_bool(request->page, "is_used", link->used_at != 0);
    out_bool(request->page, "is_over", is_over);
    if (is_over)
        request->response->http = 410;
}

enum status
moved_show(struct request *request)
{
    struct row_people_link *link;
    bool keeps;
    enum status status = find_link(request, &link, &keeps);

    if (status != STATUS_OK)
        return status;
    show_state(request, link, keeps);
    return keeps ? show_lists(request, link) : STATUS_OK;
}

/* The new address is proved: the worker asks the owners. */
static enum status
prove(struct request *request, const struct row_people_link *link)
{
    struct row_people_link_use *used;
    enum status status = db_begin(request->web->db);

    if (status == STATUS_OK)
        status = q_people_link_use(request->web->db, request, link->id, clock_now_us(), &used);
    if (status == STATUS_OK && used != NULL)
        status = q_moved_ask(request->web->db, link->id, lang_code(request->lang), link->email, clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK && used == NULL)
        show_state(request, link, false);
    out_bool(request->page, "is_done", status == STATUS_OK && used != NULL);
    return status;
}

static enum status
stop(struct request *request, const struct row_people_link *link)
{
    int64_t now = clock_now_us();
    enum status status = STATUS_OK;

    if (link->expires_at < now) {
        show_state(request, link, true);
        return show_lists(request, link);
    }
    status = db_begin(request->web->db);
    if (status == STATUS_OK)
        status = q_moved_stop(request->web->db, address_key_of(request, link->detail), address_key_of(request, link->email), link->email, now,
                              NULL);
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    out_bool(request->page, "is_done", status == STATUS_OK);
    return status == STATUS_OK ? show_lists(request, link) : status;
}

enum status
moved_act(struct request *request)
{
    struct row_people_link *link;
    bool keeps;
    enum status status = find_link(request, &link, &keeps);

    if (status != STATUS_OK)
        return status;
    return keeps ? stop(request, link) : prove(request, link);
}

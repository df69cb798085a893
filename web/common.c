/* common.c - what several pages do in the same way */
#include <string.h>

#include "mime/address.h"
#include "policy/list-filter.h"
#include "policy/roster.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "web/common.h"

struct actor
request_actor(const struct request *request)
{
    return (struct actor){
        .words = str_is_empty(request->me.email) ? "guest" : request->me.email, .user_id = request->me.user_id,
        .is_admin = request->standing.is_admin};
}

enum status
form_refuse(struct request *request, const struct fault *fault)
{
    struct out *out = out_object(request->page, "fault");

    request->response->http = 422;
    out_text(out, "field", fault->field);
    out_text(out, "sentence", tr(request->lang, fault->sentence));
    out_text(out, "hint", tr(request->lang, fault->hint));
    return STATUS_OK;
}

bool
form_address(const struct request *request, const char *name, const char **email_r, const char **key_r)
{
    TALLOC_CTX *ctx = (TALLOC_CTX *)request->input;
    struct address address;

    if (!address_parse(ctx, request_text(request, name), &address))
        return false;
    *key_r = address_key(ctx, &address);
    *email_r = address_text(ctx, &address);
    return *key_r != NULL;
}

enum status
own_commit(struct request *request, enum status status, int64_t changed, const char *action, int64_t list_id)
{
    struct actor actor = request_actor(request);

    if (status == STATUS_OK && changed > 0)
        status = audit_add(request->web->db, &actor, action, list_id, actor.words, "");
    return status == STATUS_OK ? db_commit(request->web->db) : status;
}

enum status
own_end(struct request *request, own_remove *remove, const char *action, const char *path)
{
    int64_t id = 0, removed = 0;
    enum status status = db_begin(request->web->db);

    str_to_int(request_param(request, "id"), 1, INT64_MAX, &id);
    if (status == STATUS_OK)
        status = remove(request->web->db, id, request->me.user_id, &removed);
    status = own_commit(request, status, removed, action, 0);
    if (status == STATUS_OK && removed > 0)
        response_send_to(request->response, path);
    return status == STATUS_OK && removed == 0 ? STATUS_NOT_FOUND : status;
}

enum status
link_code(struct request *request, int64_t id, const char **code_r)
{
    *code_r = random_code(request);
    return q_web_link_code(request->web->db, id, secret_hash(request, mem_printf(request, "%lld:%s", (long long)id, *code_r)), NULL);
}

enum status
link_make(struct request *request, const struct mail_link_order *order, const char **token_r, const char **code_r,
          int64_t *id_r)
{
    int64_t now = clock_now_us();
    struct row_web_link_add *row;
    enum status status;

    *token_r = random_token(request);
    status = q_web_link_add(request->web->db, request, secret_hash(request, *token_r), order->purpose, order->email,
                            order->list_id, order->return_to, now, now + order->lifetime_s * US_PER_S, &row);
    if (status != STATUS_OK)
        return status;
    if (id_r != NULL)
        *id_r = row->id;
    if (code_r == NULL)
        return STATUS_OK;
    return link_code(request, row->id, code_r);
}

enum status
mail_send(struct request *request, enum notice_kind kind, const char *to, const char *const args[NOTICE_ARGS])
{
    const struct list_seen *list = request->list;
    struct notice notice = {.kind = kind, .to = to, .lang = request->lang, .from_display = request->web->conf->site_name};
    struct row_web_domain_of_host *domain;
    enum status status;

    for (size_t i = 0; i < NOTICE_ARGS; i++)
        notice.args[i] = args[i];
    if (list != NULL) {
        notice.domain_id = list->domain_id;
        notice.domain = list->domain;
        notice.list_id = list->id;
        notice.list_name = list->name;
        notice.from_display = list->title;
        notice.base_url = request_site_url(request, request);
        return notice_add(request->web->db, &notice);
    }
    status = q_web_domain_of_host(request->web->db, request, str_lower(request, request->raw.host), &domain);
    if (status != STATUS_OK || domain == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    notice.domain_id = domain->id;
    notice.domain = domain->name;
    return notice_add(request->web->db, &notice);
}

const char *
size_words(struct request *request, size_t bytes)
{
    if (bytes < 10 * 1024)
        return tr_fill(request, tr(request->lang, N_("%1 bytes")), mem_printf(request, "%zu", bytes), NULL, NULL);
    if (bytes < 10 * 1024 * 1024)
        return mem_printf(request, "%zu KB", bytes / 1024);
    return mem_printf(request, "%zu MB", bytes / 1024 / 1024);
}

void
show_list_counts(struct out *row, const struct list_found *list)
{
    struct roster_count members = roster_count_of(list->members, list->tally);

    out_int(row, "members", members.members);
    out_bool(row, "is_about", members.is_about && members.members > 0);
    out_bool(row, "is_many", members.is_about && members.members == 0);
    out_int(row, "held", list->held);
    out_bool(row, "holds_many", list->held > ROSTER_EXACT);
}

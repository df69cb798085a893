/* list.c - the list that a path names */
#include <string.h>

#include "store/statements.h"
#include "web/list-known.h"
#include "web/list.h"

/* A list, and what the asker is to it: to a guest nothing, and nothing is asked. */
struct found { struct row_web_list *list; struct row_web_standing *standing; };

/* found_r->list is NULL where there is no such list. Who is signed in is asked about then as well: no time is to tell of a list. */
static enum status
find_list(struct request *request, const char *host, const char *name, const char *hash, struct found *found_r)
{
    static struct row_web_standing nothing;
    enum status status = list_read(request->web, &request->web->lists, request->web->db, request, host, name, hash, &found_r->list);

    found_r->standing = &nothing;
    if (status != STATUS_OK || request->me.user_id == 0)
        return status;
    status = q_web_standing(request->web->db, request, found_r->list != NULL ? found_r->list->id : 0, request->me.user_id, &found_r->standing);
    if (status == STATUS_OK && found_r->standing == NULL)
        found_r->list = NULL;       /* erased between the two */
    return status;
}

static void
take_standing(struct standing *standing, const struct found *found)
{
    const struct row_web_list *row = found->list;
    const struct row_web_standing *own = found->standing;

    standing->has_list = true;
    standing->is_member = own->is_member;
    standing->is_moderator = own->is_moderator;
    standing->rights = moderator_bits(own->rights.items, own->rights.count);
    standing->is_owner = own->is_owner;
    standing->is_domain_owner = own->is_domain_owner;
    standing->list_is_advertised = row->advertised;
    standing->archive_is_public = str_eq(row->archive_policy, "public");
    standing->roster_is_public = str_eq(row->roster, "public");
    standing->roster_is_for_members = !str_eq(row->roster, "moderators");
    standing->addresses_are_for_members = str_eq(row->addresses, "members");
    standing->addresses_are_for_nobody = str_eq(row->addresses, "nobody");
    standing->archive_is_kept = !str_eq(row->archive_policy, "never");
}

static struct list_seen *
seen_of(struct request *request, const struct found *found)
{
    const struct row_web_list *row = found->list;
    struct list_seen *list = mem_new(request, struct list_seen);
    const char *local = row->ambiguous ? mem_printf(list, "%s.%s", row->name, row->domain) : row->name;

    *list = (struct list_seen){
        .id = row->id, .domain_id = row->domain_id, .member_id = found->standing->member_id, .held = found->standing->held, .name = row->name, .domain = row->domain,
        .address = mem_printf(list, "%s@%s", row->name, row->domain), .title = row->title, .description = row->description,
        .language = row->language, .path = mem_printf(list, "/lists/%s/", local), .web_host = row->web_host,
        .looked = row->looked, .changed = row->changed, .thread_version = row->thread_version,
        .is_unlisted = !row->search_engines, .time_zone = row->time_zone,
        .shows_markdown = row->shows_markdown};
    return list;
}

/* "Name@domain", "name%40domain", its List-Id and capitals are other ways to write it. */
static char *
plain_name(TALLOC_CTX *ctx, const char *name)
{
    char *plain = str_lower(ctx, name), *at = strchr(plain, '@');

    if (at != NULL)
        *at = '.';
    return plain;
}

/* The post that the path names, if it does. */
static const char *
hash_asked(const struct request *request)
{
    for (size_t i = 0; i < request->params.count; i++)
        if (str_eq(request->params.rows[i].name, "hash"))
            return request->params.rows[i].value;
    return NULL;
}

enum status
list_load_as_known(struct request *request, const char *name, const char *domain)
{
    struct row_web_list_known *known;
    struct found found;
    enum status status = q_web_list_known(request->web->db, request, name, domain, &known);

    if (status != STATUS_OK || known == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    status = find_list(request, known->web_host, mem_printf(request, "%s.%s", name, domain), NULL, &found);
    if (status != STATUS_OK || found.list == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    take_standing(&request->standing, &found);
    request->list = seen_of(request, &found);
    if (request->lang == NULL)
        request->lang = i18n_lang(request->web->i18n, found.list->language);
    return STATUS_OK;
}

enum status
list_standing(struct request *request, const char *name, const char *domain, struct standing *standing_r)
{
    struct row_web_list_known *known;
    struct found found = {NULL, NULL};
    enum status status = q_web_list_known(request->web->db, request, name, domain, &known);

    if (status == STATUS_OK && known != NULL)
        status = find_list(request, known->web_host, mem_printf(request, "%s.%s", name, domain), NULL, &found);
    if (status != STATUS_OK || found.list == NULL)
        return status == STATUS_OK ? STATUS_NOT_FOUND : status;
    *standing_r = request->standing;
    take_standing(standing_r, &found);
    return STATUS_OK;
}

/* Sends to the same page of the list under its present name, on its own host when that is another one. Addresses of archives before
 * this one (core/archive/old-address.h) send on by themselves, but for the host. False: nothing is to be sent on. */
static bool
send_on(struct request *request, const char *web_host)
{
    const char *rest = strchr(request->path + strlen("/lists/"), '/'), *query = strchr(request->raw.uri, '?');
    const char *path = mem_printf(request, "%s%s%s", request->list->path, rest != NULL ? rest + 1 : "", query != NULL ? query : "");

    if (!str_starts(request->route->pattern, "/lists/"))
        path = request->path_raw;
    if (web_host != NULL)
        response_moved_away(request->response, conf_url_of(request, request->web->conf->site_url, web_host), path);
    else if (path != request->path_raw)
        response_moved(request->response, path);
    return web_host != NULL || path != request->path_raw;
}

/* Whoever may bring a removed list back is led to where that is done. */
static enum status
load_ended(struct request *request, const char *host, const char *name, bool *moved_r)
{
    struct row_web_list_ended *ended = NULL;
    enum status status = STATUS_OK;

    if (request->standing.is_signed_in && request->route->method == ROUTE_GET)
        status = q_web_list_ended(request->web->db, request, 0, host, name, request->me.user_id, request->standing.is_admin, &ended);
    if (status == STATUS_OK && ended != NULL) {
        response_send_to(request->response, mem_printf(request, "/ended/%lld", (long long)ended->id));
        *moved_r = true;
    }
    return status;
}

/* By an old name of the list, or another name of its domain. Only those who may see the list learn its present name. `refused` is the
 * list that has the name now and is not to be seen, or 0: asked for as one that is not there, so that both take the same statements. */
static enum status
load_moved(struct request *request, int64_t refused, const char *host, const char *name, bool *moved_r)
{
    struct row_web_list_moved *moved;
    struct found found;
    enum status status = q_web_list_moved(request->web->db, request, host, name, &moved);

    if (status != STATUS_OK)
        return status;
    if (moved == NULL || moved->id == refused || (!moved->advertised && !request->standing.is_signed_in))
        return load_ended(request, host, name, moved_r);
    status = find_list(request, moved->web_host, mem_printf(request, "%s.%s", moved->name, moved->domain), NULL, &found);
    if (status != STATUS_OK || found.list == NULL)
        return status;
    take_standing(&request->standing, &found);
    if (!may(&request->standing, RIGHT_SEE) || (!moved->here && request->route->method != ROUTE_GET))
        return STATUS_OK;
    request->list = seen_of(request, &found);
    if (request->route->method == ROUTE_GET)
        *moved_r = send_on(request, moved->here ? NULL : moved->web_host);
    return STATUS_OK;
}

enum status
list_load(struct request *request, const char *name, bool *moved_r)
{
    const char *plain = plain_name(request, name), *host = str_lower(request, request->raw.host != NULL ? request->raw.host : "");
    struct found found;
    enum status status;

    *moved_r = false;
    status = find_list(request, host, plain, hash_asked(request), &found);
    if (status != STATUS_OK)
        return status;
    if (found.list == NULL)
        return load_moved(request, 0, host, plain, moved_r);
    take_standing(&request->standing, &found);
    if (!may(&request->standing, RIGHT_SEE))
        return load_moved(request, found.list->id, host, plain, moved_r);
    request->list = seen_of(request, &found);
    if (!str_eq(request->list->path, mem_printf(request, "/lists/%s/", name)) && request->route->method == ROUTE_GET)
        *moved_r = send_on(request, NULL);
    return STATUS_OK;
}

enum status
domain_load(struct request *request, const char *name)
{
    struct row_web_domain *row;
    enum status status = q_web_domain(request->web->db, request, str_lower(request, name), request->me.user_id, &row);

    if (status != STATUS_OK || row == NULL)
        return status;
    request->domain = mem_new(request, struct domain_seen);
    *request->domain = (struct domain_seen){.id = row->id, .name = row->name, .web_host = row->web_host};
    request->standing.has_domain = true;
    request->standing.is_domain_owner = row->is_owner;
    return STATUS_OK;
}

void
list_show(struct request *request)
{
    const struct list_seen *list = request->list;
    struct out *out = out_object(request->data, "List");
    struct row_web_requests_count *requests;

    out_text(out, "name", list->name);
    out_text(out, "title", list->title);
    out_text(out, "address", list->address);
    out_text(out, "description", list->description);
    out_text(out, "language", list->language);
    out_text(out, "path", list->path);
    out_bool(out, "is_member", request->standing.is_member);
    out_bool(out, "may_read", request_may(request, RIGHT_READ));
    out_bool(out, "may_moderate", request_may(request, RIGHT_MODERATE));
    if (request_may(request, RIGHT_MODERATE))
        out_int(out, "held", list->held);
    out_bool(out, "may_see_members", request_may(request, RIGHT_ROSTER));
    out_bool(out, "may_decide_requests", request_may(request, RIGHT_REQUESTS));
    if (request_may(request, RIGHT_REQUESTS) && q_web_requests_count(request->web->db, request, list->id, &requests) == STATUS_OK)
        out_int(out, "requests", requests->waiting);
    out_bool(out, "may_ban", request_may(request, RIGHT_BANS));
    out_bool(out, "may_see_members", request_may(request, RIGHT_ROSTER));
    out_bool(out, "may_own", request_may(request, RIGHT_OWN));
    out_bool(out, "may_rename", request_may(request, RIGHT_DOMAIN));
    out_bool(out, "has_archive", request->standing.archive_is_kept);
}

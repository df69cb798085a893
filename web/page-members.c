/* page-members.c - who is on a list: a page of people, sorted, searched or filtered */
#include "policy/member.h"
#include "policy/roster.h"
#include "store/statements.h"
#include "web/common.h"
#include "web/member.h"
#include "web/page.h"

static const struct { const char *role, *title, *none; } roles[] = {
    {"member", N_("Members"), N_("Nobody is a member yet.")},
    {"nonmember", N_("Others who write"), N_("Nobody is remembered who writes without being a member.")},
    {"moderator", N_("Moderators"), N_("This list has no moderators. Its owners decide.")},
    {"owner", N_("Owners"), N_("This list has no owner. Site administrators look after it.")},
};

const char *
role_title(const char *role)
{
    for (size_t i = 0; i < COUNT_OF(roles); i++)
        if (str_eq(roles[i].role, role))
            return roles[i].title;
    return "";
}

char *
role_path(struct request *request, const char *role)
{
    return mem_printf(request, "%smembers%s%s", request->list->path, str_eq(role, "member") ? "" : "/",
                      str_eq(role, "member") ? "" : role);
}

void
show_roles(struct request *request, const char *current)
{
    struct out *rows = out_rows(request->page, "roles");

    out_text(request->page, "role", current);
    out_text(request->page, "role_title", tr(request->lang, role_title(current)));
    out_text(request->page, "role_path", role_path(request, current));
    out_bool(request->page, "may_change", request_may(request, RIGHT_MEMBERS));
    out_bool(request->page, "may_own", request_may(request, RIGHT_OWN));
    out_bool(request->page, "is_member_role", str_eq(current, "member"));
    for (size_t i = 0; i < COUNT_OF(roles) && request_may(request, RIGHT_MEMBERS); i++) {
        struct out *row = out_row(rows);

        out_text(row, "path", role_path(request, roles[i].role));
        out_text(row, "title", tr(request->lang, roles[i].title));
        out_bool(row, "is_current", str_eq(roles[i].role, current));
    }
}

bool
role_may_change(const struct request *request, const char *role)
{
    return request_may(request, str_eq(role, "owner") || str_eq(role, "moderator") ? RIGHT_OWN : RIGHT_MEMBERS);
}

/* ---- words for what a row says ---- */

const char *
delivery_sentence(const char *status)
{
    static const struct { const char *status, *sentence; } sentences[] = {
        {"by_user", N_("stopped by the member")}, {"by_bounces", N_("stopped: mail came back")}, {"by_moderator", N_("stopped by an owner")},
    };

    for (size_t i = 0; i < COUNT_OF(sentences); i++)
        if (str_eq(sentences[i].status, status))
            return sentences[i].sentence;
    return N_("each post");
}

const char *
moderation_sentence(const char *action)
{
    static const struct { const char *action, *sentence; } sentences[] = {
        {"accept", N_("posts pass")}, {"hold", N_("posts are held")}, {"reject", N_("posts are refused")},
        {"discard", N_("posts are discarded")}, {"defer", N_("posts go by the other rules")},
    };

    for (size_t i = 0; i < COUNT_OF(sentences); i++)
        if (str_eq(sentences[i].action, action))
            return sentences[i].sentence;
    return "";
}

/* ---- the page ---- */

static void
show_row(struct request *request, struct out *row, const struct roster_row *found)
{
    bool digest = found->delivery_mode != NULL && !str_eq(found->delivery_mode, "regular");

    out_int(row, "id", found->id);
    out_text(row, "name", found->name);
    out_text(row, "email", found->email);
    if (found->delivery_status != NULL) {
        bool is_on = str_eq(found->delivery_status, "enabled");

        out_bool(row, "is_stopped", !is_on);
        out_text(row, "delivery", tr(request->lang, is_on && digest ? N_("digests") : delivery_sentence(found->delivery_status)));
    }
    if (!str_is_empty(found->moderation_action))
        out_text(row, "moderation", tr(request->lang, moderation_sentence(found->moderation_action)));
    out_time(row, "joined_at", found->joined_at);
    out_time(row, "last_bounce_at", found->last_bounce_at);
}

/* Where a link leads: the same page with something else in its query. */
static char *
path_with(struct request *request, const struct roster_query *query, const char *where, int64_t id)
{
    struct str *path = str_new(request);

    str_addf(path, "%s?", role_path(request, query->role));
    if (!str_is_empty(query->search))
        str_addf(path, "q=%s&", url_escape(path, query->search));
    else if (!str_is_empty(query->filter))
        str_addf(path, "filter=%s&", query->filter);
    else {
        str_addf(path, "sort=%s&", roster_sort_word(query->sort));
        if (query->is_backward)
            str_add(path, "back=1&");
    }
    if (id != 0)
        str_addf(path, "%s=%lld", where, (long long)id);
    else if (where != NULL)
        str_addf(path, "%s=1", where);
    if (path->s[path->len - 1] == '&' || path->s[path->len - 1] == '?')
        path->s[--path->len] = '\0';
    return path->s;
}

static void
show_sorts(struct request *request, const struct roster_query *query, bool is_plain)
{
    static const char *const titles[ROSTER_SORTS] = {N_("Address"), N_("Name"), N_("Joined"), N_("Last mail that came back")};
    struct out *rows = out_rows(request->page, "sorts");

    for (int i = 0; i < ROSTER_SORTS; i++) {
        struct roster_query other = *query;
        struct out *row = out_row(rows);
        bool is_current = is_plain && query->sort == (enum roster_sort)i;

        other.sort = (enum roster_sort)i;
        other.search = other.filter = NULL;
        /* times begin with the newest; a second click turns the order round */
        other.is_backward = is_current ? !query->is_backward : i >= ROSTER_BY_JOINED;
        out_text(row, "title", tr(request->lang, titles[i]));
        out_text(row, "path", path_with(request, &other, NULL, 0));
        out_bool(row, "is_current", is_current);
        out_bool(row, "is_up", is_current && !query->is_backward);
    }
}

static void
show_filters(struct request *request, const struct roster_query *query)
{
    struct out *rows = out_rows(request->page, "filters");

    for (const struct roster_filter *filter = roster_filters(); filter->word != NULL; filter++) {
        struct roster_query other = {.role = query->role, .filter = filter->word};
        struct out *row = out_row(rows);

        out_text(row, "label", tr(request->lang, filter->label));
        out_text(row, "path", path_with(request, &other, NULL, 0));
        out_bool(row, "is_current", str_eq(filter->word, query->filter));
        if (str_eq(filter->word, query->filter))
            out_text(request->page, "filter", tr(request->lang, filter->label));
    }
}

static void
show_links(struct request *request, const struct roster_query *query, const struct roster *roster, bool is_plain)
{
    const struct roster_row *last = roster->count > 0 ? &roster->rows[roster->count - 1] : NULL;

    if (roster->has_less)
        out_text(request->page, "first", path_with(request, query, NULL, 0));
    if (roster->has_less && is_plain && last != NULL)
        out_text(request->page, "previous", path_with(request, query, "before", roster->rows[0].id));
    if (roster->has_more && last != NULL)
        out_text(request->page, "next", mem_printf(request, "%s%s", path_with(request, query, "after", last->id),
                                                   last->by_name ? "&names=1" : ""));
    if (roster->has_more && is_plain)
        out_text(request->page, "last", path_with(request, query, "last", 0));
}

static void
show_count(struct request *request, const struct roster_count *count)
{
    out_int(request->page, "count", count->members);
    out_bool(request->page, "is_about", count->is_about);
    out_bool(request->page, "is_many", count->is_about && count->members == 0);
}

static const char *
known_filter(const char *word)
{
    for (const struct roster_filter *filter = roster_filters(); filter->word != NULL; filter++)
        if (str_eq(filter->word, word))
            return filter->word;
    return NULL;
}

static struct roster_query
read_query(struct request *request, const char *role)
{
    struct roster_query query = {.list_id = request->list->id, .role = role};

    if (request->route->method != ROUTE_GET)        /* a form that was refused: the first page again */
        return query;
    query.sort = roster_sort_of(request_text(request, "sort"));
    query.is_backward = request_has(request, "back");
    query.search = request_text(request, "q");
    query.after = request_int(request, "after", 1, INT64_MAX, 0);
    query.before = request_int(request, "before", 1, INT64_MAX, 0);
    query.names = request_has(request, "names");
    query.is_last = request_has(request, "last");
    query.filter = known_filter(request_text(request, "filter"));
    if (!request_may(request, RIGHT_MEMBERS)) {         /* a roster is read, not searched: prefixes would tell hidden addresses */
        query.search = query.filter = NULL;
        query.sort = ROSTER_BY_NAME;
        query.is_backward = false;
    }
    return query;
}

static enum status
show_roster(struct request *request, const char *role)
{
    struct roster_query query = read_query(request, role);
    bool is_search = !str_is_empty(query.search), is_plain = !is_search && query.filter == NULL;
    struct out *rows = out_rows(request->page, "people");
    struct roster_count count = {0};
    struct roster roster;
    enum status status = roster_read(request->web->db, request, &query, &roster);

    if (status == STATUS_OK && is_search)
        status = roster_count_found(request->web->db, request, &query, &count);
    else if (status == STATUS_OK && is_plain)
        status = roster_count(request->web->db, request, request->list->id, role, &count);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < roster.count; i++) {
        roster_hide(request, &request->standing, &roster.rows[i]);
        show_row(request, out_row(rows), &roster.rows[i]);
    }
    show_roles(request, role);
    show_count(request, &count);
    show_sorts(request, &query, is_plain);
    show_filters(request, &query);
    show_links(request, &query, &roster, is_plain);
    out_text(request->page, "q", query.search);
    out_bool(request->page, "is_plain", is_plain);
    out_bool(request->page, "is_empty", is_plain && roster.count == 0 && !roster.has_less);
    for (size_t i = 0; i < COUNT_OF(roles); i++)
        if (str_eq(roles[i].role, role))
            out_text(request->page, "none", tr(request->lang, roles[i].none));
    return STATUS_OK;
}

/* What was done before this page was asked for: "removed", "added" ... with a number. */
static void
show_done(struct request *request)
{
    out_text(request->page, "done", request_text(request, "done"));
    out_int(request->page, "done_count", request_int(request, "count", 0, PEOPLE_MAX, 0));
}

enum status
page_members(struct request *request, struct fault *fault)
{
    (void)fault;
    show_done(request);
    return show_roster(request, "member");
}

enum status
page_members_role(struct request *request, struct fault *fault)
{
    const char *role = request_param(request, "role");

    (void)fault;
    if (!member_role_is_known(role))
        return STATUS_NOT_FOUND;
    if (str_eq(role, "member")) {
        response_moved(request->response, role_path(request, role));
        return STATUS_OK;
    }
    show_done(request);
    return show_roster(request, role);
}

/* One address for a role, typed below the table of those who have it. */
enum status
page_members_role_add(struct request *request, struct fault *fault)
{
    const char *role = request_param(request, "role"), *key = NULL;
    struct actor actor = request_actor(request);
    struct person person = {.name = ""};
    enum status status;

    if (!member_role_is_known(role) || str_eq(role, "member"))
        return STATUS_NOT_FOUND;
    if (!role_may_change(request, role))
        return STATUS_NOT_ALLOWED;
    if (!form_address(request, "email", &person.email, &key))
        fault_set(fault, STATUS_INVALID, "email", N_("This does not look like a mail address. It should be like hana@example.jp."));
    person.key = key;
    if (fault->sentence == NULL) {
        status = member_add(request->web->db, &actor, request, request->list->id, role, &person, 1);
        if (status != STATUS_OK)
            return status;
        if (person.outcome == PERSON_ADDED) {
            response_send_to(request->response, mem_printf(request, "%s?done=added&count=1", role_path(request, role)));
            return STATUS_OK;
        }
        fault_setf(fault, request, STATUS_INVALID, "email", "%s",
                   mem_printf(request, "%s: %s", person.email, tr(request->lang, person_outcome_sentence(person.outcome))));
    }
    out_text(request->page, "email", request_text(request, "email"));
    form_refuse(request, fault);
    return show_roster(request, role);
}

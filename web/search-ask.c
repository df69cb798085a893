/* search-ask.c - what somebody asks of the archive: the query, where, and what of it they may read */
#include "web/limit.h"
#include "web/search-ask.h"
#include "web/search-show.h"

enum { MINUTE_S = 60 };

/* "/search", "/lists/NAME/search". */
static char *
path_of(struct request *request, const char *form)
{
    return mem_printf(request, "%s%s", request->list != NULL ? request->list->path : "/", form);
}

struct search_ask
search_ask_of(struct request *request)
{
    bool is_json = str_ends(request->route->pattern, ".json");
    struct search_ask ask = {.text = request_text(request, "q"), .path = path_of(request, is_json ? "search.json" : "search"),
                             .is_first = true};

    if (request->list == NULL)
        ask.lists = request_ids(request, request, "list");
    if (!query_read(request, ask.text, &ask.query, &ask.why))
        ask.query = NULL;
    return ask;
}

void
search_ask_place(struct request *request, struct search_ask *ask)
{
    ask->is_best = str_eq(request_text(request, "sort"), "best");
    ask->from = request_int(request, "from", 1, SEARCH_RANK_MOST, 0);
    ask->before = (struct search_key){request_int(request, "before", 1, INT64_MAX, 0), request_int(request, "id", 0, INT64_MAX, 0)};
    if (ask->before.at_us == 0)
        ask->before.post_id = 0;
    ask->is_first = ask->before.at_us == 0 && ask->from == 0;
}

static enum status
take_limit(struct request *request)
{
    int most = request->web->conf->limits_search_minute;

    if (request->standing.is_signed_in)
        return limit_take(request, "search-user", mem_printf(request, "%lld", (long long)request->me.user_id), 2 * most, MINUTE_S);
    return limit_take(request, "search", limit_net(request), most, MINUTE_S);
}

enum status
search_ask_open(struct request *request, struct search_ask *ask)
{
    enum status status = take_limit(request);

    if (status == STATUS_OK)
        status = search_scope_for(request, &ask->scope);
    if (status == STATUS_OK && ask->lists.count > 0)
        status = search_scope_narrow(request->web->db, request, &ask->scope, ask->lists);
    return status == STATUS_OK ? search_name_lists(request->web->db, request, &ask->scope, ask->query) : status;
}

enum status
search_ask_strictly(struct request *request, struct search_ask *ask_r, struct fault *fault)
{
    *ask_r = search_ask_of(request);
    if (ask_r->query == NULL)
        return fault_set(fault, STATUS_INVALID, "q", search_fault_words(request, &ask_r->why));
    if (ask_r->query->root == NULL)
        return fault_set(fault, STATUS_INVALID, "q", N_("The query is empty."));
    return search_ask_open(request, ask_r);
}

char *
search_ask_link(struct request *request, const struct search_ask *ask, const char *form)
{
    struct str *link = str_new(request);

    str_addf(link, "%s?q=%s", path_of(request, form), url_escape(link, ask->text));
    for (size_t i = 0; i < ask->lists.count; i++)
        str_addf(link, "&list=%lld", (long long)ask->lists.items[i]);
    return link->s;
}

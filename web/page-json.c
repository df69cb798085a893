/* page-json.c - lists, months, threads, messages and what a search finds as JSON
 *
 * The very tree that the page's handler fills, printed in another way: so nobody reads here what the page would not show, and what a
 * page learns to show is here too. Times are ISO 8601. */
#include <string.h>

#include "web/archive.h"
#include "web/page.h"

/* Where the page is elsewhere, its JSON is there too: "Location: /lists/NAME/thread/HASH?...#..." */
static void
follow(struct request *request)
{
    const char *at = strstr(request->response->fields->s, "/thread/"), *hash;

    if (at == NULL)
        return;
    at += strlen("/thread/");
    hash = mem_strndup(request, at, strcspn(at, "?#/\r"));
    str_clear(request->response->fields);
    response_found(request->response, mem_printf(request, "%sthread/%s.json", request->list->path, hash));
}

static struct out *
list_tree(struct request *request)
{
    const struct list_seen *list = request->list;
    struct out *tree = out_new(request);

    out_text(tree, "name", list->name);
    out_text(tree, "address", list->address);
    out_text(tree, "title", list->title);
    out_text(tree, "description", list->description);
    out_text(tree, "language", list->language);
    out_text(tree, "page", mem_printf(request, "%s%s", request_site_url(request, request), list->path));
    out_bool(tree, "is_reduced", archive_hides_addresses(request));
    return tree;
}

static enum status
print(struct request *request, enum status status, const char *name)
{
    struct str *body = request->response->body;

    request->template = NULL;
    if (status == STATUS_OK && request->response->http != 200)
        follow(request);
    if (status != STATUS_OK || request->response->http != 200)
        return status;
    request->response->content_type = "application/json";
    response_field(request->response, "X-Robots-Tag", "noindex");
    str_add(body, "{");
    if (request->list != NULL) {
        str_add(body, "\"list\":");
        out_json(body, list_tree(request));
        str_add(body, ",");
    }
    str_addf(body, "\"%s\":", name);
    out_json(body, request->page);
    str_add(body, "}\n");
    return STATUS_OK;
}

enum status
page_list_json(struct request *request, struct fault *fault)
{
    return print(request, page_list(request, fault), "overview");
}

enum status
page_month_json(struct request *request, struct fault *fault)
{
    return print(request, page_month(request, fault), "month");
}

enum status
page_thread_json(struct request *request, struct fault *fault)
{
    return print(request, page_thread(request, fault), "thread");
}

enum status
page_message_json(struct request *request, struct fault *fault)
{
    return print(request, page_message(request, fault), "message");
}

/* What is no query is said where the hits would be. */
enum status
page_search_json(struct request *request, struct fault *fault)
{
    enum status status = print(request, page_search(request, fault), "search");

    if (status == STATUS_OK && out_get(request->page, "fault") != NULL)
        request->response->http = status_row(STATUS_INVALID)->http;
    return status;
}

enum status
page_list_search_json(struct request *request, struct fault *fault)
{
    return page_search_json(request, fault);
}

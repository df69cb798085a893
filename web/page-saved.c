/* page-saved.c - searches that people keep, and feeds of what a search finds */
#include <string.h>

#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "web/body.h"
#include "web/common.h"
#include "web/feed.h"
#include "web/limit.h"
#include "web/page.h"
#include "web/search-ask.h"
#include "web/search-show.h"

enum { HOUR_S = 3600, DAY_S = 86400, AN_HOUR = 120, SAVED_A_DAY = 50, NAME_LETTERS = 60, ENTRY_LETTERS = 10000 };

/* ---- one's own ---- */

static enum status
show_mine(struct request *request)
{
    struct out *rows = out_rows(request->page, "searches");
    struct row_saved_searches *saved;
    size_t count;
    enum status status = q_saved_searches(request->web->db, request, request->me.user_id, request->standing.is_admin, &saved,
                                          &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);
        bool is_gone = saved[i].list_id != 0 && saved[i].list_slug == NULL;
        const char *path = saved[i].list_id == 0 ? "/search" : is_gone ? NULL : mem_printf(row, "/lists/%s/search", saved[i].list_slug);

        out_int(row, "id", saved[i].id);
        out_text(row, "name", saved[i].name);
        out_text(row, "query", saved[i].query);
        out_text(row, "list", saved[i].list_title);
        out_bool(row, "is_gone", is_gone);
        if (!is_gone)
            out_text(row, "path", mem_printf(row, "%s?q=%s", path, url_escape(row, saved[i].query)));
        out_time(row, "at", saved[i].created_at);
    }
    return status;
}

enum status
page_saved_searches(struct request *request, struct fault *fault)
{
    (void)fault;
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return show_mine(request);
}

/* What was typed has to be a query, and have a name. */
static enum status
check_search(struct request *request, struct fault *fault)
{
    struct query_fault why;
    struct query *query;

    if (!query_read(request, request_text(request, "q"), &query, &why)) {
        fault->field = "q";
        fault->sentence = search_fault_words(request, &why);
        return STATUS_INVALID;
    }
    if (query->root == NULL)
        return fault_set(fault, STATUS_INVALID, "q", N_("The query is empty."));
    if (str_is_empty(request_text(request, "name")))
        return fault_set(fault, STATUS_INVALID, "name", N_("Give the search a name."));
    return STATUS_OK;
}

/* One of the lists that may be read, or 0 for all of them. */
static enum status
check_list(struct request *request, int64_t list_id)
{
    struct search_scope scope;
    enum status status = list_id == 0 ? STATUS_OK : search_scope_for(request, &scope);

    if (status != STATUS_OK || list_id == 0)
        return status;
    status = search_scope_narrow(request->web->db, request, &scope, (struct int_array){&list_id, 1});
    return status != STATUS_OK || scope.lists.count == 1 ? status : STATUS_NOT_FOUND;
}

static enum status
save(struct request *request, int64_t list_id, const char *token, int64_t *added_r)
{
    const char *name = utf8_cut(request, request_text(request, "name"), NAME_LETTERS);
    enum status status = db_begin(request->web->db);

    if (status == STATUS_OK)
        status = q_saved_search_add(request->web->db, request->me.user_id, list_id, name, request_text(request, "q"),
                                    secret_hash(request, token), clock_now_us(), added_r);
    return own_commit(request, status, *added_r, "search_save", list_id);
}

enum status
page_search_save(struct request *request, struct fault *fault)
{
    int64_t list_id = request_int(request, "list", 1, INT64_MAX, 0), added = 0;
    const char *token = random_token(request);
    enum status status = limit_take(request, "search-save", mem_printf(request, "%lld", (long long)request->me.user_id), SAVED_A_DAY, DAY_S);

    if (status != STATUS_OK)
        return status;
    status = check_search(request, fault);
    if (status == STATUS_OK)
        status = check_list(request, list_id);
    if (status == STATUS_OK)
        status = save(request, list_id, token, &added);
    if (status == STATUS_OK && added == 0)
        status = fault_set(fault, STATUS_INVALID, "name", N_("You have saved 50 searches, which is as many as there may be. Remove some."));
    if (status == STATUS_OK)
        feed_show_secret(request, token);
    if (status != STATUS_OK && status != STATUS_INVALID)
        return status;
    if (status == STATUS_INVALID)
        form_refuse(request, fault);
    return show_mine(request);
}

enum status
page_search_drop(struct request *request, struct fault *fault)
{
    (void)fault;
    return own_end(request, q_saved_search_remove, "search_drop", "/me/searches?saved=1");
}

/* ---- the feed ---- */

static void
add_entry(struct request *request, const struct search_scope *scope, const struct row_search_shown *post)
{
    bool hide = !search_scope_belongs(scope, post->list_id);
    const char *site = request_site_url(request, request);
    const char *subject = str_is_empty(post->subject) ? request_tr(request, N_("(no subject)")) : words_shown(request, post->subject, hide);
    const char *text = post->body != NULL ? search_plain_text(request, post->body, hide)
                                          : hide ? mask_addresses(request, post->excerpt) : post->excerpt;

    atom_entry(request->response->body, &(struct atom_entry){
        .id = feed_tag(request, mem_printf(request, "%lld/%s", (long long)post->list_id, post->hash)),
        .page = mem_printf(request, "%s/lists/%s/message/%s", site, post->slug, post->hash),
        .title = request->list != NULL ? subject : mem_printf(request, "%s: %s", post->list_title, subject),
        .author = author_name(request, post->from_name, post->from_address, hide), .text = text,
        .published_us = post->accepted_at, .updated_us = post->accepted_at});
}

enum status
feed_of_search(struct request *request, const struct search_scope *scope, const struct query *query, const struct atom_feed *feed)
{
    struct atom_feed named = *feed;
    struct row_search_shown *posts;
    struct search_found found;
    int64_t ids[ATOM_ENTRIES];
    size_t count;
    enum status status = search_newest(request->web->db, request, scope, query, (struct search_key){0, 0}, ATOM_ENTRIES, ATOM_ENTRIES, &found);

    for (size_t i = 0; status == STATUS_OK && i < found.count; i++)
        ids[i] = found.hits[i].post_id;
    if (status == STATUS_OK)
        status = q_search_shown(request->web->db, request, (struct int_array){ids, found.count}, ENTRY_LETTERS, &posts, &count);
    if (status != STATUS_OK)
        return status;
    if (count > 0)
        named.updated_us = posts[0].accepted_at;
    feed_begin(request, &named);
    for (size_t i = 0; i < count; i++)
        add_entry(request, scope, &posts[i]);
    atom_end(request->response->body);
    return STATUS_OK;
}

/* ---- by its own address ---- */

enum status
page_search_feed(struct request *request, struct fault *fault)
{
    const char *site = request_site_url(request, request), *link;
    struct search_ask ask;
    enum status status = search_ask_strictly(request, &ask, fault);

    if (status != STATUS_OK)
        return status;
    link = search_ask_link(request, &ask, "search.atom");
    return feed_of_search(request, &ask.scope, ask.query, &(struct atom_feed){
        .id = feed_tag(request, request->list == NULL ? link + 1 : mem_printf(request, "%lld/search?q=%s", (long long)request->list->id,
                                                                            url_escape(request, ask.text))),
        .title = ask.text, .subtitle = request->list != NULL ? request->list->title : request->web->conf->site_name,
        .self = mem_printf(request, "%s%s", site, link), .page = mem_printf(request, "%s%s", site, search_ask_link(request, &ask, "search")),
        .lang = lang_code(request->lang), .updated_us = ask.scope.newest_us});
}

enum status
page_list_search_feed(struct request *request, struct fault *fault)
{
    return page_search_feed(request, fault);
}

/* ---- kept ---- */

/* What its owner may read at this very moment. */
static enum status
open_saved(struct request *request, const struct row_saved_search_find *saved, struct search_scope *scope_r, struct query **query_r)
{
    const char *host = request->raw.host != NULL ? request->raw.host : "";
    struct query_fault why;
    enum status status = search_scope_of(request->web->db, request, host, saved->user_id, saved->is_admin, scope_r);

    if (status == STATUS_OK && saved->list_id != 0)
        status = search_scope_narrow(request->web->db, request, scope_r, (struct int_array){&saved->list_id, 1});
    if (status != STATUS_OK)
        return status;
    if (scope_r->lists.count == 0 || !query_read(request, saved->query, query_r, &why))
        return STATUS_NOT_FOUND;
    return search_name_lists(request->web->db, request, scope_r, *query_r);
}

enum status
page_saved_feed(struct request *request, const char *token)
{
    const char *site = request_site_url(request, request);
    struct row_saved_search_find *saved;
    struct search_scope scope;
    struct query *query;
    enum status status = q_saved_search_find(request->web->db, request, secret_hash(request, token), &saved);

    if (status != STATUS_OK || saved == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    status = limit_take(request, "feed", token, AN_HOUR, HOUR_S);
    if (i18n_lang(request->web->i18n, saved->language) != NULL)
        request->lang = i18n_lang(request->web->i18n, saved->language);
    if (status == STATUS_OK)
        status = open_saved(request, saved, &scope, &query);
    if (status != STATUS_OK)
        return status;
    return feed_of_search(request, &scope, query, &(struct atom_feed){
        .id = feed_tag(request, mem_printf(request, "search/%lld", (long long)saved->id)), .title = saved->name, .subtitle = saved->query,
        .self = mem_printf(request, "%s%s", site, request->path),
        .page = mem_printf(request, "%s/search?q=%s", site, url_escape(request, saved->query)), .lang = lang_code(request->lang),
        .updated_us = saved->created_at});
}

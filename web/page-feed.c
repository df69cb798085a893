/* page-feed.c - feeds: of a list, of a thread, and private ones
 *
 * Entries are named by a tag URI (RFC 4151) of the site, the list's number and the message's hash, which stays whatever the list is
 * called later. A private feed shows what its owner may read at this very moment, and no more. */
#include <string.h>

#include "mime/part.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "web/archive.h"
#include "web/atom.h"
#include "web/body.h"
#include "web/common.h"
#include "web/feed.h"
#include "web/limit.h"
#include "web/page.h"

enum { HOUR_S = 3600, PRIVATE_AN_HOUR = 240, MADE_A_DAY = 50, DAY_S = 86400 };

/* Where entries are from. */
struct source { int64_t list_id; const char *url; /* ".../lists/NAME/" */ bool hides_addresses; const char *title; };

const char *
feed_tag(struct request *request, const char *what)
{
    const char *host = strstr(request->web->conf->site_url, "://");

    host = host != NULL ? host + 3 : request->web->conf->site_url;
    return mem_printf(request, "tag:%.*s,2026:%s", (int)strcspn(host, ":/"), host, what);
}

static const char *
message_tag(struct request *request, const struct source *source, const char *hash)
{
    return feed_tag(request, mem_printf(request, "%lld/%s", (long long)source->list_id, hash));
}

/* Masked as on pages. */
static const char *
text_of(struct request *request, const struct source *source, struct blob bytes)
{
    char *text = message_text(request, message_parse(request, bytes), ATOM_TEXT_MOST);

    mask_tokens(text, strlen(text));
    return source->hides_addresses ? mask_addresses(request, text) : text;
}

static void
add_post(struct request *request, const struct source *source, const struct row_feed_list *post)
{
    const char *subject = str_is_empty(post->subject) ? request_tr(request, N_("(no subject)"))
                                                       : words_shown(request, post->subject, source->hides_addresses);
    struct atom_entry entry = {
        .id = message_tag(request, source, post->hash), .page = mem_printf(request, "%smessage/%s", source->url, post->hash),
        .title = source->title == NULL ? subject : mem_printf(request, "%s: %s", source->title, subject),
        .author = author_name(request, post->from_name, post->from_address, source->hides_addresses),
        .text = text_of(request, source, post->bytes), .published_us = post->accepted_at, .updated_us = post->accepted_at};

    if (post->parent_hash != NULL) {
        entry.parent_id = message_tag(request, source, post->parent_hash);
        entry.parent_page = mem_printf(request, "%smessage/%s", source->url, post->parent_hash);
    }
    atom_entry(request->response->body, &entry);
}

static struct source
source_of_list(struct request *request)
{
    return (struct source){.list_id = request->list->id, .hides_addresses = archive_hides_addresses(request),
                           .url = mem_printf(request, "%s%s", request_site_url(request, request), request->list->path)};
}

void
feed_begin(struct request *request, const struct atom_feed *feed)
{
    request->response->content_type = ATOM_TYPE;
    response_field(request->response, "X-Robots-Tag", "noindex");
    atom_begin(request->response->body, feed);
}

void
feed_show_secret(struct request *request, const char *token)
{
    out_text(request->page, "fresh", mem_printf(request, "%s/f/%s.atom", request_site_url(request, request), token));
}

/* ---- of a list, of a thread ---- */

enum status
page_feed(struct request *request, struct fault *fault)
{
    struct source source = source_of_list(request);
    struct row_feed_list *posts;
    size_t count;
    enum status status = q_feed_list(request->web->db, request, request->list->id, ATOM_ENTRIES, &posts, &count);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    feed_begin(request, &(struct atom_feed){
        .id = feed_tag(request, mem_printf(request, "%lld", (long long)source.list_id)), .title = request->list->title,
        .subtitle = request->list->description, .self = mem_printf(request, "%sfeed.atom", source.url), .page = source.url,
        .lang = request->list->language,
        .updated_us = count > 0 ? posts[0].accepted_at : request->list->changed * US_PER_S});
    for (size_t i = 0; i < count; i++)
        add_post(request, &source, &posts[i]);
    atom_end(request->response->body);
    return STATUS_OK;
}

enum status
page_thread_feed(struct request *request, struct fault *fault)
{
    const char *hash = request_param(request, "hash");
    struct source source = source_of_list(request);
    struct row_feed_thread *thread;
    struct row_feed_thread_posts *posts;
    size_t count;
    enum status status = q_feed_thread(request->web->db, request, request->list->id, hash, &thread);

    (void)fault;
    if (status != STATUS_OK || thread == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    if (!str_eq(thread->first_hash, hash)) {
        response_found(request->response, mem_printf(request, "%sthread/%s.atom", request->list->path, thread->first_hash));
        return STATUS_OK;
    }
    status = q_feed_thread_posts(request->web->db, request, thread->id, ATOM_ENTRIES, &posts, &count);
    if (status != STATUS_OK)
        return status;
    feed_begin(request, &(struct atom_feed){
        .id = feed_tag(request, mem_printf(request, "%lld/thread/%s", (long long)source.list_id, hash)),
        .title = str_is_empty(thread->subject) ? request_tr(request, N_("(no subject)")) : archive_words(request, thread->subject),
        .subtitle = request->list->title, .self = mem_printf(request, "%sthread/%s.atom", source.url, hash),
        .page = mem_printf(request, "%sthread/%s", source.url, hash), .lang = request->list->language,
        .updated_us = count > 0 ? posts[0].accepted_at : clock_now_us()});
    for (size_t i = 0; i < count; i++)
        add_post(request, &source, &(struct row_feed_list){
            .hash = posts[i].hash, .subject = posts[i].subject, .from_name = posts[i].from_name, .from_address = posts[i].from_address,
            .accepted_at = posts[i].accepted_at, .parent_hash = posts[i].parent_hash, .bytes = posts[i].bytes});
    atom_end(request->response->body);
    return STATUS_OK;
}

/* ---- private ---- */

static struct standing
standing_on(const struct row_feed_find *feed, const struct row_feed_lists *list)
{
    return (struct standing){
        .is_signed_in = true, .is_admin = feed->is_admin, .has_list = true, .is_member = list->is_member,
        .is_moderator = list->is_moderator, .is_owner = list->is_owner, .is_domain_owner = list->is_domain_owner,
        .rights = moderator_bits(list->rights.items, list->rights.count), .list_is_advertised = list->advertised,
        .archive_is_public = str_eq(list->archive_policy, "public"),
        .addresses_are_for_members = str_eq(list->addresses, "members"),
        .addresses_are_for_nobody = str_eq(list->addresses, "nobody"), .archive_is_kept = !str_eq(list->archive_policy, "never")};
}

/* The lists that its owner may read just now. */
static enum status
find_sources(struct request *request, const struct row_feed_find *feed, struct source **sources_r, struct int_array *ids_r)
{
    struct row_feed_lists *lists;
    int64_t *ids;
    size_t count, kept = 0;
    enum status status = q_feed_lists(request->web->db, request, feed->user_id, feed->list_id, &lists, &count);

    if (status != STATUS_OK)
        return status;
    *sources_r = mem_array(request, struct source, count + 1);
    ids = mem_array(request, int64_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct standing standing = standing_on(feed, &lists[i]);

        if (!may(&standing, RIGHT_READ))
            continue;
        ids[kept] = lists[i].id;
        (*sources_r)[kept++] = (struct source){
            .list_id = lists[i].id, .hides_addresses = !sees_addresses(&standing),
            .title = lists[i].title, .url = mem_printf(request, "%s/lists/%s/", conf_url_of(
                request, request->web->conf->site_url, lists[i].web_host), lists[i].slug)};
    }
    *ids_r = (struct int_array){ids, kept};
    return STATUS_OK;
}

static enum status
show_private(struct request *request, const struct row_feed_find *feed, const struct source *sources, struct int_array ids)
{
    const char *site = conf_url_of(request, request->web->conf->site_url, NULL);
    struct row_feed_lists_posts *posts;
    size_t count;
    enum status status = q_feed_lists_posts(request->web->db, request, ids, ATOM_ENTRIES, &posts, &count);

    if (status != STATUS_OK)
        return status;
    feed_begin(request, &(struct atom_feed){
        .id = feed_tag(request, mem_printf(request, "feed/%lld", (long long)feed->id)),
        .title = feed->list_id != 0 ? sources[0].title : request->web->conf->site_name, .lang = lang_code(request->lang),
        .self = mem_printf(request, "%s%s", site, request->path), .page = feed->list_id != 0 ? sources[0].url : mem_printf(request, "%s/", site),
        .updated_us = count > 0 ? posts[0].accepted_at : feed->created_at});
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < ids.count; n++)
            if (ids.items[n] == posts[i].list_id) {
                struct source source = sources[n];

                if (feed->list_id != 0)
                    source.title = NULL;
                add_post(request, &source, &(struct row_feed_list){
                    .hash = posts[i].hash, .subject = posts[i].subject, .from_name = posts[i].from_name,
                    .from_address = posts[i].from_address, .accepted_at = posts[i].accepted_at, .parent_hash = posts[i].parent_hash,
                    .bytes = posts[i].bytes});
            }
    atom_end(request->response->body);
    return STATUS_OK;
}

enum status
page_private_feed(struct request *request, struct fault *fault)
{
    const char *token = request_param(request, "token");
    struct row_feed_find *feed;
    struct source *sources;
    struct int_array ids;
    enum status status = q_feed_find(request->web->db, request, secret_hash(request, token), &feed);

    (void)fault;
    if (status == STATUS_OK && feed == NULL)
        return page_saved_feed(request, token);
    if (status != STATUS_OK)
        return status;
    status = limit_take(request, "feed", token, PRIVATE_AN_HOUR, HOUR_S);
    if (status != STATUS_OK)
        return status;
    if (i18n_lang(request->web->i18n, feed->language) != NULL)
        request->lang = i18n_lang(request->web->i18n, feed->language);
    status = find_sources(request, feed, &sources, &ids);
    if (status != STATUS_OK || (feed->list_id != 0 && ids.count == 0))
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    return show_private(request, feed, sources, ids);
}

/* ---- one's own ---- */

static enum status
show_mine(struct request *request)
{
    struct out *rows = out_rows(request->page, "feeds"), *lists = out_rows(request->page, "lists");
    struct row_feeds_of *found;
    struct row_feed_lists *own;
    size_t count;
    enum status status = q_feeds_of(request->web->db, request, request->me.user_id, request->standing.is_admin, &found,
                                    &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", found[i].id);
        out_text(row, "title", found[i].title);
        out_bool(row, "is_gone", found[i].list_id != 0 && found[i].title == NULL);
        out_time(row, "at", found[i].created_at);
    }
    if (status == STATUS_OK)
        status = q_feed_lists(request->web->db, request, request->me.user_id, 0, &own, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(lists);

        out_int(row, "id", own[i].id);
        out_text(row, "title", own[i].title);
    }
    return status;
}

enum status
page_feeds(struct request *request, struct fault *fault)
{
    (void)fault;
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return show_mine(request);
}

/* A list of one's own, or 0 for all of them. */
static enum status
check_list(struct request *request, int64_t list_id, bool *is_good_r)
{
    struct row_feed_lists *own;
    size_t count;
    enum status status = STATUS_OK;

    *is_good_r = list_id == 0;
    if (list_id != 0)
        status = q_feed_lists(request->web->db, request, request->me.user_id, 0, &own, &count);
    for (size_t i = 0; status == STATUS_OK && list_id != 0 && i < count; i++)
        *is_good_r |= own[i].id == list_id;
    return status;
}

enum status
page_feed_make(struct request *request, struct fault *fault)
{
    int64_t list_id = request_int(request, "list", 1, INT64_MAX, 0), added = 0;
    const char *token = random_token(request);
    bool is_good;
    enum status status = limit_take(request, "feed-make", mem_printf(request, "%lld", (long long)request->me.user_id), MADE_A_DAY, DAY_S);

    if (status == STATUS_OK)
        status = check_list(request, list_id, &is_good);
    if (status != STATUS_OK || !is_good)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    status = db_begin(request->web->db);
    if (status == STATUS_OK)
        status = q_feed_add(request->web->db, request->me.user_id, list_id, secret_hash(request, token), clock_now_us(), &added);
    status = own_commit(request, status, added, "feed_make", list_id);
    if (status == STATUS_OK && added > 0)
        feed_show_secret(request, token);
    if (status == STATUS_OK)
        status = show_mine(request);
    if (status == STATUS_OK && added == 0) {
        fault_set(fault, STATUS_INVALID, "list", N_("You have 50 feeds, which is as many as there may be. End some that you no longer use."));
        return form_refuse(request, fault);
    }
    return status;
}

enum status
page_feed_end(struct request *request, struct fault *fault)
{
    (void)fault;
    return own_end(request, q_feed_remove, "feed_end", "/me/feeds?saved=1");
}

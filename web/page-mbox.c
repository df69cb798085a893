/* page-mbox.c - messages to take along: one as a file, a thread, a month or what was found as mbox.gz, and the whole archive
 *
 * A thread, a month and the newest of what was found are packed when they are asked for: up to MBOX_WHOLE before they are sent, so that
 * web servers may keep what guests are given and have its length, larger ones while they are sent. A month is named by what is in it, not
 * by the version of its archive: whoever has one that is over asks for it again in vain until something in it is changed or goes.
 * Threads and months that are larger than MBOX_SENT, and an archive as a whole, are packed by the worker, a file for each month
 * (core/worker/jobs-mbox.c), and sent by the web server after the right was asked, each time anew; files made before something was taken
 * out of the archive are not sent. */
#include <string.h>

#include "archive/mbox-pack.h"
#include "archive/reduced.h"
#include "mime/mask.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/when.h"
#include "web/archive.h"
#include "web/common.h"
#include "web/limit.h"
#include "web/page.h"
#include "web/search-ask.h"
#include "web/validator.h"

enum { MBOX_WHOLE = 8 << 20, MBOX_SENT = 16 << 20, HOUR_S = 3600, DAY_S = 86400, MBOX_AN_HOUR = 120, ASKED_A_DAY = 20, ASKED_BY_ALL = 200 };

static const char *
url_of(struct request *request)
{
    return mem_printf(request, "%s%s", request_site_url(request, request), request->list->path);
}

/* ---- packed when it is asked for ---- */

static enum status
send_more(void *state, struct str *piece, bool *end_r)
{
    return mbox_pack_next(state, piece, end_r);
}

/* `bytes` of mail: all of them now, or what they are too many for, while they are sent. */
static enum status
send_packed(struct request *request, struct mbox_pack *pack, int64_t bytes)
{
    enum status status = STATUS_OK;
    bool end = bytes > MBOX_WHOLE;

    if (end) {
        request->response->more = send_more;
        request->response->state = pack;
    }
    while (!end && status == STATUS_OK)
        status = mbox_pack_next(pack, request->response->body, &end);
    return status;
}

static enum status
send_wish(struct request *request, struct mbox_wish *wish, const char *name, bool is_reduced, int64_t bytes)
{
    wish->shows_authors = request_may(request, RIGHT_MODERATE);
    wish->lang = request->lang;
    request->response->content_type = "application/gzip";
    response_field(request->response, "Content-Disposition",
                   mem_printf(request, "attachment; filename=\"%s%s.mbox.gz\"", name, is_reduced ? "-reduced" : ""));
    response_field(request->response, "X-Robots-Tag", "noindex");
    return send_packed(request, mbox_pack_new(request, request->web->db, wish), bytes);
}

static enum status
send_pack(struct request *request, struct mbox_wish *wish, const char *name, int64_t bytes)
{
    wish->is_reduced = archive_hides_addresses(request);
    wish->why = archive_reduced_why(request);
    wish->url = url_of(request);
    return send_wish(request, wish, name, wish->is_reduced, bytes);
}

/* Packing is the costliest that anybody may ask for. */
static enum status
take_limit(struct request *request)
{
    return limit_take(request, "mbox", limit_net(request), MBOX_AN_HOUR, HOUR_S);
}

enum status
page_thread_mbox(struct request *request, struct fault *fault)
{
    const char *hash = request_param(request, "hash");
    struct mbox_wish *wish = mem_new(request, struct mbox_wish);
    struct row_feed_thread *thread;
    struct row_mbox_thread_size *size;
    enum status status = q_feed_thread(request->web->db, request, request->list->id, hash, &thread);

    (void)fault;
    if (status != STATUS_OK || thread == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    if (!str_eq(thread->first_hash, hash)) {
        response_found(request->response, mem_printf(request, "%sthread/%s/mbox.gz", request->list->path, thread->first_hash));
        return STATUS_OK;
    }
    status = take_limit(request);
    if (status == STATUS_OK)
        status = q_mbox_thread_size(request->web->db, request, thread->id, &size);
    if (status != STATUS_OK)
        return status;
    if (size->bytes > MBOX_SENT) {
        response_found(request->response, mem_printf(request, "%smbox", request->list->path));
        return STATUS_OK;
    }
    wish->thread_id = thread->id;
    return send_pack(request, wish, hash, size->bytes);
}

struct gathered { bool is_whole, is_reduced; };     /* what the name of the file says */

/* The newest 5,000, as far as they have room. */
static enum status
find_posts(struct request *request, const struct search_ask *ask, struct mbox_wish *wish, struct gathered *gathered_r)
{
    struct row_mbox_posts_fit *fit;
    struct search_found found;
    int64_t *ids;
    enum status status = search_newest(request->web->db, request, &ask->scope, ask->query, (struct search_key){0, 0}, SEARCH_RANK_MOST,
                                       SEARCH_RANK_MOST + 1, &found);

    if (status != STATUS_OK)
        return status;
    ids = mem_array(request, int64_t, found.count + 1);
    for (size_t i = 0; i < found.count; i++) {
        ids[i] = found.hits[i].post_id;
        gathered_r->is_reduced |= !search_scope_belongs(&ask->scope, found.hits[i].list_id);
    }
    status = q_mbox_posts_fit(request->web->db, request, (struct int_array){ids, found.count}, MBOX_SENT, &fit);
    if (status != STATUS_OK)
        return status;
    wish->posts = fit->posts.count > 0 ? fit->posts : (struct int_array){ids, 0};
    gathered_r->is_whole = wish->posts.count == found.count && (size_t)found.total == found.count && !found.is_cut;
    return STATUS_OK;
}

enum status
page_search_mbox(struct request *request, struct fault *fault)
{
    struct mbox_wish *wish = mem_new(request, struct mbox_wish);
    struct search_ask ask;
    struct gathered gathered = {0};
    enum status status = search_ask_strictly(request, &ask, fault);

    if (status == STATUS_OK)
        status = take_limit(request);
    if (status == STATUS_OK)
        status = find_posts(request, &ask, wish, &gathered);
    if (status != STATUS_OK)
        return status;
    wish->open = ask.scope.belongs;
    wish->url = request_site_url(request, request);
    return send_wish(request, wish, mem_printf(request, "%s%ssearch%s", request->list != NULL ? request->list->name : "",
                                               request->list != NULL ? "-" : "", gathered.is_whole ? "" : "-newest"),
                     gathered.is_reduced, MBOX_SENT);
}

enum status
page_list_search_mbox(struct request *request, struct fault *fault)
{
    return page_search_mbox(request, fault);
}

/* ---- packed by the worker ---- */

static bool
read_month(const char *year, const char *month, const char **day_r, TALLOC_CTX *ctx)
{
    int64_t y, m;

    if (!str_to_int(year, 1970, 2100, &y) || !str_to_int(month, 1, 12, &m))
        return false;
    *day_r = mem_printf(ctx, "%04d-%02d-01", (int)y, (int)m);
    return true;
}

/* The file of a month, where one was made and still holds nothing that is gone. */
static enum status
send_made(struct request *request, const char *day, bool *sent_r)
{
    bool is_reduced = archive_hides_addresses(request);
    struct row_archive_file *file;
    enum status status = q_archive_file(request->web->db, request, request->list->id, is_reduced, day, &file);

    *sent_r = status == STATUS_OK && file != NULL;
    if (!*sent_r)
        return status;
    request->response->content_type = "application/gzip";
    response_field(request->response, "Content-Disposition", mem_printf(
        request, "attachment; filename=\"%s-%.7s%s.mbox.gz\"", request->list->name, day, is_reduced ? "-reduced" : ""));
    response_field(request->response, "X-Robots-Tag", "noindex");
    response_field(request->response, "X-Accel-Redirect", mem_printf(request, "/spool/%s-%.7s.mbox.gz", file->result, day));
    return STATUS_OK;
}

/* Too large to be packed here: to the file of it, or to where such files are asked for. */
static enum status
send_to_file(struct request *request, const char *day)
{
    struct row_archive_file *file = NULL;
    enum status status = q_archive_file(request->web->db, request, request->list->id, archive_hides_addresses(request), day, &file);

    response_found(request->response, mem_printf(
        request, "%smbox%s", request->list->path, file == NULL ? "" : mem_printf(request, "/%.7s.mbox.gz", day)));
    return status;
}

/* Posts of a month come, and are changed or go: the number of those there, of the newest, and what the archive has lost tell of each. */
static enum status
name_month(struct request *request, const char *day)
{
    struct row_mbox_month_mark *mark;
    enum status status = q_mbox_month_mark(request->web->db, request, request->list->id, day, &mark);

    if (status != STATUS_OK || mark == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    validator_name(request, mem_printf(request, "%lld %lld %lld", (long long)mark->posts, (long long)mark->newest, (long long)mark->loss));
    return STATUS_OK;
}

enum status
page_month_mbox(struct request *request, struct fault *fault)
{
    struct mbox_wish *wish = mem_new(request, struct mbox_wish);
    struct row_mbox_month_size *size;
    const char *day;
    enum status status;

    (void)fault;
    if (!read_month(request_param(request, "year"), request_param(request, "month"), &day, request))
        return STATUS_NOT_FOUND;
    status = name_month(request, day);
    if (status == STATUS_OK && validator_fits(request, &request->validator)) {
        request->response->http = 304;
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        status = take_limit(request);
    if (status == STATUS_OK)
        status = q_mbox_month_size(request->web->db, request, request->list->id, day, &size);
    if (status != STATUS_OK)
        return status;
    if (size->bytes > MBOX_SENT)
        return send_to_file(request, day);
    wish->list_id = request->list->id;
    wish->month = day;
    return send_pack(request, wish, mem_printf(request, "%s-%.7s", request->list->name, day), size->bytes);
}

/* ---- the whole archive ---- */

static enum status
show_pack(struct request *request)
{
    struct row_archive_pack *pack;
    enum status status = q_archive_pack(request->web->db, request, request->list->id, archive_hides_addresses(request), &pack);

    if (status != STATUS_OK || pack == NULL)
        return status;
    out_bool(request->page, "waits", str_eq(pack->state, "waiting"));
    out_bool(request->page, "is_made", str_eq(pack->state, "done"));
    out_bool(request->page, "has_failed", str_eq(pack->state, "failed"));
    out_time(request->page, "made_at", pack->ended_at);
    return STATUS_OK;
}

static enum status
show_files(struct request *request)
{
    struct row_archive_months *months;
    struct out *rows = out_rows(request->page, "months");
    size_t count;
    enum status status = q_archive_months(request->web->db, request, request->list->id, archive_hides_addresses(request), &months, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "name", when_month(row, request->lang, (int)months[i].year, (int)months[i].month));
        out_int(row, "posts", months[i].posts);
        out_text(row, "path", mem_printf(row, "%s%04d/%02d/mbox.gz", request->list->path, (int)months[i].year, (int)months[i].month));
        if (months[i].size > 0)
            out_text(row, "made", mem_printf(row, "%smbox/%04d-%02d.mbox.gz", request->list->path, (int)months[i].year,
                                             (int)months[i].month));
        out_text(row, "size", months[i].size > 0 ? size_words(request, (size_t)months[i].size) : NULL);
    }
    return status;
}

enum status
page_archive(struct request *request, struct fault *fault)
{
    enum status status = show_files(request);

    (void)fault;
    if (archive_hides_addresses(request))
        out_text(request->page, "reduced", reduced_words(request->lang, archive_reduced_why(request)));
    response_field(request->response, "X-Robots-Tag", "noindex");
    return status == STATUS_OK ? show_pack(request) : status;
}

/* One at a time for each list and form; what is made and still good is not made again. */
enum status
page_archive_ask(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    bool is_reduced = archive_hides_addresses(request);
    enum status status = limit_take(request, "archive", limit_net(request), ASKED_A_DAY, DAY_S);

    (void)fault;
    if (status == STATUS_OK)
        status = limit_take(request, "archive", NULL, ASKED_BY_ALL, DAY_S);
    if (status == STATUS_OK)
        status = q_archive_ask(request->web->db, request->list->id, is_reduced, actor.words, clock_now_us(), NULL);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%smbox", request->list->path));
    return status;
}

enum status
page_archive_file(struct request *request, struct fault *fault)
{
    const char *name = request_param(request, "name"), *day;
    bool sent;
    enum status status;

    (void)fault;
    if (strlen(name) != strlen("2026-11.mbox.gz") || name[4] != '-' || !str_ends(name, ".mbox.gz") ||
        !read_month(mem_strndup(request, name, 4), mem_strndup(request, name + 5, 2), &day, request))
        return STATUS_NOT_FOUND;
    status = send_made(request, day, &sent);
    return status == STATUS_OK && !sent ? STATUS_NOT_FOUND : status;
}

/* ---- one message ---- */

enum status
page_eml(struct request *request, struct fault *fault)
{
    enum { MESSAGE_MOST = 1 << 30 };
    struct row_web_post *post;
    struct str *body = request->response->body;
    bool hides = !sees_original(&request->standing), is_reduced;
    enum status status = archive_find_post(request, MESSAGE_MOST, 0, &post);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    is_reduced = hides || (post->anonymous && !request_may(request, RIGHT_MODERATE));
    request->response->content_type = "application/octet-stream";
    response_field(request->response, "Content-Disposition",
                   mem_printf(request, "attachment; filename=\"%s%s.eml\"", post->hash, is_reduced ? "-reduced" : ""));
    response_field(request->response, "X-Robots-Tag", "noindex");
    if (is_reduced) {
        reduced_put(body, request->lang, &(struct reduced){
            .name = post->from_name, .address = post->from_address, .subject = post->subject, .written_us = post->written_at,
            .page = mem_printf(request, "%smessage/%s", url_of(request), post->hash), 
            .why = hides ? archive_reduced_why(request) : REDUCED_ANONYMOUS, .bytes = post->bytes});
        return STATUS_OK;
    }
    str_addn(body, post->bytes.data, post->bytes.len);
    mask_tokens(body->s, body->len);
    return STATUS_OK;
}

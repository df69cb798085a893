/* page-archive.c - reading a list: its page, a month, a thread, a message, its raw form */
#include <string.h>

#include "mime/part.h"
#include "mime/summary.h"
#include "policy/setting.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/when.h"
#include "web/activity.h"
#include "web/body.h"
#include "web/common.h"
#include "web/page.h"
#include "web/words.h"

/* Of a thread's messages and of one alone the beginning is read; what is further down is mostly attachments. */
enum { MESSAGE_READ = 8 << 20, RAW_READ = 1 << 30 };
enum { THREADS_ON_A_PAGE = 30, POSTS_ON_A_PAGE = 50, MONTH_ON_A_PAGE = 200, TEXT_MOST = 256 * 1024, NAMES_SHOWN = 3 };

/* Guests do not see addresses. */
static bool
hides_addresses(const struct request *request)
{
    return !request->standing.is_member && !request_may(request, RIGHT_MODERATE);
}

/* ---- the list's page ---- */

/* "佐藤, 鈴木 +3" */
static const char *
authors_line(struct request *request, const struct row_web_threads *row)
{
    struct str *line = str_new(request);

    for (size_t i = 0; i < row->authors.count && i < NAMES_SHOWN; i++)
        str_addf(line, "%s%s", i > 0 ? tr(request->lang, N_(", ")) : "",
                 author_name(request, row->authors.items[i], row->addresses.items[i], hides_addresses(request)));
    if (row->authors.count > NAMES_SHOWN)
        str_addf(line, " +%zu", row->authors.count - NAMES_SHOWN);
    return line->s;
}

static enum status
show_threads(struct request *request)
{
    int64_t before = request_int(request, "before", 1, INT64_MAX, 0), id = request_int(request, "id", 1, INT64_MAX, 0);
    struct row_web_threads *threads;
    struct out *rows = out_rows(request->page, "threads");
    size_t count;
    enum status status = q_web_threads(request->web->db, request, request->list->id, before, id, THREADS_ON_A_PAGE + 1,
                                       &threads, &count);

    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count && i < THREADS_ON_A_PAGE; i++) {
        struct out *row = out_row(rows);

        out_text(row, "hash", threads[i].hash);
        out_text(row, "subject", threads[i].subject);
        out_text(row, "excerpt", hides_addresses(request) ? mask_addresses(row, threads[i].excerpt) : threads[i].excerpt);
        out_text(row, "authors", authors_line(request, &threads[i]));
        out_int(row, "posts", threads[i].posts);
        out_time(row, "last_at", threads[i].last_at);
    }
    out_bool(request->page, "is_first", before == 0);
    if (count > THREADS_ON_A_PAGE)
        out_text(request->page, "older", mem_printf(request, "?before=%lld&id=%lld", (long long)threads[count - 2].last_at,
                                                    (long long)threads[count - 2].id));
    return STATUS_OK;
}

static enum status
show_months(struct request *request)
{
    struct row_web_months *months;
    struct out *rows = out_rows(request->page, "months");
    size_t count;
    enum status status = q_web_months(request->web->db, request, request->list->id, &months, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "path", mem_printf(row, "%s%04d/%02d/", request->list->path, (int)months[i].year, (int)months[i].month));
        out_text(row, "name", when_month(row, request->lang, (int)months[i].year, (int)months[i].month));
        out_int(row, "posts", months[i].posts);
    }
    return status;
}

static enum status
show_about(struct request *request)
{
    struct settings *settings;
    enum status status = settings_load(request->web->db, request, request->list->id, &settings);

    if (status != STATUS_OK)
        return status;
    body_show(out_object(request->page, "about"), settings->info, hides_addresses(request));
    out_bool(request->page, "is_announcement", !settings->allow_list_posts);
    out_bool(request->page, "has_topics", settings->topics_enabled);
    return STATUS_OK;
}

/* What the owners say here, to whom it is for. */
static enum status
show_all_words(struct request *request)
{
    enum status status = show_words(request, "list_page");

    if (status == STATUS_OK && request->standing.is_member)
        status = show_words(request, "write_page");
    if (status == STATUS_OK && !request_may(request, RIGHT_READ))
        status = show_words(request, "closed_page");
    return status;
}

enum status
page_list(struct request *request, struct fault *fault)
{
    struct activity *activity;
    enum status status = show_about(request);

    (void)fault;
    if (status == STATUS_OK)
        status = show_all_words(request);
    out_bool(request->page, "is_new", request_has(request, "new") && request_may(request, RIGHT_OWN));
    if (status != STATUS_OK || !request_may(request, RIGHT_READ))
        return status;
    status = show_threads(request);
    if (status == STATUS_OK)
        status = show_months(request);
    if (status == STATUS_OK)
        status = activity_load(request->web->db, request, (struct int_array){&request->list->id, 1}, clock_now_us(), &activity);
    if (status == STATUS_OK)
        activity_show(request->page, request->lang, activity, request->list->id);
    return status;
}

/* ---- a month ---- */

enum status
page_month(struct request *request, struct fault *fault)
{
    int64_t year = 0, month = 0, after = request_int(request, "after", 1, INT64_MAX, 0);
    struct row_web_month_posts *posts;
    struct out *rows;
    size_t count;
    enum status status;

    (void)fault;
    if (!str_to_int(request_param(request, "year"), 1970, 2100, &year) ||
        !str_to_int(request_param(request, "month"), 1, 12, &month))
        return STATUS_NOT_FOUND;
    status = q_web_month_posts(request->web->db, request, request->list->id,
                               mem_printf(request, "%04d-%02d-01", (int)year, (int)month), after, MONTH_ON_A_PAGE + 1, &posts,
                               &count);
    if (status != STATUS_OK)
        return status;
    if (count == 0)
        return STATUS_NOT_FOUND;
    out_text(request->page, "name", when_month(request, request->lang, (int)year, (int)month));
    rows = out_rows(request->page, "posts");
    for (size_t i = 0; i < count && i < MONTH_ON_A_PAGE; i++) {
        struct out *row = out_row(rows);

        out_text(row, "hash", posts[i].hash);
        out_text(row, "subject", posts[i].subject);
        out_text(row, "author", author_name(row, posts[i].from_name, posts[i].from_address, hides_addresses(request)));
        out_time(row, "at", posts[i].accepted_at);
    }
    if (count > MONTH_ON_A_PAGE)
        out_text(request->page, "more", mem_printf(request, "?after=%lld", (long long)posts[MONTH_ON_A_PAGE - 1].id));
    return STATUS_OK;
}

/* ---- messages ---- */

static void
show_post(struct request *request, struct out *row, const struct row_web_thread_posts *post)
{
    bool hide = hides_addresses(request);
    struct message *message = message_parse(row, post->bytes);

    out_text(row, "hash", post->hash);
    out_int(row, "number", post->number);
    out_text(row, "subject", post->subject);
    out_text(row, "author", author_name(row, post->from_name, post->from_address, hide));
    if (!hide)
        out_text(row, "address", post->from_address);
    out_time(row, "written_at", post->written_at);
    out_text(row, "signed_by", post->signed_by);
    out_bool(row, "is_cut", post->bytes.len < (size_t)post->size);
    if (post->parent_hash != NULL) {
        out_text(row, "parent_hash", post->parent_hash);
        out_text(row, "parent_author", author_name(row, post->parent_name, post->parent_address, hide));
    }
    body_show(row, message_text(row, message, TEXT_MOST), hide);
    attachments_show(request, row, message, post->bytes.len == (size_t)post->size);
}

enum status
page_thread(struct request *request, struct fault *fault)
{
    const char *hash = request_param(request, "hash");
    int64_t after = request_int(request, "after", 1, INT64_MAX, 0);
    struct row_web_thread_of *thread;
    struct row_web_thread_posts *posts;
    struct out *rows;
    size_t count;
    enum status status;

    (void)fault;
    status = q_web_thread_of(request->web->db, request, request->list->id, hash, &thread);
    if (status != STATUS_OK || thread == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    if (!str_eq(thread->first_hash, hash)) {
        response_send_to(request->response, mem_printf(request, "%sthread/%s#%s", request->list->path, thread->first_hash, hash));
        return STATUS_OK;
    }
    status = q_web_thread_posts(request->web->db, request, thread->id, after, POSTS_ON_A_PAGE + 1, &posts, &count);
    if (status != STATUS_OK)
        return status;
    out_text(request->page, "subject", thread->subject);
    out_int(request->page, "count", thread->posts);
    out_int(request->page, "people", thread->people);
    out_time(request->page, "started_at", thread->started_at);
    out_time(request->page, "last_at", thread->last_at);
    rows = out_rows(request->page, "posts");
    for (size_t i = 0; i < count && i < POSTS_ON_A_PAGE; i++)
        show_post(request, out_row(rows), &posts[i]);
    if (count > POSTS_ON_A_PAGE)
        out_text(request->page, "more", mem_printf(request, "?after=%lld", (long long)posts[POSTS_ON_A_PAGE - 1].id));
    return STATUS_OK;
}

static enum status
find_post(struct request *request, int most, struct row_web_post **post_r)
{
    enum status status = q_web_post(request->web->db, request, request->list->id, request_param(request, "hash"), most, post_r);

    return status == STATUS_OK && *post_r == NULL ? STATUS_NOT_FOUND : status;
}

enum status
page_message(struct request *request, struct fault *fault)
{
    struct row_web_post *post;
    struct row_web_thread_posts shown;
    enum status status = find_post(request, MESSAGE_READ, &post);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    shown = (struct row_web_thread_posts){
        .id = post->id, .number = post->number, .hash = post->hash, .subject = post->subject, .from_name = post->from_name,
        .from_address = post->from_address, .written_at = post->written_at, .accepted_at = post->accepted_at,
        .parent_hash = post->parent_hash, .parent_name = post->parent_name, .parent_address = post->parent_address,
        .bytes = post->bytes, .size = post->size, .signed_by = post->signed_by};
    show_post(request, out_object(request->page, "post"), &shown);
    out_text(request->page, "thread_hash", post->thread_hash);
    out_text(request->page, "previous_hash", post->previous_hash);
    out_text(request->page, "next_hash", post->next_hash);
    out_text(request->page, "month", post->month);
    return STATUS_OK;
}

/* What a guest gets where addresses are hidden: author, date, subject and text, and a line that says so. */
static void
write_reduced(struct request *request, const struct row_web_post *post)
{
    struct str *body = request->response->body;
    struct message *message = message_parse(request, post->bytes);
    char *text = mask_addresses(request, message_text(request, message, TEXT_MOST));

    mask_tokens(text, strlen(text));
    str_addf(body, "%s\n\n", request_tr(request, post->anonymous ? N_("Reduced form: this list hides who writes.")
        : N_("Reduced form: addresses are hidden from guests. Members get the mail as it came.")));
    str_addf(body, "From: %s\nDate: %s\nSubject: %s\n\n%s\n", author_name(request, post->from_name, post->from_address, true),
             clock_rfc5322(request, post->written_at), post->subject, text);
}

enum status
page_raw(struct request *request, struct fault *fault)
{
    struct row_web_post *post;
    struct str *body = request->response->body;
    enum status status = find_post(request, RAW_READ, &post);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    request->response->content_type = "text/plain; charset=utf-8";
    if (hides_addresses(request) || (post->anonymous && !request_may(request, RIGHT_MODERATE))) {
        write_reduced(request, post);
        return STATUS_OK;
    }
    request->response->content_type = "application/octet-stream";
    response_field(request->response, "Content-Disposition", mem_printf(request, "attachment; filename=\"%s.eml\"", post->hash));
    str_addn(body, post->bytes.data, post->bytes.len);
    mask_tokens(body->s, body->len);
    return STATUS_OK;
}

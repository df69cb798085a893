/* page-reader.c - what people who are signed in do in the archive, and lists of threads by what was done */
#include "policy/reader.h"
#include "store/statements.h"
#include "util/clock.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/common.h"
#include "web/page.h"
#include "web/reader.h"

enum { THREADS_ON_A_PAGE = 30, TAGS_SHOWN = 200 };

/* ---- the thread that a path names ---- */

static enum status
find_thread(struct request *request, struct row_reader_thread_of **row_r, struct thread_seen *thread_r)
{
    enum status status = q_reader_thread_of(request->web->db, request, request->list->id, request_param(request, "hash"), row_r);

    if (status != STATUS_OK || *row_r == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    *thread_r = (struct thread_seen){request->list->id, (*row_r)->id, (*row_r)->first_id, (*row_r)->subject};
    return STATUS_OK;
}

/* Back to where the button was: the thread, the list, one's own page. */
static void
send_back(struct request *request, const char *hash)
{
    const char *back = request_text(request, "back");
    const char *path = mem_printf(request, "%sthread/%s", request->list->path, hash);

    if (str_eq(back, "favourites") || str_eq(back, "muted"))
        path = mem_printf(request, "/me/%s", back);
    else if (str_eq(back, "list") || str_eq(back, "unread"))
        path = mem_printf(request, "%s%s", request->list->path, str_eq(back, "unread") ? "unread" : "");
    response_send_to(request->response, path);
}

/* What is done to a thread, by whom; and back. */
typedef enum status thread_deed(struct request *request, const struct actor *actor, const struct thread_seen *thread, struct fault *fault);

static enum status
do_to_thread(struct request *request, thread_deed *deed, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct row_reader_thread_of *row;
    struct thread_seen thread;
    enum status status = find_thread(request, &row, &thread);

    if (status == STATUS_OK)
        status = deed(request, &actor, &thread, fault);
    if (status == STATUS_OK)
        send_back(request, row->first_hash);
    return status;
}

/* ---- marks of one's own ---- */

static enum status
mark(struct request *request, const struct actor *actor, const struct thread_seen *thread, struct fault *fault)
{
    const char *act = request_text(request, "act");
    struct db *db = request->web->db;

    if (str_eq(act, "keep") || str_eq(act, "drop"))
        return reader_keep(db, request, actor->user_id, thread, str_eq(act, "keep"), fault);
    if (str_eq(act, "mute") || str_eq(act, "unmute"))
        return reader_mute(db, actor, request, thread, str_eq(act, "mute"), fault);
    if (str_eq(act, "read"))
        return q_reader_mark_thread(db, actor->user_id, thread->list_id, thread->id, request_int(request, "upto", 1, INT64_MAX, 0), NULL);
    return STATUS_INVALID;
}

enum status
page_thread_mark(struct request *request, struct fault *fault)
{
    return do_to_thread(request, mark, fault);
}

enum status
page_list_read(struct request *request, struct fault *fault)
{
    int64_t upto = request_int(request, "upto", 0, INT64_MAX, -1);
    enum status status;

    (void)fault;
    if (upto < 0)
        return STATUS_INVALID;
    status = q_reader_mark_list(request->web->db, request->me.user_id, request->list->id, upto, clock_now_us(), NULL);
    if (status == STATUS_OK)
        response_send_to(request->response, request->list->path);
    return status;
}

enum status
page_message_vote(struct request *request, struct fault *fault)
{
    int64_t value = request_int(request, "value", -1, 1, 2);
    struct row_reader_thread_of *row;
    struct thread_seen thread;
    enum status status = find_thread(request, &row, &thread);

    (void)fault;
    if (status != STATUS_OK || value == 2)
        return status != STATUS_OK ? status : STATUS_INVALID;
    status = reader_vote(request->web->db, request->me.user_id, row->post_id, (int)value);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%s%s/%s", request->list->path,
                         str_eq(request_text(request, "back"), "message") ? "message" : "thread", request_param(request, "hash")));
    return status;
}

/* ---- tags and categories of a thread ---- */

static enum status
sort(struct request *request, const struct actor *actor, const struct thread_seen *thread, struct fault *fault)
{
    struct db *db = request->web->db;

    if (*request_text(request, "remove") != '\0')
        return thread_untag(db, actor, thread, request_text(request, "remove"));
    if (request_has(request, "category"))
        return thread_categorise(db, actor, request, thread, request_int(request, "category", 0, INT64_MAX, 0));
    return thread_tag(db, actor, request, thread, request_text(request, "add"), fault);
}

enum status
page_thread_sort(struct request *request, struct fault *fault)
{
    return do_to_thread(request, sort, fault);
}

/* ---- lists of threads ---- */

/* The ids of a page and the way to the next one. `path` ends where "before=" may follow. */
static enum status
show_page(struct request *request, const int64_t *ids, size_t count, const char *path)
{
    size_t shown = count > THREADS_ON_A_PAGE ? THREADS_ON_A_PAGE : count;
    struct row_reader_last *last;
    enum status status = reader_show_rows(request, (struct int_array){ids, shown});

    out_bool(request->page, "is_first", !request_has(request, "before"));
    if (status != STATUS_OK || count <= THREADS_ON_A_PAGE)
        return status;
    status = q_reader_last(request->web->db, request, ids[shown - 1], &last);
    if (status == STATUS_OK && last != NULL)
        out_text(request->page, "older", mem_printf(request, "%sbefore=%lld&id=%lld", path, (long long)last->last_at, (long long)ids[shown - 1]));
    return status;
}

enum status
page_unread(struct request *request, struct fault *fault)
{
    int64_t before = request_int(request, "before", 1, INT64_MAX, 0), id = request_int(request, "id", 1, INT64_MAX, 0);
    int64_t ids[THREADS_ON_A_PAGE + 1];
    struct row_reader_new_threads *found;
    struct reader reader;
    size_t count = 0;
    enum status status = reader_open(request, &reader);

    (void)fault;
    if (status == STATUS_OK && reader.since != 0)
        status = q_reader_new_threads(request->web->db, request, request->me.user_id, request->list->id, reader.upto, reader.since, before, id,
                                      THREADS_ON_A_PAGE + 1, &found, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        ids[i] = found[i].id;
    return status == STATUS_OK ? show_page(request, ids, count, "?") : status;
}

enum status
page_kept(struct request *request, struct fault *fault)
{
    int64_t before = request_int(request, "before", 1, INT64_MAX, 0), id = request_int(request, "id", 1, INT64_MAX, 0);
    int64_t ids[THREADS_ON_A_PAGE + 1];
    struct row_reader_kept *found;
    size_t count = 0;
    enum status status = q_reader_kept(request->web->db, request, request->me.user_id, request->list->id, before, id, THREADS_ON_A_PAGE + 1,
                                       &found, &count);

    (void)fault;
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        ids[i] = found[i].id;
    return status == STATUS_OK ? show_page(request, ids, count, "?") : status;
}

/* All that there is to choose from. */
static enum status
show_labels(struct request *request)
{
    struct out *tags = out_rows(request->page, "tags"), *categories = out_rows(request->page, "categories");
    struct row_reader_tags *found;
    struct row_category_list *sorts;
    size_t count = 0, sort_count = 0;
    enum status status = q_reader_tags(request->web->db, request, request->list->id, TAGS_SHOWN, &found, &count);

    if (status == STATUS_OK)
        status = q_category_list(request->web->db, request, request->list->id, &sorts, &sort_count);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        struct out *row = out_row(tags);

        out_text(row, "name", found[i].name);
        out_text(row, "escaped", url_escape(row, found[i].name));
        out_int(row, "threads", found[i].threads);
    }
    for (size_t i = 0; i < sort_count; i++) {
        struct out *row = out_row(categories);

        out_int(row, "id", sorts[i].id);
        out_text(row, "name", sorts[i].name);
        out_int(row, "threads", sorts[i].threads);
    }
    return STATUS_OK;
}

/* What the page is about: a tag or a category that is there. NOT_FOUND otherwise. */
static enum status
name_page(struct request *request, const char *tag, int64_t category, const char **path_r)
{
    struct row_category_names *rows;
    size_t count = 0;
    enum status status = STATUS_OK;

    if (tag != NULL) {
        out_text(request->page, "tag", tag);
        *path_r = mem_printf(request, "?tag=%s&", url_escape(request, tag));
        return STATUS_OK;
    }
    status = q_category_names(request->web->db, request, request->list->id, &rows, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (rows[i].id == category) {
            out_text(request->page, "category", rows[i].name);
            *path_r = mem_printf(request, "?category=%lld&", (long long)category);
            return STATUS_OK;
        }
    return status == STATUS_OK ? STATUS_NOT_FOUND : status;
}

enum status
page_tagged(struct request *request, struct fault *fault)
{
    int64_t before = request_int(request, "before", 1, INT64_MAX, 0), id = request_int(request, "id", 1, INT64_MAX, 0);
    int64_t ids[THREADS_ON_A_PAGE + 1], category = request_int(request, "category", 1, INT64_MAX, 0);
    const char *tag = request_has(request, "tag") ? tag_fold(request, request_text(request, "tag")) : NULL, *path;
    struct row_reader_tagged *found;
    size_t count = 0;
    enum status status;

    (void)fault;
    if (!request_has(request, "tag") && !request_has(request, "category"))
        return show_labels(request);
    status = name_page(request, tag, category, &path);
    if (status == STATUS_OK)
        status = q_reader_tagged(request->web->db, request, request->list->id, tag, tag != NULL ? 0 : category, before, id, THREADS_ON_A_PAGE + 1,
                                 &found, &count);
    if (status == STATUS_OK && tag != NULL && count == 0)
        return STATUS_NOT_FOUND;
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        ids[i] = found[i].id;
    return status == STATUS_OK ? show_page(request, ids, count, path) : status;
}

/* ---- one's own page ---- */

static enum status
show_mine(struct request *request, bool is_muted)
{
    int64_t before = request_int(request, "before", 1, INT64_MAX, 0), id = request_int(request, "id", 1, INT64_MAX, 0);
    struct out *rows = out_rows(request->page, "threads");
    struct row_me_threads *found;
    size_t count;
    enum status status = q_me_threads(request->web->db, request, request->me.user_id, request->standing.is_admin, is_muted, before, id,
                                      THREADS_ON_A_PAGE + 1, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count && i < THREADS_ON_A_PAGE; i++) {
        struct out *row = out_row(rows);

        out_text(row, "path", mem_printf(row, "/lists/%s/", found[i].slug));
        out_text(row, "hash", found[i].hash);
        out_text(row, "subject", words_shown(row, found[i].subject, true));
        out_text(row, "list", found[i].title);
        out_int(row, "posts", found[i].posts);
        out_time(row, "last_at", found[i].last_at);
    }
    if (status == STATUS_OK && count > THREADS_ON_A_PAGE)
        out_text(request->page, "older", mem_printf(request, "?before=%lld&id=%lld", (long long)found[THREADS_ON_A_PAGE - 1].at,
                                                    (long long)found[THREADS_ON_A_PAGE - 1].post_id));
    out_bool(request->page, "is_muted", is_muted);
    return status;
}

enum status
page_favourites(struct request *request, struct fault *fault)
{
    (void)fault;
    return show_mine(request, false);
}

enum status
page_muted(struct request *request, struct fault *fault)
{
    (void)fault;
    return show_mine(request, true);
}

/* ---- the owners' categories ---- */

enum status
page_categories(struct request *request, struct fault *fault)
{
    (void)fault;
    out_text(request->page, "done", request_text(request, "done"));
    return show_labels(request);
}

enum status
page_categories_save(struct request *request, struct fault *fault)
{
    const char *act = request_text(request, "act"), *name = request_text(request, "name");
    int64_t id = request_int(request, "id", 1, INT64_MAX, 0), list = request->list->id;
    struct actor actor = request_actor(request);
    struct db *db = request->web->db;
    enum status status;

    if (str_eq(act, "remove"))
        status = category_remove(db, &actor, request, list, id);
    else if (str_eq(act, "raise"))
        status = category_raise(db, &actor, request, list, id);
    else
        status = category_save(db, &actor, request, list, id, name, fault);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%scategories?done=%s", request->list->path,
                                                       str_eq(act, "remove") ? "removed" : "saved"));
    if (fault->field == NULL)
        return status;
    status = show_labels(request);
    out_text(request->page, "typed", name);
    out_int(request->page, "typed_id", id);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

/* page-thread.c - a thread on one page: as a tree, or by date
 *
 * Of up to POSTS_OF_A_THREAD posts the whole order is known, and a page is a stretch of it. A longer one is read by arrival alone, each
 * page by the key of the post before it; its head says of whom the first posts are. */
#include "archive/order.h"
#include "archive/thread-load.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/page.h"
#include "web/reader.h"

enum { POSTS_ON_A_PAGE = 50, POSTS_OF_A_THREAD = 5000, COUNTED_MOST = 100000, PEOPLE_SHOWN = 8, DEPTH_SHOWN = 8 };

#define NO_GAP SIZE_MAX

/* All posts of the thread in the order in which they are read, and which of them stand on this page. */
struct reading {
    const struct row_web_thread_outline *rows;
    struct order_post *posts;
    size_t *gaps;               /* the depth at which a message that is not here stands right above each; NO_GAP */
    size_t count, begin, end;
    bool is_flat;
    const struct row_web_thread_turn *turn;     /* of a thread that is longer than this; else NULL */
};

/* As a tree: each post with what is not here above it. */
static void
read_as_tree(struct request *request, struct reading *reading, const struct thread_leaf *leaves, size_t leaf_count, const size_t *row_of)
{
    size_t line_count, used = 0, gap = NO_GAP;
    struct thread_line *lines = thread_tree(request, leaves, leaf_count, &line_count);

    for (size_t i = 0; i < line_count; i++) {
        const struct row_web_thread_outline *row;

        if (lines[i].leaf == THREAD_NONE) {
            gap = gap == NO_GAP ? lines[i].depth : gap;
            continue;
        }
        row = &reading->rows[row_of[lines[i].leaf]];
        reading->posts[used] = (struct order_post){row->id, row->parent_id, row->accepted_at, row_of[lines[i].leaf], (unsigned)lines[i].depth};
        reading->gaps[used++] = gap;
        gap = NO_GAP;
    }
    reading->count = used;
}

/* The rows that are shown come first; of the others the places are known, for what hangs on them. */
static void
read_in_order(struct request *request, struct reading *reading, struct row_web_thread_outline *rows, size_t count)
{
    struct thread_leaf *leaves = mem_array(request, struct thread_leaf, count);
    size_t *row_of = mem_array(request, size_t, count);

    reading->rows = rows;
    reading->posts = mem_array(request, struct order_post, count);
    reading->gaps = mem_array(request, size_t, count);
    for (size_t i = 0; i < count; i++) {
        leaves[i] = (struct thread_leaf){rows[i].id, rows[i].parent_id, rows[i].missing, rows[i].hash, rows[i].accepted_at, rows[i].is_copy,
                                         !rows[i].is_shown};
        row_of[i] = reading->count;
        if (rows[i].is_shown)
            rows[reading->count++] = rows[i];
    }
    if (!reading->is_flat) {
        read_as_tree(request, reading, leaves, count, row_of);
        return;
    }
    for (size_t i = 0; i < reading->count; i++) {
        reading->posts[i] = (struct order_post){rows[i].id, rows[i].parent_id, rows[i].accepted_at, i, 0};
        reading->gaps[i] = NO_GAP;
    }
    order_by_date(reading->posts, reading->count);
}

static size_t
place_of(const struct reading *reading, int64_t id)
{
    for (size_t i = 0; i < reading->count; i++)
        if (reading->posts[i].id == id)
            return i;
    return SIZE_MAX;
}

static void
turn_to(struct reading *reading, int64_t after)
{
    size_t place = after != 0 ? place_of(reading, after) : SIZE_MAX;

    reading->begin = place != SIZE_MAX && place + 1 < reading->count ? place + 1 : 0;
    reading->end = reading->begin + POSTS_ON_A_PAGE < reading->count ? reading->begin + POSTS_ON_A_PAGE : reading->count;
}

static const char *
page_query(struct request *request, const struct reading *reading, size_t begin)
{
    if (begin == 0)
        return reading->is_flat ? "?view=flat" : "";
    return mem_printf(request, "?%safter=%lld", reading->is_flat ? "view=flat&" : "", (long long)reading->posts[begin - 1].id);
}

/* Any post's hash leads to its thread, and there to the page on which it stands. */
static void
send_to_place(struct request *request, const struct reading *reading, const char *hash)
{
    size_t place = 0;

    while (place < reading->count && !str_eq(reading->rows[reading->posts[place].index].hash, hash))
        place++;
    if (place == reading->count)
        place = 0;
    response_send_to(request->response, mem_printf(request, "%sthread/%s%s#%s", request->list->path, reading->rows[0].hash,
                                                   page_query(request, reading, place - place % POSTS_ON_A_PAGE), hash));
}

/* ---- what stands above ---- */

static bool
is_same_person(const struct row_web_thread_outline *one, const struct row_web_thread_outline *other)
{
    return str_is_empty(one->from_address) ? str_eq(one->from_name, other->from_name)
                                           : str_eq_nocase(one->from_address, other->from_address);
}

/* Who takes part, in the order of their first posts. Of a very long thread the first are looked through. */
static void
show_people(struct request *request, const struct reading *reading)
{
    enum { LOOKED_THROUGH = 500 };
    const struct row_web_thread_outline *people[LOOKED_THROUGH];
    struct out *rows = out_rows(request->page, "people");
    size_t count = 0;

    for (size_t i = 0; i < reading->count && i < LOOKED_THROUGH; i++) {
        size_t known = 0;

        if (reading->rows[i].is_removed)
            continue;
        while (known < count && !is_same_person(people[known], &reading->rows[i]))
            known++;
        if (known == count)
            people[count++] = &reading->rows[i];
    }
    for (size_t i = 0; i < count && i < PEOPLE_SHOWN; i++) {
        struct out *row = out_row(rows);

        out_text(row, "name", author_name(row, people[i]->from_name, people[i]->from_address, archive_hides_addresses(request)));
        if (!people[i]->anonymous && !str_is_empty(people[i]->from_address))
            out_text(row, "hash", people[i]->hash);
    }
    out_int(request->page, "people_count", (int64_t)count);
    out_bool(request->page, "has_more_people", reading->count > LOOKED_THROUGH);
    if (count > PEOPLE_SHOWN)
        out_int(request->page, "people_left", (int64_t)(count - PEOPLE_SHOWN));
}

/* Of a post that owners removed only the place is told: neither when it came nor what was with it. Where all are, there is no time. */
static void
show_head(struct request *request, const struct reading *reading)
{
    int64_t first = 0, last = 0, files = 0, here = 0;

    for (size_t i = 0; i < reading->count; i++) {
        int64_t at = reading->rows[i].accepted_at;

        if (reading->rows[i].is_removed)
            continue;
        first = here++ == 0 || at < first ? at : first;
        last = at > last ? at : last;
        files += reading->rows[i].attachments;
    }
    out_text(request->page, "subject", archive_words(request, reading->rows[0].subject));
    out_text(request->page, "hash", reading->rows[0].hash);
    out_int(request->page, "count", reading->turn != NULL ? reading->turn->posts : here);
    out_bool(request->page, "is_long", reading->turn != NULL);
    out_bool(request->page, "is_flat", reading->is_flat);
    out_int(request->page, "files", files);
    out_time(request->page, "started_at", first);
    out_time(request->page, "last_at", reading->turn != NULL && reading->turn->posts > 0 ? reading->turn->last_at : last);
    show_people(request, reading);
}

/* ---- the posts ---- */

static enum status
show_posts(struct request *request, const struct reading *reading)
{
    size_t on_page = reading->end - reading->begin, count, i = 0;
    int64_t *ids = mem_array(request, int64_t, on_page);
    struct row_web_thread_posts *posts;
    struct reader_row *readers = mem_array(request, struct reader_row, on_page);
    size_t reader_count = 0;
    struct archive_posts shown;
    struct out *rows = out_rows(request->page, "posts");
    enum status status;

    for (size_t place = 0; place < on_page; place++)
        ids[place] = reading->posts[reading->begin + place].id;
    status = q_web_thread_posts(request->web->db, request, (struct int_array){ids, on_page}, archive_view_version(request), &posts, &count);
    if (status == STATUS_OK)
        status = archive_posts_open(request, posts, count, &shown);
    for (size_t place = reading->begin; status == STATUS_OK && place < reading->end; place++) {
        const struct order_post *post = &reading->posts[place];
        size_t parent = place_of(reading, post->parent_id);
        struct out *row;

        if (!reading->rows[post->index].is_removed && (i == count || posts[i].id != post->id))
            continue;           /* it went between two statements */
        if (!reading->rows[post->index].is_removed && archive_posts_skips(&shown, i)) {
            i++;
            continue;
        }
        row = out_row(rows);
        if (post->depth > 0)
            out_int(row, "depth", post->depth < DEPTH_SHOWN ? post->depth : DEPTH_SHOWN);
        if (reading->gaps[place] != NO_GAP) {
            out_bool(row, "has_gap", true);
            out_int(row, "gap_depth", (int64_t)(reading->gaps[place] < DEPTH_SHOWN ? reading->gaps[place] : DEPTH_SHOWN));
        }
        if (parent >= reading->begin && parent < reading->end)
            out_bool(row, "parent_is_here", true);
        if (!reading->rows[post->index].is_removed) {
            archive_posts_show(&shown, i, row);
            readers[reader_count++] = (struct reader_row){posts[i].id, row};
            i++;
            continue;
        }
        out_text(row, "hash", reading->rows[post->index].hash);
        out_bool(row, "is_removed", true);
    }
    return status == STATUS_OK ? reader_show_thread(request, reading->rows[0].thread_id, readers, reader_count) : status;
}

/* Where this page is among all. */
static void
show_turns(struct request *request, const struct reading *reading)
{
    if (reading->end - reading->begin == reading->count)
        return;
    out_text(request->page, "place", mem_printf(request, "%zu–%zu / %zu", reading->begin + 1, reading->end, reading->count));
    if (reading->end < reading->count) {
        out_text(request->page, "more", page_query(request, reading, reading->end));
        out_text(request->page, "last", page_query(request, reading, reading->count - 1 - (reading->count - 1) % POSTS_ON_A_PAGE));
    }
    out_bool(request->page, "has_back", reading->begin > 0);
    if (reading->begin > 0) {
        size_t before = reading->begin > POSTS_ON_A_PAGE ? reading->begin - POSTS_ON_A_PAGE : 0;

        out_text(request->page, "back", page_query(request, reading, before));
    }
}

/* ---- a thread that is longer than that ---- */

static const char *
key_query(struct request *request, int64_t after)
{
    return after == 0 ? "" : mem_printf(request, "?after=%lld", (long long)after);
}

/* To the page that begins with that post. */
static enum status
send_to_post(struct request *request, const struct reading *reading, const char *hash)
{
    int64_t thread_id = reading->rows[0].thread_id;
    struct row_web_thread_turn *turn;
    struct row_thread_post *post;
    enum status status = thread_find_post(request->web->db, request, request->list->id, hash, false, &post);

    if (status == STATUS_OK && post != NULL)
        status = q_web_thread_turn(request->web->db, request, thread_id, post->id, POSTS_ON_A_PAGE, &turn);
    if (status == STATUS_OK && (post == NULL || turn == NULL))
        return STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%sthread/%s%s#%s", request->list->path, reading->rows[0].hash,
                                                       key_query(request, turn->alone), hash));
    return status;
}

static void
show_long_turns(struct request *request, const struct row_web_thread_turn *turn, const struct row_web_thread_outline *rows, size_t count,
                int64_t after)
{
    size_t on_page = count < POSTS_ON_A_PAGE ? count : POSTS_ON_A_PAGE;

    if (turn->before < COUNTED_MOST)
        out_text(request->page, "place", mem_printf(request, "%lld–%lld / %lld", (long long)turn->before + 1,
                                                    (long long)turn->before + (long long)on_page, (long long)turn->posts));
    if (count > on_page) {
        out_text(request->page, "more", key_query(request, rows[on_page - 1].id));
        out_text(request->page, "last", key_query(request, turn->newest));
    }
    out_bool(request->page, "has_back", after != 0);
    if (after != 0)
        out_text(request->page, "back", key_query(request, turn->previous));
}

/* `head` is the beginning of the thread. */
static enum status
show_long(struct request *request, struct reading *head)
{
    int64_t after = request_int(request, "after", 1, INT64_MAX, 0), thread_id = head->rows[0].thread_id;
    struct reading page = {.is_flat = true};
    struct row_web_thread_outline *rows;
    struct row_web_thread_turn *turn;
    size_t count;
    enum status status = q_web_thread_turn(request->web->db, request, thread_id, after, POSTS_ON_A_PAGE, &turn);

    if (status != STATUS_OK || turn == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    if (after != 0 && !turn->is_here)
        request_is_absurd(request);
    status = q_web_thread_outline(request->web->db, request, request->list->id, head->rows[0].hash, after, POSTS_ON_A_PAGE + 1, true,
                                  &rows, &count);
    if (status != STATUS_OK)
        return status;
    show_long_turns(request, turn, rows, count, after);
    read_in_order(request, &page, rows, count < POSTS_ON_A_PAGE ? count : POSTS_ON_A_PAGE);
    page.end = page.count;
    head->turn = turn;
    show_head(request, head);
    return page.count > 0 ? show_posts(request, &page) : STATUS_OK;
}

enum status
page_thread(struct request *request, struct fault *fault)
{
    const char *hash = request_param(request, "hash");
    struct reading reading = {.is_flat = archive_is_asked(request, "view", "flat")};
    struct row_web_thread_outline *rows;
    int64_t after;
    size_t count;
    enum status status = q_web_thread_outline(request->web->db, request, request->list->id, hash, 0, POSTS_OF_A_THREAD + 1, false, &rows, &count);

    (void)fault;
    if (status != STATUS_OK || count == 0)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    read_in_order(request, &reading, rows, count);
    if (reading.count == 0)
        return STATUS_NOT_FOUND;
    if (!str_eq(rows[0].hash, hash) && count > POSTS_OF_A_THREAD)
        return send_to_post(request, &reading, hash);
    if (!str_eq(rows[0].hash, hash)) {
        send_to_place(request, &reading, hash);
        return STATUS_OK;
    }
    if (count > POSTS_OF_A_THREAD)
        return show_long(request, &reading);
    after = request_int(request, "after", 1, INT64_MAX, 0);
    if (after != 0 && place_of(&reading, after) == SIZE_MAX)
        request_is_absurd(request);
    turn_to(&reading, after);
    show_turns(request, &reading);
    show_head(request, &reading);
    return show_posts(request, &reading);
}

/* The thread beside it on the list's page, which leads to that page where there is none. It is found when somebody goes there: so a
 * thread's page says nothing that other threads change, and may be kept until its own changes. */
static enum status
send_beside(struct request *request, bool older)
{
    struct row_web_thread_beside *beside;
    enum status status = q_web_thread_beside(request->web->db, request, request->list->id, request_param(request, "hash"), older, &beside);

    if (status != STATUS_OK || beside == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    response_send_to(request->response, beside->hash == NULL ? request->list->path
                     : mem_printf(request, "%sthread/%s", request->list->path, beside->hash));
    return STATUS_OK;
}

enum status
page_thread_older(struct request *request, struct fault *fault)
{
    (void)fault;
    return send_beside(request, true);
}

enum status
page_thread_newer(struct request *request, struct fault *fault)
{
    (void)fault;
    return send_beside(request, false);
}

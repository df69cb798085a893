/* page-home.c - the directory of lists: one's own first, then those that one may see, found by words, in order of name or activity */
#include <string.h>

#include "store/statements.h"
#include "util/clock.h"
#include "web/activity.h"
#include "web/body.h"
#include "web/page.h"
#include "web/words.h"

enum { PAGE_LISTS = 50, MINE_LISTS = 200, RECENT_DAYS = 30 };

struct shelf {
    struct row_web_lists *rows;
    size_t count;
    int64_t total;
};

/* What was asked for: words, order, where the page begins. */
struct wish { const char *words; bool by_activity; int64_t after; };

static struct wish
wish_of(const struct request *request)
{
    return (struct wish){
        .words = request_text(request, "q"), .by_activity = str_eq(request_text(request, "sort"), "activity"),
        .after = request_int(request, "after", 1, INT64_MAX, 0)};
}

static enum status
shelf_load(struct request *request, const struct wish *wish, const char *mode, int64_t most, struct shelf *shelf)
{
    const char *host = str_lower(request, request->raw.host != NULL ? request->raw.host : "");
    int64_t since = clock_now_us() - RECENT_DAYS * INT64_C(86400) * US_PER_S;
    enum status status = q_web_lists(request->web->db, request, host, request->me.user_id, request->standing.is_admin, since,
                                     wish->words, wish->by_activity, mode, wish->after, most, &shelf->rows, &shelf->count);

    shelf->total = status == STATUS_OK && shelf->count > 0 ? shelf->rows[0].total : 0;
    return status;
}

/* The activity of what may be read on both shelves. */
static enum status
load_activity(struct request *request, const struct shelf shelves[2], struct activity **activity_r)
{
    int64_t *ids = mem_array(request, int64_t, shelves[0].count + shelves[1].count + 1);
    size_t readable = 0;

    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < shelves[s].count; i++)
            if (shelves[s].rows[i].may_read)
                ids[readable++] = shelves[s].rows[i].id;
    return activity_load(request->web->db, request, (struct int_array){ids, readable}, clock_now_us(), activity_r);
}

static void
show_list(struct request *request, struct out *row, const struct row_web_lists *list, const struct activity *activity)
{
    out_text(row, "path", mem_printf(request, "/lists/%s/", list->slug));
    out_text(row, "name", list->name);
    out_text(row, "domain", list->domain);
    out_text(row, "title", list->title);
    out_text(row, "description", list->description);
    out_text(row, "language", list->language);
    out_bool(row, "is_member", list->is_member);
    out_bool(row, "is_moderator", list->is_moderator && !list->is_owner);
    out_bool(row, "is_owner", list->is_owner);
    out_int(row, "held", list->held);
    out_int(row, "recent", list->recent);
    out_text(row, "last_subject", words_shown(row, list->last_subject, true));
    out_time(row, "last_at", list->last_at);
    activity_show(row, request->lang, activity, list->id);
}

static void
show_shelf(struct request *request, const char *name, const struct shelf *shelf, size_t most, const struct activity *activity)
{
    struct out *rows = out_rows(request->page, name);

    for (size_t i = 0; i < shelf->count && i < most; i++)
        show_list(request, out_row(rows), &shelf->rows[i], activity);
}

/* Posts wait on several of one's own lists: one desk holds all of them. */
static bool
waits_on_several(const struct shelf *mine)
{
    size_t lists = 0;

    for (size_t i = 0; i < mine->count; i++)
        lists += mine->rows[i].held > 0;
    return lists > 1;
}

/* The address of a page of the directory. */
static const char *
home_link(struct request *request, const struct wish *wish, bool by_activity, int64_t after)
{
    struct str *link = str_new(request);

    if (*wish->words != '\0')
        str_addf(link, "&q=%s", url_escape(request, wish->words));
    if (by_activity)
        str_add(link, "&sort=activity");
    if (after != 0)
        str_addf(link, "&after=%lld", (long long)after);
    if (link->len > 0)
        link->s[0] = '?';
    return mem_printf(request, "/%s", link->s);
}

static void
show_links(struct request *request, const struct wish *wish, const struct shelf *shelf)
{
    out_text(request->page, "q", wish->words);
    out_bool(request->page, "by_activity", wish->by_activity);
    out_bool(request->page, "is_first", wish->after == 0);
    out_text(request->page, "by_name_link", home_link(request, wish, false, 0));
    out_text(request->page, "by_activity_link", home_link(request, wish, true, 0));
    out_text(request->page, "first_link", home_link(request, wish, wish->by_activity, 0));
    if (shelf->count > PAGE_LISTS)
        out_text(request->page, "next_link", home_link(request, wish, wish->by_activity, shelf->rows[PAGE_LISTS - 1].id));
    out_bool(request->page, "may_make", request_may(request, RIGHT_DOMAIN));
}

static enum status
show_ended(struct request *request)
{
    struct out *rows = out_rows(request->page, "ended");
    struct row_web_lists_ended *ended;
    size_t count = 0;
    enum status status = STATUS_OK;

    if (request->standing.is_signed_in)
        status = q_web_lists_ended(request->web->db, request, request->me.user_id, request->standing.is_admin, &ended, &count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct out *row = out_row(rows);

        out_text(row, "address", ended[i].address);
        out_text(row, "path", mem_printf(row, "/ended/%lld", (long long)ended[i].id));
        out_time(row, "erase_at", ended[i].erase_at);
    }
    return status;
}

enum status
page_home(struct request *request, struct fault *fault)
{
    struct wish wish = wish_of(request);
    bool apart = request->standing.is_signed_in && *wish.words == '\0';
    struct shelf shelves[2] = {{0}};    /* one's own, and the others */
    struct activity *activity;
    enum status status = STATUS_OK;

    (void)fault;
    if (apart && wish.after == 0)
        status = shelf_load(request, &(struct wish){.words = "", .by_activity = wish.by_activity}, "mine", MINE_LISTS, &shelves[0]);
    if (status == STATUS_OK)
        status = shelf_load(request, &wish, apart ? "others" : "all", PAGE_LISTS + 1, &shelves[1]);
    if (status == STATUS_OK)
        status = load_activity(request, shelves, &activity);
    if (status == STATUS_OK)
        status = show_ended(request);
    if (status != STATUS_OK)
        return status;
    out_int(request->page, "count", shelves[0].total + shelves[1].total);
    show_shelf(request, "mine", &shelves[0], MINE_LISTS, activity);
    show_shelf(request, "lists", &shelves[1], PAGE_LISTS, activity);
    show_links(request, &wish, &shelves[1]);
    out_bool(request->page, "waits_on_several", waits_on_several(&shelves[0]));
    show_site_words(request, request->page, "home_page");
    return STATUS_OK;
}

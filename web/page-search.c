/* page-search.c - search over one list, several, or all that one may read */
#include <stdlib.h>
#include <string.h>

#include "store/statements.h"
#include "util/when.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/page.h"
#include "web/search-ask.h"
#include "web/search-show.h"

enum { HITS_ON_A_PAGE = 20, LISTS_COUNTED = 20, AUTHORS_COUNTED = 20, YEARS_COUNTED = 60 };

/* ---- links ---- */

/* The same search, otherwise ordered or at another place. */
static char *
link_to(struct request *request, const struct search_ask *ask, bool is_best, const char *place)
{
    struct str *link = str_new(request);

    str_addf(link, "%s?q=%s", ask->path, url_escape(link, ask->text));
    for (size_t i = 0; i < ask->lists.count; i++)
        str_addf(link, "&list=%lld", (long long)ask->lists.items[i]);
    if (is_best)
        str_add(link, "&sort=best");
    str_add(link, place);
    return link->s;
}

/* With a further term, for one of the counts. */
static char *
link_with(struct request *request, const struct search_ask *ask, const char *term)
{
    struct search_ask more = *ask;

    more.text = mem_printf(request, "%s%s%s %s", strstr(ask->text, "OR") != NULL ? "(" : "", ask->text,
                           strstr(ask->text, "OR") != NULL ? ")" : "", term);
    return link_to(request, &more, false, "");
}

/* ---- counts ---- */

struct tally { int64_t key, count; };

static int
compare_tallies(const void *one, const void *two)
{
    const struct tally *a = one, *b = two;

    return a->count != b->count ? (a->count > b->count ? -1 : 1) : a->key > b->key ? -1 : a->key < b->key;
}

static size_t
tally_up(struct tally *rows, size_t count, int64_t key)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].key == key) {
            rows[i].count++;
            return count;
        }
    rows[count] = (struct tally){key, 1};
    return count + 1;
}

static void
show_years(struct request *request, const struct search_ask *ask, const struct search_found *found)
{
    struct tally years[YEARS_COUNTED + 1];
    struct out *rows = out_rows(request->page, "years");
    size_t count = 0;

    for (size_t i = 0; i < found->count; i++) {
        int year, month, day;

        when_parts(found->hits[i].at_us, &year, &month, &day);
        if (count < YEARS_COUNTED)
            count = tally_up(years, count, year);
    }
    for (size_t i = 0; i < count; i++)         /* a year is a name, and its order its own */
        for (size_t k = i + 1; k < count; k++)
            if (years[k].key > years[i].key) {
                struct tally swap = years[i];

                years[i] = years[k];
                years[k] = swap;
            }
    for (size_t i = 0; i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "name", mem_printf(row, "%lld", (long long)years[i].key));
        out_int(row, "posts", years[i].count);
        out_text(row, "path", link_with(request, ask, mem_printf(row, "date:%lld", (long long)years[i].key)));
    }
}

static enum status
show_lists(struct request *request, const struct search_ask *ask, const struct search_found *found)
{
    struct tally *lists = mem_array(request, struct tally, ask->scope.lists.count + 1);
    struct out *rows = out_rows(request->page, "lists");
    struct row_search_list_names *names;
    size_t count = 0, named = 0;
    enum status status = q_search_list_names(request->web->db, request, ask->scope.lists, &names, &named);

    for (size_t i = 0; i < found->count; i++)
        count = tally_up(lists, count, found->hits[i].list_id);
    qsort(lists, count, sizeof(*lists), compare_tallies);
    for (size_t i = 0; status == STATUS_OK && i < count && i < LISTS_COUNTED; i++)
        for (size_t k = 0; k < named; k++)
            if (names[k].id == lists[i].key) {
                struct out *row = out_row(rows);
                struct search_ask one = *ask;

                one.lists = (struct int_array){&lists[i].key, 1};
                out_text(row, "name", names[k].title);
                out_int(row, "posts", lists[i].count);
                out_text(row, "path", link_to(request, &one, false, ""));
            }
    return status;
}

/* Where addresses are hidden, authors are counted by address and shown by name. */
static enum status
show_authors(struct request *request, const struct search_ask *ask, const struct search_found *found)
{
    int64_t *ids = mem_array(request, int64_t, found->count + 1);
    bool hide = ask->scope.belongs.count < ask->scope.lists.count;
    struct out *rows = out_rows(request->page, "authors");
    struct row_search_authors *authors;
    size_t count = 0;
    enum status status;

    for (size_t i = 0; i < found->count; i++)
        ids[i] = found->hits[i].post_id;
    status = q_search_authors(request->web->db, request, (struct int_array){ids, found->count}, AUTHORS_COUNTED, &authors, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);
        const char *name = author_name(row, authors[i].name, authors[i].address, hide);

        out_text(row, "name", name);
        out_int(row, "posts", authors[i].posts);
        if (!str_is_empty(authors[i].name) && strchr(name, '"') == NULL)
            out_text(row, "path", link_with(request, ask, mem_printf(row, "from:\"%s\"", name)));
    }
    return status;
}

static enum status
show_counts(struct request *request, const struct search_ask *ask, const struct search_found *found)
{
    enum status status = STATUS_OK;

    show_years(request, ask, found);
    if (ask->scope.lists.count > 1)
        status = show_lists(request, ask, found);
    return status == STATUS_OK ? show_authors(request, ask, found) : status;
}

/* ---- the two orders ---- */

/* 12,345 is about 12,000. */
static int64_t
rounded(int64_t number)
{
    int64_t unit = 1;

    while (number / unit >= 100)
        unit *= 10;
    return number / unit * unit;
}

static void
show_total(struct request *request, const struct search_found *found)
{
    out_int(request->page, "total", found->total);
    out_bool(request->page, "is_many", found->total > SEARCH_COUNT_MOST);
    if (found->total > SEARCH_COUNT_MOST && rounded(found->about) > SEARCH_COUNT_MOST)
        out_int(request->page, "about", rounded(found->about));
}

static enum status
show_newest(struct request *request, const struct search_ask *ask)
{
    struct search_found found;
    size_t counted = ask->is_first ? SEARCH_COUNT_MOST + 1 : HITS_ON_A_PAGE + 1, shown;
    enum status status = search_newest(request->web->db, request, &ask->scope, ask->query, ask->before, HITS_ON_A_PAGE, counted, &found);

    if (status != STATUS_OK)
        return status;
    shown = found.count;
    if (ask->is_first)
        show_total(request, &found);
    if ((size_t)found.total > shown && shown > 0)
        out_text(request->page, "older", link_to(request, ask, false, mem_printf(request, "&before=%lld&id=%lld",
                 (long long)found.hits[shown - 1].at_us, (long long)found.hits[shown - 1].post_id)));
    else if (found.is_cut && found.last.post_id != 0)
        out_text(request->page, "go_on", link_to(request, ask, false, mem_printf(request, "&before=%lld&id=%lld",
                 (long long)found.last.at_us, (long long)found.last.post_id)));
    out_bool(request->page, "is_cut", found.is_cut);
    out_time(request->page, "cut_at", found.last.at_us);
    return search_show_hits(request, request->page, ask->query, &ask->scope, found.hits, shown);
}

static enum status
show_best(struct request *request, const struct search_ask *ask)
{
    struct search_found found;
    size_t from = (size_t)ask->from, shown;
    enum status status = search_best(request->web->db, request, &ask->scope, ask->query, &found);

    if (status != STATUS_OK)
        return status;
    from = from < found.count ? from : found.count;
    shown = found.count - from < HITS_ON_A_PAGE ? found.count - from : HITS_ON_A_PAGE;
    out_int(request->page, "total", (int64_t)found.count);
    out_bool(request->page, "is_newest_part", found.count >= SEARCH_RANK_MOST || found.is_cut);
    if (from + shown < found.count)
        out_text(request->page, "older", link_to(request, ask, true, mem_printf(request, "&from=%zu", from + shown)));
    status = show_counts(request, ask, &found);
    return status == STATUS_OK ? search_show_hits(request, request->page, ask->query, &ask->scope, found.hits + from, shown) : status;
}

/* ---- the page ---- */

static void
show_links(struct request *request, const struct search_ask *ask)
{
    out_text(request->page, "q", ask->text);
    out_text(request->page, "path", ask->path);
    out_bool(request->page, "is_best", ask->is_best);
    out_bool(request->page, "is_first", ask->is_first);
    out_bool(request->page, "is_everywhere", request->list == NULL);
    if (request->list != NULL || ask->lists.count == 1)
        out_int(request->page, "list_id", request->list != NULL ? request->list->id : ask->lists.items[0]);
    out_text(request->page, "newest_link", link_to(request, ask, false, ""));
    out_text(request->page, "best_link", link_to(request, ask, true, ""));
    out_text(request->page, "feed_link", search_ask_link(request, ask, "search.atom"));
    out_text(request->page, "json_link", search_ask_link(request, ask, "search.json"));
    out_text(request->page, "mbox_link", search_ask_link(request, ask, "search/mbox.gz"));
    out_text(request->page, "everywhere_link", mem_printf(request, "/search?q=%s", url_escape(request, ask->text)));
    for (size_t i = 0; i < ask->lists.count; i++)
        out_int(out_row(out_rows(request->page, "chosen")), "id", ask->lists.items[i]);
}

static enum status
answer(struct request *request, struct search_ask *ask)
{
    enum status status = search_ask_open(request, ask);

    if (status != STATUS_OK)
        return status;
    out_bool(request->page, "was_asked", true);
    out_bool(request->page, "hides_addresses", ask->query->has_closed && ask->scope.belongs.count < ask->scope.lists.count);
    return ask->is_best ? show_best(request, ask) : show_newest(request, ask);
}

enum status
page_search(struct request *request, struct fault *fault)
{
    struct search_ask ask = search_ask_of(request);

    (void)fault;
    search_ask_place(request, &ask);
    show_links(request, &ask);
    if (ask.query == NULL) {
        struct out *out = out_object(request->page, "fault");

        out_text(out, "field", "q");
        out_text(out, "sentence", search_fault_words(request, &ask.why));
        return STATUS_OK;
    }
    return ask.query->root == NULL ? STATUS_OK : answer(request, &ask);
}

enum status
page_list_search(struct request *request, struct fault *fault)
{
    return page_search(request, fault);
}

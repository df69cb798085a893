/* page-author.c - what somebody wrote on a list
 *
 * The page is named by the first post of its author, and any other of them leads there: nothing of an address is in it, and nobody
 * can be looked for by address. A post of an anonymous list has no such page and stands on none. */
#include "web/archive.h"
#include "web/body.h"
#include "web/page.h"

enum { POSTS_ON_A_PAGE = 50, COUNTED_MOST = 1000 };

static enum status
show_posts(struct request *request, const char *address)
{
    int64_t before = request_int(request, "before", 1, INT64_MAX, 0);
    struct row_web_author_posts *posts;
    struct out *rows = out_rows(request->page, "posts");
    size_t count;
    enum status status = q_web_author_posts(request->web->db, request, request->list->id, address, before, POSTS_ON_A_PAGE + 1,
                                            &posts, &count);

    for (size_t i = 0; status == STATUS_OK && i < count && i < POSTS_ON_A_PAGE; i++) {
        struct out *row = out_row(rows);

        out_text(row, "hash", posts[i].hash);
        out_text(row, "subject", archive_words(request, posts[i].subject));
        out_text(row, "excerpt", archive_words(request, posts[i].excerpt));
        out_time(row, "at", posts[i].accepted_at);
    }
    out_bool(request->page, "is_first", before == 0);
    if (status == STATUS_OK && count > POSTS_ON_A_PAGE)
        out_text(request->page, "older", mem_printf(request, "?before=%lld", (long long)posts[POSTS_ON_A_PAGE - 1].id));
    return status;
}

enum status
page_author(struct request *request, struct fault *fault)
{
    const char *hash = request_param(request, "hash");
    bool hide = archive_hides_addresses(request);
    struct row_web_author *author;
    enum status status = q_web_author(request->web->db, request, request->list->id, hash, COUNTED_MOST + 1, &author);

    (void)fault;
    if (status != STATUS_OK || author == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    if (!str_eq(author->first_hash, hash)) {
        response_send_to(request->response, mem_printf(request, "%sauthor/%s", request->list->path, author->first_hash));
        return STATUS_OK;
    }
    out_text(request->page, "name", author_name(request, author->name, author->address, hide));
    out_text(request->page, "hash", hash);
    if (!hide)
        out_text(request->page, "address", author->address);
    out_int(request->page, "count", author->posts);
    out_bool(request->page, "is_many", author->posts > COUNTED_MOST);
    return show_posts(request, author->address);
}

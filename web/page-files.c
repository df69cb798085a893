/* page-files.c - what was attached to a list's posts: pictures to look at, files to look for */
#include "web/archive.h"
#include "web/body.h"
#include "web/files.h"
#include "web/page.h"

/* Pictures are shown as they came, as nothing here decodes them: of so many bytes together on a page, the rest is named. */
enum { FILES_ON_A_PAGE = 60, PICTURES_MOST = 16 << 20 };

/* "12345.2": the post and the position from which the next page goes on. */
static bool
read_place(const char *text, int64_t *post_r, int64_t *position_r)
{
    char **parts = str_split(NULL, text, '.', 2);
    bool read = parts[0] != NULL && parts[1] != NULL && str_to_int(parts[0], 1, INT64_MAX, post_r) &&
        str_to_int(parts[1], 0, 10000, position_r);

    talloc_free(parts);
    return read;
}

/* `left` is how many bytes of pictures the page may still have. */
static void
show_file(struct request *request, struct out *page, const struct row_web_files *file, int64_t *left)
{
    bool is_picture = file_has_picture(file->kind, file->size) && file->size <= *left;
    struct file_shown shown = {file->hash, file->position, file->size, file->kind, file->name, file->type, !is_picture};
    struct out *row = out_row(out_rows(page, str_eq(file->kind, "image") ? "pictures" : "files"));

    *left -= is_picture ? file->size : 0;
    file_show(request, row, &shown);
    out_text(row, "hash", file->hash);
    out_text(row, "subject", archive_words(request, file->subject));
    out_text(row, "author", author_name(row, file->from_name, file->from_address, archive_hides_addresses(request)));
    out_time(row, "at", file->accepted_at);
}

enum status
page_files(struct request *request, struct fault *fault)
{
    int64_t post = 0, position = 0, left = PICTURES_MOST;
    bool is_first = !read_place(request_text(request, "before"), &post, &position);
    struct row_web_files *files;
    size_t count;
    enum status status = q_web_files(request->web->db, request, request->list->id, is_first ? 0 : post, position, FILES_ON_A_PAGE + 1,
                                     &files, &count);

    (void)fault;
    for (size_t i = 0; status == STATUS_OK && i < count && i < FILES_ON_A_PAGE; i++)
        show_file(request, request->page, &files[i], &left);
    out_bool(request->page, "is_first", is_first);
    if (status == STATUS_OK && count > FILES_ON_A_PAGE)
        out_text(request->page, "older", mem_printf(request, "?before=%lld.%lld", (long long)files[FILES_ON_A_PAGE - 1].post_id,
                                                    (long long)files[FILES_ON_A_PAGE - 1].position));
    return status;
}

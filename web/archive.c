/* archive.c - what the pages that read the archive have in common */
#include "archive/subject.h"
#include "mime/part.h"
#include "util/clock.h"
#include "util/when.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/common.h"

enum { TEXT_MOST = 256 * 1024, NAMES_SHOWN = 3 };

bool
archive_hides_addresses(const struct request *request)
{
    return !sees_addresses(&request->standing);
}

/* The time in two values: a page has many, and of the other forms of a time a message shows none. */
static void
show_time(struct request *request, struct out *row, int64_t time_us)
{
    out_text(row, "at", mem_printf(row, "%s %s", when_full(row, request->lang, time_us), when_zone_name(time_us)));
    out_text(row, "at_iso", clock_iso(row, time_us));
}

static void
show_parent(struct out *row, const struct row_web_thread_posts *post, bool hide)
{
    out_text(row, "parent_hash", post->parent_hash);
    out_text(row, "parent_author", author_name(row, post->parent_name, post->parent_address, hide));
    if (!subject_is_same(post->subject, post->parent_subject))
        out_text(row, "new_subject", post->subject);
}

void
archive_show_post(struct request *request, struct out *row, const struct row_web_thread_posts *post)
{
    bool hide = archive_hides_addresses(request);
    struct message *message = message_parse(row, post->bytes);

    out_text(row, "hash", post->hash);
    out_int(row, "number", post->number);
    out_text(row, "subject", post->subject);
    out_text(row, "author", author_name(row, post->from_name, post->from_address, hide));
    out_bool(row, "has_author_page", !post->anonymous && !str_is_empty(post->from_address));
    if (!hide && !str_is_empty(post->from_name) && !str_eq(post->from_name, post->from_address))
        out_text(row, "address", post->from_address);
    show_time(request, row, post->written_at);
    if (post->signed_by != NULL)
        out_text(row, "signed_by", post->signed_by);
    if (post->bytes.len < (size_t)post->size)
        out_bool(row, "is_cut", true);
    if (post->parent_hash != NULL)
        show_parent(row, post, hide);
    body_show(row, message_text(row, message, TEXT_MOST), hide);
    attachments_show(request, row, message, post->bytes.len == (size_t)post->size);
}

enum status
archive_find_post(struct request *request, int most, struct row_web_post **post_r)
{
    enum status status = q_web_post(request->web->db, request, request->list->id, request_param(request, "hash"), most, post_r);

    return status == STATUS_OK && *post_r == NULL ? STATUS_NOT_FOUND : status;
}

static bool
is_named_before(struct text_array names, struct text_array addresses, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(names.items[i], names.items[n]) && str_eq_nocase(addresses.items[i], addresses.items[n]))
            return true;
    return false;
}

const char *
archive_authors(struct request *request, struct text_array names, struct text_array addresses, int64_t posts)
{
    struct str *line = str_new(request);
    size_t people = 0;

    for (size_t i = 0; i < names.count; i++) {
        if (is_named_before(names, addresses, i))
            continue;
        if (people++ < NAMES_SHOWN)
            str_addf(line, "%s%s", people > 1 ? tr(request->lang, N_(", ")) : "",
                     author_name(request, names.items[i], addresses.items[i], archive_hides_addresses(request)));
    }
    if ((int64_t)names.count < posts)
        str_add(line, " …");
    else if (people > NAMES_SHOWN)
        str_addf(line, " +%zu", people - NAMES_SHOWN);
    return line->s;
}

bool
archive_is_asked(const struct request *request, const char *field, const char *word)
{
    const char *said = request_text(request, field);

    if (*said != '\0' && !str_eq(said, word))
        request_is_absurd(request);
    return str_eq(said, word);
}

const char *
archive_excerpt(struct request *request, const char *excerpt)
{
    return archive_hides_addresses(request) ? mask_addresses(request, excerpt) : excerpt;
}

/* ---- where pages go on ---- */

enum status
archive_check_post(struct request *request, int64_t id, const char *first_day)
{
    struct row_archive_key_post *row;
    enum status status = id == 0 ? STATUS_OK : q_archive_key_post(request->web->db, request, request->list->id, id, first_day, &row);

    if (id != 0 && status == STATUS_OK && row == NULL)
        request_is_absurd(request);
    return status;
}

enum status
archive_check_thread(struct request *request, int64_t id, int64_t at_us)
{
    struct row_archive_key_thread *row;
    enum status status = id == 0 && at_us == 0 ? STATUS_OK
                         : q_archive_key_thread(request->web->db, request, request->list->id, id, at_us, &row);

    if ((id != 0 || at_us != 0) && status == STATUS_OK && row == NULL)
        request_is_absurd(request);
    return status;
}

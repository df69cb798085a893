/* archive.c - what the pages that read the archive have in common */
#include "archive/subject.h"
#include "mime/view-html.h"
#include "util/clock.h"
#include "util/when.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/common.h"
#include "web/files.h"

/* Of a text that is not kept whole, how much a page of its own shows; and how many people are named beside a reaction. */
enum { TEXT_MOST = 256 * 1024, HTML_MOST = 1 << 20, NAMED_MOST = 5, REACTIONS_MOST = 1000, NAMES_SHOWN = 3 };

bool
archive_hides_addresses(const struct request *request)
{
    return !sees_addresses(&request->standing);
}

enum reduced_why
archive_reduced_why(const struct request *request)
{
    const struct standing *standing = &request->standing;

    return standing->addresses_are_for_members ? REDUCED_GUEST : standing->addresses_are_for_nobody ? REDUCED_NOBODY : REDUCED_LIST;
}

int
archive_view_version(const struct request *request)
{
    return view_version(request->list->shows_markdown);
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
        out_text(row, "new_subject", words_shown(row, post->subject, hide));
}

/* ---- what comes from the message ---- */

/* With a link where it is of a post that has a page. */
static void
show_part(struct request *request, struct out *post, const struct row_web_post_parts *part)
{
    const struct out *hash = out_get(post, "hash");
    struct file_shown shown = {hash != NULL ? hash->text : NULL, part->position, part->size, part->kind, part->name, part->type, false};

    file_show(request, out_row(out_rows(post, "attachments")), &shown);
}

static void
show_broken(struct request *request, struct out *row, const char *name)
{
    const char *sentence = view_fault_sentence_of(name);

    if (sentence != NULL)
        out_row_text(out_rows(row, "broken"), tr(request->lang, sentence));
}

static void
show_facts(struct request *request, struct out *row, const char *language, bool is_cut)
{
    const char *otherwise = request->list != NULL ? request->list->language : lang_code(request->lang);

    out_text(row, "language", language != NULL ? language : otherwise);
    out_bool(row, "is_cut", is_cut);
}

void
archive_show_view(struct request *request, struct out *row, const struct view *view, bool is_cut, bool hide_addresses)
{
    bool is_long;
    char *fragment = view_html(row, view, HTML_MOST, &is_long);

    show_facts(request, row, view->language, is_cut || is_long);
    body_show_fragment(row, request->lang, fragment, hide_addresses);
    for (int fault = 0; fault < VIEW_FAULT_COUNT; fault++)
        if ((view->faults & 1u << fault) != 0)
            show_broken(request, row, view_fault_name(fault));
    for (size_t i = 0; i < view->part_count; i++) {
        const struct view_part *part = &view->parts[i];
        const struct row_web_post_parts shown = {.position = (int64_t)i + 1, .kind = view_part_kind_name(part->kind), .name = part->name,
                                                 .type = part->type, .size = (int64_t)part->size};

        show_part(request, row, &shown);
    }
}

static const struct row_web_post_parts *
read_parts(struct request *request, const struct row_web_thread_posts *posts, size_t count, size_t *parts_r, enum status *status_r)
{
    int64_t *ids = mem_array(request, int64_t, count);
    struct row_web_post_parts *rows = NULL;
    size_t wanted = 0;

    *parts_r = 0;
    for (size_t i = 0; i < count; i++)
        if (posts[i].body != NULL && posts[i].parts > 0)
            ids[wanted++] = posts[i].id;
    *status_r = wanted == 0 ? STATUS_OK : q_web_post_parts(request->web->db, request, (struct int_array){ids, wanted}, &rows, parts_r);
    return rows;
}

static void
show_kept(const struct archive_posts *shown, struct out *row, const struct row_web_thread_posts *post)
{
    struct request *request = shown->request;

    show_facts(request, row, post->language, post->is_cut);
    body_show_fragment(row, request->lang, post->body, archive_hides_addresses(request));
    for (size_t i = 0; i < post->broken.count; i++)
        show_broken(request, row, post->broken.items[i]);
    for (size_t i = 0; i < shown->part_count; i++)
        if (shown->parts[i].post_id == post->id)
            show_part(request, row, &shown->parts[i]);
}

/* ---- reactions ---- */

/* Those of one sign are one row: how many, and who. */
static void
show_reaction(struct request *request, struct out *row, const char *sign, const char *author)
{
    struct out *rows = out_rows(row, "reactions"), *found = NULL;
    struct out *names, *number;

    for (struct out *one = rows->first; one != NULL; one = one->next)
        if (str_eq(out_get(one, "sign")->text, sign))
            found = one;
    if (found == NULL) {
        found = out_row(rows);
        out_text(found, "sign", sign);
        out_int(found, "count", 0);
        out_text(found, "names", "");
    }
    number = (struct out *)out_get(found, "count");
    names = (struct out *)out_get(found, "names");
    if (number->number++ < NAMED_MOST)
        names->text = mem_printf(names, "%s%s%s", names->text, *names->text != '\0' ? tr(request->lang, N_(", ")) : "", author);
    else if (number->number == NAMED_MOST + 1)
        names->text = mem_printf(names, "%s …", names->text);
}

static size_t
find_hash(const struct row_web_thread_posts *posts, size_t count, const char *hash)
{
    for (size_t i = 0; i < count && hash != NULL; i++)
        if (posts[i].reaction == NULL && str_eq(posts[i].hash, hash))
            return i;
    return count;
}

static void
show_reactions(const struct archive_posts *shown, struct out *row, const struct row_web_thread_posts *to)
{
    struct request *request = shown->request;

    for (size_t i = 0; i < shown->count && to->reaction == NULL; i++) {
        const struct row_web_thread_posts *post = &shown->rows[i];

        if (post->reaction != NULL && str_eq(post->parent_hash, to->hash))
            show_reaction(request, row, post->reaction,
                          author_name(row, post->from_name, post->from_address, archive_hides_addresses(request)));
    }
}

/* ---- posts ---- */

static void
show_post(const struct archive_posts *shown, struct out *row, const struct row_web_thread_posts *post)
{
    struct request *request = shown->request;
    bool hide = archive_hides_addresses(request);

    out_text(row, "hash", post->hash);
    out_int(row, "number", post->number);
    out_text(row, "subject", words_shown(row, post->subject, hide));
    out_text(row, "author", author_name(row, post->from_name, post->from_address, hide));
    out_bool(row, "has_author_page", !post->anonymous && !str_is_empty(post->from_address));
    if (!hide && !str_is_empty(post->from_name) && !str_eq(post->from_name, post->from_address))
        out_text(row, "address", post->from_address);
    show_time(request, row, post->written_at);
    if (post->signed_by != NULL)
        out_text(row, "signed_by", post->signed_by);
    if (post->parent_hash != NULL)
        show_parent(row, post, hide);
    if (post->body != NULL && post->bytes.data == NULL)
        show_kept(shown, row, post);
    else
        archive_show_view(request, row, view_as(row, message_parse(row, post->bytes), TEXT_MOST, request->list->shows_markdown),
                          post->bytes.len < (size_t)post->size, hide);
}

enum status
archive_posts_open(struct request *request, const struct row_web_thread_posts *posts, size_t count, struct archive_posts *shown_r)
{
    enum status status;

    *shown_r = (struct archive_posts){.request = request, .rows = posts, .count = count};
    shown_r->parts = read_parts(request, posts, count, &shown_r->part_count, &status);
    return status;
}

bool
archive_posts_skips(const struct archive_posts *shown, size_t i)
{
    return shown->rows[i].reaction != NULL && find_hash(shown->rows, shown->count, shown->rows[i].parent_hash) < shown->count;
}

void
archive_posts_show(const struct archive_posts *shown, size_t i, struct out *row)
{
    show_post(shown, row, &shown->rows[i]);
    show_reactions(shown, row, &shown->rows[i]);
}

enum status
archive_show_post(struct request *request, struct out *row, const struct row_web_thread_posts *post)
{
    struct row_web_post_reactions *reactions;
    struct archive_posts shown;
    size_t count = 0;
    enum status status = archive_posts_open(request, post, 1, &shown);

    if (status == STATUS_OK)
        status = q_web_post_reactions(request->web->db, request, post->id, REACTIONS_MOST, &reactions, &count);
    if (status != STATUS_OK)
        return status;
    show_post(&shown, row, post);
    for (size_t i = 0; i < count; i++)
        show_reaction(request, row, reactions[i].reaction,
                      author_name(row, reactions[i].from_name, reactions[i].from_address, archive_hides_addresses(request)));
    return STATUS_OK;
}

enum status
archive_find_post(struct request *request, int most, int version, struct row_web_post **post_r)
{
    enum status status = q_web_post(request->web->db, request, request->list->id, request_param(request, "hash"), most, version, post_r);

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
archive_words(struct request *request, const char *words)
{
    return words_shown(request, words, archive_hides_addresses(request));
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

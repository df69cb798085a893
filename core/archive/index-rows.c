/* index-rows.c - what the archive shows and finds of some posts, written in one statement a table */
#include "archive/index-rows.h"
#include "archive/index.h"
#include "archive/search-index.h"
#include "mime/view-html.h"
#include "store/statements.h"
#include "util/str.h"

enum { FLAG_HTML = 1, FLAG_CUT = 2 };

/* One column each. */
struct views { int64_t *posts, *versions, *flags, *parts; const char **bodies, **languages, **reactions, **broken; };
struct parts {
    size_t count, room;
    int64_t *posts, *positions, *parts, *sizes, *starts, *ends;
    const char **kinds, **names, **types, **ids, **encodings;
};
struct found { int64_t *lists, *times; const char **folded, **words; };

/* Each thing that is made of a message has its function here. */
struct rows {
    TALLOC_CTX *ctx;
    size_t count;               /* of the posts below */
    struct views views;
    struct parts parts;
    struct found found;
};
struct making { const struct row_posts_to_index *post; const struct message *message; const struct view *view; };

static struct rows
rows_new(TALLOC_CTX *ctx, size_t most)
{
#define INTS mem_array(ctx, int64_t, most)
#define TEXTS mem_array(ctx, const char *, most)
    return (struct rows){.ctx = ctx, .views = {INTS, INTS, INTS, INTS, TEXTS, TEXTS, TEXTS, TEXTS},
                         .found = {INTS, INTS, TEXTS, TEXTS}};
#undef INTS
#undef TEXTS
}

static const char *
text_or_none(const char *text)
{
    return text != NULL ? text : "";
}

/* ---- post_view ---- */

static const char *
broken(TALLOC_CTX *ctx, unsigned faults)
{
    struct str *names = str_new(ctx);

    for (int fault = 0; fault < VIEW_FAULT_COUNT; fault++)
        if ((faults & 1u << fault) != 0)
            str_addf(names, "%s%s", names->len > 0 ? " " : "", view_fault_name(fault));
    return names->s;
}

static void
add_view(struct rows *rows, const struct making *making)
{
    const struct view *view = making->view;
    struct views *views = &rows->views;
    size_t row = rows->count;
    bool is_cut;

    views->posts[row] = making->post->id;
    views->versions[row] = view_version(making->post->shows_markdown);
    views->bodies[row] = view_html(rows->ctx, view, VIEW_HTML_MOST, &is_cut);
    is_cut = is_cut || making->post->bytes.len < (size_t)making->post->size;
    views->languages[row] = mem_strdup(rows->ctx, text_or_none(view->language));
    views->reactions[row] = mem_strdup(rows->ctx, text_or_none(view->reaction));
    views->broken[row] = broken(rows->ctx, view->faults);
    views->flags[row] = (view->has_html ? FLAG_HTML : 0) | (is_cut ? FLAG_CUT : 0);
    views->parts[row] = (int64_t)view->part_count;
}

static enum status
put_views(struct db *db, const struct rows *rows)
{
    const struct views *v = &rows->views;
    size_t n = rows->count;

    return q_post_views_put(db, (struct int_array){v->posts, n}, (struct int_array){v->versions, n}, (struct text_array){v->bodies, n},
                            (struct text_array){v->languages, n}, (struct text_array){v->reactions, n}, (struct text_array){v->broken, n},
                            (struct int_array){v->flags, n}, (struct int_array){v->parts, n}, NULL);
}

/* ---- post_part ---- */

static void
make_room(struct rows *rows, size_t more)
{
    struct parts *parts = &rows->parts;
    int64_t **ints[] = {&parts->posts, &parts->positions, &parts->parts, &parts->sizes, &parts->starts, &parts->ends};
    const char ***texts[] = {&parts->kinds, &parts->names, &parts->types, &parts->ids, &parts->encodings};

    if (parts->count + more <= parts->room)
        return;
    parts->room = 2 * (parts->count + more);
    for (size_t i = 0; i < COUNT_OF(ints); i++)
        *ints[i] = mem_resize(rows->ctx, *ints[i], int64_t, parts->room);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = mem_resize(rows->ctx, *texts[i], const char *, parts->room);
}

static void
add_parts(struct rows *rows, const struct making *making)
{
    struct parts *parts = &rows->parts;

    make_room(rows, making->view->part_count);
    for (size_t i = 0; i < making->view->part_count; i++) {
        const struct view_part *part = &making->view->parts[i];
        size_t row = parts->count++;

        parts->posts[row] = making->post->id;
        parts->positions[row] = (int64_t)i + 1;
        parts->parts[row] = (int64_t)part->part;
        parts->sizes[row] = (int64_t)part->size;
        parts->kinds[row] = view_part_kind_name(part->kind);
        parts->names[row] = mem_strdup(rows->ctx, part->name);
        parts->types[row] = mem_strdup(rows->ctx, part->type);
        parts->ids[row] = mem_strdup(rows->ctx, text_or_none(part->content_id));
        parts->encodings[row] = mem_strdup(rows->ctx, text_or_none(view_part_range(making->message, part->part, &parts->starts[row],
                                                                                   &parts->ends[row])));
    }
}

static enum status
put_parts(struct db *db, const struct rows *rows)
{
    const struct parts *p = &rows->parts;
    size_t n = p->count;

    if (n == 0)
        return STATUS_OK;
    return q_post_parts_put(db, (struct int_array){p->posts, n}, (struct int_array){p->positions, n}, (struct int_array){p->parts, n},
                            (struct text_array){p->kinds, n}, (struct text_array){p->names, n}, (struct text_array){p->types, n},
                            (struct int_array){p->sizes, n}, (struct text_array){p->ids, n}, (struct int_array){p->starts, n},
                            (struct int_array){p->ends, n}, (struct text_array){p->encodings, n}, NULL);
}

/* ---- post_search ---- */

static void
add_found(struct rows *rows, const struct making *making)
{
    const struct row_posts_to_index *post = making->post;
    const struct search_post found = {
        .list_id = post->list_id, .at_us = post->accepted_at, .message_id = post->rfc_message_id, .subject = post->subject,
        .name = post->from_name, .address = post->from_address, .is_anonymous = post->anonymous};
    struct search_words words;

    search_index_post(rows->ctx, &found, making->message, making->view->text, making->view->language, &words);
    rows->found.lists[rows->count] = post->list_id;
    rows->found.times[rows->count] = post->accepted_at;
    rows->found.folded[rows->count] = words.folded;
    rows->found.words[rows->count] = words.words;
}

static enum status
put_found(struct db *db, const struct rows *rows)
{
    const struct found *f = &rows->found;
    size_t n = rows->count;

    return q_search_put(db, (struct int_array){rows->views.posts, n}, (struct int_array){f->lists, n}, SEARCH_VERSION,
                        (struct int_array){f->times, n}, (struct text_array){f->folded, n}, (struct text_array){f->words, n}, NULL);
}

/* ---- all of it ---- */

static const struct {
    void (*add)(struct rows *rows, const struct making *making);
    enum status (*put)(struct db *db, const struct rows *rows);
} tables[] = {{add_view, put_views}, {add_parts, put_parts}, {add_found, put_found}};

static void
add_post(struct rows *rows, const struct row_posts_to_index *post)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct message *message = message_parse(scratch, post->bytes);
    struct making making = {post, message, view_as(scratch, message, INDEX_TEXT, post->shows_markdown)};

    for (size_t i = 0; i < COUNT_OF(tables); i++)
        tables[i].add(rows, &making);
    rows->count++;
    talloc_free(scratch);
}

static bool
is_among(int64_t id, const struct row_posts_to_index *posts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (posts[i].id == id)
            return true;
    return false;
}

/* Nothing stays of those that were asked for and are not archived. */
static enum status
clear_others(struct db *db, TALLOC_CTX *ctx, struct int_array asked, const struct row_posts_to_index *posts, size_t count)
{
    int64_t *others = mem_array(ctx, int64_t, asked.count);
    size_t other_count = 0;

    for (size_t i = 0; i < asked.count; i++)
        if (!is_among(asked.items[i], posts, count))
            others[other_count++] = asked.items[i];
    return other_count > 0 ? q_post_view_of_none(db, (struct int_array){others, other_count}, NULL) : STATUS_OK;
}

enum status
index_rows(struct db *db, struct int_array asked)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct rows rows = rows_new(ctx, asked.count);
    struct row_posts_to_hold *held;
    struct row_posts_to_index *posts;
    size_t count = 0;
    enum status status = q_posts_to_hold(db, ctx, asked, &held, &count);

    if (status == STATUS_OK)
        status = q_posts_to_index(db, ctx, asked, INDEX_BYTES, &posts, &count);
    if (status == STATUS_OK && count < asked.count)
        status = clear_others(db, ctx, asked, posts, count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        add_post(&rows, &posts[i]);
    for (size_t i = 0; i < COUNT_OF(tables) && rows.count > 0 && status == STATUS_OK; i++)
        status = tables[i].put(db, &rows);
    talloc_free(ctx);
    return status;
}

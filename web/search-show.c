/* search-show.c - what was found, as pages and feeds show it */
#include <string.h>

#include "store/statements.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/search-show.h"

enum { PLACES_MOST = 40, VIEW_LETTERS = 30000, SUBJECT_LETTERS = 200, SNIPPET_LETTERS = 220, LETTERS_BEFORE = 60,
       PART_BYTES = 2000, PART_GROWS = 4 };

enum status
search_scope_for(struct request *request, struct search_scope *scope_r)
{
    if (request->list != NULL)
        return search_scope_list(request->web->db, request, request->list->id, !archive_hides_addresses(request), scope_r);
    return search_scope_of(request->web->db, request, request->raw.host != NULL ? request->raw.host : "", request->me.user_id,
                           request->standing.is_admin, scope_r);
}

const char *
search_fault_words(struct request *request, const struct query_fault *fault)
{
    return tr_fill(request, request_tr(request, fault->sentence), fault->word, mem_printf(request, "%zu", fault->place), NULL);
}

/* ---- a stored view as text ---- */

static const struct { const char *name; char letter; } entities[] = {
    {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''},
};

/* Past what begins at s; adds what it stands for. */
static const char *
add_entity(struct str *out, const char *s)
{
    for (size_t i = 0; i < COUNT_OF(entities); i++)
        if (str_starts(s, entities[i].name)) {
            str_addc(out, entities[i].letter);
            return s + strlen(entities[i].name);
        }
    str_addc(out, *s);
    return s + 1;
}

/* A link stands within a line; other elements end one. */
static const char *
add_tag(struct str *out, const char *s)
{
    size_t len = strcspn(s, ">");

    if (!str_starts(s, "<a ") && !str_starts(s, "</a"))
        str_addc(out, '\n');
    return s + len + (s[len] == '>');
}

/* The marks of view-html.h: 1 and 6 are sentences of ours; 4 begins the host of an address and 14 something behind an "@". */
static const char *
add_mark(struct str *out, const char *s, bool hide)
{
    char mark = *s++;
    char end = mark == 4 ? 5 : mark == 14 ? 15 : mark == 1 || mark == 6 ? 2 : 0;
    const char *close = end != 0 ? strchr(s, end) : NULL;

    if (mark == 4)
        str_addc(out, '@');
    if (close == NULL)
        return s;
    if (end != 2 && hide)
        str_add(out, "…");
    return end == 2 || hide ? close + 1 : s;
}

char *
search_plain_text(TALLOC_CTX *ctx, const char *fragment, bool hide_addresses)
{
    struct str *out = str_new(ctx);

    for (const char *s = fragment; *s != '\0';) {
        size_t plain = strcspn(s, "<&\x01\x02\x03\x04\x05\x06\x0e\x0f");

        str_addn(out, s, plain);
        s += plain;
        if (*s == '<')
            s = add_tag(out, s);
        else if (*s == '&')
            s = add_entity(out, s);
        else if (*s != '\0')
            s = add_mark(out, s, hide_addresses);
    }
    return out->s;
}

/* ---- what is found in a text ---- */

struct span { size_t start, end; };     /* bytes of the original */

static struct span
span_of(const struct fold *fold, const struct query_place *place)
{
    size_t end = place->end;

    while (end < fold->len && fold->origins[end] == fold->origins[end - 1])
        end++;
    return (struct span){fold->origins[place->start], fold->origins[end]};
}

static bool
begins_letter(char c)
{
    return (c & 0xC0) != 0x80;
}

static size_t
back_letters(const char *text, size_t at, size_t letters)
{
    while (at > 0 && letters > 0) {
        at--;
        letters -= begins_letter(text[at]);
    }
    return at;
}

static size_t
forth_letters(const char *text, size_t at, size_t letters)
{
    while (text[at] != '\0' && letters > 0) {
        at++;
        letters -= begins_letter(text[at]);
    }
    return at;
}

/* A blank near, so that no word is cut; where there is none (Japanese), right here. */
static size_t
at_blank(const char *text, size_t at, size_t until)
{
    for (size_t i = at; i < until && i < at + 24; i++)
        if (text[i] == ' ' || text[i] == '\n')
            return i + 1;
    return at;
}

static void
add_piece(struct out *rows, const char *text, struct span span, bool is_hit)
{
    struct out *row;
    char *copy;

    if (span.start >= span.end)
        return;
    row = out_row(rows);
    copy = mem_strndup(row, text + span.start, span.end - span.start);
    for (char *s = copy; *s != '\0'; s++)
        *s = *s == '\n' || *s == '\t' ? ' ' : *s;
    out_text(row, "text", copy);
    out_bool(row, "is_hit", is_hit);
}

static void
add_pieces(struct out *rows, const char *text, struct span window, const struct span *spans, size_t count)
{
    size_t at = window.start;

    if (window.start > 0)
        add_piece(rows, "…", (struct span){0, strlen("…")}, false);
    for (size_t i = 0; i < count && spans[i].start < window.end; i++) {
        struct span span = spans[i];

        if (span.start < at)
            continue;
        span.end = span.end < window.end ? span.end : window.end;
        add_piece(rows, text, (struct span){at, span.start}, false);
        add_piece(rows, text, span, true);
        at = span.end;
    }
    add_piece(rows, text, (struct span){at, window.end}, false);
    if (text[window.end] != '\0')
        add_piece(rows, "…", (struct span){0, strlen("…")}, false);
}

/* The part of a text that is looked at: so many bytes, ended at a blank where one is near. */
static size_t
part_of(const char *text, size_t len, size_t most)
{
    size_t end = most;

    if (len <= most)
        return len;
    while (end > most - 200 && text[end] != ' ' && text[end] != '\n')
        end--;
    if (end == most - 200)
        for (end = most; !begins_letter(text[end]); end--)
            ;
    return end;
}

/* What is found in the first `len` bytes of a text; false: nothing, or so far behind in them that more may stand beside it. */
static bool
show_found(struct out *rows, const struct query *query, const char *text, size_t len, size_t most, bool is_whole)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct fold *fold = search_fold(ctx, text, len, true);
    struct query_place places[PLACES_MOST];
    struct span spans[PLACES_MOST], window = {0, 0};
    size_t count = query_places(query, fold->text, fold->len, places, PLACES_MOST);

    for (size_t i = 0; i < count; i++)
        spans[i] = span_of(fold, &places[i]);
    talloc_free(ctx);
    if (count > 0 && forth_letters(text, 0, most) < spans[0].end)
        window.start = at_blank(text, back_letters(text, spans[0].start, LETTERS_BEFORE), spans[0].start);
    window.end = forth_letters(text, window.start, most);
    if (!is_whole && (count == 0 || window.end > len))
        return false;
    add_pieces(rows, text, window, spans, count);
    return count > 0;
}

bool
search_show_pieces(struct out *rows, const struct query *query, const char *text, size_t most)
{
    size_t len = strlen(text), part;

    for (size_t bytes = PART_BYTES; (part = part_of(text, len, bytes)) < len; bytes *= PART_GROWS)
        if (show_found(rows, query, text, part, most, false))
            return true;
    return show_found(rows, query, text, len, most, true);
}

/* ---- hits ---- */

/* Around what is found in the text; else its beginning. */
static void
show_snippet(struct request *request, struct out *row, const struct query *query, const struct row_search_shown *post, bool hide)
{
    const char *text = post->body != NULL ? search_plain_text(request, post->body, hide) : NULL;
    struct out *rows;

    if (text != NULL && search_show_pieces(out_rows(row, "snippet"), query, text, SNIPPET_LETTERS))
        return;
    rows = out_rows(row, "beginning");
    search_show_pieces(rows, query, hide ? mask_addresses(request, post->excerpt) : post->excerpt, SNIPPET_LETTERS);
}

static void
show_hit(struct request *request, struct out *row, const struct query *query, const struct search_scope *scope,
         const struct row_search_shown *post)
{
    bool hide = !search_scope_belongs(scope, post->list_id);
    const char *path = request->list != NULL ? request->list->path : mem_printf(row, "/lists/%s/", post->slug);

    out_text(row, "path", mem_printf(row, "%smessage/%s", path, post->hash));
    if (!str_is_empty(post->subject))
        search_show_pieces(out_rows(row, "subject"), query, words_shown(row, post->subject, hide), SUBJECT_LETTERS);
    out_text(row, "author", author_name(row, post->from_name, post->from_address, hide));
    out_time(row, "at", post->accepted_at);
    out_text(row, "language", post->language);
    out_text(row, "list_path", path);
    out_text(row, "list_title", post->list_title);
    out_text(row, "list_language", post->list_language);
    show_snippet(request, row, query, post, hide);
}

enum status
search_show_hits(struct request *request, struct out *page, const struct query *query, const struct search_scope *scope,
                 const struct search_hit *hits, size_t count)
{
    int64_t *ids = mem_array(request, int64_t, count + 1);
    struct out *rows = out_rows(page, "hits");
    struct row_search_shown *posts;
    size_t found = 0;
    enum status status;

    for (size_t i = 0; i < count; i++)
        ids[i] = hits[i].post_id;
    if (count == 0)
        return STATUS_OK;
    status = q_search_shown(request->web->db, request, (struct int_array){ids, count}, VIEW_LETTERS, &posts, &found);
    for (size_t i = 0; status == STATUS_OK && i < found; i++)
        show_hit(request, out_row(rows), query, scope, &posts[i]);
    return status;
}

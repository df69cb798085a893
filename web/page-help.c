/* page-help.c - the manual */
#include "web/book.h"
#include "web/page.h"

static void
show_chapter(struct out *row, const struct chapter *chapter)
{
    out_text(row, "name", chapter->name);
    out_text(row, "title", chapter->title);
    out_text(row, "summary", chapter->summary);
}

/* The words of a chapter; one that is named but cannot be read is our fault. */
static enum status
show_html(struct request *request, const char *name)
{
    char *html = book_html(request, request->web->book, request->lang, name);

    if (html == NULL)
        return STATUS_BROKEN;
    out_markup(request->page, "body", html);
    return STATUS_OK;
}

enum status
page_help(struct request *request, struct fault *fault)
{
    const struct book *book = request->web->book;
    const struct chapter *chapter = book_chapters(book, request->lang), *index = book_chapter(book, request->lang, "index");
    struct out *parts = out_rows(request->page, "parts"), *rows = NULL;
    const char *part = NULL;

    (void)fault;
    for (; chapter->name != NULL; chapter++) {
        if (chapter == index)
            continue;
        if (rows == NULL || book_part(chapter->name) != part) {
            struct out *row = out_row(parts);

            part = book_part(chapter->name);
            out_text(row, "title", part != NULL ? tr(request->lang, part) : NULL);
            rows = out_rows(row, "chapters");
        }
        show_chapter(out_row(rows), chapter);
    }
    return index != NULL ? show_html(request, "index") : STATUS_OK;
}

enum status
page_help_chapter(struct request *request, struct fault *fault)
{
    const struct book *book = request->web->book;
    const struct chapter *chapter = book_chapter(book, request->lang, request_param(request, "name"));
    struct out *sections = out_rows(request->page, "sections");

    (void)fault;
    if (chapter == NULL || str_eq(chapter->name, "index"))
        return STATUS_NOT_FOUND;
    out_text(request->page, "title", chapter->title);
    for (const struct section *section = chapter->sections; section->id != NULL; section++) {
        struct out *row = out_row(sections);

        out_text(row, "id", section->id);
        out_text(row, "title", section->title);
    }
    if (chapter > book_chapters(book, request->lang) && !str_eq(chapter[-1].name, "index"))
        show_chapter(out_object(request->page, "before"), &chapter[-1]);
    if (chapter[1].name != NULL)
        show_chapter(out_object(request->page, "after"), &chapter[1]);
    return show_html(request, chapter->name);
}

enum status
page_help_all(struct request *request, struct fault *fault)
{
    (void)fault;
    if (book_chapters(request->web->book, request->lang)->name == NULL)
        return STATUS_NOT_FOUND;
    return show_html(request, "all");
}

/* book.c - the manual as pages: what there is of it, in each language */
#include <string.h>

#include "util/file.h"
#include "util/str.h"
#include "web/book.h"

enum { FILE_MOST = 8 * 1024 * 1024, LANGS_MOST = 16 };

struct shelf { const struct lang *lang; struct chapter *chapters; };
struct book {
    const char *folder;
    struct shelf shelves[LANGS_MOST];   /* ended by a NULL lang */
};

/* A row without a name is a part. */
static const struct { const char *part, *name; } rows[] = {
#define PART(title) {title, NULL},
#define CHAPTER(name) {NULL, name},
#include "web/book.def"
#undef PART
#undef CHAPTER
};

/* ---- what there is ---- */

static struct chapter *
chapters_read(TALLOC_CTX *ctx, const char *path)
{
    char *text = file_read(ctx, path, FILE_MOST, NULL), **lines;
    struct chapter *chapters = mem_array(ctx, struct chapter, 1);
    size_t count = 0;

    if (text == NULL)
        return chapters;
    lines = str_split(ctx, text, '\n', SIZE_MAX);
    for (; *lines != NULL; lines++) {
        char **cells = str_split(ctx, *lines, '\t', 4);
        struct chapter *last = count > 0 ? &chapters[count - 1] : NULL;

        if (str_eq(cells[0], "chapter") && cells[1] != NULL && cells[2] != NULL && cells[3] != NULL) {
            chapters = mem_resize(ctx, chapters, struct chapter, count + 2);
            chapters[count++] = (struct chapter){cells[1], cells[2], cells[3], mem_array(ctx, struct section, 1), 0};
            chapters[count] = (struct chapter){0};
        } else if (str_eq(cells[0], "section") && last != NULL && cells[1] != NULL && cells[2] != NULL) {
            last->sections = mem_resize(ctx, last->sections, struct section, last->section_count + 2);
            last->sections[last->section_count++] = (struct section){cells[1], cells[2]};
            last->sections[last->section_count] = (struct section){0};
        }
    }
    return chapters;
}

struct book *
book_open(TALLOC_CTX *ctx, const struct i18n *i18n, const char *data_dir)
{
    struct book *book = mem_new(ctx, struct book);
    const struct lang *lang;

    book->folder = i18n_made_dir(book, data_dir, "help", "en/book.tsv");
    for (size_t i = 0; (lang = i18n_nth(i18n, i)) != NULL && i + 1 < LANGS_MOST; i++) {
        book->shelves[i].lang = lang;
        book->shelves[i].chapters = chapters_read(book, mem_printf(book, "%s/%s/book.tsv", book->folder, lang_code(lang)));
    }
    return book;
}

const struct chapter *
book_chapters(const struct book *book, const struct lang *lang)
{
    size_t i = 0;

    while (i + 1 < LANGS_MOST && book->shelves[i].lang != lang)
        i++;
    must(book->shelves[i].lang == lang);
    return book->shelves[i].chapters;
}

const struct chapter *
book_chapter(const struct book *book, const struct lang *lang, const char *name)
{
    for (const struct chapter *chapter = book_chapters(book, lang); chapter->name != NULL; chapter++)
        if (str_eq(chapter->name, name))
            return chapter;
    return NULL;
}

const char *
book_part(const char *name)
{
    const char *part = NULL;

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].name == NULL)
            part = rows[i].part;
        else if (str_eq(rows[i].name, name))
            return part;
    return NULL;
}

/* ---- a chapter ---- */

/* The name is one of the table's, and no path of somebody's. */
char *
book_html(TALLOC_CTX *ctx, const struct book *book, const struct lang *lang, const char *name)
{
    must(str_eq(name, "all") || book_chapter(book, lang, name) != NULL);
    return file_read(ctx, mem_printf(ctx, "%s/%s/%s.html", book->folder, lang_code(lang), name), FILE_MOST, NULL);
}

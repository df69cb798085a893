/* book.h - the manual as pages: what there is of it, in each language
 *
 * doc/make-book.c makes HELP/LANG/book.tsv, which is read once, and the chapters themselves, which are read when they are asked for. Where the
 * manual is not installed there are no chapters. Memory: all lives as long as the struct book. */
#ifndef KAIRAN_WEB_BOOK_H
#define KAIRAN_WEB_BOOK_H

#include "util/i18n.h"

struct section { const char *id, *title; };
struct chapter {
    const char *name, *title, *summary;
    struct section *sections;           /* ended by a NULL id */
    size_t section_count;
};
struct book;

struct book *book_open(TALLOC_CTX *ctx, const struct i18n *i18n, const char *data_dir);
/* All chapters of a language in their order, ended by a NULL name. */
const struct chapter *book_chapters(const struct book *book, const struct lang *lang);
const struct chapter *book_chapter(const struct book *book, const struct lang *lang, const char *name);   /* NULL: there is none */
/* Finished HTML of a chapter, or of "all". NULL: it cannot be read. */
char *book_html(TALLOC_CTX *ctx, const struct book *book, const struct lang *lang, const char *name);

/* The title of the part of web/book.def in which a chapter stands, or NULL. English; give it to tr(). */
const char *book_part(const char *name);

#endif

/* book-tables.h - the tables of the manual that are made from .def files
 *
 * A line <!-- table: NAME --> in a chapter stands for one; the result is Markdown in the chapter's language, with headings, paragraphs
 * and tables of pipes, as a person would have typed it. */
#ifndef KAIRAN_DOC_BOOK_TABLES_H
#define KAIRAN_DOC_BOOK_TABLES_H

#include "util/i18n.h"
#include "util/str.h"

/* False: there is no table of that name. */
bool book_table(struct str *out, const struct lang *lang, const char *name);

#endif

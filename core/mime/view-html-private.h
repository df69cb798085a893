/* view-html-private.h - pieces of text for those who print views */
#ifndef KAIRAN_MIME_VIEW_HTML_PRIVATE_H
#define KAIRAN_MIME_VIEW_HTML_PRIVATE_H

#include "util/str.h"

/* text[from] to text[len]; what is before decides what an "@" or "www" there means. */
void view_html_add(struct str *out, const char *text, size_t from, size_t len);             /* with links, and marks around addresses */
void view_html_add_unlinked(struct str *out, const char *text, size_t from, size_t len);    /* for where there may be no link */
void view_html_add_hidden(struct str *out, const char *text, size_t len);                   /* as what stands behind an "@" */
void view_html_add_url(struct str *out, const char *url, size_t len);                       /* of a page, within an attribute or outside */

#endif

/* html-check.h - values of attributes and styles of a mail, written anew when they are harmless
 *
 * Each check takes what the mail says and gives what may be written in its stead, in one form, or NULL: then the attribute or
 * declaration goes. What a check gives passes it again unchanged.
 *
 * Memory: results live in ctx, or are constant. Sources: reliability-security D.3; CSS 2.1 for what the words mean. */
#ifndef KAIRAN_MIME_HTML_CHECK_H
#define KAIRAN_MIME_HTML_CHECK_H

#include "util/mem.h"

enum { HTML_URL_MOST = 2000 };

enum html_check {
    HTML_CHECK_TEXT,        /* words for people */
    HTML_CHECK_NUMBER,      /* 0 to 9999 */
    HTML_CHECK_SPAN,        /* 1 to 100 */
    HTML_CHECK_LENGTH,      /* a number, or one with "%" */
    HTML_CHECK_COLOUR,      /* a name, #rgb, rgb(...) */
    HTML_CHECK_LANGUAGE,    /* as in BCP 47 */
    HTML_CHECK_ALIGN, HTML_CHECK_VALIGN, HTML_CHECK_DIRECTION, HTML_CHECK_LIST, HTML_CHECK_SIZE,
    HTML_CHECK_STYLE        /* declarations of a few properties */
};

const char *html_check(TALLOC_CTX *ctx, enum html_check check, const char *value);

/* An http, https or mailto address as a browser would take it; NULL for everything else, "javascript:" in whatever dress. */
const char *html_check_url(TALLOC_CTX *ctx, const char *value);
/* What stands behind "cid:", unescaped; NULL when it is no such address. */
const char *html_content_id(TALLOC_CTX *ctx, const char *value);
/* A picture within the address itself: data:image/png and jpeg, gif, webp in base64, whose first bytes say the same. */
bool html_is_data_image(const char *value);
/* "image/png" and its like as the first bytes tell it, or NULL: no picture that browsers show and that is nothing else. */
const char *html_image_type(struct blob data);

#endif

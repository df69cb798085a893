/* html-entity.h - character references of HTML: "&amp;", "&eacute", "&#233;", "&#xe9;"
 *
 * Exactly as browsers read them: all 2,231 names, the longest that fits, some without their semicolon; numbers of Windows-1252
 * where people meant those. Sources: WHATWG HTML 13.2.5.72-80, 13.5; html-entities.def. */
#ifndef KAIRAN_MIME_HTML_ENTITY_H
#define KAIRAN_MIME_HTML_ENTITY_H

#include "util/str.h"

/* What the "&" at p begins: its text is added and its length returned; 0 and nothing added when it is no reference but an
 * ampersand. `in_value`: in an attribute's value "&copy=1" is no reference. */
size_t html_reference(struct str *to, const char *p, const char *end, bool in_value);

#endif

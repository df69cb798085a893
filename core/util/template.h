/* template.h - pages and mail texts from templates; the door to ClearSilver
 *
 * A struct templates holds every *.cs of a folder, read and compiled once at start: a template that does not compile is an error
 * then, not later. Data is a struct out, put in anew for each rendering. In TEMPLATE_HTML every value, literal and result of a
 * function is HTML-escaped once; TEMPLATE_TEXT (mails) escapes nothing.
 *
 * Templates may use, besides ClearSilver's own commands (tests/lint-templates.py names the forbidden ones):
 *   t("text"), t1("text %1", a) ... t3(), tn("one %1", "many %1", n)   translations
 *   href(url)                                                          the URL, or "#" when it is neither http(s), mailto nor a path here
 * A time in the data is its full text, with .iso (machine), .day and .ago (words) below it. Rows are numbered and have no names.
 *
 * Sources: reference/dependencies 1 for ClearSilver's traps. */
#ifndef KAIRAN_UTIL_TEMPLATE_H
#define KAIRAN_UTIL_TEMPLATE_H

#include "util/i18n.h"
#include "util/out.h"
#include "util/status.h"

enum template_mode { TEMPLATE_HTML, TEMPLATE_TEXT };
struct templates;

/* BROKEN: a template cannot be read or compiled; fault names it. Partial templates (their name begins with "_") are only read. */
enum status templates_open(TALLOC_CTX *ctx, const char *dir, enum template_mode mode, struct templates **templates_r,
                           struct fault *fault);
bool template_exists(const struct templates *templates, const char *name);
const char *template_name(const struct templates *templates, size_t n);     /* the n-th page's, NULL after the last */

/* Adds the text to `text`. BROKEN is logged here; `text` is then as before. Names come without ".cs". */
enum status template_render(struct templates *templates, const char *name, const struct lang *lang, const struct out *data,
                            struct str *text);

/* What href() allows: http, https, mailto, or a path that begins with one slash, with "?" or with "#". */
bool url_is_plain(const char *url);

#endif

/* validator.h - whether somebody still has a page as it is now (RFC 9110 8.8, 13)
 *
 * A page of an archive that guests are shown is named by the version of what it shows: of its thread (routes.def: THREAD), or of its
 * whole archive (ARCHIVE), and in both of what stands on every page of the list. These versions come with the list itself (statement
 * web_list), so that "304 Not Modified" costs that one statement and nothing is loaded or printed. What else a page depends on is in
 * the tag too: its address and language, program, texts and templates, the site's own words, and for ARCHIVE the month that it is.
 *
 * A version is read before what it names: a page may be newer than its tag, never older. It is a clock in seconds that moves on with
 * each change (migration 0022), so it serves as Last-Modified as well; If-Modified-Since is honoured for exactly that time.
 *
 * Who may not see a page is not told of its tag: rights are asked first. A list's own page is shown to those, too, who may not read its
 * archive: theirs is named by what stands on every page alone. Pages of people who are signed in have none. */
#ifndef KAIRAN_WEB_VALIDATOR_H
#define KAIRAN_WEB_VALIDATOR_H

#include "web/request.h"

/* What web->mark is, read once: the program itself, its templates and catalogues, and what of the configuration is shown. */
char *validator_mark(TALLOC_CTX *ctx, const struct web *web);

/* The list is loaded, the right is asked, the language chosen: fills request->validator where the route has one. */
void validator_take(struct request *request);
/* For the handler of a SHARED page of a list that knows a version of what it shows: names it by that, and by what stands on every page of
 * the list. Nothing for those who are signed in. */
void validator_name(struct request *request, const char *version);
/* The asker has the page with this validator already. */
bool validator_fits(const struct request *request, const struct validator *validator);
/* Puts the fields ETag and Last-Modified into the answer. */
void validator_show(struct request *request, const struct validator *validator);

#endif

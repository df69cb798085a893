/* words.h - what owners put on pages in their own words
 *
 * The places are pieces of policy/notices.def: "list:page:..." on pages about a list, "site:page:..." on all others. A piece becomes
 * Page.NAME (Site.foot) with the body that web/body.h makes: nothing of it is HTML, addresses of pages become links. Nothing is there
 * where nobody wrote anything, or only in another language than the reader's.
 *
 * Those of the site, and of the domains whose web host was asked for, are on every page: each process reads them once in 5 seconds. */
#ifndef KAIRAN_WEB_WORDS_H
#define KAIRAN_WEB_WORDS_H

#include "web/request.h"

struct site_words;

/* Page.<piece> about the request's list. */
enum status show_words(struct request *request, const char *piece);
/* Page.<piece> about the site. */
void show_site_words(struct request *request, struct out *out, const char *piece);
/* Changes with them. */
const char *site_words_mark(struct request *request);

#endif

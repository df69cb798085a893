/* session.h - who is asking: session cookies, and the mark that our forms carry
 *
 * A session is a random 256-bit value in a cookie; its SHA-256 is the row. It ends after 14 days without a visit (12 hours for
 * administrators), after 90 days in any case, or with the browser. Forms of a session carry a keyed hash that no other site can
 * know; forms of guests rest on Origin and Sec-Fetch-Site, since a guest has no power that another site could borrow. */
#ifndef KAIRAN_WEB_SESSION_H
#define KAIRAN_WEB_SESSION_H

#include "web/request.h"

/* Fills request->me and is_personal from the cookies. An unknown or ended session is a guest. */
enum status session_load(struct request *request);
/* Makes a session for a user and sets its cookie; the one that the browser brought ends. */
enum status session_begin(struct request *request, int64_t user_id, bool is_lasting);
/* Ends this session; the answer clears the site's data in the browser. */
enum status session_end(struct request *request);

char *session_form_mark(const struct request *request, TALLOC_CTX *ctx);    /* "" for a guest */
/* BAD_FORM unless a POST came from a page of ours. */
enum status session_check_form(const struct request *request, const struct form *form);

#endif

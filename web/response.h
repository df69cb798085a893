/* response.h - an answer: status, header fields, body
 *
 * Fields are refused when they hold CR, LF or another control: the answer then becomes a plain 500, because somebody's text
 * came where it should not (class C13). */
#ifndef KAIRAN_WEB_RESPONSE_H
#define KAIRAN_WEB_RESPONSE_H

#include "util/status.h"
#include "util/str.h"

/* What the document may load and do, as Content-Security-Policy has it: a page of ours; one that shows another of ours in a frame; the
 * HTML of a mail, which is of no origin, runs and loads nothing. The site's errors are always pages of ours. */
enum response_policy { POLICY_SITE, POLICY_FRAME, POLICY_MAIL };

struct response {
    int http;
    enum response_policy policy;
    const char *content_type;       /* NULL: text/html; charset=utf-8 */
    struct str *fields;             /* "Name: value\r\n" ... */
    struct str *body;
    /* Long answers: adds the next piece, which follows the body; end_r after the last. NULL: the body is all. What fails then can only
     * cut the answer short. */
    enum status (*more)(void *state, struct str *piece, bool *end_r);
    void *state;
    bool is_broken;
};

struct response *response_new(TALLOC_CTX *ctx);
void response_field(struct response *response, const char *name, const char *value);
/* 303 (or 308 for a page that has moved) to a path of this site; anything else becomes "/". */
void response_send_to(struct response *response, const char *path);
void response_moved(struct response *response, const char *path);
/* 302: it is there just now. */
void response_found(struct response *response, const char *path);
/* 303 or 308 to a path of another host of ours; `site` is "https://host", from rows or the configuration, never from a request. */
void response_send_away(struct response *response, const char *site, const char *path);
void response_moved_away(struct response *response, const char *site, const char *path);
/* "name=value; Path=/; HttpOnly; SameSite=Lax", with Secure where cookies are for https alone. max_age_s 0 ends with the browser,
 * negative removes. */
void response_cookie(struct response *response, bool secure, const char *name, const char *value, int max_age_s);
/* A path of this site that may be sent to. */
bool path_is_here(const char *path);
/* The whole answer in CGI form (RFC 3875 6.3): Status, fields, empty line, body unless `head_only`. */
struct str *response_text(TALLOC_CTX *ctx, const struct response *response, bool head_only);

#endif

/* request.h - one request, as handlers see it
 *
 * By the time a handler runs, the route's right has been asked, the list of the path is loaded, the form has been read, checked
 * against the route's fields, and proved to be ours. Handlers take input only through request_text() and its sisters: a name
 * that the route does not declare is a bug of ours and stops the process.
 *
 * Memory: the request is a talloc context; everything a handler makes goes there and ends with it. */
#ifndef KAIRAN_WEB_REQUEST_H
#define KAIRAN_WEB_REQUEST_H

#include "policy/right.h"
#include "store/db.h"
#include "util/conf.h"
#include "util/template.h"
#include "web/form.h"
#include "web/response.h"
#include "web/route.h"

/* What a process keeps between requests. */
struct web {
    const struct conf *conf;
    struct db *db;
    struct i18n *i18n;
    struct templates *pages;
    struct hosts *hosts;        /* web/host.h; NULL until asked */
    struct site_words *words;   /* web/words.h; NULL until asked */
    struct lists_known *lists;  /* web/list-known.h; NULL until asked */
    struct kept *kept;          /* web/kept.h; NULL: no page is kept */
    struct book *book;          /* web/book.h */
    bool schema_fits;           /* the database's schema was seen to be the one that this program knows */
    bool schema_is_told;        /* or that it is not, and the log says so */
    const char *zone;           /* of pages for those who chose none */
    const char *style_path, *script_path, *icon_path;   /* with a mark of their content */
    const char *mark;           /* of the program, its texts and templates, and its configuration: web/validator.h */
};

/* A request as it came, before anything is believed. */
struct raw_request {
    const char *method, *uri, *content_type, *content_length, *host, *cookies, *accept_language, *user_agent, *origin,
        *fetch_site, *if_none_match, *if_modified_since, *remote_address;
    size_t (*read)(void *state, void *buffer, size_t len);
    void *state;
};

/* What stands for a page as it is now (RFC 9110 8.8). */
struct validator { const char *tag; int64_t changed_s; };    /* NULL: as its bytes say; 0: not known */

struct viewer {                 /* who is signed in; all 0 and NULL for a guest */
    int64_t session_id, user_id;
    const char *name, *email;   /* name is the address where there is none */
    const char *time_zone;      /* NULL: the list's, else the site's */
    struct blob form_secret;
};

struct list_seen {
    int64_t id, domain_id, member_id, held;
    const char *name, *domain, *address, *title, *description, *language, *path;     /* path: "/lists/NAME/" */
    const char *web_host;
    int64_t looked, changed, thread_version;    /* for web/validator.h */
    bool is_unlisted;           /* search engines are to leave it out */
    const char *time_zone;      /* "": the site's */
    bool shows_markdown;        /* what people write in it is turned into headings and lists */
};

struct domain_seen { int64_t id; const char *name, *web_host; };

struct request {
    struct web *web;
    struct raw_request raw;
    const char *path;           /* unescaped, without the query */
    const char *path_raw;       /* as it came, without the query */
    const struct route *route;
    struct route_params params;
    struct form *input;         /* checked */
    struct viewer me;
    struct standing standing;
    struct list_seen *list;     /* NULL unless the path names one */
    struct domain_seen *domain; /* NULL unless the path has {domain} */
    const struct lang *lang;
    bool is_personal;           /* a session cookie came: never cached */
    struct validator validator; /* of what is shown; web/validator.h */
    struct str *answer;         /* made before and still right; web/kept.h */
    struct out *data, *page;    /* roots: all, and Page */
    struct response *response;
    const char *template;       /* the route's; a handler may choose another one */
};

const char *request_param(const struct request *request, const char *name);
const char *request_text(const struct request *request, const char *name);     /* "" when absent */
bool request_has(const struct request *request, const char *name);
/* What is neither empty nor such a number is absurd. */
int64_t request_int(const struct request *request, const char *name, int64_t min, int64_t max, int64_t otherwise);
/* What the address asks for cannot be: a page that may be kept is then not there, whatever the handler shows. */
void request_is_absurd(const struct request *request);
/* The values of a repeated field, as ids (those that are none are left out). */
struct int_array request_ids(const struct request *request, TALLOC_CTX *ctx, const char *name);
/* The bytes of a file that came; none when there was none, or an empty one. */
struct blob request_file(const struct request *request, const char *name);
bool request_may(const struct request *request, enum right right);

/* "https://host" or "http://host" under which the request's site is reached, for links in mails. */
char *request_site_url(const struct request *request, TALLOC_CTX *ctx);
/* A translated text with values, for out_text(). */
const char *request_tr(const struct request *request, const char *text);

/* Checks raw input against the route's fields; INVALID names the field. */
enum status request_read_input(struct request *request, const struct form *form, struct fault *fault);

#endif

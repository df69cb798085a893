/* serve.c - from a raw request to an answer */
#include <stdlib.h>
#include <string.h>

#include "util/crypto.h"
#include "util/log.h"
#include "util/when.h"
#include "web/book.h"
#include "web/host.h"
#include "web/kept.h"
#include "web/list.h"
#include "web/page.h"
#include "web/serve.h"
#include "web/session.h"
#include "web/validator.h"
#include "web/words.h"

enum { URI_LARGEST = 4096, COOKIES_LARGEST = 8192 };

/* ---- opening ---- */

/* "/static/kairan.css?1a2b...": the mark changes with the content, so the file may be kept for ever. */
static char *
marked_path(TALLOC_CTX *ctx, const struct conf *conf, const char *name)
{
    struct sha256 *hash = sha256_new(ctx);
    uint8_t digest[SHA256_LEN];

    sha256_add_file(hash, mem_printf(ctx, "%s/static/%s", conf->site_data_dir, name));
    sha256_end(hash, digest);
    return mem_printf(ctx, "/static/%s?%s", name, hex_encode(ctx, (struct blob){digest, 6}));
}

enum status
web_open(TALLOC_CTX *ctx, const struct conf *conf, struct web **web_r, struct fault *fault)
{
    struct web *web = mem_new(ctx, struct web);
    enum status status;

    web->conf = conf;
    web->zone = !str_is_empty(conf->site_timezone) ? conf->site_timezone : getenv("TZ") != NULL ? mem_strdup(web, getenv("TZ"))
                                                                                            : ":/etc/localtime";
    when_zone(web->zone);
    web->i18n = i18n_open(web, i18n_dir(web, conf->site_data_dir));
    i18n_set_site(web->i18n, conf->site_language);
    if ((status = i18n_check(ctx, web->i18n, conf, fault)) != STATUS_OK)
        return status;
    status = templates_open(web, mem_printf(web, "%s/templates", conf->site_data_dir), TEMPLATE_HTML, &web->pages, fault);
    if (status != STATUS_OK)
        return status;
    for (const struct route *route = route_rows(); route->name != NULL; route++)
        if (route->template != NULL && !template_exists(web->pages, route->template))
            return fault_setf(fault, ctx, STATUS_BROKEN, NULL, "there is no template \"%s\" in %s/templates; put the files of "
                              "this version there", route->template, conf->site_data_dir);
    web->style_path = marked_path(web, conf, "kairan.css");
    web->icon_path = marked_path(web, conf, "kairan.svg");
    web->script_path = marked_path(web, conf, "kairan.js");
    web->book = book_open(web, web->i18n, conf->site_data_dir);
    web->mark = validator_mark(web, web);
    *web_r = web;
    return STATUS_OK;
}

/* ---- reading ---- */

static enum status
read_path(struct request *request)
{
    const char *uri = request->raw.uri, *question;
    char *path;

    if (uri == NULL || uri[0] != '/' || strlen(uri) > URI_LARGEST)
        return STATUS_NOT_FOUND;
    question = strchr(uri, '?');
    request->path_raw = mem_strndup(request, uri, question != NULL ? (size_t)(question - uri) : strlen(uri));
    if (!url_unescape(request, request->path_raw, strlen(request->path_raw), false, &path))
        return STATUS_NOT_FOUND;
    request->path = path;
    return STATUS_OK;
}

static const char *
query_of(const struct request *request)
{
    const char *question = strchr(request->raw.uri, '?');

    return question != NULL ? question + 1 : "";
}

/* The body, when it is complete and within the route's limit. */
static enum status
read_body(struct request *request, struct blob *body_r)
{
    size_t limit = request->route->body_limit, got = 0, more;
    int64_t length = 0;
    char *body;

    if (!str_is_empty(request->raw.content_length) && !str_to_int(request->raw.content_length, 0, INT64_MAX, &length))
        return STATUS_INVALID;
    if ((uint64_t)length > limit)
        return STATUS_TOO_LARGE;
    body = mem_array(request, char, length + 1);
    while (got < (size_t)length && (more = request->raw.read(request->raw.state, body + got, (size_t)length - got)) > 0)
        got += more;
    if (got < (size_t)length)
        return STATUS_INVALID;
    *body_r = (struct blob){(const uint8_t *)body, got};
    return STATUS_OK;
}

/* One page has one address: where pages may be kept, what the route does not know is left out, and nothing stands twice. True: the
 * answer leads to the address without it. */
static bool
answer_canonical(struct request *request, const struct form *form)
{
    struct str *query = str_new(request);
    size_t known = 0;

    if (!route_is_kept(request->route))
        return false;
    for (size_t i = 0; i < form->count; i++) {
        const char *name = form->rows[i].name;
        struct field_rule rule;
        bool is_new = route_field(request, request->route, name, &rule);

        for (size_t k = 0; k < i && is_new; k++)
            is_new = !str_eq(name, form->rows[k].name) || rule.kind == FIELD_REPEATED;
        if (is_new)
            str_addf(query, "%s%s=%s", known++ > 0 ? "&" : "?", url_escape(request, name), url_escape(request, form->rows[i].value));
    }
    if (known == form->count)
        return false;
    response_moved(request->response, mem_printf(request, "%s%s", request->path_raw, query->s));
    return true;
}

static enum status
read_input(struct request *request, bool *moved_r, struct fault *fault)
{
    struct blob bytes = blob_of(query_of(request));
    struct form *form;
    enum status status;

    if (request->route->method == ROUTE_GET) {
        status = form_urlencoded(request, bytes, &form);
        *moved_r = status == STATUS_OK && answer_canonical(request, form);
    } else {
        status = read_body(request, &bytes);
        if (status == STATUS_OK)
            status = form_read(request, request->raw.content_type, bytes, &form);
        if (status == STATUS_OK && request->route->form == ROUTE_FORM)
            status = session_check_form(request, form);
    }
    return status != STATUS_OK || *moved_r ? status : request_read_input(request, form, fault);
}

/* The person's own choice, then the cookie, the browser, the list, the site. */
static void
choose_language(struct request *request)
{
    const struct i18n *i18n = request->web->i18n;
    const char *name = request->web->conf->web_secure_cookies ? "__Host-lang" : "lang";
    const struct lang *from_cookie = i18n_lang(i18n, cookie_get(request, request->raw.cookies, name));

    if (from_cookie != NULL)
        request->lang = from_cookie;
    if (request->lang == NULL)
        request->lang = i18n_accepted(i18n, request->raw.accept_language);
    if (request->lang == NULL && request->list != NULL)
        request->lang = i18n_lang(i18n, request->list->language);
    if (request->lang == NULL)
        request->lang = i18n_lang(i18n, request->web->conf->site_language);
    if (request->lang == NULL)
        request->lang = i18n_nth(i18n, 0);
}

/* The person's own choice, then the list's, the site's: the zone of all times on the page, and of days in searches. */
static void
choose_zone(struct request *request)
{
    const char *zone = request->me.time_zone;

    if (zone == NULL && request->list != NULL && !str_is_empty(request->list->time_zone))
        zone = request->list->time_zone;
    when_zone(zone != NULL ? zone : request->web->zone);
}

/* ---- deciding ---- */

static bool
has_param(const struct route_params *params, const char *name)
{
    for (size_t i = 0; i < params->count; i++)
        if (str_eq(params->rows[i].name, name))
            return true;
    return false;
}

/* A list that one may not see and one that does not exist end here alike. */
static enum status
check_right(struct request *request, bool *moved_r)
{
    enum right right = request->route->right;
    enum status status;

    *moved_r = false;
    if (has_param(&request->params, "list")) {
        status = list_load(request, request_param(request, "list"), moved_r);
        if (status != STATUS_OK || *moved_r)
            return status;
        if (request->list == NULL)
            return STATUS_NOT_FOUND;
    }
    if (has_param(&request->params, "domain")) {
        status = domain_load(request, request_param(request, "domain"));
        if (status != STATUS_OK || request->domain == NULL)
            return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    }
    if (may(&request->standing, right))
        return STATUS_OK;
    if (right == RIGHT_SEE || right == RIGHT_READ || right == RIGHT_ROSTER)
        return STATUS_NOT_FOUND;
    if ((right == RIGHT_KEEP || right == RIGHT_TAG) && !may(&request->standing, RIGHT_READ))
        return STATUS_NOT_FOUND;
    return request->standing.is_signed_in ? STATUS_NOT_ALLOWED : STATUS_NOT_SIGNED_IN;
}

/* "?sign-in" and "?language" work on every path, there or not: so a page for guests need not say its own address. */
static bool
answer_detour(struct request *request)
{
    static const struct { const char *query, *target; } detours[] = {{"sign-in", "/login"}, {"language", "/language"}};

    for (size_t i = 0; i < COUNT_OF(detours); i++)
        if (str_eq(query_of(request), detours[i].query)) {
            response_send_to(request->response, mem_printf(request, "%s?return=%s", detours[i].target,
                                                           url_escape(request, request->path_raw)));
            return true;
        }
    return false;
}

/* "/lists/x" is "/lists/x/". */
static bool
answer_slash(struct request *request)
{
    const struct route *route;
    struct route_params params;

    if (str_ends(request->path, "/") ||
        route_find(request, ROUTE_GET, mem_printf(request, "%s/", request->path), &route, &params) != STATUS_OK)
        return false;
    response_moved(request->response, mem_printf(request, "%s/", request->path_raw));
    return true;
}

/* Asked until it fits: a process that was started before an upgrade goes on meanwhile, one that was started after it waits for the schema. */
static enum status
check_schema(struct web *web)
{
    struct fault fault = {0};
    enum status status = STATUS_OK;

    if (!web->schema_fits)
        status = db_schema_check(web->db, &fault);
    if (status == STATUS_INVALID) {
        if (!web->schema_is_told)
            log_event(EVENT_SCHEMA_OTHER, "error", "%s", fault.sentence);
        web->schema_is_told = true;
        return STATUS_UNAVAILABLE;
    }
    web->schema_fits = status == STATUS_OK;
    return STATUS_OK;           /* a database that is not there is for those to say who need it */
}

static enum status
handle(struct request *request, struct fault *fault)
{
    bool is_get = str_eq(request->raw.method, "GET") || str_eq(request->raw.method, "HEAD"), moved;
    enum status status = read_path(request), found;

    if (status == STATUS_OK)
        status = check_schema(request->web);
    if (status != STATUS_OK)
        return status;
    if (!is_get && !str_eq(request->raw.method, "POST"))
        return STATUS_METHOD;
    found = route_find(request, is_get ? ROUTE_GET : ROUTE_POST, request->path, &request->route, &request->params);
    if (found == STATUS_OK && request->route->form == ROUTE_PROBE)
        return request->route->handler(request, fault);
    if (host_is_foreign(request)) {
        if (is_get)
            response_moved_away(request->response, request->web->conf->site_url, request->raw.uri);
        return is_get ? STATUS_OK : STATUS_NOT_FOUND;
    }
    if (is_get && answer_detour(request))
        return STATUS_OK;
    status = session_load(request);
    if (status != STATUS_OK)
        return status;
    if (found != STATUS_OK)
        return is_get && answer_slash(request) ? STATUS_OK : found;
    status = check_right(request, &moved);
    if (status != STATUS_OK || moved)
        return status;
    choose_language(request);
    choose_zone(request);
    validator_take(request);
    if (is_get && validator_fits(request, &request->validator)) {
        request->response->http = 304;
        return STATUS_OK;
    }
    if (str_eq(request->raw.method, "GET"))
        request->answer = kept_find(request, request->web->kept, request->validator.tag);
    if (request->answer != NULL)
        return STATUS_OK;
    status = read_input(request, &moved, fault);
    if (status != STATUS_OK || moved)
        return status;
    request->template = request->route->template;
    status = request->route->handler(request, fault);
    return status == STATUS_OK && request->input->is_absurd && route_is_kept(request->route) ? STATUS_NOT_FOUND : status;
}

/* ---- showing ---- */

static void
show_frame(struct request *request)
{
    struct out *site = out_object(request->data, "Site"), *me = out_object(request->data, "Me");
    struct out *lang = out_object(request->data, "Lang");

    out_text(site, "name", request->web->conf->site_name);
    out_text(site, "contact", request->web->conf->site_contact);
    out_text(site, "style", request->web->style_path);
    out_text(site, "icon", request->web->icon_path);
    out_text(site, "script", request->web->script_path);
    show_site_words(request, site, "foot");
    out_bool(site, "has_demo", !str_is_empty(request->web->conf->web_demo_mailbox));
    out_bool(me, "signed_in", request->standing.is_signed_in);
    out_bool(me, "is_admin", request->standing.is_admin);
    out_bool(me, "owns_domains", request->standing.owns_domains);
    out_text(me, "name", request->me.name);
    out_text(me, "form", session_form_mark(request, request));
    out_bool(me, "is_guest", !request->is_personal);
    out_text(lang, "code", lang_code(request->lang));
    for (size_t i = 0; i18n_nth(request->web->i18n, i) != NULL; i++)
        if (i18n_nth(request->web->i18n, i) != request->lang) {
            out_text(lang, "other", lang_code(i18n_nth(request->web->i18n, i)));
            out_text(lang, "other_name", lang_name(i18n_nth(request->web->i18n, i)));
        }
    if (request->list != NULL)
        list_show(request);
}

/* The page for what went wrong: what happened, what to do. It says nothing about what was asked for, and stands in place of all that
 * the handler had begun. */
static void
show_error(struct request *request, enum status status, const struct fault *fault)
{
    const struct status_row *row = status_row(status);
    const char *sentence = fault->sentence != NULL && status != STATUS_NOT_FOUND ? fault->sentence : row->sentence;

    request->list = NULL;
    request->data = out_new(request);
    request->page = out_object(request->data, "Page");
    request->template = "error";
    request->response->http = row->http;
    request->response->content_type = NULL;
    request->response->policy = POLICY_SITE;
    str_clear(request->response->body);
    choose_language(request);
    out_int(request->page, "status", row->http);
    out_text(request->page, "sentence", tr(request->lang, sentence));
    out_text(request->page, "hint", tr(request->lang, fault->hint));
    out_bool(request->page, "not_found", row->http == 404);
    out_bool(request->page, "wants_sign_in", (status == STATUS_NOT_FOUND || status == STATUS_NOT_SIGNED_IN) &&
             !request->standing.is_signed_in);
    out_bool(request->page, "is_temporary", status_is_temporary(status));
    if (status_is_temporary(status))
        response_field(request->response, "Retry-After", "5");
    if (status == STATUS_METHOD)
        response_field(request->response, "Allow", "GET, HEAD, POST");
}

static void
render(struct request *request)
{
    struct response *response = request->response;

    show_frame(request);
    if (template_render(request->web->pages, request->template, request->lang, request->data, response->body) != STATUS_OK)
        response->is_broken = true;
}

/* Only guests' forms of shared pages may be kept, and those that say "not found". */
static bool
may_be_kept(const struct request *request)
{
    int http = request->response->http;

    if (request->is_personal || !(str_eq(request->raw.method, "GET") || str_eq(request->raw.method, "HEAD")))
        return false;
    return http == 404 || ((http == 200 || http == 304) && request->route != NULL && route_is_kept(request->route));
}

/* Named by its bytes, where nothing else names it. What is still being made has no name then. */
static void
add_bytes_tag(struct request *request)
{
    struct response *response = request->response;
    struct validator validator = {NULL, 0};
    uint8_t digest[SHA256_LEN];

    if (response->more != NULL)
        return;
    sha256(str_blob(response->body), digest);
    validator.tag = mem_printf(request, "\"%s\"", hex_encode(request, (struct blob){digest, 12}));
    validator_show(request, &validator);
    if (response->http == 200 && validator_fits(request, &validator)) {
        response->http = 304;
        str_clear(response->body);
    }
}

static void
add_caching(struct request *request)
{
    struct response *response = request->response;

    if (!may_be_kept(request)) {
        response_field(response, "Cache-Control", "private, no-store");
        return;
    }
    /* What is still being made may break off, and web servers take the end of the connection for the end of the answer. */
    response_field(response, "Cache-Control", response->more != NULL ? "private, max-age=0" : "max-age=0, s-maxage=30");
    response_field(response, "Vary", "Accept-Language, Cookie");
    if (request->validator.tag != NULL && response->http != 404)
        validator_show(request, &request->validator);
    else
        add_bytes_tag(request);
}

/* Search engines: a list that is to be left out; and of a page in parts its first alone. */
static void
add_robots(struct request *request)
{
    if (request->response->http != 200 || request->route == NULL || !route_is_kept(request->route))
        return;
    if (request->list != NULL && request->list->is_unlisted)
        response_field(request->response, "X-Robots-Tag", "noindex, nofollow");
    else if (request->input != NULL && request->input->count > 0 && strstr(request->response->fields->s, "X-Robots-Tag:") == NULL)
        response_field(request->response, "X-Robots-Tag", "noindex");
}

#define SITE_POLICY "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; " \
    "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"

static void
add_security(struct response *response)
{
    static const char *const policies[] = {
        [POLICY_SITE] = SITE_POLICY,
        [POLICY_FRAME] = SITE_POLICY "; frame-src 'self'",
        [POLICY_MAIL] = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'",
    };
    static const struct { const char *name, *value; } fields[] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "strict-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
    };

    /* "Not modified" leaves what a cache has of these as it is: which policy that was is not known then. */
    if (response->http != 304)
        response_field(response, "Content-Security-Policy", policies[response->policy]);
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        response_field(response, fields[i].name, fields[i].value);
    /* Browsers refuse a document of its own that is both sandboxed and asks for an opener of its own. */
    if (response->policy != POLICY_MAIL)
        response_field(response, "Cross-Origin-Opener-Policy", "same-origin");
}

/* All of an answer that does not depend on who asks, once it is finished. */
static void
keep(struct request *request, const struct str *answer)
{
    const struct response *response = request->response;

    if (str_eq(request->raw.method, "GET") && response->http == 200 && response->more == NULL && !response->is_broken &&
        may_be_kept(request) && request->route->form != ROUTE_SHARED)
        kept_put(request->web->kept, request->validator.tag, answer);
}

struct str *
web_answer(TALLOC_CTX *ctx, struct web *web, const struct raw_request *raw, const struct response **response_r)
{
    struct request *request = mem_new(ctx, struct request);
    struct fault fault = {0};
    enum status status;
    struct str *answer;

    request->web = web;
    request->raw = *raw;
    if (raw->cookies != NULL && strlen(raw->cookies) > COOKIES_LARGEST)
        request->raw.cookies = NULL;
    request->data = out_new(request);
    request->page = out_object(request->data, "Page");
    request->response = response_new(request);
    status = handle(request, &fault);
    if (db_in_transaction(web->db))
        db_rollback(web->db);
    *response_r = request->response;
    if (status == STATUS_OK && request->answer != NULL)
        return talloc_steal(ctx, request->answer);
    if (status != STATUS_OK) {
        if (status_row(status)->http >= 500)
            log_event(EVENT_REQUEST, "route", "%s", request->route != NULL ? request->route->name : "-", "status", "%s",
                      status_row(status)->name);
        show_error(request, status, &fault);
    }
    if (request->template != NULL && (request->response->http < 300 || request->response->http >= 400))
        render(request);
    if (request->lang != NULL)
        response_field(request->response, "Content-Language", lang_code(request->lang));
    add_security(request->response);
    add_robots(request);
    add_caching(request);
    if (str_eq(raw->method, "HEAD") || status != STATUS_OK)
        request->response->more = NULL;
    answer = response_text(ctx, request->response, str_eq(raw->method, "HEAD"));
    keep(request, answer);
    return answer;
}

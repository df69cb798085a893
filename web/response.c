/* response.c - an answer */
#include <string.h>

#include "util/log.h"
#include "web/response.h"

struct response *
response_new(TALLOC_CTX *ctx)
{
    struct response *response = mem_new(ctx, struct response);

    response->http = 200;
    response->fields = str_new(response);
    response->body = str_new(response);
    return response;
}

void
response_field(struct response *response, const char *name, const char *value)
{
    if (str_has_control(name) || str_has_control(value)) {
        log_event(EVENT_RESPONSE_FIELD, "name", "%s", name);
        response->is_broken = true;
        return;
    }
    str_addf(response->fields, "%s: %s\r\n", name, value);
}

bool
path_is_here(const char *path)
{
    return path != NULL && path[0] == '/' && path[1] != '/' && strchr(path, '\\') == NULL && strlen(path) <= 500 &&
        !str_has_control(path);
}

void
response_send_to(struct response *response, const char *path)
{
    response->http = 303;
    response_field(response, "Location", path_is_here(path) ? path : "/");
}

void
response_found(struct response *response, const char *path)
{
    response->http = 302;
    response_field(response, "Location", path_is_here(path) ? path : "/");
}

void
response_moved(struct response *response, const char *path)
{
    response->http = 308;
    response_field(response, "Location", path_is_here(path) ? path : "/");
}

void
response_send_away(struct response *response, const char *site, const char *path)
{
    response->http = 303;
    response_field(response, "Location", mem_printf(response, "%s%s", site, path_is_here(path) ? path : "/"));
}

void
response_moved_away(struct response *response, const char *site, const char *path)
{
    response->http = 308;
    response_field(response, "Location", mem_printf(response, "%s%s", site, path_is_here(path) ? path : "/"));
}

void
response_cookie(struct response *response, bool secure, const char *name, const char *value, int max_age_s)
{
    struct str *cookie = str_new(response);

    str_addf(cookie, "%s%s=%s; Path=/; HttpOnly; SameSite=Lax", secure ? "__Host-" : "", name, value);
    if (secure)
        str_add(cookie, "; Secure");
    if (max_age_s != 0)
        str_addf(cookie, "; Max-Age=%d", max_age_s > 0 ? max_age_s : 0);
    response_field(response, "Set-Cookie", cookie->s);
}

struct str *
response_text(TALLOC_CTX *ctx, const struct response *response, bool head_only)
{
    struct str *text = str_new(ctx);

    if (response->is_broken) {
        str_add(text, "Status: 500\r\nContent-Type: text/plain; charset=utf-8\r\nCache-Control: private, no-store\r\n\r\n"
                      "Something is wrong in our program. It has been noted.\n");
        return text;
    }
    str_addf(text, "Status: %d\r\n", response->http);
    if (response->http != 304) {
        str_addf(text, "Content-Type: %s\r\n", response->content_type != NULL ? response->content_type : "text/html; charset=utf-8");
        if (response->more == NULL)
            str_addf(text, "Content-Length: %zu\r\n", response->body->len);
    }
    str_add(text, response->fields->s);
    str_add(text, "\r\n");
    if (!head_only)
        str_addn(text, response->body->s, response->body->len);
    return text;
}

/* session.c - who is asking */
#include <string.h>

#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "web/session.h"

enum { TOKEN_BYTES = 32, SECRET_BYTES = 32, AGENT_CHARS = 200 };
/* A session that ends with the browser ends here, too, some day: many browsers bring theirs back. */
enum { LASTING_DAYS = 90, PASSING_DAYS = 7 };
#define DAY_US (INT64_C(86400) * US_PER_S)

static const char *
cookie_name(const struct request *request)
{
    return request->web->conf->web_secure_cookies ? "__Host-session" : "session";
}

enum status
session_load(struct request *request)
{
    char *token = cookie_get(request, request->raw.cookies, cookie_name(request));
    struct row_web_session *row;
    enum status status;

    if (token == NULL)
        return STATUS_OK;
    request->is_personal = true;
    status = q_web_session(request->web->db, request, secret_hash(request, token), clock_now_us(), &row);
    if (status != STATUS_OK || row == NULL)
        return status;
    request->me = (struct viewer){
        .session_id = row->id, .user_id = row->user_id, .email = row->email, .form_secret = row->form_secret, .time_zone = row->time_zone,
        .name = str_is_empty(row->name) ? row->email : row->name};
    request->standing.is_signed_in = true;
    request->standing.is_admin = row->is_admin;
    request->standing.owns_domains = row->owns_domains;
    if (row->language != NULL && i18n_lang(request->web->i18n, row->language) != NULL)
        request->lang = i18n_lang(request->web->i18n, row->language);
    if (row->last_seen < clock_now_us() - 3600 * US_PER_S) {
        status = q_web_session_seen(request->web->db, row->id, clock_now_us(), NULL);
        return status == STATUS_DISK_FULL ? STATUS_OK : status;     /* then pages can be read still */
    }
    return STATUS_OK;
}

enum status
session_begin(struct request *request, int64_t user_id, bool is_lasting)
{
    uint8_t random[TOKEN_BYTES], secret[SECRET_BYTES];
    int64_t now = clock_now_us();
    const char *agent = request->raw.user_agent != NULL ? request->raw.user_agent : "";
    struct row_web_session_add *row;
    char *token;
    enum status status;

    random_bytes(random, sizeof(random));
    random_bytes(secret, sizeof(secret));
    token = hex_encode(request, (struct blob){random, sizeof(random)});
    if (request->me.session_id != 0) {
        status = q_web_session_remove(request->web->db, request->me.session_id, request->me.user_id, NULL);
        if (status != STATUS_OK)
            return status;
    }
    status = q_web_session_add(request->web->db, request, secret_hash(request, token), user_id,
                               (struct blob){secret, sizeof(secret)}, is_lasting,
                               utf8_cut(request, utf8_clean(request, agent, strlen(agent)), AGENT_CHARS), now,
                               now + (is_lasting ? LASTING_DAYS : PASSING_DAYS) * DAY_US, &row);
    if (status != STATUS_OK)
        return status;
    response_cookie(request->response, request->web->conf->web_secure_cookies, "session", token, is_lasting ? LASTING_DAYS * 86400 : 0);
    return STATUS_OK;
}

enum status
session_end(struct request *request)
{
    response_cookie(request->response, request->web->conf->web_secure_cookies, "session", "", -1);
    response_field(request->response, "Clear-Site-Data", "\"cache\", \"storage\"");
    if (request->me.session_id == 0)
        return STATUS_OK;
    return q_web_session_remove(request->web->db, request->me.session_id, request->me.user_id, NULL);
}

char *
session_form_mark(const struct request *request, TALLOC_CTX *ctx)
{
    uint8_t mac[SHA256_LEN];

    if (request->me.session_id == 0)
        return mem_strdup(ctx, "");
    hmac_sha256(request->me.form_secret, blob_of("form"), mac);
    return hex_encode(ctx, (struct blob){mac, sizeof(mac)});
}

/* Web servers may hand over the host without its port. */
static bool
is_same_host(const char *origin, const char *host)
{
    size_t len = strlen(host);

    return str_eq_nocase(origin, host) ||
        (strchr(host, ':') == NULL && str_starts_nocase(origin, host) && origin[len] == ':' && strchr(origin + len, '.') == NULL);
}

/* What browsers say about where a form stood. Absent fields say nothing. */
static bool
comes_from_here(const struct raw_request *raw)
{
    if (raw->fetch_site != NULL && !str_eq(raw->fetch_site, "same-origin") && !str_eq(raw->fetch_site, "none"))
        return false;
    if (raw->origin != NULL) {
        const char *host = strstr(raw->origin, "://");

        return host != NULL && raw->host != NULL && is_same_host(host + 3, raw->host);
    }
    return true;
}

enum status
session_check_form(const struct request *request, const struct form *form)
{
    const char *mark = session_form_mark(request, form != NULL ? (TALLOC_CTX *)form : NULL), *sent = NULL;

    if (!comes_from_here(&request->raw))
        return STATUS_BAD_FORM;
    if (request->me.session_id == 0)
        return STATUS_OK;
    for (size_t i = 0; i < form->count; i++)
        if (str_eq(form->rows[i].name, "form"))
            sent = form->rows[i].value;
    if (sent == NULL || strlen(sent) != strlen(mark) || !secret_equal(sent, mark, strlen(mark)))
        return STATUS_BAD_FORM;
    return STATUS_OK;
}

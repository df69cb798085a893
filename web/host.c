/* host.c - under which name the site was asked for */
#include <string.h>

#include "store/statements.h"
#include "util/clock.h"
#include "web/host.h"

enum { KEEP_MS = 5000 };

struct hosts {
    const char **names;
    size_t count;
    int64_t read_ms;
};

/* Asks again when what is known is old, or when `afresh`. Without an answer what was known counts on. */
static struct hosts *
hosts_now(struct web *web, bool afresh)
{
    struct row_web_hosts *rows;
    struct hosts *fresh;
    size_t count;

    if (web->hosts != NULL && !afresh && clock_monotonic_ms() - web->hosts->read_ms < KEEP_MS)
        return web->hosts;
    fresh = mem_new(web, struct hosts);
    if (q_web_hosts(web->db, fresh, &rows, &count) != STATUS_OK) {
        talloc_free(fresh);
        return web->hosts;
    }
    fresh->names = mem_array(fresh, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        fresh->names[i] = rows[i].web_host;
    fresh->count = count;
    fresh->read_ms = clock_monotonic_ms();
    talloc_free(web->hosts);
    return web->hosts = fresh;
}

/* "host" or "host:port" are the same name. */
static bool
is_host(const char *asked, const char *name)
{
    size_t len = strlen(name);

    return strncmp(asked, name, len) == 0 && (asked[len] == '\0' || asked[len] == ':');
}

bool
host_is_asked(const struct request *request, const char *web_host)
{
    return is_host(str_lower((TALLOC_CTX *)request, request->raw.host != NULL ? request->raw.host : ""), web_host);
}

static const char *
host_of_site(TALLOC_CTX *ctx, const char *url)
{
    const char *begin = strstr(url, "://");

    begin = begin != NULL ? begin + 3 : url;
    return str_lower(ctx, mem_strndup(ctx, begin, strcspn(begin, "/")));
}

static bool
is_one_of(const struct hosts *hosts, const char *asked)
{
    for (size_t i = 0; i < hosts->count; i++)
        if (is_host(asked, hosts->names[i]))
            return true;
    return false;
}

bool
host_is_foreign(struct request *request)
{
    const char *asked = str_lower(request, request->raw.host != NULL ? request->raw.host : "");
    struct hosts *hosts = hosts_now(request->web, false);

    if (hosts == NULL || hosts->count < 2 || is_host(asked, host_of_site(request, request->web->conf->site_url)) ||
        is_one_of(hosts, asked))
        return false;
    hosts = hosts_now(request->web, true);      /* it may be new */
    return hosts->count >= 2 && !is_one_of(hosts, asked);
}

/* page-crawl.c - what crawlers are told: robots.txt, and a site map of public archives
 *
 * The map is an index of parts, one for each list and year; a part names the threads that began in it, at most THREADS_MOST. Lists
 * that guests may not read, and those that search engines are to leave out, are not in it. */
#include "store/statements.h"
#include "util/clock.h"
#include "web/page.h"

enum { PARTS_MOST = 50000, THREADS_MOST = 50000 };      /* of the protocol: sitemaps.org */

/* Pages that change something or are for one person are not in here: they say noindex themselves, or need a link or a form. */
enum status
page_robots(struct request *request, struct fault *fault)
{
    (void)fault;
    request->response->content_type = "text/plain; charset=utf-8";
    str_addf(request->response->body,
            "# Whole months as one file: /lists/NAME/YYYY/MM/mbox.gz, and what is new: /lists/NAME/feed.atom\n"
            "User-agent: *\n"
            "Disallow: /u/\nDisallow: /f/\nDisallow: /m/\nDisallow: /cancel/\nDisallow: /confirm/\nDisallow: /login\nDisallow: /me/\n"
            "Disallow: /admin/\nDisallow: /demo/\nDisallow: /language\nDisallow: /ended/\nDisallow: /moved\nDisallow: /search\n"
            "Disallow: /lists/*/join\nDisallow: /lists/*/leave\nDisallow: /lists/*/moved\nDisallow: /lists/*/held\n"
            "Disallow: /lists/*/settings/\nDisallow: /lists/*/write\nDisallow: /lists/*/search\nDisallow: /lists/*/mbox\n"
            "Disallow: /lists/*/message/*/raw\nDisallow: /lists/*/message/*/reply\nDisallow: /lists/*.eml\nDisallow: /lists/*.json\n"
            "Disallow: /*?language\nDisallow: /*?sign-in\n"
            "Sitemap: %s/sitemap.xml\n", request_site_url(request, request));
    return STATUS_OK;
}

/* ---- the map ---- */

static void
begin(struct request *request, const char *root)
{
    request->response->content_type = "application/xml; charset=utf-8";
    str_addf(request->response->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
             root);
}

/* Addresses are made of letters that XML leaves alone. */
static void
add(struct request *request, const char *element, const char *address, int64_t changed_us)
{
    str_addf(request->response->body, "<%s><loc>%s</loc>", element, address);
    if (changed_us != 0)
        str_addf(request->response->body, "<lastmod>%s</lastmod>", clock_iso(request, changed_us));
    str_addf(request->response->body, "</%s>\n", element);
}

enum status
page_sitemap(struct request *request, struct fault *fault)
{
    const char *host = str_lower(request, request->raw.host != NULL ? request->raw.host : "");
    struct row_sitemap_parts *parts;
    size_t count;
    enum status status = q_sitemap_parts(request->web->db, request, host, PARTS_MOST, &parts, &count);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    begin(request, "sitemapindex");
    for (size_t i = 0; i < count; i++)
        add(request, "sitemap", mem_printf(request, "%s/lists/%s/%04d/sitemap.xml", conf_url_of(
            request, request->web->conf->site_url, parts[i].web_host), parts[i].slug, (int)parts[i].year), 0);
    str_add(request->response->body, "</sitemapindex>\n");
    return STATUS_OK;
}

enum status
page_list_sitemap(struct request *request, struct fault *fault)
{
    const char *url = mem_printf(request, "%s%s", request_site_url(request, request), request->list->path);
    struct row_sitemap_threads *threads;
    int64_t year = 0;
    size_t count;
    enum status status;

    (void)fault;
    if (!str_to_int(request_param(request, "year"), 1970, 2100, &year))
        return STATUS_NOT_FOUND;
    status = q_sitemap_threads(request->web->db, request, request->list->id, mem_printf(request, "%04d-01-01", (int)year),
                               mem_printf(request, "%04d-12-01", (int)year), THREADS_MOST, &threads, &count);
    if (status != STATUS_OK || count == 0)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    begin(request, "urlset");
    for (size_t i = 0; i < count; i++)
        add(request, "url", mem_printf(request, "%sthread/%s", url, threads[i].hash), threads[i].last_at);
    str_add(request->response->body, "</urlset>\n");
    return STATUS_OK;
}
